"""The loader: a fixed number of queries, and figures of the past that stay."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.engine.instants import NO_INSTANT
from projects.models import (
    Baseline,
    BaselineTask,
    BudgetLine,
    Commitment,
    ForecastLine,
    FxRate,
    Project,
    TaskProgress,
)
from projects.selectors.measures import load_project_arrays, load_projects
from projects.services.snapshots import compute_measures
from tests.portfolio.worlds import AS_OF, FIRST_DAY, at, make_portfolio, make_project, plan, post

APRIL = date(2026, 4, 30)
pytestmark = pytest.mark.django_db


def queries_for(ids: list[int]) -> int:
    with CaptureQueriesContext(connection) as captured:
        load_project_arrays(ids, AS_OF)
    return len(captured)


def planned(*codes: str) -> list[Project]:
    home = make_portfolio()
    made = [make_project(code, home) for code in codes]
    for project in made:
        plan(project)
    return made


def test_queries_do_not_grow_with_projects() -> None:
    """Conventions 2: a chunk of any size is one fixed number of queries."""
    ids = [project.pk for project in planned("P1", "P2", "P3")]

    assert (queries_for(ids[:1]), queries_for(ids)) == (19, 19)


def test_fingerprint_does_not_depend_on_the_chunk() -> None:
    """SEC-37: the same inputs, alone or among others, have the same digest."""
    ids = [project.pk for project in planned("P1", "P2", "P3")]

    together = load_projects(ids, AS_OF).fingerprints
    alone = tuple(load_projects([pk], AS_OF).fingerprints[0] for pk in ids)

    assert together == alone
    assert len(set(together)) == 3


def test_past_date_does_not_change_when_newer_facts_come() -> None:
    """SEC-37: later progress, costs, budget, orders, estimates, baselines and states are not seen."""
    project = planned("P1")[0]
    task = project.tasks.get()
    before = compute_measures(project_ids=[project.pk], as_of=AS_OF)

    TaskProgress.objects.create(
        task=task,
        data_date=APRIL,
        actual_start=task.planned_start,
        actual_finish=at(date(2026, 4, 20), 17),
        percent_complete=100,
        percent_physical=100,
        forecast_finish=at(date(2026, 4, 20), 17),
    )
    post(project, 9000, date(2026, 4, 2))
    BudgetLine.objects.create(project=project, currency="EUR", amount=7, effective_from=date(2026, 4, 1))
    Commitment.objects.create(project=project, number="1", currency="EUR", amount=5, date=date(2026, 4, 1))
    ForecastLine.objects.create(project=project, etc_amount=80, made_on=date(2026, 4, 1))
    Baseline.objects.update(is_current=False)
    newer = Baseline.objects.create(project=project, number=1, effective_from=date(2026, 4, 1), bac=5)
    BaselineTask.objects.create(
        baseline=newer, task=task, task_uid=1, name="Build", kind="TASK", budget=5, duration=480
    )
    Project.objects.filter(pk=project.pk).update(data_date=APRIL)
    after = compute_measures(project_ids=[project.pk], as_of=AS_OF)

    assert after.measures == before.measures
    assert after.fingerprints == before.fingerprints
    assert compute_measures(project_ids=[project.pk], as_of=APRIL).measures != before.measures


def test_progress_reported_later_only_is_not_known_before() -> None:
    """Work that was reported in April had not been heard of in March, even if it had begun."""
    project = planned("P1")[0]
    task = project.tasks.get()
    TaskProgress.objects.all().update(data_date=APRIL)

    tasks = load_project_arrays([project.pk], AS_OF).tasks

    assert task.progress_entries.count() == 1
    assert tasks.actual_start.tolist() == [NO_INSTANT]
    assert tasks.percent_complete.tolist() == [0]


def test_task_columns_count_without_entries() -> None:
    """An imported plan without dated entries is believed up to its own data date."""
    project = planned("P1")[0]
    task = project.tasks.get()
    TaskProgress.objects.all().delete()
    task.actual_start, task.percent_complete = task.planned_start, 40
    task.save()

    now = load_project_arrays([project.pk], AS_OF).tasks
    Project.objects.filter(pk=project.pk).update(data_date=APRIL)
    doubtful = load_project_arrays([project.pk], AS_OF).tasks

    assert now.percent_complete.tolist() == [4000]
    assert doubtful.percent_complete.tolist() == [-1]
    assert doubtful.actual_start.tolist() == now.actual_start.tolist()


def test_baseline_counts_from_its_effective_date() -> None:
    """CST-12: the baseline in force at the date, not the newest."""
    project = planned("P1")[0]

    early = load_project_arrays([project.pk], date(2026, 1, 4)).projects
    late = load_project_arrays([project.pk], AS_OF).projects

    assert early.baseline_id.tolist() == [-1]
    assert late.baseline_id.tolist() == [Baseline.objects.get().pk]


def test_cost_counts_up_to_the_data_date() -> None:
    """CST-11: postings after the data date belong to the next status."""
    project = planned("P1")[0]
    Project.objects.filter(pk=project.pk).update(data_date=date(2026, 3, 15))
    post(project, 70, date(2026, 3, 15))
    post(project, 900, date(2026, 3, 16))

    assert load_project_arrays([project.pk], AS_OF).projects.actual_cost.tolist() == [57000]


def test_open_commitments_at_a_date() -> None:
    """CST-1: what was open at the end of the day, without what was invoiced, never below 0."""
    project = planned("P1")[0]
    for number, amount, invoiced, state, closed_on in (
        ("1", 150, 60, "OPEN", None),
        ("2", 100, 130, "OPEN", None),
        ("3", 40, 0, "CLOSED", date(2026, 4, 2)),
        ("4", 40, 0, "CLOSED", date(2026, 3, 1)),
        ("5", 40, 0, "CANCELED", None),
    ):
        Commitment.objects.create(
            project=project,
            number=number,
            currency="EUR",
            amount=amount,
            invoiced=invoiced,
            date=FIRST_DAY,
            state=state,
            closed_on=closed_on,
        )

    assert load_project_arrays([project.pk], AS_OF).projects.open_commitments.tolist() == [13000]


def test_missing_rate_leaves_the_amount_out() -> None:
    """CST-20: never 1; with a budget rate the amount counts."""
    project = planned("P1")[0]
    BudgetLine.objects.create(project=project, currency="USD", amount=100, effective_from=FIRST_DAY)

    without = load_projects([project.pk], AS_OF)
    FxRate.objects.create(source="USD", target="EUR", date=FIRST_DAY, kind="BUDGET", rate="0.90")
    with_rate = load_projects([project.pk], AS_OF)

    assert without.arrays.projects.budget_work.tolist() == [100000]
    assert without.headers[0].money.missing_rates == {"USD"}
    assert with_rate.arrays.projects.budget_work.tolist() == [109000]


def test_state_of_a_past_date() -> None:
    """A project closed in April was executing in March."""
    project = planned("P1")[0]
    Project.objects.filter(pk=project.pk).update(state="CLOSED", state_since=date(2026, 4, 10))

    assert load_project_arrays([project.pk], AS_OF).projects.state == ("EXECUTING",)
    assert load_project_arrays([project.pk], APRIL).projects.state == ("CLOSED",)
