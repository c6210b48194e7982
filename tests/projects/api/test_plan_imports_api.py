"""Import into a project by API: place, preview, confirm, compare; rights and versions."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.common.jobs import drain
from projects.interchange.java import java_runtime
from projects.models import Project, ScheduleImport, Task
from tests import factories, needs
from tests.projects.interchange.samples import BRIDGE, mspdi

pytestmark = pytest.mark.django_db
LIST = "/api/v1/imports/schedules/"
JSON = "application/json"


@pytest.fixture(autouse=True)
def java() -> None:
    if java_runtime() is None:
        needs.cannot_have("Java runtime")


@pytest.fixture
def project() -> Project:
    return factories.project("bridge")


@pytest.fixture
def api(project: Project) -> Client:
    return _client(project, Role.PROJECT_MANAGER)


def _client(project: Project, role: str, scope: str = "WRITE") -> Client:
    user = factories.user("Alice")
    factories.grant(user, role, project.node)
    secret = create_token(actor=user, user=user, name="test", scope=scope).secret
    return Client(headers={"Authorization": f"Token {secret}"})


def _upload(api: Client, **place: Any) -> Any:
    return api.post(LIST, {"file": SimpleUploadedFile("bridge.xml", mspdi(BRIDGE)), **place})


def _post(api: Client, address: str, body: Any, version: int) -> Any:
    return api.post(address, body, content_type=JSON, headers={"If-Match": f'"{version}"'})


def test_project_manager_updates_her_plan_by_api(api: Client, project: Project) -> None:
    pk = _upload(api, project="bridge").json()["id"]
    drain()
    read = api.get(f"{LIST}{pk}/").json()

    wrong = _post(api, f"{LIST}{pk}/confirm/", {"update": {"missing": "BURN"}}, read["version"])
    confirmed = _post(api, f"{LIST}{pk}/confirm/", {"update": {}}, read["version"])
    drain()
    done = api.get(f"{LIST}{pk}/").json()

    assert read["preview"]["projects"][0]["update"]["counts"]["added"] == 4
    assert (wrong.status_code, confirmed.status_code) == (400, 202)
    assert (done["state"], done["projects"], done["is_update"]) == ("IMPORTED", ["bridge"], True)
    assert project.tasks.count() == 4


def test_upload_needs_exactly_one_place(api: Client, project: Project) -> None:
    """SEC-11: projects of others are no place either."""
    factories.project("other")

    codes = [
        _upload(api).status_code,
        _upload(api, project="bridge", target=project.node_id).status_code,
        _upload(api, project="other").status_code,
    ]

    assert codes == [400, 400, 400]
    assert ScheduleImport.objects.count() == 0


def test_confirmation_as_new_project_is_refused(api: Client, project: Project) -> None:
    """An import into a project never becomes a new one."""
    pk = _upload(api, project="bridge").json()["id"]
    drain()
    version = ScheduleImport.objects.get().version

    response = _post(api, f"{LIST}{pk}/confirm/", {"projects": [{"name": "Bridge"}]}, version)

    assert (response.status_code, response.json()["error"]["code"]) == (409, "IS_UPDATE")
    assert (Project.objects.count(), Task.objects.count()) == (1, 0)


def test_changed_project_is_compared_again(api: Client, project: Project) -> None:
    pk = _upload(api, project="bridge").json()["id"]
    drain()
    factories.task(project, "By hand", planned_start=factories.moment(2))
    version = ScheduleImport.objects.get().version

    refused = _post(api, f"{LIST}{pk}/confirm/", {"update": {}}, version)
    again = _post(api, f"{LIST}{pk}/compare/", {}, version)
    drain()

    shown = api.get(f"{LIST}{pk}/").json()
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "PLAN_CHANGED")
    assert (again.status_code, shown["state"]) == (202, "READ")
    assert shown["preview"]["projects"][0]["update"]["counts"]["missing"] == 1


def test_roles_without_the_right_are_refused(project: Project) -> None:
    member = _client(project, Role.TEAM_MEMBER)

    assert _upload(member, project="bridge").status_code == 403
    assert ScheduleImport.objects.count() == 0
