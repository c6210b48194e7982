"""One search over everything the library offers (KNO-9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from pmo_portal.accounts.scopes import holds
from portfolio.choices import KnowledgeLanguage, KnowledgeState, LabelKind, UsageKind
from portfolio.models import (
    KnowledgeItem,
    KnowledgeLabel,
    KnowledgeTerm,
    KnowledgeVersion,
    SearchGap,
    UsageEvent,
)
from portfolio.models.knowledge import LIVE
from portfolio.rollup.ratings import RatingSum, display_rating, library_mean
from portfolio.rollup.words import PART_OF_COMPOUND, asked_stems, title_key

PAGE_SIZE = 24
WHOLE_WORD, BEGIN_OF_WORD = 2, 1
TAGS_OFFERED = 40


@dataclass(frozen=True)
class LibraryQuery:
    """What is asked for; empty means everything. ``language`` empty: all languages."""

    words: str = ""
    kind: str = ""
    role: str = ""
    tag: str = ""
    methodology: str = ""
    language: str = ""
    state: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether filters beside words and language are set."""
        return any((self.kind, self.role, self.tag, self.methodology, self.state))


@dataclass(frozen=True)
class ItemRow:
    """An item in the list."""

    pk: int
    item_pk: int
    code: str
    language: str
    kind: str
    kind_title: str
    title: str
    summary: str
    number: str
    state: str
    state_title: str
    published_on: date | None
    review_by: date | None
    rating: Decimal | None
    rating_count: int
    projects: int
    url: str
    tags: tuple[str, ...] = ()
    has_file: bool = False


@dataclass(frozen=True)
class FoundItems:
    """A page of answers with the number of all, and how many of each kind."""

    rows: tuple[ItemRow, ...]
    total: int
    kinds: Mapping[str, int] = field(default_factory=dict)


def may_edit_library(user: Any) -> bool:
    """Whether the person sees drafts and writes. One query."""
    return holds(user, "library.edit")


def versions_seen_by(user: Any, *, is_editor: bool) -> QuerySet[KnowledgeVersion]:
    """Return what the person may read: drafts and archived versions for editors only."""
    seen = KnowledgeVersion.objects.within_sight(user)
    return seen if is_editor else seen.live()


def find_items(
    user: Any,
    asked: LibraryQuery,
    *,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    is_editor: bool | None = None,
) -> FoundItems:
    """
    Return a page of items: exact title first, then by weight of the words found, then the newest.

    Every word has to be found, in the language of the item. Seven queries at most.
    """
    editor = may_edit_library(user) if is_editor is None else is_editor
    found = _narrowed(versions_seen_by(user, is_editor=editor), asked)
    without_kind = _narrowed(
        versions_seen_by(user, is_editor=editor), LibraryQuery(**{**_values(asked), "kind": ""})
    )
    counted: Any = without_kind.order_by().values("item__kind").annotate(found=Count("pk"))
    kinds: dict[str, int] = {row["item__kind"]: row["found"] for row in counted}
    total = kinds.get(asked.kind, 0) if asked.kind else sum(kinds.values())
    start = (max(page, 1) - 1) * page_size
    ordered = found.select_related("item").order_by("-is_exact", "-score", "-published_on", "title_key", "pk")
    return FoundItems(rows=rows_of(user, list(ordered[start : start + page_size])), total=total, kinds=kinds)


def found_elsewhere(user: Any, asked: LibraryQuery, *, is_editor: bool) -> int:
    """Return how many items the same question finds in the other languages; one query."""
    if not asked.language:
        return 0
    everywhere = LibraryQuery(**{**_values(asked), "language": ""})
    return _narrowed(versions_seen_by(user, is_editor=is_editor), everywhere).count()


def rows_of(user: Any, versions: Sequence[KnowledgeVersion]) -> tuple[ItemRow, ...]:
    """Return versions as rows of a list; their items are loaded. Three queries."""
    mean = rating_mean() if versions else Decimal(0)
    used = _projects_using(user, [version.item_id for version in versions])
    tags: dict[int, list[str]] = {}
    labels = KnowledgeLabel.objects.filter(version__in=versions, kind=LabelKind.TAG).order_by("value", "pk")
    for version_id, value in labels.values_list("version_id", "value"):
        tags.setdefault(version_id, []).append(value)
    return tuple(
        _row(version, mean, used.get(version.item_id, 0), tuple(tags.get(version.pk, ())))
        for version in versions
    )


def offered_labels(user: Any, kind: str, *, limit: int = TAGS_OFFERED) -> list[str]:
    """Return the labels live versions carry, the commonest first. One query."""
    live = KnowledgeVersion.objects.within_sight(user).live()
    rows = (
        KnowledgeLabel.objects.filter(kind=kind, version__in=live.values("pk"))
        .values("value")
        .annotate(number=Count("pk"))
        .order_by("-number", "value")
    )
    return [row["value"] for row in rows[:limit]]


