"""Increments inside a phase: a hybrid project is tailored (STD-20)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError
from portfolio import actions
from portfolio.choices import MethodologyFamily, MethodologyState
from portfolio.models import MethodologyVersion, PhasePlacement
from portfolio.rollup.methodology import Cadence
from portfolio.rollup.tailored import (
    RHYTHMS,
    Increments,
    holds_phase,
    increment_rows,
    is_increment,
    same_codes,
)
from portfolio.selectors.governance import Governance
from portfolio.selectors.increments import ended_phases
from portfolio.services.governance import bound, lock_project, record
from projects.models import Project


@transaction.atomic
def place_increments(
    *,
    actor: User | None,
    project: Project,
    version: MethodologyVersion,
    phase: str,
    inside: str,
    cadence: str,
    today: date,
    note: str = "",
) -> PhasePlacement:
    """
    Place the repeated phase of a hybrid methodology inside a phase of the project's own.

    Its reviews, and what is due at them, become controls that recur while the phase lasts; they are no gates.
    Placing again replaces what was placed.

    Raises
    ------
    DomainError
        If the version is not in force or not hybrid, a phase does not fit, or increments would be longer than
        thirteen weeks.
    Conflict
        If the project is hybrid itself, or the gate that closes the phase is passed or under review.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    if known.version.methodology.family == MethodologyFamily.HYBRID:
        raise Conflict(
            _("This methodology works in increments already, so none are placed inside it."),
            code="HYBRID_ALREADY",
        )
    _require_source(known, version, phase)
    _require_room(project, known, inside, today)
    if cadence not in RHYTHMS:
        raise DomainError(_("An increment lasts at most thirteen weeks."), field="cadence", code="TOO_LONG")
    source = version.content
    rows = increment_rows(Increments(source, phase, inside, Cadence(cadence)))
    base = known.version.content
    twice = same_codes(base, rows)
    if twice:
        raise Conflict(
            _("Both methodologies use the code %(codes)s, so they cannot be told apart.")
            % {"codes": ", ".join(twice)},
            code="CODE_TWICE",
        )
    made = PhasePlacement(
        project=project,
        version=version,
        phase=phase,
        inside=inside,
        cadence=cadence,
        note=note.strip(),
        made_on=today,
        made_by=actor,
    )
    made.full_clean()
    made.save()
    after = {"version": str(version), "phase": phase, "inside": inside, "cadence": cadence}
    record(actor, actions.INCREMENTS_PLACED, made, project, after=after, reason=made.note)
    return made


@transaction.atomic
def end_increments(*, actor: User | None, project: Project, note: str, today: date) -> PhasePlacement:
    """
    Take the increments out of their phase; what was done stays as extra.

    Raises
    ------
    DomainError
        If there is no reason.
    Conflict
        If none are placed.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    if not note.strip():
        raise DomainError(_("Say why the increments end."), field="note", code="NOTE_MISSING")
    if known.additions.placement is None:
        raise Conflict(_("No increments are placed in this project."), code="NOT_PLACED")
    return take_out(actor=actor, project=project, known=known, note=note.strip(), today=today)


def take_out(
    *, actor: User | None, project: Project, known: Governance, note: str, today: date
) -> PhasePlacement:
    """Write the line that ends the placement there is."""
    former = known.additions.placement
    assert former is not None
    made = PhasePlacement.objects.create(
        project=project,
        version=former.version,
        phase=former.phase,
        inside="",
        cadence=former.cadence,
        note=note,
        made_on=today,
        made_by=actor,
    )
    before = {"phase": former.phase, "inside": former.inside}
    record(actor, actions.INCREMENTS_ENDED, made, project, before=before, reason=note)
    return made


def _require_source(known: Governance, version: MethodologyVersion, phase: str) -> None:
    former = known.additions.placement
    is_kept = former is not None and former.version_id == version.pk
    if version.state != MethodologyState.EFFECTIVE and not is_kept:
        raise DomainError(_("Choose a version that is in force."), field="version", code="NOT_IN_FORCE")
    rule = next((row for row in version.content.phases if row.code == phase), None)
    is_hybrid = version.methodology.family == MethodologyFamily.HYBRID
    if rule is None or not is_hybrid or not is_increment(version.content, rule):
        raise DomainError(
            _("Choose a phase of a hybrid methodology that repeats and ends with a review each time."),
            field="phase",
            code="NO_INCREMENT",
        )


def _require_room(project: Project, known: Governance, inside: str, today: date) -> None:
    if not holds_phase(known.version.content, inside):
        raise DomainError(
            _("Choose a phase that ends once, at a gate."), field="inside", code="NO_SUCH_PHASE"
        )
    gate = ended_phases(project, known, today).get(inside)
    if gate is not None:
        raise Conflict(
            _("Gate %(gate)s, which closes this phase, is passed or under review.") % {"gate": gate},
            code="PHASE_OVER",
        )
