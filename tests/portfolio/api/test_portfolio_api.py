"""The portfolio API: shapes, rights, refusals, query counts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from portfolio.models import Portfolio, RollupRun
from portfolio.services import rollups
from portfolio.services.policies import ensure_organization_policy
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.worlds import AS_OF, make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def home(drain: Drain) -> Portfolio:
    made = make_portfolio()
    plan(make_project("P1", made))
    plan(make_project("ZEPHYR", made, is_confidential=True))
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    return made


def client_of(who: User | None) -> APIClient:
    client = APIClient()
    if who is not None:
        client.force_authenticate(who)
    return client


def person(role: str, node: Any) -> User:
    made = user()
    grant(made, role, node)
    return made


def test_health_of_a_portfolio(home: Portfolio) -> None:
    """SEC-13, SEC-47: exactly what the person may see; money as text."""
    patricia = person(Role.PORTFOLIO_MANAGER, home.node)

    answer = client_of(patricia).get(f"/api/v1/portfolios/CORE/health/?as_of={AS_OF}")

    assert answer.status_code == 200
    assert (answer.data["projects_total"], answer.data["budget"]) == (1, "1000.00")
    assert b"ZEPHYR" not in answer.content


def test_project_health_filters_and_explains(home: Portfolio) -> None:
    paula = person(Role.PMO_HEAD, organization_node())
    client = client_of(paula)

    rows = client.get(f"/api/v1/project-health/?as_of={AS_OF}&project=P1").data["results"]
    detail = client.get(f"/api/v1/project-health/P1/?as_of={AS_OF}").data
    early = client.get("/api/v1/project-health/P1/?as_of=2020-01-01")

    assert [row["project"] for row in rows] == ["P1"]
    assert (rows[0]["budget"], "explanation" in rows[0]) == ("1000.00", False)
    assert detail["explanation"]["explanation"][0]["rule"] == "11.2.6"
    assert early.status_code == 204


def test_member_gets_no_money(home: Portfolio) -> None:
    bob = person(Role.TEAM_MEMBER, Project.objects.get(code="P1").node)

    row = client_of(bob).get(f"/api/v1/project-health/P1/?as_of={AS_OF}").data

    assert (row["budget"], row["actual"], row["color"]) == (None, None, "GREY")


@pytest.mark.parametrize(
    "path",
    ["portfolios/CORE/", "portfolios/CORE/health/", "portfolios/CORE/compare/", "project-health/P1/"],
)
def test_outsider_cannot_tell_that_it_exists(home: Portfolio, path: str) -> None:
    """SEC-9, SEC-10: 404 as for something that is not there; 401 without a sign-in."""
    charlie = client_of(user("Charlie"))

    foreign = charlie.get(f"/api/v1/{path}")
    missing = charlie.get(f"/api/v1/{path.replace('CORE', 'NONE').replace('P1', 'NONE')}")

    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert client_of(None).get(f"/api/v1/{path}").status_code == 401


def test_rollup_is_ordered_by_the_pmo_only(home: Portfolio, drain: Drain) -> None:
    """Matrix row 14: 202 for the PMO; 403 for others, and nothing is ordered."""
    paula, patricia = person(Role.PMO_HEAD, organization_node()), person(Role.PORTFOLIO_MANAGER, home.node)

    refused = client_of(patricia).post("/api/v1/rollups/", {"as_of": "2026-04-01"})
    runs = RollupRun.objects.count()
    made = client_of(paula).post("/api/v1/rollups/", {"as_of": "2026-04-01"})
    drain()
    seen = client_of(patricia).get(f"/api/v1/rollups/{made.data['id']}/")

    assert (refused.status_code, runs, made.status_code) == (403, 1, 202)
    assert seen.data["state"] == "COMPLETE"


def test_portfolio_is_changed_with_its_version(home: Portfolio) -> None:
    """SEC-29: 428 without If-Match, 412 when stale; the right version saves."""
    client = client_of(person(Role.PMO_HEAD, organization_node()))
    url = "/api/v1/portfolios/CORE/"

    without = client.patch(url, {"name": "X"})
    stale = client.patch(url, {"name": "X"}, headers={"If-Match": '"7"'})
    saved = client.patch(url, {"name": "New name"}, headers={"If-Match": '"1"'})

    assert (without.status_code, stale.status_code, saved.status_code) == (428, 412, 200)
    assert (saved.data["name"], saved.headers["ETag"]) == ("New name", '"2"')


def test_portfolio_is_created_where_the_person_may(home: Portfolio) -> None:
    """SEC-11: no portfolio below one the person does not manage; nothing changed, nothing audited."""
    patricia = client_of(person(Role.PORTFOLIO_MANAGER, home.node))
    make_portfolio("OTHER")
    audited = AuditEntry.objects.count()

    foreign = patricia.post("/api/v1/portfolios/", {"code": "NEW", "name": "New", "parent": "OTHER"})
    root = patricia.post("/api/v1/portfolios/", {"code": "NEW", "name": "New"})
    refused = AuditEntry.objects.count()
    own = patricia.post("/api/v1/portfolios/", {"code": "NEW", "name": "New", "parent": "CORE"})
    program = patricia.post("/api/v1/programs/", {"code": "PROG", "name": "Program", "portfolio": "CORE"})

    assert [answer.status_code for answer in (foreign, root, own, program)] == [400, 403, 201, 201]
    assert refused == audited
    assert Portfolio.objects.get(code="NEW").parent == home


def test_program_moves_with_its_projects_to_a_portfolio_one_manages(home: Portfolio) -> None:
    """SEC-11, SEC-29: not blindly, and not into a portfolio of somebody else."""
    patricia = client_of(person(Role.PORTFOLIO_MANAGER, home.node))
    make_portfolio("OTHER")
    make_portfolio("SUB", parent=home)
    patricia.post("/api/v1/programs/", {"code": "PROG", "name": "Program", "portfolio": "CORE"})
    url, seen = "/api/v1/programs/PROG/", {"If-Match": '"1"'}

    blind = patricia.patch(url, {"name": "X"})
    foreign = patricia.patch(url, {"portfolio": "OTHER"}, headers=seen)
    saved = patricia.patch(url, {"portfolio": "SUB", "name": "New"}, headers=seen)

    assert [answer.status_code for answer in (blind, foreign, saved)] == [428, 400, 200]
    assert list(foreign.data["error"]["fields"]) == ["portfolio"]
    assert (saved.data["name"], saved.data["portfolio"], saved["ETag"]) == ("New", "SUB", '"2"')


def test_policy_is_published_whole_and_checked() -> None:
    """Weights that do not sum to 100 are refused; the next version has its reason."""
    head = client_of(person(Role.PMO_HEAD, organization_node()))
    document = ensure_organization_policy().document
    body = {"document": document, "reason": "Stricter on cost", "effective_from": "2026-12-01"}
    schedule, *others = document["dimensions"]
    heavy = {**document, "dimensions": [{**schedule, "weight": "99"}, *others]}

    faulty = head.post("/api/v1/policies/", {**body, "document": heavy}, format="json")
    silent = head.post("/api/v1/policies/", {**body, "reason": "No"}, format="json")
    made = head.post("/api/v1/policies/", body, format="json")

    assert (faulty.status_code, faulty.data["error"]["code"]) == (400, "POLICY_FAULTY")
    assert (silent.status_code, list(silent.data["error"]["fields"])) == (400, ["reason"])
    assert (made.status_code, made.data["version"], made.data["reason"]) == (201, 2, "Stricter on cost")


def test_comparison_and_policies_are_read(home: Portfolio) -> None:
    patricia = client_of(person(Role.PORTFOLIO_MANAGER, home.node))

    pair = patricia.get(f"/api/v1/portfolios/CORE/compare/?date_a=2026-01-01&date_b={AS_OF}")
    wrong = patricia.get("/api/v1/portfolios/CORE/compare/?date_a=x")
    policies = patricia.get("/api/v1/policies/")

    assert pair.data["result"]["joined"] == ["P1"]
    assert (wrong.status_code, set(wrong.data["error"]["fields"])) == (400, {"date_a", "date_b"})
    assert [row["version"] for row in policies.data["results"]] == [1]


def test_lists_have_a_fixed_number_of_queries(home: Portfolio, drain: Drain) -> None:
    """SEC-58b: 1 and 3 items under the same literal number."""
    client = client_of(person(Role.PORTFOLIO_MANAGER, home.node))
    paths = ["portfolios/", "programs/", f"project-health/?as_of={AS_OF}", "rollups/", "policies/"]

    def counts() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/api/v1/{path}").status_code == 200
            found.append(len(captured))
        return found

    at_one = counts()
    for number in (2, 3):
        plan(make_project(f"P{number}", home))
        make_portfolio(f"SUB{number}", parent=home)
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    assert at_one == counts() == [2, 1, 3, 3, 3]
