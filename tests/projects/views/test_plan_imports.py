"""Import into a project by page: who may, what the preview says, confirm, compare again, refuse."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant, User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.jobs import drain
from projects.interchange.java import java_runtime
from projects.models import Project, ScheduleImport, Task
from tests import factories, needs
from tests.projects.interchange.samples import BRIDGE, TWO_PROJECTS, mspdi

pytestmark = pytest.mark.django_db
NEW = "/projects/import/"


@pytest.fixture(autouse=True)
def java() -> None:
    if java_runtime() is None:
        needs.cannot_have("Java runtime")


@pytest.fixture
def project() -> Project:
    return factories.project("bridge")


@pytest.fixture
def alice(project: Project) -> User:
    return factories.manager_of(project)


@pytest.fixture
def page(alice: User) -> Client:
    return _client(alice)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _file(content: bytes | None = None, name: str = "bridge.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, mspdi(BRIDGE) if content is None else content)


def _upload(client: Client, content: bytes | None = None, code: str = "bridge") -> Any:
    return client.post(f"/projects/{code}/plan/import/", {"file": _file(content)})


def _read(client: Client, content: bytes | None = None) -> ScheduleImport:
    _upload(client, content)
    drain()
    return ScheduleImport.objects.order_by("-pk")[0]


def _confirm(client: Client, found: ScheduleImport, **changes: Any) -> Any:
    answers = {"version": found.version, "number": 0, "missing": "KEEP", **changes}
    return client.post(found.get_absolute_url(), answers)


def test_project_manager_fills_her_own_plan(page: Client, project: Project, alice: User) -> None:
    """Security matrix row 17: drop on the plan, preview, confirm, see the plan."""
    plan = page.get("/projects/bridge/plan/").content.decode()
    found = _read(page)
    shown = page.get(found.get_absolute_url()).content.decode()

    response = _confirm(page, found)
    drain()

    assert reverse("projects:plan_import", args=["bridge"]) in plan
    assert "Confirm and update the plan" in shown
    assert "Baselines are set by the PMO" in shown
    assert (response.status_code, response["Location"]) == (302, found.get_absolute_url())
    found.refresh_from_db()
    assert (found.state, list(found.projects.all())) == ("IMPORTED", [project])
    assert list(project.tasks.in_order().values_list("name", flat=True)) == [
        "Foundation", "Dig", "Cure", "Ready"
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="plan.updated", actor_id=alice.pk).count() == 1
    assert "/projects/bridge/plan/" in page.get(found.get_absolute_url()).content.decode()

    again = page.get(_read(page).get_absolute_url()).content.decode()
    assert "Nothing changes." in again
    assert "Confirm and update the plan" not in again


def test_wizard_offers_own_projects_and_nothing_else(page: Client, project: Project) -> None:
    """Who may only import into own projects sees the wizard in the menu, and those projects in it."""
    factories.project("elsewhere-1")

    home = page.get("/").content.decode()
    shown = page.get(NEW).content.decode()
    response = page.post(NEW, {"file": _file(), "target": project.node_id})

    assert f'href="{NEW}"' in home
    assert "Update my project" in shown
    assert "New projects in" not in shown
    assert "bridge " in shown
    assert "elsewhere-1" not in shown
    assert (response.status_code, ScheduleImport.objects.get().is_update) == (302, True)


def test_wizard_refuses_a_project_of_others(page: Client) -> None:
    """SEC-11."""
    response = page.post(NEW, {"file": _file(), "target": factories.project("other").node_id})

    assert (response.status_code, ScheduleImport.objects.count()) == (422, 0)


def test_project_of_others_does_not_exist(page: Client) -> None:
    """SEC-10: 404, and nothing is kept of the file."""
    factories.project("other")

    codes = [page.get("/projects/other/plan/import/").status_code, _upload(page, code="other").status_code]

    assert codes == [404, 404]
    assert (ScheduleImport.objects.count(), AuditEntry.objects.filter(action="plan.updated").count()) == (
        0,
        0,
    )


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.EXECUTIVE, Role.AUDITOR])
def test_roles_without_the_right_are_refused(project: Project, role: str) -> None:
    bob = factories.user("Bob")
    factories.grant(bob, role, project.node)
    client = _client(bob)

    codes = [client.get("/projects/bridge/plan/import/").status_code, _upload(client).status_code]

    assert codes == [403, 403]
    assert ScheduleImport.objects.count() == 0
    assert "plan/import" not in client.get("/projects/bridge/plan/").content.decode()


def test_changed_project_asks_to_compare_again(page: Client, project: Project) -> None:
    """The preview notices; a confirmation is refused and nothing changes until somebody looked again."""
    found = _read(page)
    factories.task(project, "By hand", planned_start=factories.moment(2))
    shown = page.get(found.get_absolute_url()).content.decode()
    refused = _confirm(page, found)
    found.refresh_from_db()
    state = found.state

    again = page.post(reverse("projects:import_compare", args=[found.pk]), {"version": found.version})
    drain()
    found.refresh_from_db()
    _confirm(page, found)
    drain()

    assert "The project changed since this preview." in shown
    assert (refused.status_code, state, again.status_code) == (422, "READ", 302)
    assert found.preview["projects"][0]["update"]["counts"]["missing"] == 1
    assert project.tasks.count() == 5


def test_change_between_confirmation_and_writing_returns_to_the_preview(
    page: Client, project: Project
) -> None:
    """All or nothing (SEC-24): nothing is stored, nothing in the trail, and the page says why."""
    found = _read(page)
    _confirm(page, found)
    factories.task(project, "By hand", planned_start=factories.moment(2))

    drain()

    found.refresh_from_db()
    assert (found.state, Task.objects.count()) == ("READ", 1)
    assert AuditEntry.objects.filter(action="plan.updated").count() == 0
    shown = page.get(found.get_absolute_url()).content.decode()
    assert "Nothing was imported." in shown
    assert "Compare again" in shown


def test_right_that_ended_stops_the_writing(page: Client, project: Project, alice: User) -> None:
    found = _read(page)
    _confirm(page, found)
    RoleGrant.objects.filter(user=alice).delete()

    drain()

    assert (Task.objects.count(), AuditEntry.objects.filter(action="plan.updated").count()) == (0, 0)


def test_stale_confirmation_is_refused(page: Client, project: Project) -> None:
    """SEC-29."""
    found = _read(page)

    response = _confirm(page, found, version=found.version - 1)

    found.refresh_from_db()
    assert (response.status_code, found.state, Task.objects.count()) == (422, "READ", 0)


def test_one_project_of_the_file_is_chosen(page: Client, project: Project) -> None:
    found = _read(page, TWO_PROJECTS.encode())
    names = [item["name"] for item in found.preview["projects"]]

    nothing = _confirm(page, found, number=7)
    _confirm(page, found, number=names.index("South"))
    drain()

    assert nothing.status_code == 422
    assert "Pour" in set(project.tasks.values_list("name", flat=True))
    assert "Dig" not in set(project.tasks.values_list("name", flat=True))


def test_refusal_is_said_in_german(alice: User, project: Project) -> None:
    """The reader's sentences are translated where they are shown."""
    alice.language = "de"
    alice.save()
    client = _client(alice)
    found = _read(client, b"")

    shown = client.get(found.get_absolute_url(), headers={"Accept-Language": "de"}).content.decode()

    assert (found.state, found.refusal) == ("REFUSED", "The file is empty.")
    assert "Die Datei ist leer." in shown
    assert "The file is empty." not in shown


def test_same_file_again_is_told_and_changes_nothing(page: Client, project: Project) -> None:
    """SEC-24."""
    first = _read(page)
    _confirm(page, first)
    drain()

    second = _read(page)
    shown = page.get(second.get_absolute_url()).content.decode()

    assert "This very file was uploaded before." in shown
    assert "importing it again changes nothing" in shown
    assert "The plan says what the file says" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_preview_takes_a_fixed_number_of_queries(
    page: Client, project: Project, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        factories.task(project, f"Task {number}", planned_start=factories.moment(2))
    found = _read(page)

    with django_assert_num_queries(8):
        response = page.get(found.get_absolute_url())

    # The choice below the list has these words twice.
    assert response.content.decode().count("carries nothing recorded") == count + 2
