"""Tables that come from the code say what the code says."""

import re

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.permissions import COLUMNS
from tests.docs import addresses, glossary, matrix
from tests.docs.pages import between, page

pytestmark = pytest.mark.pure


def test_permission_table_is_the_matrix() -> None:
    """``python -m tests.docs.matrix`` prints the table."""
    text = between(page("docs/security.md"), matrix.BEGIN, matrix.END)

    assert text == matrix.permission_table()


def test_columns_of_the_matrix_name_every_role() -> None:
    text = page("docs/security.md").split("| Column | Roles |")[1].split("\n\n")[0]
    rows = dict(re.findall(r"^\| ([A-Z, ]+) \| (.*) \|$", text, re.MULTILINE))

    unnamed = [
        role
        for role, columns in COLUMNS.items()
        if str(Role(role).label).lower().removeprefix("pmo ") not in rows[columns[0]].lower()
    ]

    assert unnamed == []


def test_every_address_of_the_api_is_documented_with_its_methods() -> None:
    """``python -m tests.docs.addresses`` prints the table."""
    text = between(page("docs/api.md"), addresses.BEGIN, addresses.END)
    documented = dict(re.findall(r"^\| `([^`]+)` \| ([A-Z, ]+) \|", text, re.MULTILINE))

    actual = {
        path: ", ".join(name.upper() for name in addresses.METHODS if name in operations)
        for path, operations in addresses.api_operations().items()
    }

    assert documented == actual


def test_glossary_page_is_the_glossary_of_the_portal() -> None:
    """``python -m tests.docs.glossary`` prints the table."""
    text = between(page("docs/glossary.md"), glossary.BEGIN, glossary.END)

    assert text == glossary.glossary_table()


def test_glossary_has_the_terms_the_conventions_ask_for() -> None:
    text = page("docs/glossary.md").lower()
    words = (
        "WBS, OBS, link, lag, constraint, calendar, data date, baseline, PMB, BAC, PV, EV, AC, SV, CV, SPI, "
        "CPI, EAC, ETC, VAC, TCPI, total float, free float, critical path, P50, P80, RAID, stage gate, "
        "program, component, BEI, CCB, CI, CPLI, DQ, EMV, earned schedule, FAC, FF, LOE, MTA, PD, TF, wd, "
        "scope, grant, snapshot, coverage, data quality, period close, as of"
    )

    assert [word for word in words.split(", ") if not re.search(rf"\b{word.lower()}\b", text)] == []
