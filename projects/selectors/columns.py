"""Columns of large reads: cells as the database gives them, without one object for each."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from django.db.models import CharField, F, Func
from numpy.typing import NDArray

from projects.engine.instants import NO_INSTANT

NO_MOMENT = "0000-00-00 00:00:00"


class Raw(Func):
    """
    A column as the database driver gives it: no conversion of each cell.

    ``bits`` is the room a cell needs whose values are known to be few: 1 above it, from -1 on. ``mostly`` is
    the condition on the column that most rows meet, where one is known, and the value they have.
    """

    output_field = CharField()
    bits = 0
    mostly: tuple[str, int] | None = None

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

    def __init__(self, expression: Any, *, usual: bool | None = None) -> None:
        """Take the column and what it mostly is."""
        super().__init__(expression)
        if usual is not None:
            self.mostly = ("{}" if usual else "NOT {}", int(usual))


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

    def __init__(self, expression: Any, *, usual: bool | None = None) -> None:
        """Take the column and whether it mostly has a value."""
        super().__init__(expression)
        if usual is not None:
            self.mostly = ("{} IS NOT NULL" if usual else "{} IS NULL", int(usual))


class Coded(Raw):
    """A choice as its number; ``codes`` come from the program, never from people."""

    def __init__(self, expression: Any, *, codes: Mapping[str, int], usual: str | None = None) -> None:
        """Take the column, the number of each choice, and the choice it mostly is."""
        # What was not chosen comes first: it would be compared with every choice.
        known = {"": -1, **codes}
        cases = " ".join(f"WHEN '{choice}' THEN {number}" for choice, number in known.items())
        super().__init__(expression, template=f"CASE %(expressions)s {cases} ELSE -1 END")
        self.bits = (max(codes.values(), default=-1) + 1).bit_length()
        if usual is not None:
            self.mostly = (f"{{}} = '{usual}'", known.get(usual, -1))


class Minute(Raw):
    """
    A stored moment: text on SQLite, minutes since 1970 on PostgreSQL.

    Moments of a plan mean project-local wall time, so no zone is converted.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Take the stored text as it is: cutting it takes SQLite longer than all the rest."""
        template = f"COALESCE(%(expressions)s, '{NO_MOMENT}')"
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


class Seldom(Raw):
    """
    A column of which most cells are ``usual``: its values are null there, or 0 where 0 is the usual one.

    For `read_columns` alone: the other cells are handed over with the key of their row.
    """

    def __init__(self, column: Raw, usual: int) -> None:
        """Take the column as it would be read otherwise."""
        super().__init__(F("pk"), *column.get_source_expressions(), column)
        self.is_moment = isinstance(column, Minute)
        self.usual = usual

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_context: Any) -> Any:
        """Put the key before the cell."""
        key, value, cell = (compiler.compile(part)[0] for part in self.get_source_expressions())
        condition = f"{value} <> 0" if self.usual == 0 else f"{value} IS NOT NULL"
        return f"CASE WHEN {condition} THEN {key} || ',' || {cell} END", []


def numbers(column: Iterable[int]) -> NDArray[np.int64]:
    """Return a column of whole numbers."""
    return np.array(tuple(column), dtype=np.int64)
