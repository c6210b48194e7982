"""Milestones and baselines: two versions compared, trend, export, API, who sees what, queries."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from projects.engine.milestone_trend import Trend
from projects.models import Project, Task
from projects.selectors.milestone_trends import Forecast, trend_page
from projects.selectors.plan_change_words import change_lines, growth_percent
from projects.selectors.plan_versions import compare_versions, plan_versions
from projects.services import baselines, budgets, progress, tasks
from projects.services.former_values import known_on
from projects.services.reports import publish_status
from tests import factories
from tests.factories import MONDAY, moment

pytestmark = pytest.mark.django_db
PAGE = "/projects/NW-1/baselines/"
API = "/api/v1/projects/NW-1/baselines/"
DAY = 480


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def planned() -> tuple[Project, dict[str, Task]]:
    """A task of five days and a key milestone behind it, dated by hand, with budget, frozen as baseline 0."""
    project = factories.project("NW-1", name="Substations", planned_start=MONDAY, is_auto_scheduled=False)
    made = {
        "Trench": factories.task(project, "Trench", planned_start=moment(2), duration=5 * DAY),
        "Cable": factories.task(project, "Cable", planned_start=moment(2), duration=DAY),
        "Energized": factories.task(
            project,
            "Energized",
            kind="FINISH_MILESTONE",
            is_key_milestone=True,
            planned_start=moment(6, 17),
            planned_finish=moment(6, 17),
        ),
    }
    budgets.add_budget_line(
        actor=None, project=project, task=made["Trench"], amount=Decimal(200), effective_from=MONDAY
    )
    baselines.set_baseline(actor=None, project=project, effective_from=MONDAY, name="Approved")
    return project, made


def changed(project: Project, made: dict[str, Task]) -> None:
    """Trench takes two days more, the milestone follows, Cable goes, Test comes, and 50 more is budgeted."""
    tasks.edit_task(actor=None, task=made["Trench"], changes={"duration": 7 * DAY}, expected_version=None)
    late = {"planned_start": moment(10, 17), "planned_finish": moment(10, 17)}
    tasks.edit_task(actor=None, task=made["Energized"], changes=late, expected_version=None)
    tasks.delete_task(actor=None, task=made["Cable"], expected_version=None)
    factories.task(project, "Test", planned_start=moment(9), duration=DAY)
    budgets.add_budget_line(
        actor=None, project=project, task=made["Trench"], amount=Decimal(50), effective_from=MONDAY
    )


def test_change_is_said_in_words() -> None:
    """SCH-37, RAI-22: what changed since the original baseline, the finish first."""
    project, made = planned()
    changed(project, made)
    alice = factories.manager_of(project)
    plan, original = plan_versions(project)

    found = compare_versions(project, original, plan, user=alice)

    assert [(line.tone, line.text, line.names) for line in change_lines(found)] == [
        ("bad", "The plan finishes 2 working days later: 10 Mar 2026 instead of 6 Mar 2026.", ()),
        ("bad", "2 of 2 tasks finish later.", ("Trench (+2 d)", "Energized (+2 d)")),
        ("bad", "1 of 1 key milestones is later.", ("Energized (+2 d)",)),
        ("", "1 task takes longer.", ("Trench",)),
        ("", "1 task was added.", ("Test",)),
        ("", "1 task was removed.", ("Cable",)),
    ]
    assert growth_percent(found) == Decimal(25)


def test_equal_versions_say_so() -> None:
    project, _made = planned()
    plan, original = plan_versions(project)

    lines = change_lines(compare_versions(project, original, plan, user=factories.manager_of(project)))

    assert [line.text for line in lines] == [
        "Nothing changed: the same tasks with the same dates and durations."
    ]


def test_any_two_versions_can_be_compared() -> None:
    """The second baseline against the first; the plan has moved on since and does not count."""
    project, made = planned()
    changed(project, made)
    baselines.set_baseline(
        actor=None, project=project, effective_from=date(2026, 3, 4), reason="Scope grew by change 7"
    )
    tasks.edit_task(actor=None, task=made["Trench"], changes={"duration": 20 * DAY}, expected_version=None)
    client = signed_in(factories.manager_of(project))

    answer = client.get(f"{PAGE}?before=0&after=1&rows=changed")

    found = answer.context["comparison"]
    assert (found.before.title, found.after.title) == ("Baseline 0 · Approved", "Baseline 1")
    assert found.difference.finish_wd == 2
    assert [(row.change.name, row.change.finish_wd) for row in answer.context["rows"]] == [
        ("Trench", 2),
        ("Energized", 2),
        ("Test", None),
        ("Cable", None),
    ]


def test_page_compares_with_the_current_baseline_and_shows_milestones() -> None:
    project, made = planned()
    changed(project, made)
    client = signed_in(factories.manager_of(project))

    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert [row.change.name for row in answer.context["rows"]] == ["Energized"]
    assert "2 working days late" in answer.content.decode()


@pytest.mark.parametrize(("grade", "is_linked"), [("GOOD", True), ("", False)])
def test_form_leads_to_the_checks_a_baseline_needs(grade: str, is_linked: bool) -> None:
    project = planned()[0]
    Project.objects.filter(pk=project.pk).update(baseline_grade=grade)

    page = signed_in(factories.manager_of(project)).get(f"{PAGE}ask/").content.decode()

    assert ("What a baseline needs" in page) is is_linked


def test_page_without_baseline_offers_the_first_step() -> None:
    project = factories.project("NW-1")
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, project.node.parent)

    answer = signed_in(paula).get(PAGE)

    assert answer.context["comparison"] is None
    assert "Set the original baseline" in answer.content.decode()
    assert signed_in(paula).get(f"{API}compare/").status_code == 404


def test_people_who_see_milestones_only_get_milestones_only() -> None:
    """SEC-10: an executive sees neither tasks nor costs, on the page, in the export and in the API."""
    project, made = planned()
    changed(project, made)
    eve = factories.user("Eve")
    factories.grant(eve, Role.EXECUTIVE, project.node)
    client = signed_in(eve)

    page = client.get(f"{PAGE}?rows=all").content.decode()
    table = client.get(f"{PAGE}export/csv/").content.decode()
    rows = client.get(f"{API}compare/").json()["rows"]

    assert "Trench" not in page + table
    assert "Energized" in page
    assert "Cost variance" not in table
    assert [row["name"] for row in rows] == ["Energized"]
    assert "cost" not in rows[0]


def test_export_has_every_leaf_with_its_variances() -> None:
    """SEC-28: all rows whatever the page shows, in the order of the plan."""
    project, made = planned()
    changed(project, made)

    answer = signed_in(factories.manager_of(project)).get(f"{PAGE}export/csv/?before=0")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        "1,1,Trench,changed,2026-03-02,2026-03-02,0,2026-03-06,2026-03-10,2,2,50.00",
        "3,2,Energized,changed,2026-03-06,2026-03-10,2,2026-03-06,2026-03-10,2,0,0.00",
        "4,3,Test,added,,2026-03-09,,,2026-03-09,,,",
        "2,,Cable,removed,2026-03-02,,,2026-03-02,,,,",
    ]


def reported(project: Project, made: dict[str, Task]) -> None:
    """Two reports: on 6 March the milestone is expected that day, on 13 March three working days later."""
    Project.objects.filter(pk=project.pk).update(created_at=moment(1))
    for day, finish in ((date(2026, 3, 6), moment(6, 17)), (date(2026, 3, 13), moment(11, 17))):
        with known_on(day):
            progress.set_data_date(actor=None, project=project, data_date=day)
            milestone = Task.objects.get(pk=made["Energized"].pk)
            dates = {"planned_start": finish, "planned_finish": finish}
            tasks.edit_task(actor=None, task=milestone, changes=dates, expected_version=None)
        publish_status(
            actor=None,
            project=project,
            period_end=day,
            published_at=datetime.combine(day, datetime.min.time(), tzinfo=UTC),
            data_date=day,
            source="test",
        )


def test_milestones_follow_published_reports(django_assert_num_queries: Any) -> None:
    """EX-EXE in small: the report of 6 March forecast the 6th, that of the 13th the 11th."""
    project, made = planned()
    alice = factories.manager_of(project)
    reported(project, made)
    project = Project.objects.select_related("calendar").get(pk=project.pk)

    with django_assert_num_queries(5):
        found = trend_page(project, user=alice)

    assert found.days == (date(2026, 3, 6), date(2026, 3, 13))
    (row,) = found.rows
    assert (row.name, row.trend.total, row.trend.trend) == ("Energized", 5, Trend.RISING)
    assert row.forecasts == (Forecast(date(2026, 3, 6)), Forecast(date(2026, 3, 11)))


def test_reached_milestone_keeps_its_actual_day() -> None:
    project, made = planned()
    alice = factories.manager_of(project)
    reported(project, made)
    milestone = Task.objects.get(pk=made["Energized"].pk)
    progress.record_progress(
        actor=None,
        task=milestone,
        data_date=date(2026, 3, 13),
        actual_start=moment(12, 17),
        actual_finish=moment(12, 17),
        expected_version=None,
    )

    (row,) = trend_page(project, user=alice).rows

    assert row.forecasts[-1] == Forecast(date(2026, 3, 12), is_reached=True)
    assert row.trend.trend == Trend.REACHED


def test_trend_is_in_the_api_and_the_chart() -> None:
    project, made = planned()
    reported(project, made)
    client = signed_in(factories.manager_of(project))

    answer = client.get(f"{API}trend/").json()
    page = client.get(PAGE)

    assert answer["days"] == ["2026-03-06", "2026-03-13"]
    assert [(row["name"], row["slips"], row["trend"]) for row in answer["rows"]] == [
        ("Energized", [5], "RISING")
    ]
    series = page.context["milestone_chart"].data["series"]
    assert [(point["x"], point["y"]) for point in series[0]["points"]] == [
        ("2026-03-06", "2026-03-06"),
        ("2026-03-13", "2026-03-11"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_fixed_number_of_queries(count: int, django_assert_num_queries: Any) -> None:
    project = factories.project("NW-1", planned_start=MONDAY)
    for number in range(count):
        factories.task(project, f"Task {number}", planned_start=moment(2))
        factories.task(project, f"Gate {number}", kind="FINISH_MILESTONE", planned_start=moment(3))
    baselines.set_baseline(actor=None, project=project, effective_from=MONDAY)
    client = signed_in(factories.manager_of(project))
    client.get(PAGE)

    with django_assert_num_queries(23):
        client.get(f"{PAGE}?rows=all")
