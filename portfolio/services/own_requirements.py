"""What a project asks of itself beside its methodology: added, changed, ended (STD-3)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import DomainError, StaleObject
from portfolio import actions
from portfolio.models import OwnRequirement
from portfolio.rollup.methodology_check import HIGHEST_WEIGHT, OWN_PREFIX
from portfolio.selectors.governance import Governance
from portfolio.selectors.increments import ended_phases
from portfolio.services.governance import bound, lock_project, record
from projects.models import Project
from projects.selectors.members import in_force_on, memberships

MOST = 50


@dataclass(frozen=True)
class OwnWish:
    """What is asked: due at a ``gate``, then approved by a role; or done at a ``cadence``."""

    title: str
    reason: str
    owner: User
    gate: str = ""
    cadence: str = ""
    approver: str = ""
    weight: int = 1

    def tidy(self) -> "OwnWish":
        """Return it without space around; a recurring one has no approver."""
        approver = "" if self.cadence else self.approver
        return replace(self, title=self.title.strip(), reason=self.reason.strip(), approver=approver)


@transaction.atomic
def add_own_requirement(
    *, actor: User | None, project: Project, wish: OwnWish, today: date
) -> OwnRequirement:
    """
    Let a project ask something more of itself; it gets the next number.

    It counts apart from what the methodology asks, and stays when the project goes on to another version.

    Raises
    ------
    DomainError
        If title, reason or due is missing, or gate, approver or owner is not one of this project.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    wish = wish.tidy()
    if len(known.additions.own) >= MOST:
        raise DomainError(_("A project has at most 50 requirements of its own."), code="TOO_MANY")
    _require_sound(known, project, wish, None, today)
    codes = OwnRequirement.objects.filter(project=project).values("code").distinct().count()
    made = _write(actor, project, f"{OWN_PREFIX}{codes + 1}", wish, today)
    record(actor, actions.OWN_REQUIREMENT_ADDED, made, project, after=_values(made), reason=made.reason)
    return made


@transaction.atomic
def change_own_requirement(
    *, actor: User | None, project: Project, code: str, expected: int, wish: OwnWish, today: date
) -> OwnRequirement:
    """
    Change a requirement of a project's own from today on; past days keep what was known then.

    Parameters
    ----------
    expected : int
        Key of the line the person saw.

    Raises
    ------
    StaleObject
        If it was changed or ended meanwhile.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    former = _own(known, code, expected)
    wish = wish.tidy()
    _require_sound(known, project, wish, former, today)
    before = _values(former)
    if before == _values(OwnRequirement(code=former.code, **_columns(wish))):
        return former
    made = _write(actor, project, former.code, wish, today)
    after = _values(made)
    record(
        actor, actions.OWN_REQUIREMENT_CHANGED, made, project, before=before, after=after, reason=made.reason
    )
    return made


@transaction.atomic
def end_own_requirement(
    *, actor: User | None, project: Project, code: str, expected: int, note: str, today: date
) -> OwnRequirement:
    """Let a requirement of a project's own end; what was done about it is kept as extra."""
    project = lock_project(actor, project)
    known = bound(project, today)
    former = _own(known, code, expected)
    if not note.strip():
        raise DomainError(_("Say why it ends."), field="note", code="NOTE_MISSING")
    made = OwnRequirement.objects.get(pk=former.pk)
    made.pk, made.made_on, made.made_by = None, today, actor
    made.is_ended, made.note = True, note.strip()
    made.save(force_insert=True)
    record(actor, actions.OWN_REQUIREMENT_ENDED, made, project, before=_values(former), reason=made.note)
    return made


def own_requirement(known: Governance, code: str) -> OwnRequirement | None:
    """Return a requirement of the project's own that has not ended."""
    return known.additions.own.get(code)


def _own(known: Governance, code: str, expected: int) -> OwnRequirement:
    found = own_requirement(known, code)
    if found is None or found.pk != expected:
        raise StaleObject(_("This requirement was changed or ended meanwhile. Look at it again."))
    return found


def _require_sound(
    known: Governance, project: Project, wish: OwnWish, former: OwnRequirement | None, today: date
) -> None:
    for name in ("title", "reason"):
        if not getattr(wish, name):
            raise DomainError(_("Write it down."), field=name, code="MISSING")
    if bool(wish.gate) == bool(wish.cadence):
        raise DomainError(
            _("Choose a gate it is due at, or how often it is done: one of the two."),
            field="gate",
            code="ONE_DUE",
        )
    if wish.gate and known.content.gate(wish.gate) is None:
        raise DomainError(_("There is no such gate in this version."), field="gate", code="NO_SUCH_GATE")
    is_kept = former is not None and former.gate == wish.gate
    if wish.gate and not is_kept and wish.gate in ended_phases(project, known, today).values():
        raise DomainError(
            _("This gate is passed or under review. Choose a later one."), field="gate", code="GATE_OVER"
        )
    if wish.gate and known.content.role(wish.approver) is None:
        raise DomainError(_("Say which role approves it."), field="approver", code="NO_SUCH_ROLE")
    if not 1 <= wish.weight <= HIGHEST_WEIGHT:
        raise DomainError(_("The weight is 1, 2 or 3."), field="weight", code="WEIGHT")
    is_same = former is not None and former.owner_id == wish.owner.pk
    members = memberships(project).filter(in_force_on(today), user__is_active=True, user=wish.owner)
    if not is_same and not members.exists():
        raise DomainError(
            _("Choose somebody with a role in the project."), field="owner", code="NOT_IN_THE_PROJECT"
        )


def _columns(wish: OwnWish) -> dict[str, Any]:
    names = ("title", "reason", "owner", "gate", "cadence", "approver", "weight")
    return {name: getattr(wish, name) for name in names}


def _write(actor: User | None, project: Project, code: str, wish: OwnWish, today: date) -> OwnRequirement:
    made = OwnRequirement(project=project, code=code, made_on=today, made_by=actor, **_columns(wish))
    made.full_clean()
    made.save()
    return made


def _values(row: OwnRequirement) -> dict[str, Any]:
    names = ("title", "reason", "gate", "cadence", "approver", "weight")
    return {"code": row.code, "owner": row.owner.name, **{name: getattr(row, name) for name in names}}
