"""Two dates beside each other."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import ProjectHealth
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.views.boards import build_board
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
DATES = "?portfolio=NW&before=2026-02-28&after=2026-03-31"


def test_comparison_shows_the_golden_change(client: Client) -> None:
    """EX-HLT, HLT-8: 91.0 to 78.7 is −12.2: like for like −13.4, mix +1.1."""
    client.force_login(build_board().paula)

    page = words(client.get(f"/portfolio/compare/{DATES}"))

    for figure in ("91.0", "78.7", "−12.2", "−13.4", "+1.1"):
        assert figure in page
    assert "Portal 50.0 → 12.5 −37.5" in page
    assert "Data center 100.0 → 80.0 −20.0" in page


def test_comparison_lists_who_joined(client: Client) -> None:
    """HLT-8: P4 joined, nobody left."""
    client.force_login(build_board().paula)

    page = words(client.get(f"/portfolio/compare/{DATES}"))

    assert "Joined 1 HR policy" in page
    assert "No project left or moved." in page


def test_comparison_says_whose_money_is_in_no_sum(client: Client) -> None:
    """CST-20: with the way to the exchange rates for who may open them, without it for others."""
    board = build_board()
    Project.objects.filter(code="P3").update(currency="GBP")
    ProjectHealth.objects.filter(project__code="P3").update(currency="GBP")
    manager = user("Greta")
    grant(manager, Role.PORTFOLIO_MANAGER, board.portfolio.node)
    shown = []
    for reader in (board.paula, manager):
        client.force_login(reader)
        shown.append(words(client.get(f"/portfolio/compare/{DATES}")))

    assert (
        "1 project is not in the sums, because the rate of its currency is missing. Exchange rates"
        in shown[0]
    )
    assert "The PMO enters it under Administration, Exchange rates. P3" in shown[1]


def test_dates_in_the_wrong_order_are_turned(client: Client) -> None:
    """The earlier date comes first whatever was chosen."""
    client.force_login(build_board().paula)

    response = client.get("/portfolio/compare/?portfolio=NW&before=2026-03-31&after=2026-02-28")

    assert [str(response.context[name]) for name in ("before", "after")] == ["2026-02-28", "2026-03-31"]


def test_comparison_leaves_confidential_projects_out(client: Client) -> None:
    """SEC-13: neither in the matrix nor among the movers nor in the export."""
    board = build_board()
    board.projects["P3"].node.is_confidential = True
    board.projects["P3"].node.save()
    analyst = user("Ann")
    grant(analyst, Role.PMO_ANALYST, board.portfolio.node)
    client.force_login(analyst)

    page = client.get(f"/portfolio/compare/{DATES}")
    export = client.get(f"/portfolio/compare/export/csv/{DATES}")

    assert b"health/P3/" not in page.content
    assert b"P3" not in export.content
    assert b"P2,Data center,Green,Amber,100.0,80.0,-20.0" in export.content


@pytest.mark.parametrize("keys", [("P1",), ("P1", "P2", "P3")])
def test_comparison_asks_the_same_for_one_and_three(
    client: Client, keys: tuple[str, ...], django_assert_num_queries: object
) -> None:
    """The number of queries does not depend on the number of projects."""
    client.force_login(build_board(keys=keys).paula)
    client.get(f"/portfolio/compare/{DATES}")

    with django_assert_num_queries(20):
        client.get(f"/portfolio/compare/{DATES}")
