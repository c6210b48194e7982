"""Bring a project to another version of its methodology (STD-2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError
from portfolio import actions
from portfolio.choices import MethodologyState
from portfolio.models import GateReview, MethodologyBinding, MethodologyVersion, TailoringChoice
from portfolio.rollup.tailored import holds_phase
from portfolio.rollup.upgrade import ended_choices
from portfolio.selectors.governance import Governance
from portfolio.services.governance import bound, lock_project, record
from portfolio.services.increments import take_out
from projects.models import Project


@transaction.atomic
def migrate_methodology(
    *,
    actor: User | None,
    project: Project,
    version: MethodologyVersion,
    expected: int,
    today: date,
    note: str = "",
) -> MethodologyBinding:
    """
    Let a project follow another version from today on.

    Artefacts stay with the requirement of the same code, those without one stay as extra. The project's
    choices stay, but for what it had dropped and is mandatory now. Its own requirements stay, and so do
    increments inside a phase, unless the version has that phase no more.

    Parameters
    ----------
    expected : int
        Key of the version the person saw the project on.

    Raises
    ------
    Conflict
        If the version is not in force, is the one it follows, the project was brought elsewhere meanwhile,
        or a review of a gate is not finished: it rests on the version it was requested under.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    _require_open_way(project, known, version, expected)
    made = MethodologyBinding.objects.create(
        project=project,
        version=version,
        tier=known.records.tier,
        made_on=today,
        made_by=actor,
        note=note.strip(),
    )
    new = known.additions.within(version.content)
    ended = ended_choices(new, tier=known.records.tier, choices=known.records.choices)
    placed = known.additions.placement
    if placed is not None and not holds_phase(version.content, placed.inside):
        gone = _("Version %(version)s has no such phase.") % {"version": version.version}
        take_out(actor=actor, project=project, known=known, note=gone, today=today)
    for code in ended:
        reason = _("Mandatory in version %(version)s.") % {"version": version.version}
        TailoringChoice.objects.create(
            project=project, requirement=code, choice="", note=reason, made_on=today, made_by=actor
        )
    before = {"version": str(known.version)}
    after = {"version": str(version), "ended_choices": list(ended)}
    record(actor, actions.METHODOLOGY_MIGRATED, made, project, before=before, after=after, reason=made.note)
    return made


def _require_open_way(
    project: Project, known: Governance, version: MethodologyVersion, expected: int
) -> None:
    """Refuse a version that is not in force or followed already, and a project that moved or is reviewed."""
    if known.version.pk != expected:
        raise Conflict(_("The project follows another version meanwhile. Look at the difference again."))
    if version.state != MethodologyState.EFFECTIVE:
        raise DomainError(_("Choose a version that is in force."), field="version", code="NOT_IN_FORCE")
    running = GateReview.objects.filter(project=project).undecided().order_by("pk").first()
    if running is not None:
        raise Conflict(
            _("Gate %(gate)s is under review, or a condition of it is open. Finish that first.")
            % {"gate": running.label},
            code="GATE_OPEN",
        )
    if version.pk == known.version.pk:
        raise Conflict(_("The project follows this version already."), code="BOUND_ALREADY")
