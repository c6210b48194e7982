"""Columns of large reads: numbers and texts that turn into arrays without one object per cell."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db.models import BigIntegerField, CharField, Func
from numpy.typing import NDArray

from projects.engine.instants import NO_INSTANT, Instants

UNKNOWN_TEXT = "NaT"


class Minute(Func):
    """
    A stored moment for `minutes`: text on SQLite, minutes since 1970 on PostgreSQL.

    Moments of a plan mean project-local wall time, so no zone is converted.
    """

    output_field = CharField()

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


class Hundredths(Func):
    """A number with two decimals as whole hundredths (cents, hundredths of a percent); -1 when unknown."""

    output_field = BigIntegerField()

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
