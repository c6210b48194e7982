"""Readiness of a gate and what may be decided (STD-13, STD-14, EX-STD-3)."""

from decimal import Decimal

import pytest

from portfolio.rollup.readiness import Answer, Decision, Line, open_decisions, readiness_of

EIGHTY = Decimal(80)


def ten(*, is_knock_out: bool) -> list[Line]:
    """Seven yes, two partly, one no."""
    answers = [Answer.YES] * 7 + [Answer.PARTLY] * 2 + [Answer.NO]
    return [
        Line(f"C-{number}", 1, answer, is_knock_out=is_knock_out and answer == Answer.NO)
        for number, answer in enumerate(answers)
    ]


def test_ex_std_3() -> None:
    """80.0 % is ready; with the "no" a knock-out it is not, at the same 80.0 %."""
    plain = readiness_of(ten(is_knock_out=False), threshold=EIGHTY)
    stopped = readiness_of(ten(is_knock_out=True), threshold=EIGHTY)

    assert (plain.percent, plain.is_ready) == (Decimal(80), True)
    assert (stopped.percent, stopped.is_ready, stopped.failed) == (Decimal(80), False, ("C-9",))


@pytest.mark.parametrize(
    ("lines", "open_ones"),
    [
        ([Line("A", 1, Answer.YES)], ["GO", "CONDITIONAL_GO", "HOLD", "RECYCLE", "KILL"]),
        ([Line("A", 1, Answer.NO)], ["CONDITIONAL_GO", "HOLD", "RECYCLE", "KILL"]),
        ([Line("A", 1, Answer.PARTLY, is_knock_out=True)], ["HOLD", "RECYCLE", "KILL"]),
        ([Line("A", 1, None, is_knock_out=True)], ["HOLD", "RECYCLE", "KILL"]),
        ([], ["GO", "CONDITIONAL_GO", "HOLD", "RECYCLE", "KILL"]),
    ],
)
def test_open_decisions(lines: list[Line], open_ones: list[str]) -> None:
    """STD-14."""
    found = open_decisions(readiness_of(lines, threshold=EIGHTY))

    assert found == tuple(Decision(each) for each in open_ones)


def test_waived_knock_out_stops_nothing_and_still_counts() -> None:
    """STD-13: a waiver lifts the knock-out, not the answer."""
    lines = [Line("A", 3, Answer.YES), Line("B", 1, Answer.NO, is_knock_out=True, is_waived=True)]

    found = readiness_of(lines, threshold=Decimal(75))

    assert (found.percent, found.failed, found.is_ready) == (Decimal(75), (), True)


def test_waiver_approved_later_lifts_its_knock_out_alone() -> None:
    """STD-13: the other one still stops the gate, and what nobody answered stays unanswered."""
    lines = [
        Line("A", 1, Answer.NO, is_knock_out=True),
        Line("B", 1, None, is_knock_out=True),
        Line("C", 2, Answer.YES),
    ]

    found = readiness_of(lines, threshold=Decimal(50)).without(["A"])

    assert (found.percent, found.threshold) == (Decimal(50), Decimal(50))
    assert (found.failed, found.unanswered, found.is_ready) == (("B",), ("B",), False)
    assert found.without(["B"]).is_ready


def test_threshold_is_compared_before_rounding() -> None:
    """CON-2: 79.99 is below 80."""
    lines = [Line("A", 7999, Answer.YES), Line("B", 2001, Answer.NO)]

    assert not readiness_of(lines, threshold=EIGHTY).is_enough


def test_nothing_asked_has_no_percentage() -> None:
    """CON-4: null, not 0 or 100; nothing stops the gate."""
    found = readiness_of([Line("A", 1, Answer.NOT_APPLICABLE)], threshold=EIGHTY)

    assert (found.percent, found.is_ready, found.unanswered) == (None, True, ())
