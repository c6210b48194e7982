"""Messages about waivers, in the language of each: to who decides, who asked, and who manages the project."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holders_of, nearest_holders
from pmo_portal.notifications.services import notify, settle
from portfolio.choices import WaiverState as State
from portfolio.models import Waiver
from portfolio.selectors.governance import governance_address

TITLES = {
    State.APPROVED: _("Waiver approved: %(code)s in %(project)s"),
    State.REJECTED: _("Waiver refused: %(code)s in %(project)s"),
    State.EXPIRED: _("Waiver expired: %(code)s in %(project)s"),
    State.REVOKED: _("Waiver ended: %(code)s in %(project)s"),
}
COUNTS_AGAIN = _("The requirement counts again.")


def tell_of_wish(*, waiver: Waiver, besides: User | None) -> int:
    """Tell the nearest holders of the deciding role that a waiver waits, but who asked; return how many."""
    people = nearest_holders(waiver.project.node, [waiver.approver], besides=besides)
    title = _("Waiver to decide: %(code)s in %(project)s")
    return _tell(people, waiver, "waiver_asked", title, waiver.reason)


def rest_wish(*, waiver: Waiver) -> None:
    """Let the messages that asked for a decision rest."""
    settle(keys=[f"waiver-asked:{waiver.pk}"])


def tell_of_decision(*, waiver: Waiver, besides: User | None) -> int:
    """Tell who asked for it and who manages the project how it was decided, and why; nothing waits then."""
    rest_wish(waiver=waiver)
    return _tell(
        _concerned(waiver, besides),
        waiver,
        "waiver_decided",
        TITLES[State(waiver.state)],
        waiver.decision_note,
    )


def tell_of_end(*, waiver: Waiver, besides: User | None = None, note: str = "") -> int:
    """Tell who asked for it and who manages the project that the requirement counts again."""
    kind = "waiver_expired" if waiver.state == State.EXPIRED else "waiver_ended"
    return _tell(_concerned(waiver, besides), waiver, kind, TITLES[State(waiver.state)], note or COUNTS_AGAIN)


def tell_of_coming_end(*, waiver: Waiver) -> int:
    """Tell who asked for it and who manages the project that it ends soon, so that it is met or renewed."""
    title = _("Waiver ends on %(day)s: %(code)s in %(project)s")
    body = _("From the next day on the requirement counts again. Meet it, or ask for a renewal.")
    return _tell(_concerned(waiver, None), waiver, "waiver_ending", title, body)


def _concerned(waiver: Waiver, besides: User | None) -> list[User]:
    people = [waiver.requested_by] if waiver.requested_by else []
    managers = holders_of(Role.PROJECT_MANAGER).filter(node=waiver.project.node).select_related("user")
    people += [grant.user for grant in managers.order_by("pk")]
    return [person for person in dict.fromkeys(people) if person != besides]


def _tell(people: Iterable[User], waiver: Waiver, kind: str, title: Any, body: Any) -> int:
    told = 0
    for person in people:
        with override(person.spoken_language):
            about = {
                "code": waiver.requirement,
                "project": waiver.project.name,
                "day": date_format(waiver.expires_on, "DATE_FORMAT"),
            }
            told += notify(
                users=[person],
                kind=kind,
                title=str(title % about),
                body=str(body),
                url=governance_address(waiver.project.code) + "#waivers-title",
                dedupe_key=f"{kind.replace('_', '-')}:{waiver.pk}",
            )
    return told
