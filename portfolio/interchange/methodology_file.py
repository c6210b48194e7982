"""Reads a methodology from a TOML file; faults name file, place and key, and what to do (STD-21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from portfolio.interchange.raci import shares_of
from portfolio.interchange.toml_table import SEMVER, ContentFileFault, KeyFault, TomlTable, read_toml
from portfolio.rollup.methodology import (
    TIERS,
    Cadence,
    CheckRule,
    ClosingRule,
    Content,
    Family,
    GateRule,
    PhaseRule,
    Probe,
    RequirementKind,
    RequirementRule,
    RoleRule,
    TierRule,
    Words,
)
from portfolio.rollup.methodology_check import faults_of, sentence_of

SHIPPED = Path(__file__).with_name("methodologies")

E = TypeVar("E", bound=StrEnum)


class MethodologyFileFault(ContentFileFault):
    """A file of a methodology that cannot be loaded."""


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
        table = read_toml(path)
    except KeyFault as fault:
        raise MethodologyFileFault(path.name, [str(fault)]) from fault
    return parse_methodology(table.data, file=path.name)


def parse_methodology(data: Mapping[str, Any], *, file: str) -> MethodologyFile:
    """Return the methodology of data read from TOML; raises `MethodologyFileFault`."""
    try:
        found = _methodology(TomlTable(data, ""))
    except KeyFault as fault:
        raise MethodologyFileFault(file, [str(fault)]) from fault
    faults = faults_of(found.content)
    if faults:
        raise MethodologyFileFault(file, [sentence_of(fault) for fault in faults])
    return found


def _methodology(table: TomlTable) -> MethodologyFile:
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
            closing=tuple(_closing(row) for row in table.rows("closing")),
        ),
    )
    table.close()
    return found


def _role(table: TomlTable) -> RoleRule:
    found = RoleRule(
        code=table.code(),
        title=table.words("title", is_needed=True),
        duty=table.words("duty"),
        held_by=table.texts("held_by"),
    )
    table.close()
    return found


def _phase(table: TomlTable) -> PhaseRule:
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


def _gate(table: TomlTable) -> GateRule:
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


def _requirement(table: TomlTable) -> RequirementRule:
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
        shares=shares_of(table),
    )
    table.close()
    return found


def _by_tier(table: TomlTable, key: str, kind: type[E]) -> dict[str, E]:
    """Return a value for each of T1 to T4 from a text such as ``"M M R -"``; one value counts for all."""
    values = table.text(key).split()
    if len(values) not in (1, len(TIERS)):
        raise table.fault(key, f"has {len(values)} values; write one, or one each for T1 T2 T3 T4.")
    spread = values * len(TIERS) if len(values) == 1 else values
    return {tier: table.one_of(key, value, kind) for tier, value in zip(TIERS, spread, strict=True)}


def _check(table: TomlTable) -> CheckRule:
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
        answered_by=table.choice("answered_by", Probe) if "answered_by" in table.data else None,
    )
    table.close()
    return found


def _closing(table: TomlTable) -> ClosingRule:
    found = ClosingRule(code=table.code(), text=table.words("text", is_needed=True), role=table.text("role"))
    table.close()
    return found
