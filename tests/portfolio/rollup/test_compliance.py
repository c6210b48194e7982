"""Tier and compliance of a project: the worked examples, and what counts on a day (STD-3 to STD-7)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portfolio.rollup.compliance import (
    Choice,
    Item,
    ItemStatus,
    Records,
    Step,
    StepState,
    WaiverSpan,
    applies,
    compliance_of,
    items_on,
)
from portfolio.rollup.methodology import (
    TIERS,
    Cadence,
    Content,
    GateRule,
    PhaseRule,
    RequirementKind,
    RequirementRule,
    TierRule,
    Words,
)
from portfolio.rollup.tier import WEIGHTS, Floor, complexity, missing_answers

DAY = date(2026, 3, 2)
G1, G2 = date(2026, 4, 1), date(2026, 6, 1)


def answers(*numbers: int) -> dict[str, int]:
    return dict(zip(WEIGHTS, numbers, strict=True))


def requirement(code: str, tiers: str = "MMMM", **values: object) -> RequirementRule:
    rules = {tier: TierRule(rule) for tier, rule in zip(TIERS, tiers, strict=True)}
    given = {"gate": "G1", **values}
    return RequirementRule(code, RequirementKind.ARTEFACT, Words(code), rules, **given)  # type: ignore[arg-type]


def content(*rows: RequirementRule) -> Content:
    return Content(
        name=Words("Small"),
        phases=(PhaseRule("P1", Words("One")), PhaseRule("P2", Words("Two"))),
        gates=(GateRule("G1", "P1", Words("On?")), GateRule("G2", "P2", Words("Close?"))),
        requirements=rows,
    )


def records(*steps: tuple[StepState, date], code: str = "A", **values: object) -> Records:
    given = {
        "bound_on": DAY,
        "tier": "T2",
        "gate_dates": {"G1": (G1,), "G2": (G2,)},
        "steps": {code: tuple(Step(state, on) for state, on in steps)},
        **values,
    }
    return Records(**given)  # type: ignore[arg-type]


def status(known: Records, day: date, **values: object) -> tuple[ItemStatus, bool]:
    item = items_on(content(requirement("A", **values)), known, day)[0]  # type: ignore[arg-type]
    return item.status, item.is_late


def test_ex_std_1() -> None:
    """EX-STD-1: answers 3,2,3,4,2,3,4,3,4,2 give 3.05 and T3."""
    found = complexity(answers(3, 2, 3, 4, 2, 3, 4, 3, 4, 2), budget=None)

    assert (found.score, found.tier, found.floors) == (Decimal("3.05"), "T3", ())


@pytest.mark.parametrize(
    ("numbers", "score", "tier"),
    [
        ((1,) * 10, "1", "T1"),
        ((2, 2, 2, 2, 2, 2, 2, 2, 2, 1), "1.95", "T1"),
        ((2,) * 10, "2", "T2"),
        ((3,) * 10, "3", "T3"),
        ((4, 4, 4, 4, 4, 4, 4, 4, 4, 3), "3.95", "T3"),
        ((4,) * 10, "4", "T4"),
    ],
)
def test_limits_of_tiers(numbers: tuple[int, ...], score: str, tier: str) -> None:
    """STD-4: T1 below 2.00, T2 below 3.00, T3 below 4.00."""
    found = complexity(answers(*numbers), budget=None)

    assert (found.score, found.tier) == (Decimal(score), tier)


@pytest.mark.parametrize(
    ("budget", "last", "tier", "floors"),
    [
        ("1999999.99", 1, "T1", ()),
        ("2000000", 1, "T3", (Floor.BUDGET,)),
        (None, 5, "T3", (Floor.LEGAL,)),
        ("2000000", 5, "T3", (Floor.BUDGET, Floor.LEGAL)),
    ],
)
def test_floors(budget: str | None, last: int, tier: str, floors: tuple[Floor, ...]) -> None:
    """STD-4: a budget at the limit, and life or statute at stake, make T3 at least."""
    found = complexity(answers(*(1,) * 9, last), budget=Decimal(budget) if budget else None)

    assert (found.tier, found.floors) == (tier, floors)


def test_floor_does_not_lower_a_tier() -> None:
    found = complexity(answers(*(5,) * 10), budget=Decimal(3_000_000))

    assert (found.tier, found.floors) == ("T4", ())


def test_all_ten_must_be_answered() -> None:
    given = answers(*(3,) * 10) | {"F4": 0}
    del given["F9"]

    assert missing_answers(given) == ("F4", "F9")
    with pytest.raises(ValueError, match="F4, F9"):
        complexity(given, budget=None)


def test_ex_std_2() -> None:
    """EX-STD-2: 7/10 = 70.0 %, waiver rate 1/5 = 20.0 %, which does not alert yet (STD-6)."""
    found = compliance_of(
        [
            Item("A", 3, ItemStatus.MET),
            Item("B", 3, ItemStatus.MET),
            Item("C", 2, ItemStatus.PARTLY),
            Item("D", 2, ItemStatus.NOT_MET),
            Item("E", 1, ItemStatus.WAIVED),
            Item("F", 1, ItemStatus.NOT_DUE),
        ]
    )

    assert (found.percent, found.waiver_rate, found.due, found.waived) == (70, 20, 5, 1)
    assert not found.is_waived_too_often


def test_nothing_due_is_null() -> None:
    found = compliance_of([Item("A", 1, ItemStatus.NOT_DUE), Item("B", 1, ItemStatus.UNDATED)])

    assert (found.percent, found.waiver_rate) == (None, None)


def test_more_than_a_fifth_waived_alerts() -> None:
    rows = [Item(str(number), 1, ItemStatus.MET) for number in range(3)]

    assert compliance_of([*rows, Item("W", 1, ItemStatus.WAIVED)]).is_waived_too_often


@pytest.mark.parametrize(
    ("rule", "choice", "counts"),
    [
        (TierRule.MANDATORY, None, True),
        (TierRule.MANDATORY, Choice.DROP, True),
        (TierRule.RECOMMENDED, None, False),
        (TierRule.RECOMMENDED, Choice.KEEP, True),
        (TierRule.RECOMMENDED, Choice.DROP, False),
        (TierRule.NOT_NEEDED, None, False),
        (TierRule.NOT_NEEDED, Choice.ADD, True),
    ],
)
def test_what_counts(rule: TierRule, choice: Choice | None, counts: bool) -> None:
    """STD-3."""
    assert applies(rule, choice) is counts


def test_only_the_approver_makes_it_met() -> None:
    """STD-5: submitted counts half, and nothing before the gate."""
    submitted = records((StepState.IN_WORK, DAY), (StepState.SUBMITTED, DAY))
    approved = records((StepState.SUBMITTED, DAY), (StepState.APPROVED, G1))

    assert status(submitted, G1 - timedelta(days=1)) == (ItemStatus.NOT_DUE, False)
    assert status(submitted, G1) == (ItemStatus.PARTLY, False)
    assert status(approved, G1) == (ItemStatus.MET, False)
    assert status(records((StepState.IN_WORK, DAY)), G1) == (ItemStatus.NOT_MET, False)
    assert status(records((StepState.SUBMITTED, DAY), (StepState.RETURNED, DAY)), G1) == (
        ItemStatus.NOT_MET,
        False,
    )


def test_approved_after_the_gate_is_met_and_late() -> None:
    known = records((StepState.APPROVED, G1 + timedelta(days=3)))

    assert status(known, G1 + timedelta(days=2)) == (ItemStatus.NOT_MET, False)
    assert status(known, G1 + timedelta(days=3)) == (ItemStatus.MET, True)


def test_refreshed_artefact_needs_a_newer_approval() -> None:
    known = records((StepState.APPROVED, G1))
    fresh = records((StepState.APPROVED, G1), (StepState.APPROVED, G2 + timedelta(days=1)))

    assert status(known, G2 - timedelta(days=1), refreshed_at=("G2",)) == (ItemStatus.MET, False)
    assert status(known, G2, refreshed_at=("G2",)) == (ItemStatus.PARTLY, False)
    assert status(fresh, G2 + timedelta(days=1), refreshed_at=("G2",)) == (ItemStatus.MET, True)


def test_gate_without_a_day_is_not_due() -> None:
    assert status(records(gate_dates={}), G2) == (ItemStatus.UNDATED, False)


def test_waiver_counts_to_its_last_day() -> None:
    """STD-7: on expiry the requirement counts again from the next day."""
    known = records(waivers={"A": (WaiverSpan(G1, G1 + timedelta(days=10)),)})

    assert [status(known, G1 + timedelta(days=days))[0] for days in (0, 10, 11)] == [
        ItemStatus.WAIVED,
        ItemStatus.WAIVED,
        ItemStatus.NOT_MET,
    ]


def test_control_is_met_within_its_rhythm_and_a_week() -> None:
    cadence = dict.fromkeys(TIERS, Cadence.MONTHLY)
    done = records((StepState.DONE, DAY))

    found = [
        status(known, DAY + timedelta(days=days), gate="", cadence=cadence)[0]
        for known in (done, records())
        for days in (0, 38, 39)
    ]

    assert found == [
        ItemStatus.MET,
        ItemStatus.MET,
        ItemStatus.NOT_MET,
        ItemStatus.NOT_DUE,
        ItemStatus.NOT_DUE,
        ItemStatus.NOT_MET,
    ]
