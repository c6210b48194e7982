"""What the address of the earned value page asks for."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import QueryDict

LARGEST_FACTOR = Decimal(10)


def asked_past_day(query: QueryDict, *, today: date) -> date | None:
    """Return a past day of the address; None for today, the future and anything that is no day."""
    try:
        day = date.fromisoformat(query.get("as_of", ""))
    except ValueError:
        return None
    return day if day < today else None


def asked_factor(query: QueryDict) -> Decimal | None:
    """Return the performance factor of the address: above 0 and at most 10, with a comma or a point."""
    try:
        factor = Decimal(query.get("factor", "").replace(",", ".").strip()[:8])
    except InvalidOperation:
        return None
    return factor if factor.is_finite() and 0 < factor <= LARGEST_FACTOR else None
