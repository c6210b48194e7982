"""What a gate may decide: nothing that changes nothing, nothing that is dropped silently (domain 2.5)."""

from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from portfolio.models import GateReview
from portfolio.selectors.gate_page import gate_page
from portfolio.selectors.governance import governance_of
from portfolio.services.gate_reviews import decide_review
from projects.models import Project
from projects.services.states import change_state
from tests.portfolio.gates import Scene, requested, scene, voted
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
