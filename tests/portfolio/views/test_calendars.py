"""Calendars of the organization: pages and API (SCH-5)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from projects.forms.organizing import calendar_values, read_days_off
from projects.models import Calendar, CalendarException
from projects.services.calendars import DayOff, create_calendar
from tests.factories import grant, project, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
URL = "/administration/calendars/"
WEEK = {f"hours_{day}": "08:00-12:00 13:00-17:00" for day in range(5)}
HALF = DayOff(date(2026, 12, 24), date(2026, 12, 24), "Half day", ((480, 720),))


def paula() -> User:
    made = user("Paula")
    grant(made, Role.PMO_ANALYST, organization_node())
    return made


def test_empty_page_offers_the_first_step(client: Client) -> None:
    client.force_login(paula())

    assert "No calendars yet" in words(client.get(URL))


def test_calendar_with_holidays_and_other_hours(client: Client) -> None:
    client.force_login(paula())
    days = "2026-12-24 08:00-12:00 Half day\n2026-12-28,2026-12-31,Closed"

    response = client.post(
        f"{URL}new/", {"name": "Site", "hours_per_day": "8", "days_off": days, "holidays_of": "AT", **WEEK}
    )

    made = Calendar.objects.get(name="Site")
    assert (response.status_code, made.project) == (302, None)
    named = made.exceptions.filter(name__in=["Half day", "Closed"]).order_by("start")
    assert list(named.values_list("start", "finish", "intervals")) == [
        (date(2026, 12, 24), date(2026, 12, 24), [[480, 720]]),
        (date(2026, 12, 28), date(2026, 12, 31), []),
    ]
    assert made.exceptions.count() > 50
    assert AuditEntry.objects.get(action="calendar.created").actor.name == "Paula"


def test_edit_keeps_other_hours_and_inherited_days(client: Client) -> None:
    """What the form shows is what it saves: hours of a day, and days left to the calendar below."""
    base = create_calendar(actor=None, project=None, name="Base")
    week = {**Calendar(name="x").week_pattern, "4": None}
    made = create_calendar(
        actor=None, project=None, name="Site", base=base, week_pattern=week, days_off=[HALF]
    )
    client.force_login(paula())
    shown = calendar_values(made)
    body = {name: value for name, value in shown.items() if name != "base"}

    response = client.post(f"{URL}{made.pk}/", {**body, "base": base.pk, "name": "Site A"})

    made.refresh_from_db()
    assert (response.status_code, made.name, made.week_pattern["4"]) == (302, "Site A", None)
    kept = CalendarException.objects.get(calendar=made)
    assert (kept.name, kept.intervals) == ("Half day", [[480, 720]])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({f"hours_{day}": "" for day in range(7)}, "week_pattern"),
        ({"hours_0": "noon"}, "hours_0"),
        ({"days_off": "Christmas"}, "days_off"),
    ],
)
def test_hours_that_make_no_sense_are_refused(client: Client, change: dict[str, str], field: str) -> None:
    """SCH-5: a calendar without working time is refused."""
    client.force_login(paula())

    response = client.post(f"{URL}new/", {"name": "Empty", "hours_per_day": "8", **WEEK, **change})

    errors = list(response.context["form"].errors)
    assert (response.status_code, errors) == (422, [field if field in change else "__all__"])
    assert not Calendar.objects.exists()
    assert not AuditEntry.objects.filter(action="calendar.created").exists()


def test_default_moves_and_new_projects_start_with_it(client: Client) -> None:
    former = project().calendar
    made = create_calendar(actor=None, project=None, name="Site")
    client.force_login(paula())

    client.post(f"{URL}{made.pk}/default/")
    again = client.post(f"{URL}{made.pk}/default/", follow=True)

    assert list(Calendar.objects.filter(is_default=True)) == [made]
    assert project().calendar == made
    assert "It is the default already" in words(again)
    entry = AuditEntry.objects.get(action="calendar.changed")
    assert (entry.before, entry.after) == ({"default": former.name}, {"default": "Site"})


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        create_calendar(actor=None, project=None, name=f"Calendar {number}")
    client.force_login(paula())

    with django_assert_num_queries(16):
        assert words(client.get(URL)).count("Make it the default Calendar") == count


def test_projects_out_of_sight_are_not_counted(client: Client) -> None:
    """SEC-13: a confidential project is in no count."""
    project("SEEN")
    project("HIDDEN", is_confidential=True)
    client.force_login(paula())

    assert [row.projects for row in client.get(URL).context["rows"]] == [1]


def test_a_portfolio_manager_sees_and_does_not_change(client: Client) -> None:
    """SEC-10: what all projects use is changed by who may everywhere."""
    home = project().node.parent
    max_ = user("Max")
    grant(max_, Role.PORTFOLIO_MANAGER, home)
    client.force_login(max_)

    assert client.get(URL).status_code == 200
    assert client.post(f"{URL}new/", {"name": "Site", **WEEK}).status_code == 403
    assert Calendar.objects.count() == 1


def test_api_adds_and_changes_with_a_version() -> None:
    """SEC-29, SCH-5."""
    client = client_of(paula())

    made = client.post("/api/v1/calendars/", {"name": "Site"}, format="json")
    address = f"/api/v1/calendars/{made.data['id']}/"
    blind = client.patch(address, {"name": "New"}, format="json")
    empty = {"week_pattern": {str(day): [] for day in range(7)}}
    refused = client.patch(address, empty, format="json", headers={"If-Match": '"1"'})
    saved = client.patch(address, {"name": "New"}, format="json", headers={"If-Match": '"1"'})

    assert [each.status_code for each in (made, blind, refused, saved)] == [201, 428, 400, 200]
    assert refused.data["error"]["code"] == "EMPTY_CALENDAR"
    assert (saved.data["name"], saved["ETag"]) == ("New", '"2"')
    again = [client.post(f"{address}default/") for _time in range(2)]
    assert [answer.status_code for answer in again] == [200, 409]
    assert list(Calendar.objects.filter(is_default=True).values_list("name", flat=True)) == ["New"]


def test_lines_of_days_are_read() -> None:
    assert read_days_off("2026-12-24 08:00-12:00 Half day\n2026-12-25;Christmas") == [
        HALF,
        DayOff(date(2026, 12, 25), date(2026, 12, 25), "Christmas"),
    ]
