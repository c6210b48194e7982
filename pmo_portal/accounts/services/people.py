"""People and their sign-ins."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import OrgUnit, Person, RoleGrant, User
from pmo_portal.accounts.services.emergency import end_accesses_of
from pmo_portal.accounts.services.feeds import end_feed_of
from pmo_portal.accounts.services.grants import require_others_hold
from pmo_portal.accounts.services.sessions import end_all_sessions
from pmo_portal.accounts.services.tokens import revoke_all_tokens
from pmo_portal.common import trail
from pmo_portal.common.errors import Conflict, DomainError, StaleObject
from pmo_portal.common.queue import enqueue

FIELDS = ("name", "email", "org_unit", "employee_no", "disciplines", "fte", "active_from", "active_to")
OWN_FIELDS = ("name", "language", "theme")


@transaction.atomic
def create_user(
    *, actor: User | None, email: str, name: str, password: str | None = None, read_language: str = ""
) -> User:
    """
    Make somebody who can sign in; without a password only after following a mailed link.

    Parameters
    ----------
    read_language : str
        What they are written in until they have read something or chosen.

    Raises
    ------
    ValidationError
        If the address is not one, or belongs to somebody else.
    """
    user = User(email=email.strip().lower(), name=name.strip(), read_language=read_language)
    user.set_password(password)
    user.full_clean()
    user.save()
    trail.record(actor=actor, action="user.created", target=user, after={"email": user.email})
    return user


@transaction.atomic
def create_person(
    *,
    actor: User | None,
    name: str,
    email: str = "",
    org_unit: OrgUnit | None = None,
    employee_no: str = "",
    disciplines: list[str] | None = None,
    fte: Decimal = Decimal(1),
    active_from: date | None = None,
    active_to: date | None = None,
    user: User | None = None,
) -> Person:
    """Write somebody down who works here; `invite_person` gives them a sign-in."""
    person = Person(
        name=name.strip(),
        email=email.strip().lower(),
        user=user,
        org_unit=org_unit,
        employee_no=employee_no.strip(),
        disciplines=sorted(disciplines or []),
        fte=fte,
        active_from=active_from,
        active_to=active_to,
    )
    person.full_clean()
    person.save()
    trail.record(actor=actor, action="person.created", target=person, after=_values(person))
    return person


@transaction.atomic
def edit_person(*, actor: User | None, person: Person, version: int, changes: Mapping[str, Any]) -> Person:
    """
    Change the named fields of a person; name and e-mail of the sign-in follow.

    Raises
    ------
    StaleObject
        If somebody else saved the person after ``version``.
    """
    locked = _lock(person, version)
    before = _values(locked)
    for field in FIELDS:
        if field in changes:
            setattr(locked, field, changes[field])
    locked.email = locked.email.strip().lower()
    locked.version += 1
    locked.full_clean()
    if locked.user is not None:
        _follow(locked.user, locked)
    locked.save()
    trail.record(actor=actor, action="person.edited", target=locked, before=before, after=_values(locked))
    return locked


@transaction.atomic
def invite_person(*, actor: User | None, person: Person, origin: str) -> User:
    """
    Give the person a sign-in if they have none, and mail them a link to set a password.

    Until they read the portal in a language of theirs they are written in that of who invites.

    Parameters
    ----------
    actor : User or None
        Who invites.
    person : Person
        Needs an e-mail address.
    origin : str
        Scheme and host of the link, such as ``https://pmo.example.org``.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if not locked.email:
        raise DomainError(_("Enter an e-mail address first."), code="NO_EMAIL", field="email")
    language = "" if actor is None else actor.spoken_language
    user = locked.user or create_user(
        actor=actor, email=locked.email, name=locked.name, read_language=language
    )
    if not user.is_active:
        raise Conflict(_("This person's access has ended. Give it back first."), code="INACTIVE")
    if locked.user_id is None:
        locked.user = user
        locked.version += 1
        locked.save(update_fields=["user", "version"])
    enqueue(
        "accounts.send_password_link",
        key=f"invitation:{user.pk}",
        arguments={"email": user.email, "origin": origin, "is_invitation": True},
    )
    trail.record(actor=actor, action="person.invited", target=locked, after={"email": user.email})
    return user


