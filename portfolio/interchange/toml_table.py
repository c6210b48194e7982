"""A table of a TOML file that knows its place; faults name the key and say what to write."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from portfolio.rollup.methodology import Words

SEMVER = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
CODE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.]{0,19}")
LONG_CODE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_]{0,39}")
LARGEST_FILE = 1024 * 1024

E = TypeVar("E", bound=StrEnum)


class ContentFileFault(ValueError):
    """A file that cannot be loaded; the sentences say where and what to do."""

    def __init__(self, file: str, sentences: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {sentence}" for sentence in sentences))
        self.file = file
        self.sentences = sentences


class KeyFault(ValueError):
    """A key that is absent, unknown or of the wrong kind; says where and what to write."""


class TomlTable:
    """A table of the file that knows its place, and complains about keys nobody asked for."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, Mapping):
            raise KeyFault(f"{place or 'the file'}: is not a table; write key = value lines.")
        self.data, self.place = data, place
        self.asked: set[str] = set()

    def fault(self, key: str, what: str) -> KeyFault:
        """Return a fault at a key."""
        return KeyFault(f"{self.place + ', ' if self.place else ''}{key}: {what}")

    def _get(self, key: str, kind: type[Any], default: Any, wanted: str) -> Any:
        self.asked.add(key)
        if key not in self.data:
            if default is None:
                raise self.fault(key, f"is absent; add {wanted}.")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(key, f"is {value!r}; write {wanted}.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text."""
        return str(self._get(key, str, default, "a text in quotes"))

    def code(self, key: str = "code") -> str:
        """Return a code."""
        found = self.text(key)
        if not CODE.fullmatch(found):
            raise self.fault(key, f"is {found!r}; write letters, digits, '-', '_' or '.', at most 20.")
        return found

    def long_code(self) -> str:
        """Return the code of the whole file: up to 40 characters."""
        found = self.text("code")
        if not LONG_CODE.fullmatch(found):
            raise self.fault("code", f"is {found!r}; write letters, digits, '-' or '_', at most 40.")
        return found

    def number(self, key: str, default: int) -> int:
        """Return a whole number."""
        return int(self._get(key, int, default, "a whole number"))

    def decimal_or_none(self, key: str) -> Decimal | None:
        """Return a number, whole or not; None without the key."""
        if key not in self.data:
            self.asked.add(key)
            return None
        return self.decimal(key, Decimal(0))

    def decimal(self, key: str, default: Decimal) -> Decimal:
        """Return a number, whole or not."""
        value = self._get(key, object, default, "a number")
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self.fault(key, f"is {value!r}; write a number.")
        return Decimal(str(value))

    def flag(self, key: str) -> bool:
        """Return true or false; false without the key."""
        return bool(self._get(key, bool, False, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty without the key."""
        found = self._get(key, list, [], 'a list of texts such as ["G1", "G2"]')
        if not all(isinstance(item, str) for item in found):
            raise self.fault(key, 'holds something else than texts; write a list such as ["G1", "G2"].')
        return tuple(found)

    def words(self, key: str, *, is_needed: bool = False) -> Words:
        """Return a text in both languages."""
        wanted = '{ en = "…", de = "…" }'
        table = TomlTable(self._get(key, Mapping, None if is_needed else {}, wanted), self._at(key))
        found = Words(table.text("en", "" if not table.data else None), table.text("de", ""))
        table.close()
        return found

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """Return one of the values of a vocabulary."""
        return self.one_of(key, self.text(key, default), kind)

    def one_of(self, key: str, value: str, kind: type[E]) -> E:
        """Return a value as a member of a vocabulary."""
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            raise self.fault(key, f"is {value!r}; write one of {known}.") from None

    def rows(self, key: str, named_by: str = "code") -> list["TomlTable"]:
        """Return the tables of a list, each with its place."""
        found = self._get(key, list, [], f"[[{key}]] tables")
        named = [
            (number, row, row.get(named_by) if isinstance(row, Mapping) else None)
            for number, row in enumerate(found, start=1)
        ]
        return [TomlTable(row, f"{key} {code or number}") for number, row, code in named]

    def _at(self, key: str) -> str:
        return f"{self.place}, {key}" if self.place else key

    def close(self) -> None:
        """Complain about keys that mean nothing."""
        unknown = sorted(set(self.data) - self.asked)
        if unknown:
            known = ", ".join(sorted(self.asked))
            raise self.fault(unknown[0], f"means nothing here; remove it, or write one of {known}.")


def read_toml(path: Path) -> TomlTable:
    """
    Return the table that a file is.

    Raises
    ------
    KeyFault
        If it is larger than 1 MB, cannot be read, or is no TOML in UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise KeyFault("is larger than 1 MB; split it.")
        return TomlTable(tomllib.loads(path.read_text(encoding="utf-8")), "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise KeyFault(f"is not TOML in UTF-8: {fault}.") from fault
    except OSError as fault:
        raise KeyFault(f"cannot be read: {fault.strerror}.") from fault
