"""A go releases money of the budget for the phase after its gate (domain 2.5, decision GO)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from portfolio.models import GateReview
from portfolio.selectors.gate_funds import Funds, funds_of, phase_after
from portfolio.selectors.governance import governance_of
from portfolio.services.gate_conditions import ConditionGiven
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_funds import require_releasable
from portfolio.services.gate_preparation import record_former_decision
from portfolio.services.governance import bound
from projects.models import ActualCost
from projects.services.budgets import add_budget_line
from projects.services.costs import post_actual_cost
from tests.factories import grant, user
from tests.portfolio.gates import Scene, decided, requested, scene, voted
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def funded(amount: int = 1000) -> Scene:
    """A project before G0 with a budget."""
    found = scene()
    add_budget_line(
        actor=None, project=found.project, amount=Decimal(amount), effective_from=DAY, name="Work",
        category="LABOUR", cost_type="OPEX",
    )  # fmt: skip
    return found


def funds(found: Scene, later: int = 0) -> Funds:
    day = DAY + timedelta(days=later)
    return funds_of(found.project, governance_of(found.project, day), day)


@pytest.mark.parametrize("decision", ["GO", "CONDITIONAL_GO"])
def test_go_releases_money_for_the_next_phase(decision: str) -> None:
    """The release stands in the trail apart from the decision: amounts are for those who see money."""
    found = funded()
    assert (funds(found).released, funds(found).left, funds(found).free) == (None, 1000, None)
    given = {"conditions": [ConditionGiven("Show it", found.alice, DAY)]} if decision != "GO" else {}

    decided(found, decision, released_amount=Decimal(300), **given)
    post_actual_cost(
        actor=None, project=found.project, posting_date=DAY, amount=Decimal(350), currency="EUR",
        source="INVOICE", text="Study",
    )  # fmt: skip

    shown = funds(found)
    assert [(row.gate, row.phase, row.amount, row.total) for row in shown.releases] == [
        ("G0", "SG1 Feasibility", 300, 300)
    ]
    assert (shown.released, shown.left, shown.free, shown.is_overspent) == (300, 700, -50, True)
    entry = AuditEntry.objects.get(action="project.funds_released")
    assert entry.after == {"gate": "G0", "amount": "300", "currency": "EUR"}
    assert "300" not in str(AuditEntry.objects.get(action="gate.decided").after)


@pytest.mark.parametrize(
    ("amount", "decision", "code"),
    [
        (Decimal(1000) + CENT, "GO", "ABOVE_BUDGET"),
        (Decimal(0), "GO", "NOT_POSITIVE"),
        (Decimal(1), "RECYCLE", "NOT_TAKEN"),
    ],
)
def test_wrong_amounts_are_refused_on_their_field(amount: Decimal, decision: str, code: str) -> None:
    found = funded()
    review = voted(requested(found), "GO", found.petra, found.stella)
    before = AuditEntry.objects.count()
    more = {"rework": "All", "next_on": DAY} if decision == "RECYCLE" else {}

    with pytest.raises(DomainError) as fault:
        decide_review(
            actor=found.petra, review=review, decision=decision, reason="So", today=DAY,
            released_amount=amount, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    review.refresh_from_db()
    assert (fault.value.code, fault.value.field) == (code, "released_amount")
    assert (review.state, AuditEntry.objects.count()) == ("IN_REVIEW", before)


def test_neither_without_budget_nor_unseen_nor_at_the_last_gate() -> None:
    """The last gate of a methodology opens no phase; a quality reviewer decides without releasing."""
    found = scene()
    quinn = user("Quinn")
    grant(quinn, Role.QUALITY_REVIEWER, found.project.node)
    known = bound(found.project, DAY)
    codes = []

    for actor, gate in ((found.petra, "G0"), (quinn, "G0"), (found.petra, "G6")):
        with pytest.raises(DomainError) as fault:
            require_releasable(actor, found.project, known, gate, Decimal(1), DAY)
        codes.append((fault.value.status, fault.value.code))

    assert codes == [(400, "NO_BUDGET"), (403, "MONEY_HIDDEN"), (400, "NO_PHASE_FOLLOWS")]
    require_releasable(quinn, found.project, known, "G0", None, DAY)
    assert [phase_after(known, gate) for gate in ("G4", "G6", "G9")] == ["SG5 Transition and close", "", ""]


def test_lapsed_decision_releases_nothing_any_more() -> None:
    """STD-17: its amount stays in the list and leaves every sum, so that the renewed one may release it."""
    found = funded()
    decided(found, "GO", released_amount=Decimal(900))

    shown = funds(found, later=181)

    assert [(row.amount, row.total, row.is_lapsed) for row in shown.releases] == [(900, 0, True)]
    assert (shown.released, shown.left) == (0, 1000)
    assert funds(found, later=180).released == 900


def test_gate_passed_earlier_keeps_what_it_released() -> None:
    found = funded()
    record_former_decision(
        actor=None, project=found.project, gate="G0", decided_on=DAY - timedelta(days=400), note="Minutes",
        today=DAY, released_amount=Decimal(250),
    )  # fmt: skip

    assert GateReview.objects.get().released_amount == 250
    assert (funds(found).released, funds(found).left) == (250, 750)
    assert not ActualCost.objects.exists()
