"""Portfolios with planned projects, and EX-HLT in the database."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.models import ScopeNode
from portfolio.choices import SnapshotKind
from portfolio.models import Portfolio, PortfolioComponent, Program, ProjectHealth, RollupRun
from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.inputs import input_hash
from portfolio.selectors.facts import Home, load_surroundings
from portfolio.selectors.policies import PolicyBook
from portfolio.services.judgement import JudgedChunk, KeptCounts, Subject, judge_facts, keep_judgement
from portfolio.services.rollups import run_of
from portfolio.services.structure import create_portfolio, create_program
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

AS_OF = date(2026, 3, 31)
FIRST_DAY = date(2026, 1, 5)


def at(day: date, hour: int = 8) -> datetime:
    """A stored moment: local wall time of the project."""
    return datetime.combine(day, time(hour), tzinfo=UTC)


def make_portfolio(
    code: str = "CORE", *, parent: Portfolio | None = None, currency: str = "EUR"
) -> Portfolio:
    return create_portfolio(
        actor=None, code=code, name=f"Portfolio {code}", parent=parent, reporting_currency=currency
    )


def make_program(code: str, portfolio: Portfolio) -> Program:
    return create_program(actor=None, code=code, name=f"Program {code}", portfolio=portfolio)


def make_project(
    code: str,
    home: Portfolio | Program,
    *,
    is_confidential: bool = False,
    state: str = "EXECUTING",
    currency: str = "EUR",
    **facts: Any,
) -> Project:
    """A project with its component, without plan and without asking for fresh health."""
    node = ScopeNode.objects.create(
        kind="PROJECT", parent=home.node, title=f"Project {code}", is_confidential=is_confidential
    )
    node.path = f"{home.node.path}{node.pk}/"
    node.save()
    calendar = Calendar.objects.filter(is_default=True).first() or Calendar.objects.create(
        name="Standard", is_default=True
    )
    values = {"data_date": AS_OF, "state_since": FIRST_DAY, "updated_at": at(FIRST_DAY), **facts}
    project = Project.objects.create(
        code=code,
        name=f"Project {code}",
        node=node,
        calendar=calendar,
        state=state,
        currency=currency,
        **values,
    )
    portfolio = home.portfolio if isinstance(home, Program) else home
    program = home if isinstance(home, Program) else None
    PortfolioComponent.objects.create(project=project, portfolio=portfolio, program=program)
    return project


def plan(project: Project, *, budget: int = 1000, percent: int = 50, cost: int = 500) -> Task:
    """One task of a quarter, its baseline, progress at the end of March, a budget and a posting."""
    task = Task.objects.create(
        project=project,
        uid=1,
        name="Build",
        duration=480 * 60,
        planned_start=at(FIRST_DAY),
        planned_finish=at(date(2026, 6, 30), 17),
    )
    baseline = Baseline.objects.create(
        project=project,
        number=0,
        effective_from=FIRST_DAY,
        start=at(FIRST_DAY),
        finish=at(date(2026, 6, 30), 17),
        bac=budget,
    )
    BaselineTask.objects.create(
        baseline=baseline,
        task=task,
        task_uid=1,
        name="Build",
        kind=task.kind,
        start=task.planned_start,
        finish=task.planned_finish,
        duration=task.duration,
        budget=budget,
    )
    TaskProgress.objects.create(
        task=task,
        data_date=AS_OF,
        actual_start=task.planned_start,
        percent_complete=percent,
        percent_physical=percent,
    )
    BudgetLine.objects.create(
        project=project, currency=project.currency, amount=budget, effective_from=FIRST_DAY
    )
    post(project, cost, date(2026, 3, 10))
    return task


def post(project: Project, amount: int, day: date) -> ActualCost:
    return ActualCost.objects.create(
        project=project,
        posting_date=day,
        currency=project.currency,
        amount=amount,
        project_amount=Decimal(amount),
    )


def keep_facts(
    project: Project, facts: ProjectFacts, *, as_of: date = AS_OF, kind: str = SnapshotKind.DAILY
) -> KeptCounts:
    """Judge given facts and keep the result: the seam of `judge_facts`, everything else is real."""
    component = project.component
    home = Home(component.portfolio_id, component.program_id)
    subject = Subject(
        project_id=project.pk,
        home=home,
        state=project.state,
        currency=project.currency,
        is_flagship=project.is_flagship,
        former=load_surroundings([project.pk], as_of).closes.get(project.pk),
    )
    policy = PolicyBook(as_of).of_portfolio(home.portfolio_id)
    source = f"{input_hash(facts, policy.rules.version)}|{policy.label}|{subject}"
    judged = judge_facts(facts, subject, policy=policy, as_of=as_of, kind=kind, source=source)
    chunk = JudgedChunk(as_of=as_of, kind=kind, measured=(), projects=(judged,), read_at=at(as_of))
    return keep_judgement(run=run_of(as_of), chunk=chunk)


def keep_close(project: Project, score: float, *, color: str = "GREEN", as_of: date, weight: int) -> None:
    """Put down how a project stood at a closed period."""
    run = RollupRun.objects.filter(as_of=as_of).first() or RollupRun.objects.create(
        as_of=as_of, kind=SnapshotKind.PERIOD_CLOSE, state="COMPLETE"
    )
    ProjectHealth.objects.create(
        project=project,
        portfolio=project.component.portfolio,
        program=project.component.program,
        run=run,
        as_of=as_of,
        kind=SnapshotKind.PERIOD_CLOSE,
        is_locked=True,
        policy_version="1",
        input_hash="0" * 64,
        state="EXECUTING",
        color=color,
        score=score,
        coverage=100,
        currency=project.currency,
        weight=weight,
    )
