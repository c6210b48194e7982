"""What a gate may decide: nothing that changes nothing, nothing that is dropped silently (domain 2.5)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from portfolio.models import GateReview, MethodologyVersion
from portfolio.selectors.gate_page import gate_page
from portfolio.selectors.governance import governance_of
from portfolio.services.gate_conditions import ConditionGiven
from portfolio.services.gate_decisions import decide_review
from projects.models import Project
from projects.services.states import change_state
from tests.portfolio.gates import G0_DAY, Scene, requested, scene, voted
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db
EXECUTING = ("APPROVED", "INITIATING", "PLANNING", "EXECUTING")
CANCELED = ("APPROVED", "CANCELED")
ALL = ("GO", "CONDITIONAL_GO", "HOLD", "RECYCLE", "KILL")
FAILED = {"G0-1": "PARTLY", "G0-2": "YES", "G0-3": "YES"}


def brought(found: Scene, states: tuple[str, ...]) -> None:
    for state in states:
        change_state(actor=None, project=found.project, state=state, today=DAY, reason="As it was decided")


def refused(review: GateReview, actor: Any, **given: Any) -> tuple[str, str | None]:
    """Return code and field of a refusal, after which nothing is different."""
    before = AuditEntry.objects.count()
    with pytest.raises(DomainError) as fault:
        decide_review(actor=actor, review=review, reason="As voted", today=DAY, **given)
    review.refresh_from_db()
    assert (review.state, review.decision, AuditEntry.objects.count()) == ("IN_REVIEW", "", before)
    return fault.value.code, fault.value.field


@pytest.mark.parametrize(
    ("states", "answers", "possible"),
    [
        ((), None, ("GO", "CONDITIONAL_GO", "RECYCLE")),
        ((), FAILED, ("RECYCLE",)),
        (EXECUTING, None, ALL),
        (EXECUTING, FAILED, ("HOLD", "RECYCLE", "KILL")),
        ((*EXECUTING, "ON_HOLD"), None, ALL),
        (CANCELED, None, ()),
    ],
)
def test_page_offers_what_the_service_accepts(
    states: tuple[str, ...], answers: dict[str, str] | None, possible: tuple[str, ...]
) -> None:
    """STD-14, ORG-5: a proposed project is neither held nor canceled, a canceled one goes nowhere."""
    found = scene()
    review = voted(requested(found, answers=answers), "GO", found.petra, found.stella)
    brought(found, states)
    project = Project.objects.get()
    known = governance_of(project, DAY)
    assert known is not None

    page = gate_page(known, project, "G0", 1, user=found.petra, today=DAY)

    assert page is not None
    assert tuple(each.code for each in page.decisions) == possible
    assert (page.may_decide, page.is_stuck) == (bool(possible), not possible)
    for decision in set(ALL) - set(possible):
        code, field = refused(review, found.petra, decision=decision)
        assert (code in {"NO_EFFECT", "NOT_READY"}, field) == (True, "decision")


def test_a_hold_of_a_held_project_is_longer() -> None:
    """ORG-5: it stays on hold, and returns to the state it had."""
    found = scene()
    review = voted(requested(found), "HOLD", found.petra, found.stella)
    brought(found, (*EXECUTING, "ON_HOLD"))

    decide_review(actor=found.petra, review=review, decision="HOLD", reason="Not yet", today=DAY)
    found.project.refresh_from_db()

    assert (found.project.state, found.project.state_before_hold) == ("ON_HOLD", "EXECUTING")


CONDITION = ConditionGiven("Show the fit", None, G0_DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decision", "given", "field"),
    [
        ("GO", {"conditions": [CONDITION]}, "condition_1"),
        ("GO", {"conditions": [replace(CONDITION, place=3)]}, "condition_3"),
        ("GO", {"rework": "Look again"}, "rework"),
        ("CONDITIONAL_GO", {"next_on": G0_DAY}, "next_on"),
        ("HOLD", {"next_on": G0_DAY}, "next_on"),
        ("RECYCLE", {"valid_until": G0_DAY}, "valid_until"),
        ("KILL", {"conditions": [CONDITION]}, "condition_1"),
    ],
)
def test_nothing_typed_is_dropped_silently(decision: str, given: dict[str, Any], field: str) -> None:
    """What does not go with a decision is refused on its field."""
    found = scene()
    review = voted(requested(found), decision, found.petra, found.stella)
    brought(found, EXECUTING)

    assert refused(review, found.petra, decision=decision, **given) == ("NOT_TAKEN", field)


@pytest.mark.parametrize(
    ("condition", "code", "field"),
    [
        ({"text": " "}, "TEXT_MISSING", "condition_2"),
        ({"due": DAY - timedelta(days=1)}, "OVER", "due_2"),
        ({"due": DAY - timedelta(days=1), "place": 4}, "OVER", "due_4"),
    ],
)
def test_each_condition_says_what_it_lacks(condition: dict[str, Any], code: str, field: str) -> None:
    found = scene()
    review = voted(requested(found), "CONDITIONAL_GO", found.petra, found.stella)
    good = replace(CONDITION, owner=found.stella)

    given = {"decision": "CONDITIONAL_GO", "conditions": [good, replace(good, **condition)]}

    assert refused(review, found.petra, **given) == (code, field)
    assert refused(review, found.petra, decision="CONDITIONAL_GO") == ("CONDITIONS_MISSING", "condition_1")


def test_review_keeps_quorum_and_threshold_of_its_evidence() -> None:
    """STD-15: a version that asks for more later does not change what was requested."""
    found = scene()
    requested(found)
    version = MethodologyVersion.objects.get()
    for gate in version.document["gates"]:
        gate.update(quorum=4, pass_threshold="95")
    MethodologyVersion.objects.update(document=version.document)
    known = governance_of(found.project, DAY)
    assert known is not None

    frozen = gate_page(known, found.project, "G0", 1, user=found.petra, today=DAY)
    planned = gate_page(known, found.project, "G1", 1, user=found.petra, today=DAY)

    assert frozen is not None
    assert planned is not None
    assert (frozen.quorum, frozen.threshold) == (1, Decimal(80))
    assert (planned.quorum, planned.threshold) == (4, Decimal(95))
