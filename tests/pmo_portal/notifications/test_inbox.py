"""Notifications: once per key, set-based, one's own, by mail with one Message-ID (SEC-41)."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.models import User
from pmo_portal.common import jobs
from pmo_portal.common.models import Job
from pmo_portal.common.queue import enqueue
from pmo_portal.notifications.models import Notification
from pmo_portal.notifications.selectors import unread_count
from pmo_portal.notifications.services import notify, set_email_wanted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.user("Alice")


@pytest.fixture
def bob() -> User:
    return factories.user("Bob")


def _notify(*users: User, key: str = "k", **columns: Any) -> int:
    return notify(users=users, **({"kind": "test", "title": "Hello", "dedupe_key": key} | columns))


def test_message_reaches_each_person_once(alice: User, bob: User) -> None:
    first = _notify(alice, bob)
    second = _notify(alice, bob)

    assert (first, second, Notification.objects.count()) == (2, 2, 2)


def test_inactive_people_get_none(alice: User) -> None:
    alice.is_active = False

    assert _notify(alice) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_notify_needs_the_same_queries_for_many(django_assert_num_queries: Any, count: int) -> None:
    people = [factories.user() for _number in range(count)]

    # PostgreSQL holds the joined orders inside a savepoint: two statements more.
    with django_assert_num_queries(9 if connection.vendor == "postgresql" else 7):
        _notify(*people)


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_address_outside_of_the_portal_is_left_out(alice: User, url: str) -> None:
    _notify(alice, url=url)

    assert Notification.objects.get().url == ""


def test_mail_is_sent_once_with_a_steady_message_id(alice: User, settings: Any) -> None:
    """SEC-41: sent again after a crash it carries the same id."""
    settings.PUBLIC_URL = "https://pmo.example.org"
    _notify(alice, title="A\r\nBcc: x@example.org", url="/jobs/")
    jobs.drain()
    Notification.objects.update(mailed_at=None)
    enqueue("notifications.mail_message", arguments={"notification_id": Notification.objects.get().pk})
    jobs.drain()
    _notify(alice, title="A\r\nBcc: x@example.org", url="/jobs/")
    jobs.drain()

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert (first.subject, first.to, first.bcc) == ("A Bcc: x@example.org", [alice.email], [])
    assert "https://pmo.example.org/jobs/" in first.body


def test_person_who_wants_no_mail_gets_none(alice: User) -> None:
    set_email_wanted(actor=alice, by_email=False)

    _notify(alice)
    jobs.drain()

    assert mail.outbox == []
    assert unread_count(alice) == 1


def test_owner_hears_of_a_failed_job(alice: User) -> None:
    enqueue("nobody.knows_this", owner=alice, label="Import of the bridge")

    jobs.drain()

    told = Notification.objects.get(user=alice)
    assert (told.kind, told.title) == ("job_failed", "Failed: Import of the bridge")
    assert told.url == reverse("jobs:detail", args=[Job.objects.get(owner=alice).pk])


def test_owner_hears_of_a_long_job_only(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue("accounts.forget_old_sign_ins", owner=alice, label="Short")
    jobs.drain()
    monkeypatch.setattr(jobs, "LONG_SECONDS", 0.0)
    enqueue("accounts.forget_old_sign_ins", owner=alice, label="Long")
    jobs.drain()

    assert list(Notification.objects.values_list("title", flat=True)) == ["Done: Long"]


def test_inbox_shows_own_messages_only(client: Client, alice: User, bob: User) -> None:
    _notify(bob, title="For Bob")
    client.force_login(alice)

    page = client.get(reverse("notifications:list"), {"show": "all"})

    assert "For Bob" not in page.content.decode()
    assert "No notifications yet" in page.content.decode()


def test_reading_marks_and_leads_on(client: Client, alice: User) -> None:
    _notify(alice, url="/jobs/")
    client.force_login(alice)

    response = client.post(reverse("notifications:read", args=[Notification.objects.get().pk]))

    assert (response.url, unread_count(alice)) == ("/jobs/", 0)


def test_message_of_somebody_else_does_not_exist(client: Client, alice: User, bob: User) -> None:
    """SEC-10."""
    _notify(bob)
    client.force_login(alice)

    response = client.post(reverse("notifications:read", args=[Notification.objects.get().pk]))

    assert (response.status_code, unread_count(bob)) == (404, 1)


def test_read_all_touches_own_messages_only(client: Client, alice: User, bob: User) -> None:
    _notify(alice, bob)
    _notify(alice, bob, key="l")
    client.force_login(alice)

    client.post(reverse("notifications:read_all"))

    assert (unread_count(alice), unread_count(bob)) == (0, 2)


def test_preference_is_kept(client: Client, alice: User) -> None:
    client.force_login(alice)

    client.post(reverse("notifications:preference"), {})
    off = client.get(reverse("notifications:list")).context["by_email"]
    client.post(reverse("notifications:preference"), {"by_email": "on"})

    assert (off, client.get(reverse("notifications:list")).context["by_email"]) == (False, True)


def test_api_lists_and_marks(client: Client, alice: User, bob: User) -> None:
    _notify(alice, bob)
    client.force_login(alice)

    listed = client.get("/api/v1/notifications/?unread=1").json()["results"]
    read = client.post(f"/api/v1/notifications/{listed[0]['id']}/read/")
    rest = client.get("/api/v1/notifications/?unread=1").json()["results"]
    everything = client.post("/api/v1/notifications/read-all/")

    assert (len(listed), read.status_code, rest, everything.status_code) == (1, 200, [], 204)
    assert unread_count(bob) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client: Client, alice: User, django_assert_num_queries: Any, count: int) -> None:
    """SEC-58b."""
    for number in range(count):
        _notify(alice, key=str(number))
    client.force_login(alice)
    client.get(reverse("notifications:list"))

    with django_assert_num_queries(9):
        client.get(reverse("notifications:list"))
