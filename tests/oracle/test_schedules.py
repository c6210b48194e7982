"""
Every schedule of the oracle against the dates its own tool stored.

``python -m tests.oracle`` prints how many values agree by tier, tool and field.
"""

import pytest

from tests.oracle.agreement import EARLY, EXACT, agreement, cases, library, total

pytestmark = pytest.mark.pure

CASES = cases()
GROUPS = [
    ("gold", "Microsoft", EXACT),
    ("gold", "Primavera", EXACT),
    ("silver", "Microsoft", EARLY),
    ("silver", "Primavera", EARLY),
    ("generated", "Microsoft", EXACT),
    ("generated", "Primavera", EXACT),
]
LEAST_FREE_FLOAT_SHARE = 0.995


@pytest.mark.skipif(not CASES, reason="no schedules: set PMO_ORACLE_DIR to the oracle folder")
@pytest.mark.parametrize(("tier", "tool", "fields"), GROUPS)
def test_every_leaf_agrees_with_its_tool(tier: str, tool: str, fields: tuple[str, ...]) -> None:
    """SCH-7 to SCH-27 as each tool has them, compared in working minutes of the task's calendar."""
    chosen = [case for case in CASES if (case.tier, case.tool) == (tier, tool)]
    compare = library().compare

    found = total(item for case in chosen if (item := agreement(case, compare)) is not None)

    assert [difference for difference in found.differences if difference[3] in fields] == []
    assert all(found.agree[name] == found.compared[name] > 0 for name in fields)
    if fields == EXACT:
        free = found.agree["free_slack_min"] / found.compared["free_slack_min"]
        assert free >= LEAST_FREE_FLOAT_SHARE


@pytest.mark.skipif(not CASES, reason="no schedules: set PMO_ORACLE_DIR to the oracle folder")
def test_schedules_without_known_dates_are_dated_all_the_same() -> None:
    """Bronze: no answer to compare with, but no schedule may be too odd to be dated."""
    chosen = [case for case in CASES if case.tier == "bronze"]
    compare = library().compare

    found = [agreement(case, compare) for case in chosen]

    assert all(item is not None and item.compared["early_start"] >= 0 for item in found)
    assert len(found) == len(chosen) > 0
