"""Tell people about gates, each in their own language."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.notifications.services import notify, settle
from portfolio.access import who_sees
from portfolio.models import GateReview


def tell(
    review: GateReview,
    people: Iterable[User],
    *,
    kind: str,
    title: Any,
    key: str,
    body: Any = "",
) -> None:
    """
    Put a message about a review into inboxes, once for each key; people who do not see the project get none.

    Parameters
    ----------
    title : lazy translation
        May name ``gate``, ``project`` and ``decision``.
    """
    by_language: dict[str, list[User]] = defaultdict(list)
    listed = list(people)
    seeing = who_sees(review.project, listed)
    for person in (row for row in listed if row.pk in seeing):
        by_language[person.spoken_language].append(person)
    for language, users in by_language.items():
        with override(language):
            values = {
                "gate": review.label,
                "project": review.project.name,
                "decision": review.get_decision_display(),
            }
            notify(
                users=users,
                kind=kind,
                title=str(title % values),
                body=str(body),
                url=review.get_absolute_url(),
                dedupe_key=_key(review, key),
            )


def settle_asked(review: GateReview, *keys: str, users: Iterable[User] | None = None) -> None:
    """Let messages about a review ask for nothing any more; ``keys`` as in `tell`, or their beginning."""
    settle(keys=[_key(review, key) for key in keys], users=users)


def _key(review: GateReview, key: str) -> str:
    return f"gate:{review.project_id}:{review.gate}:{review.occurrence}:{key}"
