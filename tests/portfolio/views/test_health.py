"""The explanation of a project's color."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import ProjectHealth
from tests.factories import grant, project, user
from tests.portfolio.views.boards import build_board
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
DAY = "?as_of=2026-03-31"


def test_panel_explains_the_red_project(client: Client) -> None:
    """EX-HLT P3: schedule and cost red, each with value and limit, 12.5 of 100."""
    client.force_login(build_board().paula)

    page = words(client.get(f"/portfolio/health/P3/{DAY}"))

    assert "Red because of Schedule, Cost; red in schedule or cost alone is enough." in page
    assert "Schedule red: forecast finish 22.0 % later than baseline (limit 15 %)" in page
    assert "Score 12.5 = 1,250 points / 100 weight." in page
    assert "Schedule: the report says better than the figures." in page
    assert "the declared amber does not count" in page
    assert "Amber at the close of 28 Feb 2026" in page
    assert "Green at every close since 28 Feb 2026" in words(client.get(f"/portfolio/health/P1/{DAY}"))


def test_panel_says_how_far_the_next_color_is(client: Client) -> None:
    """EX-HLT P2: 12 % slip of a baseline of 100 working days; red lies beyond 15."""
    client.force_login(build_board().paula)

    page = words(client.get(f"/portfolio/health/P2/{DAY}"))

    assert "4 more working days of slip turn this red" in page
    assert "Amber because of Schedule." in page


def test_panel_names_data_quality_and_missing_values(client: Client) -> None:
    """EX-HLT P4: no baseline, 44.4 of 100, low; nothing declared, nothing guessed."""
    client.force_login(build_board().paula)

    page = words(client.get(f"/portfolio/health/P4/{DAY}"))

    assert "44.4" in page
    assert "Low confidence" in page
    assert "No baseline has been set yet." in page
    assert "Amber because one dimension is red: Governance." in page


def test_panel_is_a_part_for_htmx(client: Client) -> None:
    """The overview of the project loads it by address."""
    client.force_login(build_board().paula)

    response = client.get(f"/portfolio/health/P3/{DAY}", headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert b"Open as page" in response.content


def test_panel_of_a_project_without_rollup_says_so(client: Client) -> None:
    """Not rated is no error."""
    board = build_board(keys=("P1",))
    ProjectHealth.objects.all().delete()
    client.force_login(board.paula)

    page = words(client.get("/portfolio/health/P1/"))

    assert "Not rated yet" in page


def test_panel_of_a_foreign_project_is_not_there(client: Client) -> None:
    """SEC-10, SEC-12: the manager of one project learns nothing of another one."""
    board = build_board()
    alice = user("Alice")
    grant(alice, Role.PROJECT_MANAGER, board.projects["P1"].node)
    project("OTHER")
    client.force_login(alice)

    answers = [client.get(f"/portfolio/health/{code}/{DAY}").status_code for code in ("P1", "P2", "OTHER")]

    assert answers == [200, 404, 404]
