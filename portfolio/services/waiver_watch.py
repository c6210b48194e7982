"""Look after waivers: alert the PMO where too much is waived (STD-6), remind of those that end (STD-7)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import acting_on
from pmo_portal.common.templatetags.common import percent1
from pmo_portal.notifications.services import notify
from portfolio.access import who_sees
from portfolio.models import Waiver
from portfolio.rollup.compliance import ItemStatus
from portfolio.selectors.governance import Governance, governance_address, governance_of, governed_chunks
from portfolio.services.waiver_messages import tell_of_coming_end
from projects.models import Project

AHEAD = timedelta(days=14)
PMO = (Role.PMO_HEAD, Role.PMO_ANALYST)


@transaction.atomic
def watch_waivers(*, today: date) -> int:
    """
    Look at all live projects, and return in how many too much is waived.

    Safe to run twice: a person gets one message for a project until another waiver comes to count there.
    """
    return sum(
        _alert(project, known, today) for chunk in governed_chunks(today) for project, known in chunk.items()
    )


@transaction.atomic
def remind_of_ends(*, today: date) -> int:
    """
    Tell of the waivers that end within two weeks and whose renewal nobody asked for; return how many do.

    Safe to run twice: a person gets one message for each waiver.
    """
    found = list(Waiver.objects.ending(today, today + AHEAD).select_related("project__node", "requested_by"))
    for waiver in found:
        tell_of_coming_end(waiver=waiver)
    return len(found)


def alert_of_waivers(*, project: Project, today: date) -> bool:
    """Look at one project, as soon as a waiver of it was approved."""
    known = governance_of(project, today)
    return known is not None and _alert(project, known, today)


def _alert(project: Project, known: Governance, today: date) -> bool:
    """Tell the PMO of a project above the limit, each in their own language."""
    standing = known.compliance(today)
    if standing.waiver_rate is None or not standing.is_waived_too_often:
        return False
    newest = _newest_counting(known, today)
    for person in _pmo(project):
        with override(person.spoken_language):
            values = {
                "waived": standing.waived,
                "due": standing.due,
                "percent": percent1(standing.waiver_rate),
            }
            notify(
                users=[person],
                kind="waiver_rate",
                title=_("More than a fifth is waived: %(project)s") % {"project": project.name},
                body=_("%(waived)s of %(due)s requirements that are due are waived (%(percent)s).") % values,
                url=governance_address(project.code),
                dedupe_key=f"waiver-rate:{project.pk}:{newest}",
            )
    return True


def _newest_counting(known: Governance, today: date) -> int:
    """Return the key of the newest waiver that takes something out of the sum today."""
    waived = {item.code for item in known.items(today) if item.status == ItemStatus.WAIVED}
    return max((row.pk for row in known.waivers if row.requirement in waived), default=0)


def _pmo(project: Project) -> list[User]:
    """Return the PMO of the project, as far as it sees the project."""
    grants = acting_on(PMO, project.node).select_related("user").order_by("pk")
    people = list(dict.fromkeys(grant.user for grant in grants))
    seeing = who_sees(project, people)
    return [person for person in people if person.pk in seeing]
