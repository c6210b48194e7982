"""What published reports said of key milestones and of the finish (domain 12)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from projects.choices import MILESTONES
from projects.engine.milestone_trend import MilestoneTrend, milestone_trend
from projects.models import FormerTask, Project, ProjectSnapshot, StatusReport, Task, TaskProgress
from projects.selectors.plan_dates import shown_finish

REPORTS = 24
MILESTONES_SHOWN = 12


@dataclass(frozen=True)
class Forecast:
    """What was expected of a milestone at the end of a report's data date."""

    day: date | None
    is_reached: bool = False


@dataclass(frozen=True)
class TrendRow:
    """A milestone with its forecasts, one for each report."""

    uid: int
    wbs: str
    name: str
    forecasts: tuple[Forecast, ...]
    trend: MilestoneTrend


@dataclass(frozen=True)
class SlipPoint:
    """Forecast finish against the original baseline at a report, in working days; None with its reason."""

    finish: date | None
    slip_wd: int | None
    reason: str


@dataclass(frozen=True)
class TrendPage:
    """
    The last published reports with the forecasts of milestones and the slip of the finish.

    ``only_key`` says whether the milestones are the key ones; a plan without any shows its others.
    """

    days: tuple[date, ...]
    rows: tuple[TrendRow, ...]
    slips: tuple[SlipPoint, ...]
    only_key: bool
    left_out: int


def trend_page(project: Project, *, user: Any) -> TrendPage:
    """Return the forecasts of milestones at the last 24 published reports. Five queries."""
    days = _report_days(project)
    tasks = list(
        Task.objects.visible_to(user).filter(project=project, kind__in=MILESTONES, is_active=True).in_order()
    )
    key = [task for task in tasks if task.is_key_milestone]
    chosen = (key or tasks)[:MILESTONES_SHOWN]
    states = _States(chosen)
    return TrendPage(
        days=days,
        rows=tuple(_row(task, states, days) for task in chosen) if days else (),
        slips=_slips(project, days),
        only_key=bool(key),
        left_out=len(key or tasks) - len(chosen),
    )


def _report_days(project: Project) -> tuple[date, ...]:
    """Return the data dates of the last published reports, oldest first. One query."""
    reports = StatusReport.objects.filter(project=project).published().order_by("-data_date")
    newest = reports.values_list("data_date", flat=True).distinct()[:REPORTS]
    return tuple(reversed(newest))


def _row(task: Task, states: "_States", days: Sequence[date]) -> TrendRow:
    forecasts = tuple(states.forecast(task, day) for day in days)
    numbers = [forecast.day.toordinal() if forecast.day else None for forecast in forecasts]
    trend = milestone_trend(numbers, is_reached=forecasts[-1].is_reached)
    return TrendRow(task.uid, task.wbs, task.name, forecasts, trend)


class _States:
    """
    Milestones as they were known at the end of past days: the same rule as for measures of a past day.

    The dates of the row as it stood count, unless a report has moved it since: then what the newest
    report up to the day forecast.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        """Read former values and progress. Two queries."""
        ids = [task.pk for task in tasks]
        self._former: dict[int, list[FormerTask]] = defaultdict(list)
        self._entries: dict[int, list[TaskProgress]] = defaultdict(list)
        for row in FormerTask.objects.filter(task_id__in=ids).order_by("task_id", "known_until"):
            self._former[row.task_id].append(row)
        for entry in TaskProgress.objects.filter(task_id__in=ids).order_by("task_id", "data_date"):
            self._entries[entry.task_id].append(entry)

    def forecast(self, task: Task, day: date) -> Forecast:
        """Return what was known of a milestone at the end of a day."""
        former = next((row for row in self._former[task.pk] if row.known_until >= day), None)
        state = former or task
        if state.entered_on is not None and state.entered_on > day:
            return Forecast(None)
        entries = self._entries[task.pk]
        entry = next((entry for entry in reversed(entries) if entry.data_date <= day), None)
        actual = entry.actual_finish if entry else _known_actual(state, entries)
        if actual is not None and (reached := shown_finish(actual)) is not None and reached <= day:
            return Forecast(reached, is_reached=True)
        is_outdated = _noted_after(entry, day) if former else any(other.data_date > day for other in entries)
        if entry is not None and entry.forecast_finish is not None and is_outdated:
            return Forecast(shown_finish(entry.forecast_finish))
        return Forecast(shown_finish(state.planned_finish))


def _known_actual(state: Task | FormerTask, entries: Sequence[TaskProgress]) -> datetime | None:
    """Return the actual finish of a row without a report up to the day: unknown if reports came later."""
    return None if entries and isinstance(state, Task) else state.actual_finish


def _noted_after(entry: TaskProgress | None, day: date) -> bool:
    """Say whether a report was written down after the end of the day, by the organization's clock."""
    if entry is None:
        return False
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    return entry.recorded_at >= midnight.astimezone(UTC)


def _slips(project: Project, days: Sequence[date]) -> tuple[SlipPoint, ...]:
    """Return the slip of the finish at each report, from what was measured then. One query."""
    rows = ProjectSnapshot.objects.filter(project=project, as_of__in=days)
    measured = {row.as_of: row for row in rows}
    return tuple(_slip(measured.get(day)) for day in days)


def _slip(row: ProjectSnapshot | None) -> SlipPoint:
    if row is None:
        return SlipPoint(None, None, "INSUFFICIENT_DATA")
    text = row.measures.get("time", {}).get("original_slip_wd")
    reason = row.reasons.get("original_slip_wd", "")
    return SlipPoint(row.forecast_finish, None if text is None else int(text), reason)