def note_language(*, user: User, language: str) -> None:
    """Remember what the person reads the portal in: messages and mails follow it. One query."""
    User.objects.filter(pk=user.pk).update(read_language=language)
    user.read_language = language


@transaction.atomic
def end_access(*, actor: User | None, person: Person, version: int, today: date, reason: str = "") -> Person:
    """
    End the person's access at once (SEC-7); nothing they did is deleted (ORG-7).

    Raises
    ------
    LastOfRole
        If nobody else would be administrator or PMO head.
    """
    locked = _lock(person, version)
    user = locked.user
    if user is not None:
        if actor is not None and user.pk == actor.pk:
            raise Conflict(_("You cannot end your own access."), code="OWN_ACCESS")
        for grant in RoleGrant.objects.filter(user=user).order_by("pk"):
            require_others_hold(grant)
        User.objects.filter(pk=user.pk).update(is_active=False)
        end_all_sessions(user=user)
        revoke_all_tokens(user=user)
        end_feed_of(user=user)
        end_accesses_of(actor=actor, user=user)
    locked.active_to = today if locked.active_from is None else max(today, locked.active_from)
    locked.version += 1
    locked.full_clean()
    locked.save()
    after = {"active_to": locked.active_to}
    trail.record(actor=actor, action="person.access_ended", target=locked, after=after, reason=reason)
    return locked


@transaction.atomic
def restore_access(*, actor: User | None, person: Person, version: int) -> Person:
    """Let somebody who came back sign in again, with the password and the grants they had."""
    locked = _lock(person, version)
    if locked.user_id is not None:
        User.objects.filter(pk=locked.user_id).update(is_active=True)
    locked.active_to = None
    locked.version += 1
    locked.save(update_fields=["active_to", "version"])
    trail.record(actor=actor, action="person.access_restored", target=locked)
    return locked


@transaction.atomic
def edit_own_profile(*, actor: User, changes: Mapping[str, Any]) -> User:
    """Change the person's own name, language and theme."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    before = {field: getattr(user, field) for field in OWN_FIELDS}
    for field in OWN_FIELDS:
        if field in changes:
            setattr(user, field, changes[field])
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(OWN_FIELDS))
    Person.objects.filter(user=user).exclude(name=user.name).update(name=user.name)
    after = {field: getattr(user, field) for field in OWN_FIELDS}
    trail.record(actor=actor, action="user.profile_edited", target=user, before=before, after=after)
    return user


@transaction.atomic
def password_changed(*, user: User, current_session: str = "") -> None:
    """End everything opened with the former password, the session that changed it aside (SEC-7)."""
    ended = end_all_sessions(user=user, except_key=current_session)
    revoked = revoke_all_tokens(user=user)
    after = {"sessions_ended": ended, "tokens_revoked": revoked, "feeds_ended": end_feed_of(user=user)}
    trail.record(actor=user, action="user.password_changed", target=user, after=after)


def _lock(person: Person, version: int) -> Person:
    locked = (
        Person.objects.select_for_update(of=("self",)).select_related("user", "org_unit").get(pk=person.pk)
    )
    if locked.version != version:
        raise StaleObject(_("Somebody else changed this person in between. Load the page again."))
    return locked


def _follow(user: User, person: Person) -> None:
    """Keep name and address of the sign-in like the person's."""
    if not person.email:
        raise DomainError(_("Somebody who signs in needs an e-mail address."), code="NO_EMAIL", field="email")
    if (user.email, user.name) == (person.email, person.name):
        return
    user.email, user.name = person.email, person.name
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email", "name"])


def _values(person: Person) -> dict[str, Any]:
    values = {field: getattr(person, field) for field in FIELDS}
    return values | {"org_unit": person.org_unit.code if person.org_unit else None}
