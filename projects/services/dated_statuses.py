"""
Take over the dated statuses of many projects at once.

Everything is read, checked and made outside of the transaction; inside of it rows are only written, in
bulk, so that the database is held for as short as possible. The checks are those of the services of one
project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.models import User
from projects.choices import RESERVES, TaskKind, TimeKind
from projects.models import (
    Baseline,
    BaselineTask,
    BudgetLine,
    Calendar,
    ForecastLine,
    Project,
    StatusReport,
    Task,
    TaskProgress,
)
from projects.selectors.calendars import working_time
from projects.selectors.dated_statuses import COMPLETION, KnownFacts, Seen, load_known, marks_below
from projects.selectors.task_budgets import budgets_of_lines
from projects.services import baselines, budgets, progress, projects, reports, task_edits, tasks
from projects.services.calendars import ensure_default_calendar
from projects.services.changes import clean_columns, write_changes
from projects.services.former_values import known_on, later_day
from projects.services.outline import number_rows
from projects.services.progress_rules import ProgressDraft, checked_state
from projects.services.task_dates import KnownHours

DAY_START = time(8, 0)
DAY_END = time(17, 0)
START = "Start"
BASELINE_REASON = "First reported status taken as the original baseline, as the mapping of the import says."
HEADER = projects.EDITABLE | {"data_date", "source_reference"}
PLACES = frozenset({"org_unit", "calendar", "node"})


@dataclass(frozen=True)
class StatusSource:
    """Where statuses come from and how they are taken: the name of the source, its moment, its choices."""

    actor: User | None
    name: str
    now: datetime
    has_first_status_as_baseline: bool


@dataclass(frozen=True)
class StatusDraft:
    """
    What a source says of one project at a date.

    Parameters
    ----------
    key : int
        Names the draft, for example the row of a table.
    project_id : int or None
        The known project; None makes a new one.
    header : mapping
        Columns of a new project, or new values of a known one.
    amount : Decimal, optional
        The first one becomes the approved budget, each one the cost still expected.
    is_history : bool
        Only the status itself is added: later facts are known already.
    """

    key: int
    as_of: date
    project_id: int | None
    header: Mapping[str, Any]
    report: Mapping[str, Any]
    start: date | None = None
    finish: date | None = None
    amount: Decimal | None = None
    is_history: bool = False


@dataclass
class PreparedStatus:
    """One draft as rows that are ready to be written."""

    key: int
    project: Project
    is_new: bool
    report: StatusReport
    superseded: Sequence[int] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    added: list[Task] = field(default_factory=list)
    entries: list[TaskProgress] = field(default_factory=list)
    baseline: Baseline | None = None
    frozen: list[BaselineTask] = field(default_factory=list)
    moved: Task | None = None
    moved_from: Mapping[str, Any] = field(default_factory=dict)
    moved_to: Mapping[str, Any] = field(default_factory=dict)
    line: BudgetLine | None = None
    forecast: ForecastLine | None = None
    former_etc: Decimal | None = None


@dataclass(frozen=True)
class PreparedStatuses:
    """All drafts of a source; ``seen`` tells at the time of writing whether anything changed meanwhile."""

    source: StatusSource
    path: str
    statuses: Sequence[PreparedStatus]
    seen: Mapping[int, Seen]


class _Preparation:
    """What the drafts of one source share while they are prepared."""

    def __init__(self, source: StatusSource, calendar: Calendar) -> None:
        self.source = source
        self.calendar = calendar
        self.hours: dict[int, KnownHours] = {}

    def hours_of(self, project: Project) -> KnownHours:
        """Return the working times of a project by calendar of the task, evaluated once per calendar."""
        if project.calendar_id not in self.hours:
            self.hours[project.calendar_id] = {(None, TimeKind.WORK): working_time(project.calendar)}
        return self.hours[project.calendar_id]


def prepare_statuses(source: StatusSource, path: str, drafts: Sequence[StatusDraft]) -> PreparedStatuses:
    """
    Read and check everything; nothing is written but the default calendar on first use.

    Parameters
    ----------
    path : str
        Path of the node below which the known projects are; "" when there are none.

    Raises
    ------
    DomainError, ValidationError
        As the services of one project do.
    """
    seen = marks_below(path) if path else {}
    known = load_known(path, {draft.as_of for draft in drafts}) if path else {}
    shared = _Preparation(source, ensure_default_calendar())
    statuses = []
    for draft in drafts:
        if draft.project_id is None:
            statuses.append(_new(shared, draft))
            continue
        with known_on(draft.as_of):
            statuses.append(_known(shared, draft, known[draft.project_id]))
    return PreparedStatuses(source=source, path=path, statuses=statuses, seen=seen)


def _new(shared: _Preparation, draft: StatusDraft) -> PreparedStatus:
    facts = {**draft.header}
    code, name = facts.pop("code"), facts.pop("name")
    project = projects.draft_project(
        code=code, name=name, calendar=shared.calendar, data_date=draft.as_of, **facts
    )
    clean_columns(project, {*facts, "name", *(["code"] if code else [])}, but=PLACES)
    prepared = PreparedStatus(draft.key, project, True, _report(shared, draft, project))
    _plan(shared, draft, prepared, KnownFacts(project))
    _money(shared, draft, prepared, KnownFacts(project))
    return prepared


def _known(shared: _Preparation, draft: StatusDraft, facts: KnownFacts) -> PreparedStatus:
    project = facts.project
    prepared = PreparedStatus(
        draft.key,
        project,
        False,
        _report(shared, draft, project),
        superseded=facts.published.get(draft.as_of, ()),
    )
    if draft.is_history:
        return prepared
    changes = {**draft.header, "data_date": draft.as_of}
    for changed, other in (("planned_finish", "planned_start"), ("planned_start", "planned_finish")):
        if changed in changes and other not in changes and _is_reversed(project, changed, changes[changed]):
            changes[other] = None
    prepared.before, prepared.after = write_changes(project, changes=changes, allowed=HEADER)
    clean_columns(project, changes, but=PLACES)
    if facts.completion is not None:
        _move_completion(shared, draft, prepared, facts)
    elif not facts.has_tasks and not facts.has_baseline:
        _plan(shared, draft, prepared, facts)
    _money(shared, draft, prepared, facts)
    entered_on = later_day(draft.as_of, project.created_at)
    for row in (*prepared.added, *([prepared.line] if prepared.line else ())):
        row.entered_on = entered_on
    return prepared


def _is_reversed(project: Project, changed: str, day: date) -> bool:
    """Whether a new start or finish contradicts the other one that an older status left behind."""
    if changed == "planned_finish":
        return project.planned_start is not None and day < project.planned_start
    return project.planned_finish is not None and day > project.planned_finish


def _report(shared: _Preparation, draft: StatusDraft, project: Project) -> StatusReport:
    report = reports.draft_report(
        actor=shared.source.actor,
        project=project,
        period_end=draft.as_of,
        published_at=shared.source.now,
        source=shared.source.name[:200],
        **draft.report,
    )
    clean_columns(report, {*draft.report, "source", "period_end"})
    return report


def _plan(shared: _Preparation, draft: StatusDraft, prepared: PreparedStatus, facts: KnownFacts) -> None:
    """Make the two milestones a status knows of, and the baseline if the source says so."""
    if draft.finish is None:
        return
    project, hours = prepared.project, shared.hours_of(prepared.project)
    if draft.start is not None:
        start = datetime.combine(draft.start, DAY_START, tzinfo=UTC)
        prepared.added.append(_milestone(project, 1, START, TaskKind.START_MILESTONE, start, hours))
    finish = finish_instant(draft.finish)
    number = len(prepared.added) + 1
    completion = _milestone(project, number, COMPLETION, TaskKind.FINISH_MILESTONE, finish, hours)
    completion.is_key_milestone = True
    prepared.added.append(completion)
    number_rows(prepared.added)
    if shared.source.has_first_status_as_baseline:
        _freeze(shared, draft, prepared, facts)
    for task in prepared.added:
        clean_columns(task, {"name", "kind", "planned_start", "planned_finish"})
        is_reached = task is not completion and draft.start is not None and draft.start <= draft.as_of
        reached = task.planned_start if is_reached else None
        _note(shared, draft, prepared, ProgressDraft(task=task, actual_start=reached, actual_finish=reached))


def _milestone(
    project: Project,
    uid: int,
    name: str,
    kind: str,
    moment: datetime,
    hours: KnownHours,
) -> Task:
    facts = {"kind": kind, "planned_start": moment, "planned_finish": moment}
    return tasks.draft_task(project, uid=uid, name=name, parent=None, facts=facts, hours=hours)


def _freeze(shared: _Preparation, draft: StatusDraft, prepared: PreparedStatus, facts: KnownFacts) -> None:
    lines = [line for line in facts.lines if line.category not in RESERVES]
    bac = budgets_of_lines(prepared.project, lines, tasks=[])[1]
    prepared.baseline = baselines.draft_baseline(
        actor=shared.source.actor,
        project=prepared.project,
        tasks=prepared.added,
        bac=bac,
        number=0,
        effective_from=draft.as_of,
        name=shared.source.name[:150],
        reason=BASELINE_REASON,
    )
    prepared.frozen = [baselines.frozen_row(prepared.baseline, task, Decimal(0)) for task in prepared.added]


def _note(shared: _Preparation, draft: StatusDraft, prepared: PreparedStatus, said: ProgressDraft) -> None:
    """Keep the dates of a milestone as they were known at the status, so that the past can be shown again."""
    hours = shared.hours_of(prepared.project)[None, TimeKind.WORK]
    state = checked_state(said, project=prepared.project, data_date=draft.as_of, hours=hours)
    prepared.entries.append(
        progress.dated_entry(state, actor=shared.source.actor, task=said.task, data_date=draft.as_of)
    )
    progress.set_present(said.task, state)


def _move_completion(
    shared: _Preparation, draft: StatusDraft, prepared: PreparedStatus, facts: KnownFacts
) -> None:
    """Move the milestone to where the newer status sees it; one that was reached stays."""
    task = facts.completion
    if task is None or task.actual_finish is not None or task.actual_start is not None:
        return
    if facts.last_entry is not None and facts.last_entry > draft.as_of:
        return
    if draft.finish is not None:
        moment = finish_instant(draft.finish)
        changes = {"planned_start": moment, "planned_finish": moment}
        prepared.moved_from, prepared.moved_to = write_changes(
            task, changes=changes, allowed=task_edits.EDITABLE
        )
    prepared.moved = task
    _note(shared, draft, prepared, ProgressDraft(task=task))


def _money(shared: _Preparation, draft: StatusDraft, prepared: PreparedStatus, facts: KnownFacts) -> None:
    """Take the first amount as the approved budget, every amount as the cost still expected."""
    if draft.amount is None or draft.amount < 0:
        return
    if not facts.lines:
        name = f"Whole-life cost, {shared.source.name}"[:150]
        said = {"amount": draft.amount, "effective_from": draft.as_of, "name": name}
        prepared.line = budgets.draft_line(prepared.project, said, entered_on=None)
        clean_columns(prepared.line, said)
    found = facts.forecasts.get(draft.as_of)
    prepared.former_etc = found.etc_amount if found else None
    prepared.forecast = found or ForecastLine(project=prepared.project, made_on=draft.as_of)
    prepared.forecast.etc_amount = draft.amount
    clean_columns(prepared.forecast, ("etc_amount", "made_on"))


def finish_instant(day: date) -> datetime:
    """Return the end of work on a day, as the plan stores it."""
    return datetime.combine(day, DAY_END, tzinfo=UTC)
