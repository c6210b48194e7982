"""Lessons as the pages of a project and of the PMO show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.accounts.scopes import within_reach
from portfolio.choices import LessonKind, LessonState, OfferMark, UsageKind
from portfolio.models import (
    Lesson,
    LessonOffer,
    LessonProfile,
    NoLessons,
    StandardChange,
    UsageEvent,
)
from portfolio.models.knowledge import in_sight_of
from portfolio.models.lesson import IN_USE, LessonQuerySet
from portfolio.rollup.lesson_match import Fit, review_rate
from portfolio.selectors.named_standards import NamedStandard, standard_named, standards_named
from projects.models import Project

USES_SHOWN = 30


@dataclass(frozen=True)
class LessonQuery:
    """What the list of lessons is narrowed to; empty means everything."""

    words: str = ""
    state: str = ""
    kind: str = ""
    phase: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any((self.words, self.state, self.kind, self.phase))


@dataclass(frozen=True)
class LessonRow:
    """
    A lesson in a list; ``uses`` counts projects that used it, ``seen_in`` projects that met it.

    Confidential projects count only for people who see them (ORG-9).
    """

    lesson: Lesson
    author: str
    uses: int
    seen_in: int
    change: StandardChange | None


@dataclass(frozen=True)
class OfferRow:
    """An offered lesson, and why it fits."""

    offer: LessonOffer
    lesson: Lesson
    why: tuple[str, ...]

    @property
    def form(self) -> str:
        """Name of its form on the page."""
        return f"offer-{self.offer.pk}"

    @property
    def is_in_use(self) -> bool:
        """Whether it can still be marked; a retired lesson keeps the mark it got."""
        return self.lesson.state in IN_USE


@dataclass(frozen=True)
class ProjectLessons:
    """The lessons of a project and those it was offered."""

    own: tuple[LessonRow, ...]
    offers: tuple[OfferRow, ...]
    rate: Decimal | None
    marked: int
    tags: tuple[str, ...]
    none: NoLessons | None

    @property
    def waiting(self) -> int:
        """How many offers have no mark yet."""
        return len(self.offers) - self.marked


@dataclass(frozen=True)
class Reviewed:
    """How many offered lessons a project has, and how many of them it marked."""

    proposed: int
    marked: int


@dataclass(frozen=True)
class LessonUse:
    """A project that used a lesson, and where."""

    project: Project
    day: date
    note: str


@dataclass(frozen=True)
class ChangeRow:
    """A request to change a standard; ``standard`` is what is in force now."""

    change: StandardChange
    standard: NamedStandard | None

    @property
    def title(self) -> str:
        """Name of the standard."""
        return self.standard.title if self.standard else self.change.standard.partition(":")[2]

    @property
    def form(self) -> str:
        """Name of the form that declines it."""
        return f"decline-{self.change.pk}"

    @property
    def is_newer(self) -> bool:
        """Whether a version other than the faulty one is in force."""
        return self.standard is not None and self.standard.number != self.change.found_in


@dataclass(frozen=True)
class LessonPage:
    """A lesson with everything that became of it."""

    row: LessonRow
    standard: NamedStandard | None
    change: ChangeRow | None
    uses: tuple[LessonUse, ...]
    merged: tuple[Lesson, ...]
    merged_into: Lesson | None


def curated_by(user: Any) -> LessonQuerySet:
    """Return the lessons in whose projects the person curates."""
    rows: LessonQuerySet = Lesson.objects.filter(within_reach(user, "lesson.curate", node="project__node"))
    return rows


def find_lessons(user: Any, asked: LessonQuery, *, is_curator: bool) -> LessonQuerySet:
    """
    Return the lessons the person sees that fit, the newest first.

    Without a state: those that wait for a curator, else those in use; with words all of them.
    """
    found = Lesson.objects.shown(user)
    if asked.state:
        found = found.filter(state=asked.state)
    elif not asked.words:
        found = found.waiting() if is_curator else found.in_use()
    for name in ("kind", "phase"):
        if value := getattr(asked, name):
            found = found.filter(**{name: value})
    for word in asked.words.split()[:8]:
        here = Q(title__icontains=word) | Q(what_happened__icontains=word) | Q(tags__icontains=word)
        found = found.filter(here | Q(recommendation__icontains=word) | Q(cause__icontains=word))
    return found.order_by("-pk")


def lesson_rows(user: Any, lessons: QuerySet[Lesson]) -> tuple[LessonRow, ...]:
    """Return lessons as rows, in their order. Three queries."""
    found = list(lessons.select_related("project", "captured_by", "item", "standard_change"))
    uses = _uses_of(user, [lesson.item_id for lesson in found if lesson.item_id])
    met = _met_in(user, found)
    return tuple(
        LessonRow(
            lesson=lesson,
            author=lesson.captured_by.name if lesson.captured_by else "",
            uses=uses.get(lesson.item_id or 0, 0),
            seen_in=met.get(lesson.pk, 1),
            change=getattr(lesson, "standard_change", None),
        )
        for lesson in found
    )


def project_lessons(user: Any, project: Project) -> ProjectLessons:
    """Return own and offered lessons with the share of offers that were marked (KNO-6). Seven queries."""
    order = {OfferMark.PROPOSED: 0, OfferMark.LATER: 1, OfferMark.APPLIED: 2, OfferMark.NOT_RELEVANT: 3}
    rows = LessonOffer.objects.shown(user).filter(project=project).select_related("lesson", "marked_by")
    offers = sorted(
        rows.order_by("-points", "-lesson__published_on", "-lesson_id"),
        key=lambda each: order[OfferMark(each.mark)],
    )
    marked = sum(1 for each in offers if each.mark != OfferMark.PROPOSED)
    profile = LessonProfile.objects.filter(project=project).first()
    return ProjectLessons(
        own=lesson_rows(user, Lesson.objects.filter(project=project).order_by("-pk")),
        offers=tuple(OfferRow(each, each.lesson, why_it_fits(each.reasons)) for each in offers),
        rate=review_rate(marked=marked, proposed=len(offers)),
        marked=marked,
        tags=profile.tag_list if profile else (),
        none=NoLessons.objects.filter(project=project).select_related("given_by").first(),
    )


def review_counts(project_ids: Sequence[int], day: date) -> dict[int, Reviewed]:
    """Return how many lessons each project was offered by a day, and had marked by it (KNO-10). One query."""
    rows = (
        LessonOffer.objects.standing()
        .filter(project__in=project_ids, offered_on__lte=day)
        .order_by()
        .values("project")
        .annotate(proposed=Count("pk"), marked=Count("pk", filter=Q(marked_on__lte=day)))
    )
    return {row["project"]: Reviewed(row["proposed"], row["marked"]) for row in rows}


def why_it_fits(reasons: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in words what gave the points of an offer (KNO-6)."""
    fit = Fit(**{**reasons, "tags": tuple(reasons.get("tags", ()))})
    lines = []
    if fit.category:
        lines.append(_("same category: %(name)s (3)") % {"name": fit.category})
    if fit.methodology:
        lines.append(_("same methodology: %(name)s (2)") % {"name": fit.methodology})
    if fit.tags:
        text = ngettext(
            "shared tag: %(tags)s (%(points)s)", "shared tags: %(tags)s (%(points)s)", len(fit.tags)
        )
        lines.append(text % {"tags": ", ".join(fit.tags), "points": len(fit.tags)})
    if fit.tier:
        lines.append(_("same tier: %(name)s (1)") % {"name": fit.tier})
    return tuple(lines)


