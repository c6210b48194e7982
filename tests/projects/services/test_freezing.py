"""Baselines, calendars and published statuses (SCH-5, SCH-36, SCH-37, REP-3 to REP-5, REP-10)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, StaleObject
from projects.models import Baseline, BaselineTask, Calendar, Project, StatusReport
from projects.selectors.baselines import variance_rows
from projects.services import baselines, budgets, calendars, reports, tasks
from projects.services.reports import Declaration
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)


def planned() -> tuple[Project, dict[str, Any]]:
    """Return a project with two tasks, one of them with a budget."""
    project = factories.project()
    made = {
        "A": factories.task(project, "A", planned_start=moment(2), duration=960),
        "B": factories.task(project, "B", planned_start=moment(4), duration=480),
    }
    for task, amount in ((made["A"], 300), (None, 100)):
        budgets.add_budget_line(
            actor=None, project=project, amount=Decimal(amount), effective_from=DAY, task=task
        )
    return project, made


def test_baseline_freezes_dates_and_budgets() -> None:
    """SCH-36, CST-5: undistributed budget is part of BAC."""
    project, _made = planned()

    baseline = baselines.set_baseline(actor=None, project=project, effective_from=DAY, name="Approved")

    rows = BaselineTask.objects.filter(baseline=baseline).order_by("task_uid")
    assert (baseline.number, baseline.is_current, baseline.bac) == (0, True, Decimal("400.00"))
    assert (baseline.start, baseline.finish) == (moment(2), moment(4, 17))
    assert [(row.name, row.finish, row.budget) for row in rows] == [
        ("A", moment(3, 17), Decimal(300)),
        ("B", moment(4, 17), Decimal(0)),
    ]


def test_next_baseline_needs_a_reason_and_keeps_the_original() -> None:
    """SCH-36: number 0 is written once."""
    project, _made = planned()
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    unchanged = (Baseline.objects.count(), AuditEntry.objects.count())
    baselines.set_baseline(actor=None, project=project, effective_from=DAY, reason="Scope grew by change 7")

    assert (refusal.value.code, unchanged) == ("REASON_NEEDED", (1, entries))
    assert list(Baseline.objects.order_by("number").values_list("number", "is_current")) == [
        (0, False),
        (1, True),
    ]


def test_baseline_before_the_present_one_refused() -> None:
    """CST-12."""
    project, _made = planned()
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)

    with pytest.raises(Conflict) as refusal:
        baselines.set_baseline(
            actor=None, project=project, effective_from=date(2026, 3, 1), reason="Scope grew by change 7"
        )

    assert refusal.value.code == "BASELINE_ORDER"


def test_empty_plan_cannot_be_frozen() -> None:
    with pytest.raises(DomainError) as refusal:
        baselines.set_baseline(actor=None, project=factories.project(), effective_from=DAY)

    assert refusal.value.code == "NOTHING_TO_FREEZE"


def test_variance_counts_working_days() -> None:
    """SCH-37: Tuesday 3 to Friday 6 is 3 days late; new tasks have no baseline, removed ones are listed."""
    project, made = planned()
    paula = factories.user("Paula")
    factories.grant(paula, "PMO_HEAD", project.node)
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    tasks.edit_task(actor=None, task=made["A"], changes={"planned_start": moment(5)}, expected_version=None)
    tasks.delete_task(actor=None, task=made["B"], expected_version=None)
    factories.task(project, "New", planned_start=moment(9))

    rows = variance_rows(project, user=paula)

    assert [(row.name, row.current.finish_wd, row.current.reason) for row in rows] == [
        ("A", 3, ""),
        ("New", None, "NO_BASELINE"),
        ("B", None, "REMOVED"),
    ]

    baselines.set_baseline(actor=None, project=project, effective_from=DAY, reason="Scope grew by change 7")

    assert [row.name for row in variance_rows(project, user=paula)] == ["A", "New"]


@pytest.mark.parametrize("count", [1, 3])
def test_variance_takes_a_fixed_number_of_queries(count: int, django_assert_num_queries: Any) -> None:
    project = factories.project()
    paula = factories.user("Paula")
    factories.grant(paula, "PMO_HEAD", project.node)
    for _number in range(count):
        factories.task(project, planned_start=moment(2))
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    project = Project.objects.select_related("calendar").get(pk=project.pk)

    with django_assert_num_queries(9):
        variance_rows(project, user=paula)


def test_variance_of_start_duration_and_cost() -> None:
    """SCH-37: two days later, one day longer, 50 dearer than frozen; budget lines are the cost of a task."""
    project = factories.project(currency="EUR")
    paula = factories.user("Paula")
    factories.grant(paula, "PMO_HEAD", project.node)
    task = factories.task(project, "A", planned_start=moment(2), duration=480)
    budgets.add_budget_line(actor=None, project=project, task=task, amount=Decimal(200), effective_from=DAY)
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    changes = {"planned_start": moment(4), "duration": 960}
    tasks.edit_task(actor=None, task=task, changes=changes, expected_version=None)
    budgets.add_budget_line(actor=None, project=project, task=task, amount=Decimal(50), effective_from=DAY)

    (row,) = variance_rows(project, user=paula)

    found = row.current
    assert (found.start_wd, found.finish_wd, found.duration_days, found.cost) == (2, 3, 1, Decimal(50))
    assert row.original == row.current


def test_calendar_without_working_time_refused() -> None:
    """SCH-5: EMPTY_CALENDAR."""
    with pytest.raises(DomainError) as refusal:
        calendars.create_calendar(
            actor=None, project=None, name="Never", week_pattern={str(day): [] for day in range(7)}
        )

    assert refusal.value.code == "EMPTY_CALENDAR"
    assert Calendar.objects.count() == 0


def test_calendar_with_overlapping_hours_refused() -> None:
    week = {str(day): [[480, 720], [600, 800]] for day in range(7)}

    with pytest.raises(DomainError) as refusal:
        calendars.create_calendar(actor=None, project=None, name="Twice", week_pattern=week)

    assert refusal.value.code == "INVALID_CALENDAR"


def test_calendar_based_on_itself_refused() -> None:
    first = calendars.create_calendar(actor=None, project=None, name="First")
    second = calendars.create_calendar(actor=None, project=None, name="Second", base=first)

    with pytest.raises(DomainError) as refusal:
        calendars.edit_calendar(actor=None, calendar=first, changes={"base": second}, expected_version=1)

    assert refusal.value.code == "CYCLE"


def test_stale_calendar_changes_nothing() -> None:
    """XC-1, SEC-29."""
    calendar = calendars.create_calendar(actor=None, project=None, name="First")
    calendars.edit_calendar(actor=None, calendar=calendar, changes={"name": "Theirs"}, expected_version=1)

    with pytest.raises(StaleObject):
        calendars.edit_calendar(actor=None, calendar=calendar, changes={"name": "Mine"}, expected_version=1)

    calendar.refresh_from_db()
    assert calendar.name == "Theirs"


def test_days_off_move_the_finish() -> None:
    project = factories.project()
    calendar = calendars.create_calendar(
        actor=None,
        project=project,
        name="With a holiday",
        days_off=[calendars.DayOff(date(2026, 3, 9), date(2026, 3, 9), "Holiday")],
    )

    task = factories.task(project, planned_start=moment(6), duration=960, calendar=calendar)

    assert task.planned_finish == moment(10, 17)


def test_holidays_of_a_country() -> None:
    found = calendars.list_holidays(country="DE", years=[2026])

    assert date(2026, 12, 25) in {day.start for day in found}
    with pytest.raises(DomainError):
        calendars.list_holidays(country="XX", years=[2026])


def publish(project: Project, **said: Any) -> StatusReport:
    """Publish the status of March."""
    return reports.publish_status(
        actor=None, project=project, period_end=date(2026, 3, 31), published_at=NOW, **said
    )


def test_correction_supersedes() -> None:
    """REP-10."""
    project = factories.project()
    publish(project, summary="First")

    publish(project, summary="Corrected")

    assert list(StatusReport.objects.order_by("pk").values_list("summary", "state")) == [
        ("First", "SUPERSEDED"),
        ("Corrected", "PUBLISHED"),
    ]


def test_better_than_computed_needs_a_reason_and_waits() -> None:
    """REP-3, REP-4."""
    project = factories.project()
    reason = "The supplier delivered this morning"

    with pytest.raises(DomainError) as refusal:
        publish(project, ratings={"SCHEDULE": Declaration("GREEN", computed="AMBER", reason="Trust me")})
    report = publish(
        project, ratings={"SCHEDULE": Declaration("GREEN", computed="AMBER", reason=reason), "COST": "AMBER"}
    )

    states = dict(report.ratings.values_list("dimension", "override_state"))
    assert refusal.value.code == "REASON_NEEDED"
    assert states == {"SCHEDULE": "PENDING", "COST": "NONE"}


def test_green_over_not_rated_waits_for_the_pmo() -> None:
    """REP-4: computed GREY, declared GREEN counts only after acceptance."""
    report = publish(factories.project(), ratings={"RISK": "GREEN"})

    assert report.ratings.get().override_state == "PENDING"


def test_red_needs_a_path_to_green() -> None:
    """REP-5; an imported status is history and not asked."""
    project = factories.project()

    with pytest.raises(DomainError) as refusal:
        publish(project, ratings={"COST": "RED"})
    kept = StatusReport.objects.count()
    publish(project, ratings={"COST": "RED"}, path_to_green="Alice renegotiates until 30 April")
    publish(project, ratings={"COST": "RED"}, source="GMPP 2025")

    assert (refusal.value.code, refusal.value.field, kept) == ("PATH_TO_GREEN_NEEDED", "path_to_green", 0)
