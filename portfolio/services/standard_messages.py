"""Messages about versions of standards: each person gets them once, in their own language."""

from collections.abc import Callable, Iterable
from typing import Protocol

from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import acting_on
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.notifications.services.inbox import notify


class Submitted(Protocol):
    """A version somebody handed in."""

    submitted_by_id: int | None


def approvers(*, besides: User | None) -> list[User]:
    """Return who may publish standards of the organization, but one person. One query."""
    grants = acting_on(roles_with("methodology.approve"), organization_node()).select_related("user")
    people = dict.fromkeys(grant.user for grant in grants.order_by("pk"))
    people.pop(besides, None)  # type: ignore[arg-type]
    return list(people)


def deciders_besides(user: User, version: Submitted) -> list[User]:
    """Return who may decide on what the person submitted; nobody where it was somebody else. One query."""
    return approvers(besides=user) if version.submitted_by_id == user.pk else []


def tell_each(
    people: Iterable[User],
    *,
    kind: str,
    title: Callable[[], str],
    body: Callable[[], str],
    url: str,
    key: str,
) -> int:
    """Tell people; title and body are made in the language of each. Return how many were told."""
    told = 0
    for person in people:
        with override(person.spoken_language):
            told += notify(users=[person], kind=kind, title=title(), body=body(), url=url, dedupe_key=key)
    return told
