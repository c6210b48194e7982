"""What the palette finds: only what the person may see (SEC-13)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from pmo_portal.accounts.models import Person
from pmo_portal.accounts.scopes import holds
from portfolio.access import portfolios_seen_by
from portfolio.choices import KnowledgeKind, KnowledgeLanguage
from portfolio.models import Program
from portfolio.selectors.library import LibraryQuery, find_items
from projects.models import Project

SHORTEST, LONGEST = 2, 80
PROJECTS, GROUPS, PEOPLE, ITEMS = 10, 3, 4, 5


@dataclass(frozen=True)
class Hit:
    """One line of the palette."""

    title: str
    subtitle: str
    url: str
    icon: str
    group: str

    def as_json(self) -> dict[str, str]:
        """Return the line as the script reads it."""
        return asdict(self)


def find(user: Any, words: str) -> list[Hit]:
    """Return at most 25 hits; nothing for less than two signs. Thirteen queries at most."""
    text = words.replace("\x00", "").strip()[:LONGEST]
    if len(text) < SHORTEST:
        return []
    parts = (_projects, _portfolios, _programs, _people, _library)
    return [hit for part in parts for hit in part(user, text)]


def _matching(rows: Any, text: str) -> Any:
    """Keep the rows whose code or name has the words; codes and beginnings first."""
    rank = Case(
        When(code__iexact=text, then=Value(0)),
        When(code__istartswith=text, then=Value(1)),
        When(name__istartswith=text, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = rows.filter(Q(code__icontains=text) | Q(name__icontains=text))
    return found.annotate(rank=rank).order_by("rank", "name", "pk")


def _projects(user: Any, text: str) -> Iterator[Hit]:
    found = _matching(Project.objects.visible_to(user), text)
    for code, name in found.values_list("code", "name")[:PROJECTS]:
        yield Hit(name, code, reverse("projects:overview", args=[code]), "folder", gettext("Projects"))


def _portfolios(user: Any, text: str) -> Iterator[Hit]:
    found = _matching(portfolios_seen_by(user), text)
    for code, name in found.values_list("code", "name")[:GROUPS]:
        url = reverse("portfolio:dashboard", args=[code])
        yield Hit(name, code, url, "layout-dashboard", gettext("Portfolios"))


def _programs(user: Any, text: str) -> Iterator[Hit]:
    found = _matching(Program.objects.visible_to(user), text)
    for code, name in found.values_list("code", "name")[:GROUPS]:
        url = f"{reverse('portfolio:projects')}?program={code}"
        yield Hit(name, code, url, "sitemap", gettext("Programs"))


def _people(user: Any, text: str) -> Iterator[Hit]:
    """Yield people for those who may see all of them."""
    address = _people_address()
    if not address or not holds(user, "user.view"):
        return
    found = Person.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by("name", "pk")
    for pk, name, email in found.values_list("pk", "name", "email")[:PEOPLE]:
        yield Hit(name, email, _person_address(pk) or address, "user", gettext("People"))


def _library(user: Any, text: str) -> Iterator[Hit]:
    """Yield items of the library in the reader's language, courses by the address of the course."""
    if not holds(user, "library.view"):
        return
    language = (get_language() or "en")[:2]
    asked = LibraryQuery(words=text, language=language if language in KnowledgeLanguage.values else "")
    for row in find_items(user, asked, page_size=ITEMS, is_editor=False).rows:
        is_course = row.kind == KnowledgeKind.COURSE
        url = reverse("portfolio:course", args=[row.code]) if is_course else row.url
        yield Hit(row.title, row.kind_title, url, "presentation" if is_course else "book", gettext("Library"))


def _people_address() -> str:
    try:
        return reverse("administration:people")
    except NoReverseMatch:
        return ""


def _person_address(pk: int) -> str:
    try:
        return reverse("administration:person_edit", args=[pk])
    except NoReverseMatch:
        return ""
