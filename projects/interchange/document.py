"""
The neutral project document: what a schedule file says, free of the tool that wrote it.

Units, everywhere in this module: durations, work, slack and lags are minutes (working minutes unless the
kind says elapsed) and may carry a fraction, since tools keep tenths of minutes; percentages are 0 to 100;
units of resources are 1.0 for one full time; money is ``Decimal`` in the project's currency; moments are
local date-times without zone; the finish of a task is the instant at which its work ends; the dates of
calendar exceptions, work weeks and periods are inclusive at both ends, as tools show them.
``None`` means that the file does not say.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from projects.interchange.problems import Problem
from projects.interchange.vocabulary import (
    Constraint,
    Convention,
    CriticalMode,
    DurationKind,
    FloatMode,
    LagCalendar,
    LagUnit,
    LinkType,
    ProgressMode,
    ResourceKind,
    ScheduleFrom,
    TaskKind,
    TaskType,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of working time within one day: ``0 <= start_minute < end_minute <= 1440``."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Working intervals per weekday; ``None`` inherits from the parent calendar, ``()`` is a day off."""

    monday: tuple[Interval, ...] | None = None
    tuesday: tuple[Interval, ...] | None = None
    wednesday: tuple[Interval, ...] | None = None
    thursday: tuple[Interval, ...] | None = None
    friday: tuple[Interval, ...] | None = None
    saturday: tuple[Interval, ...] | None = None
    sunday: tuple[Interval, ...] | None = None

    def days(self) -> tuple[tuple[Interval, ...] | None, ...]:
        """Return the seven days, Monday first."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


@dataclass(frozen=True, slots=True)
class CalendarException:
    """Days (both ends included) whose working time differs; no intervals means no work."""

    from_date: date
    to_date: date
    name: str = ""
    intervals: tuple[Interval, ...] = ()
    is_recurring: bool = False


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """A weekly pattern that holds for a period only (both ends included)."""

    from_date: date
    to_date: date
    name: str = ""
    weekdays: Weekdays = field(default_factory=Weekdays)


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    Working time: exception before work week before weekday, own before parent.

    Recurring exceptions are expanded into single ones. ``is_personal`` marks a resource's own calendar.
    """

    uid: int
    name: str
    parent_uid: int | None = None
    weekdays: Weekdays = field(default_factory=Weekdays)
    exceptions: tuple[CalendarException, ...] = ()
    work_weeks: tuple[WorkWeek, ...] = ()
    minutes_per_day: int | None = None
    minutes_per_week: int | None = None
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """One stretch of work of a task that is interrupted."""

    start: datetime
    finish: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """
    A row of the plan with what the file stores about it, nothing recomputed.

    ``is_project`` marks the row that stands for the project itself (row 0 of Microsoft Project).
    ``is_milestone`` is the tool's mark, which a task with a duration may carry too; ``kind`` is a milestone
    only without duration. ``guid`` stays with the row for ever where the tool has such a number,
    ``uid`` within one plan. ``external_bound`` is the moment before which another project does not let it
    start. ``extra`` keeps custom fields by their visible name, values as text.
    """

    uid: int
    name: str
    id: int | None = None
    parent_uid: int | None = None
    wbs: str = ""
    outline_number: str = ""
    outline_level: int = 0
    activity_id: str = ""
    guid: str = ""
    kind: TaskKind = TaskKind.TASK
    is_project: bool = False
    is_milestone: bool = False
    is_active: bool = True
    is_manual: bool = False
    is_external: bool = False
    is_recurring: bool = False
    is_estimated: bool = False
    duration: float | None = None
    duration_kind: DurationKind = DurationKind.WORK
    remaining_duration: float | None = None
    actual_duration: float | None = None
    start: datetime | None = None
    finish: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    early_start: datetime | None = None
    early_finish: datetime | None = None
    late_start: datetime | None = None
    late_finish: datetime | None = None
    start_slack: float | None = None
    finish_slack: float | None = None
    total_slack: float | None = None
    free_slack: float | None = None
    is_critical: bool | None = None
    percent_complete: float | None = None
    percent_work_complete: float | None = None
    percent_physical: float | None = None
    work: float | None = None
    actual_work: float | None = None
    remaining_work: float | None = None
    task_type: TaskType = TaskType.FIXED_UNITS
    is_effort_driven: bool = False
    calendar_uid: int | None = None
    ignores_resource_calendars: bool = False
    constraint: Constraint = Constraint.ASAP
    constraint_date: datetime | None = None
    second_constraint: Constraint | None = None
    second_constraint_date: datetime | None = None
    deadline: datetime | None = None
    external_bound: datetime | None = None
    priority: int | None = None
    notes: str = ""
    cost: Decimal | None = None
    actual_cost: Decimal | None = None
    remaining_cost: Decimal | None = None
    fixed_cost: Decimal | None = None
    suspend_at: datetime | None = None
    resume_at: datetime | None = None
    splits: tuple[Split, ...] = ()
    leveling_delay: float | None = None
    leveling_delay_kind: DurationKind = DurationKind.ELAPSED
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """
    A dependency between two tasks.

    ``lag`` is minutes or, with unit PERCENT, percent of the predecessor's duration; negative is a lead.
    ``lag_calendar`` ``None`` leaves it to the convention of the document.
    """

    pred: int
    succ: int
    type: LinkType = LinkType.FS
    lag: float = 0.0
    lag_unit: LagUnit = LagUnit.MINUTES
    lag_kind: DurationKind = DurationKind.WORK
    lag_calendar: LagCalendar | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody or something that works; ``rate`` is money per hour (per unit for material)."""

    uid: int
    name: str
    id: int | None = None
    kind: ResourceKind = ResourceKind.WORK
    calendar_uid: int | None = None
    max_units: float | None = None
    rate: Decimal | None = None
    cost_per_use: Decimal | None = None
    email: str = ""
    group: str = ""
    initials: str = ""
    is_generic: bool = False
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A resource on a task; ``resource_uid`` is ``None`` where the file names nobody."""

    task_uid: int
    resource_uid: int | None = None
    units: float | None = None
    work: float | None = None
    actual_work: float | None = None
    remaining_work: float | None = None
    cost: Decimal | None = None
    actual_cost: Decimal | None = None
    remaining_cost: Decimal | None = None
    start: datetime | None = None
    finish: datetime | None = None
    delay: float | None = None
    contour: str = ""
    calendar_uid: int | None = None


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """What a baseline says about one task."""

    task_uid: int
    start: datetime | None = None
    finish: datetime | None = None
    duration: float | None = None
    work: float | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A frozen earlier state of the plan; number 0 is the first."""

    number: int
    rows: tuple[BaselineRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectOptions:
    """
    The head of a schedule.

    ``status_date`` is the last day whose end the status is known for (CON-6): tools whose data date is the
    start of a day give the day before. ``scheduled_from`` keeps the instant as the file has it.
    ``has_start_day`` says that ``planned_start`` is a day somebody gave the plan, no moment of a tool.
    """

    name: str = ""
    title: str = ""
    code: str = ""
    file_format: str = ""
    application: str = ""
    format_version: str = ""
    convention: Convention = Convention.MICROSOFT
    start: datetime | None = None
    finish: datetime | None = None
    planned_start: datetime | None = None
    has_start_day: bool = False
    must_finish_by: datetime | None = None
    status_date: date | None = None
    scheduled_from: datetime | None = None
    schedule_from: ScheduleFrom = ScheduleFrom.START
    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    days_per_month: int = 20
    default_start_minute: int | None = None
    default_end_minute: int | None = None
    default_calendar_uid: int | None = None
    currency: str = ""
    currency_symbol: str = ""
    critical_slack_limit: float = 0.0
    honors_constraints: bool = False
    splits_in_progress: bool = False
    has_multiple_critical_paths: bool = False
    float_mode: FloatMode = FloatMode.SMALLEST
    critical_mode: CriticalMode = CriticalMode.TOTAL_FLOAT
    lag_calendar: LagCalendar = LagCalendar.PREDECESSOR
    progress_mode: ProgressMode = ProgressMode.RETAINED_LOGIC
    manager: str = ""
    company: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ProjectDocument:
    """
    One project of a schedule file.

    ``blank_rows`` counts the empty rows of the sheet, which are not among the tasks. Links, assignments and
    baselines refer to tasks, resources and calendars of the same document by ``uid``.
    """

    options: ProjectOptions
    calendars: tuple[Calendar, ...] = ()
    tasks: tuple[Task, ...] = ()
    links: tuple[Link, ...] = ()
    resources: tuple[Resource, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    blank_rows: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """Return the project's name, or its title where it has none."""
        return self.options.name or self.options.title
