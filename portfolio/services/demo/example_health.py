"""
The five projects of EX-HLT (domain 11.5) as far as the portal records their inputs.

Schedule and cost give the printed indicators at the last month end; the registers behind the other
dimensions do not exist yet, so these stay GREY.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portfolio.services.demo.cast import Cast
from portfolio.services.demo.example_plans import open_example
from portfolio.services.demo.months import DAY, Ruler, at_noon, first_of_month, last_close, month_end
from projects.choices import CostCategory, CostSource, Dimension, EacMethod, Rag, TaskKind
from projects.choices import ProjectState as S
from projects.engine.periods import elapsed_periods, month_boundary
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.services.baselines import set_baseline
from projects.services.budgets import add_budget_lines
from projects.services.commitments import add_commitment
from projects.services.costs import CostDraft, post_actual_costs, set_forecast
from projects.services.progress import record_progress_of_many, set_data_date
from projects.services.progress_rules import ProgressDraft
from projects.services.reports import Declaration, publish_status
from projects.services.states import change_state
from projects.services.tasks import create_tasks, replan_tasks

HEALTH_PORTFOLIO = "EX-HLT"
BLOCK = 20
BLOCKS = 5
LENGTH = BLOCK * BLOCKS
MONTHS = 3
REPORTED_AFTER = 4
STALE_AFTER = 38
CENT = Decimal("0.01")
WAY_OUT = "Scope is cut to the first release (project manager), until the end of the quarter."
HOPE = "The vendor adds a second team next week, so the date can still be met."


@dataclass(frozen=True)
class Reading:
    """
    What is to be measured at a month end.

    ``spi_t`` and ``cpi`` are indices, ``slip`` working days of the finish, ``overdue`` key milestones.
    """

    spi_t: str
    cpi: str
    slip: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class HealthCase:
    """A project of EX-HLT with a baseline of 100 working days; ``declared`` is the schedule's color."""

    code: str
    name: str
    bac: int
    readings: tuple[Reading, Reading, Reading]
    declared: str
    declared_before: str = Rag.GREEN
    eac_percent: int | None = None


START = Reading("0.98", "0.98")
CASES = (
    HealthCase(
        "EX-HLT-P1",
        "P1 ERP",
        2000,
        (START, Reading("0.98", "0.98", 2), Reading("0.97", "0.97", 3)),
        Rag.GREEN,
        eac_percent=103,
    ),
    HealthCase(
        "EX-HLT-P2",
        "P2 Data center",
        1200,
        (START, Reading("0.97", "0.98", 3), Reading("0.90", "0.97", 12, 1)),
        Rag.AMBER,
    ),
    HealthCase(
        "EX-HLT-P3",
        "P3 Portal",
        800,
        (START, Reading("0.90", "0.92", 12, 1), Reading("0.78", "0.82", 22, 3)),
        Rag.AMBER,
        Rag.AMBER,
    ),
    HealthCase(
        "EX-HLT-P5",
        "P5 Fit-out",
        600,
        (Reading("1", "0.99"), Reading("1", "0.99"), Reading("1", "0.99")),
        Rag.AMBER,
    ),
)


@dataclass
class _Build:
    """An example while it is built; ``late`` are key milestones that stay open."""

    cast: Cast
    case: HealthCase
    as_of: date
    project: Project
    ruler: Ruler
    blocks: list[Task]
    late: dict[int, Task]
    final: Task
    posted: Decimal = Decimal(0)
    slip: int = 0

    @property
    def bac(self) -> Decimal:
        """Budget at completion."""
        return Decimal(self.case.bac * 1000)


def load_health_examples(cast: Cast, *, as_of: date) -> list[Project]:
    """Build P1 to P5; their data date is the last month end, P4's report and data date are stale."""
    made = [_load_case(cast, case, as_of) for case in CASES]
    return [*made, _load_policy_case(cast, as_of)]


def _load_case(cast: Cast, case: HealthCase, as_of: date) -> Project:
    newest = last_close(as_of)
    start = first_of_month(newest, months=1 - MONTHS)
    calendar = cast.calendars["plain"]
    ruler = Ruler.from_day(working_time(calendar), start)
    project = open_example(
        cast,
        code=case.code,
        portfolio=HEALTH_PORTFOLIO,
        state=S.PLANNING,
        today=start,
        name=case.name,
        description="Worked example EX-HLT. Budgets and indicators stand in the documentation.",
        calendar=calendar,
        planned_start=ruler.day(0),
        planned_finish=ruler.finish(LENGTH).date(),
        eac_method=EacMethod.EAC_4 if case.eac_percent else EacMethod.EAC_1,
    )
    closes = [month_end(start, months=number) for number in range(MONTHS)]
    build = _with_plan(cast, case, as_of, project, ruler, closes)
    set_baseline(actor=cast.pmo, project=project, effective_from=start, name="Original")
    change_state(actor=cast.pmo, project=project, state=S.EXECUTING, today=start)
    for number, close in enumerate(closes):
        _tell_month(build, close, case.readings[number], is_last=number == MONTHS - 1)
    project.refresh_from_db()
    return project


