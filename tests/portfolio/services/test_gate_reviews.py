"""Reviews of gates: requested on frozen evidence, voted on, decided, with what follows (STD-13 to STD-17)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import GateCondition, GateReview, Portfolio, PortfolioComponent
from portfolio.selectors.facts import load_surroundings
from portfolio.selectors.gate_page import gate_rows
from portfolio.selectors.gates import gate_stands, reviews_of
from portfolio.selectors.governance import governance_of
from portfolio.services.artefacts import record_step
from portfolio.services.gate_conditions import ConditionGiven
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_forums import set_forum
from portfolio.services.gate_preparation import Given, answer_checks, record_former_decision
from portfolio.services.gate_reviews import (
    NotReadyError,
    cast_vote,
    renew_review,
    request_review,
    withdraw_review,
)
from portfolio.services.waivers import decide_waiver, request_waiver
from projects.models import Task
from projects.services.states import change_state
from tests.factories import grant, moment, person, user
from tests.factories import task as made_task
from tests.portfolio.gates import G0_DAY, G1_DAY, Scene, decided, prepare, requested, scene, voted
from tests.portfolio.methods import DAY, paula

pytestmark = pytest.mark.django_db


def request_g1(found: Scene, today: date = DAY) -> GateReview:
    return request_review(actor=found.alice, project=found.project, gate="G1", occurrence=1, today=today)


def executing(found: Scene) -> None:
    for state in ("APPROVED", "INITIATING", "PLANNING", "EXECUTING"):
        change_state(actor=None, project=found.project, state=state, today=DAY)


def test_request_freezes_what_it_rests_on() -> None:
    """STD-13, STD-15: readiness with reasons, and a checksum later edits do not touch."""
    found = scene()
    review = requested(found)
    before = review.checksum

    record_step(actor=None, project=found.project, requirement="SG-01", state="IN_WORK", today=DAY)
    review.refresh_from_db()

    assert (review.state, review.readiness_percent) == ("REQUESTED", Decimal("100.0000"))
    assert [(row["code"], row["by"], row["answer"], row["reason"]) for row in review.evidence["lines"]] == [
        ("SG-01", "ARTEFACT", "YES", "ARTEFACT_MET"),
        ("SG-02", "ARTEFACT", "YES", "ARTEFACT_MET"),
        ("G0-1", "PERSON", "YES", "ANSWERED"),
        ("G0-2", "PERSON", "YES", "ANSWERED"),
        ("G0-3", "PERSON", "YES", "ANSWERED"),
    ]
    assert (review.checksum, review.is_intact, len(before)) == (before, True, 64)
    with pytest.raises(Conflict, match="which does not allow this"):
        prepare(found, approved=())


def test_changed_evidence_is_noticed() -> None:
    """STD-15."""
    review = requested(scene())
    review.evidence["lines"][0]["answer"] = "NO"
    review.save()

    assert not GateReview.objects.get().is_intact


def test_request_says_everything_that_is_missing() -> None:
    found = scene()

    with pytest.raises(NotReadyError) as fault:
        request_review(actor=found.alice, project=found.project, gate="G1", occurrence=1, today=DAY)

    assert "Gate G0 has to be passed first" in str(fault.value)
    assert "Not answered yet: G1-1, G1-2, G1-3, G1-4, G1-5." in str(fault.value)
    assert "Name the forum with its chair first." in str(fault.value)
    assert not GateReview.objects.filter(state="REQUESTED").exists()


def test_outsiders_change_nothing() -> None:
    found = scene()
    review = requested(found)
    before = AuditEntry.objects.count()
    charlie = user("Charlie")

    for act in (
        lambda: request_g1(Scene(found.project, charlie, charlie, charlie)),
        lambda: withdraw_review(actor=charlie, review=review, reason="No", today=DAY),
        lambda: cast_vote(actor=charlie, review=review, vote="GO", reason="Yes", today=DAY),
        lambda: decide_review(actor=charlie, review=review, decision="GO", reason="Yes", today=DAY),
    ):
        with pytest.raises(NotAllowed):
            act()

    review.refresh_from_db()
    assert (review.state, AuditEntry.objects.count()) == ("REQUESTED", before)


def test_manager_and_team_are_no_deciders() -> None:
    """STD-16: the project's manager and team do not vote."""
    found = scene()
    grant(found.alice, Role.PORTFOLIO_MANAGER, found.project.node.parent)

    with pytest.raises(DomainError, match="Not for this forum: Alice"):
        set_forum(
            actor=found.alice,
            project=found.project,
            gate="G0",
            occurrence=1,
            chair=found.petra,
            deciders=[found.alice],
            today=DAY,
        )


