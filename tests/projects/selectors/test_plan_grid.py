"""The whole plan, packed: what it says, whom it says what, and what it costs."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from projects.models import CalendarException, Project, Task
from projects.selectors.plan import task_detail
from projects.selectors.plan_grid import baseline_grid, own_fields_grid, plan_grid, remaining_of
from projects.services import baselines, links, tasks
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480
TODAY = date(2026, 3, 2)


def scene() -> tuple[Project, Any]:
    """Return a computed plan: Phase with Design before Build (FS + 2 d), Done after it; and Alice."""
    project = factories.project("P-1", planned_start=TODAY, is_auto_scheduled=True)
    phase = factories.task(project, "Phase")
    design = factories.task(project, "Design", parent=phase, duration=5 * DAY, fixed_cost=Decimal("99.5"))
    build = factories.task(project, "Build", parent=phase, duration=3 * DAY)
    done = factories.task(project, "Done", kind="FINISH_MILESTONE")
    links.add_link(actor=None, project=project, predecessor=design, successor=build, lag=2 * DAY)
    links.add_link(actor=None, project=project, predecessor=build, successor=done)
    links.add_link(actor=None, project=project, predecessor=design, successor=done, type="FF", lag=-240)
    alice = factories.manager_of(project)
    project.refresh_from_db()
    return project, alice


def named(grid: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    """Return these columns of all rows."""
    places = [grid["columns"].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in grid["rows"]]


def test_work_nobody_began_remains_whole() -> None:
    """Issue 4, section 1: remaining, as Microsoft Project and Primavera show it; no figure of a milestone."""
    project, alice = scene()

    assert named(plan_grid(project, user=alice, today=TODAY), "name", "remaining") == [
        ("Phase", 8 * DAY),
        ("Design", 5 * DAY),
        ("Build", 3 * DAY),
        ("Done", None),
    ]
    left = [task_detail(task, user=alice, today=TODAY).left_days for task in project.tasks.in_order()]
    assert left == [8, 5, 3, None], "the page of each says the same"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("actual_start", "remaining", "expected"),
    [(None, None, 480), (None, 120, 120), ("2026-03-02T08:00", 60, 60), ("2026-03-02T08:00", None, None)],
)
def test_what_was_reported_counts(
    actual_start: str | None, remaining: int | None, expected: int | None
) -> None:
    assert remaining_of("TASK", actual_start, 480, remaining) == expected


def test_grid_has_rows_in_order_with_days_people_see() -> None:
    """Moments are local wall time, days those of SCH-3, predecessors the text people type."""
    project, alice = scene()

    grid = plan_grid(project, user=alice, today=TODAY)

    assert named(grid, "uid", "parent", "level", "wbs", "name", "kind") == [
        (1, None, 1, "1", "Phase", "SUMMARY"),
        (2, 1, 2, "1.1", "Design", "TASK"),
        (3, 1, 2, "1.2", "Build", "TASK"),
        (4, None, 1, "2", "Done", "FINISH_MILESTONE"),
    ]
    assert named(grid, "start", "finish", "start_day", "finish_day", "preds") == [
        ("2026-03-02T08:00", "2026-03-13T17:00", "2026-03-02", "2026-03-13", ""),
        ("2026-03-02T08:00", "2026-03-06T17:00", "2026-03-02", "2026-03-06", ""),
        ("2026-03-11T08:00", "2026-03-13T17:00", "2026-03-11", "2026-03-13", "2FS+2d"),
        ("2026-03-13T17:00", "2026-03-13T17:00", "2026-03-13", "2026-03-13", "3; 2FF-0.5d"),
    ]
    assert [row[1:4] for row in grid["links"]["rows"]] == [[2, 3, "FS"], [3, 4, "FS"], [2, 4, "FF"]]
    assert grid["project"]["start"] == "2026-03-02T08:00"
    assert grid["finish"] == "2026-03-13T17:00"
    assert named(grid, "cost")[1] == ("99.50",)
    assert grid["may"] == {
        "edit": True,
        "delete": True,
        "progress": True,
        "progress_own": False,
        "money": True,
        "baseline": True,
    }


def test_reader_of_milestones_learns_nothing_else() -> None:
    """No other row, no link, no place in the outline, no amount (SEC-12)."""
    project, _alice = scene()
    Task.objects.filter(name="Done").update(parent=Task.objects.get(name="Phase"), outline_level=2)
    erin = factories.user("Erin")
    factories.grant(erin, Role.EXECUTIVE, project.node)

    grid = plan_grid(project, user=erin, today=TODAY)

    assert named(grid, "name", "parent", "level", "preds", "cost") == [("Done", None, 1, "", None)]
    assert (grid["links"]["rows"], grid["people"], grid["own_fields"]) == ([], [], [])
    assert grid["may"]["edit"] is False


def test_member_sees_no_amounts_and_reports_own_tasks() -> None:
    """Bob may record progress of what he owns; costs are not his to see."""
    project, _alice = scene()
    bob = factories.user("Bob")
    person = factories.person("Bob", of=bob)
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    grid = plan_grid(project, user=bob, today=TODAY)

    assert {cost for (cost,) in named(grid, "cost")} == {None}
    assert (grid["may"]["progress"], grid["may"]["progress_own"]) == (False, True)
    assert grid["mine"] == person.pk
    assert [person.pk, "Bob"] in grid["people"]


def test_dates_of_constraints_and_deadlines_are_days() -> None:
    """Finish-type dates mean the end of a day, start-type ones its start (SCH-4)."""
    project, alice = scene()
    Task.objects.filter(name="Design").update(
        constraint_type="FNLT", constraint_date=factories.moment(7, 0), deadline=factories.moment(10, 0)
    )
    Task.objects.filter(name="Build").update(constraint_type="SNET", constraint_date=factories.moment(9, 0))

    grid = plan_grid(project, user=alice, today=TODAY)

    assert named(grid, "constraint", "constraint_day", "deadline")[1:3] == [
        ("FNLT", "2026-03-06", "2026-03-09"),
        ("SNET", "2026-03-09", None),
    ]


def test_shading_names_days_that_differ_from_the_week() -> None:
    """A holiday on a Monday, a Saturday somebody works, and a Tuesday that ends at noon."""
    project, alice = scene()
    morning = [[480, 720]]
    for day, hours in ((date(2026, 3, 9), []), (date(2026, 3, 10), morning), (date(2026, 3, 14), morning)):
        CalendarException.objects.create(calendar=project.calendar, start=day, finish=day, intervals=hours)

    shading = plan_grid(project, user=alice, today=TODAY)["shading"]

    assert shading == {
        "project": {
            "week": [((480, 720), (780, 1020))] * 5 + [()] * 2,
            "days": {"2026-03-09": (), "2026-03-10": ((480, 720),), "2026-03-14": ((480, 720),)},
        }
    }


def test_revision_changes_with_every_change_of_the_project() -> None:
    """Whoever makes it, by whatever service."""
    project, alice = scene()
    former = plan_grid(project, user=alice, today=TODAY)["revision"]

    tasks.edit_task(actor=alice, task=Task.objects.get(uid=2), changes={"name": "New"}, expected_version=None)
    project.refresh_from_db()

    assert plan_grid(project, user=alice, today=TODAY)["revision"] != former


def test_baseline_and_own_fields_come_apart() -> None:
    """They are large and seldom looked at."""
    project, alice = scene()
    Task.objects.filter(uid=2).update(extra={"Text1": "north"})
    baselines.set_baseline(actor=alice, project=project, effective_from=TODAY)

    frozen = baseline_grid(project, 0, user=alice)

    assert frozen is not None
    assert frozen["rows"][0][:3] == [2, "2026-03-02T08:00", "2026-03-06T17:00"]
    assert frozen["rows"][0][3:6] == ["2026-03-02", "2026-03-06", 5 * DAY]
    assert baseline_grid(project, 7, user=alice) is None
    assert own_fields_grid(project) == {"fields": ["Text1"], "rows": [[2, {"Text1": "north"}]]}
    assert plan_grid(project, user=alice, today=TODAY)["own_fields"] == ["Text1"]


@pytest.mark.parametrize("count", [1, 3])
def test_grid_costs_the_same_queries_whatever_the_size(count: int) -> None:
    """Thirteen with one row and with three."""
    project = factories.project("P-1", planned_start=TODAY, is_auto_scheduled=True)
    alice = factories.manager_of(project)
    made = [factories.task(project, owner=factories.person(f"Owner {at}")) for at in range(count)]
    for before, after in pairwise(made):
        links.add_link(actor=None, project=project, predecessor=before, successor=after)
    project = Project.objects.select_related("node", "calendar").get()

    with CaptureQueriesContext(connection) as queries:
        grid = plan_grid(project, user=alice, today=TODAY)

    assert len(grid["rows"]) == count
    assert len(queries) == 13
