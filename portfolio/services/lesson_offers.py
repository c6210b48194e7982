"""Offer lessons to the projects they fit, and take the marks of their managers (KNO-6)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.services.inbox import notify
from portfolio import actions
from portfolio.choices import LessonKind, OfferMark, OfferOccasion, UsageKind
from portfolio.models import GateDate, LessonOffer, LessonProfile, UsageEvent
from portfolio.models.knowledge import LIVE
from portfolio.models.lesson import IN_USE
from portfolio.rollup.lesson_match import PROPOSED_AT_MOST, best_matches
from portfolio.selectors.governance import load_governance
from portfolio.selectors.lesson_match import candidates, phase_of, profiles_of
from portfolio.services.lesson_records import kept_tags, lock_projects
from projects.choices import ProjectState as P
from projects.models import Project
from projects.selectors.members import leads_of

STARTING = (P.APPROVED, P.INITIATING, P.PLANNING, P.EXECUTING)
AT_BEGIN = (OfferOccasion.INTAKE, OfferOccasion.START)
BEFORE_GATE = timedelta(days=14)
SHORTEST_NOTE, LONGEST_NOTE = 3, 400


@dataclass(frozen=True)
class Offered:
    """What a day brought."""

    begun: int
    gates: int


@transaction.atomic
def look_for_lessons(*, actor: User | None, project: Project, occasion: str, today: date) -> int:
    """
    Offer the lessons that fit a project best on an occasion; return how many are new.

    At intake and start the ten best in all. For a risk workshop what to avoid, for a gate what was learned in
    the phase the project is in: of each never more than the ten best wait for a mark.

    Raises
    ------
    NotAllowed
        If the person does not edit the project.
    """
    project = lock_projects(project.pk)[project.pk]
    _require(actor, project)
    if occasion not in OfferOccasion.values:
        raise DomainError(_("There is no such occasion."), code="UNKNOWN_OCCASION", field="occasion")
    return sum(_offer([project], occasion, today).values())


@transaction.atomic
def offer_daily(*, today: date) -> Offered:
    """
    Offer lessons to projects at intake, at their start, and in the two weeks before a gate; each once.

    Their managers get a message. The number of queries does not grow with projects that find nothing.
    """
    begun = 0
    for states, occasion in (((P.PROPOSED,), OfferOccasion.INTAKE), (STARTING, OfferOccasion.START)):
        had = LessonOffer.objects.filter(occasion=occasion).values("project")
        waiting = Project.objects.filter(state__in=states).exclude(pk__in=had)
        begun += _offer_and_tell(waiting, occasion, today)
    gates = _offer_and_tell(_before_gates(today), OfferOccasion.GATE, today)
    return Offered(begun=begun, gates=gates)


@transaction.atomic
def mark_offer(*, actor: User | None, offer: LessonOffer, mark: str, note: str, today: date) -> LessonOffer:
    """
    Say what becomes of an offered lesson: applied, not relevant, or later; applied counts as a reuse.

    Parameters
    ----------
    note : str
        Where it is applied, or why not; needed unless it is applied.

    Raises
    ------
    NotAllowed
        If the person does not edit the project.
    Conflict
        ``NOT_IN_USE`` for a lesson that was taken out of use, or is confidential by now.
    DomainError
        ``NOTE_NEEDED`` for "not relevant" and "later" without a reason.
    """
    project = lock_projects(offer.project_id)[offer.project_id]
    _require(actor, project)
    if mark not in {OfferMark.APPLIED, OfferMark.NOT_RELEVANT, OfferMark.LATER}:
        raise DomainError(_("Choose applied, not relevant or later."), code="UNKNOWN_MARK", field="mark")
    if mark != OfferMark.APPLIED and len(note.strip()) < SHORTEST_NOTE:
        raise DomainError(_("Say why, in a few words."), code="NOTE_NEEDED", field="note")
    if len(note.strip()) > LONGEST_NOTE:
        raise DomainError(
            _("Say it in at most %(count)s characters.") % {"count": LONGEST_NOTE},
            code="NOTE_LONG",
            field="note",
        )
    rows = LessonOffer.objects.select_for_update(of=("self",)).select_related("lesson__item")
    locked = rows.get(pk=offer.pk)
    if not LessonOffer.objects.standing().filter(pk=offer.pk, lesson__state__in=IN_USE).exists():
        raise Conflict(
            _("This lesson was taken out of use, so it is not marked any more."), code="NOT_IN_USE"
        )
    _mark(locked, project, mark, note.strip(), actor=actor, today=today)
    _count_reuse(actor, locked, project, today)
    return locked


def apply_used(*, actor: User, project: Project, item_id: int, today: date) -> None:
    """Mark the offer as applied whose lesson a project uses; the caller has locked the project."""
    rows = LessonOffer.objects.select_for_update(of=("self",)).select_related("lesson")
    for offer in rows.filter(project=project, lesson__item=item_id).exclude(mark=OfferMark.APPLIED):
        _mark(offer, project, OfferMark.APPLIED, "", actor=actor, today=today)


def _mark(
    offer: LessonOffer, project: Project, mark: str, note: str, *, actor: User | None, today: date
) -> None:
    """Keep a mark with its trail."""
    before = offer.mark
    offer.mark, offer.note, offer.marked_on, offer.marked_by = mark, note, today, actor
    offer.save()
    audit.record(
        actor=actor,
        action=actions.LESSON_MARKED,
        target=offer.lesson,
        node=project.node,
        before={"mark": before},
        after={"mark": mark, "project": project.code},
        reason=note,
    )


@transaction.atomic
def set_lesson_tags(*, actor: User | None, project: Project, tags: str) -> LessonProfile:
    """Say in tags what a project is about; lessons with the same tags fit it better (KNO-6)."""
    project = lock_projects(project.pk)[project.pk]
    _require(actor, project)
    kept = kept_tags(tags)
    profile, _made = LessonProfile.objects.select_for_update().get_or_create(project=project)
    before, profile.tags = profile.tags, kept
    profile.full_clean(exclude=["project"])
    profile.save()
    audit.record(
        actor=actor,
        action=actions.LESSON_TAGS,
        target=project,
        node=project.node,
        before={"tags": before},
        after={"tags": profile.tags},
    )
    return profile


def _offer(projects: Sequence[Project], occasion: str, today: date) -> dict[int, int]:
    """Write the new offers of some locked projects; return project → how many. Eleven queries at most."""
    had: dict[int, set[int]] = defaultdict(set)
    taken: dict[int, int] = defaultdict(int)
    rows = LessonOffer.objects.filter(project__in=[each.pk for each in projects])
    for offer in rows.annotate(is_in_use=Case(When(lesson__state__in=IN_USE, then=True), default=False)):
        had[offer.project_id].add(offer.lesson_id)
        taken[offer.project_id] += _takes_place(offer, occasion)
    lessons, profiles = candidates(), profiles_of(projects, today)
    made: list[LessonOffer] = []
    for project in projects:
        mine = [
            each for each in lessons if each.project_id != project.pk and _is_for(each, project, occasion)
        ]
        found = best_matches(
            profiles[project.pk],
            [each.candidate for each in mine],
            but=had[project.pk],
            most=PROPOSED_AT_MOST - taken[project.pk],
        )
        made += [
            LessonOffer(
                project=project,
                lesson_id=match.pk,
                occasion=occasion,
                points=match.fit.points,
                reasons=asdict(match.fit),
                offered_on=today,
            )
            for match in found
        ]
    LessonOffer.objects.bulk_create(made, ignore_conflicts=True)
    counts: dict[int, int] = defaultdict(int)
    for each in made:
        counts[each.project_id] += 1
    return counts


def _takes_place(offer: Any, occasion: str) -> bool:
    """Whether an offer is one of the ten: at the begin in all, later of those that wait for a mark."""
    if occasion in AT_BEGIN:
        return offer.occasion in AT_BEGIN
    return bool(offer.occasion == occasion and offer.mark == OfferMark.PROPOSED and offer.is_in_use)


def _is_for(lesson: Any, project: Project, occasion: str) -> bool:
    if occasion == OfferOccasion.RISK:
        return bool(lesson.kind == LessonKind.AVOID)
    return occasion != OfferOccasion.GATE or lesson.phase == phase_of(project)


def _offer_and_tell(projects: Iterable[Project], occasion: str, today: date) -> int:
    found = lock_projects(*[project.pk for project in projects])
    counts = _offer(list(found.values()), occasion, today) if found else {}
    for project in found.values():
        number = counts.get(project.pk, 0)
        if number:
            _tell(project, number, occasion, today)
    return sum(counts.values())


def _before_gates(today: date) -> list[Project]:
    """Return open projects with a gate in the next two weeks that got no offer for it yet."""
    soon = GateDate.objects.filter(due_on__gt=today, due_on__lte=today + BEFORE_GATE).values("project")
    had = LessonOffer.objects.filter(occasion=OfferOccasion.GATE, offered_on__gt=today - BEFORE_GATE)
    rows = Project.objects.active().filter(pk__in=soon).exclude(pk__in=had.values("project"))
    found = list(rows.order_by("pk"))
    known = load_governance([each.pk for each in found], today)
    return [
        each
        for each in found
        if (each.pk in known and (day := known[each.pk].next_gate_on(today)) and day <= today + BEFORE_GATE)
    ]


def _tell(project: Project, number: int, occasion: str, today: date) -> None:
    for manager in leads_of(project, today=today).managers:
        with override(manager.spoken_language):
            text = ngettext(
                "%(number)s lesson of another project fits %(code)s",
                "%(number)s lessons of other projects fit %(code)s",
                number,
            )
            notify(
                users=[manager],
                kind="lessons_offered",
                title=text % {"number": number, "code": project.code},
                url=reverse("portfolio:project_lessons", args=[project.code]),
                dedupe_key=f"lessons-offered:{project.pk}:{occasion}:{today}",
            )


def _count_reuse(actor: User | None, offer: LessonOffer, project: Project, day: date) -> None:
    """Note the reuse of an applied lesson in the library; take it back when it is not applied after all."""
    item = offer.lesson.item
    if item is None:
        return
    if offer.mark != OfferMark.APPLIED:
        UsageEvent.objects.filter(item=item, project=project, kind=UsageKind.REUSE).delete()
        return
    version = item.versions.filter(state__in=LIVE).first()
    if version is not None and actor is not None:
        about = {"item": item, "user": actor, "kind": UsageKind.REUSE, "day": day}
        UsageEvent.objects.get_or_create(version=version, project=project, defaults=about)


def _require(actor: User | None, project: Project) -> None:
    if actor is not None and not may(actor, "project.edit", project.node):
        raise NotAllowed(_("Only who manages the project decides on the lessons offered to it."))
