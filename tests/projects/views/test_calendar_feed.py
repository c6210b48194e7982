"""
The secret address of a person's calendar (SEC-7, SEC-8, SEC-13).

Alice manages NW-1, Bob owns a task in it, Charlie has a project of his own.
"""

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import CalendarFeed, User
from pmo_portal.accounts.services.emergency import open_access
from pmo_portal.accounts.services.feeds import NOTED_EVERY, make_feed
from pmo_portal.accounts.services.people import end_access, password_changed, restore_access
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.logs import without_secret
from projects.choices import TaskKind
from projects.models import Project, Task
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/accounts/calendar/"


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def dated(project: Project, name: str, *, days: int = 10, **facts: Any) -> Task:
    start = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return factories.task(
        project, name, planned_start=start, planned_finish=start + timedelta(days=2, hours=9), **facts
    )


def planned(code: str = "NW-1") -> Project:
    project = factories.project(code)
    dated(project, f"Gate of {code}", kind=TaskKind.FINISH_MILESTONE, duration=0)
    dated(project, f"Work of {code}")
    return project


def address_of(user: User) -> str:
    secret = make_feed(actor=user, now=timezone.now()).secret
    return reverse("projects:calendar_feed", args=[secret])


def titles(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.findall("SUMMARY:(.*)\r", answer.content.decode())


def test_page_shows_the_address_once_and_keeps_a_digest_only(client: Client) -> None:
    alice = factories.user("Alice")
    client.force_login(alice)

    made = client.post(PAGE, {"do": "make"}).content.decode()
    again = client.get(PAGE).content.decode()

    (secret,) = set(re.findall(r"/calendar-feed/([\w-]{43})\.ics", made))
    assert secret not in again
    assert secret not in json.dumps([str(value) for value in CalendarFeed.objects.values_list().get()])
    assert [entry.after for entry in AuditEntry.objects.filter(action="feed.created")] == [{"renewed": False}]
    assert secret not in json.dumps([str(entry.after) for entry in AuditEntry.objects.all()])


def test_renewed_address_ends_the_former_one_and_ended_is_ended(client: Client) -> None:
    alice = factories.manager_of(planned())
    first = address_of(alice)
    second = address_of(alice)
    browser = Client()
    browser.force_login(alice)

    before = [client.get(address).status_code for address in (first, second)]
    ended = browser.post(PAGE, {"do": "end"}).status_code
    twice = browser.post(PAGE, {"do": "end"}).status_code

    assert (before, ended, twice) == ([404, 200], 302, 409)
    assert client.get(second).status_code == 404
    assert AuditEntry.objects.filter(action="feed.revoked").count() == 1


def test_calendar_has_milestones_of_own_projects_and_own_open_tasks(client: Client) -> None:
    """SEC-13: nothing of projects the person does not see, nothing of others' tasks."""
    project, foreign = planned(), planned("FOR-1")
    bob = factories.user("Bob")
    person = factories.person(of=bob)
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    dated(project, "Mine", owner=person)
    done = dated(project, "Mine and done", owner=person)
    Task.objects.filter(pk=done.pk).update(actual_start=done.planned_start, actual_finish=done.planned_finish)
    dated(project, "Mine and long over", owner=person, days=-200)
    dated(foreign, "Hidden", owner=person)

    assert titles(client, address_of(bob)) == ["Gate of NW-1 (NW-1)", "Mine (NW-1)"]


def test_rights_are_those_of_the_moment(client: Client) -> None:
    """SEC-7."""
    project = planned()
    alice = factories.manager_of(project)
    address = address_of(alice)

    before = titles(client, address)
    alice.grants.all().delete()

    assert (before, titles(client, address)) == (["Gate of NW-1 (NW-1)"], [])


def test_emergency_access_opens_no_calendar(client: Client) -> None:
    """What an emergency access shows is written down page by page; a calendar is not."""
    project = planned()
    ada = factories.user("Ada")
    factories.grant(ada, Role.ADMINISTRATOR, organization_node())
    factories.grant(factories.user("Paula"), Role.PMO_HEAD, organization_node())
    dated(project, "Mine", owner=factories.person("Ada", of=ada))
    open_access(actor=ada, project_code="NW-1", reason="The plan cannot be opened any more", hours=1)
    ada.refresh_from_db()

    assert Task.objects.visible_to(ada).count() == 3
    assert titles(client, address_of(ada)) == []


def test_leaver_and_changed_password_end_the_address_for_good(client: Client) -> None:
    """SEC-7."""
    project = planned()
    alice, bob = factories.manager_of(project), factories.user("Bob")
    person = factories.person(of=bob)
    of_alice, of_bob = address_of(alice), address_of(bob)

    password_changed(user=alice)
    ended = end_access(actor=None, person=person, version=person.version, today=timezone.localdate())
    restore_access(actor=None, person=ended, version=ended.version)

    assert [client.get(address).status_code for address in (of_alice, of_bob)] == [404, 404]
    assert CalendarFeed.objects.count() == 0


def test_person_who_may_not_sign_in_has_no_calendar(client: Client) -> None:
    alice = factories.manager_of(planned())
    address = address_of(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert client.get(address).status_code == 404


def test_answer_is_kept_nowhere_and_wrong_secrets_are_slowed(client: Client) -> None:
    address = address_of(factories.manager_of(planned()))

    answer = client.get(address)
    statuses = [client.get("/projects/calendar-feed/wrong.ics").status_code for _turn in range(60)]

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert not answer.cookies
    assert statuses == [404] * 59 + [429]
    assert client.get(address).status_code == 429


def test_use_is_noted_now_and_then(client: Client) -> None:
    address = address_of(factories.manager_of(planned()))

    client.get(address)
    first = CalendarFeed.objects.get().last_used_at
    client.get(address)
    second = CalendarFeed.objects.get().last_used_at
    CalendarFeed.objects.update(last_used_at=timezone.now() - NOTED_EVERY * 2)
    client.get(address)

    assert first is not None
    assert second == first
    assert CalendarFeed.objects.get().last_used_at > first


def test_secret_is_in_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """SEC-60."""
    with caplog.at_level(logging.INFO):
        client.get("/projects/calendar-feed/wrong.ics")

    said = [str(without_secret(record.getMessage())) for record in caplog.records]
    assert any("/calendar-feed/[hidden]" in line for line in said)
    assert not any("wrong" in line for line in said)


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_takes_the_same_queries_whatever_the_size(
    count: int, client: Client, django_assert_num_queries: Any
) -> None:
    project = planned()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    person = factories.person(of=bob)
    for number in range(count):
        dated(project, f"Mine {number}", owner=person)
    address = address_of(bob)
    client.get(address)

    with django_assert_num_queries(2):
        client.get(address)
