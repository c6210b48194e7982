"""Rows whose key is one of many: the keys travel to the database as one value."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func


class Among(Func):
    """
    The condition "a column of whole numbers is one of these".

    A list given to ``__in`` is looked at several times by Django, key by key, and becomes one parameter for
    each key; with two hundred keys that takes longer than most of the queries it is for. Without keys nothing
    is asked.
    """

    output_field = BooleanField()

    def __init__(self, column: str, keys: Iterable[int]) -> None:
        """Take the path of the column, such as ``task__project_id``, and the keys."""
        super().__init__(F(column))
        self.keys = list(keys)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Read the keys from a JSON text."""
        column, given = self._column(compiler)
        keys = json.dumps(self.keys)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*given, keys)  # noqa: S608 - an own name

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Hand over an array."""
        column, given = self._column(compiler)
        return f"{column} = ANY(%s)", (*given, self.keys)

    def _column(self, compiler: Any) -> Any:
        if not self.keys:
            raise EmptyResultSet
        return compiler.compile(self.get_source_expressions()[0])
