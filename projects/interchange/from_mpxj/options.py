"""The head of a project: options, conventions, dates."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from projects.interchange.document import ProjectOptions
from projects.interchange.from_mpxj.values import TimeUnits, minutes, moment, text
from projects.interchange.vocabulary import (
    Convention,
    CriticalMode,
    FloatMode,
    LagCalendar,
    ProgressMode,
    ScheduleFrom,
)

NOON: Final = time(12)
LAG_CALENDARS: Final = {
    "PREDECESSOR": LagCalendar.PREDECESSOR,
    "SUCCESSOR": LagCalendar.SUCCESSOR,
    "PROJECT_DEFAULT": LagCalendar.PROJECT,
    "TWENTY_FOUR_HOUR": LagCalendar.ALWAYS,
}


def time_units(properties: Any) -> TimeUnits:
    """Return how long the project's day, week and month are."""
    return TimeUnits(
        minutes_per_day=_positive(properties.getMinutesPerDay(), 480),
        minutes_per_week=_positive(properties.getMinutesPerWeek(), 2400),
        days_per_month=_positive(properties.getDaysPerMonth(), 20),
    )


def read_options(properties: Any, units: TimeUnits) -> ProjectOptions:
    """Return the head of the project as the file stores it."""
    convention = _convention(properties)
    status = moment(properties.getStatusDate())
    calendar = properties.getDefaultCalendar()
    return ProjectOptions(
        name=text(properties.getName(), limit=250),
        title=text(properties.getProjectTitle(), limit=250),
        code=text(properties.getProjectID(), limit=100),
        file_format=text(properties.getFileType(), limit=50),
        application=text(properties.getFileApplication(), limit=100),
        format_version=text(properties.getMppFileType(), limit=20),
        convention=convention,
        start=moment(properties.getStartDate()),
        finish=moment(properties.getFinishDate()),
        planned_start=moment(properties.getPlannedStart()),
        must_finish_by=moment(properties.getMustFinishBy()),
        status_date=status_day(status, convention),
        scheduled_from=status,
        schedule_from=ScheduleFrom(_enum(properties.getScheduleFrom(), "START")),
        minutes_per_day=units.minutes_per_day,
        minutes_per_week=units.minutes_per_week,
        days_per_month=units.days_per_month,
        default_start_minute=_minute(properties.getDefaultStartTime()),
        default_end_minute=_minute(properties.getDefaultEndTime()),
        default_calendar_uid=None if calendar is None else int(calendar.getUniqueID()),
        currency=text(properties.getCurrencyCode(), limit=3),
        currency_symbol=text(properties.getCurrencySymbol(), limit=10),
        critical_slack_limit=minutes(properties.getCriticalSlackLimit(), units.work()) or 0.0,
        honors_constraints=bool(properties.getHonorConstraints()),
        splits_in_progress=bool(properties.getSplitInProgressTasks()),
        has_multiple_critical_paths=bool(properties.getMultipleCriticalPaths()),
        float_mode=FloatMode(_enum(properties.getTotalSlackCalculationType(), "SMALLEST_SLACK")),
        critical_mode=CriticalMode(_enum(properties.getCriticalActivityType(), "TOTAL_FLOAT")),
        lag_calendar=_lag_calendar(properties, convention),
        progress_mode=ProgressMode(_enum(properties.getSchedulingProgressedActivities(), "RETAINED_LOGIC")),
        manager=text(properties.getManager(), limit=200),
        company=text(properties.getCompany(), limit=200),
        notes=text(properties.getNotes(), limit=20_000),
    )


def status_day(status: datetime | None, convention: Convention) -> date | None:
    """
    Return the last day whose end the status is known for (CON-6).

    Primavera's data date is the start of a day, so it means the day before; Microsoft Project's status date
    means its own day.

    Examples
    --------
    >>> status_day(datetime(2026, 3, 9, 8), Convention.PRIMAVERA)
    datetime.date(2026, 3, 8)
    >>> status_day(datetime(2026, 3, 9, 17), Convention.MICROSOFT)
    datetime.date(2026, 3, 9)
    """
    if status is None:
        return None
    starts_day = convention is Convention.PRIMAVERA and status.time() < NOON
    return status.date() - timedelta(days=1) if starts_day else status.date()


def _convention(properties: Any) -> Convention:
    application = str(properties.getFileApplication() or "")
    return Convention.PRIMAVERA if application == "Primavera" else Convention.MICROSOFT


def _lag_calendar(properties: Any, convention: Convention) -> LagCalendar:
    """Return the calendar of lags; Microsoft Project always uses the successor's, whatever MPXJ says."""
    if convention is not Convention.PRIMAVERA:
        return LagCalendar.SUCCESSOR
    return LAG_CALENDARS[_enum(properties.getRelationshipLagCalendar(), "PREDECESSOR")]


def _enum(value: Any, default: str) -> str:
    """Return the Java name of an enumeration's value, which its ``toString`` may hide."""
    return default if value is None else str(value.name())


def _positive(value: Any, default: int) -> int:
    return int(value) if value is not None and int(value) > 0 else default


def _minute(value: Any) -> int | None:
    if value is None:
        return None
    moment_of_day = time.fromisoformat(str(value))
    return moment_of_day.hour * 60 + moment_of_day.minute
