"""Arguments that several commands take."""

from argparse import ArgumentTypeError
from datetime import date


def iso_date(text: str) -> date:
    """
    Return the date an argument means.

    Examples
    --------
    >>> iso_date("2026-03-31")
    datetime.date(2026, 3, 31)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no date; write it as 2026-03-31.") from None
