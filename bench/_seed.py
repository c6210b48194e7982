"""Fast, reproducible bulk data for measurements: whole portfolios in a few bulk inserts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

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
    Task,
    TaskProgress,
)

SEED = 20260331
AS_OF = date(2026, 3, 31)
FIRST_DAY = date(2025, 9, 1)
BATCH = 2000


@dataclass(frozen=True)
class Seeded:
    """What was made."""

    portfolios: list[Portfolio]
    project_ids: list[int]


def _moment(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def seed_portfolios(count: int) -> list[Portfolio]:
    """Make portfolios below one another's root: ``P0`` and ``count`` parts of it."""
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


def seed_projects(*, projects: int, tasks: int, portfolios: int = 10, seed: int = SEED) -> Seeded:
    """
    Make ``projects`` projects of ``tasks`` tasks each with baseline, one progress entry per task, budget
    and monthly costs. The same seed makes the same rows.
    """
    random = Random(seed)
    homes = seed_portfolios(portfolios)
    calendar = Calendar.objects.filter(is_default=True).first() or Calendar.objects.create(
        name="Standard", is_default=True
    )
    nodes = []
    for number in range(projects):
        home = homes[1 + number % portfolios] if portfolios else homes[0]
        nodes.append(ScopeNode(kind="PROJECT", parent=home.node, title=f"Project {number}"))
    ScopeNode.objects.bulk_create(nodes, batch_size=BATCH)
    for node in nodes:
        node.path = f"{node.parent.path}{node.pk}/"
    ScopeNode.objects.bulk_update(nodes, ["path"], batch_size=500)
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
                planned_start=FIRST_DAY,
            )
            for number, node in enumerate(nodes)
        ],
        batch_size=BATCH,
    )
    PortfolioComponent.objects.bulk_create(
        [
            PortfolioComponent(
                project=project, portfolio=homes[1 + number % portfolios] if portfolios else homes[0]
            )
            for number, project in enumerate(made)
        ],
        batch_size=BATCH,
    )
    for start in range(0, len(made), 100):
        _seed_plans(made[start : start + 100], tasks, random)
    return Seeded(portfolios=homes, project_ids=[project.pk for project in made])


def _seed_plans(projects: list[Project], tasks: int, random: Random) -> None:
    baselines = Baseline.objects.bulk_create(
        [
            Baseline(
                project=project,
                number=0,
                effective_from=FIRST_DAY,
                start=_moment(FIRST_DAY, 8),
                finish=_moment(FIRST_DAY + timedelta(days=364), 17),
                bac=Decimal(1000) * tasks,
            )
            for project in projects
        ]
    )
    rows, frozen, entries, costs, budgets = [], [], [], [], []
    for project in projects:
        budgets.append(
            BudgetLine(
                project=project,
                currency="EUR",
                amount=Decimal(1100) * tasks,
                effective_from=FIRST_DAY,
            )
        )
        for month in range(6):
            costs.append(
                ActualCost(
                    project=project,
                    posting_date=FIRST_DAY + timedelta(days=30 * month + 15),
                    currency="EUR",
                    amount=Decimal(random.randint(60, 110)) * tasks,
                    project_amount=Decimal(random.randint(60, 110)) * tasks,
                )
            )
        for uid in range(1, tasks + 1):
            start = FIRST_DAY + timedelta(days=(uid * 330) // tasks)
            slip = random.choice((0, 0, 0, 1, 5, 20))
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
                    planned_finish=_moment(start + timedelta(days=14 + slip), 17),
                    is_key_milestone=uid % 20 == 0,
                )
            )
    Task.objects.bulk_create(rows, batch_size=BATCH)
    by_project = dict(zip([project.pk for project in projects], baselines, strict=True))
    for row in rows:
        start = row.planned_start.date()
        frozen.append(
            BaselineTask(
                baseline=by_project[row.project_id],
                task=row,
                task_uid=row.uid,
                name=row.name,
                kind=row.kind,
                is_key_milestone=row.is_key_milestone,
                start=row.planned_start,
                finish=_moment(start + timedelta(days=14), 17),
                duration=4800,
                budget=Decimal(1000),
            )
        )
        if start < AS_OF:
            is_done = row.planned_finish.date() < AS_OF and random.random() < 0.9
            entries.append(
                TaskProgress(
                    task=row,
                    data_date=AS_OF,
                    actual_start=row.planned_start,
                    actual_finish=row.planned_finish if is_done else None,
                    percent_complete=100 if is_done else 50,
                    percent_physical=100 if is_done else random.choice((30, 50, 60)),
                )
            )
    BaselineTask.objects.bulk_create(frozen, batch_size=BATCH)
    TaskProgress.objects.bulk_create(entries, batch_size=BATCH)
    ActualCost.objects.bulk_create(costs, batch_size=BATCH)
    BudgetLine.objects.bulk_create(budgets, batch_size=BATCH)
