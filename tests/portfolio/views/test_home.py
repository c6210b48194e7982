"""The first page and the palette's search."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.services.structure import create_portfolio
from tests.factories import grant, moment, person, task, user
from tests.portfolio.views.boards import build_board
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db


def test_home_shows_own_projects_and_tasks(client: Client) -> None:
    """Alice manages P1 and owns a late task of it."""
    board = build_board()
    alice = user("Alice")
    grant(alice, Role.PROJECT_MANAGER, board.projects["P1"].node)
    owner = person("Alice", of=alice)
    task(board.projects["P1"], "Order servers", owner=owner, planned_start=moment(2), duration=480)
    client.force_login(alice)

    page = words(client.get("/"))

    assert "My projects" in page
    assert "ERP" in page
    assert "Data center" not in page
    assert "Order servers ERP late, due 2 Mar 2026" in page


def test_home_of_a_newcomer_is_not_bare(client: Client) -> None:
    """An empty page says what goes here."""
    client.force_login(user("Charlie"))

    page = words(client.get("/"))

    assert "No projects yet" in page
    assert "Nothing is due" in page
    assert "No messages." in page


def test_tour_goes_away_for_good(client: Client) -> None:
    """First run: five stops, put away with one button."""
    paula = build_board(keys=("P1",)).paula
    client.force_login(paula)

    before = words(client.get("/"))
    client.post("/home/tour/")
    after = words(client.get("/"))

    assert "5. Bring in a schedule" in before
    assert "Put the tour away" not in after


def test_home_shows_what_changed_since_the_last_visit(client: Client) -> None:
    """P3 was amber on 1 March and is red now; the same visit says so again, from another device too."""
    paula = build_board().paula
    User.objects.filter(pk=paula.pk).update(home_seen_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    client.force_login(paula)

    first = client.get("/").context["page"].changes
    client.logout()
    client.force_login(paula)
    second = client.get("/").context["page"].changes

    changes = {line.code: (line.before, line.after) for line in first}
    assert changes["P3"] == ("AMBER", "RED")
    assert changes["P4"] == (None, "AMBER")
    assert first == second
    assert timezone.now() - User.objects.get(pk=paula.pk).home_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize("keys", [("P2",), ("P2", "P3", "P5")])
def test_home_asks_the_same_for_one_and_three(
    client: Client, keys: tuple[str, ...], django_assert_num_queries: object
) -> None:
    """The number of queries does not depend on the number of projects."""
    client.force_login(build_board(keys=keys).paula)
    client.get("/")

    with django_assert_num_queries(42):
        client.get("/")


def test_projects_that_need_attention_say_why(client: Client) -> None:
    """Red by its schedule: the figure that set it stands under the name."""
    client.force_login(build_board(keys=("P3",)).paula)

    page = client.get("/").context["page"]

    assert [(row.color, row.why) for row in page.projects] == [("RED", "Finish slip: 22.0\xa0%")]
    assert "P3 Finish slip: 22.0" in words(client.get("/"))


def test_search_finds_projects_portfolios_and_people(client: Client) -> None:
    """Codes and beginnings of names come first."""
    board = build_board()
    person("Portia Portal")
    client.force_login(board.paula)

    found = client.get("/search/?q=port").json()

    assert {(hit["group"], hit["title"]) for hit in found} >= {
        ("Projects", "Portal"),
        ("People", "Portia Portal"),
    }
    assert client.get("/search/?q=NW").json()[0]["url"] == "/portfolio/p/NW/"


def test_search_finds_nothing_a_person_may_not_see(client: Client) -> None:
    """SEC-13: neither confidential projects nor people."""
    board = build_board()
    board.projects["P3"].node.is_confidential = True
    board.projects["P3"].node.save()
    person("Portia Portal")
    manager = user("Max")
    grant(manager, Role.PORTFOLIO_MANAGER, board.portfolio.node)
    client.force_login(manager)

    assert client.get("/search/?q=port").json() == []


def test_search_wants_two_signs(client: Client) -> None:
    """One sign would find everything."""
    client.force_login(build_board(keys=("P1",)).paula)

    assert client.get("/search/?q=E").json() == []


def test_search_bounds_its_answer(client: Client, django_assert_num_queries: object) -> None:
    """At most twenty-five hits in a fixed number of queries."""
    client.force_login(build_board(keys=("P1",)).paula)
    client.get("/search/?q=ERP")

    with django_assert_num_queries(10):
        assert len(client.get("/search/?q=ERP").json()) <= 20


def test_first_administrator_is_led_to_the_first_project(client: Client) -> None:
    """A portal without projects: what to do, in order, ticked when it is done; no tour of empty pages."""
    ada = user("Ada")
    grant(ada, Role.ADMINISTRATOR, organization_node())
    grant(ada, Role.PMO_HEAD, organization_node())
    client.force_login(ada)

    before = client.get("/")
    create_portfolio(actor=None, code="GRID", name="Grid")
    after = client.get("/")

    assert [(step.title, step.is_done) for step in before.context["steps"]] == [
        ("Add the people", False),
        ("Give them roles", False),
        ("Create a portfolio", False),
        ("Bring in the projects", False),
        ("Ask which PMO you need", False),
    ]
    assert "Welcome. Set up your organization" in words(before)
    assert "stops show you around" not in words(before)
    assert [step.title for step in after.context["steps"] if step.is_done] == ["Create a portfolio"]


def test_first_steps_end_with_the_first_project(client: Client) -> None:
    """Whoever sees a project gets the tour."""
    client.force_login(build_board(keys=("P1",)).paula)

    page = client.get("/")

    assert page.context["steps"] == []
    assert len(page.context["stops"]) == 5


def test_primary_action_of_a_team_member_is_the_own_work(client: Client) -> None:
    """Bob comes for his tasks, not for the portfolio."""
    board = build_board()
    bob = user("Bob")
    grant(bob, Role.TEAM_MEMBER, board.projects["P1"].node)
    task(board.projects["P1"], "Order", owner=person("Bob", of=bob), planned_start=moment(2), duration=480)
    client.force_login(bob)

    page = client.get("/")

    assert "Open my work" in words(page)
    assert page.context["stops"][0].title == "See your tasks"
