"""HG2: overdue conditions of gates, today and for past days (STD-18, HLT-8)."""

from datetime import timedelta

import pytest

from portfolio.models import GateReview
from portfolio.rollup.facts import RecordRef
from portfolio.selectors.facts import load_surroundings
from portfolio.selectors.gate_conditions import OverdueConditions, overdue_conditions
from portfolio.services.gate_conditions import ConditionGiven, end_condition, show_evidence
from tests.portfolio.gates import Scene, decided, scene
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db
DUE = DAY + timedelta(days=5)


def with_conditions() -> tuple[Scene, GateReview]:
    """A conditional GO of DAY with two conditions, due five and nine days later."""
    found = scene()
    conditions = [
        ConditionGiven("Show the fit", found.alice, DUE),
        ConditionGiven("Name the owner", found.alice, DUE + timedelta(days=4)),
    ]
    return found, decided(found, "CONDITIONAL_GO", conditions=conditions)


def days_on(found: Scene, offset: int) -> int:
    late = overdue_conditions([found.project.pk], DUE + timedelta(days=offset))
    return late[found.project.pk].days if late else 0


def test_days_count_from_the_oldest() -> None:
    """STD-18: due today is not overdue; the day after it is one day."""
    found, _review = with_conditions()

    assert [days_on(found, offset) for offset in (-1, 0, 1, 14, 15)] == [0, 0, 1, 14, 15]


def test_past_days_are_told_again() -> None:
    """HLT-8: settled on the tenth day, it was overdue on the days before, and stays so in the past."""
    found, review = with_conditions()
    settled = DUE + timedelta(days=10)
    for row in review.conditions.order_by("number"):
        show_evidence(actor=found.alice, condition=row, evidence="Done", today=settled)
        end_condition(actor=found.petra, condition=row, state="MET", note="", today=settled)
    review.refresh_from_db()

    assert [days_on(found, offset) for offset in (9, 10, 11)] == [9, 0, 0]
    assert overdue_conditions([found.project.pk], DAY - timedelta(days=1)) == {}
    assert (review.state, review.closed_on) == ("CLOSED", settled)


def test_surroundings_name_the_conditions() -> None:
    """A project that follows a methodology has a figure even without any; others have none."""
    found, _review = with_conditions()
    pk = found.project.pk

    before = load_surroundings([pk], DAY).conditions
    after = load_surroundings([pk], DUE + timedelta(days=2)).conditions

    assert before == {pk: OverdueConditions(0)}
    assert after == {pk: OverdueConditions(2, (RecordRef("condition", "G0/1", "G0: Show the fit"),))}
    assert load_surroundings([pk], DAY - timedelta(days=1)).conditions == {}
