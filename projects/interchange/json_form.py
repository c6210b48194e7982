"""A document as JSON and back, without loss: ``from_json(to_json(document)) == document``."""

import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from projects.interchange.document import ProjectDocument

FORM_VERSION = 1


def to_json(document: ProjectDocument) -> str:
    """Return the document as JSON text: moments in ISO 8601, money as text, absent values left out."""
    return json.dumps(to_data(document), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> ProjectDocument:
    """Return the document that ``to_json`` wrote; ``ValueError`` for anything else."""
    return from_data(json.loads(text))


def to_data(document: ProjectDocument) -> dict[str, Any]:
    """Return the document as plain dictionaries, lists, texts and numbers."""
    return {"form": FORM_VERSION, **_plain(document)}


def from_data(data: Any) -> ProjectDocument:
    """Return the document of such plain data; ``ValueError`` when it has another form."""
    if not isinstance(data, dict) or data.get("form") != FORM_VERSION:
        raise ValueError("not a project document of this version")
    rest = {key: value for key, value in data.items() if key != "form"}
    return cast(ProjectDocument, _dataclass_reader(ProjectDocument)(rest))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return _plain_fields(value)


def _plain_fields(value: Any) -> dict[str, Any]:
    """Return the fields that differ from their default."""
    result = {}
    kind: Any = type(value)
    for name, default in _defaults(kind):
        item = getattr(value, name)
        if item != default:
            result[name] = _plain(item)
    return result


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Return name and default of each field; a field without default gets one nothing equals."""
    return tuple(
        (item.name, item.default if item.default_factory is MISSING else item.default_factory())
        for item in fields(kind)
    )


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return the function that turns plain data into a value of the annotated kind."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(part for part in get_args(kind) if part is not types.NoneType))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        item = _reader(get_args(kind)[0])
        return lambda data: tuple(item(part) for part in data)
    if origin is dict:
        return lambda data: {str(key): str(part) for key, part in data.items()}
    if is_dataclass(kind):
        return _dataclass_reader(cast(type, kind))
    if kind in (datetime, date):
        return cast(Callable[[Any], Any], kind.fromisoformat)
    if kind is bool:
        return _truth
    return cast(Callable[[Any], Any], kind)


def _truth(data: Any) -> bool:
    if not isinstance(data, bool):
        raise ValueError("not a truth value")
    return data


@cache
def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(data: Any) -> Any:
        try:
            return kind(**{name: readers[name](part) for name, part in data.items()})
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise ValueError(f"not a {kind.__name__}: {error}") from error

    return read
