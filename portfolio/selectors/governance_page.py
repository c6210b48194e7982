"""The tab Governance of a project: phases, requirements with the reason why, tier, compliance."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolio.choices import ArtefactState, MethodologyFamily, TailoringKind, WaiverState
from portfolio.choices import Cadence as CadenceChoice
from portfolio.models import (
    ArtefactStep,
    ComplexityScore,
    OwnRequirement,
    PhasePlacement,
    TailoringChoice,
    Waiver,
)
from portfolio.rollup.compliance import Compliance, Item, ItemStatus, StepState
from portfolio.rollup.methodology import EACH_GATE, Cadence, GateRule, RequirementRule, TierRule
from portfolio.selectors.complexity_words import FLOORS
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from portfolio.selectors.methodology_words import role_names

STATUS = {
    ItemStatus.MET: ("check", "green"),
    ItemStatus.PARTLY: ("clock", "amber"),
    ItemStatus.NOT_MET: ("x", "red"),
    ItemStatus.WAIVED: ("shield", "blue"),
    ItemStatus.NOT_DUE: ("minus", ""),
    ItemStatus.UNDATED: ("calendar-due", ""),
}


@dataclass(frozen=True)
class GateStop:
    """A phase with the days of its gate; ``occurrence`` is the newest review that is planned."""

    phase: str
    title: str
    gate: str
    question: str
    days: tuple[date, ...]
    occurrence: int
    is_passed: bool
    is_continuous: bool
    increments: str = ""


@dataclass(frozen=True)
class RequirementRow:
    """A requirement of the project: why it is asked for, where it stands, what may be done."""

    code: str
    title: str
    purpose: str
    why: str
    approver: str
    due_on: date | None
    status: str
    status_title: str
    icon: str
    tone: str
    is_late: bool
    step: ArtefactStep | None
    step_title: str
    is_control: bool
    is_asked: bool
    can_waive: bool
    can_tailor: bool
    is_own: bool = False
    times: int = 0


@dataclass(frozen=True)
class GovernancePage:
    """All the tab shows."""

    name: str
    version: Any
    tier: str
    score: ComplexityScore | None
    floors: tuple[str, ...]
    pending: ComplexityScore | None
    compliance: Compliance
    own_compliance: Compliance
    placement: PhasePlacement | None
    can_place: bool
    stops: tuple[GateStop, ...]
    asked: tuple[RequirementRow, ...]
    own: tuple[RequirementRow, ...]
    others: tuple[RequirementRow, ...]
    extras: tuple[ArtefactStep, ...]
    waivers: tuple[Waiver, ...]


def governance_page(
    known: Governance, *, pending: ComplexityScore | None, passed: Container[str], today: date
) -> GovernancePage:
    """Return what the tab shows, with the codes of the gates that were ``passed``. No query."""
    items = {item.code: item for item in known.items(today)}
    rows = [_row(known, row, items.get(row.code)) for row in known.content.requirements]
    score = known.score
    return GovernancePage(
        name=known.version.name,
        version=known.version,
        tier=known.records.tier,
        score=score,
        floors=tuple(str(FLOORS[floor]) for floor in score.floors) if score else (),
        pending=pending,
        compliance=known.compliance(today),
        own_compliance=known.own_compliance(today),
        placement=known.additions.placement,
        can_place=known.version.methodology.family != MethodologyFamily.HYBRID,
        stops=tuple(_stops(known, passed)),
        asked=tuple(row for row in rows if row.is_asked and not row.is_own),
        own=tuple(row for row in rows if row.is_own),
        others=tuple(row for row in rows if not row.is_asked),
        extras=tuple(
            step for code, step in known.last_steps.items() if known.content.requirement(code) is None
        ),
        waivers=known.waivers,
    )


def why_asked(known: Governance, row: RequirementRule) -> str:
    """Return in a sentence why a requirement is asked for, or is not: rule, tier, due gate, choice."""
    tier, rule = known.records.tier, row.rule_for(known.records.tier)
    values = {"tier": tier}
    own = known.additions.own.get(row.code)
    if own is not None:
        return _why_own(own, row.cadence.get(tier))
    choice = known.choices.get(row.code)
    if rule == TierRule.MANDATORY:
        sentence = _("Mandatory at tier %(tier)s.") % values
    elif rule == TierRule.RECOMMENDED:
        sentence = _("Recommended at tier %(tier)s.") % values
    else:
        sentence = _("Not needed at tier %(tier)s.") % values
    if row.gate:
        sentence = f"{sentence} {_due_at(known, row)}"
    elif tier in row.cadence:
        rhythm = _("Done %(rhythm)s.") % {"rhythm": CadenceChoice(row.cadence[tier]).label}
        sentence = f"{sentence} {rhythm}"
    if row.code in known.additions.placed:
        sentence = f"{sentence} {_each_increment(known, row)}"
    return f"{sentence} {_chosen(choice)}".strip() if choice else sentence


def _due_at(known: Governance, row: RequirementRule) -> str:
    """Return at which gates a requirement is due: its first one, and those it is refreshed at."""
    if row.gate == EACH_GATE:
        return _("Due at: %(gate)s.") % {"gate": _("each gate")}
    refreshed = [gate for gate in known.content.gates_of(row) if gate != row.gate]
    if not refreshed:
        return _("Due at: %(gate)s.") % {"gate": row.gate}
    values = {"gate": row.gate, "gates": ", ".join(refreshed)}
    return _("Due at: %(gate)s, refreshed at: %(gates)s.") % values


def _why_own(own: OwnRequirement, cadence: Cadence | None) -> str:
    values = {"reason": own.reason, "name": own.owner.name, "gate": own.gate}
    rhythm = str(CadenceChoice(cadence).label) if cadence else ""
    due = _("Due at: %(gate)s.") % values if own.gate else _("Done %(rhythm)s.") % {"rhythm": rhythm}
    who = _("Added by the project, owner %(name)s: “%(reason)s”") % values
    return f"{who} {due}"


def _each_increment(known: Governance, row: RequirementRule) -> str:
    placed = known.additions.placement
    values = {
        "phase": placed.phase if placed else "",
        "inside": placed.inside if placed else "",
        "rhythm": str(CadenceChoice(row.cadence[known.records.tier]).label),
    }
    return _("With each increment (%(phase)s inside %(inside)s), %(rhythm)s; a control, no gate.") % values


def status_title(status: ItemStatus) -> str:
    """Return the status of a requirement in a word or two."""
    return {
        ItemStatus.MET: _("Met"),
        ItemStatus.PARTLY: _("Partly met"),
        ItemStatus.NOT_MET: _("Not met"),
        ItemStatus.WAIVED: _("Waived"),
        ItemStatus.NOT_DUE: _("Not due yet"),
        ItemStatus.UNDATED: _("Gate has no date"),
    }[status]


def _chosen(choice: TailoringChoice) -> str:
    values = {
        "what": TailoringKind(choice.choice).label,
        "day": date_format(choice.made_on, "SHORT_DATE_FORMAT"),
        "name": choice.made_by.name if choice.made_by else "PMO Portal",
        "note": choice.note,
    }
    if choice.note:
        return _("%(what)s by %(name)s on %(day)s: “%(note)s”") % values
    return _("%(what)s by %(name)s on %(day)s.") % values


def _stops(known: Governance, passed: Container[str]) -> list[GateStop]:
    return [
        _stop(
            known,
            phase.code,
            said(phase.title),
            known.content.gate_of(phase.code),
            phase.is_continuous,
            passed,
        )
        for phase in known.content.phases
    ]


def _stop(
    known: Governance,
    phase: str,
    title: str,
    gate: GateRule | None,
    is_continuous: bool,
    passed: Container[str],
) -> GateStop:
    days = known.records.gate_dates.get(gate.code, ()) if gate else ()
    planned = [number for code, number in known.gate_days if gate is not None and code == gate.code]
    placed = known.additions.placement
    return GateStop(
        phase=phase,
        title=title,
        gate=gate.code if gate else "",
        question=said(gate.question) if gate else "",
        days=days,
        occurrence=max(planned, default=1),
        is_passed=gate is not None and gate.code in passed,
        is_continuous=is_continuous,
        increments=placed.phase if placed is not None and placed.inside == phase else "",
    )


def _waived(waiver: Waiver | None) -> str:
    """Return what a waiver says before the requirement is due; afterwards its state says so too."""
    if waiver is None:
        return ""
    if waiver.state == WaiverState.SUBMITTED:
        return _("A waiver is asked for.")
    return _("Waived until %(day)s.") % {"day": date_format(waiver.expires_on, "SHORT_DATE_FORMAT")}


def _row(known: Governance, row: RequirementRule, item: Item | None) -> RequirementRow:
    step = known.last_steps.get(row.code)
    icon, tone = STATUS[item.status] if item else ("minus", "")
    rule = row.rule_for(known.records.tier)
    open_waiver = next(
        (
            waiver
            for waiver in known.waivers
            if waiver.requirement == row.code
            and waiver.state in (WaiverState.SUBMITTED, WaiverState.APPROVED)
        ),
        None,
    )
    return RequirementRow(
        code=row.code,
        title=said(row.title),
        purpose=said(row.purpose),
        why=f"{why_asked(known, row)} {_waived(open_waiver)}".strip(),
        approver=role_names(known.content, (row.approver,)) if row.approver else "",
        due_on=item.due_on if item else None,
        status=item.status.value if item else "",
        status_title=status_title(item.status) if item else "",
        icon=icon,
        tone=tone,
        is_late=bool(item and item.is_late),
        step=step,
        step_title=str(ArtefactState(step.state).label) if step else "",
        is_control=bool(row.cadence),
        is_asked=item is not None,
        can_waive=rule == TierRule.MANDATORY
        and open_waiver is None
        and (item is None or item.status != ItemStatus.MET),
        can_tailor=rule != TierRule.MANDATORY,
        is_own=row.code in known.additions.own,
        times=sum(each.state == StepState.DONE for each in known.records.steps.get(row.code, ())),
    )
