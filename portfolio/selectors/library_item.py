"""An item of the library as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from pmo_portal.accounts.choices import Role
from portfolio.choices import LabelKind, UsageKind
from portfolio.models import KnowledgeItem, KnowledgeRating, KnowledgeVersion, UsageEvent
from portfolio.models.knowledge import LIVE, OPEN
from portfolio.selectors.guidance import place_titles
from portfolio.selectors.library import ItemRow, rows_of, versions_seen_by
from projects.models import Project

PROJECTS_SHOWN = 20


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of versions."""

    number: str
    state: str
    state_title: str
    published_on: date | None
    author: str
    change_note: str
    url: str
    is_shown: bool


@dataclass(frozen=True)
class ProjectUse:
    """A project the person sees that uses a version."""

    code: str
    name: str
    url: str
    number: str
    day: date
    is_former: bool


@dataclass(frozen=True)
class ItemPage:
    """Everything the page of an item shows."""

    row: ItemRow
    version: KnowledgeVersion
    owner: str
    roles: tuple[str, ...]
    methodologies: tuple[str, ...]
    places: tuple[str, ...]
    versions: tuple[VersionLine, ...]
    uses: tuple[ProjectUse, ...]
    counts: dict[str, int]
    own_stars: int
    is_own: bool
    is_live: bool
    is_former: bool
    draft: KnowledgeVersion | None
    translations: tuple[ItemRow, ...]
    file_name: str


def version_to_show(
    user: Any, item: KnowledgeItem, *, asked: str, is_editor: bool
) -> KnowledgeVersion | None:
    """
    Return the asked version, else the published one, else (for editors) the newest.

    A former version is shown to everybody who has its address: projects keep what they used (KNO-1).
    """
    seen: Any = KnowledgeVersion.objects.within_sight(user).filter(item=item).exclude(state__in=OPEN)
    if is_editor:
        seen = versions_seen_by(user, is_editor=True).filter(item=item)
    seen = seen.select_related("item__owner", "author", "file", "published_by")
    major, _dot, minor = asked.partition(".")
    if major.isdecimal() and minor.isdecimal() and len(asked) < 10:
        return seen.filter(major=int(major), minor=int(minor)).first()
    live = seen.filter(state__in=LIVE).first()
    return live or (seen.order_by("-major", "-minor").first() if is_editor else None)


def item_page(user: Any, version: KnowledgeVersion, *, is_editor: bool) -> ItemPage:
    """Return the page of a version. Eleven queries."""
    item = version.item
    versions = list(item.versions.select_related("author", "item").order_by("-major", "-minor"))
    draft = next((each for each in versions if each.state in OPEN), None)
    labels = list(version.labels.order_by("value", "pk").values_list("kind", "value"))
    own = KnowledgeRating.objects.filter(item=item, user=user).values_list("stars", flat=True).first()
    has_newer = any(each.state in LIVE and each.pk != version.pk for each in versions)
    return ItemPage(
        row=rows_of(user, [version])[0],
        version=version,
        owner=item.owner.name if item.owner else "",
        roles=tuple(str(Role(value).label) for kind, value in labels if kind == LabelKind.ROLE),
        methodologies=tuple(value for kind, value in labels if kind == LabelKind.METHODOLOGY),
        places=place_titles(value for kind, value in labels if kind == LabelKind.PLACE),
        versions=_lines(versions, version, is_editor=is_editor),
        uses=_uses(user, item, versions),
        counts=_counts(user, item),
        own_stars=own or 0,
        is_own=item.owner_id == user.pk,
        is_live=version.state in LIVE,
        is_former=version.state not in LIVE and version.state not in OPEN and has_newer,
        draft=draft if is_editor else None,
        translations=_translations(user, item),
        file_name=version.file.file_name if version.file else "",
    )


def _lines(
    versions: Sequence[KnowledgeVersion], shown: KnowledgeVersion, *, is_editor: bool
) -> tuple[VersionLine, ...]:
    return tuple(
        VersionLine(
            number=each.number,
            state=each.state,
            state_title=each.get_state_display(),
            published_on=each.published_on,
            author=each.author.name if each.author else "",
            change_note=each.change_note,
            url=each.get_absolute_url(),
            is_shown=each.pk == shown.pk,
        )
        for each in versions
        if is_editor or each.state not in OPEN
    )


def _uses(user: Any, item: KnowledgeItem, versions: Sequence[KnowledgeVersion]) -> tuple[ProjectUse, ...]:
    """Return the projects that use the item, as far as the person sees them."""
    events = UsageEvent.objects.filter(item=item, project__isnull=False)
    seen = events.filter(project__in=Project.objects.visible_to(user).values("pk"))
    rows = list(
        seen.select_related("project", "version").order_by("-day", "project__code", "pk")[:PROJECTS_SHOWN]
    )
    live = next((each.pk for each in versions if each.state in LIVE), None)
    return tuple(
        ProjectUse(
            code=row.project.code,
            name=row.project.name,
            url=row.project.get_absolute_url(),
            number=row.version.number,
            day=row.day,
            is_former=live is not None and row.version_id != live,
        )
        for row in rows
        if row.project is not None
    )


def _counts(user: Any, item: KnowledgeItem) -> dict[str, int]:
    rows = (
        UsageEvent.objects.within_sight(user)
        .filter(item=item)
        .order_by()
        .values("kind")
        .annotate(number=Count("pk"))
    )
    found = {row["kind"]: row["number"] for row in rows}
    return {kind.lower(): found.get(kind, 0) for kind in UsageKind.values}


def _translations(user: Any, item: KnowledgeItem) -> tuple[ItemRow, ...]:
    others = KnowledgeVersion.objects.within_sight(user).live().filter(item__code=item.code)
    return rows_of(
        user, list(others.exclude(item=item).select_related("item").order_by("item__language", "pk"))
    )
