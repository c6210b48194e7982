"""What undated facts were at the end of a past day, for those that changed since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from pmo_portal.common.among import Among
from projects.models import (
    FormerBudgetLine,
    FormerCalendar,
    FormerCommitment,
    FormerProject,
    FormerTask,
    TaskProgress,
)
from projects.selectors.columns import Hundredths

HEADER = (
    "state",
    "state_before_hold",
    "state_since",
    "reopen_count",
    "report_cycle",
    "is_flagship",
    "currency",
    "calendar_id",
    "data_date",
    "eac_method",
)


@dataclass(frozen=True)
class FormerHeader:
    """
    Header of a project at the end of a day.

    ``reported_late`` is the newest data date up to the day that was noted after it: a status that comes
    late belongs to the day it is about.
    """

    values: Mapping[str, Any]
    reported_late: date | None


@dataclass(frozen=True)
class FormerLine:
    """A budget line at the end of a day; cents."""

    project_id: int
    category: str
    currency: str
    cents: int
    effective_from: date


@dataclass(frozen=True)
class FormerPromise:
    """What was open of a commitment at the end of a day; cents."""

    project_id: int
    currency: str
    cents: int
    is_open: bool


def former_headers(project_ids: Sequence[int], as_of: date) -> dict[int, FormerHeader]:
    """Return the headers of projects that changed after the day. One query."""
    found: dict[int, dict[str, Any]] = {}
    later: dict[int, date] = {}
    rows = (
        FormerProject.objects.filter(Among("project_id", project_ids), known_until__gte=as_of)
        .order_by("project_id", "known_until")
        .values_list("project_id", *HEADER)
    )
    for project_id, *values in rows:
        header = dict(zip(HEADER, values, strict=True))
        if project_id not in found:
            found[project_id] = header
        elif header["data_date"] is not None and header["data_date"] <= as_of:
            later[project_id] = max(header["data_date"], later.get(project_id, date.min))
    return {pk: FormerHeader(values, later.get(pk)) for pk, values in found.items()}


def former_tasks(project_ids: Sequence[int], as_of: date) -> QuerySet[FormerTask]:
    """Return the rows of plans as they stood on the day, of those that changed after it."""
    earlier = FormerTask.objects.filter(
        task_id=OuterRef("task_id"), known_until__gte=as_of, known_until__lt=OuterRef("known_until")
    )
    return FormerTask.objects.filter(Among("project_id", project_ids), known_until__gte=as_of).filter(
        ~Exists(earlier)
    )


def task_labels(task_ids: Collection[int], as_of: date) -> dict[int, tuple[int, str, str]]:
    """Return number, WBS and name of rows that changed after the day. One query."""
    rows = (
        FormerTask.objects.filter(Among("task_id", task_ids), known_until__gte=as_of)
        .order_by("task_id", "-known_until")
        .values_list("task_id", "uid", "wbs", "name")
    )
    return {task_id: (uid, wbs, name) for task_id, uid, wbs, name in rows}


def recorded_after(entries: QuerySet[TaskProgress], as_of: date) -> QuerySet[TaskProgress]:
    """Return the progress entries that were noted after the end of the day, by the organization's clock."""
    midnight = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    return entries.filter(recorded_at__gte=midnight.astimezone(UTC))


def former_lines(project_ids: Sequence[int], as_of: date) -> dict[int, FormerLine]:
    """Return the budget lines that changed after the day, by key. One query."""
    rows = (
        FormerBudgetLine.objects.filter(Among("project_id", project_ids), known_until__gte=as_of)
        .order_by("line_id", "-known_until")
        .values_list("line_id", "project_id", "category", "currency", Hundredths("amount"), "effective_from")
    )
    return {line_id: FormerLine(*values) for line_id, *values in rows}


def former_promises(project_ids: Sequence[int], as_of: date) -> dict[int, FormerPromise]:
    """Return the commitments whose amounts changed after the day, by key. One query."""
    rows = (
        FormerCommitment.objects.filter(Among("project_id", project_ids), known_until__gte=as_of)
        .order_by("commitment_id", "-known_until")
        .values_list(
            "commitment_id",
            "project_id",
            "currency",
            Hundredths("amount"),
            Hundredths("invoiced"),
            "date",
            "commitment__closed_on",
        )
    )
    return {
        pk: FormerPromise(
            project_id,
            currency,
            max(amount, invoiced) - invoiced,
            day <= as_of and (closed_on is None or closed_on > as_of),
        )
        for pk, project_id, currency, amount, invoiced, day, closed_on in rows
    }


def former_calendars(as_of: date) -> dict[int, FormerCalendar]:
    """Return the calendars that changed after the day. One query."""
    rows = FormerCalendar.objects.filter(known_until__gte=as_of).order_by("calendar_id", "-known_until")
    return {row.calendar_id: row for row in rows}


def is_entered(as_of: date) -> Q:
    """Return the condition "the row was there at the end of the day"."""
    return Q(entered_on__isnull=True) | Q(entered_on__lte=as_of)
