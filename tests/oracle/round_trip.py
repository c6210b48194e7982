"""
Plans there and back: import, store, export as the file of another tool, import and store again.

What comes back must be the same network with the same dates, but for what a format cannot carry
(``projects.interchange.losses``).
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from projects.engine.scheduling.schedule import compute_schedule
from projects.interchange.document import Calendar, ProjectDocument, Task
from projects.interchange.json_form import from_data, to_data
from projects.interchange.losses import carried
from projects.interchange.takeover_calendars import usable_calendars
from projects.interchange.to_mpxj.calendars import filled, whole_weeks
from projects.interchange.vocabulary import ScheduleFormat, TaskKind
from projects.models import Project
from projects.selectors.networks import load_network
from projects.selectors.project_documents import project_document, task_numbers
from projects.services.document_writing import Incoming, write_projects
from tests import factories

DATES = ("early_start", "early_finish", "late_start", "late_finish", "total_float")
SEEN = ("budget.view", "rate.view")
SETTINGS = (
    *("convention", "progress_mode", "float_kind", "default_lag_calendar", "critical_threshold"),
    *("honor_hard_dates", "must_finish_by", "schedule_start"),
)
SAME = (
    *("name", "parent_uid", "kind", "is_active", "is_manual", "duration", "duration_kind"),
    *("remaining_duration", "actual_start", "actual_finish", "suspend_at", "resume_at"),
    *("constraint", "constraint_date", "second_constraint", "second_constraint_date", "deadline"),
    *("task_type", "ignores_resource_calendars", "leveling_delay", "percent_complete", "notes", "priority"),
    "splits",
)


@dataclass(frozen=True)
class Trip:
    """What differs after the way there and back, in words, and which rules of scheduling were not kept."""

    tasks: int
    links: int
    differences: tuple[str, ...]
    settings: frozenset[str]


class Mpxj:
    """A process in which Java runs once."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def there_and_back(self, document: ProjectDocument, kind: ScheduleFormat) -> ProjectDocument:
        """Return what is read of the file the document was written as."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"format": kind.value, "document": to_data(document)}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return from_data(answer["document"])


@contextmanager
def mpxj() -> Iterator[Mpxj]:
    """Run Java for a while."""
    command = [sys.executable, "-m", "tests.oracle.mpxj_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Mpxj(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def trip(document: ProjectDocument, kind: ScheduleFormat, files: Mpxj) -> Trip:
    """Take a document there and back through the database."""
    first = stored(document)
    out = project_document(first, rights=SEEN)
    second = stored(files.there_and_back(out, kind))
    # Dates are computed as the first tool does; which rules the file itself does not keep is told.
    settings = frozenset(name for name in SETTINGS if getattr(first, name) != getattr(second, name))
    for name in settings:
        setattr(second, name, getattr(first, name))
    # What a file of the format does not keep cannot differ either; a reader may make something up for it.
    back = carried(project_document(second, rights=SEEN), kind)
    expected = carried(out, kind)
    return Trip(
        tasks=len(out.tasks),
        links=len(out.links),
        settings=settings,
        differences=(
            *_differences(expected, back),
            *(_date_differences(first, second) if not _changes_dates(out, expected) else ()),
        ),
    )


def stored(document: ProjectDocument) -> Project:
    (project,) = write_projects(
        actor=None,
        incoming=[Incoming(document, name="Plan of a tool")],
        parent_node=factories.portfolio_node(),
        today=date(2026, 3, 10),
    )
    return Project.objects.select_related("calendar", "node").get(pk=project.pk)


def _changes_dates(out: ProjectDocument, expected: ProjectDocument) -> bool:
    """Return whether a loss of the format decides about dates: inactive rows become active."""
    before = {task.uid: task for task in out.tasks}
    return any(
        task.is_active != before[task.uid].is_active or task.is_manual != before[task.uid].is_manual
        for task in expected.tasks
    )


def _differences(expected: ProjectDocument, back: ProjectDocument) -> Iterator[str]:
    yield from _task_differences(expected, back)
    for name in ("links", "assignments"):
        before = {_key(item): item for item in getattr(expected, name)}
        after = {_key(item): item for item in getattr(back, name)}
        for key in before.keys() | after.keys():
            if _told(before.get(key)) != _told(after.get(key)):
                yield f"{name}: {_told(before.get(key))} became {_told(after.get(key))}"
    hours = [_hours(document) for document in (expected, back)]
    for uid in hours[0].keys() | hours[1].keys():
        if hours[0].get(uid) != hours[1].get(uid):
            yield f"calendar of {uid} became another one"
    frozen = [{item.number: len(item.rows) for item in document.baselines} for document in (expected, back)]
    if frozen[0] != frozen[1]:
        yield f"baselines {frozen[0]} became {frozen[1]}"
    if expected.options.status_date != back.options.status_date:
        yield f"status date {expected.options.status_date} became {back.options.status_date}"


def _task_differences(expected: ProjectDocument, back: ProjectDocument) -> Iterator[str]:
    after = {task.uid: task for task in back.tasks}
    if {task.uid for task in expected.tasks} != after.keys():
        yield "the rows are others"
    for task in expected.tasks:
        if task.uid not in after:
            continue
        for name in SAME:
            one, other = getattr(task, name), getattr(after[task.uid], name)
            if task.kind is TaskKind.SUMMARY and name in SAME_OF_LEAVES:
                continue
            if one != other:
                yield f"task {task.uid}: {name} {one} became {other}"


SAME_OF_LEAVES = frozenset(
    {
        *("duration", "duration_kind", "remaining_duration", "actual_start", "actual_finish", "task_type"),
        *("percent_complete", "suspend_at", "resume_at", "priority", "leveling_delay"),
        "ignores_resource_calendars",
    }
)


def _key(item: Any) -> tuple[Any, ...]:
    if hasattr(item, "pred"):
        return (item.pred, item.succ, item.type)
    return (item.task_uid, item.resource_uid)


def _told(item: Any) -> Any:
    if item is None:
        return None
    if hasattr(item, "pred"):
        return (item.pred, item.succ, item.type.value, item.lag, item.lag_unit.value, item.lag_kind.value)
    return (item.task_uid, item.resource_uid, round(item.units or 0, 4), round(item.work or 0, 1))


def _hours(document: ProjectDocument) -> dict[int, Any]:
    """Return the working time of each task and of the project (under 0)."""
    usable, _problems = usable_calendars(document.calendars)
    found = {item.uid: item for item in usable}
    usual = whole_weeks(usable)

    def lineage(uid: int | None) -> list[Any]:
        line = []
        while uid is not None:
            item: Calendar = found[uid]
            exceptions = tuple(
                (one.from_date + timedelta(days=number), one.intervals)
                for one in item.exceptions
                for number in range((one.to_date - one.from_date).days + 1)
            )
            weeks = tuple(
                (one.from_date, one.to_date, filled(one.weekdays, usual[item.uid])) for one in item.work_weeks
            )
            line.append((item.weekdays, exceptions, weeks))
            uid = item.parent_uid
        return line

    default = document.options.default_calendar_uid
    return {0: lineage(default)} | {
        task.uid: lineage(task.calendar_uid or default)
        for task in document.tasks
        if task.kind is not TaskKind.SUMMARY
    }


def _date_differences(first: Project, second: Project) -> Iterator[str]:
    one, other = _dates(first), _dates(second)
    for uid in one.keys() | other.keys():
        if one.get(uid) != other.get(uid):
            yield f"task {uid}: dates {one.get(uid)} became {other.get(uid)}"


def _dates(project: Project) -> dict[int, Any]:
    plan = load_network(project)
    found = compute_schedule(plan.network, plan.options)
    uids = task_numbers(project)
    return {
        uids[key]: tuple(int(getattr(found, name)[at]) for name in DATES)
        for at, key in enumerate(plan.task_ids.tolist())
    }


def as_imported(document: ProjectDocument) -> ProjectDocument:
    """Return a document of the oracle with the kinds of rows that an import gives them."""
    successors = {link.succ for link in document.links}
    return replace(
        document, tasks=tuple(_row_as_imported(task, task.uid in successors) for task in document.tasks)
    )


def _row_as_imported(task: Task, is_successor: bool) -> Task:
    if task.uid == 0 and task.parent_uid is None and task.kind is TaskKind.SUMMARY:
        return replace(task, is_project=True)
    task = replace(task, percent_complete=_percent(task))
    if task.kind is TaskKind.FINISH_MILESTONE and not is_successor:
        return replace(task, kind=TaskKind.START_MILESTONE)
    return task


def _percent(task: Task) -> float:
    """Return the percentage that a file keeps beside such dates and durations."""
    if task.actual_finish is not None:
        return 100.0
    if task.actual_start is None or not task.duration or task.remaining_duration is None:
        return 0.0
    return round(100 * (1 - task.remaining_duration / task.duration), 2)
