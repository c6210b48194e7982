"""Columns of large reads: numbers and texts that turn into arrays without one object per cell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import CharField, Func
from numpy.typing import NDArray

from projects.engine.instants import NO_INSTANT, Instants


class Raw(Func):
    """A column as the database driver gives it: no conversion of each cell."""

    output_field = CharField()

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Return none."""
        return []


class Known(Raw):
    """A whole number; -1 when it is null."""

    template = "COALESCE(%(expressions)s, -1)"


class Flag(Raw):
    """A boolean as 0 or 1."""

    template = "CAST(%(expressions)s AS integer)"


class Coded(Raw):
    """A choice as its number; ``codes`` come from the program, never from people."""

    def __init__(self, expression: Any, *, codes: Mapping[str, int]) -> None:
        """Take the column and the number of each choice."""
        cases = " ".join(f"WHEN '{choice}' THEN {number}" for choice, number in codes.items())
        super().__init__(expression, template=f"CASE %(expressions)s {cases} ELSE -1 END")


class Minute(Raw):
    """
    A stored moment for `minutes`: text on SQLite, minutes since 1970 on PostgreSQL.

    Moments of a plan mean project-local wall time, so no zone is converted.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut the stored text to minutes."""
        template = "substr(%(expressions)s, 1, 16)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count minutes."""
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


class Hundredths(Raw):
    """A number with two decimals as whole hundredths (cents, hundredths of a percent); -1 when unknown."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Round, because SQLite keeps decimals as floats."""
        template = "COALESCE(CAST(ROUND(%(expressions)s * 100) AS INTEGER), -1)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count hundredths."""
        template = "COALESCE((%(expressions)s * 100)::bigint, -1)"
        return self.as_sql(compiler, connection, template=template, **context)


def minutes(column: Sequence[Any]) -> Instants:
    """Return a `Minute` column as instants; a cell that is null becomes `NO_INSTANT`."""
    first = next((cell for cell in column if cell is not None), None)
    if first is None:
        return np.full(len(column), NO_INSTANT, dtype=np.int64)
    if isinstance(first, str):
        return np.array(column, dtype="datetime64[m]").astype(np.int64)
    return np.array([NO_INSTANT if cell is None else cell for cell in column], dtype=np.int64)


def numbers(column: Iterable[int]) -> NDArray[np.int64]:
    """Return a column of whole numbers."""
    return np.array(tuple(column), dtype=np.int64)


def transposed(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """Return the columns of rows; empty columns when there are no rows."""
    return list(zip(*rows, strict=True)) if rows else [()] * width
