"""Texts that try to become script stay text on every page, in a real export and in JSON (SEC-25, SEC-28)."""

import csv
import io

import openpyxl
import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.services.rollups import refresh_groups
from projects.models import Project
from tests import factories
from tests.pmo_portal.common.test_export import CORPUS, FORMULA_SIGNS
from tests.portfolio.rollup.examples import p1
from tests.portfolio.worlds import AS_OF, keep_facts, make_portfolio, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """Return the browser of Paula; her portfolio has a project for each hostile text."""
    home = make_portfolio()
    for number, text in enumerate(CORPUS):
        project = make_project(f"P{number}", home)
        Project.objects.filter(pk=project.pk).update(
            name=text.replace("\x00", ""), category=text[:2].strip("\x00")
        )
        keep_facts(project, p1())
    refresh_groups(as_of=AS_OF)
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, home.node.parent)
    browser = Client()
    browser.force_login(paula)
    return browser


def _content(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content) if response.streaming else response.content


EXPORTS = (
    f"/portfolio/projects/export/{{kind}}/?as_of={AS_OF}",
    f"/portfolio/compare/export/{{kind}}/?before={AS_OF}&after={AS_OF}",
)


@pytest.mark.parametrize("address", EXPORTS)
def test_csv_of_an_address_has_no_formula(client: Client, address: str) -> None:
    """SEC-28: the file a person downloads, reopened."""
    text = _content(client, address.format(kind="csv")).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text, newline="")))
    hostile = [
        cell for row in rows for cell in row if cell.startswith(tuple(FORMULA_SIGNS)) and not _is_number(cell)
    ]

    assert hostile == []


@pytest.mark.parametrize("address", EXPORTS)
def test_xlsx_of_an_address_has_no_formula(client: Client, address: str) -> None:
    """SEC-28: 0 formula cells in the reopened workbook."""
    book = openpyxl.load_workbook(io.BytesIO(_content(client, address.format(kind="xlsx"))))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert len(cells) > 3


def test_export_of_projects_has_all_hostile_rows(client: Client) -> None:
    """The two tests above really see the texts."""
    text = _content(client, EXPORTS[0].format(kind="csv")).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text, newline="")))

    assert len(rows) >= len(CORPUS) + 1
    assert "HYPERLINK" in text


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True
