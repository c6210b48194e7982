"""Standards by name, with the version in force: items of the library, methodologies, project templates."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portfolio.choices import KnowledgeKind, MethodologyState, TemplateState
from portfolio.models import KnowledgeVersion, MethodologyVersion, TemplateVersion

ITEM, METHODOLOGY, TEMPLATE = "item", "methodology", "template"


@dataclass(frozen=True)
class NamedStandard:
    """A standard in force; ``column`` is where a change request keeps its version."""

    key: str
    title: str
    number: str
    version: Any
    column: str
    url: str


def standard_named(key: str) -> NamedStandard | None:
    """Return the standard with this key, as ``methodology:SG``; None without one in force. One query."""
    kind, _colon, rest = key.partition(":")
    if kind == METHODOLOGY:
        rows = MethodologyVersion.objects.filter(state=MethodologyState.EFFECTIVE, methodology__code=rest)
        method = rows.select_related("methodology").first()
        return _methodology(method) if method else None
    if kind == TEMPLATE:
        templates = TemplateVersion.objects.filter(state=TemplateState.PUBLISHED, template__code=rest)
        template = templates.select_related("template").first()
        return _template(template) if template else None
    code, _colon, language = rest.partition(":")
    items = KnowledgeVersion.objects.live().filter(item__code=code, item__language=language)
    item = items.select_related("item").first() if kind == ITEM else None
    return _item(item) if item else None


def standard_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all standards in force by kind, items in the reader's language. Three queries."""
    methods = MethodologyVersion.objects.filter(state=MethodologyState.EFFECTIVE)
    templates = TemplateVersion.objects.filter(state=TemplateState.PUBLISHED)
    items = KnowledgeVersion.objects.live().filter(
        item__language=(get_language() or "en")[:2], item__project__isnull=True
    )
    items = items.exclude(item__kind=KnowledgeKind.LESSON)
    groups = (
        (_("Methodologies"), map(_methodology, methods.select_related("methodology").order_by("pk"))),
        (_("Project templates"), map(_template, templates.select_related("template").order_by("pk"))),
        (_("Library"), map(_item, items.select_related("item").order_by("title", "pk"))),
    )
    lines = [(title, [(each.key, f"{each.title} {each.number}") for each in rows]) for title, rows in groups]
    return [(title, rows) for title, rows in lines if rows]


def _methodology(row: MethodologyVersion) -> NamedStandard:
    code = row.methodology.code
    return NamedStandard(
        f"{METHODOLOGY}:{code}", row.name, row.version, row, "methodology_version", row.get_absolute_url()
    )


def _template(row: TemplateVersion) -> NamedStandard:
    code = row.template.code
    return NamedStandard(
        f"{TEMPLATE}:{code}", row.name, row.version, row, "template_version", row.get_absolute_url()
    )


def _item(row: KnowledgeVersion) -> NamedStandard:
    item = row.item
    url = reverse("portfolio:library_item", args=[item.code, item.language])
    return NamedStandard(
        f"{ITEM}:{item.code}:{item.language}", row.title, row.number, row, "item_version", url
    )
