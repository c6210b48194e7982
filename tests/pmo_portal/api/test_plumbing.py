"""What holds for every endpoint: errors, tokens, versions, repeats, limits."""

import json
import logging
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, Person, RoleGrant, User
from pmo_portal.accounts.services.people import create_person
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.api.models import ApiToken, IdempotencyKey
from pmo_portal.api.schema import rendered_schema, schema_of
from pmo_portal.api.selectors.reference import groups_of, operations_of
from pmo_portal.audit.models import AuditEntry
from projects.models import ScheduleImport
from tests import factories

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def ada() -> User:
    """Ada administers people."""
    ada = factories.user("Ada")
    factories.grant(ada, Role.ADMINISTRATOR, organization_node())
    return ada


@pytest.fixture
def api(ada: User) -> Client:
    """A client with Ada's write token."""
    secret = create_token(actor=ada, user=ada, name="test", scope="WRITE").secret
    return Client(headers={"Authorization": f"Token {secret}"})


def _error(response) -> dict:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "fields"}
    return body["error"]


# -- sign-in of people (SEC-7) ---------------------------------------------------------------------


def test_access_is_given_ended_and_given_back(api: Client) -> None:
    """SEC-7, SEC-29: at once, and by who saw the person as they are; nobody ends the own access."""
    bob = create_person(actor=None, name="Bob", email="bob@example.org")
    url = f"/api/v1/people/{bob.pk}/"

    invited = api.post(f"{url}invite/")
    seen = {"If-Match": invited["ETag"]}
    blind = api.post(f"{url}end-access/", {"reason": "Left"}, content_type=JSON)
    ended = api.post(f"{url}end-access/", {"reason": "Left"}, content_type=JSON, headers=seen)
    stale = api.post(f"{url}restore-access/", headers=seen)
    late = api.post(f"{url}invite/")
    back = api.post(f"{url}restore-access/", headers={"If-Match": ended["ETag"]})

    answers = (invited, blind, ended, stale, late, back)
    assert [answer.status_code for answer in answers] == [200, 428, 200, 412, 409, 200]
    assert [answer.json()["can_sign_in"] for answer in (invited, ended, back)] == [True, False, True]
    assert ended.json()["active_to"] == timezone.localdate().isoformat()
    assert AuditEntry.objects.filter(action="person.access_ended", reason="Left").count() == 1


