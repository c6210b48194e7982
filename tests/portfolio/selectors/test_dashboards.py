"""What each person sees: the right sums, a fixed number of queries, the stale mark."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import Portfolio
from portfolio.selectors.comparisons import compare
from portfolio.selectors.dashboards import available_dates, dashboard
from portfolio.selectors.explanations import project_health
from portfolio.selectors.project_lists import ProjectFilters, project_list
from portfolio.services import rollups
from portfolio.services.periods import close_period
from projects.choices import Rag
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.worlds import AS_OF, make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
SECRET = "ZEPHYR"


@pytest.fixture
def home(drain: Drain) -> Portfolio:
    """Two open projects and a confidential one, rolled up."""
    made = make_portfolio()
    for number, secret in ((1, False), (2, False), (3, True)):
        project = make_project(f"{SECRET}-{number}" if secret else f"P{number}", made, is_confidential=secret)
        plan(project, budget=1000 * number)
    close_period(actor=None, period_end=AS_OF - timedelta(days=31), today=AS_OF)
    drain()
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    return Portfolio.objects.select_related("node").get(pk=made.pk)


def person(role: str, node: Any) -> User:
    made = user()
    grant(made, role, node)
    return made


def count(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def test_head_sees_everything(home: Portfolio) -> None:
    """SEC-13: the sum with confidential projects for those who may see all of them."""
    page = dashboard(person(Role.PMO_HEAD, organization_node()), home, AS_OF)

    assert (page.audience, page.projects_total, page.budget) == ("FULL", 3, 6000)
    assert len(page.bubbles) == 3


def test_portfolio_manager_sees_nothing_of_confidential_projects(home: Portfolio) -> None:
    """SEC-13: not in counts, sums, charts, changes, lists or comparisons."""
    patricia = person(Role.PORTFOLIO_MANAGER, home.node)

    page = dashboard(patricia, home, AS_OF)
    rows = project_list(patricia, ProjectFilters(), as_of=AS_OF)
    pair = compare(patricia, home, AS_OF - timedelta(days=31), AS_OF)

    assert (page.audience, page.projects_total, page.budget) == ("OPEN", 2, 3000)
    assert rows.total == 2
    assert (pair.before.projects_total, pair.after.budget) == (2, 3000)
    assert SECRET not in f"{page}{rows}{pair}"


def test_grant_on_one_confidential_project_makes_an_own_sum(home: Portfolio) -> None:
    """SEC-13: more than OPEN, and nothing beyond what the person may see."""
    patricia = person(Role.PORTFOLIO_MANAGER, home.node)
    grant(patricia, Role.PROJECT_MANAGER, Project.objects.get(code=f"{SECRET}-3").node)

    page = dashboard(patricia, home, AS_OF)

    assert (page.audience, page.projects_total, page.budget) == ("OWN", 3, 6000)


def test_project_manager_sees_the_sum_of_own_projects(home: Portfolio) -> None:
    """SEC-13: somebody without a role on the portfolio gets the sum of what is theirs."""
    alice = person(Role.PROJECT_MANAGER, Project.objects.get(code="P1").node)

    page = dashboard(alice, home, AS_OF)

    assert (page.audience, page.projects_total, page.budget) == ("OWN", 1, 1000)
    assert [bubble.project.code for bubble in page.bubbles] == ["P1"]
    assert [
        point.counts["GREY"] + point.counts["GREEN"] + point.counts["RED"] + point.counts["AMBER"]
        for point in page.history
    ] == [1]


def test_member_sees_health_without_money(home: Portfolio) -> None:
    """Matrix row 8: totals of money need their own right."""
    bob = person(Role.TEAM_MEMBER, Project.objects.get(code="P1").node)

    page = dashboard(bob, home, AS_OF)
    line = project_list(bob, ProjectFilters(), as_of=AS_OF).rows[0]

    assert (page.sees_money, page.budget, page.bubbles[0].budget) == (False, None, None)
    assert (line.code, line.budget, line.actual) == ("P1", None, None)


def test_outsider_sees_an_empty_page(home: Portfolio) -> None:
    charlie = user("Charlie")

    page = dashboard(charlie, None, AS_OF)
    rows = project_list(charlie, ProjectFilters(), as_of=AS_OF)

    assert (page.projects_total, page.bubbles, page.exceptions, page.groups) == (0, (), (), ())
    assert rows.total == 0
    assert project_health(charlie, Project.objects.get(code="P1"), AS_OF) is None


def test_changed_inputs_are_marked_until_the_next_rollup(home: Portfolio, drain: Drain) -> None:
    """SEC-45: the page says that inputs changed; a rerun takes the mark away."""
    paula = person(Role.PMO_HEAD, organization_node())
    fresh = dashboard(paula, home, AS_OF)
    project = Project.objects.get(code="P1")
    computed_at = project.health.get(as_of=AS_OF).computed_at
    Project.objects.filter(pk=project.pk).update(updated_at=computed_at + timedelta(milliseconds=1))

    stale = dashboard(paula, home, AS_OF)
    panel = project_health(paula, project, AS_OF)
    past = dashboard(paula, home, AS_OF - timedelta(days=31))

    assert (fresh.is_stale, stale.is_stale, stale.changed_count) == (False, True, 1)
    assert panel.is_stale is True
    assert (past.is_past, past.is_stale) == (True, False)


def test_past_date_turns_the_whole_page(home: Portfolio) -> None:
    """The figures of a date are the newest up to it; before the first roll-up there are none."""
    paula = person(Role.PMO_HEAD, organization_node())

    before = dashboard(paula, home, date(2025, 1, 1))
    close = dashboard(paula, home, AS_OF - timedelta(days=1))

    assert before.has_figures is False
    assert close.figures_as_of == AS_OF - timedelta(days=31)
    assert available_dates(home) == [(AS_OF, "DAILY"), (AS_OF - timedelta(days=31), "PERIOD_CLOSE")]


def test_project_entered_after_a_close_joins_everywhere(home: Portfolio, drain: Drain) -> None:
    """HLT-5, HLT-8: dashboard, list and comparison hold the projects a period was closed with."""
    head, close = person(Role.PMO_HEAD, organization_node()), AS_OF - timedelta(days=31)
    plan(make_project("LATE", home))
    for day in (close - timedelta(days=9), AS_OF):
        rollups.start_rollup(actor=None, as_of=day)
        drain()

    board, compared = dashboard(head, home, AS_OF), compare(head, home, close, AS_OF)
    listed = project_list(head, ProjectFilters(portfolio=home, colors=tuple(Rag)), as_of=close)
    earlier = compare(head, home, close - timedelta(days=9), AS_OF)

    assert board.changes is not None
    assert compared is not None
    assert earlier is not None
    assert [ref.code for ref in board.changes.joined] == list(compared.result.joined) == ["LATE"]
    assert dashboard(head, home, close).projects_total == compared.before.projects_total == listed.total == 3
    assert "LATE" not in earlier.result.joined


def test_list_filters_and_sorts(home: Portfolio) -> None:
    """Each figure opens its list: filters by health and order by any column."""
    paula = person(Role.PMO_HEAD, organization_node())

    def codes(sort: str = "code", **filters: Any) -> list[str]:
        found = project_list(paula, ProjectFilters(**filters), as_of=AS_OF, sort=sort)
        return [row.code for row in found.rows]

    assert codes("-budget") == [f"{SECRET}-3", "P2", "P1"]
    assert codes("unknown") == codes("color")
    assert codes(text="p2") == ["P2"]
    assert codes(exception="E12") == []
    assert codes(portfolio=home) == ["P1", "P2", f"{SECRET}-3"]
    assert set(codes(colors=("GREEN", "AMBER", "RED", "GREY"))) == {"P1", "P2", f"{SECRET}-3"}


def test_explanation_is_enough_to_follow(home: Portfolio) -> None:
    """11.2 step 8: headline, dimensions, indicators with limits and distance."""
    paula = person(Role.PMO_HEAD, organization_node())

    panel = project_health(paula, Project.objects.get(code="P1"), AS_OF)

    cost = next(item for item in panel.dimensions if item.health.code == "COST")
    assert panel.headline.step.rule == "11.2.6"
    assert [line.result.code for line in cost.indicators] == ["HC1", "HC2", "HC3"]
    assert cost.indicators[1].result.green_limit is not None
    assert [point.as_of for point in panel.history] == [AS_OF - timedelta(days=31)]


def test_queries_do_not_grow_with_projects(drain: Drain) -> None:
    """SEC-58b: the same literal number at 1 and at 3 projects."""
    home = make_portfolio()
    plan(make_project("P1", home))
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    paula, patricia = person(Role.PMO_HEAD, organization_node()), user()
    grant(patricia, Role.PROJECT_MANAGER, Project.objects.get(code="P1").node)
    place = Portfolio.objects.select_related("node").get(pk=home.pk)

    def all_counts() -> list[int]:
        project = Project.objects.get(code="P1")
        return [
            count(lambda: dashboard(paula, place, AS_OF)),
            count(lambda: dashboard(patricia, place, AS_OF)),
            count(lambda: project_list(paula, ProjectFilters(), as_of=AS_OF)),
            count(lambda: project_health(paula, project, AS_OF)),
            count(lambda: compare(paula, place, AS_OF, AS_OF)),
        ]

    at_one = all_counts()
    for number in (2, 3):
        project = make_project(f"P{number}", home)
        plan(project)
        grant(patricia, Role.PROJECT_MANAGER, project.node)
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    assert Project.objects.filter(health__as_of=AS_OF).count() == 3
    assert Project.objects.filter(updated_at__gt=F("health__computed_at")).count() == 0
    assert at_one == all_counts() == [14, 24, 7, 5, 8]
