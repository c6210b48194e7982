"""Single checks of schedule quality, each on the smallest plan that shows it (domain 5.11)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from projects.engine.calendar import DAY_OFF, OFFICE_HOURS, ROUND_THE_CLOCK, WorkCalendar
from projects.engine.instants import NO_INSTANT, start_of_day
from projects.engine.schedule_quality.policy import VERSION_1
from projects.engine.schedule_quality.vocabulary import Check
from projects.engine.scheduling.network import ActivityKind
from projects.engine.scheduling.options import MICROSOFT
from tests.projects.engine.schedule_quality.checked import Checked, figures
from tests.projects.engine.scheduling.plans import CALENDAR, DAY, START, Plan, at, end_of

pytestmark = pytest.mark.pure

FRIDAY = date(2026, 3, 6)
MONDAY_TWO = at(date(2026, 3, 10))
"""The first working instant after the Friday; Monday 9 March is a holiday."""


def chain(*days: float) -> Plan:
    """Return tasks A, B, C … one after another."""
    plan = Plan()
    for name, length in zip("ABCDEFGH", days, strict=False):
        plan.add(name, length)
        if name != "A":
            plan.link(chr(ord(name) - 1), name)
    return plan


def test_first_and_last_task_may_lack_a_link() -> None:
    """Check 1: the ends of the plan are exempt for their side."""
    checked = Checked(chain(1, 1, 1))

    assert figures(checked.result(Check.LOGIC)) == (0, 0, 3, "PASS")


def test_task_without_links_lacks_both() -> None:
    """Check 1: one of four, at both ends; it is counted once."""
    checked = Checked(chain(2, 1, 1).add("Z", 1))

    assert figures(checked.result(Check.LOGIC)) == (25, 1, 4, "FAIL")
    assert checked.stumbled(Check.LOGIC) == [("Z", "NO_LINKS", None)]


def test_marked_ends_are_the_exempt_ones() -> None:
    """Check 1: the mark decides, not the dates."""
    plan = chain(2, 1).add("Z", 5)
    checked = Checked(plan, more={"first": 2, "last": 2})

    assert checked.stumbled(Check.LOGIC) == [("A", "NO_PREDECESSOR", None), ("B", "NO_SUCCESSOR", None)]


def test_milestone_is_the_end_before_a_task() -> None:
    """Check 1: of two that end together the milestone is the end, so the task stumbles."""
    plan = chain(3, 2).add("END", kind=ActivityKind.FINISH_MILESTONE).link("B", "END").add("Z", 5)
    plan.link("A", "Z", "SS")

    assert Checked(plan).stumbled(Check.LOGIC) == [("Z", "NO_SUCCESSOR", None)]


def test_finish_milestone_is_the_end_though_a_task_ends_later() -> None:
    """Check 1: work that leads to no end is found, however long it takes."""
    plan = chain(1, 1).add("END", kind=ActivityKind.FINISH_MILESTONE).link("B", "END")
    plan.add("Z", 9).link("A", "Z")

    assert Checked(plan).stumbled(Check.LOGIC) == [("Z", "NO_SUCCESSOR", None)]


def test_start_milestone_is_the_start_though_a_task_starts_with_it() -> None:
    """Check 1: the milestone, not the task entered before it."""
    plan = Plan().add("A", 2).add("GO", kind=ActivityKind.START_MILESTONE).add("B", 2)
    plan.link("GO", "B").link("A", "B")

    assert Checked(plan).stumbled(Check.LOGIC) == [("A", "NO_PREDECESSOR", None)]


def test_link_to_level_of_effort_is_no_logic() -> None:
    """Check 1, SCH-11: level of effort drives nothing, so B has no successor."""
    plan = chain(1, 1, 1).add("B2", 1).link("A", "B2")
    plan.add("E", kind=ActivityKind.LEVEL_OF_EFFORT).link("B2", "E", "FF")

    assert Checked(plan).stumbled(Check.LOGIC) == [("B2", "NO_SUCCESSOR", None)]


def test_population_leaves_out_finished_tasks_milestones_and_level_of_effort() -> None:
    """N and L: A is finished; the link into it is not counted, those into B, M and none into E are."""
    plan = chain(1, 1, 1).change("A", actual_start=START, actual_finish=START + DAY, remaining=0)
    plan.add("M", kind=ActivityKind.FINISH_MILESTONE).link("C", "M")
    plan.add("E", kind=ActivityKind.LEVEL_OF_EFFORT).link("B", "E", "SS")

    assert figures(Checked(plan).result(Check.LOGIC)) == (0, 0, 2, "PASS")
    assert figures(Checked(plan).result(Check.LINK_TYPES)) == (100, 3, 3, "PASS")


def test_leads_and_lags_are_told_with_their_days() -> None:
    plan = Plan().add("A", 5).add("B", 5).add("C", 5).link("A", "B", days=-1).link("B", "C", days=2)

    checked = Checked(plan)

    assert figures(checked.result(Check.LEADS)) == (50, 1, 2, "FAIL")
    assert figures(checked.result(Check.LAGS)) == (50, 1, 2, "FAIL")
    assert checked.stumbled(Check.LEADS) == [("B", "", -1)]
    assert checked.stumbled(Check.LAGS) == [("C", "", 2)]


def test_links_of_other_types_are_named() -> None:
    """Check 4: three of four links."""
    plan = Plan().add("A", 5).add("B", 5).add("C", 5).add("D", 5)
    plan.link("A", "B", "SS").link("A", "C", "FF").link("A", "D", "SF").link("C", "D")
    checked = Checked(plan)

    assert figures(checked.result(Check.LINK_TYPES)) == (25, 1, 4, "FAIL")
    assert checked.stumbled(Check.LINK_TYPES) == [("B", "SS", None), ("C", "FF", None), ("D", "SF", None)]


@pytest.mark.parametrize(
    ("column", "flaw"),
    [
        ("must_start", "MUST_START_ON"),
        ("must_finish", "MUST_FINISH_ON"),
        ("start_cap", "START_NO_LATER"),
        ("finish_cap", "FINISH_NO_LATER"),
    ],
)
def test_hard_constraint_is_named(column: str, flaw: str) -> None:
    """Check 5: MSO, MFO, SNLT and FNLT."""
    checked = Checked(chain(1, 1).change("B", **{column: end_of(date(2026, 6, 30))}))

    assert checked.stumbled(Check.HARD_CONSTRAINTS) == [("B", flaw, None)]
    assert figures(checked.result(Check.HARD_CONSTRAINTS)) == (50, 1, 2, "FAIL")


def test_constraints_that_only_hold_back_are_not_hard() -> None:
    """Check 5: SNET and FNET are not in the list."""
    plan = chain(1, 1).change("B", start_floor=at(date(2026, 4, 1)), finish_floor=end_of(date(2026, 4, 9)))

    assert figures(Checked(plan).result(Check.HARD_CONSTRAINTS)) == (0, 0, 2, "PASS")


@pytest.mark.parametrize(("length", "found"), [(45, []), (46, [("B", "", 45)])])
def test_float_is_high_beyond_44_days(length: int, found: list[tuple[str, str, float]]) -> None:
    """Check 6: exactly 44 working days are not high."""
    plan = Plan().add("A", length).add("B", 1)
    plan.add("END", kind=ActivityKind.FINISH_MILESTONE).link("A", "END").link("B", "END")

    assert Checked(plan).stumbled(Check.HIGH_FLOAT) == found


def test_negative_float_fails_at_the_first_task() -> None:
    """Check 7: three days of work and two until the date."""
    checked = Checked(replace(chain(2, 1), must_finish_by=end_of(date(2026, 3, 3))))

    assert checked.stumbled(Check.NEGATIVE_FLOAT) == [("A", "", -1), ("B", "", -1)]
    assert figures(checked.result(Check.NEGATIVE_FLOAT)) == (100, 2, 2, "FAIL")


def test_long_duration_is_that_of_the_baseline() -> None:
    """Check 8: A was planned with 60 days and B with 10; C is in no baseline."""
    checked = Checked(chain(10, 60, 45), has_baseline=True, durations={"A": 60, "B": 10})

    assert checked.stumbled(Check.HIGH_DURATION) == [("A", "", 60), ("C", "", 45)]


def test_elapsed_duration_counts_as_the_working_time_it_takes() -> None:
    """Check 8: 61 days on the clock are 43 working days of the calendar, 64 are 45."""
    plan = Plan()
    for name, days in (("A", 61), ("B", 64)):
        plan.add(name).change(name, duration=days * 1440, is_elapsed=True)
    plan.link("A", "B", "SS")

    assert [name for name, _, _ in Checked(plan).stumbled(Check.HIGH_DURATION)] == ["B"]


def test_dates_are_not_checked_without_a_data_date() -> None:
    """Check 9, CON-4."""
    assert figures(Checked(chain(1)).result(Check.INVALID_DATES)) == (None, None, None, "NO_DATA_DATE")


def test_dates_on_the_wrong_side_of_the_data_date_are_invalid() -> None:
    """Check 9: A ended after it, B started after it, C is planned before it; D is right."""
    plan = Plan(start=MONDAY_TWO).add("A", 5).add("B", 2).add("C", 1).add("D", 1)
    plan.change("A", actual_start=START, actual_finish=MONDAY_TWO + DAY, remaining=0)
    plan.change("B", actual_start=MONDAY_TWO)
    plan.change("C", fixed_start=at(date(2026, 3, 5)), fixed_finish=end_of(date(2026, 3, 5)))
    checked = Checked(plan, data_date=FRIDAY)

    assert checked.stumbled(Check.INVALID_DATES) == [
        ("A", "ACTUAL_IN_FUTURE", None),
        ("B", "ACTUAL_IN_FUTURE", None),
        ("C", "FORECAST_IN_PAST", None),
    ]
    assert figures(checked.result(Check.INVALID_DATES)) == (3, 3, None, "FAIL")


def test_the_moment_the_data_date_ends_is_its_last_and_no_longer_its_first() -> None:
    """Check 9: who works at night may end a task at that midnight, and begins the next one a day later."""
    always = WorkCalendar("Always", (ROUND_THE_CLOCK,) * 7)
    plan = replace(Plan(start=start_of_day(date(2026, 3, 7))).add("A", 1).add("B", 1), calendars=(always,))
    midnight = start_of_day(date(2026, 3, 7))
    plan.change("A", actual_start=midnight - 60, actual_finish=midnight, remaining=0)
    plan.change("B", actual_start=midnight)

    assert Checked(plan, data_date=FRIDAY).stumbled(Check.INVALID_DATES) == [("B", "ACTUAL_IN_FUTURE", None)]


def test_finish_without_a_start_is_no_date() -> None:
    """Check 9: what ended has begun."""
    plan = chain(1).change("A", actual_finish=START + DAY, remaining=0)

    assert Checked(plan, data_date=FRIDAY).stumbled(Check.INVALID_DATES) == [("A", "ACTUAL_IN_FUTURE", None)]


def test_dates_people_keep_are_checked_instead_of_computed_ones() -> None:
    """Check 9: A was planned for Thursday and has not begun, B has no dates, C was begun and is overdue."""
    plan = Plan(start=MONDAY_TWO).add("A", 1).add("B", 1).add("C", 5, actual_start=START)
    thursday, days = date(2026, 3, 5), [at(date(2026, 3, 5)), NO_INSTANT, START]
    given = [np.array(days), np.array([end_of(thursday), NO_INSTANT, end_of(thursday)])]
    checked = Checked(plan, data_date=FRIDAY, more={"given_start": given[0], "given_finish": given[1]})

    assert checked.stumbled(Check.INVALID_DATES) == [
        ("A", "FORECAST_IN_PAST", None),
        ("C", "FORECAST_IN_PAST", None),
    ]
    assert Checked(plan, data_date=FRIDAY).stumbled(Check.INVALID_DATES) == []


def test_milestone_at_the_last_hour_of_the_data_date_is_not_in_the_past() -> None:
    """Check 9, SCH-1: Friday 17:00 and the next working morning are one moment."""
    plan = Plan(start=MONDAY_TWO).add("M", kind=ActivityKind.FINISH_MILESTONE)
    plan.change("M", fixed_start=end_of(FRIDAY), fixed_finish=end_of(FRIDAY))

    assert figures(Checked(plan, data_date=FRIDAY).result(Check.INVALID_DATES)) == (0, 0, None, "PASS")


def test_resources_are_asked_of_tasks_of_a_day_or_more() -> None:
    """Check 10: B lasts half a day, C has a cost, D nothing."""
    checked = Checked(chain(1, 0.5, 1, 1), bare=frozenset("BCD"))
    checked.more = {"has_cost": np.array([False, False, True, False])}

    assert figures(checked.result(Check.RESOURCES)) == (pytest.approx(100 / 3), 1, 3, "FAIL")
    assert checked.stumbled(Check.RESOURCES) == [("D", "", None)]


def test_resources_do_not_apply_where_nobody_is_assigned() -> None:
    """Check 10: no assignment in the whole project."""
    checked = Checked(chain(1, 1), bare=frozenset("AB"))

    assert figures(checked.result(Check.RESOURCES)) == (None, None, None, "INSUFFICIENT_DATA")


def test_missed_tasks_are_unfinished_or_late() -> None:
    """Check 11: A ended on its day, B two working days after it, C is open; D is not due."""
    plan = Plan(start=MONDAY_TWO).add("A", 1).add("B", 1).add("C", 1).add("D", 1)
    plan.change("A", actual_start=START, actual_finish=START + 300, remaining=0)
    plan.change("B", actual_start=START, actual_finish=end_of(date(2026, 3, 4)), remaining=0)
    days = {"A": date(2026, 3, 2), "B": date(2026, 3, 2), "C": FRIDAY, "D": date(2026, 3, 10)}
    checked = Checked(plan, data_date=FRIDAY, has_baseline=True, finishes=days)

    assert figures(checked.result(Check.MISSED_TASKS)) == (pytest.approx(200 / 3), 2, 3, "FAIL")
    assert checked.stumbled(Check.MISSED_TASKS) == [("B", "FINISHED_LATE", 2), ("C", "UNFINISHED", 0)]


def test_midnight_still_belongs_to_the_day_that_ends() -> None:
    """Checks 11, 14: A ended at midnight of its day; B was due at the midnight the data date ends with."""
    plan = Plan(start=MONDAY_TWO).add("A", 1).add("B", 1)
    tuesday = start_of_day(date(2026, 3, 3))
    plan.change("A", actual_start=START, actual_finish=tuesday, remaining=0)
    checked = Checked(plan, data_date=FRIDAY, has_baseline=True)
    due = replace(checked.facts().baseline, finish=np.array([tuesday - 60, start_of_day(date(2026, 3, 7))]))
    checked = replace(checked, more={"baseline": due})

    assert checked.stumbled(Check.MISSED_TASKS) == [("B", "UNFINISHED", 0)]
    assert figures(checked.result(Check.BEI)) == (0.5, 1, 2, "FAIL")


@pytest.mark.parametrize("check", [Check.MISSED_TASKS, Check.BEI])
def test_nothing_due_yet_is_too_early(check: Check) -> None:
    """SQ-1: a denominator of 0 is not applicable."""
    days = {"A": date(2026, 4, 1)}
    checked = Checked(chain(1), data_date=FRIDAY, has_baseline=True, finishes=days)

    assert figures(checked.result(check)) == (None, None, None, "TOO_EARLY")


@pytest.mark.parametrize("check", [Check.MISSED_TASKS, Check.BEI, Check.CPLI])
def test_no_baseline_is_said(check: Check) -> None:
    """SQ-1: 11, 13 and 14."""
    assert figures(Checked(chain(1, 1), data_date=FRIDAY).result(check)) == (None, None, None, "NO_BASELINE")


def test_execution_counts_what_the_baseline_does_not_know() -> None:
    """Check 14: one of two due tasks is done, and one open task is in no baseline: 1/3."""
    plan = Plan(start=MONDAY_TWO).add("A", 1).add("B", 1).add("C", 1).add("D", 1)
    plan.change("A", actual_start=START, actual_finish=START + DAY + 60, remaining=0)
    days = {"A": date(2026, 3, 2), "B": FRIDAY, "D": date(2026, 4, 1)}
    checked = Checked(plan, data_date=FRIDAY, has_baseline=True, finishes=days)

    assert figures(checked.result(Check.BEI)) == (pytest.approx(1 / 3), 1, 3, "FAIL")
    assert checked.stumbled(Check.BEI) == [("B", "UNFINISHED", None), ("C", "UNFINISHED", None)]


def test_critical_path_broken_by_a_fixed_date_fails() -> None:
    """Check 12: B was dated by hand, so A can slip 600 days and the finish stays."""
    plan = chain(2, 3).change(
        "B", fixed_start=at(date(2026, 3, 4)), fixed_finish=end_of(date(2026, 3, 6)), duration=3 * DAY
    )
    checked = Checked(plan.link("A", "B", "SS"), options=MICROSOFT)

    result = checked.result(Check.CRITICAL_PATH_TEST)

    assert figures(result) == (0, 0, 600, "FAIL")
    assert checked.stumbled(Check.CRITICAL_PATH_TEST) == [("B", "", 0)]


def test_delay_is_that_of_a_task_whose_length_the_path_runs_through() -> None:
    """Check 12: the path C, B, A leaves A by its start, so A may last longer and B is what must not."""
    plan = Plan(start=MONDAY_TWO).add("A", 1).add("B", 5).add("C", 5)
    checked = Checked(plan.link("A", "B", "SS").link("B", "C"))

    result = checked.result(Check.CRITICAL_PATH_TEST)

    assert checked.facts().schedule.is_longest_path.tolist() == [True, True, True]
    assert (figures(result), result.subject) == ((600, 600, 600, "PASS"), 1)


def test_path_may_leave_a_task_by_a_link_to_another_finish() -> None:
    """Check 12: A holds the finish of B, so a longer A moves it."""
    plan = Plan(start=MONDAY_TWO).add("A", 5).add("B", 2)
    checked = Checked(plan.link("A", "B", "FF", days=1))

    result = checked.result(Check.CRITICAL_PATH_TEST)

    assert (figures(result), result.subject) == ((600, 600, 600, "PASS"), 0)


def test_delay_of_begun_work_after_a_milestone_moves_the_finish() -> None:
    """Check 12: S is no task and A has begun: what is left of it takes longer."""
    plan = Plan(start=MONDAY_TWO).add("S", kind=ActivityKind.START_MILESTONE).add("A", 5).add("B", 5)
    plan.link("S", "A").link("A", "B").change("S", actual_start=START, actual_finish=START)
    plan.change("A", actual_start=START, remaining=3 * DAY)
    open_start = Plan(start=MONDAY_TWO).add("S", kind=ActivityKind.START_MILESTONE).add("A", 5).link("S", "A")

    for found in (Checked(plan, data_date=FRIDAY), Checked(open_start)):
        result = found.result(Check.CRITICAL_PATH_TEST)
        assert (figures(result), result.subject) == ((600, 600, 600, "PASS"), 1)


@pytest.mark.parametrize(
    ("moved", "is_kept"), [("601", True), ("599", True), ("601.01", False), ("598", False)]
)
def test_finish_may_move_a_day_more_or_less(moved: str, *, is_kept: bool) -> None:
    """Check 12: 600 ± 1 working days."""
    assert VERSION_1.checks[Check.CRITICAL_PATH_TEST].is_kept_by(Decimal(moved)) is is_kept


def test_path_that_leaves_every_task_by_its_start_fails() -> None:
    """Check 12: the milestone at the end waits for the start of A alone, so no task holds the finish."""
    plan = Plan(start=MONDAY_TWO).add("A", 1).add("M", 0, kind=ActivityKind.FINISH_MILESTONE)
    checked = Checked(plan.link("A", "M", "SS", days=1000))

    assert figures(checked.result(Check.CRITICAL_PATH_TEST)) == (0, 0, 600, "FAIL")


def test_delay_is_measured_in_the_project_calendar() -> None:
    """Check 12: A runs seven days a week; 600 working days of the project move the finish by as many."""
    every_day = WorkCalendar("Every day", (OFFICE_HOURS,) * 7)
    plan = replace(chain(2, 3), calendars=(CALENDAR, every_day)).change("A", calendar=1)

    assert figures(Checked(plan).result(Check.CRITICAL_PATH_TEST)) == (600, 600, 600, "PASS")


def test_delay_beyond_the_end_of_the_calendar_cannot_be_made() -> None:
    """Check 12: 600 working days of a calendar that works one day a year never end."""
    plan = Plan(start=start_of_day(date(9998, 1, 4)) + 480).add("A", 1)

    result = Checked(plan).result(Check.CRITICAL_PATH_TEST)

    assert result.value.reason == "CALC_ERROR"


def test_finished_plan_has_no_path() -> None:
    """SQ-1: nothing is open, so the checks of open work do not apply."""
    plan = chain(1).change("A", actual_start=START, actual_finish=START + DAY, remaining=0)
    days = {"A": date(2026, 3, 2)}
    checked = Checked(plan, data_date=FRIDAY, has_baseline=True, finishes=days, baseline_finish=FRIDAY)

    reasons = {item.code: item.value.reason for item in checked.quality().checks if item.value.reason}

    assert set(reasons.values()) == {"FINISHED"}
    assert set(Check) - set(reasons) == {Check.INVALID_DATES, Check.MISSED_TASKS, Check.BEI}


def test_path_length_is_measured_to_the_deadline_without_a_baseline() -> None:
    """Check 13: 20 working days to go and 4 to spare: 24/20."""
    plan = Plan(start=MONDAY_TWO).add("A", 20)
    plan.add("END", kind=ActivityKind.FINISH_MILESTONE, deadline=end_of(date(2026, 4, 10))).link("A", "END")

    assert figures(Checked(plan, data_date=FRIDAY).result(Check.CPLI)) == (1.2, 24, 20, "PASS")


def test_path_length_to_the_date_the_project_must_finish_by() -> None:
    """Check 13: 20 working days to go, one too many: 19/20 passes just so."""
    plan = Plan(start=MONDAY_TWO, must_finish_by=end_of(date(2026, 4, 3))).add("A", 20)
    checked = Checked(plan, data_date=FRIDAY)

    assert figures(checked.result(Check.CPLI)) == (0.95, 19, 20, "PASS")
    assert checked.stumbled(Check.CPLI) == [("A", "FORECAST_LATE", 1)]


def test_completion_milestone_sets_the_length() -> None:
    """Check 13, SCH-38: C goes on after the completion milestone M, whose own baseline counts."""
    plan = Plan(start=MONDAY_TWO).add("A", 10).add("M", kind=ActivityKind.FINISH_MILESTONE).link("A", "M")
    plan.add("C", 30).link("M", "C")
    days = {"M": date(2026, 3, 20)}
    checked = Checked(plan, FRIDAY, True, days, baseline_finish=FRIDAY, more={"completion": 1})

    assert figures(checked.result(Check.CPLI)) == (0.9, 9, 10, "FAIL")


def test_forecast_on_the_day_wanted_is_not_late_and_one_that_is_over_has_no_length() -> None:
    """Check 13, SQ-1: nothing to spare names nobody; CPL of 0 is FINISHED without numbers."""
    plan = Plan(start=MONDAY_TWO).add("A", 4)
    met = Checked(plan, data_date=FRIDAY, has_baseline=True, baseline_finish=date(2026, 3, 13))
    over = replace(met, data_date=date(2026, 3, 13))

    assert (figures(met.result(Check.CPLI)), met.stumbled(Check.CPLI)) == ((1, 4, 4, "PASS"), [])
    assert figures(over.result(Check.CPLI)) == (None, None, None, "FINISHED")


def test_weekend_between_finish_and_baseline_is_no_slip() -> None:
    """Check 13: a baseline that ends on Sunday is met on Friday."""
    plan = Plan(start=MONDAY_TWO).add("A", 4)
    checked = Checked(plan, data_date=FRIDAY, has_baseline=True, baseline_finish=date(2026, 3, 15))

    assert figures(checked.result(Check.CPLI)) == (1, 4, 4, "PASS")


def test_calendar_of_one_task_does_not_change_what_a_working_day_is() -> None:
    """CON-7: float of a task with weekends is told in days of the project's length."""
    weekend = WorkCalendar("Weekend", (*(DAY_OFF,) * 5, OFFICE_HOURS, OFFICE_HOURS))
    plan = replace(Plan(), calendars=(CALENDAR, weekend)).add("A", 60).add("B", 1, calendar=1)
    plan.add("END", kind=ActivityKind.FINISH_MILESTONE).link("A", "END").link("B", "END")
    checked = Checked(plan)

    assert checked.facts().schedule.total_float[1] != NO_INSTANT
    assert checked.stumbled(Check.HIGH_FLOAT) == []
