"""The score of a plan as a check of data quality (11.2 step 9)."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from portfolio.models import ProjectHealth
from portfolio.services.rollups import start_rollup
from projects.models import Link, Project, ScheduleAssessment, Task
from projects.services.changes import touch_project
from tests.portfolio.worlds import at, make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def chained_project() -> Project:
    """A project whose three tasks are linked."""
    project = make_project("P1", make_portfolio(), planned_start=None)
    rows = [plan(project)]
    rows += [Task.objects.create(project=project, uid=uid, name="More", duration=480) for uid in (2, 3)]
    Task.objects.filter(pk=rows[0].pk).update(actual_start=at(rows[0].planned_start.date()))
    for first, second in pairwise(rows):
        Link.objects.create(project=project, predecessor=first, successor=second)
    return project


def verdict() -> bool | None:
    checks: dict[str, bool | None] = ProjectHealth.objects.get().explanation["data_quality"]["checks"]
    return checks["SCHEDULE_QUALITY"]


def test_changed_project_is_checked_before_it_is_rated(drain: Drain) -> None:
    touch_project(chained_project())

    drain()

    found = ScheduleAssessment.objects.get()
    assert found.score is not None
    assert verdict() is (found.score >= 70)


@pytest.mark.parametrize(("passed", "expected"), [(69, False), (70, True)])
def test_score_of_70_is_enough(drain: Drain, passed: int, expected: bool) -> None:
    """Compared before rounding; the row of health follows the score of the day."""
    touch_project(chained_project())
    drain()
    day = ScheduleAssessment.objects.get().as_of
    ScheduleAssessment.objects.update(passed=passed, applicable=100)

    start_rollup(actor=None, as_of=day)
    drain()

    assert verdict() is expected


def test_plan_without_links_is_not_counted(drain: Drain) -> None:
    """EX-HLT, P4: not applicable while no tasks are linked."""
    project = make_project("P1", make_portfolio())
    plan(project)
    touch_project(project)

    drain()

    assert (ScheduleAssessment.objects.get().score, verdict()) == (None, None)


def test_unchanged_score_makes_no_new_revision(drain: Drain) -> None:
    """SEC-37: the same inputs, the score among them, write nothing."""
    project = chained_project()
    for _ in range(2):
        touch_project(project)
        drain()

    assert ProjectHealth.objects.get().revision == 1