# -- errors (SEC-60) -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "code"),
    [
        ("GET", "/api/v1/nowhere/", "", 404, "NOT_FOUND"),
        ("GET", "/api/", "", 404, "NOT_FOUND"),
        ("GET", "/api/v1/people/987654/", "", 404, "NOT_FOUND"),
        ("PUT", "/api/v1/me/", "{}", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/api/v1/people/", "{", 400, "PARSE_ERROR"),
        ("POST", "/api/v1/people/", "{}", 400, "INVALID"),
        ("GET", "/api/v1/people/?page=999", "", 404, "NOT_FOUND"),
        ("GET", "/api/v1/people/?page=x", "", 404, "NOT_FOUND"),
    ],
)
def test_errors_have_one_shape(
    api: Client, method: str, address: str, body: str, status: int, code: str
) -> None:
    """SEC-60: one shape, no trace, no SQL, no path."""
    response = api.generic(method, address, body, content_type=JSON)

    assert (response.status_code, _error(response)["code"]) == (status, code)
    text = response.content.decode()
    assert not any(word in text for word in ("Traceback", "SELECT", "/work/", "site-packages", "Exception"))


def test_stranger_is_asked_to_sign_in() -> None:
    response = Client().get("/api/v1/me/")

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Token")
    assert _error(response)["code"] == "NOT_AUTHENTICATED"


@pytest.mark.parametrize("token", ["", "abc", "ÿþ", "0" * 64, "a b", "0" * 5000, "zz" * 32])
def test_wrong_token_is_refused_not_a_fault(token: str) -> None:
    """SEC-18: 401 for every shape of a wrong token."""
    client = Client(HTTP_AUTHORIZATION=f"Token {token}".encode().decode("latin-1"))

    assert client.get("/api/v1/me/").status_code == 401


def test_head_and_options_answer(api: Client) -> None:
    assert api.head("/api/v1/people/").status_code == 200
    assert api.options("/api/v1/people/").status_code == 200


# -- tokens (SEC-7, SEC-8) -------------------------------------------------------------------------


def test_token_is_stored_hashed_shown_once_and_never_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """SEC-8."""
    alice = factories.user("Alice")
    factories.grant(alice, Role.PROJECT_MANAGER, factories.portfolio_node())
    client.force_login(alice)

    with caplog.at_level(logging.DEBUG):
        page = client.post("/accounts/tokens/", {"name": "report", "scope": "WRITE", "days": 30})
        secret = page.context["made"].secret
        answer = Client(headers={"Authorization": f"Token {secret}"}).get("/api/v1/me/")

    token = ApiToken.objects.get()
    stored = json.dumps([str(value) for value in ApiToken.objects.values_list().get()])
    trail = json.dumps(list(AuditEntry.objects.values("before", "after", "object_label")), default=str)
    assert answer.json()["email"] == alice.email
    assert len(secret) * 4 >= 160
    assert secret in page.content.decode()
    assert secret not in client.get("/accounts/tokens/").content.decode()
    assert secret not in stored + trail + caplog.text
    assert token.expiry - timezone.now() < timedelta(days=30)


def test_read_token_does_not_write(ada: User) -> None:
    """SEC-8: the scope is a limit of its own."""
    secret = create_token(actor=ada, user=ada, name="read").secret
    client = Client(headers={"Authorization": f"Token {secret}"})

    response = client.post("/api/v1/people/", {"name": "New"}, content_type=JSON)

    assert (client.get("/api/v1/people/").status_code, response.status_code) == (200, 403)
    assert not Person.objects.exists()


def test_token_scope_is_at_most_the_owners(client: Client) -> None:
    """SEC-8: who only reads makes read tokens only."""
    eva = factories.user("Eva")
    factories.grant(eva, Role.EXECUTIVE, organization_node())
    client.force_login(eva)

    response = client.post("/api/v1/tokens/", {"name": "x", "scope": "WRITE"}, content_type=JSON)

    assert (response.status_code, ApiToken.objects.count()) == (403, 0)


def test_expired_and_revoked_tokens_are_dead(ada: User, api: Client) -> None:
    """SEC-7, SEC-8."""
    old = create_token(actor=ada, user=ada, name="old")
    ApiToken.objects.filter(pk=old.token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    lost = create_token(actor=ada, user=ada, name="lost")
    assert api.delete(f"/api/v1/tokens/{lost.token.token_key}/").status_code == 204

    for secret in (old.secret, lost.secret):
        assert Client(headers={"Authorization": f"Token {secret}"}).get("/api/v1/me/").status_code == 401


def test_use_of_a_token_is_written_down(ada: User, api: Client) -> None:
    api.get("/api/v1/me/")

    assert ApiToken.objects.get(user=ada).last_used_at is not None


def test_create_token_prints_the_token_only(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", "--user", ada.email.upper(), "--scope", "write", "--days", "5")

    printed = capsys.readouterr().out
    client = Client(headers={"Authorization": f"Token {printed.strip()}"})
    assert printed == f"{printed.strip()}\n"
    assert client.post("/api/v1/people/", {"name": "New"}, content_type=JSON).status_code == 201


def test_create_token_for_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("create_token", "--user", "nobody@example.org")

    assert not ApiToken.objects.exists()


# -- versions (SEC-29) and repeats (SEC-32) --------------------------------------------------------


def test_change_needs_the_version_that_was_seen(ada: User, api: Client) -> None:
    """SEC-29: 428 without, 412 with an older one and the present in ETag, then it works."""
    person = create_person(actor=ada, name="Bob")
    address, body = f"/api/v1/people/{person.pk}/", {"employee_no": "7"}

    seen = api.get(address)
    missing = api.patch(address, body, content_type=JSON)
    wild = api.patch(address, body, content_type=JSON, headers={"If-Match": "*"})
    done = api.patch(address, body, content_type=JSON, headers={"If-Match": seen.headers["ETag"]})
    stale = api.patch(address, {"name": "X"}, content_type=JSON, headers={"If-Match": '"1"'})

    assert (missing.status_code, wild.status_code, done.status_code, stale.status_code) == (
        428,
        412,
        200,
        412,
    )
    assert (done.headers["ETag"], stale.headers["ETag"]) == ('"2"', '"2"')
    person.refresh_from_db()
    assert (person.name, person.employee_no, person.version) == ("Bob", "7", 2)


def test_repeated_post_with_a_key_makes_one_object(api: Client) -> None:
    """SEC-32: same answer, one object; another body with the same key is refused."""
    key = {"Idempotency-Key": "a-1"}

    first = api.post("/api/v1/org-units/", {"code": "IT", "name": "IT"}, content_type=JSON, headers=key)
    again = api.post("/api/v1/org-units/", {"code": "IT", "name": "IT"}, content_type=JSON, headers=key)
    other = api.post("/api/v1/org-units/", {"code": "HR", "name": "HR"}, content_type=JSON, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert OrgUnit.objects.count() == 1


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_post_sent_many_times_at_once_makes_one_object(api: Client) -> None:
    """SEC-32: 20 at the same moment; each gets the answer of the first."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    barrier, answers = Barrier(20), []

    def post() -> None:
        try:
            barrier.wait(timeout=10)
            key = {"Idempotency-Key": "at-once"}
            answers.append(api.post("/api/v1/people/", {"name": "Eve"}, content_type=JSON, headers=key))
        finally:
            connection.close()

    threads = [Thread(target=post) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, answers[0].json())] * 20
    assert sum("Idempotent-Replay" in answer.headers for answer in answers) == len(answers) - 1 == 19
    assert Person.objects.count() == 1


def test_file_sent_again_with_its_key_is_one_import() -> None:
    """SEC-32: what is in the file counts, byte for byte."""
    paula = factories.user("Paula")
    home = factories.portfolio_node()
    factories.grant(paula, Role.PMO_ANALYST, home)
    secret = create_token(actor=paula, user=paula, name="test", scope="WRITE").secret
    client = Client(headers={"Authorization": f"Token {secret}"})

    def send(content: bytes) -> Any:
        body = {"file": SimpleUploadedFile("plan.mpp", content), "target": home.pk}
        return client.post("/api/v1/imports/schedules/", body, headers={"Idempotency-Key": "a-3"})

    first, again, other = send(b"\xff\xfeone"), send(b"\xff\xfeone"), send(b"\xff\xfetwo")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert ScheduleImport.objects.count() == 1


def test_refused_post_does_not_use_up_its_key(api: Client) -> None:
    """SEC-32."""
    key = {"Idempotency-Key": "a-2"}

    refused = api.post("/api/v1/org-units/", {"code": "IT"}, content_type=JSON, headers=key)

    assert refused.status_code == 400
    assert not IdempotencyKey.objects.exists()


def test_key_of_somebody_else_is_not_seen(ada: User, api: Client) -> None:
    ida = factories.user("Ida")
    factories.grant(ida, Role.ADMINISTRATOR, organization_node())
    secret = create_token(actor=ida, user=ida, name="x", scope="WRITE").secret
    other = Client(headers={"Authorization": f"Token {secret}"})
    key = {"Idempotency-Key": "same"}

    api.post("/api/v1/people/", {"name": "One"}, content_type=JSON, headers=key)
    answer = other.post("/api/v1/people/", {"name": "Two"}, content_type=JSON, headers=key)

    assert (answer.json()["name"], Person.objects.count()) == ("Two", 2)


# -- limits (SEC-18b, SEC-18c) ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "page_size=100000000000000000000",
        "page_size=-1",
        "page_size=x",
        "page=0",
        "page=-1",
        "page=99999999999999999999999",
        "email__iexact=%F0%9F%98%80",
        "org_unit__code=" + "x" * 5000,
        "page=%00",
    ],
)
def test_paging_is_bounded(api: Client, query: str) -> None:
    """SEC-18b: no query of the address makes a fault."""
    response = api.get(f"/api/v1/people/?{query}")

    assert response.status_code in {200, 400, 404}


@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 400, "-1", "1e3", "%31"])
def test_numbers_of_objects_are_bounded(api: Client, number: str) -> None:
    """SEC-18b: ids have at most 18 digits."""
    assert api.get(f"/api/v1/people/{number}/").status_code == 404


def test_page_has_at_most_500_rows(api: Client) -> None:
    """SEC-18b."""
    Person.objects.bulk_create(Person(name=f"P{number:04}") for number in range(501))

    body = api.get("/api/v1/people/?page_size=9999").json()

    assert (body["count"], len(body["results"])) == (501, 500)


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a\\u0000b"}',
        '{"name": "\\ud800"}',
        '{"fte": NaN, "name": "x"}',
        '{"fte": Infinity, "name": "x"}',
        '{"name": ' + "[" * 33 + "]" * 33 + "}",
        '{"name": ' + "[" * 100_000,
        '{"disciplines": [' + ",".join(['"IT"'] * 1001) + "]}",
        '{"name": "' + "x" * 151 + '"}',
        '{"name": "x", "fte": "1e400"}',
        '{"name": "x", "fte": 99999999999999999999}',
        '{"name": "x", "active_from": "0000-00-00"}',
        '{"name": "x", "org_unit": {"a": 1}}',
        "[]",
        '"text"',
        "\xff\xfe",
    ],
)
def test_hostile_bodies_are_refused(api: Client, body: str) -> None:
    """SEC-18c: 400, never a fault, nothing stored."""
    response = api.generic("POST", "/api/v1/people/", body.encode("latin-1"), content_type=JSON)

    assert response.status_code == 400
    assert not Person.objects.exists()


def test_body_over_the_limit_is_refused(api: Client) -> None:
    """SEC-18c: 2.5 MB."""
    body = json.dumps({"name": "x" * 2_700_000})

    assert api.generic("POST", "/api/v1/people/", body, content_type=JSON).status_code in {400, 413}
    assert not Person.objects.exists()


def test_too_many_requests_are_told_when_to_come_back(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "2/min", "anon": "2/min"})

    statuses = [api.get("/api/v1/me/").status_code for _number in range(2)]
    refused = api.get("/api/v1/me/")

    assert (statuses, refused.status_code) == ([200, 200], 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert _error(refused)["code"] == "THROTTLED"


# -- mass assignment (SEC-14) ----------------------------------------------------------------------

DANGEROUS = {
    "id": 1,
    "pk": 1,
    "version": 99,
    "user": 1,
    "user_id": 1,
    "password": "x",
    "is_active": False,
    "is_staff": True,
    "is_superuser": True,
    "role": "ADMINISTRATOR",
    "roles": ["ADMINISTRATOR"],
    "grants": [1],
    "granted_by": 1,
    "email": "evil@example.org",
    "created_at": "2000-01-01T00:00:00Z",
    "last_login": "2000-01-01T00:00:00Z",
    "home_seen_at": "2000-01-01T00:00:00Z",
    "home_before_at": "2000-01-01T00:00:00Z",
    "groups": [1],
    "user_permissions": [1],
    "can_sign_in": True,
    "owner": 1,
}


def test_only_declared_fields_of_the_profile_can_be_written(ada: User, api: Client) -> None:
    """SEC-14: 21 dangerous names, none changes anything."""
    before = User.objects.values().get(pk=ada.pk)

    response = api.patch("/api/v1/me/", DANGEROUS, content_type=JSON)

    assert response.status_code == 200
    assert User.objects.values().get(pk=ada.pk) == before
    assert RoleGrant.objects.count() == 1


def test_only_declared_fields_of_a_person_can_be_written(ada: User, api: Client) -> None:
    """SEC-14."""
    person = create_person(actor=ada, name="Bob")
    sent = {name: value for name, value in DANGEROUS.items() if name != "email"}

    response = api.patch(f"/api/v1/people/{person.pk}/", sent, content_type=JSON, headers={"If-Match": '"1"'})

    person.refresh_from_db()
    assert response.status_code == 200
    assert (person.name, person.version, person.user_id, person.email) == ("Bob", 2, None, "")


# -- schema ----------------------------------------------------------------------------------------


def test_schema_and_its_page_are_for_signed_in_people(client: Client) -> None:
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 302
    client.force_login(factories.user("Alice"))

    groups = client.get("/api/v1/docs/").content.decode()
    people = client.get("/api/v1/docs/?group=people").content.decode()
    found = client.get("/api/v1/docs/?q=org-units").content.decode()

    assert client.get("/api/v1/schema/").status_code == 200
    assert 'href="?group=people"' in groups
    assert "/api/v1/people/{id}/" in people
    assert "employee_no" in people
    assert "-X PATCH" in people
    assert "/api/v1/org-units/" in found
    assert "/api/v1/people/" not in found


def test_every_operation_of_the_schema_is_described() -> None:
    """None is left out, and every one has a command to try it."""
    described = schema_of("en")

    operations = operations_of(described, host="https://pmo.example.org")

    assert len(operations) == sum(group.operations for group in groups_of(described)) > 200
    assert not [each.code for each in operations if each.path not in each.command]


def test_schema_depends_on_nobodys_rights(ada: User) -> None:
    """It is made once for each language, and whoever asked first made it for all."""
    made = []
    for person in (ada, factories.user("Charlie")):
        request = APIRequestFactory().get("/api/v1/schema/")
        force_authenticate(request, person)
        made.append(SchemaGenerator().get_schema(request=APIView().initialize_request(request), public=True))

    assert made == [schema_of("en")] * 2


@pytest.mark.once
def test_schema_has_two_forms_and_the_language_asked_for(api: Client) -> None:
    """SEC-18: what else a query says changes nothing."""
    cases = {
        "": (OpenApiYamlRenderer, "en"),
        "lang=de": (OpenApiYamlRenderer, "de"),
        "lang=xx": (OpenApiYamlRenderer, "en"),
        "version=1%0d%0aX-Evil:1": (OpenApiYamlRenderer, "en"),
        "format=json": (OpenApiJsonRenderer, "en"),
        "format=json&lang=de": (OpenApiJsonRenderer, "de"),
    }
    forms = {
        OpenApiYamlRenderer: ("application/vnd.oai.openapi; charset=utf-8", "yaml"),
        OpenApiJsonRenderer: ("application/vnd.oai.openapi+json", "json"),
    }

    for query, (renderer, language) in cases.items():
        answer = api.get(f"/api/v1/schema/?{query}")

        kind, ending = forms[renderer]
        assert answer.status_code == 200, query
        assert answer.content == rendered_schema(language, renderer), query
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"] == f'inline; filename="PMO Portal API.{ending}"'
    assert json.loads(answer.content) == schema_of("de") != schema_of("en")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_whatever_their_length(
    ada: User, api: Client, django_assert_num_queries, rows: int
) -> None:
    """SEC-58b."""
    for number in range(rows):
        unit = OrgUnit.objects.create(code=f"U{number}", name=f"Unit {number}")
        create_person(actor=ada, name=f"Person {number}", org_unit=unit, user=factories.user())
        factories.grant(factories.user(), Role.TEAM_MEMBER, factories.portfolio_node())
    api.get("/api/v1/me/")

    for address, queries in (("people", 5), ("org-units", 5), ("grants", 4), ("tokens", 4)):
        with django_assert_num_queries(queries):
            assert api.get(f"/api/v1/{address}/").status_code == 200
