"""Periods over the API (CON-8, CST-6)."""

from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from projects.models import ActualCost, Period
from tests.portfolio.api.test_portfolio_api import client_of, person
from tests.portfolio.worlds import make_portfolio, make_project

pytestmark = pytest.mark.django_db
URL = "/api/v1/periods/"


def test_create_close_and_refuse_a_posting() -> None:
    """CST-6: a posting dated in a closed period is refused on its field."""
    make_project("P1", make_portfolio())
    client = client_of(person(Role.PMO_HEAD, organization_node()))
    assert client.post(URL, {"months": 2, "start": "2026-03-01"}, format="json").status_code == 201

    closed = client.post(f"{URL}2026-03/close/")
    posted = client.post(
        "/api/v1/projects/P1/actual-costs/",
        {"posting_date": "2026-03-31", "amount": str(Decimal(5))},
        format="json",
        headers={"Idempotency-Key": "one"},
    )

    assert (closed.status_code, closed.data["kind"]) == (202, "PERIOD_CLOSE")
    assert (posted.status_code, posted.data["error"]["code"]) == (400, "PERIOD_CLOSED")
    assert list(posted.data["error"]["fields"]) == ["posting_date"]
    assert ActualCost.objects.count() == 0
    rows = client.get(URL).data["results"]
    assert [(row["code"], row["closed_at"] is None) for row in rows] == [
        ("2026-04", True),
        ("2026-03", False),
    ]


@pytest.mark.parametrize("body", [{}, {"months": 1, "code": "X"}, {"code": "X"}, {"months": 99}])
def test_unclear_orders_are_refused(body: dict[str, object]) -> None:
    client = client_of(person(Role.PMO_HEAD, organization_node()))

    assert client.post(URL, body, format="json").status_code == 400
    assert Period.objects.count() == 0
    assert not AuditEntry.objects.filter(action="periods.created").exists()


def test_close_is_for_the_pmo() -> None:
    """SEC-16: who sees periods does not close them."""
    home = make_portfolio()
    Period.objects.create(code="2026-03", start="2026-03-01", end="2026-03-31")
    client = client_of(person(Role.PORTFOLIO_MANAGER, home.node))

    assert client.get(URL).status_code == 200
    assert client.post(f"{URL}2026-03/close/").status_code == 403
    assert client.delete(f"{URL}2026-03/").status_code == 403
    assert Period.objects.get().closed_at is None
