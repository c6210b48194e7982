"""The head of a document as the properties of a project of MPXJ."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from projects.interchange.document import ProjectOptions
from projects.interchange.to_mpxj.values import Values, clean, one_line
from projects.interchange.vocabulary import LagCalendar

LAG_CALENDARS = {
    LagCalendar.PREDECESSOR: "PREDECESSOR",
    LagCalendar.SUCCESSOR: "SUCCESSOR",
    LagCalendar.PROJECT: "PROJECT_DEFAULT",
    LagCalendar.ALWAYS: "TWENTY_FOUR_HOUR",
}
WRITER = "PMO Portal"
EVENING = 17 * 60


def write_options(
    project: Any,
    options: ProjectOptions,
    *,
    java: Any,
    values: Values,
    calendars: Mapping[int, Any],
    starts_day: bool,
) -> None:
    """
    Fill in the properties of a project.

    ``starts_day`` says that the format means the start of the day after the status date (Primavera).
    """
    head = project.getProjectProperties()
    head.setName(one_line(options.name))
    head.setProjectTitle(one_line(options.title or options.name))
    head.setProjectID(one_line(options.code))
    head.setAuthor(WRITER)
    head.setManager(one_line(options.manager))
    head.setCompany(one_line(options.company))
    head.setNotes(clean(options.notes))
    head.setStartDate(values.moment(options.start))
    head.setFinishDate(values.moment(options.finish))
    head.setPlannedStart(values.moment(options.planned_start or options.start))
    head.setMustFinishBy(values.moment(options.must_finish_by))
    head.setStatusDate(values.moment(_status(options, starts_day=starts_day)))
    head.setMinutesPerDay(values.whole(options.minutes_per_day))
    head.setMinutesPerWeek(values.whole(options.minutes_per_week))
    head.setDaysPerMonth(values.whole(options.days_per_month))
    if options.default_start_minute is not None:
        head.setDefaultStartTime(values.minute(options.default_start_minute))
    if options.default_end_minute is not None:
        head.setDefaultEndTime(values.minute(options.default_end_minute))
    if (calendar := calendars.get(options.default_calendar_uid or 0)) is not None:
        head.setDefaultCalendar(calendar)
    if options.currency:
        head.setCurrencyCode(options.currency)
        head.setCurrencySymbol(options.currency_symbol or options.currency)
    head.setCriticalSlackLimit(values.duration(options.critical_slack_limit))
    head.setHonorConstraints(options.honors_constraints)
    head.setMultipleCriticalPaths(options.has_multiple_critical_paths)
    head.setTotalSlackCalculationType(
        getattr(java("org.mpxj.TotalSlackCalculationType"), options.float_mode.value)
    )
    head.setRelationshipLagCalendar(
        getattr(java("org.mpxj.RelationshipLagCalendar"), LAG_CALENDARS[options.lag_calendar])
    )
    head.setSchedulingProgressedActivities(
        getattr(java("org.mpxj.SchedulingProgressedActivities"), options.progress_mode.value)
    )


def _status(options: ProjectOptions, *, starts_day: bool) -> datetime | None:
    """Return the moment the tool takes for the status date (CON-6)."""
    if options.status_date is None:
        return None
    day = datetime.combine(options.status_date, time())
    if starts_day:
        return day + timedelta(days=1)
    return day + timedelta(minutes=options.default_end_minute or EVENING)
