"""What cells mean; numbers and dates of the real tables (issue 2, section 4)."""

import doctest
from datetime import date
from decimal import Decimal

import pytest

from portfolio.interchange import cells, mapping

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "unit", "value", "reason"),
    [
        ("£32.24", 1_000_000, Decimal("32240000.00"), ""),
        ("£12,131.50", 1_000_000, Decimal("12131500000.00"), ""),
        ("\xa0£193.30", 1_000_000, Decimal("193300000.00"), ""),
        ("1.234,56", 1, Decimal("1234.56"), ""),
        ("1,234", 1, Decimal("1234.00"), ""),
        ("1,5", 1, Decimal("1.50"), ""),
        ("1 234 567", 1, Decimal("1234567.00"), ""),
        ("EUR 2.5m", 1, Decimal("2500000.00"), ""),
        ("-3.005", 1, Decimal("-3.01"), ""),
        ("(20)", 1, Decimal("-20.00"), ""),
        ("300000", 1, Decimal("300000.00"), ""),
        ("", 1, None, "EMPTY"),
        ("Exempt under Section 43 of the Freedom of Information Act 2000", 1, None, "WITHHELD"),
        ("The project is still at the planning stage and is not yet in a position", 1, None, "NOT_STATED"),
        ("TBD", 1, None, "NOT_STATED"),
        ("about 12", 1, None, "UNREADABLE"),
        ("99999999999999999999", 1, None, "UNREADABLE"),
    ],
)
def test_read_amount(text: str, unit: int, value: Decimal | None, reason: str) -> None:
    """Amounts are exact decimals; what is no amount has a reason and never becomes 0 (CON-4, SEC-47)."""
    assert cells.read_amount(text, unit=unit) == cells.Reading(value, reason)


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("30.06.08", date(2008, 6, 30), ""),
        ("31.12.75", date(1975, 12, 31), ""),
        ("2014-07-08", date(2014, 7, 8), ""),
        ("2015-06-30T00:00:00Z", date(2015, 6, 30), ""),
        ("1/2/2026", date(2026, 2, 1), ""),
        ("31.02.2020", None, "UNREADABLE"),
        ("Not provided", None, "NOT_STATED"),
        ("Exempt under Section 26", None, "WITHHELD"),
        ("soon", None, "UNREADABLE"),
        ("", None, "EMPTY"),
    ],
)
def test_read_date(text: str, value: date | None, reason: str) -> None:
    """Dates are read day first or as ISO; impossible ones are reported."""
    assert cells.read_date(text) == cells.Reading(value, reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Amber/Red", "AMBER_RED"),
        ("Amber/red", "AMBER_RED"),
        ("amber green", "AMBER_GREEN"),
        ("R", "RED"),
        ("Exempt", None),
        ("Reddish in parts of the programme", None),
    ],
)
def test_read_color(text: str, value: str | None) -> None:
    """The five steps of delivery confidence (REP-6)."""
    assert cells.read_color(text).value == value


def test_matching_name_ignores_case_signs_and_brackets() -> None:
    """Two years spell one project differently."""
    assert (
        cells.matching_name("Contracting, Purchasing & Finance (CPF)") == "contracting purchasing and finance"
    )
    assert cells.matching_name("contracting; purchasing and finance") == "contracting purchasing and finance"
    assert cells.matching_name("(ABC)") == "abc"


@pytest.mark.parametrize("module", [cells, mapping])
def test_examples_in_docstrings_hold(module: object) -> None:
    """The examples people read are true."""
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
