"""
Open, use, confirm and end emergency access (security requirements, principle (c) and matrix row 26).

An open access is a grant of the role `EMERGENCY_READER` on the project's own node that ends at an
hour, by the clock of the database. So every page, list and endpoint finds it by the one condition
that decides about everything else, and nothing has to know about emergencies.

A code that leads nowhere is treated like one that leads to a project: written down, told to the PMO
heads, counted against the limit, answered with the same words. What exists shows only afterwards, at
the price of a reason that others read.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import EmergencyAccess, RoleGrant, ScopeNode, User
from pmo_portal.accounts.scopes import holders_of, holds
from pmo_portal.common import trail
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.common.queue import enqueue
from pmo_portal.common.schedule import database_now

HOURS = (1, 2, 4)
SHORTEST_REASON = 20
LONGEST_REASON = 1000
LONGEST_CODE = 60
OPENED_PER_DAY = 10
PAGE = "/administration/emergency/"


@transaction.atomic
def open_access(
    *, actor: User, project_code: str, reason: str, hours: int, includes_confidential: bool = False
) -> EmergencyAccess:
    """
    Let the administrator read one project until the time is over, and tell every PMO head.

    Parameters
    ----------
    actor : User
        The administrator, who reads.
    project_code : str
        As the administrator knows it; whether it exists is not said.
    reason : str
        Why, in 20 to 1000 characters; PMO heads and auditors read it.
    hours : int
        One of `HOURS`.
    includes_confidential : bool
        The administrator states that the project is confidential; without it the access reaches none.

    Raises
    ------
    NotAllowed
        If the actor is no administrator.
    Conflict
        If an access of theirs is open, ten were opened in a day, or nobody could be told.
    """
    if not holds(actor, "emergency.open"):
        raise NotAllowed(_("Only system administrators open emergency access."))
    code, why = project_code.strip(), " ".join(reason.split())
    _require_complete(code, why, hours)
    user = User.objects.select_for_update().get(pk=actor.pk)
    _close_lapsed_of(user)
    now = database_now()
    heads = _require_possible(user, now)
    access = EmergencyAccess(
        user=user,
        project_code=code,
        node=_project_node(code, includes_confidential=includes_confidential),
        includes_confidential=includes_confidential,
        reason=why,
        opened_at=now,
        ends_at=now + timedelta(hours=hours),
    )
    access.full_clean(exclude=["opened_at"])
    access.save()
    _grant(access)
    User.objects.filter(pk=user.pk).update(has_emergency_access=True)
    for head in heads:
        _tell(head, access)
    after = {"hours": hours, "includes_confidential": includes_confidential, "ends_at": access.ends_at}
    _record("emergency.opened", actor=actor, access=access, after=after, reason=why)
    return access


@transaction.atomic
def end_access_now(*, actor: User, access: EmergencyAccess) -> EmergencyAccess:
    """
    End an access at once; the one who opened it and PMO heads may.

    Raises
    ------
    NotAllowed
        If the actor is neither.
    Conflict
        If it has ended.
    """
    if access.user_id != actor.pk and not holds(actor, "emergency.end"):
        raise NotAllowed(_("Only PMO heads end the emergency access of others."))
    user = User.objects.select_for_update().get(pk=access.user_id)
    _close_lapsed_of(user)
    locked = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("node").get(pk=access.pk)
    if locked.ended_at is not None:
        raise Conflict(_("This access has ended already."), code="ENDED")
    _end(locked, actor=actor, at=database_now())
    _record("emergency.ended", actor=actor, access=locked, after={"ended_at": locked.ended_at})
    return locked


@transaction.atomic
def confirm_access(*, actor: User, access: EmergencyAccess) -> EmergencyAccess:
    """
    Say as PMO head that the access was in order, during it or afterwards.

    Raises
    ------
    NotAllowed
        If the actor is no PMO head, or opened it.
    Conflict
        If it was confirmed before.
    """
    if not holds(actor, "emergency.end") or access.user_id == actor.pk:
        raise NotAllowed(_("A PMO head who did not open the access confirms it."))
    locked = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("node").get(pk=access.pk)
    if locked.confirmed_at is not None:
        raise Conflict(_("This access was confirmed already."), code="CONFIRMED")
    locked.confirmed_at, locked.confirmed_by = database_now(), actor
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    _record("emergency.confirmed", actor=actor, access=locked, after={"confirmed_at": locked.confirmed_at})
    return locked


@transaction.atomic
def note_use(*, actor: User, access: EmergencyAccess, request: str) -> None:
    """Write down what the person looked at; the answer leaves only when that is done."""
    _record("emergency.used", actor=actor, access=access, after={"request": request[:500]})


@transaction.atomic
def close_lapsed(*, user: User | None = None) -> int:
    """Write the end of accesses whose time is over; their rights ended with the hour. Return how many."""
    lapsed = EmergencyAccess.objects.lapsed()
    if user is not None:
        lapsed = lapsed.filter(user=user)
        User.objects.filter(pk=user.pk).exclude(pk__in=EmergencyAccess.objects.open().values("user")).update(
            has_emergency_access=False
        )
    people = User.objects.select_for_update().filter(pk__in=lapsed.values("user")).order_by("pk")
    return sum(_close_lapsed_of(person) for person in people)


@transaction.atomic
def end_accesses_of(*, actor: User | None, user: User) -> None:
    """End what is open of somebody who is no administrator any more (SEC-7)."""
    for access in EmergencyAccess.objects.open().filter(user=user).select_related("node").order_by("pk"):
        _end(access, actor=actor, at=database_now())
        _record("emergency.ended", actor=actor, access=access, after={"ended_at": access.ended_at})


@transaction.atomic
def end_accesses_to(*, node: ScopeNode) -> None:
    """End what is open to a project that becomes confidential, unless confidentiality was stated."""
    accesses = EmergencyAccess.objects.open().filter(node=node, includes_confidential=False)
    for access in accesses.order_by("pk"):
        _end(access, actor=None, at=database_now())
        _record("emergency.ended", actor=None, access=access, after={"ended_at": access.ended_at})


def _require_complete(code: str, reason: str, hours: int) -> None:
    if not code or len(code) > LONGEST_CODE:
        raise DomainError(_("Give the code of one project."), code="INVALID", field="project_code")
    if len(reason) < SHORTEST_REASON:
        raise DomainError(
            _("Give the reason in at least %(count)d characters: others read it.")
            % {"count": SHORTEST_REASON},
            code="TOO_SHORT",
            field="reason",
        )
    if len(reason) > LONGEST_REASON:
        raise DomainError(_("The reason is too long."), code="TOO_LONG", field="reason")
    if hours not in HOURS:
        raise DomainError(_("Choose one of the offered times."), code="INVALID", field="hours")


def _require_possible(user: User, now: datetime) -> list[User]:
    """Return the PMO heads to tell; the refusals say nothing about the project."""
    accesses = EmergencyAccess.objects.filter(user=user)
    if accesses.open().exists():
        raise Conflict(_("An emergency access of yours is open. End it first."), code="OPEN_ALREADY")
    if accesses.filter(opened_at__gt=now - timedelta(days=1)).count() >= OPENED_PER_DAY:
        raise Conflict(
            _("You have opened %(count)d emergency accesses in a day. Talk to a PMO head.")
            % {"count": OPENED_PER_DAY},
            code="TOO_MANY",
        )
    heads = list(User.objects.filter(pk__in=holders_of(Role.PMO_HEAD).values("user")).order_by("pk"))
    if not heads:
        raise Conflict(_("There is no PMO head who could be told. Name one first."), code="NOBODY_TO_TELL")
    return heads


def _project_node(code: str, *, includes_confidential: bool) -> ScopeNode | None:
    """Return the node of the project; the apps of projects lie above and are reached by name."""
    found = ScopeNode.objects.filter(kind=ScopeKind.PROJECT, project__code=code).first()
    is_out_of_reach = found is not None and found.is_confidential and not includes_confidential
    return None if is_out_of_reach else found


def _grant(access: EmergencyAccess) -> None:
    if access.node is None:
        return
    RoleGrant.objects.update_or_create(
        user=access.user,
        role=Role.EMERGENCY_READER,
        node=access.node,
        defaults={
            "valid_from": None,
            "valid_to": None,
            "ends_at": access.ends_at,
            "granted_by": access.user,
        },
    )


def _end(access: EmergencyAccess, *, actor: User | None, at: datetime) -> None:
    access.ended_at, access.ended_by = at, actor
    access.save(update_fields=["ended_at", "ended_by"])
    RoleGrant.objects.filter(user_id=access.user_id, role=Role.EMERGENCY_READER).delete()
    User.objects.filter(pk=access.user_id).update(has_emergency_access=False)


def _close_lapsed_of(user: User) -> int:
    lapsed = EmergencyAccess.objects.lapsed().filter(user=user).select_related("node").order_by("pk")
    for access in lapsed:
        _end(access, actor=None, at=access.ends_at)
        _record("emergency.lapsed", actor=None, access=access, after={"ended_at": access.ended_at})
    return len(lapsed)


def _tell(head: User, access: EmergencyAccess) -> None:
    """Order the message to a PMO head, in the words of the head's language, before all other work."""
    with override(head.spoken_language):
        values = {
            "name": access.user.name,
            "code": access.project_code,
            "time": date_format(timezone.localtime(access.ends_at), "SHORT_DATETIME_FORMAT"),
            "reason": access.reason,
        }
        title = _("Emergency access: %(name)s reads project %(code)s until %(time)s") % values
        body = _("Reason: %(reason)s\n\nYou can end it at once.") % values
        if access.node is None:
            body += "\n\n" + _("The code leads to no project this access reaches, so nothing was opened.")
    message = {
        "kind": "emergency_access",
        "title": title,
        "body": body,
        "url": PAGE,
        "dedupe_key": f"emergency:{access.pk}",
    }
    enqueue(
        "notifications.tell_person",
        key=f"emergency:{access.pk}:{head.pk}",
        arguments={"user_id": head.pk, "message": message},
        priority=1,
    )


def _record(
    action: str, *, actor: User | None, access: EmergencyAccess, after: dict[str, object], reason: str = ""
) -> None:
    """Write to the trail of the project; where there is none, to that of the organization."""
    node = access.node or ScopeNode.objects.filter(kind=ScopeKind.ORGANIZATION).order_by("pk").first()
    values = {"user": access.user.email, "project": access.project_code, **after}
    trail.record(actor=actor, action=action, target=access, node=node, after=values, reason=reason)
