"""The worked examples with printed dates: the schedule EX-SCH and the figures EX-EVM (domain 5.10, 6.5)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.choices import Role
from portfolio.services.components import create_project
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.months import DAY, Ruler, first_of_month, month_end
from projects.choices import CostCategory, CostSource, LinkType, TaskKind
from projects.choices import ProjectState as S
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.services.baselines import set_baseline
from projects.services.budgets import add_budget_lines
from projects.services.costs import CostDraft, post_actual_costs
from projects.services.links import LinkDraft, add_links
from projects.services.members import add_member
from projects.services.progress import record_progress_of_many, set_data_date
from projects.services.progress_rules import ProgressDraft
from projects.services.states import change_state
from projects.services.tasks import create_tasks

SCHEDULE_CODE = "EX-SCH"
SCHEDULE_START = date(2026, 3, 2)
EARNED_VALUE_CODE = "EX-EVM"
EARNED_VALUE_START = date(2026, 1, 1)
PLANNED = (10, 15, 20, 25, 20, 10)
SPENT = (11, 15, 16)
EARNED_PERCENT = ((100,), (100, 100), (100, 100, 60))
THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class ExampleRow:
    """A task of EX-SCH: its length and its start, in working days from the start of the project."""

    key: str
    days: int
    start: int


# Positions as printed in the table: early start and duration.
ROWS = (
    ExampleRow("A", 5, 0),
    ExampleRow("B", 3, 5),
    ExampleRow("C", 6, 2),
    ExampleRow("D", 4, 8),
    ExampleRow("E", 2, 6),
)
FINISH = 12
LINKS: tuple[tuple[str, str, str, int], ...] = (
    ("A", "B", LinkType.FS, 0),
    ("A", "C", LinkType.SS, 2),
    ("B", "D", LinkType.FS, 0),
    ("C", "D", LinkType.FF, 1),
    ("D", "E", LinkType.SF, 0),
    ("D", "F", LinkType.FS, 0),
    ("E", "F", LinkType.FS, 0),
)


def open_example(cast: Cast, *, code: str, portfolio: str, state: str, today: date, **facts: Any) -> Project:
    """
    Return a new example, led by the people of the sign-in page.

    Its tasks belong to others, so that nobody signs in to months of tasks that are late for ever.
    """
    project = create_project(
        actor=cast.pmo,
        portfolio=cast.portfolios[portfolio],
        code=code,
        state=state,
        state_since=today,
        org_unit=cast.units["PMO"],
        category="Example",
        **facts,
    )
    for mailbox, role in (
        ("sponsor", Role.SPONSOR),
        ("project.manager", Role.PROJECT_MANAGER),
        ("team.member", Role.TEAM_MEMBER),
        (cast.example_worker, Role.TEAM_MEMBER),
        (cast.example_lead, Role.TEAM_MEMBER),
    ):
        add_member(actor=None, project=project, user=cast.users[mailbox], role=role, today=today)
    return project


def load_schedule_example(cast: Cast) -> Project:
    """Build EX-SCH: tasks A to F with their links on a calendar with a day off on 9 March 2026."""
    manager, calendar = cast.users["project.manager"], cast.calendars["example"]
    ruler = Ruler.from_day(working_time(calendar), SCHEDULE_START)
    project = open_example(
        cast,
        code=SCHEDULE_CODE,
        portfolio="EXAMPLES",
        state=S.INITIATING,
        today=SCHEDULE_START,
        name="Schedule example EX-SCH",
        description="Six tasks with all four types of links. Dates and floats stand in the documentation.",
        calendar=calendar,
        planned_start=SCHEDULE_START,
        planned_finish=ruler.finish(FINISH).date(),
        tier="T1",
    )
    drafts: list[dict[str, Any]] = [
        {
            "key": row.key,
            "name": row.key,
            "planned_start": ruler.start(row.start),
            "duration": row.days * DAY,
            "owner": cast.people[cast.example_worker],
        }
        for row in ROWS
    ]
    drafts.append(
        {
            "key": "F",
            "name": "F",
            "kind": TaskKind.FINISH_MILESTONE,
            "planned_finish": ruler.finish(FINISH),
            "is_key_milestone": True,
            "owner": cast.people[cast.example_lead],
        }
    )
    tasks: dict[str, Task] = create_tasks(actor=manager, project=project, drafts=drafts)
    links = [LinkDraft(tasks[first], tasks[second], kind, lag * DAY) for first, second, kind, lag in LINKS]
    add_links(actor=manager, project=project, drafts=links)
    return change_state(actor=cast.pmo, project=project, state=S.PLANNING, today=SCHEDULE_START)


def load_earned_value_example(cast: Cast) -> Project:
    """Build EX-EVM: six months, planned value 10, 25, 45, 70, 90, 100; three of them are over."""
    manager, calendar = cast.users["project.manager"], cast.calendars["plain"]
    hours = working_time(calendar)
    project = open_example(
        cast,
        code=EARNED_VALUE_CODE,
        portfolio="EXAMPLES",
        state=S.PLANNING,
        today=EARNED_VALUE_START,
        name="Earned value example EX-EVM",
        description="Six months, three of them over. The figures stand in the documentation.",
        calendar=calendar,
        planned_start=EARNED_VALUE_START,
        planned_finish=month_end(EARNED_VALUE_START, months=len(PLANNED) - 1),
        tier="T1",
    )
    rulers = [
        Ruler.from_day(hours, first_of_month(EARNED_VALUE_START, months=number))
        for number in range(len(PLANNED))
    ]
    days = [
        ruler.elapsed(month_end(EARNED_VALUE_START, months=number)) for number, ruler in enumerate(rulers)
    ]
    drafts = [
        {
            "name": f"Work of month {number + 1}",
            "planned_start": ruler.start(0),
            "duration": days[number] * DAY,
            "owner": cast.people[cast.example_worker],
        }
        for number, ruler in enumerate(rulers)
    ]
    tasks = list(create_tasks(actor=manager, project=project, drafts=drafts).values())
    lines = [
        {
            "task": task,
            "name": task.name,
            "category": CostCategory.LABOUR,
            "amount": planned * THOUSAND,
            "effective_from": EARNED_VALUE_START,
        }
        for task, planned in zip(tasks, PLANNED, strict=True)
    ]
    add_budget_lines(actor=cast.finance, project=project, drafts=lines)
    set_baseline(actor=cast.pmo, project=project, effective_from=EARNED_VALUE_START, name="Original")
    project = change_state(actor=cast.pmo, project=project, state=S.EXECUTING, today=EARNED_VALUE_START)
    for number, shares in enumerate(EARNED_PERCENT):
        _earn(cast, project, tasks, rulers, days, shares, number)
    project.refresh_from_db()
    return project


def _earn(
    cast: Cast,
    project: Project,
    tasks: list[Task],
    rulers: list[Ruler],
    days: list[int],
    shares: tuple[int, ...],
    number: int,
) -> None:
    """Record progress and cost of a month of EX-EVM."""
    close = month_end(EARNED_VALUE_START, months=number)
    manager = cast.users["project.manager"]
    set_data_date(actor=manager, project=project, data_date=close)
    drafts = []
    for place, share in enumerate(shares):
        is_done = share == 100
        drafts.append(
            ProgressDraft(
                task=tasks[place],
                actual_start=rulers[place].start(0),
                actual_finish=rulers[place].finish(days[place]) if is_done else None,
                remaining_duration=None if is_done else days[place] * DAY * (100 - share) // 100,
                percent_physical=Decimal(share),
            )
        )
    record_progress_of_many(actor=manager, project=project, data_date=close, drafts=drafts)
    cost = CostDraft(
        close, SPENT[number] * THOUSAND, text=f"Hours, {close:%m/%Y}", source=CostSource.TIMESHEET
    )
    post_actual_costs(actor=cast.finance, project=project, drafts=[cost])
