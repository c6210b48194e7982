"""Storage form of the roll-up's values, and the examples in its docstrings."""

import doctest
import importlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from portfolio.rollup.codec import canonical_json, from_plain, to_plain
from portfolio.rollup.facts import ProjectFacts, ScheduleFacts
from portfolio.rollup.vocabulary import Color, ProjectState


@dataclass(frozen=True, slots=True)
class Sample:
    day: date
    amounts: tuple[Decimal, ...] = ()
    color: Color | None = None


def test_value_has_one_json_form():
    """SEC-37: numbers in one form, dates ISO, enums by value, keys sorted."""
    sample = Sample(date(2026, 3, 1), (Decimal("1.50"), Decimal("-0.0"), Decimal("1E+2")), Color.RED)

    assert to_plain(sample) == {"day": "2026-03-01", "amounts": ["1.5", "0", "100"], "color": "RED"}
    assert canonical_json({"b": 1, "a": "ü"}) == '{"a":"\\u00fc","b":1}'


def test_float_is_refused():
    """CON-1: money and scores are decimals; a float would be rounded without a word."""
    with pytest.raises(TypeError, match="float has no JSON form"):
        to_plain({"H": 78.7})


def test_old_rows_stay_readable():
    """HLT-6: unknown keys are passed over, absent ones take the default."""
    assert from_plain(Sample, {"day": "2026-03-01", "weather": "fair"}) == Sample(date(2026, 3, 1))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"day": 5},
        {"day": "yesterday"},
        {"day": "2026-03-01", "amounts": 5},
        {"day": "2026-03-01", "amounts": [1.5]},
        {"day": "2026-03-01", "amounts": [True]},
        {"day": "2026-03-01", "color": "PINK"},
        {"day": "2026-03-01", "color": []},
        [],
    ],
)
def test_data_that_do_not_fit_raise_one_error(data):
    """CON-4: never a guess."""
    with pytest.raises(ValueError, match=r".+"):
        from_plain(Sample, data)


def test_nested_parts_are_built():
    """HLT-6: facts read back with their parts."""
    facts = ProjectFacts.from_dict({"key": "P", "state": "CLOSING", "schedule": {"spi_t": "0.9"}})

    assert facts == ProjectFacts("P", ProjectState.CLOSING, schedule=ScheduleFacts(spi_t=Decimal("0.9")))


@pytest.mark.parametrize("name", ["numbers", "vocabulary", "trend", "render"])
def test_examples_in_docstrings_hold(name):
    """Conventions 9: doctests."""
    result = doctest.testmod(importlib.import_module(f"portfolio.rollup.{name}"))

    assert result.failed == 0
    assert result.attempted > 0