def lesson_page(user: Any, lesson: Lesson) -> LessonPage:
    """Return a lesson with its uses, what was merged and the change it asked for. Nine queries at most."""
    row = lesson_rows(user, Lesson.objects.filter(pk=lesson.pk))[0]
    change = None
    if row.change is not None:
        change = change_rows(StandardChange.objects.filter(pk=row.change.pk))[0]
    seen = Project.objects.visible_to(user).values("pk")
    return LessonPage(
        row=row,
        standard=standard_named(lesson.standard) if lesson.standard and change is None else None,
        change=change,
        uses=_uses(lesson, seen),
        merged=tuple(lesson.merged.filter(project__in=seen).select_related("project").order_by("pk")),
        merged_into=Lesson.objects.shown(user).filter(merged=lesson.pk).first(),
    )


def change_rows(changes: QuerySet[StandardChange]) -> tuple[ChangeRow, ...]:
    """Return requests with the version in force now. Five queries at most."""
    rows = list(
        changes.select_related(
            "lesson__project",
            "decided_by",
            "item_version__item",
            "methodology_version__methodology",
            "template_version__template",
            "document_version",
        )
    )
    known = standards_named(row.standard for row in rows)
    return tuple(ChangeRow(row, known.get(row.standard)) for row in rows)


def lesson_counts(lessons: LessonQuerySet) -> dict[str, dict[str, int]]:
    """Return how many lessons there are by state and by kind. Two queries."""
    counts = {}
    for name, values in (("state", LessonState.values), ("kind", LessonKind.values)):
        rows = lessons.order_by().values(name).annotate(number=Count("pk"))
        found = {row[name]: row["number"] for row in rows}
        counts[name] = {value: found.get(value, 0) for value in values}
    return counts


