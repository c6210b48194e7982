"""Old daily figures go, month ends and period closes stay (HLT-9)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from portfolio.models import GroupHealth, ProjectHealth
from portfolio.services import rollups
from portfolio.services.periods import close_period
from portfolio.services.retention import Pruned, prune_figures
from projects.models import PlanChange, ProjectSnapshot, ScheduleAssessment
from projects.selectors.periods import Span
from projects.services.periods import create_periods
from tests import factories
from tests.portfolio.worlds import make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
OLD_DAY, OLD_MONTH_END, OLD_CLOSE = date(2026, 5, 12), date(2026, 5, 31), date(2026, 4, 24)
YOUNG_DAY = date(2026, 6, 3)


def test_prune_keeps_month_ends_closes_and_ninety_days(drain: Callable[[], int]) -> None:
    """HLT-9, and a second run finds nothing."""
    plan(make_project("P1", make_portfolio()))
    for day in (OLD_DAY, OLD_MONTH_END, YOUNG_DAY):
        rollups.start_rollup(actor=None, as_of=day)
        drain()
    create_periods(actor=None, spans=[Span("P04", date(2026, 3, 30), OLD_CLOSE)])
    close_period(actor=None, period_end=OLD_CLOSE, today=TODAY)
    drain()
    groups_a_day = GroupHealth.objects.filter(as_of=OLD_DAY).count()

    first, second = prune_figures(today=TODAY), prune_figures(today=TODAY)

    gone = {"assessments": 0, "plan_changes": 0}
    assert first == Pruned(project_health=1, group_health=groups_a_day, snapshots=1, adoption=1, **gone)
    assert second == Pruned(project_health=0, group_health=0, snapshots=0, adoption=0, **gone)
    kept = [OLD_CLOSE, OLD_MONTH_END, YOUNG_DAY]
    assert sorted(ProjectHealth.objects.values_list("as_of", flat=True)) == kept
    assert sorted(ProjectSnapshot.objects.values_list("as_of", flat=True)) == kept
    assert sorted(set(GroupHealth.objects.values_list("as_of", flat=True))) == kept


def test_prune_keeps_the_last_check_of_a_plan_in_each_month() -> None:
    """HLT-9: a plan is checked when it changes, so the last check of a month speaks for the days after it."""
    project = make_project("P1", make_portfolio())
    days = [date(2026, 5, 3), date(2026, 5, 12), date(2026, 6, 1), date(2026, 6, 20), date(2026, 6, 21)]
    for day in days:
        ScheduleAssessment.objects.create(
            project=project, as_of=day, policy_version=1, reason="NOT_PLANNED_YET", assessed_at=NOW
        )

    gone = prune_figures(today=TODAY).assessments

    assert gone == 1
    assert list(ScheduleAssessment.objects.order_by("as_of").values_list("as_of", flat=True)) == days[1:]


def test_old_steps_of_plans_go_but_for_the_last() -> None:
    """The last one knows which numbers rows had, so that none is given again."""
    project = factories.project()
    other = factories.project()
    for number, days in ((1, 200), (2, 100), (3, 10)):
        PlanChange.objects.create(project=project, number=number, key=f"k{number}", at=_days_ago(days))
    PlanChange.objects.create(project=other, number=1, key="k", at=_days_ago(200))

    gone = prune_figures(today=TODAY).plan_changes

    assert gone == 2
    assert list(PlanChange.objects.order_by("pk").values_list("number", flat=True)) == [3, 1]


def _days_ago(days: int) -> datetime:
    return datetime.combine(TODAY - timedelta(days=days), time(12), tzinfo=UTC)
