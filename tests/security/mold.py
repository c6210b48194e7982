"""Makes a valid row of any model, past services and forms: for rows that the database has to refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import models

NUMBERS = count(1)
SHORTEST_TEXT = 12


def plain_text(field: Any) -> str:
    """Return a text that no other row has."""
    return f"text-{next(NUMBERS)}"


class Mold:
    """
    Fills the columns a row must have.

    Parameters
    ----------
    known : dict
        Rows to point to, by model; others are made.
    text : callable
        Makes the content of a text column.
    is_generous : bool
        Fill text columns that may stay empty, too.
    """

    def __init__(
        self,
        known: dict[type[models.Model], models.Model] | None = None,
        *,
        text: Callable[[Any], str] = plain_text,
        is_generous: bool = False,
    ) -> None:
        self.known = dict(known or {})
        self.text = text
        self.is_generous = is_generous

    def make(self, model: type[models.Model], **given: Any) -> Any:
        """Return a saved row of the model; ``given`` columns are taken as they are."""
        return model._base_manager.bulk_create([self.unsaved(model, **given)])[0]

    def unsaved(self, model: type[models.Model], **given: Any) -> Any:
        """Return a row of the model that is not saved yet."""
        values = {}
        for field in model._meta.concrete_fields:
            is_given = {field.name, field.attname} & set(given)
            if not is_given and not field.primary_key and self._is_wanted(field):
                values[field.name] = self._value(field)
        return model(**values, **given)

    def _is_wanted(self, field: Any) -> bool:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if self.is_generous and is_text:
            return True
        if field.remote_field and field.remote_field.model in self.known:
            return True
        has_own = field.has_default() or field.null or field.db_default is not models.NOT_PROVIDED
        return not has_own and not (is_text and field.blank)

    def _value(self, field: Any) -> Any:
        if field.remote_field:
            target = field.remote_field.model
            return self.known.get(target) or self.make(target)
        if field.choices:
            return next(value for value, _label in field.flatchoices if value != "")
        return _of_kind(field, self.text)


def _of_kind(field: Any, text: Callable[[Any], str]) -> Any:
    """Return a value that fits the kind of the column."""
    number = next(NUMBERS)
    if isinstance(field, models.EmailField):
        return f"{text(field).lower()}@example.org"
    if isinstance(field, models.CharField | models.TextField):
        is_short = field.max_length is not None and field.max_length < SHORTEST_TEXT
        return f"{number % 1000:03d}"[: field.max_length] if is_short else text(field)
    kinds: tuple[tuple[type[Any], Any], ...] = (
        (models.UUIDField, uuid4()),
        (models.BooleanField, False),
        (models.DateTimeField, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        (models.DateField, date(2026, 3, 2)),
        (models.DecimalField, Decimal(1)),
        (models.FloatField, 1.0),
        (models.IntegerField, number % 30000),
        (models.JSONField, {}),
        (models.BinaryField, b"x"),
    )
    return next((value for kind, value in kinds if isinstance(field, kind)), None)
