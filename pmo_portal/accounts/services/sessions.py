"""Open sessions: write them down, list them, end them."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User, UserSession
from pmo_portal.accounts.scopes import grants_in_force, holds
from pmo_portal.common import trail
from pmo_portal.common.errors import NotAllowed


def idle_limit(user: User) -> int:
    """Return after how many seconds without a request the person is signed out: the shortest of the roles."""
    own, common = settings.SESSION_IDLE_BY_ROLE, settings.SESSION_IDLE_SECONDS
    roles = grants_in_force(user).values_list("role", flat=True).distinct() if own else ()
    return min((own.get(role, common) for role in roles), default=common)


def is_over(*, user: User, idle: int, age: int) -> bool:
    """Whether a session ended by itself (SEC-4). Asks for the roles only after the shortest time there is."""
    if age > settings.SESSION_ABSOLUTE_SECONDS:
        return True
    shortest = min([settings.SESSION_IDLE_SECONDS, *settings.SESSION_IDLE_BY_ROLE.values()])
    return idle > shortest and idle > idle_limit(user)


def note_session(*, user: User, session_key: str, address: str, agent: str) -> None:
    """Write an open session down, or that it was seen again. One query."""
    seen = UserSession(
        user=user,
        session_key=session_key,
        address=address[:45],
        agent=agent[:300],
        seen_at=timezone.now(),
    )
    UserSession.objects.bulk_create(
        [seen],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "address", "agent", "seen_at"],
    )


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Return the person's sessions that still exist, the latest seen first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-seen_at", "-pk")


@transaction.atomic
def end_session(*, actor: User, session: UserSession) -> None:
    """
    End one session at once; its cookie is worth nothing afterwards.

    Raises
    ------
    NotAllowed
        If it is somebody else's and the actor does not administer people.
    """
    if session.user_id != actor.pk and not holds(actor, "user.edit"):
        raise NotAllowed(_("Only administrators end the sessions of others."))
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    trail.record(actor=actor, action="session.ended", target=session.user, after={"agent": session.agent})


@transaction.atomic
def end_all_sessions(*, user: User, except_key: str = "") -> int:
    """End the person's sessions but one; return how many (SEC-7). The caller writes the audit entry."""
    ended = UserSession.objects.filter(user=user).exclude(session_key=except_key)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


@transaction.atomic
def end_other_sessions(*, actor: User, current_key: str) -> int:
    """End all of the person's own sessions but the current one; return how many."""
    ended = end_all_sessions(user=actor, except_key=current_key)
    trail.record(actor=actor, action="session.others_ended", target=actor, after={"sessions": ended})
    return ended


def forget_ended_sessions(*, now: datetime) -> int:
    """Delete sessions that ran out, and list entries without a session; return how many entries."""
    Session.objects.filter(expire_date__lte=now).delete()
    alive = Session.objects.values("session_key")
    return UserSession.objects.exclude(session_key__in=alive).delete()[0]
