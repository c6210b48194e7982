"""The import of a table over the API: the same services, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from portfolio.models import Portfolio, PortfolioImport
from portfolio.services.structure import create_portfolio
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/imports/portfolios/"
TABLE = b"Name;Status;End;Cost\nBridge;Amber;2027-12-31;10\n"
MAPPING = {"columns": {"name": ["Name"], "finish": ["End"], "confidence": ["Status"], "budget": ["Cost"]}}


@pytest.fixture
def roads(settings: Any, tmp_path: Any) -> Portfolio:
    """Return an empty portfolio; files go to a temporary place."""
    settings.MEDIA_ROOT = tmp_path
    return create_portfolio(actor=None, code="roads", name="Roads")


def client_of(role: str, portfolio: Portfolio) -> APIClient:
    """Return a client signed in with a role on the portfolio."""
    person = factories.user()
    factories.grant(person, role, portfolio.node)
    client = APIClient()
    client.force_authenticate(person)
    return client


def upload(client: APIClient, portfolio: str = "roads") -> Any:
    """Send a table."""
    body = {"file": SimpleUploadedFile("roads.csv", TABLE), "portfolio": portfolio}
    return client.post(ADDRESS, body, format="multipart")


def test_upload_map_confirm(roads: Portfolio, drain: Callable[[], int]) -> None:
    """Each step answers 202 with where the import stands."""
    client = client_of(Role.PMO_ANALYST, roads)
    started = upload(client)
    drain()
    own = f"{ADDRESS}{started.data['id']}/"

    mapped = client.post(f"{own}mapping/", {"mapping": MAPPING, "as_of": "2026-03-31"})
    drain()
    plan = client.get(own).data["preview"]["plan"]
    confirmed = client.post(f"{own}confirm/")
    drain()

    assert [started.status_code, mapped.status_code, confirmed.status_code] == [202, 202, 202]
    assert plan["counts"] == {"CREATE": 1, "UPDATE": 0, "LATER_KNOWN": 0, "REFUSED": 0}
    assert client.get(own).data["state"] == "IMPORTED"
    assert Project.objects.get().name == "Bridge"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "uk-gmpp", "mapping": MAPPING}, "name"),
        ({"mapping": {"columns": {"budget": ["Cost"]}}}, "mapping"),
        ({"mapping": {"columns": 5}}, "mapping"),
        ({"mapping": {**MAPPING, "money_unit": "x"}}, "mapping"),
        ({"name": "unknown"}, "mapping"),
        ({"mapping": MAPPING, "as_of": "soon"}, "as_of"),
        ({"mapping": MAPPING, "same_projects": {"x": "y"}}, "same_projects"),
    ],
)
def test_bad_mapping_is_refused(
    roads: Portfolio, drain: Callable[[], int], body: dict[str, Any], field: str
) -> None:
    """400 on the field, nothing saved (SEC-18)."""
    client = client_of(Role.PMO_ANALYST, roads)
    pk = upload(client).data["id"]
    drain()

    answer = client.post(f"{ADDRESS}{pk}/mapping/", body)

    assert answer.status_code == 400
    assert field in answer.data["error"]["fields"]
    assert PortfolioImport.objects.get().mapping is None


def test_import_of_somebody_else_does_not_exist(roads: Portfolio) -> None:
    """404 for every act, as for an import that is not there (SEC-9, SEC-10)."""
    pk = upload(client_of(Role.PMO_ANALYST, roads)).data["id"]
    other = client_of(Role.PMO_HEAD, roads)

    codes = [other.get(f"{ADDRESS}{pk}/").status_code]
    codes += [other.post(f"{ADDRESS}{pk}/{act}/").status_code for act in ("mapping", "confirm", "discard")]

    assert codes == [404] * 4
    assert other.get(ADDRESS).data["results"] == []


def test_role_without_the_right_is_refused(roads: Portfolio) -> None:
    """Matrix row 17."""
    client = client_of(Role.PROJECT_MANAGER, roads)

    assert (client.get(ADDRESS).status_code, upload(client).status_code) == (403, 403)


def test_foreign_portfolio_is_refused_like_an_unknown_one(roads: Portfolio) -> None:
    """A home outside of the scope is no home (SEC-11)."""
    create_portfolio(actor=None, code="foreign", name="Foreign")
    client = client_of(Role.PMO_ANALYST, roads)

    foreign, unknown = upload(client, "foreign"), upload(client, "nowhere")

    assert (foreign.status_code, foreign.data) == (unknown.status_code, unknown.data)
    assert foreign.status_code == 400
    assert not PortfolioImport.objects.exists()
