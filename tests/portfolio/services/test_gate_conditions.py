"""Conditions of a gate: shown by their owner, settled by the forum (domain 2.5, ORG-8)."""

from datetime import timedelta

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import GateCondition
from portfolio.services.gate_conditions import ConditionGiven, end_condition, show_evidence
from portfolio.services.gate_watch import Watched, watch_gates
from tests.factories import user
from tests.portfolio.gates import G0_DAY, Scene, decided, scene
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db


def condition() -> tuple[Scene, GateCondition]:
    found = scene()
    given = [ConditionGiven("Show the fit", found.stella, G0_DAY)]
    return found, decided(found, "CONDITIONAL_GO", conditions=given).conditions.get()


def test_owner_shows_and_another_decider_agrees() -> None:
    found, row = condition()
    show_evidence(actor=found.stella, condition=row, evidence="See the note", today=DAY)
    with pytest.raises(NotAllowed, match="somebody else has to agree"):
        end_condition(actor=found.stella, condition=row, state="MET", note="", today=DAY)

    done = end_condition(actor=found.petra, condition=row, state="MET", note="", today=DAY)

    done.review.refresh_from_db()
    assert (done.state, done.ended_on, done.review.state) == ("MET", DAY, "CLOSED")
    assert Notification.objects.filter(kind="gate_condition_shown", user=found.petra).count() == 1
    with pytest.raises(Conflict, match="settled already"):
        end_condition(actor=found.petra, condition=row, state="WAIVED", note="Why", today=DAY)


def test_waiving_needs_a_reason() -> None:
    found, row = condition()

    with pytest.raises(DomainError, match="Say why it is waived"):
        end_condition(actor=found.petra, condition=row, state="WAIVED", note=" ", today=DAY)
    with pytest.raises(DomainError, match="Nobody has said yet"):
        end_condition(actor=found.petra, condition=row, state="MET", note="", today=DAY)

    row.refresh_from_db()
    assert row.state == "OPEN"


def test_outsiders_settle_nothing() -> None:
    _found, row = condition()
    before = AuditEntry.objects.count()
    charlie = user("Charlie")

    for act in (
        lambda: show_evidence(actor=charlie, condition=row, evidence="Done", today=DAY),
        lambda: end_condition(actor=charlie, condition=row, state="WAIVED", note="No", today=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert AuditEntry.objects.count() == before


def test_people_are_reminded_once() -> None:
    """The daily job tells of overdue gates and conditions; twice a day changes nothing."""
    found, _row = condition()
    later = G0_DAY + timedelta(days=31)

    first, second = watch_gates(today=later), watch_gates(today=later)

    assert first == second == Watched(coming=0, overdue=1, late_conditions=1, ended_holds=0)
    assert Notification.objects.filter(kind="gate_condition_late", user=found.stella).count() == 1
    assert Notification.objects.filter(kind="gate_overdue", user=found.alice).count() == 1


def test_gates_of_the_week_are_announced() -> None:
    found = scene()

    done = watch_gates(today=G0_DAY - timedelta(days=7))

    assert done == Watched(coming=1, overdue=0, late_conditions=0, ended_holds=0)
    assert Notification.objects.filter(kind="gate_coming", user=found.alice).count() == 1
