"""Standards by name, with the version in force: items, methodologies, templates of projects and documents."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portfolio.choices import KnowledgeKind, MethodologyState, TemplateState
from portfolio.models import DocumentTemplate, KnowledgeVersion, MethodologyVersion, TemplateVersion


@dataclass(frozen=True)
class NamedStandard:
    """A standard in force; ``column`` is where a change request keeps its version."""

    key: str
    title: str
    number: str
    version: Any
    column: str
    url: str


@dataclass(frozen=True)
class _Kind:
    """A kind of standard: versions in force, where their code stands, and how one is named."""

    in_force: Callable[[], QuerySet[Any]]
    code: str
    named: Callable[[Any], NamedStandard]


def standards_named(keys: Iterable[str]) -> dict[str, NamedStandard]:
    """
    Return the standards in force by key, such as ``methodology:SG``; one query for each kind named.

    What comes from a project is no standard: a lesson in the library is named by nobody (ORG-9).
    """
    codes: dict[str, set[str]] = defaultdict(set)
    wanted = set(keys)
    for key in wanted:
        name, _colon, rest = key.partition(":")
        codes[name].add(rest.partition(":")[0])
    found: dict[str, NamedStandard] = {}
    for name, kind in KINDS.items():
        if name in codes:
            rows = kind.in_force().filter(**{f"{kind.code}__in": codes[name]})
            found |= {each.key: each for each in map(kind.named, rows)}
    return {key: found[key] for key in wanted if key in found}


def standard_named(key: str) -> NamedStandard | None:
    """Return the standard with this key; None without one in force. One query."""
    return standards_named([key]).get(key)


def standard_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all standards in force by kind, items in the reader's language. Four queries."""
    language = (get_language() or "en")[:2]
    groups = (
        (_("Methodologies"), _methodologies().order_by("pk"), _methodology),
        (_("Project templates"), _templates().order_by("pk"), _template),
        (_("Document templates"), _documents().order_by("code"), _document),
        (_("Library"), _items().filter(item__language=language).order_by("title", "pk"), _item),
    )
    lines = [
        (title, [(each.key, f"{each.title} {each.number}") for each in map(named, rows)])
        for title, rows, named in groups
    ]
    return [(title, rows) for title, rows in lines if rows]


def _methodologies() -> QuerySet[Any]:
    rows = MethodologyVersion.objects.filter(state=MethodologyState.EFFECTIVE)
    return rows.select_related("methodology")


def _templates() -> QuerySet[Any]:
    return TemplateVersion.objects.filter(state=TemplateState.PUBLISHED).select_related("template")


def _documents() -> QuerySet[Any]:
    return DocumentTemplate.objects.filter(is_current=True)


def _items() -> QuerySet[Any]:
    rows = KnowledgeVersion.objects.live().filter(item__project__isnull=True)
    return rows.exclude(item__kind=KnowledgeKind.LESSON).select_related("item")


def _methodology(row: MethodologyVersion) -> NamedStandard:
    key = f"methodology:{row.methodology.code}"
    return NamedStandard(key, row.name, row.version, row, "methodology_version", row.get_absolute_url())


def _template(row: TemplateVersion) -> NamedStandard:
    key = f"template:{row.template.code}"
    return NamedStandard(key, row.name, row.version, row, "template_version", row.get_absolute_url())


def _document(row: DocumentTemplate) -> NamedStandard:
    title = row.content.title.text(get_language() or "en")
    return NamedStandard(
        f"document:{row.code}", title, row.version, row, "document_version", row.get_absolute_url()
    )


def _item(row: KnowledgeVersion) -> NamedStandard:
    item = row.item
    key = f"item:{item.code}:{item.language}"
    return NamedStandard(key, row.title, row.number, row, "item_version", item.get_absolute_url())


KINDS = {
    "methodology": _Kind(_methodologies, "methodology__code", _methodology),
    "template": _Kind(_templates, "template__code", _template),
    "document": _Kind(_documents, "code", _document),
    "item": _Kind(_items, "item__code", _item),
}
