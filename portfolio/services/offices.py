"""Set up offices with charter and members (ORG-1, ORG-3, ORG-7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError, NotAllowed
from portfolio import actions
from portfolio.models import Pmo, PmoCharter, PmoMember
from projects.services.changes import described_values, require_version, save_version, write_changes

RIGHT = "office.edit"
OFFICE_FIELDS = frozenset({"name", "scope_unit", "parent", "mandate", "head", "answer_days"})
MEMBER_FIELDS = frozenset(
    {"person", "discipline", "role", "topics", "allocation_percent", "valid_from", "valid_to"}
)
DEEPEST = 10


@transaction.atomic
def create_office(*, actor: Any, **facts: Any) -> Pmo:
    """Return a new office; ``facts`` are those of `OFFICE_FIELDS`."""
    _require_right(actor)
    made = Pmo()
    _before, after = write_changes(made, changes=facts, allowed=OFFICE_FIELDS)
    _require_tree(made)
    made.full_clean()
    made.save()
    _record(actor, actions.OFFICE_CREATED, made, {}, after)
    return made


@transaction.atomic
def edit_office(*, actor: Any, office: Pmo, changes: Mapping[str, Any], expected_version: int | None) -> Pmo:
    """
    Save new values of an office.

    Raises
    ------
    DomainError
        If the new parent lies below the office (`CYCLE`) or the tree would be deeper than ten.
    """
    _require_right(actor)
    list(Pmo.objects.select_for_update().order_by("pk"))
    locked = Pmo.objects.get(pk=office.pk)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=OFFICE_FIELDS)
    if after:
        _require_tree(locked)
        save_version(locked)
        _record(actor, actions.OFFICE_CHANGED, locked, before, after)
    return locked


@transaction.atomic
def adopt_charter(*, actor: Any, office: Pmo, text: str, change_note: str, today: date) -> PmoCharter:
    """
    Return the next version of the charter; former ones stay as they were.

    Raises
    ------
    DomainError
        If the text is empty, or the one in force already.
    """
    _require_right(actor)
    locked = _locked(office)
    former = locked.charters.order_by("-number").first()
    if former is not None and former.text.strip() == text.strip():
        raise DomainError(_("This is the charter in force already."), code="NO_CHANGE", field="text")
    made = PmoCharter(
        pmo=locked,
        number=former.number + 1 if former else 1,
        text=text.strip(),
        change_note=change_note.strip(),
        adopted_on=today,
        adopted_by=actor,
    )
    made.full_clean()
    made.save()
    before = {"version": former.number} if former else {}
    _record(actor, actions.OFFICE_CHARTERED, made, before, {"version": made.number})
    return made


@transaction.atomic
def add_member(*, actor: Any, office: Pmo, **facts: Any) -> PmoMember:
    """Return a new member; ``facts`` are those of `MEMBER_FIELDS`."""
    _require_right(actor)
    made = PmoMember(pmo=_locked(office), **facts)
    made.full_clean()
    made.save()
    _record(actor, actions.OFFICE_MEMBER_ADDED, made, {}, described_values(made, names=facts))
    return made


@transaction.atomic
def edit_member(
    *, actor: Any, member: PmoMember, changes: Mapping[str, Any], expected_version: int | None
) -> PmoMember:
    """Save new values of a member; leaving is a last day, the row stays (ORG-7)."""
    _require_right(actor)
    locked = PmoMember.objects.select_for_update(of=("self",)).select_related("person").get(pk=member.pk)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=MEMBER_FIELDS)
    if after:
        save_version(locked)
        _record(actor, actions.OFFICE_MEMBER_CHANGED, locked, before, after)
    return locked


def _locked(office: Pmo) -> Pmo:
    return Pmo.objects.select_for_update(of=("self",)).get(pk=office.pk)


def _require_tree(office: Pmo) -> None:
    above, steps = office.parent, _height(office)
    while above is not None:
        if above.pk == office.pk:
            raise DomainError(_("An office cannot be part of itself."), code="CYCLE", field="parent")
        above, steps = above.parent, steps + 1
        if steps > DEEPEST:
            raise DomainError(_("Offices may be nested ten deep."), code="TOO_DEEP", field="parent")


def _height(office: Pmo) -> int:
    """Return how many levels the office and those below it take. A query for each level."""
    levels, row = 1, [office.pk]
    while levels <= DEEPEST:
        row = list(Pmo.objects.filter(parent__in=row).order_by("pk").values_list("pk", flat=True))
        if not row:
            break
        levels += 1
    return levels


def _require_right(actor: Any) -> None:
    if actor is not None and not may(actor, RIGHT, organization_node()):
        raise NotAllowed(_("Only the PMO changes its offices."))


def _record(
    actor: Any,
    action: str,
    target: Pmo | PmoCharter | PmoMember,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    node = organization_node()
    audit.record(actor=actor, action=action, target=target, node=node, before=before, after=after)
