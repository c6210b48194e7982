"""Bring the starter content of the library in, and up to date where nobody changed it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from pmo_portal.accounts.models import User
from portfolio.choices import KnowledgeKind, KnowledgeLanguage
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.models.knowledge import LIVE, OPEN
from portfolio.services.library import Content, create_item, edit_item, publish

FOLDER = Path(__file__).parent.parent / "content" / "library"


@dataclass(frozen=True)
class StarterItem:
    """An item as it stands in a file."""

    code: str
    language: str
    kind: str
    content: Content


@dataclass(frozen=True)
class LoadedItems:
    """What a run did."""

    added: int
    renewed: int
    kept: int


def starter_items(folder: Path = FOLDER) -> Iterator[StarterItem]:
    """Yield the items of the files ``<language>/*.toml``, in the order of file and line."""
    for language in KnowledgeLanguage.values:
        for path in sorted((folder / language).glob("*.toml")):
            for entry in tomllib.loads(path.read_text(encoding="utf-8"))["item"]:
                yield _item(entry, language)


@transaction.atomic
def load_library(*, today: date, owner: User | None = None, folder: Path = FOLDER) -> LoadedItems:
    """
    Publish the starter items that are missing, and new versions of those that only this command wrote.

    What somebody edited, archived or drafted is left alone. Safe to run again after every upgrade.
    """
    present = {(item.code, item.language): item for item in KnowledgeItem.objects.all()}
    counts = {"added": 0, "renewed": 0, "kept": 0}
    for starter in starter_items(folder):
        item = present.get((starter.code, starter.language))
        if item is None:
            made = create_item(
                actor=None,
                code=starter.code,
                language=starter.language,
                kind=starter.kind,
                content=starter.content,
                owner=owner,
            )
            publish(actor=None, item=made.item, today=today)
            counts["added"] += 1
        elif _is_ours_and_older(item, starter.content):
            edit_item(actor=None, item=item, content=starter.content)
            publish(actor=None, item=item, today=today)
            counts["renewed"] += 1
        else:
            counts["kept"] += 1
    return LoadedItems(**counts)


def keep_library(*, today: date) -> int:
    """Bring the starter content into an installation without any item but courses; return how many."""
    is_filled = KnowledgeItem.objects.exclude(kind=KnowledgeKind.COURSE).exists()
    return 0 if is_filled else load_library(today=today).added


def _item(entry: dict[str, Any], language: str) -> StarterItem:
    content = Content(
        title=entry["title"],
        summary=entry["summary"],
        body=entry["body"].strip(),
        tags=tuple(entry.get("tags", ())),
        roles=tuple(entry.get("roles", ())),
        methodologies=tuple(entry.get("methodologies", ())),
        places=tuple(entry.get("places", ())),
    )
    return StarterItem(code=entry["code"], language=language, kind=entry["kind"], content=content)


def _is_ours_and_older(item: KnowledgeItem, content: Content) -> bool:
    """Whether only this command wrote the item, it is published, and its text or labels differ."""
    versions = KnowledgeVersion.objects.filter(item=item)
    if versions.filter(state__in=OPEN).exists() or versions.exclude(author__isnull=True).exists():
        return False
    live = versions.filter(state__in=LIVE).first()
    if live is None:
        return False
    now = (live.title, live.summary, live.body, labels_of(live))
    return now != (content.title, content.summary, content.body, set(content.labels))


def labels_of(version: KnowledgeVersion) -> set[tuple[str, str]]:
    """Return kind and value of the labels of a version. One query."""
    return set(version.labels.values_list("kind", "value"))
