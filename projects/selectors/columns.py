"""Columns of large reads: numbers and texts that turn into arrays without one object per cell."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db.models import CharField, Func
from numpy.typing import NDArray

from projects.engine.instants import NO_INSTANT, Instants

UNKNOWN_TEXT = "NaT"


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


class Minute(Raw):
    """
    A stored moment for `minutes`: text on SQLite, minutes since 1970 on PostgreSQL.

    Moments of a plan mean project-local wall time, so no zone is converted.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut the stored text to minutes."""
        template = f"COALESCE(substr(%(expressions)s, 1, 16), '{UNKNOWN_TEXT}')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Count minutes."""
        template = (
            f"COALESCE(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint, ('{NO_INSTANT}')::bigint)"
        )
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
    """Return a `Minute` column as instants."""
    if column and isinstance(column[0], str):
        return np.array(column, dtype="datetime64[m]").astype(np.int64)
    return np.array(column, dtype=np.int64)


def numbers(column: Iterable[int]) -> NDArray[np.int64]:
    """Return a column of whole numbers."""
    return np.array(tuple(column), dtype=np.int64)


def transposed(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """Return the columns of rows; empty columns when there are no rows."""
    return list(zip(*rows, strict=True)) if rows else [()] * width
