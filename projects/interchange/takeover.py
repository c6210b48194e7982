"""
What of a document becomes rows of a plan, decided without a database.

The portal keeps fewer kinds of things than the tools do; whatever is changed or left out on the way is
named in ``problems``. The writer stores exactly what stands here, so a preview can count it beforehand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from projects.interchange.document import (
    Assignment,
    Baseline,
    Calendar,
    Link,
    ProjectDocument,
    Resource,
    Task,
)
from projects.interchange.network import leaf_network
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.takeover_calendars import has_working_time, usable_calendars
from projects.interchange.takeover_tasks import MILESTONES, PlacedTask, place_tasks
from projects.interchange.vocabulary import LinkType, ProgressMode, Severity, TaskKind

TAKES_NO_WORK: Final = MILESTONES | {TaskKind.SUMMARY}


@dataclass(frozen=True, slots=True)
class TakenOver:
    """
    The rows a plan gets.

    ``calendars`` come in an order in which a calendar follows the one it is based on. ``data_date`` is the
    day up to whose end the status is known (CON-6). ``problems`` are those the document does not tell itself.
    """

    document: ProjectDocument
    calendars: tuple[Calendar, ...]
    tasks: tuple[PlacedTask, ...]
    links: tuple[Link, ...]
    resources: tuple[Resource, ...]
    assignments: tuple[Assignment, ...]
    baselines: tuple[Baseline, ...]
    data_date: date | None
    default_calendar_uid: int | None
    problems: tuple[Problem, ...]

    def counts(self) -> dict[str, Any]:
        """Return how many rows of each kind will be stored, under the names of the preview."""
        kinds = [placed.kind for placed in self.tasks]
        return {
            "tasks": len(kinds),
            "summaries": kinds.count(TaskKind.SUMMARY),
            "milestones": sum(kind in MILESTONES for kind in kinds),
            "links": len(self.links),
            "links_by_type": {kind.value: sum(x.type is kind for x in self.links) for kind in LinkType},
            "resources": len(self.resources),
            "assignments": len(self.assignments),
            "calendars": len(self.calendars),
            "calendar_exceptions": sum(len(calendar.exceptions) for calendar in self.calendars),
            "baselines": len(self.baselines),
            "baseline_tasks": len(self.baselines[0].rows) if self.baselines else 0,
        }


def take_over(document: ProjectDocument) -> TakenOver:
    """Return what of the document is stored, and what the reader has to know about it."""
    calendars, calendar_problems = usable_calendars(document.calendars)
    tasks, task_problems = place_tasks(document)
    kinds = {placed.task.uid: placed.kind for placed in tasks}
    assignments, merged = _assignments(document, kinds)
    data_date, date_problems = _data_date(document, tasks)
    default_uid, default_problems = _default_calendar(document, calendars)
    return TakenOver(
        document=document,
        calendars=calendars,
        tasks=tasks,
        links=tuple(
            link for link in leaf_network(document).links if link.pred in kinds and link.succ in kinds
        ),
        resources=document.resources,
        assignments=assignments,
        baselines=_baselines(document.baselines, kinds),
        data_date=data_date,
        default_calendar_uid=default_uid,
        problems=(
            *_head(document),
            *_rests_of_baselines(document.baselines, tasks),
            *date_problems,
            *calendar_problems,
            *default_problems,
            *task_problems,
            *merged,
        ),
    )


def _head(document: ProjectDocument) -> list[Problem]:
    problems = []
    options = document.options
    if options.progress_mode is ProgressMode.ACTUAL_DATES:
        problems.append(problem(Severity.WARNING, "ACTUAL_DATES", Place.PROJECT))
    has_money = any(task.cost or task.actual_cost for task in document.tasks)
    if has_money and not is_currency(options.currency):
        problems.append(problem(Severity.WARNING, "NO_CURRENCY", Place.PROJECT))
    has_frozen_cost = any(row.cost for baseline in document.baselines[:1] for row in baseline.rows)
    if has_money and document.baselines and not has_frozen_cost:
        problems.append(problem(Severity.INFO, "BASELINE_WITHOUT_COST", Place.BASELINE))
    shaped = sum(item.contour not in ("", "FLAT") or bool(item.delay) for item in document.assignments)
    if shaped:
        problems.append(problem(Severity.WARNING, "CONTOUR", Place.ASSIGNMENTS, assignments=shaped))
    return problems


def _rests_of_baselines(baselines: Sequence[Baseline], tasks: Sequence[PlacedTask]) -> list[Problem]:
    """Tell of interrupted work that the baseline has with other dates: no file says when that rests."""
    if not baselines:
        return []
    frozen = {row.task_uid: row for row in min(baselines, key=lambda each: each.number).rows}
    moved = 0
    for placed in tasks:
        row = frozen.get(placed.task.uid) if placed.interruptions else None
        dates = (placed.task.start, placed.task.finish)
        moved += row is not None and (row.start, row.finish) != dates
    return [problem(Severity.INFO, "BASELINE_RESTS", Place.BASELINE, tasks=moved)] if moved else []


def _default_calendar(
    document: ProjectDocument, calendars: Sequence[Calendar]
) -> tuple[int | None, list[Problem]]:
    """Return the calendar of the project; None where the portal's standard one has to serve."""
    wanted = document.options.default_calendar_uid
    found = next((calendar for calendar in calendars if calendar.uid == wanted), None)
    if found is not None and has_working_time(found, calendars):
        return found.uid, []
    if not calendars:
        return None, []
    code = "DEFAULT_CALENDAR" if found is None else "DEFAULT_CALENDAR_EMPTY"
    return None, [problem(Severity.WARNING, code, Place.PROJECT)]


