"""Ask an office for help, take requests, answer them, and chase those that are late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holders_of, holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, NotAllowed
from pmo_portal.notifications.services import notify, settle
from portfolio import actions
from portfolio.choices import HelpState
from portfolio.models import HelpRequest, Pmo, PmoMember
from portfolio.rollup.answer_time import workdays_after
from projects.services.changes import require_version, save_version

ESCALATED_AFTER = 2
TITLES = {
    "asked": _("Help is wanted: %(title)s"),
    "answered": _("Your question is answered: %(title)s"),
    "late": _("The promised answer is late: %(title)s"),
    "escalated": _("A request for help stays without an answer: %(title)s"),
}


@dataclass(frozen=True)
class Chased:
    """How many messages a day brought."""

    reminded: int
    escalated: int


@transaction.atomic
def ask_for_help(
    *, actor: Any, office: Pmo, discipline: str, title: str, text: str = "", today: date
) -> HelpRequest:
    """
    Return a new request; the promise of the office on this day is kept with it.

    Active members of the discipline are told; without any, the head of the office (or the PMO heads).
    """
    if not holds(actor, "office.view"):
        raise NotAllowed(_("You may not ask the PMO for help."))
    made = HelpRequest(
        pmo=office,
        discipline=discipline,
        title=title.strip(),
        text=text.strip(),
        asked_by=actor,
        asked_on=today,
        due_on=workdays_after(today, office.answer_days),
    )
    made.full_clean()
    made.save()
    _record(actor, actions.HELP_ASKED, made, {}, {"discipline": discipline, "due_on": made.due_on})
    people = _experts(made, today) or _heads(made)
    _tell(people, "asked", made)
    return made


@transaction.atomic
def take_request(
    *, actor: Any, request: HelpRequest, today: date, expected_version: int | None
) -> HelpRequest:
    """Say that one looks after a request; another member may take it over."""
    locked = _locked(request, expected_version)
    require_helper(actor, locked, today)
    if locked.taken_by_id == actor.pk:
        raise Conflict(_("You have taken this request already."), code="TAKEN_ALREADY")
    before = {"taken_by": str(locked.taken_by) if locked.taken_by else None}
    locked.state, locked.taken_by = HelpState.TAKEN, actor
    save_version(locked)
    _settle(locked, "asked")
    _record(actor, actions.HELP_TAKEN, locked, before, {"taken_by": str(actor)})
    return locked


@transaction.atomic
def answer_request(
    *, actor: Any, request: HelpRequest, answer: str, today: date, expected_version: int | None
) -> HelpRequest:
    """Answer a request; who asked is told."""
    locked = _locked(request, expected_version)
    require_helper(actor, locked, today)
    before = {"state": locked.state}
    locked.state, locked.answer = HelpState.ANSWERED, answer.strip()
    locked.answered_by, locked.answered_on = actor, today
    save_version(locked)
    _settle(locked, "asked", "late", "escalated")
    _record(actor, actions.HELP_ANSWERED, locked, before, {"state": locked.state, "answered_on": today})
    _tell([locked.asked_by], "answered", locked)
    return locked


@transaction.atomic
def withdraw_request(*, actor: Any, request: HelpRequest, expected_version: int | None) -> HelpRequest:
    """Take one's own question back."""
    locked = _locked(request, expected_version)
    if locked.asked_by_id != actor.pk:
        raise NotAllowed(_("Only who asked withdraws a question."))
    before, locked.state = {"state": locked.state}, HelpState.WITHDRAWN
    save_version(locked)
    _settle(locked, "asked", "late", "escalated")
    _record(actor, actions.HELP_WITHDRAWN, locked, before, {"state": locked.state})
    return locked


@transaction.atomic
def chase_help(*, today: date) -> Chased:
    """
    Remind of requests whose promised day is over, and escalate them two working days later; each once.

    Who took the request is reminded, else the members of its discipline; escalations go to the head of the
    office, or to the PMO heads where it has none.
    """
    reminded = escalated = 0
    late = (
        HelpRequest.objects.waiting().filter(due_on__lt=today).select_related("pmo__head__user", "taken_by")
    )
    for each in late.order_by("pk"):
        own = [each.taken_by] if each.taken_by else _experts(each, today)
        reminded += _tell(own, "late", each)
        if workdays_after(each.due_on, ESCALATED_AFTER) < today:
            escalated += _tell(_heads(each), "escalated", each)
    return Chased(reminded=reminded, escalated=escalated)


def is_helper(user: Any, office_id: int, today: date) -> bool:
    """Whether the person answers for the office: an active member, or who sets up offices."""
    members = PmoMember.objects.active_on(today).filter(pmo_id=office_id, person__user=user)
    return members.exists() or may(user, "office.edit", organization_node())


def require_helper(actor: Any, request: HelpRequest, today: date) -> None:
    """Refuse who does not answer for the office, and one's own question (ORG-8)."""
    if not is_helper(actor, request.pmo_id, today):
        raise NotAllowed(_("Only members of the office answer its requests."))
    if request.asked_by_id == actor.pk:
        raise NotAllowed(_("Somebody else answers your own question."))


def _locked(request: HelpRequest, expected: int | None) -> HelpRequest:
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("pmo", "asked_by", "taken_by")
    locked = rows.get(pk=request.pk)
    require_version(locked.version, expected=expected)
    if locked.state not in {HelpState.OPEN, HelpState.TAKEN}:
        raise Conflict(_("This request is answered or withdrawn."), code="STATE_ORDER")
    return locked


def _experts(request: HelpRequest, today: date) -> list[User]:
    """Return the active members of the discipline, in the order of their rows."""
    rows = PmoMember.objects.active_on(today).filter(
        pmo=request.pmo_id, discipline=request.discipline, person__user__is_active=True
    )
    return _users(row.person.user for row in rows.select_related("person__user").order_by("pk"))


def _heads(request: HelpRequest) -> list[User]:
    head = request.pmo.head
    if head is not None and head.user is not None and head.user.is_active:
        return [head.user]
    return _users(row.user for row in holders_of(Role.PMO_HEAD).select_related("user").order_by("pk"))


def _users(found: Iterable[User | None]) -> list[User]:
    return list(dict.fromkeys(user for user in found if user is not None))


def _tell(users: Iterable[User], step: str, request: HelpRequest) -> int:
    """Tell each person in their own language; once for each step."""
    told = 0
    for user in users:
        with override(user.spoken_language):
            told += notify(
                users=[user],
                kind=f"help_{step}",
                title=str(TITLES[step]) % {"title": request},
                url=request.get_absolute_url(),
                dedupe_key=f"help-{step}:{request.pk}",
            )
    return told


def _settle(request: HelpRequest, *steps: str) -> None:
    settle(keys=[f"help-{step}:{request.pk}" for step in steps])


def _record(
    actor: Any, action: str, request: HelpRequest, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    node = organization_node()
    audit.record(actor=actor, action=action, target=request, node=node, before=before, after=after)
