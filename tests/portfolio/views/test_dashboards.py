"""The dashboard page."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import ProjectHealth, RollupRun
from portfolio.selectors import board_charts
from portfolio.services.groups import aggregate_groups
from portfolio.services.structure import create_portfolio
from projects.models import Project
from tests.factories import grant, project, user
from tests.portfolio.rollup.examples import AS_OF
from tests.portfolio.views.boards import build_board, paula

pytestmark = pytest.mark.django_db
DAY = "?as_of=2026-03-31"


def words(response: object) -> str:
    """Return the text of a page, white space joined."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\xa0", " ").split())


def test_dashboard_shows_the_golden_figures(client: Client) -> None:
    """EX-HLT: 78.7, amber because red reaches 10 %, shares 40, 44 and 16 %; HLT-8: total −12.2."""
    board = build_board()
    client.force_login(board.paula)

    page = words(client.get(f"/portfolio/p/NW/{DAY}"))

    assert "78.7" in page
    assert "Amber, because 16.0 % of the rated budget is red; 10 % is enough." in page
    assert "40.0 %" in page
    assert "44.0 %" in page
    assert "16.0 %" in page
    assert "declining" in page
    assert "−12.2" in page


def test_dashboard_shows_what_changed_since_the_close(client: Client) -> None:
    """HLT-8: P3 turned red and P4 joined."""
    board = build_board()
    client.force_login(board.paula)

    page = words(client.get(f"/portfolio/p/NW/{DAY}"))

    assert "1 New red Portal" in page
    assert "1 Joined HR policy" in page
    assert "0 Left" in page


def test_every_page_of_figures_says_that_inputs_changed(client: Client) -> None:
    """SEC-45: dashboard, list, explanation and Home; not for a past day, which has newer figures."""
    board = build_board()
    client.force_login(board.paula)
    computed_at = ProjectHealth.objects.get(project__code="P3", as_of=AS_OF).computed_at
    pages = (f"/portfolio/p/NW/{DAY}", f"/portfolio/projects/{DAY}", f"/portfolio/health/P3/{DAY}", "/")

    def marks() -> list[int]:
        return [words(client.get(page)).count("not up to date") for page in pages]

    Project.objects.update(updated_at=computed_at - timedelta(hours=1))
    fresh = marks()
    Project.objects.filter(code="P3").update(updated_at=computed_at + timedelta(milliseconds=1))
    changed, past = marks(), words(client.get("/portfolio/projects/?as_of=2026-02-28"))

    assert (fresh, changed) == ([0, 0, 0, 0], [1, 1, 1, 1])
    assert "Portal" in past
    assert "not up to date" not in past


def test_project_far_beyond_all_others_stands_at_the_edge() -> None:
    """One forecast of 670 times its budget does not push all others into a spot; nobody near has an edge."""
    near = [float(number) for number in range(-10, 11)]

    assert board_charts._edges(near) == {}
    assert board_charts._edges([*near, 67_303.7]) == {"max": 40.0}
    assert board_charts._edges([0.0] * 20 + [5.0]) == {}
    assert board_charts._edges([*[-82.6] * 20, -700.0, 20.0]) == {"min": -400.0}


def test_past_dashboard_says_so(client: Client) -> None:
    """The as-of picker turns the whole page: at the close the score was 91.0 (HLT-8)."""
    board = build_board()
    client.force_login(board.paula)

    page = words(client.get("/portfolio/p/NW/?as_of=2026-02-28"))

    assert "You see the portfolio as it was on" in page
    assert "91.0" in page
    assert "78.7" not in page


def test_dashboard_without_rollup_offers_the_first_one(client: Client) -> None:
    """An empty portfolio says what goes here and offers the first step: a project, then its color."""
    portfolio = create_portfolio(actor=None, code="EMPTY", name="Empty")
    client.force_login(paula(portfolio))

    bare = client.get("/portfolio/p/EMPTY/")
    project("P9", parent=portfolio.node)
    page = client.get("/portfolio/p/EMPTY/")

    assert page.status_code == 200
    assert "Run the first roll-up" in words(page)
    assert "Run the first roll-up" not in words(bare)
    assert "No projects in here yet" in words(bare)
    assert "/portfolio/projects/new/?portfolio=EMPTY" in bare.content.decode()


def test_dashboard_of_an_outsider_is_not_there(client: Client) -> None:
    """SEC-10: what Charlie may not see does not exist for him."""
    build_board()
    client.force_login(user("Charlie"))

    response = client.get("/portfolio/p/NW/")

    assert response.status_code == 404


def test_dashboard_leaves_confidential_projects_out_of_counts_and_sums(client: Client) -> None:
    """SEC-13: without the red one nothing is red, and its budget is in no sum."""
    board = build_board()
    node = board.projects["P3"].node
    node.is_confidential = True
    node.save()
    aggregate_groups(run=RollupRun.objects.get(as_of=AS_OF), as_of=AS_OF, kind="DAILY")
    analyst = user("Ann")
    grant(analyst, Role.PMO_ANALYST, board.portfolio.node)
    client.force_login(analyst)

    response = client.get(f"/portfolio/p/NW/{DAY}")
    page = words(response)

    assert b"health/P3/" not in response.content
    assert "4 projects" in page
    assert "4.2 M" in page
    assert "5.0 M" not in page


@pytest.mark.parametrize("keys", [("P1",), ("P1", "P2", "P3")])
def test_dashboard_asks_the_same_for_one_and_three(
    client: Client, keys: tuple[str, ...], django_assert_num_queries: object
) -> None:
    """The number of queries does not depend on the number of projects."""
    board = build_board(keys=keys)
    client.force_login(board.paula)
    client.get(f"/portfolio/p/NW/{DAY}")

    with django_assert_num_queries(24):
        client.get(f"/portfolio/p/NW/{DAY}")


def test_rollup_needs_the_right(client: Client) -> None:
    """Permission matrix row 14: an executive sees and does not start."""
    board = build_board()
    executive = user("Eve")
    grant(executive, Role.EXECUTIVE, board.portfolio.node)
    client.force_login(executive)

    response = client.post("/portfolio/roll-up/")

    assert response.status_code == 403


def test_rollup_starts_and_leads_back(client: Client) -> None:
    """The first roll-up is ordered from the page."""
    board = build_board()
    client.force_login(board.paula)

    response = client.post("/portfolio/roll-up/", {"portfolio": "NW"})

    assert response.status_code == 302
    assert response["Location"] == "/portfolio/p/NW/"
    assert RollupRun.objects.filter(started_by=board.paula).count() == 1