def rating_mean() -> Decimal:
    """Return the mean all damped ratings lean on (KNO-3). One query."""
    found = KnowledgeItem.objects.aggregate(total=Sum("rating_sum"), count=Sum("rating_count"))
    return library_mean(RatingSum(total=found["total"] or 0, count=found["count"] or 0))


def gap_rows() -> QuerySet[SearchGap]:
    """Return the questions without an answer, the most asked first."""
    return SearchGap.objects.order_by("-count", "-last_on", "words", "pk")


def _values(asked: LibraryQuery) -> dict[str, str]:
    names = ("words", "kind", "role", "tag", "methodology", "language", "state")
    return {name: getattr(asked, name) for name in names}


def _narrowed(seen: QuerySet[KnowledgeVersion], asked: LibraryQuery) -> Any:
    """Return the versions that fit, with ``score`` and ``is_exact``."""
    states = [asked.state] if asked.state in KnowledgeState.values else list(LIVE)
    found = seen.filter(state__in=states)
    if asked.kind:
        found = found.filter(item__kind=asked.kind)
    if asked.language:
        found = found.filter(item__language=asked.language)
    for kind, value in (
        (LabelKind.TAG, asked.tag),
        (LabelKind.ROLE, asked.role),
        (LabelKind.METHODOLOGY, asked.methodology),
    ):
        if value:
            labels = KnowledgeLabel.objects.filter(kind=kind, value=value)
            found = found.filter(pk__in=labels.values("version"))
    return _scored(found, asked)


def _scored(found: QuerySet[KnowledgeVersion], asked: LibraryQuery) -> Any:
    """Keep what holds every word, with the sum of the weights."""
    languages = [asked.language] if asked.language else KnowledgeLanguage.values
    total: Any = Value(0)
    for number, stems in enumerate(asked_stems(asked.words, languages)):
        name = f"weight_{number}"
        found = found.annotate(**{name: _weight(stems)}).filter(**{f"{name}__gt": 0})
        total = total + F(name)
    key = title_key(asked.words)
    exact: Any = Case(When(title_key=key, then=Value(1)), default=Value(0)) if key else Value(0)
    return found.annotate(score=total, is_exact=exact)


def _weight(stems: Mapping[str, str]) -> Coalesce:
    """Return the weight of a word in a version: twice for the whole word, once for the begin of one."""
    fits, whole = Q(pk__in=[]), Q(pk__in=[])
    for language, stem in stems.items():
        here = Q(version__item__language=language)
        is_part = language == "de" and len(stem) >= PART_OF_COMPOUND
        fits |= here & (Q(stem__contains=stem) if is_part else Q(stem__startswith=stem))
        whole |= here & Q(stem=stem)
    terms = (
        KnowledgeTerm.objects.filter(fits, version=OuterRef("pk"))
        .order_by()
        .values("version")
        .annotate(
            points=Sum(
                F("weight") * Case(When(whole, then=Value(WHOLE_WORD)), default=Value(BEGIN_OF_WORD)),
                output_field=IntegerField(),
            )
        )
    )
    return Coalesce(Subquery(terms.values("points"), output_field=IntegerField()), Value(0))


def _projects_using(user: Any, items: Sequence[int]) -> dict[int, int]:
    """Return item → number of projects that used a version of it; no confidential ones the person lacks."""
    rows = (
        UsageEvent.objects.within_sight(user)
        .filter(item__in=items, kind=UsageKind.REUSE)
        .order_by()
        .values("item")
        .annotate(number=Count("project", distinct=True))
    )
    return {row["item"]: row["number"] for row in rows}


def _row(version: KnowledgeVersion, mean: Decimal, projects: int, tags: tuple[str, ...]) -> ItemRow:
    item = version.item
    own = RatingSum(total=item.rating_sum, count=item.rating_count)
    is_live = version.state in LIVE
    return ItemRow(
        pk=version.pk,
        item_pk=item.pk,
        code=item.code,
        language=item.language,
        kind=item.kind,
        kind_title=item.get_kind_display(),
        title=version.title,
        summary=version.summary,
        number=version.number,
        state=version.state,
        state_title=version.get_state_display(),
        published_on=version.published_on,
        review_by=item.review_by,
        rating=display_rating(own, mean=mean),
        rating_count=item.rating_count,
        projects=projects,
        url=item.get_absolute_url() if is_live else version.get_absolute_url(),
        tags=tags,
        has_file=version.file_id is not None,
    )
