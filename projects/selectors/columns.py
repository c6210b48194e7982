"""Columns of large reads: numbers and texts that turn into arrays without one object per cell."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from django.db.models import Aggregate, CharField, Func, QuerySet, TextField
from numpy.typing import NDArray

from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT, Instants

_NO_MOMENT = "0000-00-00 00:00:00"
_MOMENT_WIDTH = len(_NO_MOMENT)
MOST_BITS = 62
"""Of a whole number that both databases can count with."""


class Raw(Func):
    """
    A column as the database driver gives it: no conversion of each cell.

    ``bits`` is the room a cell needs whose values are known to be few: 1 above it, from -1 on.
    """

    output_field = CharField()
    bits = 0

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Return none."""
        return []


class Known(Raw):
    """A whole number; -1 when it is null."""

    template = "COALESCE(%(expressions)s, -1)"


class Flag(Raw):
    """A boolean as 0 or 1."""

    bits = 2
    template = "CAST(%(expressions)s AS integer)"


class FlagOrNone(Raw):
    """A boolean as 0 or 1; -1 when it is null."""

    bits = 2
    template = "COALESCE(CAST(%(expressions)s AS integer), -1)"


class WholeOrNone(Raw):
    """A whole number of any sign; `NO_INSTANT` when it is null."""

    template = f"COALESCE(%(expressions)s, CAST('{NO_INSTANT}' AS bigint))"


class Given(Raw):
    """Whether there is a value: 0 or 1."""

    bits = 2
    template = "CASE WHEN %(expressions)s IS NULL THEN 0 ELSE 1 END"


class Coded(Raw):
    """A choice as its number; ``codes`` come from the program, never from people."""

    def __init__(self, expression: Any, *, codes: Mapping[str, int]) -> None:
        """Take the column and the number of each choice."""
        cases = " ".join(f"WHEN '{choice}' THEN {number}" for choice, number in codes.items())
        super().__init__(expression, template=f"CASE %(expressions)s {cases} ELSE -1 END")
        self.bits = (max(codes.values(), default=-1) + 1).bit_length()


class Minute(Raw):
    """
    A stored moment: text on SQLite, minutes since 1970 on PostgreSQL.

    Moments of a plan mean project-local wall time, so no zone is converted.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Take the stored text as it is: cutting it takes SQLite longer than all the rest."""
        template = f"COALESCE(%(expressions)s, '{_NO_MOMENT}')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count minutes."""
        count = "FLOOR(DATE_PART('epoch', %(expressions)s) / 60)::bigint"
        template = f"COALESCE({count}, '{NO_INSTANT}'::bigint)"
        return self.as_sql(compiler, connection, template=template, **context)


class LocalMinute(Raw):
    """A stored moment as text, ``2026-03-02T08:00``; null where there is none. No zone is converted."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut the stored text to minutes."""
        template = "substr(replace(%(expressions)s, ' ', 'T'), 1, 16)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write it."""
        template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI')"""
        return self.as_sql(compiler, connection, template=template, **context)


class LocalMoment(Raw):
    """A stored moment as text with its seconds, ``2026-03-02T08:00:00``; null where there is none."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Take the stored text."""
        return self.as_sql(compiler, connection, template="replace(%(expressions)s, ' ', 'T')", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write it."""
        template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
        return self.as_sql(compiler, connection, template=template, **context)


class Bare(Raw):
    """A column as it is; a boolean is 0 or 1 on SQLite, false or true on PostgreSQL."""

    template = "%(expressions)s"


class Number(Bare):
    """A number with decimals as the machine counts; null where there is none. For pages, not for sums."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Leave exact decimals."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)::float8", **context)


class Day(Raw):
    """A stored day as days since 1970."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count from the stored text."""
        template = "CAST(JULIANDAY(%(expressions)s) - 2440587.5 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count days."""
        template = "((%(expressions)s) - DATE '1970-01-01')"
        return self.as_sql(compiler, connection, template=template, **context)


class Hundredths(Raw):
    """A number with two decimals as whole hundredths (cents, hundredths of a percent); -1 when unknown."""

    steps = 100

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Round, because SQLite keeps decimals as floats."""
        template = f"COALESCE(CAST(ROUND(%(expressions)s * {self.steps}) AS INTEGER), -1)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count the steps."""
        template = f"COALESCE((%(expressions)s * {self.steps})::bigint, -1)"
        return self.as_sql(compiler, connection, template=template, **context)


class TenThousandths(Hundredths):
    """A number with four decimals as whole steps; -1 when unknown."""

    steps = 10_000


