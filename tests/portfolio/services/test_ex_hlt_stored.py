"""EX-HLT through the database: judged, kept, added up and read back."""

from datetime import date

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import GroupHealth, Portfolio, ProjectHealth
from portfolio.selectors.comparisons import compare
from portfolio.selectors.dashboards import dashboard
from portfolio.services.rollups import refresh_groups
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.rollup.examples import five
from tests.portfolio.worlds import AS_OF, keep_close, keep_facts, make_portfolio, make_project

FORMER = date(2026, 2, 28)
pytestmark = pytest.mark.django_db


@pytest.fixture
def five_projects() -> list[Project]:
    home = make_portfolio()
    made = []
    for facts in five():
        project = make_project(facts.key, home)
        made.append(project)
    weights = [2000, 1200, 800, 400, 600]
    for project, score, weight in zip(made, [100, 100, 50, None, 97.5], weights, strict=True):
        if score is not None:
            keep_close(project, score, as_of=FORMER, weight=weight, color="GREEN" if score > 90 else "AMBER")
    for project, facts in zip(made, five(), strict=True):
        keep_facts(project, facts)
    refresh_groups(as_of=AS_OF)
    return made


def test_projects_have_the_golden_values(five_projects: list[Project]) -> None:
    """EX-HLT: H, color, coverage and trend of the five projects."""
    rows = ProjectHealth.objects.filter(as_of=AS_OF).order_by("project__code")

    found = [(row.project.code, row.color, round(row.score, 1), row.coverage, row.trend) for row in rows]

    assert found == [
        ("P1", "GREEN", 100.0, 100.0, "STABLE"),
        ("P2", "AMBER", 80.0, 100.0, "DECLINING"),
        ("P3", "RED", 12.5, 100.0, "DECLINING"),
        ("P4", "AMBER", 91.7, 60.0, "NEW"),
        ("P5", "AMBER", 85.0, 100.0, "DECLINING"),
    ]


def test_exceptions_are_kept(five_projects: list[Project]) -> None:
    """EX-HLT: P3 is newly red and optimistic, P4 is stale with low data quality."""
    rows = ProjectHealth.objects.filter(as_of=AS_OF, project__code__in=["P3", "P4"]).order_by("project__code")

    codes = [{item["code"] for item in row.exceptions} for row in rows]

    assert codes[0] >= {"E1", "E4"}
    assert codes[1] >= {"E3", "E8"}
    assert round(rows[1].data_quality, 1) == 44.4


def test_portfolio_has_the_golden_values(five_projects: list[Project]) -> None:
    """EX-HLT, HLT-1, HLT-2: H_P 78.7, AMBER, shares 40/44/16, worst child RED."""
    row = GroupHealth.objects.get(scope="PORTFOLIO", audience="FULL", as_of=AS_OF)
    outcome = row.document["health"]["outcome"]

    shares = [outcome[name] for name in ("green_share", "amber_share", "red_share")]

    assert (row.color, round(row.score, 1), row.projects_total) == ("AMBER", 78.7, 5)
    assert shares == ["40", "44", "16"]
    assert row.document["health"]["worst_child"] == "P3"


def test_flagship_turns_the_portfolio_red(five_projects: list[Project]) -> None:
    """EX-HLT: if P3 is flagship, RED; a changed input raises the revision (HLT-5)."""
    Project.objects.filter(code="P3").update(is_flagship=True)
    keep_facts(Project.objects.get(code="P3"), five()[2])

    refresh_groups(as_of=AS_OF)

    row = GroupHealth.objects.get(scope="PORTFOLIO", audience="FULL", as_of=AS_OF)
    assert (row.color, row.revision) == ("RED", 2)
    assert row.document["health"]["rule"]["code"] == "FLAGSHIP_RED"


def test_comparison_has_the_golden_values(five_projects: list[Project]) -> None:
    """EX-HLT, HLT-8: like-for-like −13.4, total −12.2, mix +1.1, movers P3, P2, P5, P4 joined."""
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    home = Portfolio.objects.select_related("node").get(code="CORE")

    page = compare(paula, home, AS_OF, FORMER)

    score = page.result.score
    assert [round(float(value), 1) for value in (score.like_for_like, score.total, score.mix)] == [
        -13.4,
        -12.2,
        1.1,
    ]
    assert [(mover.key, float(mover.change)) for mover in page.result.movers] == [
        ("P3", -37.5),
        ("P2", -20.0),
        ("P5", -12.5),
    ]
    assert page.result.joined == ("P4",)
    assert (page.before.as_of, page.after.as_of) == (FORMER, AS_OF)


def test_dashboard_tells_the_same(five_projects: list[Project]) -> None:
    """EX-HLT, HLT-7: the page shows the stored figures, the trend and what changed since the close."""
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    home = Portfolio.objects.select_related("node").get(code="CORE")

    page = dashboard(paula, home, AS_OF)

    assert (page.color, round(page.score, 1), page.trend, round(page.score_change, 1)) == (
        "AMBER",
        78.7,
        "DECLINING",
        -12.2,
    )
    assert {row.color: row.count for row in page.distribution} == {
        "RED": 1,
        "AMBER": 3,
        "GREEN": 1,
        "GREY": 0,
        "BLUE": 0,
    }
    assert [ref.code for ref in page.changes.newly_red] == ["P3"]
    assert [ref.code for ref in page.changes.joined] == ["P4"]
    assert page.worst_child.code == "P3"
    assert page.audience == "FULL"


def test_same_facts_write_nothing(five_projects: list[Project]) -> None:
    """HLT-5, SEC-37: same scope, date and inputs: no new row, no new revision."""
    before = list(ProjectHealth.objects.order_by("pk").values_list("pk", "revision", "input_hash"))
    groups = list(GroupHealth.objects.order_by("pk").values_list("pk", "revision", "input_hash"))

    counts = [keep_facts(project, facts) for project, facts in zip(five_projects, five(), strict=True)]
    written = refresh_groups(as_of=AS_OF)

    assert [(count.created, count.changed, count.unchanged) for count in counts] == [(0, 0, 1)] * 5
    assert written == 0
    assert list(ProjectHealth.objects.order_by("pk").values_list("pk", "revision", "input_hash")) == before
    assert list(GroupHealth.objects.order_by("pk").values_list("pk", "revision", "input_hash")) == groups
