"""
Plans of the oracle there and back: import, store, export, import again (issue 4, interchange).

Every gold schedule; ``python -m tests.oracle trips silver generated`` takes those of other tiers.
"""

import pytest

from projects.interchange.java import java_runtime
from projects.interchange.vocabulary import ScheduleFormat
from tests.oracle.agreement import Case, cases
from tests.oracle.documents import document_of, load
from tests.oracle.round_trip import as_imported, mpxj, trip

pytestmark = pytest.mark.django_db

TRIPS = [
    ("Microsoft", ScheduleFormat.MSPDI),
    ("Primavera", ScheduleFormat.XER),
    ("Primavera", ScheduleFormat.PMXML),
]
NUMBER = {"Microsoft": 108, "Primavera": 7}
RULES_NOT_KEPT: dict[ScheduleFormat, frozenset[str]] = {
    ScheduleFormat.MSPDI: frozenset({"default_lag_calendar"}),
    ScheduleFormat.XER: frozenset({"schedule_start"}),
    ScheduleFormat.PMXML: frozenset({"schedule_start"}),
}
CASES = cases()


def chosen(tool: str) -> list[Case]:
    return [case for case in CASES if (case.tier, case.tool) == ("gold", tool)]


@pytest.mark.once
@pytest.mark.skipif(not CASES, reason="no schedules: set PMO_ORACLE_DIR to the oracle folder")
@pytest.mark.skipif(java_runtime() is None, reason="no Java runtime")
@pytest.mark.parametrize(("tool", "kind"), TRIPS)
def test_plan_comes_back_with_the_same_network_and_dates(tool: str, kind: ScheduleFormat) -> None:
    """Rows, outline, links with lags, constraints, calendars, work, and every date the engine computes."""
    with mpxj() as files:
        found = [trip(as_imported(document_of(load(case.path))), kind, files) for case in chosen(tool)]

    assert [item.differences for item in found] == [()] * NUMBER[tool]
    assert sum(item.links for item in found) > 50 * len(found)
    assert frozenset().union(*(item.settings for item in found)) == RULES_NOT_KEPT[kind]
