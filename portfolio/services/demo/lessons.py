"""Lessons of the demo: captured, curated, offered, used, and one that changed a standard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pmo_portal.accounts.models import User
from portfolio.choices import LabelKind, OfferMark, OfferOccasion
from portfolio.models import KnowledgeItem, Lesson, LessonOffer
from portfolio.models.knowledge import LIVE
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.habits import habit_in
from portfolio.services.lesson_offers import look_for_lessons, mark_offer, offer_daily, set_lesson_tags
from portfolio.services.lessons import (
    accept_lesson,
    capture_lesson,
    merge_lesson,
    publish_lesson,
    reject_lesson,
)
from portfolio.services.library import Content, edit_item, publish
from portfolio.services.standard_changes import complete_change
from projects.choices import ProjectState
from projects.models import Project
from projects.selectors.members import leads_of

RUNNING = (ProjectState.EXECUTING, ProjectState.CLOSING)
TAGGED_PROJECTS = 6
FIRST_OFFER, LAST_OFFER = 150, 25
CHANGED = "risk-register"
APPLIED_IN = ("in the procurement plan", "as a step before the order", "at the kick-off", "in the test plan")


@dataclass(frozen=True)
class Told:
    """A lesson; ``category`` chooses its project, ``fate`` what the PMO did with it."""

    category: str
    kind: str
    phase: str
    title: str
    happened: str
    cause: str
    advice: str
    tags: str
    days: int | None = None
    cost: int | None = None
    standard: str = ""
    fault: str = ""
    fate: str = "published"


LESSONS = (
    Told(
        "Build", "AVOID", "PLANNING", "Ask for the road permit before the crane is ordered",
        "The crane stood ready and could not be brought in: the permit for the heavy load was missing.",
        "The plan had no activity for the permit, so nobody owned it.",
        "The project manager plans each permit as an activity with an owner and links the order to it.",
        "permit, crane, supplier", 15, 48_000,
    ),
    Told(
        "Build", "KEEP", "EXECUTING", "Walk the site with the operator every second Friday",
        "Forty small wishes of the operator were found during construction and not at the handover.",
        "The operator saw the site early and could say what would not work.",
        "The site manager invites the operator every two weeks and writes wishes down the same day.",
        "handover, operator", -10, -22_000,
    ),
    Told(
        "Build", "AVOID", "EXECUTING", "Write a trigger beside each risk of the register",
        "The supplier's delay stood in the register for months; the response began when it was too late.",
        "The register asked for a response, not for the sign at which it begins.",
        "The risk manager notes for each risk the sign to watch, and who watches it.",
        "supplier, risk register", 20, 90_000, "item:risk-register:en", "There is no column for the trigger.",
    ),
    Told(
        "Software", "AVOID", "PLANNING", "Test with a copy of the real data before the cut-over is planned",
        "A third of the addresses could not be converted; the cut-over moved by a month.",
        "The test data was made by hand and was cleaner than life.",
        "The test lead gets a masked copy of the data in the planning phase and runs the conversion twice.",
        "migration, test data", 21, 60_000,
    ),
    Told(
        "Software", "KEEP", "EXECUTING", "Show the work to its users every two weeks",
        "Two screens nobody would have used were dropped after the second demonstration.",
        "Users saw something they could touch instead of a specification.",
        "The product owner invites five users to each review and asks what they would do with it on Monday.",
        "users, review", -12, -35_000,
    ),
    Told(
        "Software", "AVOID", "CLOSING", "Plan the retirement of the old system as a part of the project",
        "Licenses of the old system ran for another year after the new one went live.",
        "The end of the old system belonged to nobody.",
        "The sponsor does not approve the closing before the old system has a date to be switched off.",
        "retirement, license", None, 75_000, "methodology:SG", "The closing gate does not ask for it.",
    ),
    Told(
        "Site", "AVOID", "INITIATING", "Measure the building before the budget is approved",
        "Asbestos was found in the ceilings after the budget was approved.",
        "The estimate was made from drawings forty years old.",
        "The project manager orders a survey before the budget gate and puts its cost into the proposal.",
        "survey, building", 25, 140_000,
    ),
    Told(
        "Policy", "KEEP", "PLANNING", "Let two departments try a rule before all have to follow it",
        "The trial showed that one form was filled in twice; it was merged before everybody saw it.",
        "Real cases show what reading a draft does not.",
        "The owner of a rule tries it for four weeks with two departments that differ.",
        "trial, departments", -8, None,
    ),
    Told(
        "Build", "AVOID", "PLANNING", "Permits for heavy loads take eight weeks",
        "A transformer waited three weeks for the escort of the police.",
        "The permit was asked for when the date of the delivery was known, which was late.",
        "The project manager asks for permits when the order is placed.",
        "permit, supplier", 15, None, fate="merged",
    ),
    Told(
        "Software", "AVOID", "EXECUTING", "The meetings were too long",
        "Meetings took more time than planned.", "", "Have shorter meetings.", "meetings", fate="rejected",
    ),
    Told(
        "Software", "AVOID", "EXECUTING", "Book the penetration test when the design is accepted",
        "The test house had no free week before the go-live.",
        "It was booked when the software was ready.",
        "The project manager books the test when the design is accepted, with a second date in reserve.",
        "security, supplier", 10, 12_000, fate="accepted",
    ),
    Told(
        "Site", "KEEP", "EXECUTING", "Move one floor first",
        "The first floor showed which cables were missing; the other four moved in one weekend.",
        "A small move found what drawings did not.",
        "Plan one floor as a trial, with two weeks before the rest.",
        "move, trial", -5, None, fate="captured",
    ),
)  # fmt: skip
AT_CLOSE = {
    "site": ("Hand over the drawings with the keys", "handover, building"),
    "software": (
        "Keep the people of the old system until the archive is read back once",
        "retirement, archive",
    ),
}


def learn_at_close(*, manager: User, project: Project, kind: str, day: date) -> Lesson:
    """Capture the lesson a project is closed with (KNO-7)."""
    title, tags = AT_CLOSE.get(kind, ("Agree on who operates the result before the work begins", "handover"))
    values = {
        "title": title,
        "kind": "KEEP",
        "phase": "CLOSING",
        "what_happened": "The handover took two days instead of the three weeks that were planned for it.",
        "cause": "What the operator needs was agreed on in writing long before.",
        "recommendation": f"{title}. The project manager agrees on it while planning.",
        "tags": tags,
        "effect_days": -13,
    }
    return capture_lesson(actor=manager, project=project, values=values, today=day)


def teach_lessons(cast: Cast, *, as_of: date) -> None:
    """Capture, curate and publish lessons, let one change a standard, offer them, and mark some offers."""
    analyst = cast.users["pmo.analyst"]
    open_projects = list(
        Project.objects.filter(code__startswith="NWU-", state__in=RUNNING, node__is_confidential=False)
        .select_related("node")
        .order_by("code")
    )
    if not open_projects:
        return
    made = [_capture(cast, open_projects, number, told, as_of) for number, told in enumerate(LESSONS)]
    known: dict[str, Lesson] = {}
    for closed in Lesson.objects.filter(phase="CLOSING", state="CAPTURED", kind="KEEP").order_by("pk"):
        if closed.title in known:
            merge_lesson(actor=analyst, lesson=closed, into=known[closed.title])
        else:
            known[closed.title] = closed
            _publish(cast, analyst, closed, as_of - timedelta(days=20))
    for told, lesson in zip(LESSONS, made, strict=True):
        _decide(cast, analyst, told, lesson, made[0], as_of)
    _change_register(cast, made, as_of)
    for number, project in enumerate(open_projects[:TAGGED_PROJECTS]):
        set_lesson_tags(
            actor=None, project=project, tags=("supplier, permit", "migration, users")[number % 2]
        )
    _offer(open_projects, as_of)
    offer_daily(today=as_of - timedelta(days=9))
    _mark(as_of)


def _capture(cast: Cast, projects: Sequence[Project], number: int, told: Told, as_of: date) -> Lesson:
    fitting = [each for each in projects if each.category == told.category] or projects
    project = fitting[number % len(fitting)]
    day = as_of - timedelta(days=300 - 22 * number)
    managers = leads_of(project, today=as_of).managers
    values = {
        "title": told.title,
        "kind": told.kind,
        "phase": told.phase,
        "what_happened": told.happened,
        "cause": told.cause,
        "recommendation": told.advice,
        "tags": told.tags,
        "effect_days": told.days,
        "effect_cost": None if told.cost is None else Decimal(told.cost),
        "standard": told.standard,
        "fault": told.fault,
    }
    author = managers[0] if managers else cast.pmo
    return capture_lesson(actor=author, project=project, values=values, today=day)


def _decide(cast: Cast, analyst: User, told: Told, lesson: Lesson, first: Lesson, as_of: date) -> None:
    if told.fate == "merged":
        merge_lesson(actor=analyst, lesson=lesson, into=first)
    elif told.fate == "rejected":
        reason = "It does not say who should do what; come by and we write it down together."
        reject_lesson(actor=analyst, lesson=lesson, reason=reason)
    elif told.fate == "accepted":
        accept_lesson(actor=analyst, lesson=lesson)
    elif told.fate == "published":
        _publish(cast, analyst, lesson, min(lesson.captured_on + timedelta(days=12), as_of))


def _publish(cast: Cast, analyst: User, lesson: Lesson, day: date) -> None:
    accept_lesson(actor=analyst, lesson=lesson)
    publish_lesson(actor=cast.pmo, lesson=lesson, today=day)


def _change_register(cast: Cast, lessons: Sequence[Lesson], as_of: date) -> None:
    """Publish the next version of the risk register, as a lesson asked for (KNO-8)."""
    asked = next(each for told, each in zip(LESSONS, lessons, strict=True) if CHANGED in told.standard)
    item = KnowledgeItem.objects.get(code=CHANGED, language="en")
    version = item.versions.get(state__in=LIVE)
    labels = list(version.labels.order_by("pk").values_list("kind", "value"))
    content = Content(
        title=version.title,
        summary=version.summary,
        body=f"{version.body}\n\n# Trigger\n\nThe sign to watch, and who watches it.",
        change_note="Asks for the trigger of each risk, as a lesson showed.",
        tags=tuple(value for kind, value in labels if kind == LabelKind.TAG),
        roles=tuple(value for kind, value in labels if kind == LabelKind.ROLE),
        methodologies=tuple(value for kind, value in labels if kind == LabelKind.METHODOLOGY),
    )
    edit_item(actor=cast.pmo, item=item, content=content)
    day = as_of - timedelta(days=30)
    made = publish(actor=cast.pmo, item=item, today=day)
    change = Lesson.objects.get(pk=asked.pk).standard_change
    complete_change(actor=cast.pmo, change=change, number=made.number, today=day)


def _offer(projects: Sequence[Project], as_of: date) -> None:
    """Offer what was learned to the running projects, one after another over the last months."""
    for number, project in enumerate(projects):
        ago = max(FIRST_OFFER - 9 * number, LAST_OFFER)
        day = as_of - timedelta(days=ago)
        look_for_lessons(actor=None, project=project, occasion=OfferOccasion.START, today=day)


def _mark(as_of: date) -> None:
    """Let managers mark as many offers as is the habit of their unit; the others wait."""
    marked: dict[int, int] = {}
    rows = LessonOffer.objects.select_related("project__node", "project__org_unit")
    for offer in rows.order_by("project__code", "-points", "pk"):
        place = marked.setdefault(offer.project_id, 0)
        managers = leads_of(offer.project, today=as_of).managers
        if place >= habit_in(offer.project).marks or not managers:
            continue
        marked[offer.project_id] += 1
        mark, note = OfferMark.APPLIED, APPLIED_IN[(len(marked) + place) % len(APPLIED_IN)]
        if place % 4 == 1:
            mark, note = OfferMark.NOT_RELEVANT, "Nothing of this kind happens in this project."
        elif place % 4 == 2:
            mark, note = OfferMark.LATER, "When the next phase is planned."
        day = min(offer.offered_on + timedelta(days=4 + 6 * place), as_of - timedelta(days=2))
        mark_offer(actor=managers[0], offer=offer, mark=mark, note=note, today=day)
