"""Pages and API to move a project and to hide it (ORG-2, ORG-9, HLT-8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from portfolio.models import Portfolio, PortfolioComponent, ProjectHealth
from portfolio.selectors.comparisons import compare
from portfolio.services.rollups import start_rollup
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.worlds import make_portfolio, make_program, make_project, plan

pytestmark = pytest.mark.django_db
REASON = "Reorganized in spring"


def world() -> tuple[Project, Portfolio, Portfolio, User]:
    """A project in CORE, a second portfolio, and Max who manages both."""
    core, other = make_portfolio(), make_portfolio("OTHER", currency="USD")
    project = make_project("P1", core)
    plan(project)
    max_ = user("Max")
    for home in (core, other):
        grant(max_, Role.PORTFOLIO_MANAGER, home.node)
    return project, core, other, max_


def test_move_says_before_what_changes(client: Client) -> None:
    """Who gains and who loses sight is counted and named; nothing is written by looking."""
    _project, core, other, max_ = world()
    grant(user("Laura"), Role.EXECUTIVE, core.node)
    grant(user("Gina"), Role.EXECUTIVE, other.node)
    client.force_login(max_)

    page = words(client.get("/portfolio/projects/P1/move/?home=portfolio:OTHER"))

    assert ("1 person loses sight of it: Laura" in page, "1 person comes to see it: Gina" in page) == (
        True,
        True,
    )
    assert "roll up in Portfolio OTHER (USD)" in page
    assert not AuditEntry.objects.filter(action="project.moved").exists()


def test_moved_project_counts_in_its_new_home(client: Client, drain: Callable[[], int]) -> None:
    """ORG-2, HLT-8: the component follows at once; a comparison across the day shows it as moved."""
    project, core, other, max_ = world()
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    start_rollup(actor=None, as_of=yesterday)
    drain()
    program = make_program("PRG", other)
    client.force_login(max_)

    response = client.post(
        "/portfolio/projects/P1/move/", {"home": "program:PRG", "reason": REASON, "version": project.version}
    )

    component = PortfolioComponent.objects.get()
    assert (response.status_code, component.portfolio, component.program) == (302, other, program)
    drain()
    homes = ProjectHealth.objects.order_by("as_of").values_list("as_of", "portfolio__code")
    assert list(homes) == [(yesterday, "CORE"), (today, "OTHER")]
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    pages = [compare(paula, scope, yesterday, today) for scope in (None, core, other)]
    moves = [[(move.key, page.places[move.after]) for move in page.result.moved] for page in pages if page]
    assert moves == [[("P1", "Program PRG")]] * 3


def test_stale_move_is_refused(client: Client) -> None:
    """XC-1."""
    _project, core, _other, max_ = world()
    client.force_login(max_)

    response = client.post(
        "/portfolio/projects/P1/move/", {"home": "portfolio:OTHER", "reason": REASON, "version": 9}
    )

    assert response.status_code == 422
    assert PortfolioComponent.objects.get().portfolio == core


def test_home_out_of_reach_is_no_choice(client: Client) -> None:
    """SEC-11: a portfolio where the person may not create projects is refused."""
    project, core, _other, _max = world()
    make_portfolio("SECRET")
    anna = user("Anna")
    grant(anna, Role.PORTFOLIO_MANAGER, core.node)
    client.force_login(anna)

    looked = client.get("/portfolio/projects/P1/move/?home=portfolio:SECRET")
    response = client.post(
        "/portfolio/projects/P1/move/",
        {"home": "portfolio:SECRET", "reason": REASON, "version": project.version},
    )

    assert (looked.status_code, response.status_code) == (200, 422)
    assert b"Portfolio SECRET" not in looked.content
    assert PortfolioComponent.objects.get().portfolio == core
    assert not AuditEntry.objects.filter(action="project.moved").exists()


def test_project_manager_does_not_move(client: Client) -> None:
    """SEC-10: editing a project is not deciding where its money counts."""
    project, _core, _other, _max = world()
    alice = user("Alice")
    grant(alice, Role.PROJECT_MANAGER, project.node)
    client.force_login(alice)

    assert client.get("/portfolio/projects/P1/move/").status_code == 403
    assert client.post("/portfolio/projects/P1/secrecy/", {"reason": REASON}).status_code == 403
    assert "Move to another" not in words(client.get("/projects/P1/"))


def test_hiding_offers_to_stay_in_sight(client: Client) -> None:
    """No one locks themselves out: without the role the form is refused on its field."""
    project, _core, _other, max_ = world()
    client.force_login(max_)
    body: dict[str, Any] = {"reason": REASON, "version": project.version}

    refused = client.post("/portfolio/projects/P1/secrecy/", body)
    done = client.post("/portfolio/projects/P1/secrecy/", {**body, "stays_in_sight": "on"})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["stays_in_sight"])
    assert done.status_code == 302
    assert client.get("/projects/P1/").status_code == 200
    assert Project.objects.select_related("node").get().node.is_confidential


def test_api_moves_and_hides_with_a_version() -> None:
    """SEC-29, ORG-2."""
    project, _core, other, _max = world()
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    client = client_of(paula)
    body = {"parent": other.node.pk, "reason": REASON}

    missing = client.post("/api/v1/projects/P1/move/", body, format="json")
    stale = client.post("/api/v1/projects/P1/move/", body, format="json", headers={"If-Match": '"9"'})
    moved = client.post(
        "/api/v1/projects/P1/move/", body, format="json", headers={"If-Match": f'"{project.version}"'}
    )
    hidden = client.post(
        "/api/v1/projects/P1/secrecy/",
        {"is_confidential": True, "reason": REASON},
        format="json",
        headers={"If-Match": moved["ETag"]},
    )

    assert [each.status_code for each in (missing, stale, moved, hidden)] == [428, 412, 200, 200]
    assert (moved.data["home"], hidden.data["is_confidential"]) == ("Portfolio OTHER", True)
    assert PortfolioComponent.objects.get().portfolio == other
