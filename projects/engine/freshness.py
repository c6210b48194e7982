"""How old a status report is for its reporting cycle (REP-9)."""

from datetime import date
from enum import StrEnum

GRACE_DAYS = 7


class Cycle(StrEnum):
    """Reporting cycles."""

    WEEKLY = "WEEKLY"
    TWO_WEEKLY = "TWO_WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"


class Freshness(StrEnum):
    """Ages of a report that the health guards tell apart."""

    FRESH = "FRESH"
    STALE = "STALE"
    VERY_STALE = "VERY_STALE"


CYCLE_DAYS = {Cycle.WEEKLY: 7, Cycle.TWO_WEEKLY: 14, Cycle.MONTHLY: 31, Cycle.QUARTERLY: 92}


def report_freshness(*, as_of: date, period_end: date, cycle: Cycle) -> Freshness:
    """Return how fresh the last published report, with its period end, is at ``as_of``."""
    age = (as_of - period_end).days
    days = CYCLE_DAYS[cycle]
    if age <= days + GRACE_DAYS:
        return Freshness.FRESH
    return Freshness.STALE if age <= 2 * days + GRACE_DAYS else Freshness.VERY_STALE


def unreported_freshness(*, as_of: date, executing_since: date, cycle: Cycle) -> Freshness:
    """Return the freshness of a project that never reported: fresh during the first cycle and its grace."""
    age = (as_of - executing_since).days
    return Freshness.VERY_STALE if age > CYCLE_DAYS[cycle] + GRACE_DAYS else Freshness.FRESH
