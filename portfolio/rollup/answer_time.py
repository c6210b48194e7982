"""Working days between a question and its answer; Monday to Friday, whatever a calendar says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

SATURDAY = 5


@dataclass(frozen=True)
class Answered:
    """The days of a request that was answered."""

    asked_on: date
    due_on: date
    answered_on: date


@dataclass(frozen=True)
class AnswerTimes:
    """How an office answers; both are None while nothing was answered."""

    median_days: Decimal | None
    in_time_percent: Decimal | None
    number: int


def workdays_after(day: date, days: int) -> date:
    """
    Return the day that lies some working days later.

    Examples
    --------
    >>> workdays_after(date(2026, 4, 10), 1), workdays_after(date(2026, 4, 11), 3)
    (datetime.date(2026, 4, 13), datetime.date(2026, 4, 15))
    """
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


def workdays_between(start: date, end: date) -> int:
    """
    Return the working days after ``start`` up to ``end``; 0 on the same day and over a weekend.

    Examples
    --------
    >>> workdays_between(date(2026, 4, 10), date(2026, 4, 14)), workdays_between(date(2026, 4, 10), date(2026, 4, 12))
    (2, 0)
    """  # noqa: E501
    number = (end - start).days
    return sum((start + timedelta(days=step)).weekday() < SATURDAY for step in range(1, number + 1))


def answer_times(rows: Iterable[Answered]) -> AnswerTimes:
    """
    Return the median time to an answer in working days, and the share that kept the promise.

    Examples
    --------
    >>> asked = date(2026, 4, 6)
    >>> answer_times([Answered(asked, date(2026, 4, 9), date(2026, 4, day)) for day in (7, 8, 13)])
    AnswerTimes(median_days=Decimal('2.0'), in_time_percent=Decimal('66.7'), number=3)
    >>> answer_times([])
    AnswerTimes(median_days=None, in_time_percent=None, number=0)
    """
    known = list(rows)
    if not known:
        return AnswerTimes(None, None, 0)
    middle = median(Decimal(workdays_between(row.asked_on, row.answered_on)) for row in known)
    kept = sum(row.answered_on <= row.due_on for row in known)
    percent = Decimal(100 * kept) / len(known)
    return AnswerTimes(middle.quantize(Decimal("0.1")), percent.quantize(Decimal("0.1")), len(known))
