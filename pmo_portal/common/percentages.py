"""The one way a percentage is written: a number, a no-break space, the sign; in every language."""

NBSP = "\u00a0"


def with_percent(number: object) -> str:
    r"""
    Return a number, written for the reader already, as a percentage that never breaks at the line's end.

    Examples
    --------
    >>> with_percent("42.5")
    '42.5\xa0%'
    """
    return f"{number}{NBSP}%"
