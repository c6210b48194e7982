"""The main reason of a color in a few words."""

from typing import Any

import pytest

from portfolio.selectors.main_reason import main_reason

RULE = {"code": "LEAD_DIMENSION_RED", "rule": "11.2.6", "color": "RED", "params": {"dimensions": "COST"}}


def figure(color: str = "RED", **given: Any) -> dict[str, Any]:
    """A step of an indicator of cost."""
    return {"code": "INDICATOR", "rule": "11.2.2", "color": color, "dimension": "COST", **given}


def dimension(code: str, color: str = "RED") -> dict[str, Any]:
    """The step a dimension begins with."""
    return {"code": "DIMENSION", "rule": "11.2.3", "color": color, "dimension": code}


OTHER = [dimension("RISK"), figure(dimension="RISK", indicator="HR2", value="1", unit="COUNT")]
BUDGET = figure(indicator="HC3", value="1.204", unit="RATIO")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([RULE, *OTHER, dimension("COST"), BUDGET], "Budget used: 120.4 %"),
        (
            [RULE, dimension("COST"), figure(indicator="HG2", value="1", unit="DAYS")],
            "Gate condition overdue: 1 day",
        ),
        (
            [RULE, dimension("COST"), figure("AMBER", indicator="HC2", value="0.9", unit="INDEX")],
            "Cost: declared red",
        ),
        ([{**RULE, "params": {}}, *OTHER], ""),
        ([], ""),
    ],
)
def test_first_figure_of_the_deciding_dimension_is_the_reason(steps: list[dict[str, Any]], said: str) -> None:
    """Not the first that is red: the one the rule names; declared where no figure has the color."""
    assert main_reason("RED", steps).replace("\xa0", " ") == said


def test_late_report_is_the_reason_where_it_turned_green_to_amber() -> None:
    """A guard set the color, so no figure did."""
    guard = {"code": "GUARD_STALE", "rule": "11.2.7", "color": "AMBER", "params": {"age_days": "40"}}

    assert main_reason("AMBER", [RULE, guard]) == "The last report is 40 days old."
    assert main_reason("GREEN", [RULE, dimension("COST"), BUDGET]) == ""
