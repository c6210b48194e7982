"""EX-SQ (domain 5.11) as a real network: 45 finished and 120 open tasks, 180 links into open ones."""

from datetime import date
from itertools import pairwise

from projects.engine.instants import finish_day
from projects.engine.scheduling.network import ActivityKind
from tests.projects.engine.schedule_quality.checked import Checked
from tests.projects.engine.scheduling.plans import CLOCK, DAY, START, Plan, at, end_of

DATA_DATE = date(2026, 4, 10)
"""A Friday; work goes on Monday 13 April."""
RESUMED = at(date(2026, 4, 13))
NOT_DUE = date(2026, 8, 28)

DONE, MAIN, CHAINS, LENGTH, LONG = 45, 20, 19, 5, 5
WITHOUT_PREDECESSOR = (1, 2, 3)
WITHOUT_SUCCESSOR = 4
INTO_THE_END = 5
HELD = range(6, 13)
WITH_LAG = range(6, 15)
WITH_LEAD = (18, 19)
SHORT = range(10, 20)


def example() -> Checked:
    """
    Return the plan.

    D1 to D45 are finished, two a day. The main chain M1 to M20 of five days each gives the 100 days to the
    end; 19 side chains S1 to S19 of five short tasks hang between two tasks of it, and five long tasks L1 to
    L5 beside it.
    """
    plan = Plan(start=RESUMED)
    _finished(plan)
    _main_chain(plan)
    for number in range(1, CHAINS + 1):
        _side_chain(plan, number)
    for number in range(1, LONG + 1):
        plan.add(f"L{number}", 50).link(f"M{number}", f"L{number}").link(f"L{number}", f"M{number + 12}")
    for number in range(1, 4):
        plan.link(f"M{number}", f"M{number + 2}")
    return Checked(
        plan,
        data_date=DATA_DATE,
        has_baseline=True,
        finishes=_baseline(plan),
        baseline_finish=finish_day(CLOCK.add(RESUMED, 94 * DAY)),
    )


def _finished(plan: Plan) -> None:
    for number in range(1, DONE + 1):
        start = CLOCK.next_working(CLOCK.add(START, (number - 1) // 2 * DAY))
        finish = CLOCK.add(start, DAY)
        plan.add(f"D{number}", 1, actual_start=start, actual_finish=finish, remaining=0)
        if number > 2:
            plan.link(f"D{number - 2}", f"D{number}")


def _main_chain(plan: Plan) -> None:
    for number in range(1, MAIN + 1):
        plan.add(f"M{number}", 5)
        if number > 1:
            plan.link(f"M{number - 1}", f"M{number}")
    plan.link("D44", "M1").link("D45", "M1")
    plan.add("END", kind=ActivityKind.FINISH_MILESTONE).link(f"M{MAIN}", "END")


def _side_chain(plan: Plan, number: int) -> None:
    after = 1 + (number - 1) % 16
    names = [f"S{number}.{place}" for place in range(1, LENGTH + 1)]
    for name in names:
        plan.add(name, 0.5 if name.endswith(".3") and number in SHORT else 1)
    if number in HELD:
        cap = end_of(date(2026, 12, 30))
        plan.change(names[0], **({"finish_cap": cap} if number % 2 else {"start_cap": cap}))
    if number not in WITHOUT_PREDECESSOR:
        plan.link(f"M{after}", names[0])
    for name, following in pairwise(names):
        plan.link(name, following)
    if number == INTO_THE_END:
        plan.link(names[3], f"M{after + 3}").link(names[4], "END")
    elif number != WITHOUT_SUCCESSOR:
        plan.link(names[4], f"M{after + 3}", days=1 if number in WITH_LAG else 0)
    plan.link(names[0], names[3], days=-0.5 if number in WITH_LEAD else 0)
    if number <= 15:
        plan.link(names[0], names[2], "SS")


def _baseline(plan: Plan) -> dict[str, date]:
    """Return baseline finishes: 42 finished tasks were due, three of them late, and six open ones are."""
    finishes = dict.fromkeys((name for name in plan.activities if name[0] in "MSL"), NOT_DUE)
    for number in range(1, DONE + 1):
        actual = finish_day(plan.activities[f"D{number}"].actual_finish)
        finishes[f"D{number}"] = NOT_DUE if number > 42 else date(2026, 3, 2) if number > 39 else actual
    finishes |= dict.fromkeys(("M1", "M2", "S1.1", "S2.1", "S3.1", "L1"), DATA_DATE)
    for name in ("S19.4", "S19.5"):
        del finishes[name]
    return finishes
