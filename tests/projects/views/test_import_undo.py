"""The page that takes an import back."""

from datetime import date, timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from projects.models import PlanChange, Project, Task
from projects.services import tasks
from projects.services.plan_updates import update_plan
from tests import factories
from tests.projects.services.plan_update import files
from tests.projects.services.test_schedules import example

pytestmark = pytest.mark.django_db


def imported(actor: User, project: Project) -> str:
    """Import a plan of two rows; return the address of its page."""
    document = files.plan([files.row(1, "Dig"), files.row(2, "Pour", 3)], [files.Link(1, 2)])
    update_plan(
        actor=actor,
        project=project,
        document=document,
        missing="KEEP",
        today=date(2026, 3, 10),
        file_name="house.mpp",
    )
    return f"/projects/{project.code}/plan/imports/{PlanChange.objects.latest('number').number}/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_page_says_what_the_file_changed_and_takes_it_back() -> None:
    project = factories.project("house")
    alice = factories.manager_of(project)
    address = imported(alice, project)
    client = signed_in(alice)

    listed = client.get(f"/projects/{project.code}/plan/import/").content.decode()
    shown = client.get(address).content.decode()
    answer = client.post(address, follow=True).content.decode()

    assert address in listed
    assert "2 rows added, 1 link, 2 entries beside the plan" in shown
    assert "The import is taken back." in answer
    assert not Task.objects.exists()
    assert "taken back" in client.get(f"/projects/{project.code}/plan/import/").content.decode()


def test_calendar_of_the_file_is_gone_when_the_moves_are_told() -> None:
    """The calendar of the file has no holiday on 9 March: tasks move again, counted in the one of before."""
    project, _task = example()
    alice = factories.manager_of(project)
    address = imported(alice, project)

    answer = signed_in(alice).post(address, follow=True).content.decode()

    assert "The import is taken back." in answer
    assert "tasks move" in answer
    assert Task.objects.get(name="B").planned_start == factories.moment(10, 8)


def test_page_says_what_happened_since_when_it_stands_in_the_way() -> None:
    project = factories.project("house")
    alice = factories.manager_of(project)
    address = imported(alice, project)
    dig = Task.objects.get(name="Dig")
    tasks.edit_task(actor=alice, task=dig, changes={"name": "Dig deeper"}, expected_version=None)
    client = signed_in(alice)

    shown = client.get(address).content.decode()
    client.post(address)

    assert "What happened since" in shown
    assert "Alice changed the task" in shown
    assert 'class="btn btn-danger"' not in shown
    assert Task.objects.count() == 2


def test_import_of_a_former_day_stays() -> None:
    """SEC-37: figures of that day were computed with what it brought."""
    project = factories.project("house")
    alice = factories.manager_of(project)
    address = imported(alice, project)
    PlanChange.objects.update(at=Now() - timedelta(days=1))
    client = signed_in(alice)

    shown = client.get(address).content.decode()
    client.post(address)

    assert "The figures of a past day rest on this import, so it stays." in shown
    assert 'class="btn btn-danger"' not in shown
    assert Task.objects.count() == 2


def test_head_of_the_pmo_takes_back_what_they_imported() -> None:
    """They may import, though not edit tasks."""
    project = factories.project("house")
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, project.node.parent)
    address = imported(paula, project)

    signed_in(paula).post(address)

    assert not Task.objects.exists()
