"""How much of a summary is done physically: EV/BAC of the work packages below it (SCH-32)."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from projects.engine.measure import Measure, Reason
from projects.models import Project, Task
from projects.selectors.summary_values import physical_of
from projects.services import baselines, budgets, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)


def plan() -> tuple[Project, Task, Task]:
    """Two summaries, one in the other; three packages of 100, 300 and 600 that are 50, 20 and 0 % done."""
    project = factories.project("NW-1")
    outer = factories.task(project, "Substation")
    inner = factories.task(project, "Foundations", parent=outer)
    for name, parent, amount in (("Dig", inner, 100), ("Pour", inner, 300), ("Wire", outer, 600)):
        task = factories.task(project, name, parent=parent, planned_start=moment(2), duration=960)
        budgets.add_budget_line(
            actor=None, project=project, amount=Decimal(amount), effective_from=DAY, task=task
        )
    return project, Task.objects.get(pk=outer.pk), Task.objects.get(pk=inner.pk)


def report(project: Project) -> Project:
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    project = progress.set_data_date(actor=None, project=project, data_date=DAY)
    for name, percent in (("Dig", 50), ("Pour", 20)):
        progress.record_progress(
            actor=None, task=Task.objects.get(name=name), data_date=DAY, actual_start=moment(2),
            percent_complete=Decimal(90), percent_physical=Decimal(percent),
        )  # fmt: skip
    return project


def physical(task: Task) -> Measure:
    return physical_of(Task.objects.select_related("project").get(pk=task.pk), as_of=DAY)


def test_physical_percentage_of_summaries_is_their_earned_share() -> None:
    """SCH-32: 50 + 60 of 400 below the inner one; of 1,000 below the outer one."""
    project, outer, inner = plan()
    report(project)

    assert physical(inner) == Measure.of(Decimal("27.5"))
    assert physical(outer) == Measure.of(Decimal(11))
    assert physical(Task.objects.get(name="Pour")) == Measure.of(Decimal(20))


def test_physical_percentage_that_is_unknown_says_why() -> None:
    project, outer, _inner = plan()
    empty = factories.task(project, "Later")
    factories.task(project, "Unpaid", parent=empty, planned_start=moment(2), duration=960)

    assert physical(outer) == Measure.missing(Reason.NO_DATA_DATE)
    progress.set_data_date(actor=None, project=project, data_date=DAY)
    assert physical(outer) == Measure.missing(Reason.NO_BASELINE)
    report(project)
    assert physical(empty) == Measure.missing(Reason.NO_BUDGET)


def test_page_and_api_show_the_physical_percentage_of_a_summary() -> None:
    project, outer, _inner = plan()
    report(project)
    browser = Client()
    browser.force_login(factories.manager_of(project))

    page = browser.get(outer.get_absolute_url()).content.decode()
    answer = browser.get(f"/api/v1/projects/NW-1/tasks/{outer.uid}/").json()

    assert "11.0\N{NO-BREAK SPACE}% <small>physically</small>" in page
    assert answer["summary_physical"] == {"value": "11.00", "reason": None}
    assert answer["percent_physical"] == "11.00"


def test_page_and_api_say_why_the_physical_percentage_of_a_summary_is_unknown() -> None:
    project, outer, _inner = plan()
    browser = Client()
    browser.force_login(factories.manager_of(project))

    page = browser.get(outer.get_absolute_url()).content.decode()
    address = f"/api/v1/projects/NW-1/tasks/{outer.uid}/"
    leaf = Task.objects.get(name="Pour")

    assert 'class="undefined"' in page
    answer = browser.get(address).json()
    assert answer["summary_physical"] == {"value": None, "reason": "NO_DATA_DATE"}
    assert answer["percent_physical"] is None
    assert browser.get(f"/api/v1/projects/NW-1/tasks/{leaf.uid}/").json()["summary_physical"] is None


def test_rows_of_api_and_grid_say_the_earned_share_of_summaries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """SCH-32: computed once for all rows of an answer; what a file kept at the summary is not shown."""
    project, outer, inner = plan()
    Task.objects.filter(pk__in=(outer.pk, inner.pk)).update(percent_physical=70)
    project = report(project)
    empty = factories.task(project, "Later")
    factories.task(project, "Unpaid", parent=empty, planned_start=moment(2), duration=960)
    browser = Client()
    browser.force_login(factories.manager_of(project))

    with django_assert_max_num_queries(45):
        listed = browser.get("/api/v1/projects/NW-1/tasks/").json()["results"]
    grid = browser.get("/api/v1/projects/NW-1/plan/").json()
    summaries = browser.get("/api/v1/projects/NW-1/plan/summaries/").json()

    shown = {row["name"]: row["percent_physical"] for row in listed}
    below = {"Dig": "50.00", "Pour": "20.00", "Wire": "0.00", "Unpaid": "0.00"}
    assert shown == below | {"Substation": "11.00", "Foundations": "27.50", "Later": None}
    at = grid["columns"].index("physical")
    assert [row[at] for row in grid["rows"]] == [None, None, 50, 20, 0, None, 0]
    assert summaries["columns"] == ["uid", "physical", "reason"]
    assert summaries["rows"] == [
        [outer.uid, 11.0, None],
        [inner.uid, 27.5, None],
        [empty.uid, None, "NO_BUDGET"],
    ]
