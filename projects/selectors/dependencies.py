"""Dependencies between projects as one of the two sees them; names only of projects the person may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.choices import Rag, TaskKind
from projects.engine.dependencies import circular_edges, rate_dependency
from projects.engine.working_time import WorkingTime
from projects.models import Link, Project, ProjectDependency, Task
from projects.selectors.calendars import evaluator
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.work_calendars import load_work_calendars

Milestone = tuple[int, int]
"""Key of the project and number of the row."""


@dataclass(frozen=True)
class Agreement:
    """Who agreed for a side, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class DependencyRow:
    """
    A dependency seen from one of its projects.

    Attributes
    ----------
    is_incoming : bool
        Whether this project is the receiver: it waits for the other one.
    own_uid, own_name : int, str
        This project's milestone; no name once it is gone from the plan.
    other_code, other_project, other_name : str
        Empty where the person may not see the other project; ``other_uid`` is None then.
    promised, forecast : date or None
        What the receiver plans with, and what the giver's plan says today.
    slack, promised_slack : int or None
        Working days of the receiver from forecast and from promise to the day of need.
    moved : int or None
        Working days the forecast lies after the promise.
    rating : str
        A color of `Rag` (RAI-16).
    circle : tuple of str
        Codes of the projects it goes in a circle through; "" for one the person may not see.
    """

    pk: int
    version: int
    is_incoming: bool
    own_uid: int
    own_name: str
    own_kind: str
    other_code: str
    other_project: str
    other_uid: int | None
    other_name: str
    is_hidden: bool
    is_lost: bool
    is_finished: bool
    need_by: date
    promised: date | None
    forecast: date | None
    slack: int | None
    promised_slack: int | None
    moved: int | None
    rating: str
    rating_title: str
    drives_schedule: bool
    given: Agreement | None
    received: Agreement | None
    note: str
    circle: tuple[str, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether both sides agreed."""
        return self.given is not None and self.received is not None

    @property
    def has_moved(self) -> bool:
        """Whether the giver's date is another one than the receiver plans with."""
        return self.forecast is not None and self.forecast != self.promised and not self.is_lost

    @property
    def other(self) -> str:
        """The other project as this person may know it."""
        return f"{self.other_code} {self.other_project}".strip() or _("another project")

    @property
    def other_milestone(self) -> str:
        """The other project's milestone as this person may know it."""
        return self.other_name or (_("a milestone") if self.is_hidden else _("a milestone that was deleted"))

    @property
    def room(self) -> str:
        """How much time the forecast leaves."""
        return room_words(self.slack)

    @property
    def promised_room(self) -> str:
        """How much time the promise leaves."""
        return room_words(self.promised_slack)

    @property
    def moved_words(self) -> str:
        """By how much the date moved."""
        return moved_words(self.moved)


def room_words(days: int | None) -> str:
    """Return "3 working days of room", or how many days too late; nothing where it is not known."""
    if days is None:
        return ""
    if days >= 0:
        words = ngettext("%(count)s working day of room", "%(count)s working days of room", days)
        return words % {"count": days}
    words = ngettext("%(count)s working day too late", "%(count)s working days too late", -days)
    return words % {"count": -days}


def moved_words(days: int | None) -> str:
    """Return "moved by 3 working days, later"; nothing where there was no date before."""
    if days is None:
        return _("has a date now")
    if days == 0:
        return _("moved by less than a working day")
    if days > 0:
        return ngettext("%(count)s working day later", "%(count)s working days later", days) % {"count": days}
    words = ngettext("%(count)s working day earlier", "%(count)s working days earlier", -days)
    return words % {"count": -days}


def forecast_of(milestone: Task) -> datetime | None:
    """Return the moment a milestone is reached: what happened, else its early finish (RAI-16)."""
    return milestone.actual_finish or milestone.early_finish or milestone.planned_finish


def shown_moment(moment: datetime | None, kind: str) -> date | None:
    """Return the day a milestone is shown on (SCH-3)."""
    return shown_start(moment) if kind == TaskKind.START_MILESTONE else shown_finish(moment)


def milestones_of(dependencies: Iterable[ProjectDependency]) -> dict[Milestone, Task]:
    """Return the milestones the dependencies name, as far as they are there. One query."""
    named: set[Milestone] = set()
    for each in dependencies:
        named |= {(each.giver_id, each.giver_uid), (each.receiver_id, each.receiver_uid)}
    if not named:
        return {}
    found = Task.objects.filter(
        project_id__in={pk for pk, _uid in named}, uid__in={uid for _pk, uid in named}
    )
    return {key: task for task in found if (key := (task.project_id, task.uid)) in named}


def dependencies_of(project: Project) -> Any:
    """Return the dependencies a project takes part in, those it waits in first."""
    rows = ProjectDependency.objects.filter(Q(receiver=project) | Q(giver=project))
    return rows.select_related(
        "giver", "receiver__calendar", "giver_agreed_by", "receiver_agreed_by"
    ).order_by("need_by", "pk")


def dependency_rows(
    project: Project, *, user: Any, today: date, uids: Collection[int] | None = None
) -> list[DependencyRow]:
    """
    Return the dependencies of a project as a person may know them, by day of need.

    One query where there are none; else at most 16, whatever their number.

    Parameters
    ----------
    uids : collection of int, optional
        Only those of these rows of the plan.
    """
    found = [
        each
        for each in dependencies_of(project)
        if uids is None or (each.receiver_uid if each.receiver_id == project.pk else each.giver_uid) in uids
    ]
    if not found:
        return []
    others = {each.giver_id if each.receiver_id == project.pk else each.receiver_id for each in found}
    circles = _circles(found)
    concerned = others | {pk for circle in circles.values() for pk in circle}
    seen = dict(
        Project.objects.visible_to(user, "milestone.view").filter(pk__in=concerned).values_list("pk", "code")
    )
    tasks = milestones_of(found)
    calendars = load_work_calendars({each.receiver.calendar_id for each in found})
    hours = {pk: evaluator(calendar) for pk, calendar in calendars.items()}
    return [
        _row(
            each,
            project,
            seen=seen,
            tasks=tasks,
            hours=hours[each.receiver.calendar_id],
            today=today,
            circle=circles.get(each.pk, ()),
        )
        for each in found
    ]


def _row(
    each: ProjectDependency,
    project: Project,
    *,
    seen: Mapping[int, str],
    tasks: Mapping[Milestone, Task],
    hours: WorkingTime,
    today: date,
    circle: tuple[int, ...],
) -> DependencyRow:
    is_incoming = each.receiver_id == project.pk
    given, received = (
        tasks.get((each.giver_id, each.giver_uid)),
        tasks.get((each.receiver_id, each.receiver_uid)),
    )
    own, other = (received, given) if is_incoming else (given, received)
    other_project = each.giver if is_incoming else each.receiver
    is_visible = other_project.pk in seen
    kind = given.kind if given else TaskKind.FINISH_MILESTONE
    forecast = shown_moment(forecast_of(given), kind) if given else None
    promised = shown_moment(each.promised_at, kind)
    slack = _days(forecast, each.need_by, hours)
    is_finished = given is not None and given.actual_finish is not None
    agreements = (
        _agreement(each.giver_agreed_by, each.giver_agreed_at),
        _agreement(each.receiver_agreed_by, each.receiver_agreed_at),
    )
    rating = _rating(each, slack, is_finished=is_finished, is_agreed=None not in agreements, today=today)
    return DependencyRow(
        pk=each.pk,
        version=each.version,
        is_incoming=is_incoming,
        own_uid=each.receiver_uid if is_incoming else each.giver_uid,
        own_name=own.name if own else "",
        own_kind=own.kind if own else "",
        other_code=other_project.code if is_visible else "",
        other_project=other_project.name if is_visible else "",
        other_uid=(each.giver_uid if is_incoming else each.receiver_uid) if is_visible else None,
        other_name=other.name if other and is_visible else "",
        is_hidden=not is_visible,
        is_lost=given is None or received is None,
        is_finished=is_finished,
        need_by=each.need_by,
        promised=promised,
        forecast=forecast,
        slack=slack,
        promised_slack=_days(promised, each.need_by, hours),
        moved=_days(promised, forecast, hours),
        rating=str(rating),
        rating_title=str(rating.label),
        drives_schedule=each.drives_schedule,
        given=_known(agreements[0], is_incoming, is_visible),
        received=_known(agreements[1], not is_incoming, is_visible),
        note=each.note,
        circle=tuple(seen.get(pk, project.code if pk == project.pk else "") for pk in circle),
    )


def _rating(
    each: ProjectDependency, slack: int | None, *, is_finished: bool, is_agreed: bool, today: date
) -> Rag:
    ahead = (each.need_by - today).days
    return Rag(
        rate_dependency(slack=slack, is_agreed=is_agreed, is_finished=is_finished, days_until_need=ahead)
    )


def _agreement(person: Any, at: datetime | None) -> Agreement | None:
    return None if at is None else Agreement(person.name if person else "", at)


def _known(agreement: Agreement | None, is_of_other: bool, is_visible: bool) -> Agreement | None:
    """Return an agreement without the name of somebody of a project the person may not see."""
    if agreement is None or is_visible or not is_of_other:
        return agreement
    return Agreement("", agreement.at)


def _days(first: date | None, second: date | None, hours: WorkingTime) -> int | None:
    return None if first is None or second is None else hours.working_days_between(first, second)


def _circles(found: Collection[ProjectDependency]) -> dict[int, tuple[int, ...]]:
    """
    Return by key of a dependency the projects it goes in a circle through, in order of their keys.

    One query, two where projects wait for each other.
    """
    columns = ("pk", "giver_id", "receiver_id", "giver_uid", "receiver_uid")
    every = list(ProjectDependency.objects.order_by("pk").values_list(*columns))
    mutual = [every[place] for place in circular_edges([(row[1], row[2]) for row in every])]
    asked = {each.pk for each in found}
    if not asked & {row[0] for row in mutual}:
        return {}
    return _circles_of_tasks(mutual, asked)


def _circles_of_tasks(
    mutual: Collection[tuple[int, int, int, int, int]], asked: Collection[int]
) -> dict[int, tuple[int, ...]]:
    concerned = {row[1] for row in mutual} | {row[2] for row in mutual}
    ends = ("project_id", "predecessor__uid", "successor__uid")
    links = Link.objects.filter(
        project_id__in=concerned, predecessor__is_active=True, successor__is_active=True
    ).order_by("pk")
    number: dict[Milestone, int] = {}

    def node(project_id: int, uid: int) -> int:
        return number.setdefault((project_id, uid), len(number))

    across = [(node(row[1], row[3]), node(row[2], row[4])) for row in mutual]
    within = [(node(pk, start), node(pk, end)) for pk, start, end in links.values_list(*ends)]
    circular = circular_edges([*across, *within])
    rows = [row for place, row in enumerate(mutual) if place in circular]
    through = tuple(sorted({row[1] for row in rows} | {row[2] for row in rows}))
    return {row[0]: through for row in rows if row[0] in asked}


def grid_dependencies(project: Project, *, user: Any, today: date, uids: Collection[int]) -> list[list[Any]]:
    """Return the dependencies as the page of the plan holds them, in the order of `GRID_COLUMNS`."""
    return [
        [
            row.own_uid,
            row.is_incoming,
            f"{row.other} · {row.other_milestone}",
            row.promised and row.promised.isoformat(),
            row.forecast and row.forecast.isoformat(),
            row.need_by.isoformat(),
            row.slack,
            row.moved if row.has_moved else None,
            row.rating,
            row.drives_schedule and row.is_incoming,
        ]
        for row in dependency_rows(project, user=user, today=today, uids=uids)
    ]


GRID_COLUMNS = (
    *("uid", "incoming", "label", "promised", "forecast", "need_by", "slack", "moved", "rating", "bounds"),
)
