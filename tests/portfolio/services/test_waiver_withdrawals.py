"""A request for a waiver is taken back by who asked; the page says who could decide (STD-7, ORG-8)."""

from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import MethodologyBinding, Waiver
from portfolio.selectors.waiver_rows import waiver_rows
from portfolio.services.waivers import decide_waiver, withdraw_waiver
from projects.models import Project
from tests.factories import grant, manager_of, user
from tests.portfolio.methods import DAY
from tests.portfolio.services.test_waiver_renewals import asked
from tests.portfolio.services.test_waiver_watch import governed

pytestmark = pytest.mark.django_db


def large() -> tuple[Project, User]:
    """A project of tier T3, for which Paula, the only head of the PMO, decides."""
    made = governed()
    MethodologyBinding.objects.update(tier="T3")
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    return made, paula


def test_only_who_asked_takes_it_back() -> None:
    made, paula = large()
    alice = manager_of(made)
    waiver = asked(made, actor=alice)

    with pytest.raises(NotAllowed):
        withdraw_waiver(actor=paula, waiver=waiver, today=DAY)
    withdraw_waiver(actor=alice, waiver=waiver, today=DAY)

    waiver.refresh_from_db()
    assert (waiver.state, waiver.approved_on, waiver.decided_by) == ("WITHDRAWN", None, None)
    assert AuditEntry.objects.get(action="waiver.withdrawn").actor == alice
    assert not Notification.objects.unread().filter(kind="waiver_asked").exists()
    with pytest.raises(Conflict):
        decide_waiver(actor=paula, waiver=waiver, is_approved=True, note="", today=DAY)
    assert asked(made, actor=alice).state == "SUBMITTED"


@pytest.mark.parametrize("others", [0, 1])
def test_the_page_says_who_could_decide(others: int) -> None:
    """The only head of the PMO who asks is told that nobody decides, and withdraws it on the page."""
    made, paula = large()
    for _number in range(others):
        grant(user("Peter"), Role.PMO_HEAD, organization_node())
    waiver = asked(made, actor=paula)
    (row,) = waiver_rows(made, [waiver], user=paula)
    client = Client()
    client.force_login(paula)
    at = "/portfolio/projects/P-1/governance/"

    shown = " ".join(client.get(at).content.decode().split())

    assert (row.may_decide, row.may_withdraw, row.deciders, row.is_stuck) == (
        *(False, True),
        *(("Peter", False) if others else ("", True)),
    )
    assert ("Waits for the PMO head: Peter" in shown) == bool(others)
    assert ("nobody but who asked for it holds that role here" in shown) == (not others)
    gone: Any = client.post(f"{at}waivers/{waiver.pk}/withdraw/", follow=True)
    assert "The request is withdrawn." in gone.content.decode()
    assert Waiver.objects.get().state == "WITHDRAWN"
