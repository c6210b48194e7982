"""Minutes of work as days, and back: working days of a project's calendar, or days of the clock."""

from decimal import ROUND_HALF_UP, Decimal

from projects.choices import TimeKind
from projects.models import Project

CENT = Decimal("0.01")
CLOCK_DAY = Decimal(24 * 60)


def minutes_of_day(project: Project, kind: str = TimeKind.WORK) -> Decimal:
    """Return how many minutes a day has: those worked in the project's calendar, or all of the clock."""
    return CLOCK_DAY if kind == TimeKind.ELAPSED else project.calendar.hours_per_day * 60


def in_days(minutes: int | None, project: Project, kind: str = TimeKind.WORK) -> Decimal | None:
    """Return minutes as days of their kind, at most two decimals."""
    if minutes is None:
        return None
    return (Decimal(minutes) / minutes_of_day(project, kind)).quantize(CENT).normalize() + 0


def in_minutes(days: Decimal | None, project: Project, kind: str = TimeKind.WORK) -> int | None:
    """Return days of a kind as minutes."""
    if days is None:
        return None
    return int((days * minutes_of_day(project, kind)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
