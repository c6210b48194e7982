"""Who works on a task, by page and by endpoint."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from projects.models import Assignment, Project, Resource, Task
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return factories.project()


@pytest.fixture
def task(project: Project) -> Task:
    return factories.task(project, "Dig", planned_start=moment(2), duration=2400, is_effort_driven=True)


@pytest.fixture
def alice(project: Project) -> Client:
    client = Client()
    client.force_login(factories.manager_of(project))
    return client


def ann(project: Project, name: str = "Ann") -> Resource:
    return Resource.objects.create(project=project, name=name, kind="PERSON")


def add(client: Client, task: Task, who: Resource, version: int) -> Any:
    address = f"/projects/{task.project.code}/plan/{task.uid}/assignments/"
    return client.post(address, {"resource": f"resource-{who.pk}", "units_percent": 100, "version": version})


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_people_are_assigned_changed_and_taken_off_by_page(
    alice: Client, project: Project, task: Task
) -> None:
    """SCH-34: each page says what followed."""
    first = add(alice, task, ann(project), 1)
    second = add(alice, task, ann(project, "Ben"), 2)
    row = Assignment.objects.get(resource__name="Ben")
    edited = alice.post(
        f"/projects/{project.code}/assignments/{row.pk}/edit/",
        {"units_percent": "50", "work_hours": "20", "version": 3},
    )
    text = alice.get(f"/projects/{project.code}/plan/{task.uid}/").content.decode()
    removed = alice.post(f"/projects/{project.code}/assignments/{row.pk}/remove/")

    assert [response.status_code for response in (first, second, edited, removed)] == [302] * 4
    assert said(first) == [
        "Recalculated: the work, from 0 to 40 hours.",
        "The assignment is added.",
    ]
    assert said(second)[-2:] == [
        "Recalculated: the duration, from 5 to 2.5 days.",
        "The assignment is added.",
    ]
    assert "Ben" in text
    assert "effort driven: the work stays when people come or go" in text
    assert Task.objects.get(pk=task.pk).duration == 2400
    assert Assignment.objects.get().work_hours == 40


def test_refused_assignment_stands_on_the_page(alice: Client, project: Project, task: Task) -> None:
    """XC-1: nothing changed, nothing audited."""
    who = ann(project)
    entries = AuditEntry.objects.count()

    empty = alice.post(f"/projects/{project.code}/plan/{task.uid}/assignments/", {})
    stale = add(alice, task, who, 7)

    assert (empty.status_code, stale.status_code) == (422, 422)
    assert "This field is required." in empty.content.decode()
    assert "Somebody else changed this" in stale.content.decode()
    assert (Assignment.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_edit_of_a_task_says_what_its_people_follow(alice: Client, project: Project, task: Task) -> None:
    add(alice, task, ann(project), 1)

    response = alice.post(
        f"/projects/{project.code}/plan/{task.uid}/edit/",
        {
            "name": "Dig",
            "kind": "TASK",
            "start": "2026-03-02",
            "days": "10",
            "finish": "2026-03-06",
            "constraint_type": "ASAP",
            "task_type": "FIXED_UNITS",
            "is_effort_driven": "on",
            "work_hours": "40",
            "ev_technique": "PERCENT_COMPLETE",
            "version": 2,
        },
    )

    assert response.status_code == 302, response.context["form"].errors
    assert "Recalculated: the work, from 40 to 80 hours." in said(response)


def test_list_of_people_takes_the_same_queries_for_one_and_three(
    alice: Client, project: Project, task: Task, django_assert_num_queries: Any
) -> None:
    address = f"/api/v1/projects/{project.code}/tasks/{task.uid}/assignments/"
    Assignment.objects.create(task=task, resource=ann(project))
    alice.get(address)
    with django_assert_num_queries(8):
        one = alice.get(address)
    for name in ("Ben", "Cleo"):
        Assignment.objects.create(task=task, resource=ann(project, name))
    with django_assert_num_queries(8):
        three = alice.get(address)

    assert (len(one.json()["results"]), len(three.json()["results"])) == (1, 3)


def test_people_are_assigned_changed_and_taken_off_by_endpoint(
    alice: Client, project: Project, task: Task
) -> None:
    root = f"/api/v1/projects/{project.code}"
    person = factories.person("Cleo", of=factories.user("Cleo"))
    factories.grant(person.user, Role.TEAM_MEMBER, project.node)

    made = alice.post(
        f"{root}/tasks/{task.uid}/assignments/",
        {"person": person.pk},
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    changed = alice.patch(
        f"{root}/assignments/{made.json()['id']}/",
        {"work_hours": "16"},
        content_type="application/json",
        headers={"If-Match": '"2"'},
    )
    gone = alice.delete(f"{root}/assignments/{made.json()['id']}/", headers={"If-Match": '"3"'})

    assert (made.status_code, made.json()["resource_name"], made.json()["version"]) == (201, "Cleo", 2)
    assert changed.json()["recalculated"] == ["Recalculated: the duration, from 5 to 2 days."]
    assert gone.status_code == 204
    assert not Assignment.objects.exists()


def test_milestone_refuses_people_on_the_field(alice: Client, project: Project) -> None:
    """SCH-35"""
    milestone = factories.task(project, "Done", kind="FINISH_MILESTONE")

    response = alice.post(
        f"/api/v1/projects/{project.code}/tasks/{milestone.uid}/assignments/",
        {"resource": ann(project).pk},
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )

    assert response.status_code in {400, 409}
    assert "take no assignments" in response.content.decode()
    assert not Assignment.objects.exists()
