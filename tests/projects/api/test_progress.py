"""Progress of many tasks through the API (SCH-20, SCH-22, SCH-26, SEC-12)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from projects.models import Project, Task, TaskProgress
from projects.services import links, progress
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480
ROOT = "/api/v1/projects/P-1/progress/"


def plan() -> tuple[APIClient, Project, Task, Task]:
    """Return Alice's client, and Design (5 d) before Build (3 d), known up to Thu 5 Mar."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    design = factories.task(project, "Design", duration=5 * DAY)
    build = factories.task(project, "Build", duration=3 * DAY)
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    client = APIClient()
    client.force_authenticate(factories.manager_of(project))
    return client, project, Task.objects.get(pk=design.pk), Task.objects.get(pk=build.pk)


def entry(task: Task, **said: object) -> dict[str, object]:
    """Return an entry as it is sent."""
    return {"uid": task.uid, "version": task.version, "actual_start": "2026-03-02T08:00:00", **said}


def test_list_returns_what_is_due() -> None:
    client, _project, design, build = plan()

    due, every = client.get(ROOT).json(), client.get(f"{ROOT}?show=open").json()

    assert [(row["uid"], row["version"], row["is_started"]) for row in due["results"]] == [
        (design.uid, design.version, False)
    ]
    assert [row["uid"] for row in every["results"]] == [design.uid, build.uid]


def test_trial_says_where_entries_lead_to_and_keeps_nothing() -> None:
    """SCH-22: AD 4 d, 50 % → 4 d left, finish Wed 11 Mar; the three days of Build follow."""
    client, _project, design, _build = plan()

    answer = client.post(
        f"{ROOT}trial/", {"entries": [entry(design, percent_complete="50")]}, format="json"
    ).json()

    assert answer["rows"] == [
        {
            "uid": design.uid,
            "percent_complete": "50.00",
            "remaining_duration": 4 * DAY,
            "finish": "2026-03-11T17:00:00",
            "before": [],
        }
    ]
    assert answer["effect"]["finish"] == "2026-03-16T17:00:00"
    assert TaskProgress.objects.count() == 0


def test_entries_are_saved_together() -> None:
    """SCH-26: Build goes on although Design is not done."""
    client, _project, design, build = plan()
    sent = [
        entry(design, remaining_duration=DAY),
        entry(build, actual_start="2026-03-05T08:00:00", remaining_duration=2 * DAY),
    ]

    answer = client.post(ROOT, {"entries": sent}, format="json")

    assert answer.status_code == 201
    assert [(row["percent_complete"], row["remaining_duration"]) for row in answer.json()] == [
        ("80.00", DAY),
        ("33.33", 2 * DAY),
    ]
    rows = client.get(f"{ROOT}?show=running").json()["results"]
    assert [row["before"] for row in rows] == [[], ["1 Design"]]


def test_refusals_are_told_by_task_and_field_and_nothing_is_saved() -> None:
    """SCH-20, SEC-29: a future start and an old version keep the third from being saved."""
    client, project, design, build = plan()
    third = factories.task(project, "Third", duration=DAY)
    sent = [
        entry(design, actual_start="2026-03-06T08:00:00", remaining_duration=DAY),
        entry(build, version=build.version + 1, remaining_duration=DAY),
        entry(Task.objects.get(pk=third.pk), remaining_duration=DAY),
    ]

    answer = client.post(ROOT, {"entries": sent}, format="json")

    assert answer.status_code == 400
    faults = answer.json()["error"]["fields"]["entries"]
    assert {uid: list(fields) for uid, fields in faults.items()} == {
        str(design.uid): ["actual_start"],
        str(build.uid): ["STALE"],
    }
    assert TaskProgress.objects.count() == 0


def test_member_records_own_tasks_only() -> None:
    """SEC-12: a task of somebody else is unknown, and keeps the own one beside it from being saved."""
    _client, project, design, build = plan()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    Task.objects.filter(pk=build.pk).update(owner=factories.person("Bob", of=bob))
    client = APIClient()
    client.force_authenticate(bob)

    seen = client.get(f"{ROOT}?show=open").json()["results"]
    sent = [entry(task, remaining_duration=DAY) for task in (build, design)]
    refused = client.post(ROOT, {"entries": sent}, format="json")
    taken = client.post(ROOT, {"entries": sent[:1]}, format="json")

    assert [row["name"] for row in seen] == ["Build"]
    assert refused.json()["error"]["fields"] == {
        "entries": {str(design.uid): ["There is no such task in this project."]}
    }
    assert (taken.status_code, TaskProgress.objects.values_list("task", flat=True).get()) == (201, build.pk)


def test_writing_many_takes_one_statement_of_each_kind() -> None:
    """However many tasks are reported, their entries are written at once."""
    client, project, *_rest = plan()
    counts = []
    for tasks in (1, 3):
        made = [factories.task(project, "More", duration=DAY) for _number in range(tasks)]
        fresh = [Task.objects.get(pk=task.pk) for task in made]
        sent = {"entries": [entry(task, remaining_duration=DAY) for task in fresh]}
        with CaptureQueriesContext(connection) as queries:
            client.post(ROOT, sent, format="json")
        counts.append(sum('INSERT INTO "projects_taskprogress"' in row["sql"] for row in queries))

    assert counts == [1, 1]
