"""Methodologies and their versions as the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pmo_portal.accounts.choices import Role
from portfolio.choices import Cadence, MethodologyState, RequirementKind, TierRule
from portfolio.models import Methodology, MethodologyBinding, MethodologyVersion
from portfolio.rollup.methodology import (
    EACH_GATE,
    TIERS,
    CheckRule,
    ClosingRule,
    Content,
    GateRule,
    PhaseRule,
    RequirementRule,
    RoleRule,
    Words,
)
from portfolio.rollup.methodology_check import faults_of
from portfolio.selectors.methodology_words import (
    ChangeLine,
    FaultLine,
    change_lines,
    fault_line,
    role_names,
)
from projects.models import Project


@dataclass(frozen=True)
class MethodologyCard:
    """A methodology in the list: its version in force, and what waits."""

    code: str
    name: str
    summary: str
    family: str
    notice: str
    version: str
    effective_from: date | None
    phases: int
    gates: int
    requirements: int
    pending: MethodologyVersion | None
    url: str


@dataclass(frozen=True)
class GateLine:
    """A gate with its checklist."""

    code: str
    question: str
    deciders: str
    quorum: int
    pass_threshold: Decimal
    is_repeatable: bool
    checks: tuple["CheckLine", ...]


@dataclass(frozen=True)
class PhaseLine:
    """A phase on the path, with the gate that closes it."""

    code: str
    title: str
    purpose: str
    entry_criteria: str
    is_repeatable: bool
    is_continuous: bool
    gate: GateLine | None


@dataclass(frozen=True)
class TierCell:
    """What a requirement is at a tier: letter and word."""

    tier: str
    letter: str
    word: str


@dataclass(frozen=True)
class RequirementLine:
    """A row of the table of requirements."""

    code: str
    title: str
    purpose: str
    condition: str
    kind: str
    kind_title: str
    due: str
    refreshed: str
    approver: str
    weight: int
    is_knock_out: bool
    cells: tuple[TierCell, ...]


@dataclass(frozen=True)
class RequirementGroup:
    """The requirements due at one gate; code "" holds those that recur."""

    code: str
    title: str
    rows: tuple[RequirementLine, ...]


@dataclass(frozen=True)
class CheckLine:
    """A question of a checklist."""

    code: str
    text: str
    weight: int
    is_knock_out: bool
    is_evidence_required: bool
    tiers: str


@dataclass(frozen=True)
class RoleLine:
    """A role with the roles of the portal that act in it."""

    code: str
    title: str
    duty: str
    held_by: str


@dataclass(frozen=True)
class ClosingLine:
    """A line of the closing checklist with who does it."""

    code: str
    text: str
    role: str


@dataclass(frozen=True)
class VersionPage:
    """All of a version, in the language of the moment."""

    name: str
    summary: str
    notice: str
    phases: tuple[PhaseLine, ...]
    continuous: tuple[PhaseLine, ...]
    groups: tuple[RequirementGroup, ...]
    roles: tuple[RoleLine, ...]
    closing: tuple[ClosingLine, ...]
    requirements: int
    checks: int
    faults: tuple[FaultLine, ...]
    lacks_changelog: bool


def methodology_versions(*, may_edit: bool) -> QuerySet[MethodologyVersion]:
    """Return the versions a person may read: drafts only those who edit, oldest first."""
    found = MethodologyVersion.objects.select_related("methodology", "owner", "submitted_by", "approved_by")
    rows = found if may_edit else found.lasting()
    return rows.order_by("methodology__code", "rank")


def methodology_cards(*, may_edit: bool) -> list[MethodologyCard]:
    """Return the methodologies with the version in force, or the newest without one. One query."""
    by_code: dict[str, list[MethodologyVersion]] = {}
    for version in methodology_versions(may_edit=may_edit):
        by_code.setdefault(version.methodology.code, []).append(version)
    return [_card(versions) for versions in by_code.values()]


def current_of(versions: Iterable[MethodologyVersion]) -> MethodologyVersion:
    """Return the version in force, or the newest without one."""
    rows = list(versions)
    return next((row for row in rows if row.state == MethodologyState.EFFECTIVE), rows[-1])


def versions_of(methodology: Methodology, *, may_edit: bool) -> list[MethodologyVersion]:
    """Return the versions of a methodology, newest first. One query."""
    rows = methodology_versions(may_edit=may_edit).filter(methodology=methodology)
    return list(rows.order_by("-rank"))


def version_page(version: MethodologyVersion) -> VersionPage:
    """Return what the page of a version shows. No query."""
    content = version.content
    phases = tuple(_phase(content, phase) for phase in content.phases)
    is_draft = version.state == MethodologyState.DRAFT
    return VersionPage(
        name=said(content.name),
        summary=said(content.summary),
        notice=said(content.notice),
        phases=tuple(phase for phase in phases if not phase.is_continuous),
        continuous=tuple(phase for phase in phases if phase.is_continuous),
        groups=_groups(content),
        roles=tuple(_role(role) for role in content.roles),
        closing=tuple(_closing(content, row) for row in content.closing),
        requirements=len(content.requirements),
        checks=len(content.checks),
        faults=tuple(fault_line(fault) for fault in faults_of(content)) if is_draft else (),
        lacks_changelog=is_draft and not version.says_what_changes,
    )


def version_changes(before: MethodologyVersion, after: MethodologyVersion) -> list[ChangeLine]:
    """Return what differs between two versions, in words. No query."""
    return change_lines(before.content, after.content)


@dataclass(frozen=True)
class Difference:
    """What the next version changes against the one in force, and how many running projects keep that one."""

    former: MethodologyVersion
    lines: tuple[ChangeLine, ...]
    keeping: int


def published_difference(version: MethodologyVersion, user: Any) -> Difference | None:
    """Return what making a version effective changes; None while no other is in force. Two queries."""
    rows = MethodologyVersion.objects.filter(methodology=version.methodology_id)
    former = rows.filter(state=MethodologyState.EFFECTIVE).exclude(pk=version.pk).first()
    if former is None:
        return None
    return Difference(
        former=former,
        lines=tuple(version_changes(former, version)),
        keeping=live_projects_of(former.pk, user),
    )


def published_sentence(version: MethodologyVersion, difference: Difference | None) -> str:
    """Return what was published, from when it holds, and how many projects keep the former one. No query."""
    if version.effective_from is None or version.state == MethodologyState.EFFECTIVE:
        told = _("%(name)s is published: new projects follow it from today on.") % {"name": version}
    else:
        day = date_format(version.effective_from, "SHORT_DATE_FORMAT")
        told = _("%(name)s is published: new projects follow it from %(day)s on.") % {
            "name": version,
            "day": day,
        }
    if difference is None:
        return told
    number, former = difference.keeping, difference.former.version
    kept = ngettext(
        "%(number)s running project you see keeps %(former)s.",
        "%(number)s running projects you see keep %(former)s.",
        number,
    )
    return f"{told} {kept % {'number': number, 'former': former}}"


def live_projects_of(version_id: int, user: Any) -> int:
    """Return how many live projects a person sees follow a version now. One query."""
    newest = (
        MethodologyBinding.objects.filter(project__in=Project.objects.visible_to(user).active())
        .order_by("project_id", "made_on", "pk")
        .values_list("project_id", "version_id")
    )
    return sum(followed == version_id for followed in dict(newest).values())


def said(words: Words) -> str:
    """Return a text in the language of the moment."""
    return words.text(get_language() or "en")


def _card(versions: list[MethodologyVersion]) -> MethodologyCard:
    shown = current_of(versions)
    content = shown.content
    pending = [row for row in versions if row.rank > shown.rank and row.state != MethodologyState.WITHDRAWN]
    return MethodologyCard(
        code=shown.methodology.code,
        name=said(content.name),
        summary=said(content.summary),
        family=shown.methodology.get_family_display(),
        notice=said(content.notice),
        version=shown.version,
        effective_from=shown.effective_from,
        phases=len(content.phases),
        gates=len(content.gates),
        requirements=len(content.requirements),
        pending=pending[-1] if pending else None,
        url=shown.methodology.get_absolute_url(),
    )


def _phase(content: Content, phase: PhaseRule) -> PhaseLine:
    gate = content.gate_of(phase.code)
    return PhaseLine(
        code=phase.code,
        title=said(phase.title),
        purpose=said(phase.purpose),
        entry_criteria=said(phase.entry_criteria),
        is_repeatable=phase.is_repeatable,
        is_continuous=phase.is_continuous,
        gate=_gate(content, gate) if gate else None,
    )


def _gate(content: Content, gate: GateRule) -> GateLine:
    return GateLine(
        code=gate.code,
        question=said(gate.question),
        deciders=role_names(content, gate.deciders),
        quorum=gate.quorum,
        pass_threshold=gate.pass_threshold,
        is_repeatable=gate.is_repeatable,
        checks=tuple(_check(check) for check in content.checks_of(gate.code)),
    )


def _check(check: CheckRule) -> CheckLine:
    return CheckLine(
        code=check.code,
        text=said(check.text),
        weight=check.weight,
        is_knock_out=check.is_knock_out,
        is_evidence_required=check.is_evidence_required,
        tiers=", ".join(check.tiers),
    )


def _groups(content: Content) -> tuple[RequirementGroup, ...]:
    """Return the requirements by the gate they are first due at; then each gate, then recurring ones."""
    wanted = [*((gate.code, said(gate.question)) for gate in content.gates), (EACH_GATE, ""), ("", "")]
    known = {code for code, _title in wanted}
    groups = [
        RequirementGroup(
            code,
            title,
            tuple(
                requirement_line(content, row)
                for row in content.requirements
                if row.gate == code or (code == "" and row.gate not in known)
            ),
        )
        for code, title in wanted
    ]
    return tuple(group for group in groups if group.rows)


def requirement_line(content: Content, row: RequirementRule) -> RequirementLine:
    """Return a requirement with its words."""
    cadences = dict.fromkeys(str(Cadence(row.cadence[tier]).label) for tier in TIERS if tier in row.cadence)
    return RequirementLine(
        code=row.code,
        title=said(row.title),
        purpose=said(row.purpose),
        condition=said(row.condition),
        kind=row.kind.value,
        kind_title=str(RequirementKind(row.kind.value).label),
        due=" / ".join(cadences) or row.gate,
        refreshed=", ".join(row.refreshed_at),
        approver=role_names(content, (row.approver,)) if row.approver else "",
        weight=row.weight,
        is_knock_out=row.is_knock_out,
        cells=tuple(_cell(row, tier) for tier in TIERS),
    )


def _cell(row: RequirementRule, tier: str) -> TierCell:
    rule = TierRule(row.rule_for(tier).value)
    return TierCell(tier, "–" if rule == TierRule.NOT_NEEDED else str(rule.value), str(rule.label))


def _role(role: RoleRule) -> RoleLine:
    return RoleLine(role.code, said(role.title), said(role.duty), portal_roles(role.held_by))


def _closing(content: Content, row: ClosingRule) -> ClosingLine:
    return ClosingLine(row.code, said(row.text), role_names(content, (row.role,)))


def portal_roles(codes: Iterable[str]) -> str:
    """Return the names of roles of the portal."""
    known: dict[str, Any] = dict(Role.choices)
    return ", ".join(str(known.get(code, code)) for code in codes)
