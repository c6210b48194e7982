"""Fields of the page of the plan as columns of a row, and columns as the fields people saw."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import FINISH_CONSTRAINTS, MILESTONES, ConstraintType, TaskKind, TimeKind
from projects.engine.instants import end_of_day
from projects.interchange.time_words import Length
from projects.models import Task
from projects.selectors.plan_dates import (
    constraint_moment,
    finish_moment,
    shown_constraint,
    shown_finish,
    shown_start,
    start_moment,
    to_moment,
)
from projects.selectors.plan_grid import remaining_of
from projects.selectors.task_stretches import RestDays
from projects.services.plan_changes.acts import OWN
from projects.services.plan_changes.rests import pairs_of, written_rests
from projects.services.task_edits import Around

DATELESS: Final = frozenset({ConstraintType.ASAP, ConstraintType.ALAP})
PLAIN: Final[Mapping[str, str]] = {
    "name": "name",
    "notes": "notes",
    "kind": "kind",
    "active": "is_active",
    "manual": "is_manual",
    "key": "is_key_milestone",
    "calendar": "calendar",
    "owner": "owner",
    "work": "work_hours",
    "technique": "ev_technique",
    "cost": "fixed_cost",
}
FIELD_OF_COLUMN: Final[Mapping[str, str]] = {
    **{column: name for name, column in PLAIN.items()},
    "duration": "duration",
    "duration_kind": "duration",
    "planned_start": "start",
    "planned_finish": "finish",
    "constraint_type": "constraint",
    "constraint_date": "constraint_day",
    "deadline": "deadline",
    "percent_complete": "percent",
    "percent_physical": "physical",
    "remaining_duration": "remaining",
    "predecessor": "preds",
    "calendar_id": "calendar",
    "owner_id": "owner",
    "extra": OWN,
    "data_date": "percent",
    "note": "percent",
}


def field_of(column: str | None) -> str | None:
    """Return the field of the page a column, or a field of a form, belongs to."""
    return None if column is None else FIELD_OF_COLUMN.get(column, column)


def edited_columns(around: Around, task: Task, fields: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the columns an edit of fields writes, as `apply_edit` takes them; progress and links aside.

    Raises
    ------
    DomainError
        On the field, where a value cannot be.
    """
    found: dict[str, Any] = {PLAIN[name]: value for name, value in fields.items() if name in PLAIN}
    if "duration" in fields:
        found |= _duration(fields["duration"])
        if fields["duration"].minutes == 0 and "kind" not in fields and _may_be_milestone(around, task):
            found["kind"] = TaskKind.FINISH_MILESTONE
    if {"constraint", "constraint_day"} & fields.keys():
        found |= _constraint(task, fields)
    if {"start", "finish"} & fields.keys():
        found |= _dates(around, task, fields, is_manual=found.get("is_manual", task.is_manual))
    if "deadline" in fields:
        day = fields["deadline"]
        found["deadline"] = day and to_moment(end_of_day(day))
    if "interruptions" in fields:
        found["interruptions"] = _rests(around, task, fields["interruptions"], found)
    own = {name.removeprefix(OWN): value for name, value in fields.items() if name.startswith(OWN)}
    if own:
        merged = {**task.extra, **own}
        found["extra"] = {name: value for name, value in merged.items() if value != ""}
    return found


def _may_be_milestone(around: Around, task: Task) -> bool:
    """Whether no duration makes it a milestone, as in Microsoft Project: a task nobody works on or began."""
    is_free = task.kind == TaskKind.TASK and task.actual_start is None
    return is_free and not around.has_children(task) and not around.is_assigned(task)


def _rests(around: Around, task: Task, days: Sequence[RestDays], said: Mapping[str, Any]) -> list[list[int]]:
    """Return days without work as they are stored; they count from the start the same step says."""
    wanted = copy(task)
    for name in ("kind", "calendar", "duration_kind", "planned_start"):
        if name in said:
            setattr(wanted, name, said[name])
    return pairs_of(wanted, days, around.hours(wanted))


def _duration(length: Length) -> dict[str, Any]:
    if length.minutes < 0:
        raise DomainError(_("A duration cannot be negative."), code="NEGATIVE", field="duration")
    kind = TimeKind.ELAPSED if length.is_elapsed else TimeKind.WORK
    return {"duration": length.minutes, "duration_kind": kind}


