"""Which days are closed for postings, and which period comes next (CON-8, CST-6)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from projects.engine.periods import month_boundary
from projects.models import Period

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A period by its name and days, both included."""

    code: str
    start: date
    end: date


def month_of(day: date) -> Span:
    """
    Return the calendar month of a day, the default period.

    Examples
    --------
    >>> month_of(date(2026, 2, 10)).end
    datetime.date(2026, 2, 28)
    """
    first = day.replace(day=1)
    return Span(f"{first:%Y-%m}", first, month_boundary(first, 1) - ONE_DAY)


def closed_through() -> date | None:
    """Return the last day of the newest closed period; None while none is closed. One query."""
    found: date | None = Period.objects.filter(closed_at__isnull=False).aggregate(newest=Max("end"))["newest"]
    return found


def first_open_period(closed_end: date) -> Span:
    """Return the period after a closed last day: its row, else the rest of the calendar month. One query."""
    first = closed_end + ONE_DAY
    row = Period.objects.filter(start__lte=first, end__gte=first).first()
    return _span(row) if row else Span(month_of(first).code, first, month_of(first).end)


def last_closed_period(as_of: date) -> Span:
    """
    Return the newest closed period that had ended by a day. One query.

    Where nothing was closed by then, the last whole calendar month stands in for it.
    """
    row = Period.objects.filter(closed_at__isnull=False, end__lte=as_of).order_by("-end").first()
    if row:
        return _span(row)
    month = month_of(as_of)
    return month if month.end == as_of else month_of(month.start - ONE_DAY)


def spans_between(first: date, last: date) -> list[Span]:
    """
    Return the periods from the one of the first day to the one of the last. One query.

    Days that no row of the table covers lie in their calendar month, cut off where rows begin or end.
    """
    rows = [_span(row) for row in Period.objects.filter(end__gte=first, start__lte=last).order_by("start")]
    found: list[Span] = []
    day = first
    while day <= last:
        row = next((row for row in rows if row.start <= day <= row.end), None)
        span = row or _open_span(day, rows)
        found.append(span)
        day = span.end + ONE_DAY
    return found


def _open_span(day: date, rows: list[Span]) -> Span:
    month = month_of(day)
    start = max([row.end + ONE_DAY for row in rows if row.end < day] + [month.start])
    end = min([row.start - ONE_DAY for row in rows if row.start > day] + [month.end])
    return Span(month.code, start, end)


def _span(row: Period) -> Span:
    return Span(row.code, row.start, row.end)


def next_start() -> date | None:
    """Return the day the next new period begins on; None while there is no period. One query."""
    newest: date | None = Period.objects.aggregate(newest=Max("end"))["newest"]
    return newest + ONE_DAY if newest else None