def _with_plan(
    cast: Cast, case: HealthCase, as_of: date, project: Project, ruler: Ruler, closes: list[date]
) -> _Build:
    """Write five blocks of work of 20 days, key milestones that will be late, and the last milestone."""
    drafts: list[dict[str, Any]] = [
        {
            "key": f"block {number}",
            "name": f"Work package {number + 1}",
            "planned_start": ruler.start(number * BLOCK),
            "duration": BLOCK * DAY,
            "owner": cast.people[cast.example_worker],
        }
        for number in range(BLOCKS)
    ]
    places = _late_places(case, [ruler.elapsed(close) for close in closes])
    for place in (*places, LENGTH):
        drafts.append(
            {
                "key": place,
                "name": "Handed over" if place == LENGTH else f"Review after day {place}",
                "kind": TaskKind.FINISH_MILESTONE,
                "planned_finish": ruler.finish(place),
                "is_key_milestone": True,
                "owner": cast.people[cast.example_lead],
            }
        )
    tasks = create_tasks(actor=cast.users["project.manager"], project=project, drafts=drafts)
    blocks = [tasks[f"block {number}"] for number in range(BLOCKS)]
    lines = [
        {
            "task": task,
            "name": task.name,
            "category": CostCategory.CONTRACTOR,
            "amount": Decimal(case.bac * 1000) / BLOCKS,
            "effective_from": closes[0].replace(day=1),
        }
        for task in blocks
    ]
    add_budget_lines(actor=cast.finance, project=project, drafts=lines)
    late = {place: tasks[place] for place in places}
    return _Build(cast, case, as_of, project, ruler, blocks, late, tasks[LENGTH])


def _late_places(case: HealthCase, elapsed: list[int]) -> list[int]:
    """Return the planned days of milestones that are overdue when the readings say so."""
    places: list[int] = []
    for reading, until in zip(case.readings, elapsed, strict=True):
        for _number in range(reading.overdue - len(places)):
            places.append(max(until - 1 - 3 * (reading.overdue - len(places) - 1), 1))
    return places


def _tell_month(build: _Build, close: date, reading: Reading, *, is_last: bool) -> None:
    cast, manager = build.cast, build.cast.users["project.manager"]
    set_data_date(actor=manager, project=build.project, data_date=close)
    reached = _planned_day(build.ruler, close, Decimal(reading.spi_t))
    _replan(build, reading.slip, reached, elapsed=build.ruler.elapsed(close))
    earned = _record(build, close, reached)
    actual = (earned / Decimal(reading.cpi)).quantize(CENT, rounding=ROUND_HALF_UP)
    cost = CostDraft(close, actual - build.posted, text=f"Invoices, {close:%m/%Y}", source=CostSource.INVOICE)
    post_actual_costs(actor=cast.finance, project=build.project, drafts=[cost])
    build.posted = actual
    if build.case.eac_percent:
        rest = build.bac * build.case.eac_percent / 100 - actual
        set_forecast(actor=cast.finance, project=build.project, etc_amount=rest, made_on=close)
    _report(build, close, build.case.declared if is_last else build.case.declared_before, reading)


def _planned_day(ruler: Ruler, close: date, spi_t: Decimal) -> Decimal:
    """Return the planned working day whose value must be earned so that SPI(t) is ``spi_t``."""
    first, days = ruler.day(0), ruler.hours.working_days_between
    periods = spi_t * elapsed_periods(first, close + timedelta(days=1), days)
    whole = int(periods)
    lower, upper = month_boundary(first, whole), month_boundary(first, whole + 1)
    return days(first, lower) + (periods - whole) * days(lower, upper)


def _replan(build: _Build, slip: int, reached: Decimal, *, elapsed: int) -> None:
    """Move what has not begun by the slip; milestones that are late are expected behind the data date."""
    if slip == build.slip:
        return
    ruler = build.ruler
    starts = {
        task.pk: ruler.start(number * BLOCK + slip)
        for number, task in enumerate(build.blocks)
        if number * BLOCK >= reached
    }
    starts[build.final.pk] = ruler.finish(LENGTH + slip)
    starts |= {task.pk: ruler.finish(max(place + slip, elapsed + 1)) for place, task in build.late.items()}
    replan_tasks(actor=build.cast.users["project.manager"], project=build.project, starts=starts)
    build.slip = slip


