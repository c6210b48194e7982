"""What increments may be placed in a project, and where (STD-20)."""

from dataclasses import dataclass
from datetime import date

from portfolio.choices import MethodologyFamily, MethodologyState
from portfolio.models import GateReview, MethodologyVersion, PhasePlacement
from portfolio.rollup.tailored import can_hold_increments, is_increment
from portfolio.selectors.gates import gate_stands
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from projects.models import Project


@dataclass(frozen=True)
class IncrementChoice:
    """A phase of a version that can be placed."""

    version: MethodologyVersion
    phase: str
    title: str


def increment_choices(placed: PhasePlacement | None) -> dict[str, IncrementChoice]:
    """Return the phases of hybrid versions in force, and the placed one, by a key for forms. One query."""
    rows = MethodologyVersion.objects.filter(
        methodology__family=MethodologyFamily.HYBRID, state=MethodologyState.EFFECTIVE
    )
    versions = list(rows.select_related("methodology").order_by("methodology__code"))
    if placed is not None and all(row.pk != placed.version_id for row in versions):
        versions.append(placed.version)
    return {
        f"{version.pk}:{phase.code}": IncrementChoice(
            version, phase.code, f"{phase.code} {said(phase.title)} – {version}"
        )
        for version in versions
        for phase in version.content.phases
        if is_increment(version.content, phase)
    }


def room_choices(project: Project, known: Governance, today: date) -> list[tuple[str, str]]:
    """Return the phases of the project's own version that can have increments inside still. One query."""
    content, ended = known.version.content, ended_phases(project, known, today)
    return [
        (phase.code, f"{phase.code} {said(phase.title)}")
        for phase in content.phases
        if can_hold_increments(content, phase) and phase.code not in ended
    ]


def ended_phases(project: Project, known: Governance, today: date) -> dict[str, str]:
    """Return the phases whose gate is passed or under review, with the gate. One query."""
    reviews = GateReview.objects.with_use().filter(project=project).defer("evidence")
    return {
        row.gate.closes_phase: row.gate.code
        for row in gate_stands(known, reviews, today)
        if row.is_newest and (row.is_passed or (row.review is not None and row.review.is_running))
    }