def test_who_requests_does_not_decide() -> None:
    """ORG-8."""
    found = scene()
    prepare(found)

    with pytest.raises(NotReadyError, match="somebody else requests"):
        request_review(actor=found.petra, project=found.project, gate="G0", occurrence=1, today=DAY)


def test_decision_needs_the_quorum() -> None:
    """STD-16; an abstention counts as taking part."""
    found = scene()
    review = requested(found)

    with pytest.raises(Conflict, match="0 of 1 deciders have voted"):
        decide_review(actor=found.petra, review=review, decision="GO", reason="Yes", today=DAY)
    voted(review, "ABSTAIN", found.stella)
    done = decide_review(actor=found.petra, review=review, decision="GO", reason="Yes", today=DAY)

    assert (done.state, done.dissent) == ("CLOSED", [])


def test_go_closes_and_keeps_the_dissent() -> None:
    """STD-16: of others; the chair may decide otherwise than she voted before."""
    found = scene()
    review = voted(requested(found), "CONDITIONAL_GO", found.petra)
    cast_vote(actor=found.stella, review=review, vote="HOLD", reason="Too early", today=DAY)

    done = decide_review(actor=found.petra, review=review, decision="GO", reason="It is worth it", today=DAY)

    assert (done.state, done.decided_by, done.valid_until) == (
        "CLOSED",
        found.petra,
        DAY + timedelta(days=180),
    )
    assert done.dissent == [{"name": "Stella", "vote": "HOLD", "reason": "Too early"}]
    assert Notification.objects.filter(kind="gate_decided", user=found.alice).count() == 1
    line = AuditEntry.objects.filter(action="gate.decided").get()
    assert (line.after["decision"], line.reason) == ("GO", "It is worth it")


def test_failed_knock_out_leaves_three_decisions() -> None:
    """STD-14, EX-STD-3: 83.3 % and yet not ready; a waiver lifts it."""
    found = scene()
    answers = {"G0-1": "PARTLY", "G0-2": "YES", "G0-3": "YES"}
    review = voted(requested(found, answers=answers), "GO", found.petra, found.stella)
    for decision in ("GO", "CONDITIONAL_GO"):
        with pytest.raises(Conflict, match="Knock-outs are not met: G0-1"):
            decide_review(
                actor=found.petra,
                review=review,
                decision=decision,
                reason="Yes",
                today=DAY,
                conditions=[ConditionGiven("Name one", found.stella, G1_DAY)],
            )

    waiver = request_waiver(
        actor=found.alice,
        project=found.project,
        requirement="G0-1",
        reason="Two owners share it",
        risk="Slow decisions",
        compensating_control="Both sign",
        expires_on=G1_DAY,
        today=DAY,
    )
    decide_waiver(actor=paula(), waiver=waiver, is_approved=True, note="", today=DAY)
    done = decide_review(actor=found.petra, review=review, decision="GO", reason="Yes", today=DAY)

    assert (done.readiness_percent, done.decision) == (Decimal("90.0000"), "GO")


def test_low_readiness_allows_a_conditional_go() -> None:
    """STD-14: when only the percentage fails."""
    found = scene()
    answers = {"G0-1": "YES", "G0-2": "NO", "G0-3": "NO"}
    review = voted(requested(found, answers=answers), "GO", found.petra, found.stella)
    with pytest.raises(Conflict, match="below the threshold"):
        decide_review(actor=found.petra, review=review, decision="GO", reason="Yes", today=DAY)
    with pytest.raises(DomainError, match="at least one condition"):
        decide_review(actor=found.petra, review=review, decision="CONDITIONAL_GO", reason="Yes", today=DAY)

    done = decide_review(
        actor=found.petra,
        review=review,
        decision="CONDITIONAL_GO",
        reason="Yes",
        today=DAY,
        conditions=[ConditionGiven("Show the fit", found.alice, G0_DAY)],
    )

    assert (done.state, done.closed_on, done.readiness_percent) == ("DECIDED", None, Decimal("60.0000"))
    assert Notification.objects.filter(kind="gate_condition", user=found.alice).count() == 1
    with pytest.raises(NotReadyError, match="A condition of G0 is open: Show the fit"):
        request_g1(found)


def test_hold_and_the_way_back() -> None:
    """HOLD puts the project on hold and plans the gate again; a GO brings it back."""
    found = scene()
    executing(found)
    decided(found, "HOLD")
    found.project.refresh_from_db()
    held = found.project.state
    known = governance_of(found.project, DAY)

    again = request_review(actor=found.alice, project=found.project, gate="G0", occurrence=2, today=DAY)
    decided(found, "GO", again)
    found.project.refresh_from_db()

    assert known is not None
    assert known.gate_days[("G0", 2)] == DAY + timedelta(days=90)
    assert (held, found.project.state) == ("ON_HOLD", "EXECUTING")


