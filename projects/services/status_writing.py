"""Write prepared statuses of many projects in bulk; the caller holds the transaction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.services import scopes
from pmo_portal.audit import services as audit
from pmo_portal.common.insertions import Insertion
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.choices import ReportState
from projects.models import (
    Baseline,
    BaselineTask,
    BudgetLine,
    ForecastLine,
    Project,
    StatusReport,
    Task,
    TaskProgress,
)
from projects.selectors.dated_statuses import marks_below
from projects.services import baselines, budgets, costs, projects, reports, tasks
from projects.services.changes import IDS_AT_ONCE, mark_changed
from projects.services.dated_statuses import PreparedStatus, PreparedStatuses
from projects.services.former_values import remember_known_on
from projects.services.progress import ENTRY_COLUMNS
from projects.services.schedules import settle_plan

PROJECT_COLUMNS = (
    "category",
    "planned_start",
    "planned_finish",
    "data_date",
    "source_reference",
    "version",
)
TASK_COLUMNS = ("planned_start", "planned_finish", "remaining_duration", "version")


class ChangedMeanwhile(Exception):
    """Somebody changed a project between reading and writing: prepare again."""


@dataclass(frozen=True)
class Rows:
    """
    Everything that is written of prepared statuses, converted for the database, in the order it is written.

    ``number`` is that of the first project without a code of its own, None when there is none.
    """

    number: int | None
    nodes: Insertion[ScopeNode]
    projects: Insertion[Project]
    tasks: Insertion[Task]
    baselines: Insertion[Baseline]
    frozen: Insertion[BaselineTask]
    entries: Insertion[TaskProgress]
    lines: Insertion[BudgetLine]
    forecasts: Insertion[ForecastLine]
    reports: Insertion[StatusReport]
    trail: audit.PreparedTrail


def rows_of(prepared: PreparedStatuses, *, home: str) -> Rows:
    """Return everything that is to be written, made ready outside of the transaction; ``home`` is a title."""
    statuses = prepared.statuses
    new = [status.project for status in statuses if status.is_new]
    number = None
    for project in new:
        project.node = ScopeNode(kind=ScopeKind.PROJECT, title=project.name[:250])
    without_code = [project for project in new if not project.code]
    if without_code:
        number = projects.next_number(is_locking=False)
    for place, project in enumerate(without_code, start=number or 0):
        project.code = f"{projects.CODE_PREFIX}{place:04d}"
    changes = [change for status in statuses for change in _changes(status, home)]
    forecasts: list[Any] = [status.forecast for status in statuses if status.forecast]
    return Rows(
        number=number,
        trail=audit.prepare_changes(actor=prepared.source.actor, changes=changes),
        nodes=Insertion(ScopeNode, [project.node for project in new]),
        projects=Insertion(Project, new),
        tasks=Insertion(Task, [task for status in statuses for task in status.added]),
        baselines=Insertion(Baseline, [status.baseline for status in statuses if status.baseline]),
        frozen=Insertion(BaselineTask, [row for status in statuses for row in status.frozen]),
        entries=Insertion(TaskProgress, [entry for status in statuses for entry in status.entries]),
        lines=Insertion(BudgetLine, [status.line for status in statuses if status.line]),
        forecasts=Insertion(
            ForecastLine,
            [each for each in forecasts if each.pk is None],
        ),
        reports=Insertion(StatusReport, [status.report for status in statuses]),
    )


def write_statuses(prepared: PreparedStatuses, rows: Rows, *, home: ScopeNode) -> list[Project]:
    """
    Write all rows; return the new projects. The number of statements does not depend on theirs.

    The caller holds the transaction, and orders the roll-up.

    Raises
    ------
    ChangedMeanwhile
        When a project below the node was changed, made or moved, or a number was taken, meanwhile.
    """
    number = projects.next_number()
    if rows.number is not None and rows.number != number:
        raise ChangedMeanwhile
    if prepared.path and marks_below(prepared.path, is_locking=True) != prepared.seen:
        raise ChangedMeanwhile
    statuses = prepared.statuses
    _remember(statuses)
    _insert_projects(rows, home)
    rows.tasks.write()
    rows.baselines.write()
    rows.frozen.write()
    rows.entries.write(unique=("task", "data_date"), overwrite=ENTRY_COLUMNS)
    rows.lines.write()
    rows.forecasts.write()
    superseded = [pk for status in statuses for pk in status.superseded]
    for start in range(0, len(superseded), IDS_AT_ONCE):
        part = StatusReport.objects.filter(pk__in=superseded[start : start + IDS_AT_ONCE])
        part.update(state=ReportState.SUPERSEDED)
    rows.reports.write()
    _update_known(statuses)
    audit.record_prepared(rows.trail)
    mark_changed([status.project.pk for status in statuses if not status.is_new])
    return rows.projects.rows


def _insert_projects(rows: Rows, home: ScopeNode) -> None:
    if rows.projects.rows:
        projects.require_home(home)
        scopes.save_nodes(rows.nodes, parent=home)
        rows.projects.write()


def _remember(statuses: Sequence[PreparedStatus]) -> None:
    """Keep what known projects were, by the day of their statuses, before anything of them is written."""
    days: dict[date, list[PreparedStatus]] = defaultdict(list)
    for status in statuses:
        if status.after or status.moved is not None:
            days[status.report.period_end].append(status)
    for day, changed in sorted(days.items()):
        remember_known_on(
            day,
            project_ids=[status.project.pk for status in changed],
            task_ids=[status.moved.pk for status in changed if status.moved is not None],
        )


def _update_known(statuses: Sequence[PreparedStatus]) -> None:
    changed = [status for status in statuses if status.after]
    for status in changed:
        status.project.version += 1
    update_rows(Project, [_columns(status.project, PROJECT_COLUMNS) for status in changed])
    moved = [status.moved for status in statuses if status.moved is not None]
    for task in moved:
        task.version += 1
    update_rows(Task, [_columns(task, TASK_COLUMNS) for task in moved])
    known = [status.forecast for status in statuses if status.former_etc is not None]
    update_rows(ForecastLine, [_columns(forecast, ("etc_amount",)) for forecast in known])
    for status in statuses:
        if status.moved is not None and (status.moved.parent_id or status.project.is_auto_scheduled):
            settle_plan(status.project)


def _columns(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {"pk": row.pk, **{name: getattr(row, name) for name in names}}


def _changes(status: PreparedStatus, home: str) -> Iterator[audit.Change]:
    """Return what the audit trail says of one status."""
    project, node = status.project, status.project.node
    if status.is_new:
        yield projects.creation_of(project, home=home)
    elif status.after:
        yield audit.Change(actions.PROJECT_CHANGED, project, node, status.before, status.after)
    if status.added:
        yield tasks.adding_of(project, first=status.added[0].uid, count=len(status.added))
    if status.baseline is not None:
        yield baselines.setting_of(status.baseline, len(status.frozen))
    if status.moved is not None and status.moved_to:
        yield audit.Change(actions.TASK_CHANGED, status.moved, node, status.moved_from, status.moved_to)
    if status.line is not None:
        yield budgets.creation_of(status.line, project)
    if status.forecast is not None:
        yield costs.forecasting_of(status.forecast, former=status.former_etc)
    yield reports.publication_of(status.report, superseded=status.superseded)
