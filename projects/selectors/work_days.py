"""Working minutes as days of a project's calendar, and back."""

from decimal import ROUND_HALF_UP, Decimal

from projects.models import Project

CENT = Decimal("0.01")


def in_days(minutes: int | None, project: Project) -> Decimal | None:
    """Return working minutes as days of the project's calendar, at most two decimals."""
    if minutes is None:
        return None
    return (Decimal(minutes) / _minutes_per_day(project)).quantize(CENT).normalize() + 0


def in_minutes(days: Decimal | None, project: Project) -> int | None:
    """Return days of the project's calendar as working minutes."""
    if days is None:
        return None
    return int((days * _minutes_per_day(project)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _minutes_per_day(project: Project) -> Decimal:
    return project.calendar.hours_per_day * 60