def tags_in_use(user: Any, limit: int = 60) -> list[str]:
    """Return the tags of lessons and projects the person sees, the commonest first. Three queries."""
    number: dict[str, int] = {}
    seen = Project.objects.visible_to(user).values("pk")
    lessons, profiles = Lesson.objects.shown(user), LessonProfile.objects.filter(project__in=seen)
    texts = (
        *lessons.exclude(tags="").values_list("tags", flat=True).order_by("-pk")[:500],
        *profiles.exclude(tags="").values_list("tags", flat=True).order_by("-pk")[:500],
    )
    for text in texts:
        for tag in text.split(", "):
            number[tag] = number.get(tag, 0) + 1
    return sorted(number, key=lambda tag: (-number[tag], tag))[:limit]


def _uses_of(user: Any, items: Sequence[int]) -> dict[int, int]:
    rows = (
        UsageEvent.objects.within_sight(user)
        .filter(item__in=items, kind=UsageKind.REUSE, project__isnull=False)
        .order_by()
        .values("item")
        .annotate(number=Count("project", distinct=True))
    )
    return {row["item"]: row["number"] for row in rows}


def _met_in(user: Any, lessons: Iterable[Lesson]) -> dict[int, int]:
    """Return lesson → number of projects that met it: its own and those of lessons merged into it."""
    own = {lesson.pk: lesson.project_id for lesson in lessons}
    found: dict[int, set[int]] = {pk: {project} for pk, project in own.items()}
    merged = Lesson.objects.filter(in_sight_of(user, "project"), merged_into__in=list(own))
    for target, project in merged.values_list("merged_into", "project"):
        if target is not None:
            found[target].add(project)
    return {pk: len(projects) for pk, projects in found.items()}


def _uses(lesson: Lesson, seen: QuerySet[Any]) -> tuple[LessonUse, ...]:
    """Return the projects the person sees that used a lesson, with what their managers wrote."""
    if lesson.item_id is None:
        return ()
    notes = dict(lesson.offers.filter(mark=OfferMark.APPLIED).values_list("project", "note").order_by("pk"))
    events = UsageEvent.objects.filter(item=lesson.item_id, kind=UsageKind.REUSE, project__in=seen)
    rows = events.select_related("project").order_by("-day", "-pk")[:USES_SHOWN]
    return tuple(
        LessonUse(row.project, row.day, notes.get(row.project.pk, "")) for row in rows if row.project
    )
