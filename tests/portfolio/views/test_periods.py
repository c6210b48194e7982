"""The pages of periods: list, new ones, the close (CON-8, CST-6, HLT-5)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from portfolio.models import RollupRun
from portfolio.services.periods import close_period
from projects.models import Period
from projects.services.periods import create_months
from tests.factories import grant, user
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.worlds import make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
URL = "/administration/periods/"


def paula() -> User:
    """The PMO: closes periods of the whole organization."""
    made = user("Paula")
    grant(made, Role.PMO_ANALYST, organization_node())
    return made


def last_months(count: int) -> date:
    """Create the last ``count`` whole months and the present one; return today."""
    today = timezone.localdate()
    first = today.replace(day=1)
    for _number in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
    create_months(actor=None, months=count + 1, first_day=first)
    return today


def test_empty_page_offers_the_first_step(client: Client) -> None:
    client.force_login(paula())

    assert "No periods yet" in words(client.get(URL))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client: Client, count: int, django_assert_num_queries: Any, drain: Callable[[], int]
) -> None:
    today = last_months(count)
    for period in Period.objects.filter(end__lt=today).order_by("end"):
        close_period(actor=None, period_end=period.end, today=today)
        drain()
    client.force_login(paula())

    with django_assert_num_queries(17):
        page = words(client.get(URL))

    assert page.count("from the command line") == count


def test_months_are_created_from_the_form(client: Client) -> None:
    client.force_login(paula())

    response = client.post(f"{URL}new/", {"rule": "MONTHS", "months": "12", "start": "2026-01-01"})

    assert response["Location"] == URL
    assert list(Period.objects.order_by("start").values_list("code", flat=True))[-1] == "2026-12"


def test_gap_stands_on_its_field(client: Client) -> None:
    last_months(1)
    client.force_login(paula())

    response = client.post(
        f"{URL}new/", {"rule": "ONE", "code": "X", "start": "2050-01-05", "end": "2050-02-01"}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["start"]
    assert Period.objects.count() == 2


def test_close_asks_for_the_word_first(client: Client) -> None:
    """What cannot be undone is said before, and nothing happens without the tick."""
    last_months(1)
    period = Period.objects.order_by("start")[0]
    client.force_login(paula())

    asked = client.get(f"{URL}{period.pk}/close/")
    refused = client.post(f"{URL}{period.pk}/close/", {})

    assert "cannot be opened again" in words(asked)
    assert refused.status_code == 422
    assert not Period.objects.filter(closed_at__isnull=False).exists()


def test_close_shows_progress_then_its_outcome(client: Client, drain: Callable[[], int]) -> None:
    """HLT-5: who closed it and when, and how many projects were rated."""
    today = last_months(1)
    plan(make_project("P1", make_portfolio()))
    period = Period.objects.order_by("start")[0]
    client.force_login(paula())

    client.post(f"{URL}{period.pk}/close/", {"is_final": "on"})
    during = words(client.get(URL, headers={"HX-Request": "true"}))
    drain()
    after = words(client.get(URL))

    assert "Closing" in during
    assert ("Closed" in after, "Paula" in after) == (True, True)
    assert RollupRun.objects.get().started_by.name == "Paula"
    assert AuditEntry.objects.get(action="period.closed").actor.name == "Paula"
    assert period.end < today


def test_close_of_the_present_period_is_refused_in_words(client: Client) -> None:
    last_months(0)
    period = Period.objects.get()
    client.force_login(paula())

    response = client.post(f"{URL}{period.pk}/close/", {"is_final": "on"})

    assert response.status_code == 422
    assert "is not over yet" in words(response)
    assert not AuditEntry.objects.filter(action="period.closed").exists()


def test_a_role_below_the_organization_does_not_close(client: Client) -> None:
    """SEC-10: the periods are everybody's; an analyst of one portfolio sees them and closes none."""
    last_months(1)
    home = make_portfolio()
    bob = user("Bob")
    grant(bob, Role.PMO_ANALYST, home.node)
    client.force_login(bob)

    assert client.get(URL).status_code == 200
    assert client.get(f"{URL}new/").status_code == 403
    response = client.post(f"{URL}{Period.objects.order_by('start')[0].pk}/close/", {"is_final": "on"})

    assert response.status_code == 403
    assert not Period.objects.filter(closed_at__isnull=False).exists()