def _constraint(task: Task, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return type and date; a day given to a task without a dated type means "start no earlier than"."""
    kind = fields.get("constraint", task.constraint_type)
    day = fields["constraint_day"] if "constraint_day" in fields else constraint_day(task)
    if "constraint" not in fields:
        if day is None:
            kind = ConstraintType.ASAP if kind not in DATELESS else kind
        elif kind in DATELESS:
            kind = ConstraintType.SNET
    if kind in DATELESS:
        return {"constraint_type": kind, "constraint_date": None}
    if day is None:
        ends = kind in FINISH_CONSTRAINTS
        day = shown_finish(task.planned_finish) if ends else shown_start(task.planned_start)
    if day is None:
        raise DomainError(
            _("This constraint needs a date."), code="CONSTRAINT_NEEDS_DATE", field="constraint_day"
        )
    return {"constraint_type": kind, "constraint_date": constraint_moment(kind, day)}


def constraint_day(task: Task) -> date | None:
    """Return the day of the constraint as people see it."""
    return shown_constraint(task.constraint_type, task.constraint_date)


def _dates(around: Around, task: Task, fields: Mapping[str, Any], *, is_manual: bool) -> dict[str, Any]:
    """Return planned dates; those of a computed milestone are a constraint on its day."""
    is_computed = around.project.is_auto_scheduled and not is_manual
    kind = fields.get("kind", task.kind)
    if is_computed and task.actual_start is not None:
        raise DomainError(
            _("The task has started: change its actual start or the duration that remains."),
            code="STARTED",
            field="start" if "start" in fields else "finish",
        )
    if is_computed and kind in MILESTONES:
        return _milestone(kind, fields["finish"] if "finish" in fields else fields["start"])
    hours = around.hours(task)
    found: dict[str, Any] = {}
    if "start" in fields:
        found["planned_start"] = as_moment(fields["start"], hours, is_finish=False)
    if "finish" in fields:
        found["planned_finish"] = as_moment(fields["finish"], hours, is_finish=True)
    if is_computed and "finish" in found and found["planned_finish"] is None:
        raise DomainError(
            _("The finish follows from start and duration, so it cannot be empty."),
            code="FINISH_NEEDED",
            field="finish",
        )
    return found


def _milestone(kind: str, value: date | datetime | None) -> dict[str, Any]:
    if value is None:
        return {"constraint_type": ConstraintType.ASAP, "constraint_date": None}
    bound = ConstraintType.FNET if kind == TaskKind.FINISH_MILESTONE else ConstraintType.SNET
    moment = value if isinstance(value, datetime) else constraint_moment(bound, value)
    return {"constraint_type": bound, "constraint_date": moment}


def as_moment(value: date | datetime | None, hours: Any, *, is_finish: bool) -> datetime | None:
    """Return the moment of a day in working time; moments stay what they are."""
    if value is None or isinstance(value, datetime):
        return value
    return (finish_moment if is_finish else start_moment)(value, working_time=hours)


def progress_of(around: Around, task: Task, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `ProgressDraft` takes; what a person does not say stays as it is."""
    hours = around.hours(task)
    said: dict[str, Any] = {
        "actual_start": task.actual_start,
        "actual_finish": task.actual_finish,
        "percent_complete": fields.get("percent"),
        "percent_physical": fields.get("physical"),
        "remaining_duration": None,
    }
    for name in ("actual_start", "actual_finish"):
        if name in fields:
            said[name] = _actual(fields[name], getattr(task, name), hours, is_finish=name == "actual_finish")
    if "remaining" in fields and fields["remaining"] is not None:
        said["remaining_duration"] = max(0, fields["remaining"].minutes)
    elif "percent" not in fields and said["actual_finish"] is None:
        left = task.remaining_duration
        said["remaining_duration"] = task.duration if left is None else left
    return said


def _actual(
    value: date | datetime | None, former: datetime | None, hours: Any, *, is_finish: bool
) -> datetime | None:
    """Return the moment of a day; an unchanged day keeps its exact moment."""
    shown = (shown_finish if is_finish else shown_start)(former)
    if former is not None and value == shown:
        return former
    return as_moment(value, hours, is_finish=is_finish)


def shown_value(task: Task, field: str) -> Any:
    """Return what a person sees in a field, as the words of the page are read; links aside."""
    if field.startswith(OWN):
        return task.extra.get(field.removeprefix(OWN), "")
    if field == "duration":
        return Length(task.duration, task.duration_kind == TimeKind.ELAPSED)
    if field == "remaining":
        left = remaining_of(task.kind, task.actual_start, task.duration, task.remaining_duration)
        return None if left is None else Length(left, task.duration_kind == TimeKind.ELAPSED)
    if field == "constraint_day":
        return constraint_day(task)
    if field in _MOMENTS:
        return getattr(task, _MOMENTS[field])
    if field in _DIRECT:
        return getattr(task, _DIRECT[field])
    return getattr(task, PLAIN[field])


_MOMENTS: Final[Mapping[str, str]] = {
    "start": "planned_start",
    "finish": "planned_finish",
    "deadline": "deadline",
    "actual_start": "actual_start",
    "actual_finish": "actual_finish",
}
_DIRECT: Final[Mapping[str, str]] = {
    "percent": "percent_complete",
    "physical": "percent_physical",
    "constraint": "constraint_type",
}
_FINISHES: Final = frozenset({"finish", "deadline", "actual_finish"})


def is_same(field: str, said: Any, present: Any, *, kind: str) -> bool:
    """Whether two values of a field are the same to a person: days are days, lengths are minutes."""
    if field in _MOMENTS and isinstance(present, datetime) and not isinstance(said, datetime):
        ends = field in _FINISHES if kind not in MILESTONES else kind == TaskKind.FINISH_MILESTONE
        return bool((shown_finish if ends or field == "deadline" else shown_start)(present) == said)
    if isinstance(said, datetime) and isinstance(present, datetime):
        return said.replace(second=0, microsecond=0) == present.replace(second=0, microsecond=0)
    if isinstance(said, Length) and isinstance(present, Length):
        return said.minutes == present.minutes and (field == "remaining" or said == present)
    if isinstance(said, Decimal) and isinstance(present, Decimal):
        return said.quantize(Decimal("0.01")) == present.quantize(Decimal("0.01"))
    return bool(said == present)


def plain_value(value: Any) -> Any:
    """Return a value of a field as JSON says it."""
    if isinstance(value, Length):
        return value.minutes
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return written_rests(value)
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)
