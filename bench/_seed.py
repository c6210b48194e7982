"""Fast, reproducible bulk data for measurements: one plan is written, the others are copied by SQL."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.services.scopes import create_node, organization_node
from portfolio.models import Portfolio, PortfolioComponent
from projects.models import (
    ActualCost,
    Baseline,
    BaselineTask,
    BudgetLine,
    Calendar,
    Project,
    StatusReport,
    Task,
    TaskProgress,
)

SEED = 17
AS_OF = date(2026, 3, 31)
FIRST_DAY = date(2025, 9, 1)
BATCH = 500


@dataclass(frozen=True)
class Seeded:
    """What was made."""

    portfolios: list[Portfolio]
    project_ids: list[int]


def _moment(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def seed_portfolios(count: int) -> list[Portfolio]:
    """Make ``P0`` and ``count`` portfolios that are parts of it."""
    organization_node()
    root = Portfolio.objects.create(
        code="P0", name="Everything", node=create_node(kind="PORTFOLIO", parent=None, title="Everything")
    )
    parts = [
        Portfolio.objects.create(
            code=f"P{number}",
            name=f"Part {number}",
            parent=root,
            node=create_node(kind="PORTFOLIO", parent=root.node, title=f"Part {number}"),
        )
        for number in range(1, count + 1)
    ]
    return [root, *parts]


def seed_projects(*, projects: int, tasks: int, portfolios: int = 10) -> Seeded:
    """
    Make projects of ``tasks`` tasks each with baseline, progress, budget, monthly costs and a report.

    Copies differ in progress and cost by arithmetic on their numbers and ``SEED``: the same sizes always
    make the same rows.
    """
    homes = seed_portfolios(portfolios)
    made = _projects(projects, homes[1:])
    _template(made[0], tasks)
    if projects > 1:
        _copy_plans(made[0], made[1].pk, made[-1].pk)
    return Seeded(portfolios=homes, project_ids=[project.pk for project in made])


def _projects(count: int, homes: list[Portfolio]) -> list[Project]:
    calendar = Calendar.objects.create(name="Standard", is_default=True)
    places = [homes[number % len(homes)] for number in range(count)]
    first = (ScopeNode.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    nodes = ScopeNode.objects.bulk_create(
        [
            ScopeNode(
                pk=first + number,
                kind="PROJECT",
                parent=home.node,
                title=f"Project {number}",
                path=f"{home.node.path}{first + number}/",
            )
            for number, home in enumerate(places)
        ],
        batch_size=BATCH,
    )
    made = Project.objects.bulk_create(
        [
            Project(
                code=f"BENCH-{number:05d}",
                name=f"Project {number}",
                node=node,
                calendar=calendar,
                state="EXECUTING",
                state_since=FIRST_DAY,
                data_date=AS_OF,
            )
            for number, node in enumerate(nodes)
        ],
        batch_size=BATCH,
    )
    PortfolioComponent.objects.bulk_create(
        [
            PortfolioComponent(project=project, portfolio=home)
            for project, home in zip(made, places, strict=True)
        ],
        batch_size=BATCH,
    )
    return made


def _template(project: Project, tasks: int) -> None:
    """Write the plan that is copied."""
    baseline = Baseline.objects.create(
        project=project,
        number=0,
        effective_from=FIRST_DAY,
        start=_moment(FIRST_DAY, 8),
        finish=_moment(FIRST_DAY + timedelta(days=364), 17),
        bac=Decimal(1000) * tasks,
    )
    rows = []
    for uid in range(1, tasks + 1):
        start = FIRST_DAY + timedelta(days=(uid * 330) // tasks)
        finish = start + timedelta(days=14 + (0, 0, 1, 0, 5, 0)[uid % 6])
        rows.append(
            Task(
                project=project,
                uid=uid,
                position=uid,
                sort_path=f"{uid:05d}",
                wbs=str(uid),
                name=f"Task {uid}",
                duration=4800,
                planned_start=_moment(start, 8),
                planned_finish=_moment(finish, 17),
                is_key_milestone=uid % 20 == 0,
            )
        )
    Task.objects.bulk_create(rows, batch_size=BATCH)
    BaselineTask.objects.bulk_create(
        [
            BaselineTask(
                baseline=baseline,
                task=row,
                task_uid=row.uid,
                name=row.name,
                kind=row.kind,
                is_key_milestone=row.is_key_milestone,
                start=row.planned_start,
                finish=_moment(row.planned_start.date() + timedelta(days=14), 17),
                duration=4800,
                budget=Decimal(1000),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    _facts_of_template(project, rows, tasks)


def _facts_of_template(project: Project, rows: list[Task], tasks: int) -> None:
    """Write progress, budget, costs and a report of the plan that is copied."""
    TaskProgress.objects.bulk_create(
        [
            TaskProgress(
                task=row,
                data_date=AS_OF,
                actual_start=row.planned_start,
                actual_finish=row.planned_finish if row.planned_finish.date() < AS_OF else None,
                percent_complete=100 if row.planned_finish.date() < AS_OF else 50,
                percent_physical=100 if row.planned_finish.date() < AS_OF else 50,
            )
            for row in rows
            if row.planned_start.date() < AS_OF
        ],
        batch_size=BATCH,
    )
    BudgetLine.objects.create(
        project=project, currency="EUR", amount=Decimal(1100) * tasks, effective_from=FIRST_DAY
    )
    for month in range(6):
        ActualCost.objects.create(
            project=project,
            posting_date=FIRST_DAY + timedelta(days=30 * month + 15),
            currency="EUR",
            amount=Decimal(85) * tasks,
            project_amount=Decimal(85) * tasks,
        )
    StatusReport.objects.create(
        project=project, period_end=date(2026, 2, 28), data_date=date(2026, 2, 28), state="PUBLISHED"
    )


def _copy(model: Any, tables: str, condition: str, **changed: str) -> None:
    """Copy rows ``r`` of a model for the projects ``p``; ``changed`` gives SQL for single columns."""
    quote = connection.ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changed.get(column, f"r.{quote(column)}") for column in columns]
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT {', '.join(values)} "
            f"FROM {quote(model._meta.db_table)} r {tables} WHERE {condition}"
        )


def _copy_plans(template: Project, first: int, last: int) -> None:
    into = "CROSS JOIN projects_project p"
    each = f"p.id BETWEEN {first} AND {last}"
    own = f"r.project_id = {template.pk} AND {each}"
    for model in (Task, Baseline, BudgetLine, StatusReport):
        _copy(model, into, own, project_id="p.id")
    factor = f"r.project_amount * (80 + (p.id * 7 + {SEED}) % 40) / 100"
    _copy(ActualCost, into, own, project_id="p.id", amount=factor, project_amount=factor)
    late = f"(p.id * 31 + o.uid * {SEED}) % 11 = 0"
    twin = (
        f"JOIN projects_task o ON o.id = r.task_id AND o.project_id = {template.pk} {into} "
        "JOIN projects_task t ON t.project_id = p.id AND t.uid = o.uid"
    )
    _copy(
        TaskProgress,
        twin,
        each,
        task_id="t.id",
        actual_finish=f"CASE WHEN {late} THEN NULL ELSE r.actual_finish END",
        percent_physical=f"CASE WHEN {late} THEN 40 ELSE r.percent_physical END",
        percent_complete=f"CASE WHEN {late} THEN 40 ELSE r.percent_complete END",
    )
    _copy(
        BaselineTask,
        f"{twin} JOIN projects_baseline b ON b.project_id = p.id",
        each,
        task_id="t.id",
        baseline_id="b.id",
    )
