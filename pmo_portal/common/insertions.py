"""Many new rows of one model: made ready outside of the transaction, written in one statement inside."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

from pmo_portal.common.schedule import database_now

M = TypeVar("M", bound=models.Model)

# What the drivers take as it is; every other kind of field converts each of its cells.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)


class Insertion(Generic[M]):
    """
    New rows, their cells converted when this is made; keys and references are filled in by `write`.

    References may be to objects that get their keys later, as long as those are written first. Columns with
    a default of the database that were given no value take the moment of the writing.
    """

    def __init__(self, model: type[M], rows: Sequence[M]) -> None:
        self.model, self.rows = model, list(rows)
        self.connection = connections[DEFAULT_DB_ALIAS]
        self.fields: list[Any] = list(model._meta.concrete_fields)
        self.cells = {
            field.attname: self._column(field)
            for field in self.fields
            if not field.primary_key and not field.is_relation and not field.has_db_default()
        }

    def write(self, *, unique: Sequence[str] = (), overwrite: Sequence[str] = ()) -> list[M]:
        """
        Insert the rows and return them with their keys. Two or three statements whatever the number.

        Parameters
        ----------
        unique, overwrite : sequence of str
            Field names of a unique constraint, and of what a row that exists takes from the new one.
        """
        if not self.rows:
            return []
        now = database_now()
        for row, key in zip(self.rows, self._keys(), strict=True):
            row.pk = key
        cells = [self._cells(field, now) for field in self.fields]
        quote = self.connection.ops.quote_name
        names = {field.name: quote(str(field.column)) for field in self.fields}
        statement = (
            f'INSERT INTO "{self.model._meta.db_table}" ({", ".join(names.values())}) '  # noqa: S608 - own names
            f"VALUES ({', '.join(['%s'] * len(names))})"
        )
        if unique:
            kept = ", ".join(f"{names[name]} = EXCLUDED.{names[name]}" for name in overwrite)
            statement += f" ON CONFLICT ({', '.join(names[name] for name in unique)}) DO UPDATE SET {kept}"
        with self.connection.cursor() as cursor:
            cursor.executemany(statement, list(zip(*cells, strict=True)))
        for row in self.rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        return self.rows

    def prepared(self, name: str, value: Any) -> Any:
        """Return a value as the database takes it in a column."""
        return next(f for f in self.fields if f.name == name).get_db_prep_save(value, self.connection)

    def _column(self, field: Any) -> list[Any]:
        values = [getattr(row, field.attname) for row in self.rows]
        if isinstance(field, PLAIN):
            return values
        prepare: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=self.connection)
        return [None if value is None else prepare(value) for value in values]

    def _cells(self, field: Any, now: Any) -> list[Any]:
        """Return a column; those that depend on the moment of writing are made now."""
        if field.primary_key:
            return [row.pk for row in self.rows]
        if field.is_relation:
            return [_reference(row, field) for row in self.rows]
        if field.has_db_default():
            return [self._given_or(now, row, field) for row in self.rows]
        return self.cells[field.attname]

    def _given_or(self, now: Any, row: M, field: Any) -> Any:
        """Return the value a row was given, or this moment."""
        if hasattr(getattr(row, field.attname), "resolve_expression"):
            setattr(row, field.attname, now)
        return field.get_db_prep_save(getattr(row, field.attname), self.connection)

    def _keys(self) -> list[int]:
        """Return unused keys for the rows; the database hands no key out twice."""
        table, column = self.model._meta.db_table, str(self.model._meta.pk.column)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                    [f'"{table}"', column, len(self.rows)],
                )
                return [key for (key,) in cursor.fetchall()]
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return list(range(first, first + len(self.rows)))


def _reference(row: models.Model, field: Any) -> Any:
    key = getattr(row, field.attname)
    if key is None and field.is_cached(row):
        other = field.get_cached_value(row)
        key = None if other is None else other.pk
        row.__dict__[field.attname] = key  # setting the attribute would forget the object
    return key