def _record(build: _Build, close: date, reached: Decimal) -> Decimal:
    """Record the progress that earns the value of a planned day; return that value."""
    elapsed, earned = build.ruler.elapsed(close), Decimal(0)
    drafts = [ProgressDraft(task=task) for task in (build.final, *build.late.values())]
    for number, task in enumerate(build.blocks):
        share = min(max((reached - number * BLOCK) / BLOCK, Decimal(0)), Decimal(1))
        physical = (share * 100).quantize(CENT, rounding=ROUND_HALF_UP)
        earned += build.bac / BLOCKS * physical / 100
        begun = build.ruler.start(min(number * BLOCK, elapsed - 1))
        if physical == 0:
            drafts.append(ProgressDraft(task=task))
        elif physical == 100:
            done = round((number + 1) * BLOCK * elapsed / reached)
            ended = build.ruler.finish(min(done, elapsed))
            drafts.append(ProgressDraft(task=task, actual_start=begun, actual_finish=ended))
        else:
            left = int((1 - share) * BLOCK) * DAY or DAY
            drafts.append(
                ProgressDraft(
                    task=task, actual_start=begun, remaining_duration=left, percent_physical=physical
                )
            )
    record_progress_of_many(
        actor=build.cast.users["project.manager"], project=build.project, data_date=close, drafts=drafts
    )
    return earned


def _report(build: _Build, close: date, declared: str, reading: Reading) -> None:
    published = close + timedelta(days=REPORTED_AFTER)
    published = min(published, build.as_of)
    is_bad = Decimal(reading.spi_t) < Decimal("0.85")
    publish_status(
        actor=build.cast.users["project.manager"],
        project=build.project,
        period_end=close,
        published_at=at_noon(published),
        summary="Worked example EX-HLT.",
        path_to_green=WAY_OUT if is_bad else "",
        ratings={
            Dimension.SCHEDULE: Declaration(declared, Rag.RED, HOPE) if is_bad else Declaration(declared)
        },
    )


def _load_policy_case(cast: Cast, as_of: date) -> Project:
    """Build P4 HR policy: a budget of 400, forecast 408, no baseline, nothing new for weeks."""
    known = last_close(as_of)
    while (as_of - known).days < STALE_AFTER:
        known = month_end(known, months=-1)
    start = first_of_month(known, months=-2)
    manager, calendar = cast.users["project.manager"], cast.calendars["plain"]
    ruler = Ruler.from_day(working_time(calendar), start)
    project = open_example(
        cast,
        code="EX-HLT-P4",
        portfolio=HEALTH_PORTFOLIO,
        state=S.PLANNING,
        today=start,
        name="P4 HR policy",
        description="Worked example EX-HLT: no baseline, a stale report.",
        calendar=calendar,
        planned_start=ruler.day(0),
        planned_finish=ruler.finish(LENGTH + 40).date(),
    )
    drafts = [
        {
            "name": name,
            "planned_start": ruler.start(number * 35),
            "duration": 35 * DAY,
            "owner": cast.people[cast.example_worker],
        }
        for number, name in enumerate(("Draft the policy", "Consult", "Train managers", "Roll out"))
    ]
    tasks = list(create_tasks(actor=manager, project=project, drafts=drafts).values())
    change_state(actor=cast.pmo, project=project, state=S.EXECUTING, today=start)
    set_data_date(actor=manager, project=project, data_date=known)
    draft = ProgressDraft(
        task=tasks[0],
        actual_start=ruler.start(0),
        actual_finish=ruler.finish(38),
    )
    record_progress_of_many(actor=manager, project=project, data_date=known, drafts=[draft])
    _spend_on_policy(cast, project, start=start, known=known)
    publish_status(
        actor=manager,
        project=project,
        period_end=known,
        published_at=at_noon(known + timedelta(days=REPORTED_AFTER)),
        summary="Worked example EX-HLT.",
        ratings={Dimension.COST: Rag.GREEN},
    )
    project.refresh_from_db()
    return project


def _spend_on_policy(cast: Cast, project: Project, *, start: date, known: date) -> None:
    """Budget 400; 180 spent, 28 committed and open, 200 to come: a forecast of 408 (thousands)."""
    line = {"name": "Policy", "category": CostCategory.LABOUR, "amount": Decimal(400_000)}
    add_budget_lines(actor=cast.finance, project=project, drafts=[{**line, "effective_from": start}])
    add_commitment(
        actor=cast.finance,
        project=project,
        number="PO-P4",
        supplier="Lumen Consulting",
        amount=Decimal(60_000),
        invoiced=Decimal(32_000),
        date=start,
    )
    costs = [
        CostDraft(
            month_end(start, months=number),
            Decimal(60_000),
            text="Hours of the team",
            source=CostSource.TIMESHEET,
        )
        for number in range(MONTHS)
    ]
    post_actual_costs(actor=cast.finance, project=project, drafts=costs)
    set_forecast(actor=cast.finance, project=project, etc_amount=Decimal(200_000), made_on=known)
