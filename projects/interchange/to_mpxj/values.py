"""Single values into Java: text, numbers, money, moments, durations. ``None`` stays ``None``."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from projects.interchange.vocabulary import DurationKind

# What XML 1.0 cannot say, whatever it is escaped to.
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_BREAKS: Final = re.compile(r"[\t\r\n\u2028\u2029]+")
MINUTES_PER_HOUR: Final = 60
ELAPSED_DAY: Final = 1440
MIDNIGHT: Final = 1440


def clean(value: str) -> str:
    """Return text without characters that no file can hold."""
    return UNWRITABLE.sub("", value)


def one_line(value: str) -> str:
    """
    Return text on one line, as names are: a line break would start a new record in some formats.

    Examples
    --------
    >>> one_line("Pour\\tthe\\r\\nslab\\x00")
    'Pour the slab'
    """
    return LINE_BREAKS.sub(" ", clean(value)).strip()


class Values:
    """Makes Java values; ``java`` finds a Java class by name."""

    def __init__(self, java: Any, *, minutes_per_day: int) -> None:
        self.minutes_per_day = minutes_per_day
        self.boolean = java("java.lang.Boolean")
        self._local_date = java("java.time.LocalDate")
        self._local_date_time = java("java.time.LocalDateTime")
        self._local_time = java("java.time.LocalTime")
        self._integer = java("java.lang.Integer")
        self._double = java("java.lang.Double")
        self._duration = java("org.mpxj.Duration")
        self._unit = java("org.mpxj.TimeUnit")
        self._uuid = java("java.util.UUID")

    def moment(self, value: datetime | None) -> Any:
        """Return a local date-time."""
        if value is None:
            return None
        return self._local_date_time.of(
            value.year, value.month, value.day, value.hour, value.minute, value.second
        )

    def day(self, value: date) -> Any:
        """Return a local date."""
        return self._local_date.of(value.year, value.month, value.day)

    def minute(self, value: int) -> Any:
        """Return a time of day; the end of the day is midnight."""
        return self._local_time.of(value % MIDNIGHT // MINUTES_PER_HOUR, value % MINUTES_PER_HOUR)

    def whole(self, value: int | None) -> Any:
        """Return a whole number."""
        return None if value is None else self._integer.valueOf(value)

    def number(self, value: float | Decimal | None) -> Any:
        """Return a number."""
        return None if value is None else self._double.valueOf(float(value))

    def truth(self, value: bool | None) -> Any:
        """Return a truth value."""
        return None if value is None else self.boolean.valueOf(value)

    def uuid(self, value: str) -> Any:
        """Return a universal number; ``None`` where the text is none."""
        is_uuid = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)
        return self._uuid.fromString(value) if is_uuid else None

    def duration(self, minutes: float | None, kind: DurationKind = DurationKind.WORK) -> Any:
        """Return a duration in the largest unit in which it is a round number: days, hours or minutes."""
        if minutes is None:
            return None
        is_elapsed = kind is DurationKind.ELAPSED
        prefix = "ELAPSED_" if is_elapsed else ""
        day = ELAPSED_DAY if is_elapsed else self.minutes_per_day
        if minutes % day in (0, day / 2, day / 4, day * 3 / 4):
            return self._of(minutes / day, f"{prefix}DAYS")
        if minutes % (MINUTES_PER_HOUR / 4) == 0:
            return self._of(minutes / MINUTES_PER_HOUR, f"{prefix}HOURS")
        return self._of(minutes, f"{prefix}MINUTES")

    def hours(self, minutes: float | None) -> Any:
        """Return work in hours."""
        return None if minutes is None else self._of(minutes / MINUTES_PER_HOUR, "HOURS")

    def percent(self, value: float) -> Any:
        """Return a lag in percent."""
        return self._of(value, "PERCENT")

    def _of(self, value: float, unit: str) -> Any:
        return self._duration.getInstance(float(value), getattr(self._unit, unit))
