"""Reads a methodology from a TOML file; faults name file, place and key, and what to do (STD-21)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from portfolio.rollup.methodology import (
    TIERS,
    Cadence,
    CheckRule,
    Content,
    Family,
    GateRule,
    PhaseRule,
    RequirementKind,
    RequirementRule,
    RoleRule,
    TierRule,
    Words,
)
from portfolio.rollup.methodology_check import faults_of, sentence_of

SHIPPED = Path(__file__).with_name("methodologies")
SEMVER = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
CODE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.]{0,19}")
LARGEST_FILE = 1024 * 1024

E = TypeVar("E", bound=StrEnum)


class MethodologyFileFault(ValueError):
    """A file that cannot be loaded; the sentences say where and what to do."""

    def __init__(self, file: str, sentences: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {sentence}" for sentence in sentences))
        self.file = file
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class MethodologyFile:
    """A methodology with the version a file describes."""

    code: str
    version: str
    family: Family
    changelog: Words
    content: Content


def shipped_files() -> list[Path]:
    """Return the files of the methodologies that come with the portal, by name."""
    return sorted(SHIPPED.glob("*.toml"))


def read_methodology(path: Path) -> MethodologyFile:
    """
    Return the methodology of a file.

    Raises
    ------
    MethodologyFileFault
        If it is no TOML, a key is absent, unknown or of the wrong kind, or the content would not work.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise MethodologyFileFault(path.name, ["is larger than 1 MB; split the methodology."])
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MethodologyFileFault(path.name, [f"is not TOML in UTF-8: {fault}."]) from fault
    except OSError as fault:
        raise MethodologyFileFault(path.name, [f"cannot be read: {fault.strerror}."]) from fault
    return parse_methodology(data, file=path.name)


def parse_methodology(data: Mapping[str, Any], *, file: str) -> MethodologyFile:
    """Return the methodology of data read from TOML; raises `MethodologyFileFault`."""
    try:
        found = _methodology(_Table(data, ""))
    except _KeyFault as fault:
        raise MethodologyFileFault(file, [str(fault)]) from fault
    faults = faults_of(found.content)
    if faults:
        raise MethodologyFileFault(file, [sentence_of(fault) for fault in faults])
    return found


class _KeyFault(ValueError):
    pass


class _Table:
    """A table of the file that knows its place, and complains about keys nobody asked for."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, Mapping):
            raise _KeyFault(f"{place or 'the file'}: is not a table; write key = value lines.")
        self.data, self.place = data, place
        self.asked: set[str] = set()

    def fault(self, key: str, what: str) -> _KeyFault:
        """Return a fault at a key."""
        return _KeyFault(f"{self.place + ', ' if self.place else ''}{key}: {what}")

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

    def number(self, key: str, default: int) -> int:
        """Return a whole number."""
        return int(self._get(key, int, default, "a whole number"))

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
        table = _Table(self._get(key, Mapping, None if is_needed else {}, wanted), self._at(key))
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

    def rows(self, key: str) -> list["_Table"]:
        """Return the tables of a list, each with its place."""
        found = self._get(key, list, [], f"[[{key}]] tables")
        named = [
            (number, row, row.get("code") if isinstance(row, Mapping) else None)
            for number, row in enumerate(found, start=1)
        ]
        return [_Table(row, f"{key} {code or number}") for number, row, code in named]

    def _at(self, key: str) -> str:
        return f"{self.place}, {key}" if self.place else key

    def close(self) -> None:
        """Complain about keys that mean nothing."""
        unknown = sorted(set(self.data) - self.asked)
        if unknown:
            known = ", ".join(sorted(self.asked))
            raise self.fault(unknown[0], f"means nothing here; remove it, or write one of {known}.")


def _methodology(table: _Table) -> MethodologyFile:
    version = table.text("version")
    if not SEMVER.fullmatch(version):
        raise table.fault("version", f"is {version!r}; write three numbers such as 1.0.0.")
    found = MethodologyFile(
        code=table.code(),
        version=version,
        family=table.choice("family", Family),
        changelog=table.words("changelog"),
        content=Content(
            name=table.words("name", is_needed=True),
            summary=table.words("summary"),
            notice=table.words("notice"),
            roles=tuple(_role(row) for row in table.rows("roles")),
            phases=tuple(_phase(row) for row in table.rows("phases")),
            gates=tuple(_gate(row) for row in table.rows("gates")),
            requirements=tuple(_requirement(row) for row in table.rows("requirements")),
            checks=tuple(_check(row) for row in table.rows("checks")),
        ),
    )
    table.close()
    return found


def _role(table: _Table) -> RoleRule:
    found = RoleRule(
        code=table.code(),
        title=table.words("title", is_needed=True),
        duty=table.words("duty"),
        held_by=table.texts("held_by"),
    )
    table.close()
    return found


def _phase(table: _Table) -> PhaseRule:
    found = PhaseRule(
        code=table.code(),
        title=table.words("title", is_needed=True),
        purpose=table.words("purpose"),
        entry_criteria=table.words("entry_criteria"),
        is_repeatable=table.flag("repeatable"),
        is_continuous=table.flag("continuous"),
    )
    table.close()
    return found


def _gate(table: _Table) -> GateRule:
    found = GateRule(
        code=table.code(),
        closes_phase=table.text("closes_phase"),
        question=table.words("question", is_needed=True),
        deciders=table.texts("deciders"),
        quorum=table.number("quorum", 1),
        pass_threshold=Decimal(table.number("pass_threshold", 80)),
        is_repeatable=table.flag("repeatable"),
    )
    table.close()
    return found


def _requirement(table: _Table) -> RequirementRule:
    found = RequirementRule(
        code=table.code(),
        kind=table.choice("kind", RequirementKind, RequirementKind.ARTEFACT),
        title=table.words("title", is_needed=True),
        purpose=table.words("purpose"),
        condition=table.words("condition"),
        tiers=_by_tier(table, "tiers", TierRule),
        gate=table.text("gate", ""),
        refreshed_at=table.texts("refreshed_at"),
        cadence=_by_tier(table, "cadence", Cadence) if "cadence" in table.data else {},
        approver=table.text("approver", ""),
        weight=table.number("weight", 1),
        is_knock_out=table.flag("knock_out"),
        template=table.text("template", ""),
    )
    table.close()
    return found


def _by_tier(table: _Table, key: str, kind: type[E]) -> dict[str, E]:
    """Return a value for each of T1 to T4 from a text such as ``"M M R -"``; one value counts for all."""
    values = table.text(key).split()
    if len(values) not in (1, len(TIERS)):
        raise table.fault(key, f"has {len(values)} values; write one, or one each for T1 T2 T3 T4.")
    spread = values * len(TIERS) if len(values) == 1 else values
    return {tier: table.one_of(key, value, kind) for tier, value in zip(TIERS, spread, strict=True)}


def _check(table: _Table) -> CheckRule:
    tiers = table.texts("tiers")
    unknown = [tier for tier in tiers if tier not in TIERS]
    if unknown:
        raise table.fault("tiers", f"names {unknown[0]!r}; write tiers such as T3.")
    found = CheckRule(
        code=table.code(),
        gate=table.text("gate"),
        text=table.words("text", is_needed=True),
        weight=table.number("weight", 1),
        is_knock_out=table.flag("knock_out"),
        is_evidence_required=table.flag("evidence_required"),
        tiers=tiers,
    )
    table.close()
    return found
