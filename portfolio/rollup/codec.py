"""Turns frozen dataclasses of the roll-up into JSON-safe data and back. Decimals travel as text."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from portfolio.rollup.numbers import decimal_text
from portfolio.rollup.shared import plain_of

T = TypeVar("T")
Converter = Callable[[Any], Any]

# Converters are made once for each type: thousands of results are written in one run.
_WRITERS: dict[type[Any], Converter] = {}
_READERS: dict[Any, Converter] = {}
_AS_IT_IS = frozenset({type(None), bool, int, str})


def to_plain(value: Any) -> Any:
    """
    Return JSON-safe data for a value made of dataclasses, decimals, dates, enums and containers.

    Decimals become plain text (see `decimal_text`), dates ISO text, enums their value, tuples lists,
    mappings objects with sorted keys. The same value always gives the same data.

    Raises
    ------
    TypeError
        If the value holds something else, such as a float.
    """
    kind = type(value)
    writer = _WRITERS.get(kind)
    if writer is None:
        writer = _WRITERS[kind] = _make_writer(kind)
    return writer(value)


def from_plain(kind: type[T], data: Mapping[str, Any]) -> T:
    """
    Build a dataclass from data made by `to_plain`.

    Unknown keys are passed over and absent ones take the default, so that old rows stay readable.

    Raises
    ------
    ValueError
        If a required key is absent or a value does not fit its type.
    """
    try:
        built: T = _reader(kind)(data)
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error
    return built


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, ASCII only."""
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _same(value: Any) -> Any:
    return value


def _make_writer(kind: type[Any]) -> Converter:
    if issubclass(kind, Enum):
        values = {member: member.value for member in kind}
        return values.__getitem__
    if kind is type(None) or issubclass(kind, bool | int | str):
        return _same
    if issubclass(kind, Decimal):
        return decimal_text
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, tuple | list):
        return _list_writer
    if issubclass(kind, Mapping):
        return lambda value: {str(key): to_plain(value[key]) for key in sorted(value)}
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    raise TypeError(f"{kind.__name__} has no JSON form in the roll-up")


def _list_writer(value: Any) -> list[Any]:
    return [item if item.__class__ in _AS_IT_IS else to_plain(item) for item in value]


def _dataclass_writer(kind: type[Any]) -> Converter:
    """Return a writer that fetches all fields at once and calls nothing for cells that stay as they are."""
    names = tuple(field.name for field in fields(kind))
    if len(names) < 2:  # for a single name the getter gives no tuple
        return lambda value: {name: to_plain(getattr(value, name)) for name in names}
    cells = attrgetter(*names)

    def write(value: Any) -> dict[str, Any]:
        return {
            name: cell if cell.__class__ in _AS_IT_IS else (_WRITERS.get(cell.__class__) or to_plain)(cell)
            for name, cell in zip(names, cells(value), strict=True)
        }

    return lambda value: plain_of(value, write)


def _reader(hint: Any) -> Converter:
    reader = _READERS.get(hint)
    if reader is None:
        reader = _READERS[hint] = _make_reader(hint)
    return reader


def _make_reader(hint: Any) -> Converter:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = _reader(next(arm for arm in get_args(hint) if arm is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        item = _reader(get_args(hint)[0])
        return lambda data: tuple([item(element) for element in data])
    if origin is not None and issubclass(origin, Mapping):
        key, element = (_reader(part) for part in get_args(hint))
        return lambda data: {key(name): element(data[name]) for name in data}
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_reader(hint)
    if hint is Decimal:
        return _read_decimal
    if hint is date:
        return date.fromisoformat
    if issubclass(hint, Enum):
        return _enum_reader(hint)
    return _plain_reader(hint)


def _dataclass_reader(kind: type[Any]) -> Converter:
    hints = get_type_hints(kind)
    readers = [(field.name, _reader(hints[field.name])) for field in fields(kind)]

    def read(data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValueError(f"{data!r} is not {kind.__name__}")
        return kind(**{name: reader(data[name]) for name, reader in readers if name in data})

    return read


def _enum_reader(kind: type[Enum]) -> Converter:
    members = {member.value: member for member in kind}

    def read(data: Any) -> Enum:
        if data not in members:
            raise ValueError(f"{data!r} is not one of {kind.__name__}")
        return members[data]

    return read


def _plain_reader(kind: type[Any]) -> Converter:
    def read(data: Any) -> Any:
        if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
            raise ValueError(f"{data!r} is not {kind.__name__}")
        return data

    return read


def _read_decimal(data: Any) -> Decimal:
    if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
        raise ValueError(f"{data!r} is not a decimal text")
    try:
        value = Decimal(data)
    except ArithmeticError as error:
        raise ValueError(f"{data!r} is not a decimal text") from error
    if not value.is_finite():
        raise ValueError(f"{data!r} is not a finite number")
    return value
