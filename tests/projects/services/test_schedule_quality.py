"""Checks of stored plans: what is kept, when, and what data quality makes of it (domain 5.11, 11.2)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from pmo_portal.common.models import Job
from projects.choices import ScheduleGrade
from projects.models import Assignment, Project, Resource, ScheduleAssessment, Task
from projects.selectors.plan_facts import load_plan_facts
from projects.selectors.schedule_quality import schedule_scores
from projects.services import links, progress
from projects.services.baselines import set_baseline
from projects.services.schedule_quality import check_plan, order_check, order_missing_checks
from projects.services.tasks import delete_task, edit_task
from tests import factories

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)
TODAY = date(2026, 3, 10)


def made_project(**facts: Any) -> Project:
    """A, B and C of five days one after another from Monday 2 March 2026, and an end."""
    project = factories.project(planned_start=factories.MONDAY, **facts)
    rows = [factories.task(project, name, duration=2400) for name in "ABC"]
    rows.append(factories.task(project, "End", kind="FINISH_MILESTONE", duration=0))
    for first, second in pairwise(rows):
        links.add_link(actor=None, project=project, predecessor=first, successor=second)
    return project


def checked(project: Project, as_of: date = TODAY) -> ScheduleAssessment:
    check_plan(actor=None, project=Project.objects.get(pk=project.pk), as_of=as_of)
    return ScheduleAssessment.objects.known_on(as_of).get(project=project)


def check_of(found: ScheduleAssessment, code: str) -> dict[str, Any]:
    rows = found.result["checks"] + found.result["findings"]
    return next(item for item in rows if item["code"] == code)


def test_sound_plan_is_good() -> None:
    """SQ-3: nine checks apply to a plan without baseline, data date and people."""
    found = checked(made_project())

    assert (found.passed, found.applicable, found.grade, found.reason) == (9, 9, ScheduleGrade.GOOD, "")
    assert (found.score, found.data_date, found.policy_version) == (Decimal(100), None, 1)
    assert check_of(found, "CPLI")["reason"] == "NO_BASELINE"
    assert check_of(found, "CRITICAL_PATH_TEST")["value"] == "600"


def test_offenders_are_kept_by_their_keys() -> None:
    """SQ-2: B has lost its successor, and a link has a lead."""
    project = made_project()
    a, b, c, _ = Task.objects.in_order()
    links.remove_link(actor=None, link=b.successor_links.get())
    links.add_link(actor=None, project=project, predecessor=a, successor=c, lag=-480)

    found = checked(project)

    logic, leads = check_of(found, "LOGIC"), check_of(found, "LEADS")
    assert logic["offenders"] == [[b.pk, None, "NO_SUCCESSOR", None]]
    assert (logic["numerator"], logic["denominator"], logic["verdict"]) == ("1", "3", "FAIL")
    assert leads["offenders"] == [[c.pk, a.pk, "", "-1"]]
    assert leads["offenders_total"] == 1


def test_resources_costs_and_owners_are_read() -> None:
    """Checks 10 and X4: A has an assignment, B a fixed cost, C nothing; A has an owner."""
    project = made_project()
    a, b, c, _ = Task.objects.in_order()
    engineer = Resource.objects.create(project=project, name="Engineer")
    Assignment.objects.create(task=a, resource=engineer, work_hours=40)
    Task.objects.filter(pk=b.pk).update(fixed_cost=Decimal("10.00"))
    Task.objects.filter(pk=a.pk).update(owner=factories.person())

    found = checked(project)

    assert [row[0] for row in check_of(found, "RESOURCES")["offenders"]] == [c.pk]
    assert [row[0] for row in check_of(found, "X4")["offenders"]] == [b.pk, c.pk]


def test_baseline_in_force_on_the_day_counts() -> None:
    """Checks 11, 13 and 14: A was due on the data date and is not finished."""
    project = made_project()
    for task, day in zip(Task.objects.in_order(), (2, 9, 16, 20), strict=True):
        edit_task(
            actor=None, task=task, changes={"planned_start": factories.moment(day)}, expected_version=None
        )
    set_baseline(actor=None, project=project, effective_from=FRIDAY)
    progress.set_data_date(actor=None, project=project, data_date=FRIDAY)

    before, on_time = checked(project, FRIDAY - timedelta(days=1)), checked(project, FRIDAY)

    assert check_of(before, "BEI")["reason"] == "NO_BASELINE"
    missed, executed = check_of(on_time, "MISSED_TASKS"), check_of(on_time, "BEI")
    assert (missed["numerator"], missed["denominator"], missed["verdict"]) == ("1", "1", "FAIL")
    assert (executed["numerator"], executed["denominator"]) == ("0", "1")
    assert [row[2] for row in check_of(on_time, "INVALID_DATES")["offenders"]] == ["FORECAST_IN_PAST"]
    assert on_time.data_date == FRIDAY


def test_dates_people_keep_must_not_lie_in_the_past() -> None:
    """Check 9: A was planned before the data date; computed dates begin after it."""
    project = made_project()
    Project.objects.update(data_date=FRIDAY, is_auto_scheduled=False)
    start = factories.moment(3)
    Task.objects.filter(name="A").update(planned_start=start, planned_finish=factories.moment(9, 17))
    Task.objects.exclude(name="A").update(planned_start=None, planned_finish=None)

    by_hand = check_of(checked(project), "INVALID_DATES")
    Project.objects.update(is_auto_scheduled=True)
    computed = check_of(checked(project), "INVALID_DATES")

    assert [row[2] for row in by_hand["offenders"]] == ["FORECAST_IN_PAST"]
    assert computed["verdict"] == "PASS"


def test_empty_plan_and_plan_without_links_have_no_score() -> None:
    """CON-4, EX-HLT P4."""
    empty, loose = factories.project(), factories.project(planned_start=factories.MONDAY)
    factories.task(loose, "A")
    factories.task(loose, "B")

    reasons = {checked(project).reason for project in (empty, empty)}

    assert reasons == {"NOT_PLANNED_YET"}
    assert (checked(loose).reason, checked(loose).score) == ("INSUFFICIENT_DATA", None)
    assert schedule_scores([empty.pk, loose.pk], TODAY) == {}


def test_plan_that_did_not_change_is_not_kept_again() -> None:
    project = made_project()
    first = checked(project)

    again = check_plan(actor=None, project=project, as_of=TODAY + timedelta(days=1))

    assert again is False
    assert list(ScheduleAssessment.objects.values_list("pk", flat=True)) == [first.pk]


def test_past_days_keep_what_was_known_then() -> None:
    """The score of a day is that of the newest check up to it; before the first there is none."""
    project = made_project()
    checked(project)
    delete_task(actor=None, task=Task.objects.get(name="B"), expected_version=None)
    later = TODAY + timedelta(days=5)
    checked(project, later)

    scores = [schedule_scores([project.pk], TODAY + timedelta(days=days)) for days in (-1, 0, 4, 5)]

    assert scores[0] == {}
    assert scores[1] == scores[2] == {project.pk: Decimal(100)}
    assert scores[3][project.pk] < 100


def test_check_that_read_earlier_does_not_replace_a_later_one() -> None:
    """Two runs at once: the one that read the newer plan stays."""
    project = made_project()
    kept = checked(project)
    ScheduleAssessment.objects.update(assessed_at=F("assessed_at") + timedelta(minutes=5), input_hash="newer")

    changed = check_plan(actor=None, project=project, as_of=TODAY)

    assert changed is False
    assert ScheduleAssessment.objects.get(pk=kept.pk).input_hash == "newer"


def test_facts_are_read_in_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    """The same for 4 and for 40 tasks."""
    project = made_project()
    with CaptureQueriesContext(connection) as few:
        load_plan_facts(Project.objects.select_related("calendar").get(), as_of=TODAY)
    for number in range(36):
        factories.task(project, f"More {number}")

    with django_assert_num_queries(len(few)):
        load_plan_facts(Project.objects.select_related("calendar").get(), as_of=TODAY)

    assert len(few) <= 22


def test_missing_checks_are_ordered_once(drain: Any) -> None:
    """Plans that changed since they were checked, and none of a closed project."""
    waiting, closed, done = made_project(), made_project(), made_project()
    Project.objects.filter(pk=closed.pk).update(state="CLOSED")
    Job.objects.all().delete()
    check_plan(actor=None, project=done, as_of=TODAY)

    first, second = order_missing_checks(), order_missing_checks()

    assert (first, second) == (1, 1)
    assert [job.arguments for job in Job.objects.filter(name="projects.check_plan")] == [
        {"project_id": waiting.pk}
    ]
    drain()
    assert ScheduleAssessment.objects.filter(project=waiting).exists()
    assert not ScheduleAssessment.objects.filter(project=closed).exists()
    assert order_missing_checks() == 0


def test_check_can_be_ordered_by_hand() -> None:
    """It is the refresh of health, for which the plan is checked."""
    project = made_project()
    alice = factories.manager_of(project)
    Job.objects.all().delete()

    order_check(actor=alice, project=project)
    order_check(actor=alice, project=project)

    job = Job.objects.get()
    assert (job.name, job.key, job.owner_id) == ("portfolio.refresh_health", str(project.pk), alice.pk)
