"""The API of imports: upload, preview, confirm, discard; rights and versions."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.common.jobs import drain
from pmo_portal.documents.models import StoredFile
from projects.interchange.java import java_runtime
from projects.models import Project, ScheduleImport
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
def home() -> ScopeNode:
    return factories.portfolio_node("Infrastructure")


def _client(role: str, home: ScopeNode, scope: str = "WRITE") -> Client:
    user: User = factories.user("Paula")
    factories.grant(user, role, home)
    secret = create_token(actor=user, user=user, name="test", scope=scope).secret
    return Client(headers={"Authorization": f"Token {secret}"})


@pytest.fixture
def api(home: ScopeNode) -> Client:
    return _client(Role.PORTFOLIO_MANAGER, home)


def _upload(api: Client, home: ScopeNode, content: bytes | None = None) -> Any:
    file = SimpleUploadedFile("bridge.xml", mspdi(BRIDGE) if content is None else content)
    return api.post(LIST, {"file": file, "target": home.pk})


def _confirm(api: Client, pk: int, version: int | None, **choice: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    body = {"projects": [{"name": "Bridge", **choice}]}
    return api.post(f"{LIST}{pk}/confirm/", body, content_type=JSON, headers=headers)


def test_schedule_comes_in_by_api(api: Client, home: ScopeNode) -> None:
    uploaded = _upload(api, home)
    drain()
    preview = api.get(f"{LIST}{uploaded.json()['id']}/")

    confirmed = _confirm(api, preview.json()["id"], preview.json()["version"], code="bridge")
    drain()
    done = api.get(f"{LIST}{uploaded.json()['id']}/").json()

    assert (uploaded.status_code, uploaded.json()["state"]) == (201, "UPLOADED")
    assert (preview.json()["state"], preview.headers["ETag"]) == ("READ", f'"{preview.json()["version"]}"')
    assert preview.json()["preview"]["projects"][0]["name"] == "Bridge"
    assert confirmed.status_code == 202
    assert (done["state"], done["projects"]) == ("IMPORTED", ["bridge"])
    assert Project.objects.get().code == "bridge"


def test_refused_file_says_why(api: Client, home: ScopeNode) -> None:
    uploaded = _upload(api, home, b"no schedule")
    drain()

    answer = api.get(f"{LIST}{uploaded.json()['id']}/").json()

    assert (answer["state"], answer["preview"]["refusal_code"]) == ("REFUSED", "UNKNOWN_FORMAT")
    assert answer["refusal"].startswith("This is not a schedule that can be read")
    assert StoredFile.objects.count() == 0


def test_confirmation_needs_the_version(api: Client, home: ScopeNode) -> None:
    """SEC-29: 428 without, 412 with an older one."""
    pk = _upload(api, home).json()["id"]
    drain()
    version = ScheduleImport.objects.get().version

    codes = [_confirm(api, pk, None).status_code, _confirm(api, pk, version - 1).status_code]

    assert codes == [428, 412]
    assert ScheduleImport.objects.get().state == "READ"


def test_discard_by_api(api: Client, home: ScopeNode) -> None:
    pk = _upload(api, home).json()["id"]

    response = api.post(f"{LIST}{pk}/discard/", headers={"If-Match": '"1"'}, content_type=JSON)

    assert (response.status_code, response.json()["state"]) == (200, "DISCARDED")
    assert StoredFile.objects.count() == 0


def test_confirmed_import_cannot_be_discarded(api: Client, home: ScopeNode) -> None:
    pk = _upload(api, home).json()["id"]
    drain()
    _confirm(api, pk, ScheduleImport.objects.get().version)

    version = ScheduleImport.objects.get().version
    response = api.post(f"{LIST}{pk}/discard/", headers={"If-Match": f'"{version}"'}, content_type=JSON)

    assert response.status_code == 409
    assert ScheduleImport.objects.get().state == "CONFIRMED"


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.EXECUTIVE])
def test_roles_without_the_right_are_refused(home: ScopeNode, role: str) -> None:
    api = _client(role, home, "READ" if role == Role.EXECUTIVE else "WRITE")

    codes = [api.get(LIST).status_code, _upload(api, home).status_code]

    assert codes == [403, 403]
    assert ScheduleImport.objects.count() == 0


def test_read_token_cannot_upload(home: ScopeNode) -> None:
    """SEC-8: a read token reads."""
    api = _client(Role.PORTFOLIO_MANAGER, home, "READ")

    assert [api.get(LIST).status_code, _upload(api, home).status_code] == [200, 403]


def test_import_of_others_does_not_exist(api: Client, home: ScopeNode) -> None:
    pk = _upload(api, home).json()["id"]
    other = _client(Role.PORTFOLIO_MANAGER, home)

    codes = [other.get(f"{LIST}{pk}/").status_code, _confirm(other, pk, 1).status_code]

    assert codes == [404, 404]
    assert other.get(LIST).json()["results"] == []


def test_place_out_of_reach_is_refused(api: Client) -> None:
    elsewhere = factories.portfolio_node("Elsewhere")

    response = _upload(api, elsewhere)

    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["target"])
    assert ScheduleImport.objects.count() == 0


def test_stranger_needs_to_sign_in(home: ScopeNode) -> None:
    assert Client().get(LIST).status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    api: Client, home: ScopeNode, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        _upload(api, home)

    with django_assert_num_queries(6):
        response = api.get(LIST)

    assert len(response.json()["results"]) == count


def test_import_is_taken_back_by_api(api: Client, home: ScopeNode) -> None:
    """A stale version takes nothing back; the second time there is nothing to take back."""
    pk = _upload(api, home).json()["id"]
    drain()
    _confirm(api, pk, api.get(f"{LIST}{pk}/").json()["version"], code="bridge")
    drain()
    version = api.get(f"{LIST}{pk}/").json()["version"]

    stale = api.post(f"{LIST}{pk}/take-back/", headers={"If-Match": f'"{version - 1}"'})
    done = api.post(f"{LIST}{pk}/take-back/", headers={"If-Match": f'"{version}"'})
    again = api.post(f"{LIST}{pk}/take-back/", headers={"If-Match": f'"{version + 1}"'})

    assert (stale.status_code, done.status_code, again.status_code) == (412, 200, 409)
    assert (done.json()["state"], done.json()["projects"]) == ("TAKEN_BACK", [])
    assert "nothing to take back" in again.content.decode()
    assert not Project.objects.exists()
