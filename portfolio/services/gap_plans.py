"""Plan what closes the gaps of a maturity profile, and follow it to done (MAT-5)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import Person
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.services.inbox import notify
from portfolio import actions
from portfolio.choices import GapState
from portfolio.models import Assessment, GapAction, MaturityAim
from portfolio.rollup.maturity import HIGHEST, Aim, Perspective, gaps_of
from portfolio.selectors.assessments import result_of
from projects.services.changes import require_version, save_version, write_changes

RIGHT = "assessment.edit"
FIELDS = frozenset({"action", "owner", "due", "effort", "state", "note"})
# What the owner of an action may change without leading assessments.
OWNER_FIELDS = frozenset({"state", "note"})
HEAVIEST = 3


@transaction.atomic
def plan_gaps(*, actor: Any, assessment: Assessment, aims: Mapping[str, Aim]) -> list[GapAction]:
    """
    Set the targets, and make an action of every statement below 2 up to its target level.

    Actions that stay keep owner, date and notes; those no target asks for any more are taken away while
    nobody has worked on them, else marked as not pursued.

    Parameters
    ----------
    aims : mapping
        By code of the perspective; perspectives that are left out have no target.

    Raises
    ------
    Conflict
        While the assessment is not closed.
    """
    _require_right(actor)
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    _check(locked, aims)
    profile = result_of(locked).profile
    assert profile is not None
    locked.aims.all().delete()
    MaturityAim.objects.bulk_create(
        MaturityAim(assessment=locked, perspective=code, target=aim.target, weight=aim.weight)
        for code, aim in sorted(aims.items())
    )
    gaps = {gap.code: gap for gap in gaps_of(profile, aims)}
    known = {each.statement: each for each in locked.actions.select_for_update().order_by("pk")}
    _let_go(known, set(gaps))
    for code, gap in gaps.items():
        each = known.get(code)
        if each is None:
            each = GapAction(
                assessment=locked, statement=code, perspective=gap.perspective.value, level=gap.level
            )
        elif each.state == GapState.DROPPED:
            each.state, each.ended_on = GapState.OPEN, None
        each.priority = gap.priority
        each.save()
    audit.record(
        actor=actor,
        action=actions.GAP_PLANNED,
        target=locked,
        node=organization_node(),
        after={"targets": {code: [aim.target, aim.weight] for code, aim in sorted(aims.items())}},
    )
    return list(locked.actions.in_order())


def _check(assessment: Assessment, aims: Mapping[str, Aim]) -> None:
    if assessment.is_need or assessment.state != "CLOSED":
        raise Conflict(_("Close the maturity assessment first, then plan its gaps."), code="NOT_CLOSED")
    for code, aim in aims.items():
        if code not in set(Perspective) or not 1 <= aim.target <= HIGHEST or not 1 <= aim.weight <= HEAVIEST:
            raise DomainError(
                _("A target is a level from 1 to 5 of a perspective, its weight a number from 1 to 3."),
                field=code,
            )


def _let_go(known: Mapping[str, GapAction], wanted: set[str]) -> None:
    """Take actions away that no target asks for any more."""
    for code, each in known.items():
        if code in wanted or each.state != GapState.OPEN:
            continue
        if each.owner_id is None and not each.action and not each.note:
            each.delete()
        else:
            each.state = GapState.DROPPED
            each.version += 1
            each.save(update_fields=["state", "version"])


@transaction.atomic
def edit_gap_action(
    *,
    actor: Any,
    gap_action: GapAction,
    changes: Mapping[str, Any],
    today: date,
    expected_version: int | None,
) -> GapAction:
    """
    Change an action; its owner may say what was done and that it is done.

    Raises
    ------
    NotAllowed
        If the person neither leads assessments nor owns the action.
    DomainError
        If it is ended without a note that says how.
    """
    locked = GapAction.objects.select_for_update(of=("self",)).get(pk=gap_action.pk)
    _require_part(actor, locked, changes)
    require_version(locked.version, expected=expected_version)
    old_owner = locked.owner_id
    before, after = write_changes(locked, changes=changes, allowed=FIELDS)
    if not after:
        return locked
    if locked.state != GapState.OPEN and not locked.note.strip():
        raise DomainError(_("Say what was done, or why it is not pursued."), field="note")
    if locked.state == GapState.OPEN:
        locked.ended_on = None
    elif locked.ended_on is None:
        locked.ended_on = today
    save_version(locked)
    if locked.owner_id and locked.owner_id != old_owner:
        _tell_owner(locked)
    audit.record(
        actor=actor,
        action=actions.GAP_ACTION_CHANGED,
        target=locked,
        node=organization_node(),
        before=before,
        after=after,
    )
    return locked


def _require_part(actor: Any, locked: GapAction, changes: Mapping[str, Any]) -> None:
    if actor is None or may(actor, RIGHT, organization_node()):
        return
    if locked.owner is not None and locked.owner.user_id == actor.pk and set(changes) <= OWNER_FIELDS:
        return
    raise NotAllowed(_("Only the PMO and the owner change this action."))


def _tell_owner(each: GapAction) -> None:
    """Tell the new owner, in the owner's language."""
    owner = Person.objects.select_related("user").get(pk=each.owner_id or 0)
    if owner.user is None:
        return
    with override(owner.user.spoken_language):
        notify(
            users=[owner.user],
            kind="gap_action",
            title=_("An action for maturity is yours: %(action)s") % {"action": each},
            url=each.get_absolute_url(),
            dedupe_key=f"gap-action:{each.pk}:{each.version}",
        )


def _require_right(actor: Any) -> None:
    if actor is not None and not may(actor, RIGHT, organization_node()):
        raise NotAllowed(_("Only the PMO leads assessments."))
