"""Conditions of a gate: shown by their owner, settled by the forum (domain 2.5, ORG-8)."""

from datetime import timedelta

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import GateCondition
from portfolio.services.gate_conditions import ConditionGiven, end_condition, show_evidence
from portfolio.services.gate_watch import Watched, watch_gates
from projects.models import Project
from projects.services.cost_holds import hold_costs
from projects.services.states import change_state
from tests.factories import grant, user
from tests.portfolio.gates import G0_DAY, Scene, decided, executing, prepare, scene
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


def test_nobody_is_reminded_of_a_project_on_hold() -> None:
    """Appendix A.2: no reminders of its gates and conditions while it rests."""
    found, _row = condition()
    Project.objects.filter(pk=found.project.pk).update(state="ON_HOLD", state_before_hold="EXECUTING")

    watched = watch_gates(today=G0_DAY + timedelta(days=31))

    assert watched == Watched(coming=0, overdue=0, late_conditions=0, ended_holds=0)
    assert not Notification.objects.filter(kind__in=["gate_overdue", "gate_condition_late"]).exists()


def test_pmo_is_reminded_when_a_hold_has_ended() -> None:
    """Domain 2.5: the day after its 90 days the PMO hears of it, once, and not when work went on."""
    found = executing()
    head = grant(user("Paula"), Role.PMO_HEAD, organization_node()).user
    decided(found, "HOLD")
    last, after = DAY + timedelta(days=90), DAY + timedelta(days=91)

    told = [watch_gates(today=day).ended_holds for day in (last, after, after)]
    change_state(actor=None, project=found.project, state="EXECUTING", today=after)

    assert told == [0, 1, 1]
    assert Notification.objects.get(kind="gate_hold_ended").user == head
    assert watch_gates(today=after + timedelta(days=1)).ended_holds == 0


def test_hold_that_was_made_longer_has_not_ended() -> None:
    """The next review holds the project now; its own last day counts."""
    found = executing()
    decided(found, "HOLD")
    hold_costs(actor=None, project=found.project, cause="G0.2", lines=(), today=DAY + timedelta(days=80))

    assert watch_gates(today=DAY + timedelta(days=91)).ended_holds == 0


def test_gates_of_the_week_are_announced() -> None:
    found = scene()

    done = watch_gates(today=G0_DAY - timedelta(days=7))

    assert done == Watched(coming=1, overdue=0, late_conditions=0, ended_holds=0)
    assert Notification.objects.filter(kind="gate_coming", user=found.alice).count() == 1


def test_who_showed_it_does_not_agree_with_it() -> None:
    """ORG-8: a decider who keeps the governance said that it is met; somebody else agrees."""
    found, row = condition()
    grant(found.petra, Role.PMO_HEAD, organization_node())
    show_evidence(actor=found.petra, condition=row, evidence="See the note", today=DAY)
    before = AuditEntry.objects.count()

    with pytest.raises(NotAllowed, match="You said that it is met") as fault:
        end_condition(actor=found.petra, condition=row, state="MET", note="", today=DAY)

    row.refresh_from_db()
    assert (fault.value.code, row.state, row.evidence_by) == ("OWN_EVIDENCE", "OPEN", found.petra)
    assert AuditEntry.objects.count() == before


def test_late_conditions_are_one_message() -> None:
    """STD-18: once for each review and day, to owner and project manager, whatever the number."""
    found = scene()
    days = (G0_DAY, G0_DAY, G0_DAY + timedelta(days=3))
    given = [ConditionGiven(f"Thing {number}", found.stella, day) for number, day in enumerate(days, 1)]
    decided(found, "CONDITIONAL_GO", conditions=given)

    first = watch_gates(today=G0_DAY + timedelta(days=1)).late_conditions
    last = watch_gates(today=G0_DAY + timedelta(days=4)).late_conditions

    told = Notification.objects.filter(kind="gate_condition_late").order_by("user__name", "pk")
    assert (first, last) == (2, 3)
    assert [(row.user.name, row.body) for row in told] == [
        ("Alice", "Thing 1\nThing 2"),
        ("Alice", "Thing 3"),
        ("Stella", "Thing 1\nThing 2"),
        ("Stella", "Thing 3"),
    ]


def test_a_gate_is_announced_once_though_its_review_begins_meanwhile() -> None:
    """The message is about project, gate and occurrence, not about a row that may not be there yet."""
    found = scene()
    watch_gates(today=G0_DAY - timedelta(days=3))
    prepare(found)

    watch_gates(today=G0_DAY - timedelta(days=2))

    told = Notification.objects.filter(kind="gate_coming").order_by("user__name")
    keys = {row.dedupe_key for row in told}
    assert [row.user.name for row in told] == ["Alice", "Petra", "Stella"]
    assert keys == {f"gate:{found.project.pk}:G0:1:coming:{G0_DAY}"}
