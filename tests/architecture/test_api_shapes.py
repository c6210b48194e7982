"""What the schema of the API says of a field is what its column may hold (SEC-18)."""

from collections.abc import Iterator

from django.urls import get_resolver
from rest_framework import serializers
from rest_framework.fields import empty

OURS = ("projects.", "portfolio.", "pmo_portal.")


def _shapes(base: type = serializers.ModelSerializer) -> Iterator[type]:
    for shape in base.__subclasses__():
        yield from _shapes(shape)
        if shape.__module__.startswith(OURS) and hasattr(shape, "Meta"):
            yield shape


def test_columns_that_may_be_empty_are_described_as_such() -> None:
    """A program made from the schema breaks on a null, or on an empty choice, that was not promised."""
    assert get_resolver().url_patterns, "loads every endpoint"
    wrong, seen = [], 0

    for shape in _shapes():
        columns = {column.name: column for column in shape.Meta.model._meta.concrete_fields}
        for name, field in shape().fields.items():
            first, *further = field.source.split(".")
            if field.write_only or first not in columns:
                continue
            seen += 1
            column, title = columns[first], f"{shape.__module__}.{shape.__name__}.{name}"
            if column.null and not field.allow_null and field.default in {empty, None}:
                wrong.append(f"{title} needs allow_null")
            is_choice = isinstance(field, serializers.ChoiceField) and not further
            if is_choice and column.blank and not field.allow_blank:
                wrong.append(f"{title} needs allow_blank")

    assert wrong == []
    assert seen > 300
