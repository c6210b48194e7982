"""
Plans of the oracle there and back: import, store, export, import again (issue 4, interchange).

A fixed small sample; ``python -m tests.oracle trips`` takes every gold schedule.
"""

import pytest

from projects.interchange.java import java_runtime
from projects.interchange.vocabulary import ScheduleFormat
from tests.oracle.agreement import Case, cases
from tests.oracle.documents import document_of, load
from tests.oracle.round_trip import as_imported, mpxj, trip

pytestmark = pytest.mark.django_db

SAMPLE = {
    "Microsoft": (
        *("8ad0558e16a0", "98eba31a37c4", "0677237cb283", "c49d68bd6c43", "be23344b91a7", "e433980b7b0d"),
    ),
    "Primavera": ("68ce5f0bb2b5", "c4f398cb804d"),
}
TRIPS = [
    ("Microsoft", ScheduleFormat.MSPDI),
    ("Primavera", ScheduleFormat.XER),
    ("Primavera", ScheduleFormat.PMXML),
]
RULES_NOT_KEPT: dict[ScheduleFormat, frozenset[str]] = {
    ScheduleFormat.MSPDI: frozenset({"default_lag_calendar"}),
    ScheduleFormat.XER: frozenset(),
    ScheduleFormat.PMXML: frozenset(),
}
CASES = cases()


def chosen(tool: str) -> list[Case]:
    return [case for case in CASES if case.path.name.startswith(SAMPLE[tool])]


@pytest.mark.skipif(not CASES, reason="no schedules: set PMO_ORACLE_DIR to the oracle folder")
@pytest.mark.skipif(java_runtime() is None, reason="no Java runtime")
@pytest.mark.parametrize(("tool", "kind"), TRIPS)
def test_plan_comes_back_with_the_same_network_and_dates(tool: str, kind: ScheduleFormat) -> None:
    """Rows, outline, links with lags, constraints, calendars, work, and every date the engine computes."""
    with mpxj() as files:
        found = [trip(as_imported(document_of(load(case.path))), kind, files) for case in chosen(tool)]

    assert [item.differences for item in found] == [()] * len(SAMPLE[tool])
    assert all(item.links > 0 for item in found)
    assert frozenset().union(*(item.settings for item in found)) == RULES_NOT_KEPT[kind]