def test_recycle_plans_the_gate_again() -> None:
    """STD-17: the next occurrence has forum and answers; what was due at the gate is due on its new day."""
    found = scene()
    review = requested(found, approved=("SG-01",))
    with pytest.raises(DomainError, match="has to be reworked"):
        decided(found, "RECYCLE", review)

    decide_review(
        actor=found.petra,
        review=review,
        decision="RECYCLE",
        reason="Not yet",
        rework="Score the complexity",
        next_on=G0_DAY + timedelta(days=20),
        today=DAY,
    )

    again = GateReview.objects.get(occurrence=2)
    assert (again.state, again.answers.count(), again.members.count()) == ("PLANNED", 3, 2)
    assert load_surroundings([found.project.pk], G0_DAY).compliance == {}


def test_kill_needs_sponsor_and_owner() -> None:
    found = scene()
    executing(found)
    home = Portfolio.objects.create(code="PF", name="PF", node=found.project.node.parent)
    PortfolioComponent.objects.create(project=found.project, portfolio=home)
    review = voted(requested(found), "KILL", found.petra, found.stella)
    with pytest.raises(Conflict, match="sponsor and of the owner"):
        decide_review(actor=found.petra, review=review, decision="KILL", reason="No use", today=DAY)

    home.owner = person("Petra", of=found.petra)
    home.save()
    decide_review(actor=found.petra, review=review, decision="KILL", reason="No use any more", today=DAY)
    found.project.refresh_from_db()

    known = governance_of(found.project, DAY)
    assert known is not None
    assert found.project.state == "CANCELED"
    assert not any(row.is_next for row in gate_rows(known, found.project, today=DAY))


def test_a_go_lapses_without_work() -> None:
    """STD-17: 180 days; work that was begun keeps it."""
    found = scene()
    decided(found, "GO")
    later = DAY + timedelta(days=181)
    with pytest.raises(NotReadyError, match="Renew it first"):
        request_g1(found, later)

    row = made_task(found.project)
    Task.objects.filter(pk=row.pk).update(actual_start=moment(9))
    with pytest.raises(NotReadyError) as fault:
        request_g1(found, later)

    assert "Renew it first" not in str(fault.value)


def test_a_lapsed_go_is_renewed() -> None:
    """STD-17."""
    found = scene()
    decided(found, "GO")
    later = DAY + timedelta(days=181)
    given = {"actor": found.alice, "project": found.project, "gate": "G0", "occurrence": 1, "next_on": later}
    with pytest.raises(Conflict, match="has not lapsed"):
        renew_review(**given, today=DAY)  # type: ignore[arg-type]

    made = renew_review(**given, today=later)  # type: ignore[arg-type]

    known = governance_of(found.project, later)
    assert known is not None
    former = gate_stands(known, reviews_of(found.project), later)[0]
    assert (made.occurrence, made.state, made.members.filter(vote="").count()) == (2, "PLANNED", 2)
    assert (former.is_lapsed, former.is_renewable) == (True, False)


def test_withdrawn_request_is_planned_again() -> None:
    found = scene()
    review = voted(requested(found), "GO", found.stella)

    withdraw_review(actor=found.alice, review=review, reason="The case changed", today=DAY)

    known = governance_of(found.project, DAY)
    again = GateReview.objects.get(occurrence=2)
    assert known is not None
    assert known.gate_days[("G0", 2)] == G0_DAY
    assert (again.members.filter(vote="").count(), again.answers.count()) == (2, 3)


def test_earlier_gates_are_recorded_by_the_pmo() -> None:
    """STD-17 for projects that were under way before."""
    found = scene()
    given = {"project": found.project, "gate": "G0", "decided_on": DAY, "note": "Board of 2025", "today": DAY}
    with pytest.raises(NotAllowed, match="Only the PMO"):
        record_former_decision(actor=found.alice, **given)  # type: ignore[arg-type]

    made = record_former_decision(actor=paula(), **given)  # type: ignore[arg-type]

    assert (made.state, made.decision, made.was_before) == ("CLOSED", "GO", True)
    with pytest.raises(NotReadyError) as fault:
        request_g1(found)
    assert "G0 has to be passed" not in str(fault.value)


def test_portal_answers_cannot_be_given() -> None:
    found = scene()

    with pytest.raises(DomainError, match="The portal answers this by itself"):
        answer_checks(
            actor=found.alice,
            project=found.project,
            gate="G2",
            occurrence=1,
            answers={"G2-1": Given("YES")},
            today=DAY,
        )
    with pytest.raises(DomainError, match="why it does not apply"):
        answer_checks(
            actor=found.alice,
            project=found.project,
            gate="G2",
            occurrence=1,
            answers={"G2-5": Given("NOT_APPLICABLE")},
            today=DAY,
        )

    assert GateCondition.objects.count() == 0
