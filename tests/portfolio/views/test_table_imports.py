"""The wizard that imports a table, as its users meet it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.documents.models import StoredFile
from portfolio.models import ImportMapping, Portfolio, PortfolioImport
from portfolio.services.structure import create_portfolio
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db
TABLE = b"Name;Status;End;Cost\nBridge;Amber;2027-12-31;10\nRoad;Exempt;soon;5\n"
COLUMNS = {
    "column_name": "Name",
    "column_confidence": "Status",
    "column_finish": "End",
    "column_budget": "Cost",
    "currency": "eur",
    "money_unit": "1000000",
    "report_cycle": "YEARLY",
    "as_of": "2026-03-31",
    "has_first_status_as_baseline": "on",
}


@pytest.fixture
def roads(settings: Any, tmp_path: Any) -> Portfolio:
    """Return an empty portfolio; files go to a temporary place."""
    settings.MEDIA_ROOT = tmp_path
    return create_portfolio(actor=None, code="roads", name="Roads")


@pytest.fixture
def paula(roads: Portfolio, client: Client) -> Client:
    """Sign in Paula of the PMO."""
    user = factories.user("Paula")
    factories.grant(user, Role.PMO_ANALYST, roads.node)
    client.force_login(user)
    return client


def upload(client: Client, portfolio: Portfolio, content: bytes = TABLE) -> Any:
    """Drop a file."""
    file = SimpleUploadedFile("roads.csv", content)
    return client.post(reverse("portfolio:import_new"), {"file": file, "portfolio": portfolio.pk})


def test_journey_from_file_to_projects(paula: Client, roads: Portfolio, drain: Callable[[], int]) -> None:
    """Drop, map, look, confirm: each page says what comes next (issue 2, section 4)."""
    address = upload(paula, roads).url
    assert b"Read roads.csv" in paula.get(address).content
    drain()
    page = paula.get(address).content.decode()
    assert "What the columns mean" in page
    assert '<option value="Status" selected>' in page

    assert paula.post(address, COLUMNS).url == address
    drain()
    page = paula.get(address).content.decode()
    assert "Preview: nothing is written yet" in page
    assert "withheld by the reporter" in page
    assert "Import 2 rows" in page
    assert not Project.objects.exists()

    paula.post(reverse("portfolio:import_confirm", args=[PortfolioImport.objects.get().pk]))
    drain()
    done = paula.get(address).content.decode()
    assert "2 projects created" in done
    for made in Project.objects.all():
        assert f'<a href="/projects/{made.code}/">{made.name}</a>' in done
    assert sorted(Project.objects.values_list("name", flat=True)) == ["Bridge", "Road"]


def test_partial_of_a_running_import_ends_with_a_refresh(
    paula: Client, roads: Portfolio, drain: Callable[[], int]
) -> None:
    """The page polls while a worker reads and reloads itself once."""
    address = upload(paula, roads).url

    waiting = paula.get(address, headers={"HX-Request": "true"})
    drain()
    ended = paula.get(address, headers={"HX-Request": "true"})

    assert b"<html" not in waiting.content
    assert b"job-progress" in waiting.content
    assert ended.headers["HX-Refresh"] == "true"


def test_refused_file_says_why(paula: Client, roads: Portfolio, drain: Callable[[], int]) -> None:
    """One clear line and a way on (SEC-19)."""
    address = upload(paula, roads, b"\x00\x01,\x02").url
    drain()

    page = paula.get(address).content.decode()

    assert "This file was not taken" in page
    assert "neither a CSV nor an XLSX file" in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"column_name": ""}, "This field is required."),
        ({"column_finish": "Cost"}, "The column “Cost” is chosen twice."),
        ({"as_of": ""}, "Give the date of the status"),
        ({"currency": "euro"}, "Use the three letters of ISO 4217"),
        ({"remember_as": "uk-gmpp"}, "is a mapping of the product"),
        ({"column_budget": "Nonsense"}, "Select a valid choice"),
    ],
)
def test_bad_mapping_is_refused_on_its_field(
    paula: Client, roads: Portfolio, drain: Callable[[], int], change: dict[str, str], message: str
) -> None:
    """What was typed stays, nothing is saved."""
    address = upload(paula, roads).url
    drain()

    answer = paula.post(address, {**COLUMNS, **change})

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert PortfolioImport.objects.get().mapping is None


def test_mapping_is_remembered_by_name(paula: Client, roads: Portfolio, drain: Callable[[], int]) -> None:
    """The next file of this kind needs one choice."""
    address = upload(paula, roads).url
    drain()
    paula.post(address, {**COLUMNS, "remember_as": "roads"})

    kept = ImportMapping.objects.get(name="roads")
    page = paula.get(f"{address}?columns=1&mapping=roads")

    assert kept.document["columns"]["budget"] == ["Cost"]
    assert b'<option value="roads" selected>' in page.content or page.status_code == 200


def test_similar_name_can_be_the_same_project(
    paula: Client, roads: Portfolio, drain: Callable[[], int]
) -> None:
    """A renamed project is not doubled when the person says so."""
    known = factories.project("bridge", parent=roads.node, name="Northern Bridge Programme")
    address = upload(paula, roads, b"Name;End\nNorthern Bridges Programme;2027-12-31\n").url
    drain()
    chosen = {key: COLUMNS[key] for key in ("column_name", "currency", "money_unit", "report_cycle", "as_of")}
    paula.post(address, {**chosen, "column_finish": "End"})
    drain()
    assert "the same project?" in paula.get(address).content.decode()
    imported = PortfolioImport.objects.get()

    paula.post(reverse("portfolio:import_match", args=[imported.pk]), {"row-2": known.code})
    drain()
    paula.post(reverse("portfolio:import_confirm", args=[imported.pk]))
    drain()

    assert Project.objects.count() == 1
    assert known.reports.count() == 1


def test_discard_deletes_the_file(
    paula: Client,
    roads: Portfolio,
    drain: Callable[[], int],
    django_capture_on_commit_callbacks: Any,
    tmp_path: Any,
) -> None:
    """Nothing is written and the bytes are gone."""
    upload(paula, roads)
    drain()
    with django_capture_on_commit_callbacks(execute=True):
        paula.post(reverse("portfolio:import_discard", args=[PortfolioImport.objects.get().pk]))

    assert PortfolioImport.objects.get().state == "DISCARDED"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_import_of_somebody_else_does_not_exist(paula: Client, roads: Portfolio) -> None:
    """Another person's file, its rows and its job stay hidden (SEC-9, SEC-10, SEC-12)."""
    upload(paula, roads)
    other = factories.user("Peter")
    factories.grant(other, Role.PMO_HEAD, roads.node)
    stranger = Client()
    stranger.force_login(other)
    pk = PortfolioImport.objects.get().pk

    answers = [
        stranger.get(reverse("portfolio:import_detail", args=[pk])).status_code,
        *(
            stranger.post(reverse(f"portfolio:import_{act}", args=[pk])).status_code
            for act in ("match", "confirm", "discard")
        ),
        stranger.get(reverse("portfolio:import_detail", args=[pk + 1])).status_code,
    ]

    assert answers == [404] * 5
    assert PortfolioImport.objects.get().state == "UPLOADED"