class Joined(Func):
    """Columns of few values as one whole number, a few bits each, the last one lowest."""

    output_field = TextField()

    def __init__(self, *columns: Raw) -> None:
        """Take the columns."""
        super().__init__(*columns)
        self.sizes = tuple(column.bits for column in columns)

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_context: Any) -> Any:
        """Shift and add."""
        found, values = "CAST(0 AS bigint)", []
        for bits, column in zip(self.sizes, self.get_source_expressions(), strict=True):
            cell, given = compiler.compile(column)
            found = f"({found} * {1 << bits} + {cell} + 1)"
            values += given
        return found, values


class Packed(Aggregate):
    """All cells of a column in one text, with commas between; cells must not be null."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join them."""
        return self.as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join them as text."""
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


def read_columns(rows: QuerySet[Any], **columns: str | Raw) -> dict[str, NDArray[np.int64]]:
    """
    Return columns of many rows as arrays, in step with one another but in no order. One query.

    The database hands over one text for each column instead of a cell for each row: making hundreds of
    thousands of objects takes longer than finding the rows.

    Parameters
    ----------
    rows : QuerySet
        Which rows; its order does not matter.
    **columns : str or Raw
        Name in the result to a column of whole numbers that is never null, or an expression of this
        module; `Minute` gives instants.
    """
    few = _columns_of_few_values(columns)
    alone = {name: column for name, column in columns.items() if not any(name in group for group in few)}
    cells = [*alone.values(), *(Joined(*group.values()) for group in few)]
    texts = rows.order_by().aggregate(**{f"c{place}": Packed(cell) for place, cell in enumerate(cells)})
    arrays = [
        _instants(text) if isinstance(cell, Minute) else _numbers(text)
        for cell, text in zip(cells, texts.values(), strict=True)
    ]
    if len({array.size for array in arrays}) > 1:
        raise ValueError("A column that is read packed holds nulls.")
    found = dict(zip(alone, arrays, strict=False))
    for group, array in zip(few, arrays[len(alone) :], strict=True):
        found |= _apart(group, array)
    return {name: found[name] for name in columns}


def _columns_of_few_values(columns: Mapping[str, str | Raw]) -> list[dict[str, Raw]]:
    """Return the columns that share a cell, in groups that fit into one."""
    groups: list[dict[str, Raw]] = [{}]
    for name, column in columns.items():
        if not isinstance(column, Raw) or not column.bits:
            continue
        if sum(other.bits for other in groups[-1].values()) + column.bits > MOST_BITS:
            groups.append({})
        groups[-1][name] = column
    return [group for group in groups if len(group) > 1]


def _apart(group: Mapping[str, Raw], cells: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return the columns that `Joined` put together."""
    found = {}
    for name, column in reversed(list(group.items())):
        found[name] = (cells & ((1 << column.bits) - 1)) - 1
        cells = cells >> column.bits
    return found


def _numbers(text: str | None) -> NDArray[np.int64]:
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.zeros(0, dtype=np.int64)


def _instants(text: str | None) -> Instants:
    """Read the cells of a `Minute` column: minutes, or moments as text, to the second or not."""
    if not text or text[4:5] != "-":
        return _numbers(text)
    count = text.count(",") + 1
    if len(text) + 1 != count * (_MOMENT_WIDTH + 1) or "." in text:
        text = ",".join(_to_seconds(cell) for cell in text.split(","))
    if f"{text}," == f"{_NO_MOMENT}," * count:
        return np.full(count, NO_INSTANT, dtype=np.int64)
    letters = np.frombuffer(f"{text},".encode("ascii"), dtype=np.uint8).reshape(count, _MOMENT_WIDTH + 1)
    digits = np.ascontiguousarray(letters.T).astype(np.int32) - ord("0")

    def number(start: int, end: int) -> NDArray[np.int64]:
        value = digits[start].astype(np.int64)
        for place in range(start + 1, end):
            value = value * 10 + digits[place]
        return value

    month = number(5, 7)
    months = (number(0, 4) - 1970) * 12 + month - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + number(8, 10) - 1
    minutes = days * MINUTES_PER_DAY + number(11, 13) * 60 + number(14, 16)
    return np.where(month == 0, NO_INSTANT, minutes)


def _to_seconds(cell: str) -> str:
    """Cut or fill up a stored moment; other programs may leave out seconds or the time of day."""
    return (cell + _NO_MOMENT[len(cell) :])[:_MOMENT_WIDTH]


def numbers(column: Iterable[int]) -> NDArray[np.int64]:
    """Return a column of whole numbers."""
    return np.array(tuple(column), dtype=np.int64)
