"""Pages of project templates."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import Portfolio, TemplateVersion
from portfolio.services.project_templates import load_shipped_templates, propose_version, publish_version
from portfolio.services.structure import create_portfolio
from portfolio.services.template_projects import Order, create_from_template
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
USE = "/standards/templates/SG-T2-SERVICE/1.0.1/use/"


@pytest.fixture
def version() -> TemplateVersion:
    """The starter template."""
    (loaded,) = load_shipped_templates(actor=None, now=NOW)
    return loaded


@pytest.fixture
def home() -> Portfolio:
    """Where the projects go."""
    return create_portfolio(actor=None, code="SERVICES", name="Services")


@pytest.fixture
def paula(client: Client) -> User:
    """The PMO, signed in."""
    person = user("Paula")
    grant(person, Role.PMO_HEAD, organization_node())
    client.force_login(person)
    return person


def order(**changes: Any) -> dict[str, Any]:
    """Return what the form of a new project sends."""
    return {
        "name": "Permits",
        "home": "portfolio:SERVICES",
        "start": "2026-09-01",
        "total": "400000",
        "currency": "EUR",
        "report_cycle": "MONTHLY",
        "duration_factor": "1",
        "request_key": "k1",
        **changes,
    }


def test_list_of_an_empty_portal_says_how_to_begin(client: Client, paula: User) -> None:
    """An empty page offers the first step."""
    assert "load_templates" in words(client.get("/standards/templates/"))


def test_version_shows_plan_budget_and_risks(
    client: Client, paula: User, version: TemplateVersion, django_assert_max_num_queries: Any
) -> None:
    """Everything a planner wants to know before using it."""
    with django_assert_max_num_queries(30):
        shown = words(client.get("/standards/templates/SG-T2-SERVICE/1.0.1/"))

    assert "20 tasks, 5 milestones, 30 links" in shown
    assert "Data preparation 15 Data engineer G3 Weighted milestones" in shown
    assert "No project was made from it yet." in shown


def test_dates_are_shown_before_anything_is_stored(
    client: Client, paula: User, version: TemplateVersion, home: Portfolio
) -> None:
    """EX-STD-4: the milestones of the trial; the form keeps what was typed."""
    response = client.post(USE, order(**{"try": "1"}))

    shown = words(response)
    assert (response.status_code, Project.objects.count()) == (200, 0)
    assert "Case approved 29 Sep 2026" in shown
    assert "Closed 12 Apr 2027" in shown


def test_project_is_made_once_for_two_clicks(
    client: Client, paula: User, version: TemplateVersion, home: Portfolio
) -> None:
    """STD-10: the second click opens the project the first one made; its description is its own."""
    given = order(description="Permits without paper.")
    first, second = client.post(USE, given), client.post(USE, given)

    assert first["Location"] == second["Location"] == "/portfolio/projects/PRJ-0001/start/"
    assert [project.description for project in Project.objects.all()] == ["Permits without paper."]


def test_refusals_stand_on_their_fields(
    client: Client, paula: User, version: TemplateVersion, home: Portfolio
) -> None:
    """Bad input keeps what was typed and stores nothing."""
    response = client.post(USE, order(total="", duration_factor="0.01"))
    missing = client.post(USE, order(total=""))

    assert (response.status_code, missing.status_code, Project.objects.count()) == (422, 422, 0)
    assert list(response.context["form"].errors) == ["duration_factor"]
    assert list(missing.context["form"].errors) == ["total"]


def test_project_becomes_the_next_version(
    client: Client, paula: User, version: TemplateVersion, home: Portfolio
) -> None:
    """From the plan to a draft, to its publication."""
    made = create_from_template(
        actor=None,
        version=version,
        order=Order(name="Permits", start=date(2026, 9, 1), portfolio=home, total=Decimal(100)),
        today=date(2026, 8, 3),
    )
    address = f"/portfolio/projects/{made.code}/template/new/"

    page = words(client.get(address))
    kept = client.post(
        address, {"code": "SG-T2-SERVICE", "name": "Permit service", "with_money": "on", "changelog": "Name."}
    )
    published = client.post("/standards/templates/SG-T2-SERVICE/1.1.0/publish/", follow=True)

    assert "31 rows and 30 links come along" in page
    assert kept["Location"] == "/standards/templates/SG-T2-SERVICE/1.1.0/"
    assert "version 1.1.0 · Published" in words(published)
    assert client.get("/standards/templates/SG-T2-SERVICE/")["Location"] == kept["Location"]
    assert "The plan is as the template has it." in words(
        client.get(f"/portfolio/projects/{made.code}/template/")
    )


def test_draft_is_hidden_from_readers(client: Client, version: TemplateVersion, home: Portfolio) -> None:
    """SEC-10: a draft does not exist for those who only read."""
    bob = user("Bob")
    grant(bob, Role.EXECUTIVE, organization_node())
    client.force_login(bob)
    TemplateVersion.objects.create(
        template=version.template, version="1.1.0", rank=1_000_001_000_000, document=version.document
    )

    assert client.get("/standards/templates/SG-T2-SERVICE/1.1.0/").status_code == 404
    assert "1.1.0" not in words(client.get("/standards/templates/SG-T2-SERVICE/1.0.1/"))


def test_superseded_version_leads_to_the_newest(
    client: Client, paula: User, version: TemplateVersion, home: Portfolio
) -> None:
    """An old link says so at once, instead of when everything is typed."""
    draft = propose_version(actor=paula, code="SG-T2-SERVICE", content=version.content)
    unready = client.get(USE.replace("1.0.1", draft.version))
    publish_version(actor=paula, version=draft, now=NOW)

    answers = [client.get(USE), client.post(USE, order())]

    assert "Version 1.0.1 is superseded" not in words(unready)
    assert "New project from 1.0.1" in words(unready)
    assert [each.status_code for each in answers] == [200, 422]
    assert all("Version 1.0.1 is superseded" in words(each) for each in answers)
    assert all(USE.replace("1.0.1", draft.version) in each.content.decode() for each in answers)
    assert not Project.objects.exists()
