"""
JSON text of the roll-up's dataclasses, written straight from them.

The text is the one ``json.dumps`` makes of `to_plain`; not making the plain data first takes half the time,
and parts that many projects share are written once.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import Any

from portfolio.rollup.numbers import decimal_text
from portfolio.rollup.shared import text_of

Writer = Callable[[Any], str]

_WRITERS: dict[type[Any], Writer] = {}


def to_json(value: Any) -> str:
    """
    Return the JSON text of a value made of dataclasses, decimals, dates, enums and containers.

    Raises
    ------
    TypeError
        If the value holds something else, such as a float.
    """
    kind = value.__class__
    writer = _WRITERS.get(kind)
    if writer is None:
        writer = _WRITERS[kind] = _make_writer(kind)
    return writer(value)


def to_json_without(value: Any, names: Collection[str]) -> str:
    """Return the JSON text of a dataclass that lacks some of its fields."""
    cells = (
        f'"{field.name}": {to_json(getattr(value, field.name))}'
        for field in fields(value)
        if field.name not in names
    )
    return f"{{{', '.join(cells)}}}"


def _make_writer(kind: type[Any]) -> Writer:
    if issubclass(kind, Enum):
        texts = {member: to_json(member.value) for member in kind}
        return texts.__getitem__
    if kind is type(None):
        return lambda _value: "null"
    if issubclass(kind, bool):
        return lambda value: "true" if value else "false"
    if issubclass(kind, int):
        return int.__repr__
    if issubclass(kind, str):
        return encode_basestring_ascii
    if issubclass(kind, Decimal):
        return lambda value: f'"{decimal_text(value)}"'
    if issubclass(kind, date):
        return lambda value: f'"{value.isoformat()}"'
    if issubclass(kind, tuple | list):
        return lambda value: f"[{', '.join([to_json(item) for item in value])}]"
    if issubclass(kind, Mapping):
        return _write_mapping
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    raise TypeError(f"{kind.__name__} has no JSON form in the roll-up")


def _write_mapping(value: Mapping[Any, Any]) -> str:
    cells = [f"{encode_basestring_ascii(str(key))}: {to_json(value[key])}" for key in sorted(value)]
    return f"{{{', '.join(cells)}}}"


def _dataclass_writer(kind: type[Any]) -> Writer:
    names = [field.name for field in fields(kind)]
    if len(names) < 2:  # for a single name the getter gives no tuple
        return lambda value: to_json_without(value, ())
    template = "{" + ", ".join(f'"{name}": %s' for name in names) + "}"
    cells = attrgetter(*names)

    def write(value: Any) -> str:
        return template % tuple([(_WRITERS.get(cell.__class__) or to_json)(cell) for cell in cells(value)])

    return lambda value: text_of(value, write)