def test_same_file_again_is_told(paula: Client, roads: Portfolio, drain: Callable[[], int]) -> None:
    """SEC-24: known by its bytes, whatever it is called; another file is not."""
    first = upload(paula, roads).url
    drain()
    other = upload(paula, roads, TABLE + b"Tunnel;Green;2027-12-31;7\n").url
    drain()
    again = upload(paula, roads).url
    drain()

    told = {address: paula.get(address).content.decode() for address in (first, other, again)}

    words = "This very file was uploaded before."
    assert [words in told[address] for address in (first, other, again)] == [False, False, True]
    assert f'href="{first}"' in told[again]
    assert f'href="{other}"' not in told[again]


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.TEAM_MEMBER, Role.EXECUTIVE, Role.AUDITOR])
def test_roles_without_the_right_are_refused(roads: Portfolio, client: Client, role: str) -> None:
    """Importing portfolios is for the PMO and portfolio managers (matrix row 17)."""
    user = factories.user("Bob")
    factories.grant(user, role, roads.node)
    client.force_login(user)

    assert client.get(reverse("portfolio:import_new")).status_code == 403
    assert upload(client, roads).status_code == 403
    assert not StoredFile.objects.exists()


def test_foreign_portfolio_cannot_be_chosen(paula: Client, roads: Portfolio) -> None:
    """A portfolio outside of the person's scope is no choice (SEC-11)."""
    foreign = create_portfolio(actor=None, code="secret", name="Secret plans")

    answer = upload(paula, foreign)

    assert answer.status_code == 422
    assert b"Secret plans" not in answer.content
    assert not PortfolioImport.objects.exists()


def test_too_large_upload_is_refused_on_the_field(paula: Client, roads: Portfolio, settings: Any) -> None:
    """The limit is said, nothing is kept (SEC-19)."""
    settings.UPLOAD_MAX_BYTES = 10

    answer = upload(paula, roads)

    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    assert not StoredFile.objects.exists()
