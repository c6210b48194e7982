"""Signing in and out, and what the answers do not tell (SEC-1 to SEC-5, SEC-7)."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from pmo_portal.accounts.middleware import SEEN, STARTED, session_limits
from pmo_portal.accounts.models import LoginFailure, UserSession
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.common.jobs import drain
from pmo_portal.common.middleware import client_address
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
NEW = "staple mushroom lantern"


def _sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def _shape(response) -> tuple[int, int]:
    """Return status and length of the body, tokens and nonces taken out."""
    body = re.sub(r'(nonce="[^"]*"|value="[^"]*"|"X-CSRFToken": "[^"]*")', "", response.content.decode())
    return response.status_code, len(body)


def test_sign_in_by_email_whatever_its_case(client: Client) -> None:
    alice = factories.user("Alice", email="alice@example.org")

    response = _sign_in(client, "Alice@Example.org")

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_session_key_changes_at_sign_in_and_the_old_one_is_dead() -> None:
    """SEC-3: fixation."""
    alice = factories.user("Alice")
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    client.cookies["pmo_session"] = planted

    _sign_in(client, alice.email)
    signed_in = client.session.session_key
    client.post("/accounts/logout/")

    assert signed_in != planted
    for old in (planted, signed_in):
        thief = Client()
        thief.cookies["pmo_session"] = old
        assert thief.get("/accounts/sessions/").status_code == 302


def test_unknown_wrong_and_inactive_get_the_same_answer() -> None:
    """SEC-5."""
    factories.user("Alice", email="known1@example.org")
    factories.user("Gone", email="ended1@example.org", is_active=False)

    shapes = {
        _shape(_sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), email, password))
        for number, (email, password) in enumerate(
            [
                ("known1@example.org", "wrong password"),
                ("nobody@example.org", "wrong password"),
                ("ended1@example.org", "wrong password"),
                ("ended1@example.org", PASSWORD),
            ]
        )
    }

    assert len(shapes) == 1
    assert shapes.pop()[0] == 200


def test_password_is_hashed_for_unknown_people_too(client: Client, monkeypatch) -> None:
    """SEC-5: the time tells nothing."""
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    factories.user("Alice", email="known@example.org")
    factories.user("Gone", email="ended@example.org", is_active=False)
    hashed.clear()
    counts = []
    for email in ("known@example.org", "nobody@example.org", "ended@example.org"):
        _sign_in(client, email, "wrong password")
        counts.append(len(hashed))

    assert counts == [1, 2, 3]


def test_sixth_guess_is_not_hashed_and_says_how_long_to_wait(client: Client, monkeypatch) -> None:
    """SEC-1: the counter comes before the hash, even with the right password."""
    alice = factories.user("Alice")
    for _try in range(5):
        _sign_in(client, alice.email, "wrong password")
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *_all: pytest.fail("hashed"))

    response = _sign_in(client, alice.email)

    assert "Wait 15 minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_right_password_is_not_held_against_anybody(client: Client) -> None:
    alice = factories.user("Alice")

    for _try in range(8):
        _sign_in(client, alice.email)
        client.post("/accounts/logout/")

    assert set(LoginFailure.objects.values_list("count", flat=True)) == {0}


@pytest.mark.parametrize(
    "forged",
    [
        "203.0.113.9",
        "203.0.113.9, 10.0.0.1",
        "10.0.0.1, 203.0.113.9, 10.0.0.2",
        "unknown",
        "",
        ",,,",
        "<script>",
        "::1",
        "203.0.113.9:443",
        "999.1.1.1",
    ],
)
def test_client_address_is_not_forged_without_a_proxy(forged: str) -> None:
    """SEC-2: ten shapes, none changes the key."""
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forged, REMOTE_ADDR="192.0.2.1")

    assert client_address(request) == "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, nonsense", "192.0.2.1"),
    ],
)
def test_client_address_comes_from_the_trusted_proxy(settings, forwarded: str, expected: str) -> None:
    """SEC-2: one proxy; only the entry it wrote counts."""
    settings.TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="192.0.2.1")

    assert client_address(request) == expected


@pytest.mark.parametrize(
    ("roles", "seen_before", "started_before", "is_open"),
    [
        ("", timedelta(minutes=119), timedelta(hours=3), True),
        ("", timedelta(hours=2, seconds=2), timedelta(hours=3), False),
        ("", timedelta(minutes=1), timedelta(hours=11, minutes=59), True),
        ("", timedelta(minutes=1), timedelta(hours=12, seconds=2), False),
        ("", timedelta(0), timedelta(0), True),
        ("", timedelta(days=3), timedelta(days=3), False),
        ("ADMINISTRATOR", timedelta(minutes=29), timedelta(hours=3), True),
        ("ADMINISTRATOR PMO_HEAD", timedelta(minutes=30, seconds=2), timedelta(hours=3), False),
        ("PMO_HEAD", timedelta(minutes=31), timedelta(hours=3), True),
        ("EXECUTIVE", timedelta(hours=7, minutes=59), timedelta(hours=9), True),
        ("EXECUTIVE PMO_HEAD", timedelta(hours=2, seconds=2), timedelta(hours=9), False),
    ],
)
def test_session_ends_idle_and_in_any_case(
    client: Client, settings, roles: str, seen_before: timedelta, started_before: timedelta, is_open: bool
) -> None:
    """SEC-4: held on the server; the shortest time of the roles counts."""
    settings.SESSION_IDLE_BY_ROLE = {"ADMINISTRATOR": 1800, "EXECUTIVE": 8 * 3600}
    alice = factories.user("Alice")
    for role in roles.split():
        factories.grant(alice, role, organization_node())
    client.force_login(alice)
    session, now = client.session, int(timezone.now().timestamp())
    session[SEEN] = now - int(seen_before.total_seconds())
    session[STARTED] = now - int(started_before.total_seconds())
    session.save()

    response = client.get("/accounts/sessions/")

    assert response.status_code == (200 if is_open else 302)


def test_time_of_a_role_that_does_not_exist_is_refused_at_the_start(settings) -> None:
    """SEC-4, SEC-64: a typing error does not leave administrators with the longer time."""
    settings.SESSION_IDLE_BY_ROLE = {"ADMINISTRATOR": 1800, "BOSS": 1800}

    with pytest.raises(ImproperlyConfigured, match="BOSS"):
        session_limits(lambda _request: HttpResponse())


def test_reset_answers_the_same_and_writes_to_known_people_only(client: Client) -> None:
    """SEC-5."""
    factories.user("Alice", email="known@example.org")

    known = client.post("/accounts/password/reset/", {"email": "known@example.org"}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    drain()

    assert _shape(known) == _shape(unknown)
    assert [message.to for message in mail.outbox] == [["known@example.org"]]


def test_reset_link_works_once_and_ends_sessions_and_tokens() -> None:
    """SEC-7."""
    alice = factories.user("Alice")
    elsewhere = Client()
    elsewhere.force_login(alice)
    elsewhere.get("/accounts/sessions/")
    secret = create_token(actor=alice, user=alice, name="report").secret
    client = Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    drain()
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body).group(1)

    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    done = client.post(address, {"password1": NEW, "password2": NEW}, follow=True)

    assert "Your new password is set" in done.content.decode()
    assert elsewhere.get("/accounts/sessions/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {secret}"}).status_code == 401
    assert _sign_in(Client(), alice.email, NEW).status_code == 302
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_change_of_password_keeps_this_session_and_ends_the_others() -> None:
    """SEC-3, SEC-7."""
    alice = factories.user("Alice")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(alice)
        client.get("/accounts/sessions/")
    secret = create_token(actor=alice, user=alice, name="report").secret
    former_key = here.session.session_key

    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    response = here.post("/accounts/password/change/", form)

    assert response.status_code == 302
    assert here.get("/accounts/sessions/").status_code == 200
    assert here.session.session_key != former_key
    assert b"this one" in here.get("/accounts/sessions/").content
    assert elsewhere.get("/accounts/sessions/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {secret}"}).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/password/set/",
        "/accounts/reauthenticate/",
        "/accounts/login/code/",
        "/accounts/inactive/",
        "/accounts/",
    ],
)
def test_pages_the_portal_does_not_offer_do_not_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_sign_in_goes_on_to_own_pages_only(client: Client) -> None:
    alice = factories.user("Alice")

    form = {"login": alice.email, "password": PASSWORD, "next": "https://evil.example/"}
    response = client.post("/accounts/login/", form)

    assert "evil" not in response["Location"]


def test_list_of_sessions_shows_devices_and_ends_one() -> None:
    """A session of somebody else cannot be ended (advisory 8)."""
    alice, charlie = factories.user("Alice"), factories.user("Charlie")
    here, phone, stranger = Client(), Client(), Client()
    agent = "Mozilla/5.0 (iPhone) Version/17.0 Safari/604.1"
    here.force_login(alice)
    here.get("/accounts/sessions/")
    phone.force_login(alice)
    phone.get("/accounts/sessions/", headers={"User-Agent": agent})
    stranger.force_login(charlie)
    target = UserSession.objects.get(agent=agent)

    assert "Safari · iPhone" in here.get("/accounts/sessions/").content.decode()
    assert stranger.post(f"/accounts/sessions/{target.pk}/end/").status_code == 404
    assert phone.get("/accounts/sessions/").status_code == 200
    assert here.post(f"/accounts/sessions/{target.pk}/end/").status_code == 302
    assert phone.get("/accounts/sessions/").status_code == 302
    assert here.get("/accounts/sessions/").status_code == 200


def test_demo_people_are_offered_in_the_demo_only(client: Client, settings) -> None:
    paula = factories.user("Paula", email=f"paula@{settings.DEMO_DOMAIN}")
    factories.grant(paula, "PMO_HEAD", factories.portfolio_node())

    offered = client.get("/accounts/login/").content.decode()
    settings.IS_DEMO_ALLOWED = False
    withheld = client.get("/accounts/login/").content.decode()

    assert paula.email in offered
    assert settings.DEMO_DOMAIN not in withheld
    assert settings.DEMO_PASSWORD not in withheld
