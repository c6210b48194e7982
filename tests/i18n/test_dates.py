"""Words of our own never stand for days and months of the framework, such as “May”."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import override

MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
DAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]


def test_months_and_days_are_german() -> None:
    monday = date(2026, 3, 2)
    with override("de"):
        months = [date_format(date(2026, number, 1), "F") for number in range(1, 13)]
        days = [date_format(monday + timedelta(days=number), "l") for number in range(7)]

    assert (months, days) == (MONTHS, DAYS)
