"""Dates through the API: what would move, handing over, trials that keep nothing."""

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from projects.models import Link, Project, Task
from projects.services import baselines, links, tasks
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480
ROOT = "/api/v1/projects/P-1"


def plan(*, is_auto: bool) -> tuple[APIClient, Project, Task, Task]:
    """Return Alice's client and her plan: Design (5 d) before Build (3 d)."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=is_auto)
    design = factories.task(project, "Design", duration=5 * DAY)
    build = factories.task(project, "Build", duration=3 * DAY)
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    client = APIClient()
    client.force_authenticate(factories.manager_of(project))
    return client, project, design, build


def moved(answer: Any) -> list[tuple[str, str]]:
    """Return name and new start of what moves."""
    return [(move["name"], move["start"]) for move in answer.json()["moves"]]


def test_schedule_says_what_would_move_and_takes_the_dates_over() -> None:
    """Look, then hand over with the version that was looked at (SEC-29)."""
    client, _project, *_tasks = plan(is_auto=False)
    version = client.get(f"{ROOT}/").json()["version"]

    seen = client.get(f"{ROOT}/schedule/")
    done = client.post(
        f"{ROOT}/schedule/", {"is_auto_scheduled": True}, format="json", HTTP_IF_MATCH=f'"{version}"'
    )

    assert moved(seen) == [("Design", "2026-03-02T08:00:00"), ("Build", "2026-03-09T08:00:00")]
    assert seen.json()["finish"] == "2026-03-11T17:00:00"
    assert (done.status_code, done.json()["is_auto_scheduled"]) == (200, True)
    assert moved(client.get(f"{ROOT}/schedule/")) == []


def test_trial_of_a_task_keeps_nothing() -> None:
    """The answer has the moves and the deadlines that would be missed."""
    client, _project, design, build = plan(is_auto=True)
    Task.objects.filter(pk=build.pk).update(deadline=factories.moment(12, 17))

    answer = client.post(f"{ROOT}/tasks/{design.uid}/trial/", {"duration": 7 * DAY}, format="json")

    assert moved(answer) == [("Design", "2026-03-02T08:00:00"), ("Build", "2026-03-11T08:00:00")]
    assert answer.json()["missed"] == [build.uid]
    assert Task.objects.get(pk=design.pk).duration == 5 * DAY


def test_trial_of_a_link_keeps_nothing() -> None:
    """A ring is refused as it would be when saved (SCH-10)."""
    client, _project, design, build = plan(is_auto=True)
    ends = {"predecessor": design.uid, "successor": build.uid}

    later = client.post(f"{ROOT}/links/trial/", {**ends, "type": "SS", "lag": 7 * DAY}, format="json")
    ring = client.post(
        f"{ROOT}/links/trial/", {"predecessor": build.uid, "successor": design.uid}, format="json"
    )

    assert moved(later) == [("Build", "2026-03-11T08:00:00")]
    assert (ring.status_code, ring.json()["error"]["code"]) == (409, "CYCLE")
    assert Link.objects.count() == 1


def test_new_project_gets_computed_dates_unless_told_otherwise() -> None:
    """What starts here is computed from the first task on."""
    client, project, *_tasks = plan(is_auto=False)
    director = factories.user("Paula")
    factories.grant(director, Role.PMO_HEAD, project.node.parent)
    client.force_authenticate(director)
    given = {"name": "New", "parent": project.node.parent_id}

    usual = client.post("/api/v1/projects/", given, format="json")
    typed = client.post("/api/v1/projects/", {**given, "is_auto_scheduled": False}, format="json")

    assert [answer.json()["is_auto_scheduled"] for answer in (usual, typed)] == [True, False]


def test_variances_leave_costs_to_those_who_may_see_budgets() -> None:
    """SCH-37 through the API: Alice sees the cost, a stakeholder neither cost nor tasks."""
    client, project, design, _build = plan(is_auto=True)
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    tasks.edit_task(actor=None, task=design, changes={"duration": 6 * DAY}, expected_version=None)
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    seen = client.get(f"{ROOT}/baselines/variances/").json()["results"]
    client.force_authenticate(bob)
    plain = client.get(f"{ROOT}/baselines/variances/").json()["results"]

    assert [(row["name"], row["current"]["finish_wd"], row["current"]["cost"]) for row in seen] == [
        ("Design", 1, "0.00"),
        ("Build", 1, "0.00"),
    ]
    assert [sorted(row["current"]) for row in plain] == [
        ["baseline_finish", "baseline_start", "duration_days", "finish_wd", "reason", "start_wd"]
    ] * 2
