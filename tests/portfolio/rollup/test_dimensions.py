"""Computed, declared and effective colors (REP-4, CON-10) and the score (11.2 step 5)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portfolio.rollup.dimensions import effective_color, score_of
from portfolio.rollup.facts import Declaration
from portfolio.rollup.health import Basis
from portfolio.rollup.vocabulary import Color, Dimension, OverrideState, worst_color
from tests.portfolio.rollup.examples import AS_OF, POLICY, dec, facts, p3, p4, rate

G, A, R, X, B = Color.GREEN, Color.AMBER, Color.RED, Color.GREY, Color.BLUE


def accepted(color: Color, until: date | None = AS_OF) -> Declaration:
    return Declaration(color, OverrideState.ACCEPTED, until)


@pytest.mark.parametrize(
    ("computed", "declaration", "expected"),
    [
        (G, None, (G, Basis.COMPUTED)),
        (X, None, (X, Basis.NOT_RATED)),
        (G, Declaration(G), (G, Basis.COMPUTED)),
        (G, Declaration(A), (A, Basis.DECLARED_WORSE)),
        (A, Declaration(R), (R, Basis.DECLARED_WORSE)),
        (R, Declaration(G), (R, Basis.COMPUTED_WORSE)),
        (R, Declaration(A, OverrideState.PENDING, AS_OF), (R, Basis.COMPUTED_WORSE)),
        (R, Declaration(A, OverrideState.REFUSED, AS_OF), (R, Basis.COMPUTED_WORSE)),
        (R, accepted(A), (A, Basis.DECLARED_ACCEPTED)),
        (R, accepted(A, AS_OF - timedelta(days=1)), (R, Basis.COMPUTED_WORSE)),
        (R, accepted(A, None), (R, Basis.COMPUTED_WORSE)),
        (G, accepted(R), (R, Basis.DECLARED_WORSE)),
        (X, Declaration(A), (A, Basis.DECLARED_UNRATED)),
        (X, Declaration(R), (R, Basis.DECLARED_UNRATED)),
        (X, Declaration(G), (X, Basis.NOT_RATED)),
        (X, accepted(G), (G, Basis.DECLARED_ACCEPTED)),
        (X, accepted(G, AS_OF - timedelta(days=1)), (X, Basis.NOT_RATED)),
    ],
)
def test_effective_color(computed, declaration, expected):
    """REP-4: the worse counts, unless accepted and not run out; GREY takes AMBER and RED at once."""
    assert effective_color(computed, declaration, AS_OF) == expected


@pytest.mark.parametrize("color", [X, B])
def test_grey_or_blue_cannot_be_declared(color):
    """REP-3: a manager declares GREEN, AMBER or RED."""
    with pytest.raises(ValueError, match="declared green, amber or red"):
        Declaration(color)


def test_worst_color_passes_over_grey():
    """CON-10: BLUE < GREEN < AMBER < RED; GREY is outside and never green."""
    assert worst_color([B, G]) == G
    assert worst_color([G, X, A]) == A
    assert worst_color([R, A, B]) == R
    assert worst_color([X, X]) == X
    assert worst_color([]) == X


def test_accepted_override_changes_the_color_until_it_runs_out():
    """Journey 4 (A.3): the color follows the acceptance and then falls back."""
    given = facts(slip="22", declared={Dimension.SCHEDULE: accepted(A)})

    during = rate(given)
    after = rate(
        replace(
            given,
            report=replace(
                given.report, declared={Dimension.SCHEDULE: accepted(A, AS_OF - timedelta(days=1))}
            ),
        )
    )

    assert (during.color, after.color) == (A, R)
    assert not during.dimension(Dimension.SCHEDULE).is_optimistic
    assert after.dimension(Dimension.SCHEDULE).is_optimistic


def test_governance_is_computed_only():
    """11.2 step 3: a declaration for governance does not count."""
    health = rate(facts(declared={Dimension.GOVERNANCE: Declaration(R)}))

    assert health.dimension(Dimension.GOVERNANCE).effective == G


def test_declared_worse_for_grey_dimension_enters_score_and_coverage():
    """REP-4: P4 with a declared AMBER schedule is covered to 85."""
    given = p4()
    given = replace(given, report=replace(given.report, declared={Dimension.SCHEDULE: Declaration(A)}))

    health = rate(given)

    assert health.coverage == 85
    assert health.score == dec(6750) / 85


def test_deciding_indicators_are_those_of_the_computed_color():
    """11.2 step 3: worst of the rated indicators."""
    health = rate(p3())

    assert health.dimension(Dimension.SCHEDULE).deciding == ("HS1", "HS2", "HS3")
    assert health.dimension(Dimension.RISK).deciding == ("HR1",)


def test_score_of_nothing_rated_is_null():
    """CON-4: no score, not 0."""
    score = score_of([], POLICY.project)

    assert (score.value, score.coverage) == (None, 0)
