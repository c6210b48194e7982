"""Schedules of the oracle as documents of the import, so that both go the same way into the engine."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from projects.interchange.document import (
    Assignment,
    Calendar,
    CalendarException,
    Interval,
    Link,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Split,
    Task,
    Weekdays,
    WorkWeek,
)
from projects.interchange.vocabulary import (
    Constraint,
    Convention,
    DurationKind,
    FloatMode,
    LagCalendar,
    LagUnit,
    LinkType,
    ProgressMode,
    ResourceKind,
    TaskKind,
    TaskType,
)

CONSTRAINTS = {
    "AS_SOON_AS_POSSIBLE": Constraint.ASAP,
    "AS_LATE_AS_POSSIBLE": Constraint.ALAP,
    "START_NO_EARLIER_THAN": Constraint.SNET,
    "START_NO_LATER_THAN": Constraint.SNLT,
    "FINISH_NO_EARLIER_THAN": Constraint.FNET,
    "FINISH_NO_LATER_THAN": Constraint.FNLT,
    "MUST_START_ON": Constraint.MSO,
    "MUST_FINISH_ON": Constraint.MFO,
    "START_ON": Constraint.SON,
    "FINISH_ON": Constraint.FON,
}
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def load(path: Path) -> dict[str, Any]:
    """Return a schedule of the oracle as it is stored."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)
    return found


def document_of(raw: dict[str, Any]) -> ProjectDocument:
    """Return the schedule as our import would hand it over."""
    convention = _convention(raw)
    return ProjectDocument(
        options=_options(raw, convention),
        calendars=tuple(_calendar(item) for item in raw["calendars"]),
        tasks=tuple(_task(item, convention) for item in raw["tasks"] if not item.get("null")),
        links=tuple(_link(item) for item in raw["links"]),
        resources=tuple(_resource(item) for item in raw["resources"]),
        assignments=tuple(_assignment(item) for item in raw["assignments"]),
    )


def _convention(raw: dict[str, Any]) -> Convention:
    is_primavera = raw["project"]["file_app"] == "Primavera" or "-p6-" in raw["id"]
    return Convention.PRIMAVERA if is_primavera else Convention.MICROSOFT


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _options(raw: dict[str, Any], convention: Convention) -> ProjectOptions:
    project = raw["project"]
    # The generated networks were dated by a scheduler that lets inflexible dates win whatever the file says.
    is_generated = project["file_type"] == "generated"
    return ProjectOptions(
        convention=convention,
        start=_moment(project["start"]),
        scheduled_from=_moment(project["status_date"]),
        planned_start=_moment(project["planned_start"]),
        must_finish_by=_moment(project["must_finish_by"]),
        default_calendar_uid=project["default_calendar_uid"],
        critical_slack_limit=project["critical_slack_limit_min"],
        honors_constraints=project["honor_constraints"] or is_generated,
        float_mode=FloatMode(project["total_slack_type"]),
        lag_calendar=LagCalendar(project["lag_calendar"]),
        progress_mode=ProgressMode(project["scheduling_progress"]),
    )


def _minutes(text: str) -> float:
    hours, minutes, *seconds = text.split(":")
    return int(hours) * 60 + int(minutes) + (float(seconds[0]) / 60 if seconds else 0)


def _intervals(hours: list[list[str]] | None) -> tuple[Interval, ...]:
    found = []
    for first, last in hours or ():
        start, end = int(_minutes(first)), int(_minutes(last))
        end = 1440 if end == 0 else end
        if end > start:
            found.append(Interval(start, end))
    return tuple(sorted(found, key=lambda item: item.start_minute))


def _weekdays(days: dict[str, Any]) -> Weekdays:
    def hours(day: dict[str, Any]) -> tuple[Interval, ...] | None:
        if day["type"] == "DEFAULT":
            return None
        return _intervals(day.get("hours")) if day["type"] == "WORKING" else ()

    return Weekdays(*(hours(days[name]) for name in DAYS))


