"""Waivers that are renewed, and who is told what about them (STD-7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.notifications.models import Notification
from portfolio.models import Waiver
from portfolio.selectors.governance import governance_of
from portfolio.services.waiver_watch import remind_of_ends
from portfolio.services.waivers import decide_waiver, expire_waivers, request_waiver, revoke_waiver
from projects.models import Project
from tests.factories import grant, manager_of, user
from tests.portfolio.methods import DAY
from tests.portfolio.services.test_waiver_watch import governed

pytestmark = pytest.mark.django_db
LAST, LATER = DAY + timedelta(days=30), DAY + timedelta(days=120)
RENEWED_ON = DAY + timedelta(days=20)


def asked(made: Project, *, until: date = LAST, on: date = DAY, actor: Any = None) -> Waiver:
    return request_waiver(
        actor=actor, project=made, requirement="SG-05", reason="Late", risk="A gap",
        compensating_control="A note", expires_on=until, today=on,
    )  # fmt: skip


def approved(made: Project, **given: Any) -> Waiver:
    waiver = asked(made, **given)
    return decide_waiver(
        actor=None, waiver=waiver, is_approved=True, note="Agreed", today=given.get("on", DAY)
    )


def messages() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind__startswith="waiver_").order_by("pk")
    return [(row.user.name, row.title, row.body) for row in rows]


def test_a_renewal_takes_over_without_a_gap() -> None:
    """The requirement is waived on every day from the first to the last, and again due after it."""
    made = governed()
    first = approved(made)
    second = approved(made, until=LATER, on=RENEWED_ON)

    first.refresh_from_db()
    days = [DAY, RENEWED_ON - timedelta(days=1), RENEWED_ON, LATER, LATER + timedelta(days=1)]
    waived = [governance_of(made, day).compliance(day).waived for day in days]  # type: ignore[union-attr]

    assert (first.state, first.revoked_on, second.state) == ("RENEWED", RENEWED_ON, "APPROVED")
    assert waived == [1, 1, 1, 1, 0]
    assert expire_waivers(today=LAST + timedelta(days=1)) == 0
    assert AuditEntry.objects.filter(action="waiver.renewed").count() == 1


def test_a_renewal_lasts_longer_and_waits_alone() -> None:
    made = governed()
    approved(made)
    before = AuditEntry.objects.count()

    with pytest.raises(DomainError) as short:
        asked(made, until=LAST)
    assert (short.value.field, short.value.code) == ("expires_on", "NOT_LONGER")
    assert AuditEntry.objects.count() == before
    asked(made, until=LATER)
    with pytest.raises(Conflict) as twice:
        asked(made, until=LATER + timedelta(days=1))
    assert twice.value.code == "WAIVER_OPEN"


def test_a_refused_renewal_leaves_the_waiver_that_holds() -> None:
    made = governed()
    first = approved(made)

    decide_waiver(actor=None, waiver=asked(made, until=LATER), is_approved=False, note="No", today=DAY)

    first.refresh_from_db()
    assert first.state == "APPROVED"


def test_each_step_of_a_waiver_tells_whom_it_concerns() -> None:
    """Who decides when it is asked for; who asked and the manager how it went; nobody about the own deed."""
    made = governed()
    alice, sponsor = manager_of(made), user("Stella", language="de")
    grant(sponsor, Role.SPONSOR, made.node)

    waiver = asked(made, actor=alice)
    decide_waiver(actor=sponsor, waiver=waiver, is_approved=True, note="Agreed", today=DAY)
    revoke_waiver(actor=sponsor_as_manager(made), waiver=waiver, note="Not needed", today=DAY)

    assert messages() == [
        ("Stella", "Ausnahme zu entscheiden: SG-05 in Bridge", "Late"),
        ("Alice", "Waiver approved: SG-05 in Bridge", "Agreed"),
        ("Alice", "Waiver ended: SG-05 in Bridge", "Not needed"),
    ]


def sponsor_as_manager(made: Project) -> Any:
    """Somebody else who may edit the governance."""
    other = user("Paul")
    grant(other, Role.PROGRAM_MANAGER, made.node)
    return other


def test_the_coming_end_is_told_once_and_not_while_a_renewal_waits() -> None:
    made = governed()
    alice = manager_of(made)
    approved(made, actor=alice)
    Notification.objects.all().delete()

    early = remind_of_ends(today=LAST - timedelta(days=15))
    found = [remind_of_ends(today=LAST - timedelta(days=14)) for _time in (1, 2)]
    asked(made, until=LATER)
    waiting = remind_of_ends(today=LAST - timedelta(days=13))

    assert (early, found, waiting) == (0, [1, 1], 0)
    assert [(name, title) for name, title, _body in messages()] == [
        ("Alice", "Waiver ends on 1 April 2026: SG-05 in Bridge")
    ]
