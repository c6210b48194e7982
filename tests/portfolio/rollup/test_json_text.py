"""JSON text written straight from results: to the letter what `json.dumps` makes of the plain data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest

from portfolio.rollup.codec import to_plain
from portfolio.rollup.json_text import to_json, to_json_without
from portfolio.rollup.policy_version_1 import default_policy
from portfolio.rollup.project import failed_project, rate_project
from portfolio.rollup.vocabulary import Color
from tests.portfolio.rollup.examples import AS_OF, five

POLICY = default_policy()


class Rank(IntEnum):
    FIRST = 1


@dataclass(frozen=True, slots=True)
class Single:
    only: str = '50 % of "it" \\ ä 😀 \n'


@dataclass(frozen=True, slots=True)
class Sample:
    nothing: None = None
    yes: bool = True
    number: int = -3
    rank: Rank = Rank.FIRST
    amount: Decimal = Decimal("-1E+2")
    day: date = date(2026, 3, 1)
    color: Color = Color.RED
    empty: tuple[str, ...] = ()
    many: tuple[Single, ...] = (Single(), Single("%s {}"))
    by_color: Mapping[Color, Any] = field(default_factory=lambda: {Color.RED: 1, Color.AMBER: (None, False)})


@pytest.mark.parametrize("value", [Sample(), Single(), {}, (), {"b": Sample(), "a": None}, [True, 1, "1"]])
def test_text_is_what_dumps_makes_of_the_plain_data(value: Any) -> None:
    """SEC-37: one form, whichever way it is written."""
    assert to_json(value) == json.dumps(to_plain(value))


def test_text_of_worked_examples_is_the_stored_form() -> None:
    """EX-HLT: whole results, twice, so that the shared parts are written and remembered."""
    rated = [rate_project(facts, POLICY, AS_OF) for facts in five()]
    results = [*rated, *rated, failed_project("P9", POLICY, AS_OF, "Division by zero")]

    assert [to_json(result) for result in results] == [json.dumps(result.to_dict()) for result in results]


def test_text_without_fields_leaves_only_those_out() -> None:
    plain = to_plain(Sample())
    del plain["many"]

    assert to_json_without(Sample(), {"many"}) == json.dumps(plain)


def test_float_is_refused() -> None:
    """CON-1: money and scores are decimals; a float would be rounded without a word."""
    with pytest.raises(TypeError, match="float has no JSON form"):
        to_json((1.5,))