def is_currency(code: str) -> bool:
    """Return whether the text is a currency code of three letters."""
    return len(code) == 3 and code.isascii() and code.isalpha()


def _assignments(
    document: ProjectDocument, kinds: Mapping[int, TaskKind]
) -> tuple[tuple[Assignment, ...], list[Problem]]:
    """Return one assignment for each task and resource; repeated ones are added up."""
    known = {resource.uid for resource in document.resources}
    found: dict[tuple[int, int], Assignment] = {}
    repeated = strangers = 0
    for item in document.assignments:
        if item.resource_uid is None or kinds.get(item.task_uid, TaskKind.SUMMARY) in TAKES_NO_WORK:
            continue
        if item.resource_uid not in known:
            strangers += 1
            continue
        key = (item.task_uid, item.resource_uid)
        repeated += key in found
        found[key] = _sum_of(found[key], item) if key in found else item
    problems = []
    if repeated:
        problems.append(
            problem(Severity.INFO, "ASSIGNMENT_REPEATED", Place.ASSIGNMENTS, assignments=repeated)
        )
    if strangers:
        problems.append(
            problem(Severity.WARNING, "ASSIGNMENT_STRANGER", Place.ASSIGNMENTS, assignments=strangers)
        )
    return tuple(found.values()), problems


def _sum_of(first: Assignment, second: Assignment) -> Assignment:
    amounts: dict[str, Any] = {}
    for name in ("units", "work", "actual_work", "remaining_work", "cost", "actual_cost", "remaining_cost"):
        known = [value for value in (getattr(first, name), getattr(second, name)) if value is not None]
        amounts[name] = sum(known[1:], known[0]) if known else None
    starts = [item.start for item in (first, second) if item.start]
    finishes = [item.finish for item in (first, second) if item.finish]
    return replace(first, **amounts, start=min(starts, default=None), finish=max(finishes, default=None))


def _baselines(baselines: Iterable[Baseline], kinds: Mapping[int, TaskKind]) -> tuple[Baseline, ...]:
    """Return the baselines with the rows of leaves, once for each task; what has none is no baseline."""
    found = []
    for baseline in baselines:
        rows = {
            row.task_uid: row
            for row in baseline.rows
            if kinds.get(row.task_uid, TaskKind.SUMMARY) is not TaskKind.SUMMARY
        }
        if rows:
            found.append(Baseline(baseline.number, tuple(rows.values())))
    return tuple(found)


def _data_date(document: ProjectDocument, tasks: Sequence[PlacedTask]) -> tuple[date | None, list[Problem]]:
    """Return the status date; without one, the last day the file knows progress of."""
    leaves = [placed.task for placed in tasks if placed.kind is not TaskKind.SUMMARY]
    known = [
        moment
        for task in leaves
        for moment in (task.actual_start, task.actual_finish, task.suspend_at)
        if moment is not None
    ]
    last = max((_day_of(moment) for moment in known), default=None)
    given = document.options.status_date
    if given is None and last is not None:
        return last, [problem(Severity.WARNING, "NO_STATUS_DATE", Place.PROJECT, day=last)]
    if given is not None and last is not None and last > given:
        late = [task for task in leaves if _is_after(task, given)]
        numbers = ", ".join(str(task.uid if task.id is None else task.id) for task in late[:5])
        return given, [
            problem(Severity.WARNING, "FUTURE_ACTUAL", Place.TASK, numbers, day=given, tasks=len(late))
        ]
    return given, []


def _is_after(task: Task, day: date) -> bool:
    return any(moment and _day_of(moment) > day for moment in (task.actual_start, task.actual_finish))


def _day_of(moment: Any) -> date:
    """Return the day of a moment; midnight belongs to the day before."""
    return (moment - timedelta(microseconds=1)).date()
