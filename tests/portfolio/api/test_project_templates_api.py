"""Project templates over the API."""

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import TemplateVersion
from portfolio.services.project_templates import load_shipped_templates
from portfolio.services.structure import create_portfolio
from projects.models import Project
from tests.factories import grant, user

pytestmark = pytest.mark.django_db

TEMPLATES = "/api/v1/project-templates/"


@pytest.fixture
def version() -> TemplateVersion:
    """The starter template."""
    (loaded,) = load_shipped_templates(actor=None, now=datetime(2026, 8, 3, tzinfo=UTC))
    return loaded


@pytest.fixture
def api() -> APIClient:
    """The PMO."""
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    client = APIClient()
    client.force_authenticate(paula)
    return client


def order(**changes: Any) -> dict[str, Any]:
    """Return what a new project needs."""
    return {"name": "Permits", "portfolio": "SERVICES", "start": "2026-09-01", "total": "1000", **changes}


def test_list_counts_the_parts(api: APIClient, version: TemplateVersion) -> None:
    """One row a version, with its counts."""
    (row,) = api.get(TEMPLATES).json()["results"]

    assert (row["template"], row["state"], row["counts"]) == (
        "SG-T2-SERVICE",
        "PUBLISHED",
        {"rows": 31, "links": 30, "roles": 11, "lines": 9, "risks": 6},
    )
    assert api.get(f"{TEMPLATES}{row['id']}/").json()["document"]["tier"] == "T2"


def test_trial_and_project_have_the_same_dates(api: APIClient, version: TemplateVersion) -> None:
    """EX-STD-4, STD-8, STD-11: what was tried is what is made; a fresh project has no drift."""
    create_portfolio(actor=None, code="SERVICES", name="Services")

    trial = api.post(f"{TEMPLATES}{version.pk}/projects/", order(is_trial=True), format="json")
    made = api.post(f"{TEMPLATES}{version.pk}/projects/", order(description="Paperless."), format="json")

    days = [(row["key"], row["day"]) for row in made.json()["milestones"]]
    assert (trial.status_code, made.status_code) == (200, 201)
    assert [project.description for project in Project.objects.all()] == ["Paperless."]
    assert (trial.json()["code"], trial.json()["milestones"]) == (None, made.json()["milestones"])
    assert days == [
        ("G1", "2026-09-29"),
        ("G2", "2026-11-04"),
        ("G3", "2026-12-09"),
        ("G4", "2027-03-10"),
        ("G5", "2027-04-12"),
    ]
    drift = api.get(f"/api/v1/projects/{made.json()['code']}/template/").json()
    assert (drift["version"], drift["kept"], drift["added"]) == ("1.0.1", 31, [])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"portfolio": "NONE"}, "portfolio"),
        ({"manager": "nobody@example.org"}, "manager"),
        ({"total": "-1"}, "total"),
        ({"duration_factor": "0"}, "duration_factor"),
    ],
)
def test_bad_order_is_refused_on_its_field(
    api: APIClient, version: TemplateVersion, change: dict[str, Any], field: str
) -> None:
    """Nothing is made."""
    create_portfolio(actor=None, code="SERVICES", name="Services")

    response = api.post(f"{TEMPLATES}{version.pk}/projects/", order(**change), format="json")

    assert (response.status_code, Project.objects.count()) == (400, 0)
    assert field in str(response.json())


def test_plan_is_proposed_and_published(api: APIClient, version: TemplateVersion) -> None:
    """A plan becomes the first version of a new template."""
    create_portfolio(actor=None, code="SERVICES", name="Services")
    code = api.post(f"{TEMPLATES}{version.pk}/projects/", order(), format="json").json()["code"]

    draft = api.post(f"/api/v1/projects/{code}/template/", {"template": "MINE"}, format="json").json()
    head = {"edition": draft["edition"], "name": {"en": "Mine", "de": "Meine"}, "tier": "T1"}
    named = api.post(f"{TEMPLATES}{draft['id']}/texts/", head, format="json").json()
    stale = api.post(f"{TEMPLATES}{draft['id']}/texts/", head, format="json").status_code
    published = api.post(f"{TEMPLATES}{draft['id']}/publish/").json()
    late = {**head, "edition": named["edition"]}

    assert (draft["version"], draft["state"], published["state"]) == ("1.0.0", "DRAFT", "PUBLISHED")
    assert (named["name"], named["tier"], stale) == ({"en": "Mine", "de": "Meine"}, "T1", 409)
    assert len(named["document"]["rows"]) == draft["counts"]["rows"]
    assert api.post(f"{TEMPLATES}{draft['id']}/texts/", late, format="json").status_code == 409
