"""Two projects, the facts people change of them day by day, and the days computed again (SEC-37, HLT-5)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from pmo_portal.common.errors import DomainError
from portfolio.choices import SnapshotKind
from portfolio.models import Portfolio, ProjectHealth
from portfolio.services.components import move_project as move
from portfolio.services.judgement import judge_projects, keep_judgement
from portfolio.services.rollups import run_of
from projects.access import PlanRights
from projects.choices import EacMethod, ReportCycle
from projects.interchange.document import Calendar as FileCalendar
from projects.interchange.document import Interval, Weekdays
from projects.interchange.time_words import Length
from projects.models import Commitment, FxRate, PlanChange, Project, ProjectSnapshot, Resource, Task
from projects.selectors.dated_statuses import COMPLETION
from projects.selectors.states import next_states
from projects.services import (
    assignments,
    baselines,
    budgets,
    calendars,
    commitments,
    costs,
    dated_statuses,
    progress,
    projects,
    reports,
    schedules,
    states,
    status_writing,
    tasks,
    techniques,
)
from projects.services.calendars import DayOff
from projects.services.dated_statuses import StatusDraft, StatusSource
from projects.services.former_values import known_on
from projects.services.plan_changes import steps, undoing
from projects.services.plan_changes.acts import SetFields
from tests.portfolio.worlds import AS_OF, FIRST_DAY, at, make_portfolio, make_project, plan
from tests.projects.services.plan_update import files

EVERYTHING = PlanRights(
    edits=True, deletes=True, records=True, records_own=False, prices=True, person_id=None
)
REASON = "Because the steering committee said so"
Act = Callable[[Project, date, int], object]
# What happens day by day: who acts on which project, and a number that says how.
History = list[list[tuple[Act, int, int]]]
Rows = list[dict[str, Any]]


def leaf(project: Project, number: int) -> Task:
    rows = list(project.tasks.leaves().in_order())
    if not rows:
        raise DomainError("no task is left")
    return rows[number % len(rows)]


def add_task(project: Project, day: date, number: int) -> None:
    parent = leaf(project, number) if number % 3 == 0 else None
    tasks.create_task(
        actor=None,
        project=project,
        name=f"Task {number}",
        parent=parent,
        position=0 if number % 2 else None,
        planned_start=at(day + timedelta(days=number)),
        duration=480 * (1 + number),
    )


def mark_completion(project: Project, day: date, number: int) -> None:
    tasks.edit_task(
        actor=None,
        task=leaf(project, number),
        changes={"kind": "FINISH_MILESTONE", "is_completion": True},
        expected_version=None,
    )


def edit_task(project: Project, day: date, number: int) -> None:
    changes: list[dict[str, Any]] = [
        {"planned_start": at(day + timedelta(days=number)), "duration": 480 * (1 + number)},
        {"is_active": number % 2 == 0},
        {"ev_technique": "FIFTY_FIFTY"},
        {"name": f"Named on {day}"},
        {"kind": "FINISH_MILESTONE", "is_key_milestone": True},
    ]
    tasks.edit_task(
        actor=None,
        task=leaf(project, number),
        changes=changes[number % len(changes)],
        expected_version=None,
    )


def choose_technique(project: Project, day: date, number: int) -> None:
    choices = ["FIXED_0_100", "FIXED_50_50", "PERCENT_COMPLETE"]
    technique = choices[number % len(choices)]
    techniques.set_technique(actor=None, task=leaf(project, number), technique=technique, reason=REASON)


def assign_people(project: Project, day: date, number: int) -> None:
    """Another person on a task that has not begun, whose work decides how long it takes (domain 5.8)."""
    task = project.tasks.filter(kind="TASK", actual_start=None).order_by("pk").first()
    if task is None:
        start = at(day + timedelta(days=1))
        task = tasks.create_task(
            actor=None, project=project, name="Staffed", planned_start=start, duration=480
        )
    person = Resource.objects.create(project=project, name=f"Person {day} {number}", kind="PERSON")
    assigned = assignments.assign_resource(actor=None, task=task, resource=person, expected_version=None)
    work = {"work_hours": Decimal(600 + 40 * number)}
    assignments.edit_assignment(actor=None, assignment=assigned, changes=work, expected_version=None)


def delete_task(project: Project, day: date, number: int) -> None:
    tasks.delete_task(actor=None, task=leaf(project, number), expected_version=None)


def move_task(project: Project, day: date, number: int) -> None:
    tasks.move_task(actor=None, task=leaf(project, number), parent=leaf(project, number + 1))


def replan(project: Project, day: date, number: int) -> None:
    starts = {leaf(project, number).pk: at(day + timedelta(days=3 + number))}
    tasks.replan_tasks(actor=None, project=project, starts=starts)


def take_step(project: Project, day: date, number: int) -> None:
    fields: list[dict[str, Any]] = [
        {"duration": Length(480 * (1 + number))},
        {"active": number % 2 == 0},
        {"name": f"Stepped on {day}"},
    ]
    change = SetFields(leaf(project, number).uid, fields[number % len(fields)])
    steps.do_step(actor=None, project=project, rights=EVERYTHING, key="", changes=[change])


def go_a_step_back(project: Project, day: date, number: int) -> None:
    last = PlanChange.objects.filter(project=project, is_undone=False).order_by("-number").first()
    if last is None:
        take_step(project, day, number)
        return
    undoing.undo_step(actor=None, project=project, rights=EVERYTHING, number=last.number, key="")


def report(project: Project, day: date, number: int) -> None:
    progress.set_data_date(actor=None, project=project, data_date=day)
    is_done = number % 4 == 0
    progress.record_progress(
        actor=None,
        task=leaf(project, number),
        data_date=day,
        actual_start=at(FIRST_DAY),
        actual_finish=at(day) if is_done else None,
        percent_complete=None if is_done else Decimal(10 * (1 + number % 8)),
        percent_physical=None if is_done else Decimal(10 * (1 + number % 5)),
        note=REASON,
    )


def edit_header(project: Project, day: date, number: int) -> None:
    changes: list[dict[str, Any]] = [
        {"eac_method": EacMethod.values[number % 3]},
        {"is_flagship": number % 2 == 0},
        {"report_cycle": ReportCycle.values[number % len(ReportCycle.values)]},
        {"currency": "USD" if project.currency == "EUR" else "EUR"},
    ]
    projects.edit_project(
        actor=None, project=project, changes=changes[number % len(changes)], expected_version=None
    )


def change_state(project: Project, day: date, number: int) -> None:
    following = next_states(project) or (project.state,)
    states.change_state(
        actor=None, project=project, state=following[number % len(following)], today=day, reason=REASON
    )


def change_budget(project: Project, day: date, number: int) -> None:
    line = project.budget_lines.order_by("pk").first()
    if number % 3 == 0 or line is None:
        budgets.add_budget_line(
            actor=None, project=project, amount=Decimal(100 + number), effective_from=day, category="LABOUR"
        )
    elif number % 3 == 1:
        changes = {"amount": Decimal(700 + number), "currency": "USD" if number % 2 else "EUR"}
        budgets.edit_budget_line(actor=None, line=line, changes=changes, expected_version=None)
    else:
        budgets.remove_budget_line(actor=None, line=line, expected_version=None)


def raise_budget(project: Project, day: date, number: int) -> None:
    change_budget(project, day, 1 + 3 * number)


def remove_budget(project: Project, day: date, number: int) -> None:
    change_budget(project, day, 2)


def change_order(project: Project, day: date, number: int) -> None:
    order = project.commitments.order_by("pk").first()
    if number % 3 == 0 or order is None:
        commitments.add_commitment(
            actor=None, project=project, number=f"{day}-{number}", amount=Decimal(40 + number), date=day
        )
    elif number % 3 == 1:
        changes = {"invoiced": Decimal(20 + number), "amount": Decimal(90 + number)}
        commitments.edit_commitment(actor=None, commitment=order, changes=changes, expected_version=None)
    else:
        commitments.close_commitment(actor=None, commitment=order, closed_on=day, expected_version=None)


def spend(project: Project, day: date, number: int) -> None:
    costs.post_actual_cost(actor=None, project=project, posting_date=day, amount=Decimal(10 + number))
    costs.set_forecast(actor=None, project=project, etc_amount=Decimal(300 + number), made_on=day)


def freeze(project: Project, day: date, number: int) -> None:
    baselines.set_baseline(actor=None, project=project, effective_from=day, reason=REASON)


def change_calendar(project: Project, day: date, number: int) -> None:
    off = [DayOff(date(2026, 2, 2), date(2026, 2, 2 + number), "Closed")]
    calendars.edit_calendar(
        actor=None, calendar=project.calendar, changes={}, expected_version=None, days_off=off
    )


def declare(project: Project, day: date, number: int) -> None:
    reports.publish_status(
        actor=None,
        project=project,
        period_end=day,
        published_at=at(day, 12),
        ratings={"SCHEDULE": ("GREEN", "AMBER", "RED")[number % 3]},
        path_to_green=REASON,
    )


def move_project(project: Project, day: date, number: int) -> None:
    homes = list(Portfolio.objects.order_by("pk"))
    move(
        actor=None,
        project=project,
        parent_node=homes[number % len(homes)].node,
        reason=REASON,
        expected_version=None,
    )


def go_back(project: Project, day: date, number: int) -> None:
    # A date after the one in force would be a late status: it belongs to the days it is about.
    earlier = (project.data_date or AS_OF) - timedelta(days=1 + number)
    progress.set_data_date(actor=None, project=project, data_date=earlier, reason=REASON)


def own_dates(project: Project, day: date, number: int) -> None:
    """The engine owns the dates from now on, and computes them from a start that moves."""
    start = FIRST_DAY + timedelta(days=7 * (1 + number))
    projects.edit_project(
        actor=None, project=project, changes={"planned_start": start}, expected_version=None
    )
    schedules.set_auto_scheduling(actor=None, project=project, is_auto=True, expected_version=None)


def take_file(project: Project, day: date, number: int) -> None:
    """A schedule file in which rows, hours and the data date are others than last time."""
    hours = (Interval(480, 720 + 10 * number),)
    calendar = FileCalendar(1, "Standard", weekdays=Weekdays(*[hours] * 5, (), ()))
    rows = [files.row(uid, f"Of the file {uid}", 2 + number) for uid in range(1, 3 + number % 2)]
    document = replace(files.plan(rows, status_date=day), calendars=(calendar,))
    files.bring_in(project, document, missing="REMOVE" if number % 3 == 0 else "KEEP")


def take_table(project: Project, day: date, number: int) -> None:
    """A row of a table, a status as of the day, that moves the completion and the data date."""
    finish = day + timedelta(days=100 + number)
    report = {"confidence": "AMBER", "reported_finish": finish, "currency": "EUR"}
    draft = StatusDraft(1, day, project.pk, {"planned_finish": finish}, report, finish=finish)
    source = StatusSource(None, "Table", at(day, 12), has_first_status_as_baseline=False)
    home = project.node.parent
    prepared = dated_statuses.prepare_statuses(source, str(home.path), [draft])
    rows = status_writing.rows_of(prepared, home="Core")
    status_writing.write_statuses(prepared, rows, home=home)


ACTS: list[Act] = [
    add_task,
    edit_task,
    mark_completion,
    choose_technique,
    assign_people,
    delete_task,
    move_task,
    replan,
    take_step,
    go_a_step_back,
    report,
    edit_header,
    change_state,
    change_budget,
    change_order,
    spend,
    freeze,
    change_calendar,
    declare,
    move_project,
    go_back,
    own_dates,
    take_file,
    take_table,
]
DAYS = [AS_OF + timedelta(days=step) for step in (1, 2, 9, 30)]


def world() -> list[int]:
    """Two projects that have been in the portal for long."""
    home = make_portfolio()
    make_portfolio("OTHER")
    FxRate.objects.create(source="USD", target="EUR", date=FIRST_DAY, rate=Decimal("0.9"))
    ids = []
    for code in ("P1", "P2"):
        project = make_project(code, home, created_at=at(FIRST_DAY - timedelta(days=30)))
        task = plan(project)
        Task.objects.filter(pk=task.pk).update(
            actual_start=task.planned_start, percent_complete=50, percent_physical=50
        )
        task.progress_entries.update(
            forecast_start=task.planned_start, forecast_finish=task.planned_finish, recorded_at=at(AS_OF, 12)
        )
        Commitment.objects.create(project=project, number="1", currency="EUR", amount=90, date=FIRST_DAY)
        _add_rows(project)
        ids.append(project.pk)
    return ids


def _add_rows(project: Project) -> None:
    """A task whose progress came without a date, and the completion a table moves."""
    Task.objects.create(
        project=project,
        uid=2,
        name="Undated",
        duration=4800,
        planned_start=at(FIRST_DAY),
        planned_finish=at(date(2026, 5, 29), 17),
        actual_start=at(FIRST_DAY),
        percent_complete=30,
        position=1,
    )
    finish = at(date(2026, 7, 31), 17)
    Task.objects.create(
        project=project,
        uid=3,
        name=COMPLETION,
        kind="FINISH_MILESTONE",
        is_key_milestone=True,
        duration=0,
        planned_start=finish,
        planned_finish=finish,
        position=2,
    )


def roll_up(ids: list[int], day: date) -> None:
    """Compute and keep the day."""
    chunk = judge_projects(project_ids=ids, as_of=day, kind=SnapshotKind.DAILY)
    assert keep_judgement(run=run_of(day), chunk=chunk).failed == 0


def kept(model: type[ProjectHealth] | type[ProjectSnapshot], day: date) -> list[dict[str, Any]]:
    rows = model.objects.filter(as_of=day).order_by("project_id").values()
    return [
        {name: value for name, value in row.items() if name not in {"id", "computed_at", "run_id"}}
        for row in rows
    ]


def forget(day: date) -> None:
    """Lose what was kept of a day, so that it has to be made from the facts again."""
    ProjectHealth.objects.filter(as_of=day).delete()
    ProjectSnapshot.objects.filter(as_of=day).delete()


def live(days: History, ids: list[int]) -> None:
    """Change facts on each day, then roll it up; what the services refuse changes nothing."""
    for day, acts in zip(DAYS, days, strict=False):
        for act, which, number in acts:
            with known_on(day), suppress(DomainError, ValidationError):
                act(Project.objects.get(pk=ids[which]), day, number)
        roll_up(ids, day)


def computed_again(days: History, ids: list[int]) -> tuple[dict[date, Rows], dict[date, Rows]]:
    """
    Live the days, then lose and make again each but the last; return what was kept first and what now.

    `AS_OF` is rolled up already.
    """
    live(days, ids)
    past = [AS_OF, *DAYS[: len(days) - 1]]
    first = {day: kept(ProjectSnapshot, day) + kept(ProjectHealth, day) for day in past}
    again = {}
    for day in past:
        forget(day)
        roll_up(ids, day)
        again[day] = kept(ProjectSnapshot, day) + kept(ProjectHealth, day)
    return first, again
