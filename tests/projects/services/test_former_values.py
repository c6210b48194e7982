"""A past day computed again after undated facts changed: as it was known then (SEC-37, HLT-5)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.models import (
    BaselineTask,
    BudgetLine,
    Commitment,
    FormerBudgetLine,
    FormerCalendar,
    FormerProject,
    FormerTask,
    Project,
    Task,
)
from projects.selectors.measures import LoadedProjects, load_projects
from projects.services import budgets, calendars, commitments, progress, projects, states, tasks, techniques
from projects.services.baselines import set_baseline
from projects.services.calendars import DayOff
from projects.services.former_values import known_on, remember_plan
from projects.services.snapshots import compute_measures
from tests.portfolio.worlds import AS_OF, FIRST_DAY, at, make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
NEXT = date(2026, 4, 10)
LATER = date(2026, 4, 20)


def running(**facts: object) -> Project:
    """A project that has been in the portal since January, with one task, a budget and an order."""
    project = make_project("P1", make_portfolio(), created_at=at(FIRST_DAY - timedelta(days=30)), **facts)
    task = plan(project)
    Task.objects.filter(pk=task.pk).update(
        actual_start=task.planned_start, percent_complete=50, percent_physical=50
    )
    task.progress_entries.update(forecast_start=task.planned_start, forecast_finish=task.planned_finish)
    Task.objects.create(
        project=project,
        uid=2,
        name="Later",
        duration=4800,
        planned_start=at(date(2026, 4, 20)),
        planned_finish=at(date(2026, 5, 1), 17),
    )
    BaselineTask.objects.create(
        baseline=project.baselines.get(),
        task=later(project),
        task_uid=2,
        name="Later",
        kind="TASK",
        start=at(date(2026, 4, 20)),
        finish=at(date(2026, 5, 1), 17),
        duration=4800,
        budget=200,
    )
    Commitment.objects.create(
        project=project, number="O-1", currency="EUR", amount=300, invoiced=100, date=FIRST_DAY
    )
    return project


def build(project: Project) -> Task:
    return project.tasks.get(name="Build")


def later(project: Project) -> Task:
    return project.tasks.get(name="Later")


def edit_plan(project: Project) -> None:
    finish = at(date(2026, 9, 30), 17)
    tasks.edit_task(
        actor=None, task=build(project), changes={"planned_finish": finish}, expected_version=None
    )


def switch_off(project: Project) -> None:
    tasks.edit_task(actor=None, task=build(project), changes={"is_active": False}, expected_version=None)


def add_task(project: Project) -> None:
    tasks.create_task(
        actor=None,
        project=project,
        name="More",
        planned_start=at(NEXT),
        planned_finish=at(date(2026, 12, 1), 17),
    )


def add_below(project: Project) -> None:
    tasks.create_task(
        actor=None,
        project=project,
        name="Part",
        parent=build(project),
        planned_start=at(NEXT),
        planned_finish=at(date(2026, 12, 1), 17),
    )


def delete(project: Project) -> None:
    tasks.delete_task(actor=None, task=build(project), expected_version=None)


def replan(project: Project) -> None:
    tasks.replan_tasks(
        actor=None, project=project, starts={project.tasks.get(name="Later").pk: at(date(2026, 5, 4))}
    )


def report(project: Project) -> None:
    progress.set_data_date(actor=None, project=project, data_date=NEXT)
    progress.record_progress(
        actor=None,
        task=build(project),
        data_date=NEXT,
        actual_start=at(FIRST_DAY),
        percent_complete=Decimal(80),
    )


def go_back(project: Project) -> None:
    progress.set_data_date(
        actor=None, project=project, data_date=date(2026, 3, 15), reason="The status was not complete"
    )


def change_header(project: Project) -> None:
    changes = {"eac_method": "EAC_2", "is_flagship": True, "report_cycle": "WEEKLY"}
    projects.edit_project(actor=None, project=project, changes=changes, expected_version=None)


def change_currency(project: Project) -> None:
    projects.edit_project(actor=None, project=project, changes={"currency": "USD"}, expected_version=None)


def hold(project: Project) -> None:
    states.change_state(
        actor=None, project=project, state="ON_HOLD", today=NEXT, reason="Waits for the supplier"
    )


def raise_budget(project: Project) -> None:
    budgets.edit_budget_line(
        actor=None,
        line=project.budget_lines.get(),
        changes={"amount": Decimal(1500), "category": "CONTINGENCY"},
        expected_version=None,
    )


def remove_budget(project: Project) -> None:
    budgets.remove_budget_line(actor=None, line=project.budget_lines.get(), expected_version=None)


def take_invoice(project: Project) -> None:
    commitments.edit_commitment(
        actor=None,
        commitment=project.commitments.get(),
        changes={"invoiced": Decimal(250), "amount": Decimal(320)},
        expected_version=None,
    )


def shape_started(project: Project) -> None:
    techniques.set_technique(
        actor=None,
        task=build(project),
        technique="FIXED_50_50",
        details={"start_share": "20"},
        reason="Change request 7",
    )


def shape_future(project: Project) -> None:
    techniques.set_technique(
        actor=None, task=later(project), technique="PERCENT_COMPLETE", details={"curve": "BELL"}
    )


def add_holidays(project: Project) -> None:
    calendars.edit_calendar(
        actor=None,
        calendar=project.calendar,
        changes={"hours_per_day": Decimal(7)},
        expected_version=None,
        days_off=[DayOff(date(2026, 2, 2), date(2026, 2, 6), "Closed")],
    )


CHANGES: list[Callable[[Project], None]] = [
    edit_plan,
    switch_off,
    add_task,
    add_below,
    delete,
    replan,
    report,
    change_header,
    hold,
    raise_budget,
    remove_budget,
    take_invoice,
    shape_started,
    shape_future,
    add_holidays,
]


def loaded(project: Project, day: date = AS_OF) -> LoadedProjects:
    return load_projects([project.pk], day)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_change_of_later_does_not_touch_the_day(change: Callable[[Project], None]) -> None:
    """SEC-37, HLT-5: the same inputs, digest and measures as before; the day of the change sees it."""
    project = running()
    before, measured = loaded(project), compute_measures(project_ids=[project.pk], as_of=AS_OF)

    with known_on(NEXT):
        change(project)
    after = loaded(project)

    assert after.fingerprints == before.fingerprints
    assert after.headers == before.headers
    assert compute_measures(project_ids=[project.pk], as_of=AS_OF).measures == measured.measures
    assert loaded(project, NEXT - timedelta(days=1)).headers == before.headers
    now = loaded(project, NEXT)
    assert (now.fingerprints, now.headers) != (before.fingerprints, before.headers)


def test_two_changes_are_two_days() -> None:
    """Each day sees what stood at its end; several changes of a day leave one row."""
    project = running()
    for day, amounts in ((NEXT, (1200, 1300)), (LATER, (1400,))):
        with known_on(day):
            for amount in amounts:
                budgets.edit_budget_line(
                    actor=None,
                    line=project.budget_lines.get(),
                    changes={"amount": Decimal(amount)},
                    expected_version=None,
                )

    seen = [
        loaded(project, day).headers[0].money.budget_work
        for day in (AS_OF, NEXT, LATER - timedelta(days=1), LATER)
    ]

    assert seen == [100_000, 130_000, 130_000, 140_000]
    assert list(FormerBudgetLine.objects.order_by("known_until").values_list("known_until", "amount")) == [
        (NEXT - timedelta(days=1), Decimal(1000)),
        (LATER - timedelta(days=1), Decimal(1300)),
    ]


def test_details_of_a_past_day_are_those_of_the_day() -> None:
    """
    CST-12, SEC-37: each day has the details that were in force at its end.

    Chosen twice before work began, frozen by the third choice, which leaves the plan as the second had it.
    """
    project = running()
    chosen = [
        (NEXT, {"curve": "BELL"}, ""),
        (LATER, {"curve": "FRONT"}, ""),
        (LATER + timedelta(days=7), {"curve": "BACK"}, "Change request 9"),
    ]
    for day, details, reason in chosen:
        if reason:
            Task.objects.filter(pk=later(project).pk).update(actual_start=at(LATER))
        with known_on(day):
            techniques.set_technique(
                actor=None,
                task=later(project),
                technique="PERCENT_COMPLETE",
                details=details,
                reason=reason,
            )

    days = (AS_OF, NEXT, LATER, LATER + timedelta(days=7))
    seen = [[str(one.curve) for one in loaded(project, day).arrays.profiles.values()] for day in days]

    assert seen == [[], ["BELL"], ["FRONT"], ["FRONT"]]
    assert BaselineTask.objects.get(task=later(project)).frozen_on == LATER + timedelta(days=7)


def test_details_of_a_deleted_task_are_those_of_the_day() -> None:
    """SCH-37: the row of the baseline follows its task until the day it is deleted."""
    project = running()
    for day, curve in ((NEXT, "BELL"), (LATER, "FRONT")):
        with known_on(day):
            techniques.set_technique(
                actor=None, task=later(project), technique="PERCENT_COMPLETE", details={"curve": curve}
            )
    with known_on(LATER + timedelta(days=1)):
        tasks.delete_task(actor=None, task=later(project), expected_version=None)

    days = (AS_OF, NEXT, LATER, LATER + timedelta(days=1))
    seen = [[str(one.curve) for one in loaded(project, day).arrays.profiles.values()] for day in days]

    assert seen == [[], ["BELL"], ["FRONT"], ["FRONT"]]


def test_deleted_task_keeps_its_earned_value() -> None:
    """SCH-37 holds from the day of the deletion on; before it the baseline row has its task again."""
    project = running()
    BudgetLine.objects.all().delete()
    with known_on(NEXT):
        delete(project)

    before, after = (
        compute_measures(project_ids=[project.pk], as_of=day).measures[0] for day in (AS_OF, NEXT)
    )

    assert (before.value.ev.value, before.removed_rows, before.tasks_total) == (Decimal(500), 0, 2)
    assert (after.value.ev.value, after.removed_rows, after.tasks_total) == (Decimal(0), 1, 1)


def test_first_day_of_a_project_brings_its_history() -> None:
    """What is entered on the day a project is made is known since ever; nothing is kept of it."""
    project = make_project("P2", make_portfolio("LATE"))

    task = tasks.create_task(
        actor=None, project=project, name="Old", planned_start=at(FIRST_DAY), duration=4800
    )
    tasks.edit_task(actor=None, task=task, changes={"duration": 9600}, expected_version=None)

    assert loaded(project).headers[0].tasks_active == 1
    assert task.entered_on is None
    assert FormerTask.objects.count() == 0


def test_typing_error_of_the_day_leaves_nothing() -> None:
    """A line or task that was entered today was in force at the end of no day before."""
    project = running()
    with known_on(NEXT):
        line = budgets.add_budget_line(
            actor=None, project=project, amount=Decimal(70), effective_from=FIRST_DAY
        )
        budgets.edit_budget_line(actor=None, line=line, changes={"amount": Decimal(7)}, expected_version=None)

    assert loaded(project).headers[0].money.budget_work == 100_700
    assert FormerBudgetLine.objects.count() == 0


def test_late_status_belongs_to_the_day_it_is_about() -> None:
    """CON-6, CST-11: a status of 7 April noted on the 10th is seen on the 8th, not on 31 March."""
    project = running()
    about = date(2026, 4, 7)
    with known_on(NEXT):
        progress.set_data_date(actor=None, project=project, data_date=about)
        progress.record_progress(
            actor=None,
            task=build(project),
            data_date=about,
            actual_start=at(FIRST_DAY),
            percent_complete=Decimal(80),
        )

    past, seen = loaded(project), loaded(project, about + timedelta(days=1))

    assert (past.headers[0].data_date, past.arrays.tasks.percent_complete.tolist()) == (AS_OF, [5000, 0])
    assert seen.headers[0].data_date == about
    assert seen.arrays.tasks.percent_complete.tolist()[0] > 7900


def test_data_date_that_went_back_stays_in_the_past() -> None:
    """SCH-20: going back is a correction from its day on."""
    project = running()
    with known_on(NEXT):
        go_back(project)

    assert [loaded(project, day).headers[0].data_date for day in (AS_OF, NEXT)] == [
        AS_OF,
        date(2026, 3, 15),
    ]


def test_plan_moved_after_a_report_moves_the_forecast() -> None:
    """The forecast of a report holds until the plan is changed; a past day keeps the forecast of then."""
    project = running(data_date=AS_OF)
    with known_on(AS_OF):
        progress.record_progress(
            actor=None,
            task=build(project),
            data_date=AS_OF,
            actual_start=at(FIRST_DAY),
            percent_complete=Decimal(50),
        )
    reported = compute_measures(project_ids=[project.pk], as_of=AS_OF).measures[0].time.forecast_finish
    with known_on(NEXT):
        edit_plan(project)

    found = [
        compute_measures(project_ids=[project.pk], as_of=day).measures[0].time.forecast_finish.value
        for day in (AS_OF, NEXT)
    ]

    assert found == [reported.value, date(2026, 9, 30)]


def test_new_baseline_changes_figures_from_its_day_on() -> None:
    """CST-12: past planned value is frozen, also when the plan changed together with the baseline."""
    project = running()
    before = compute_measures(project_ids=[project.pk], as_of=AS_OF).measures[0]
    with known_on(NEXT):
        edit_plan(project)
        set_baseline(actor=None, project=project, effective_from=NEXT, reason="Scope was added in April")

    after = compute_measures(project_ids=[project.pk], as_of=AS_OF).measures[0]

    assert (after.value.pv, after.value.bac) == (before.value.pv, before.value.bac)
    assert (
        compute_measures(project_ids=[project.pk], as_of=NEXT).measures[0].baseline_id != before.baseline_id
    )


def test_a_whole_plan_is_kept_in_one_statement(django_assert_num_queries: Callable[..., object]) -> None:
    """Writers of whole plans leave no loop over rows: one INSERT … SELECT for the day that is given."""
    project = running()
    Task.objects.bulk_create(
        Task(project=project, uid=number, name=f"T{number}") for number in range(100, 400)
    )

    with known_on(NEXT), django_assert_num_queries(1):
        remember_plan(project)
    with known_on(NEXT):
        remember_plan(project)

    assert FormerTask.objects.count() == 302


def test_nothing_is_kept_without_a_change_of_facts() -> None:
    """A new note or name of a project is no fact of a roll-up."""
    project = running()
    with known_on(NEXT):
        projects.edit_project(
            actor=None, project=project, changes={"description": "New"}, expected_version=None
        )
        tasks.edit_task(actor=None, task=build(project), changes={"notes": "New"}, expected_version=None)

    assert (FormerProject.objects.count(), FormerTask.objects.count()) == (0, 0)


def test_calendar_of_the_past_has_its_days_off() -> None:
    """CON-7: working days of a past day are counted on the calendar of that day."""
    project = running()
    with known_on(NEXT):
        add_holidays(project)
    with known_on(LATER):
        calendars.edit_calendar(
            actor=None, calendar=project.calendar, changes={}, expected_version=None, days_off=[]
        )

    counts = [len(loaded(project, day).arrays.calendars[0].exceptions) for day in (AS_OF, NEXT, LATER)]

    assert counts == [0, 1, 0]
    assert FormerCalendar.objects.count() == 2