def _calendar(item: dict[str, Any]) -> Calendar:
    return Calendar(
        uid=item["uid"],
        name=str(item["name"]),
        parent_uid=item["parent_uid"],
        weekdays=_weekdays(item["days"]),
        exceptions=tuple(
            CalendarException(
                date.fromisoformat(one["start"]),
                date.fromisoformat(one["end"]),
                intervals=_intervals(one["hours"]),
            )
            for one in sorted(item["exceptions"], key=lambda one: str(one["start"]))
        ),
        work_weeks=tuple(
            WorkWeek(
                date.fromisoformat(week["start"]),
                date.fromisoformat(week["end"]),
                weekdays=_weekdays(week["days"]),
            )
            for week in item["work_weeks"]
            if week["start"] and week["end"]
        ),
    )


def _kind(item: dict[str, Any], convention: Convention) -> TaskKind:
    if item.get("summary"):
        return TaskKind.SUMMARY
    activity = item.get("activity_type", "")
    if activity in {"START_MILESTONE", "FINISH_MILESTONE", "LEVEL_OF_EFFORT"}:
        return TaskKind(activity)
    if item.get("milestone") and not item.get("duration_min") and convention is Convention.MICROSOFT:
        return TaskKind.FINISH_MILESTONE
    return TaskKind.TASK


def _task(item: dict[str, Any], convention: Convention) -> Task:
    kept = item.get("expected") or {}
    kind = item.get("type", "FIXED_UNITS")
    return Task(
        uid=item["uid"],
        name=item.get("name") or "",
        parent_uid=item.get("parent_uid"),
        kind=_kind(item, convention),
        is_active=item.get("active", True),
        is_manual=item.get("manual", False),
        duration=item.get("duration_min"),
        duration_kind=DurationKind.ELAPSED if item.get("duration_elapsed") else DurationKind.WORK,
        remaining_duration=item.get("remaining_duration_min"),
        start=_moment(item.get("start") or kept.get("start")),
        finish=_moment(item.get("finish") or kept.get("finish")),
        early_start=_moment(kept.get("early_start")),
        actual_start=_moment(item.get("actual_start")),
        actual_finish=_moment(item.get("actual_finish")),
        task_type=TaskType.FIXED_DURATION if kind.startswith("FIXED_DURATION") else TaskType.FIXED_UNITS,
        calendar_uid=item.get("calendar_uid"),
        ignores_resource_calendars=item.get("ignore_resource_calendar", False),
        constraint=CONSTRAINTS[item.get("constraint_type") or "AS_SOON_AS_POSSIBLE"],
        constraint_date=_moment(item.get("constraint_date")),
        second_constraint=CONSTRAINTS.get(item.get("secondary_constraint_type") or ""),
        second_constraint_date=_moment(item.get("secondary_constraint_date")),
        deadline=_moment(item.get("deadline")),
        splits=tuple(
            Split(datetime.fromisoformat(start), datetime.fromisoformat(finish))
            for start, finish in item.get("splits") or ()
        ),
    )


def _link(item: dict[str, Any]) -> Link:
    kind = item.get("lag_kind")
    return Link(
        pred=item["pred"],
        succ=item["succ"],
        type=LinkType(item["type"]),
        lag=item["lag"],
        lag_unit=LagUnit.PERCENT if kind == "percent" else LagUnit.MINUTES,
        lag_kind=DurationKind.ELAPSED if kind == "elapsed" else DurationKind.WORK,
    )


def _resource(item: dict[str, Any]) -> Resource:
    kind = ResourceKind.WORK if item["type"] == "WORK" else ResourceKind.MATERIAL
    return Resource(item["uid"], item["name"] or "", kind=kind, calendar_uid=item["calendar_uid"])


def _assignment(item: dict[str, Any]) -> Assignment:
    return Assignment(
        task_uid=item["task"],
        resource_uid=item.get("resource"),
        units=(item.get("units") or 0) / 100,
        work=item.get("work_min"),
        remaining_work=item.get("remaining_work_min"),
        delay=(item.get("delay") or [None])[0],
        calendar_uid=item.get("calendar_uid"),
    )
