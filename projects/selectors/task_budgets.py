"""What the tasks of a plan may cost."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from projects.choices import RESERVES
from projects.models import Assignment, BudgetLine, Project, Task
from projects.selectors.currency import project_amount


def task_budgets(project: Project, *, tasks: list[Task]) -> tuple[dict[int, Decimal], Decimal]:
    """
    Return the budget of each task and the budget at completion, in project currency. Fixed queries.

    Where the project has budget lines they count: lines on a task are its budget, the others are
    undistributed and part of BAC (CST-5). Without lines the planned cost of the tasks counts.
    """
    lines = list(BudgetLine.objects.filter(project=project).exclude(category__in=RESERVES))
    if lines:
        return budgets_of_lines(project, lines, tasks=tasks)
    budgets: dict[int, Decimal] = defaultdict(Decimal)
    costs = Assignment.objects.filter(task__project=project).values_list("task").annotate(Sum("cost"))
    for task_id, cost in costs:
        budgets[task_id] += cost or Decimal(0)
    for task in tasks:
        budgets[task.pk] += task.fixed_cost
    return budgets, sum((budgets[task.pk] for task in tasks), Decimal(0))


def budgets_of_lines(
    project: Project, lines: Sequence[BudgetLine], *, tasks: Sequence[Task]
) -> tuple[dict[int, Decimal], Decimal]:
    """Return the budget of each task and the budget at completion that budget lines without reserves give."""
    budgets: dict[int, Decimal] = defaultdict(Decimal)
    leaves = {task.pk for task in tasks}
    total = Decimal(0)
    for line in lines:
        amount = project_amount(
            line.amount, currency=line.currency, project=project, day=line.effective_from
        ).amount
        total += amount
        if line.task_id in leaves:
            budgets[line.task_id or 0] += amount
    return budgets, total
