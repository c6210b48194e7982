"""Turns frozen dataclasses of the roll-up into JSON-safe data and back. Decimals travel as text."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from portfolio.rollup.numbers import decimal_text

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """
    Return JSON-safe data for a value made of dataclasses, decimals, dates, enums and containers.

    Decimals become plain text (see `decimal_text`), dates ISO text, enums their value, tuples lists,
    mappings objects with sorted keys. The same value always gives the same data.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(value[key]) for key in sorted(value)}
    if is_dataclass(value):
        return {name: to_plain(getattr(value, name)) for name in field_names(type(value))}
    raise TypeError(f"{type(value).__name__} has no JSON form in the roll-up")


def from_plain(kind: type[T], data: Mapping[str, Any]) -> T:
    """
    Build a dataclass from data made by `to_plain`.

    Unknown keys are passed over and absent ones take the default, so that old rows stay readable.

    Raises
    ------
    ValueError
        If a required key is absent or a value does not fit its type.
    """
    hints = _hints(kind)
    given = {name: _read(hints[name], data[name]) for name in hints if name in data}
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, ASCII only."""
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


_NAMES: dict[Any, tuple[str, ...]] = {}
_HINTS: dict[Any, dict[str, Any]] = {}


def field_names(kind: Any) -> tuple[str, ...]:
    """Return the field names of a dataclass in order."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind))
    return _NAMES[kind]


def _hints(kind: Any) -> dict[str, Any]:
    if kind not in _HINTS:
        names = field_names(kind)
        _HINTS[kind] = {name: hint for name, hint in get_type_hints(kind).items() if name in names}
    return _HINTS[kind]


def _read(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        if data is None:
            return None
        return _read(next(arm for arm in get_args(hint) if arm is not type(None)), data)
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in data)
    if origin is not None and issubclass(origin, Mapping):
        key_hint, value_hint = get_args(hint)
        return {_read(key_hint, key): _read(value_hint, item) for key, item in data.items()}
    return _read_single(hint, data)


def _read_single(hint: Any, data: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, data)
    if hint is Decimal:
        return _decimal(data)
    if hint is date:
        return date.fromisoformat(data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is int and isinstance(data, bool):
        raise ValueError(f"{data!r} is not a whole number")
    if not isinstance(data, hint):
        raise ValueError(f"{data!r} is not {hint.__name__}")
    return data


def _decimal(data: Any) -> Decimal:
    if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
        raise ValueError(f"{data!r} is not a decimal text")
    try:
        value = Decimal(data)
    except ArithmeticError as error:
        raise ValueError(f"{data!r} is not a decimal text") from error
    if not value.is_finite():
        raise ValueError(f"{data!r} is not a finite number")
    return value
