"""Store baselines, budget and actual cost of a document."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from projects.choices import CostCategory, CostSource
from projects.interchange.document import Baseline as DocumentBaseline
from projects.interchange.document import BaselineRow
from projects.interchange.document import Task as DocumentTask
from projects.interchange.takeover import TakenOver
from projects.interchange.vocabulary import TaskKind
from projects.models import ActualCost, Baseline, BaselineTask, BudgetLine, Project, Task
from projects.selectors.task_stretches import stored_stretches, stretches_of_tasks
from projects.services.document_values import hours_of, minutes_of, money_of, stored_moment

BATCH = 200
ZERO = Decimal(0)


def write_baselines(
    project: Project, *, taken: TakenOver, tasks: Mapping[int, Task], first_day: date, actor: Any
) -> int:
    """
    Store the baselines under their numbers and return how many.

    Tools overwrite their number 0 and keep earlier states under higher numbers, so the lowest number is the
    current one; the others take effect a day earlier and are never in force. No tool says when a baseline
    rests: a task that rests now rested the same way there if that makes the duration of its row.
    """
    planned = {placed.task.uid: placed.task for placed in taken.tasks}
    for position, item in enumerate(sorted(taken.baselines, key=lambda each: each.number)):
        budgets = _budgets(item, planned)
        baseline = Baseline.objects.create(
            project=project,
            number=item.number,
            is_current=position == 0,
            effective_from=first_day if position == 0 else first_day - timedelta(days=1),
            start=stored_moment(min((row.start for row in item.rows if row.start), default=None)),
            finish=stored_moment(max((row.finish for row in item.rows if row.finish), default=None)),
            bac=sum(budgets.values(), ZERO),
            approved_by=actor,
        )
        rows = [_row(baseline, row, tasks[row.task_uid], budgets[row.task_uid]) for row in item.rows]
        _keep_stretches(project, rows)
        BaselineTask.objects.bulk_create(rows, batch_size=BATCH)
    return len(taken.baselines)


def _budgets(item: DocumentBaseline, planned: Mapping[int, DocumentTask]) -> dict[int, Decimal]:
    """Return the budget of each row; where the baseline has no costs at all, the planned costs."""
    if any(row.cost for row in item.rows):
        return {row.task_uid: money_of(row.cost) for row in item.rows}
    return {row.task_uid: money_of(planned[row.task_uid].cost) for row in item.rows}


def _row(baseline: Baseline, row: BaselineRow, task: Task, budget: Decimal) -> BaselineTask:
    return BaselineTask(
        baseline=baseline,
        task=task,
        task_uid=task.uid,
        name=task.name,
        kind=task.kind,
        start=stored_moment(row.start),
        finish=stored_moment(row.finish),
        duration=max(0, minutes_of(row.duration) or 0),
        work_hours=hours_of(row.work),
        budget=budget,
    )


def _keep_stretches(project: Project, rows: Sequence[BaselineTask]) -> None:
    """Set the stretches of interrupted work on rows whose dates and duration they fit."""
    planned = [
        Task(
            pk=place,
            kind=row.kind,
            interruptions=row.task.interruptions,
            planned_start=row.start,
            planned_finish=row.finish,
            calendar_id=row.task.calendar_id,
            duration_kind=row.task.duration_kind,
        )
        for place, row in enumerate(rows)
        if row.task is not None and row.start is not None and row.finish is not None
    ]
    for place, stretches in stretches_of_tasks(planned, project).items():
        if sum(piece.work for piece in stretches) == rows[place].duration:
            rows[place].stretches = stored_stretches(stretches)


def write_money(project: Project, *, taken: TakenOver, tasks: Mapping[int, Task], first_day: date) -> int:
    """
    Store one budget line per task with a cost, and its actual cost; return the number of lines.

    The budget is the cost of the first baseline where the file has one, else the planned cost; a summary
    has a line for its own fixed cost. Actual cost stands on the day of the actual finish, on the data date
    while the task runs.
    """
    budgets = _line_amounts(taken)
    lines = [
        BudgetLine(
            project=project,
            task=tasks[uid],
            name=tasks[uid].name[:150],
            category=CostCategory.OTHER,
            currency=project.currency,
            amount=amount,
            effective_from=first_day,
        )
        for uid, amount in budgets.items()
    ]
    made = dict(zip(budgets, BudgetLine.objects.bulk_create(lines, batch_size=BATCH), strict=True))
    _write_costs(project, taken=taken, tasks=tasks, lines=made, first_day=first_day)
    return len(made)


def _line_amounts(taken: TakenOver) -> dict[int, Decimal]:
    """Return the amounts that are not 0 by uid."""
    frozen: Sequence[BaselineRow] = taken.baselines[0].rows if taken.baselines else ()
    costs = {row.task_uid: row.cost for row in frozen} if any(row.cost for row in frozen) else {}
    amounts = {}
    for placed in taken.tasks:
        task = placed.task
        if placed.kind is TaskKind.SUMMARY:
            amount = money_of(task.fixed_cost)
        else:
            amount = money_of(costs.get(task.uid) if costs else task.cost)
        if amount:
            amounts[task.uid] = amount
    return amounts


def _write_costs(
    project: Project,
    *,
    taken: TakenOver,
    tasks: Mapping[int, Task],
    lines: Mapping[int, BudgetLine],
    first_day: date,
) -> None:
    rows = []
    for placed in taken.tasks:
        amount = money_of(placed.task.actual_cost)
        if placed.kind is TaskKind.SUMMARY or not amount:
            continue
        rows.append(
            ActualCost(
                project=project,
                task=tasks[placed.task.uid],
                line=lines.get(placed.task.uid),
                posting_date=_posting_day(placed.task, taken.data_date, first_day),
                text=placed.task.name[:200],
                currency=project.currency,
                amount=amount,
                project_amount=amount,
                source=CostSource.IMPORT,
            )
        )
    ActualCost.objects.bulk_create(rows, batch_size=BATCH)


def _posting_day(task: DocumentTask, data_date: date | None, first_day: date) -> date:
    finished = task.actual_finish.date() if task.actual_finish else None
    if data_date is None:
        return finished or first_day
    return min(finished, data_date) if finished else data_date
