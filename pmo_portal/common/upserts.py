"""Rows written by natural key, many at once, without a model instance for each."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from pmo_portal.common.insertions import PLAIN


class JsonText(str):
    """JSON that is written already: it goes into a JSON column as it is."""

    __slots__ = ()


def upsert_rows(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    keep: Sequence[str] = (),
) -> None:
    """
    Insert rows, or overwrite those that have the same key; safe to repeat.

    As few statements as the parameters allow on PostgreSQL, one that is run for each row on SQLite.

    Parameters
    ----------
    model : type of Model
        Where the rows belong; its ``save`` and validation are not used.
    rows : sequence of mapping
        Values by attribute name (``project_id``, not ``project``); what the first row does not name takes
        the default of its field, and all rows name the same.
    key : sequence of str
        Attribute names of a unique constraint.
    keep : sequence of str
        Attribute names that are written on insert only.
    """
    if not rows:
        return
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    connection = connections[DEFAULT_DB_ALIAS]  # the connection itself: its proxy is slow, cell by cell
    cells = [_cells(field, rows, connection) for field in columns]
    records = list(zip(*cells, strict=True))
    names = {field.attname: connection.ops.quote_name(str(field.column)) for field in columns}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_statement(model, names, 1, key, keep), records)
            return
        size = max(1, connection.ops.bulk_batch_size(columns, records))
        for start in range(0, len(records), size):
            batch = records[start : start + size]
            values = [value for record in batch for value in record]
            cursor.execute(_statement(model, names, len(batch), key, keep), values)


def update_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """
    Overwrite columns of rows by their primary key: one statement on PostgreSQL, one that is run for each on
    SQLite, where nothing lies between.

    Parameters
    ----------
    rows : sequence of mapping
        ``pk`` and values by attribute name; all rows name the same.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    columns = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    cells = [[row["pk"] for row in rows], *(_cells(field, rows, connection) for field in columns)]
    names = [connection.ops.quote_name(str(field.column)) for field in (model._meta.pk, *columns)]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = [field.rel_db_type(connection) for field in (model._meta.pk, *columns)]  # type: ignore[union-attr]
            cursor.execute(_one_update(model, names, types), cells)
        else:
            statement = _update(model, names)
            cursor.executemany(statement, list(zip(*cells[1:], cells[0], strict=True)))


def _update(model: type[models.Model], names: Sequence[str]) -> str:
    """Return the statement for one row; the first name is the key, whose value comes last."""
    named = ", ".join(f"{name} = %s" for name in names[1:])
    return f'UPDATE "{model._meta.db_table}" SET {named} WHERE {names[0]} = %s'  # noqa: S608 - own names


def _one_update(model: type[models.Model], names: Sequence[str], types: Sequence[str]) -> str:
    """Return the statement for many rows, whose cells come as one array for each column."""
    named = ", ".join(f"{name} = given.{name}" for name in names[1:])
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    return (
        f'UPDATE "{model._meta.db_table}" AS kept SET {named} '  # noqa: S608 - own names
        f"FROM unnest({arrays}) AS given ({', '.join(names)}) WHERE kept.{names[0]} = given.{names[0]}"
    )


def _cells(field: Any, rows: Sequence[Mapping[str, Any]], connection: Any) -> list[Any]:
    """Return one column ready for the driver."""
    name = field.attname
    if name not in rows[0]:
        return [field.get_db_prep_save(field.get_default(), connection)] * len(rows)
    target = field.target_field if field.is_relation else field
    if isinstance(target, PLAIN):
        return [row[name] for row in rows]
    prepare: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connection)
    return [_cell(row[name], prepare) for row in rows]


def _cell(value: Any, prepare: Callable[[Any], Any]) -> Any:
    if value is None:
        return None
    return str(value) if isinstance(value, JsonText) else prepare(value)


def _statement(
    model: type[models.Model], names: Mapping[str, str], count: int, key: Sequence[str], keep: Sequence[str]
) -> str:
    """Return the statement for so many rows; ``names`` are quoted columns by attribute name."""
    place = f"({', '.join(['%s'] * len(names))})"
    changed = [name for attribute, name in names.items() if attribute not in {*key, *keep}]
    return (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(names.values())}) '  # noqa: S608 - own names
        f"VALUES {', '.join([place] * count)} "
        f"ON CONFLICT ({', '.join(names[attribute] for attribute in key)}) "
        f"DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in changed)}"
    )
