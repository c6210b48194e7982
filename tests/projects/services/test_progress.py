"""Dated progress (SCH-20 to SCH-23, SCH-28, SCH-29)."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from projects.engine.calendar import CalendarException, WorkCalendar
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task, TaskProgress
from projects.services import progress, progress_rules
from projects.services.task_dates import working_hours_for
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)


def project_at(day: date | None = FRIDAY) -> Project:
    """Return a project whose status is known up to the end of a day."""
    project = factories.project()
    if day:
        progress.set_data_date(actor=None, project=project, data_date=day)
    project.refresh_from_db()
    return project


def refused(task: Task, **said: Any) -> str:
    """Return the code of a refusal, after checking that nothing changed and nothing was audited."""
    before = Task.objects.values().get(pk=task.pk)
    entries = AuditEntry.objects.count()
    day = said.pop("data_date", task.project.data_date)
    with pytest.raises(DomainError) as refusal:
        progress.record_progress(actor=None, task=task, data_date=day, **said)
    assert Task.objects.values().get(pk=task.pk) == before
    assert AuditEntry.objects.count() == entries
    assert TaskProgress.objects.filter(task=task).count() <= 1
    return refusal.value.code


def test_percent_gives_the_rest() -> None:
    """SCH-22: AD 4 d, p 50 → RD 4 d; SCH-21: the finish follows from the data date."""
    project = project_at(date(2026, 3, 5))
    task = factories.task(project, planned_start=moment(2), duration=4800)

    entry = progress.record_progress(
        actor=None,
        task=task,
        data_date=project.data_date,
        actual_start=moment(2),
        percent_complete=Decimal(50),
    )

    task.refresh_from_db()
    assert entry.remaining_duration == 4 * 480
    assert (task.percent_complete, task.planned_start, task.planned_finish) == (
        Decimal("50.00"),
        moment(2),
        moment(11, 17),
    )


def test_remaining_gives_the_percent() -> None:
    """SCH-22: 5 d done, 15 d left → 25 %."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=4800)

    entry = progress.record_progress(
        actor=None, task=task, data_date=FRIDAY, actual_start=moment(2), remaining_duration=15 * 480
    )

    assert entry.percent_complete == Decimal("25.00")


def test_finish_completes() -> None:
    """SCH-23: 100 % with a finish sets the rest to 0."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=960)

    progress.record_progress(
        actor=None, task=task, data_date=FRIDAY, actual_start=moment(2), actual_finish=moment(5, 17)
    )

    task.refresh_from_db()
    assert (task.percent_complete, task.percent_physical, task.remaining_duration) == (100, 100, 0)
    assert task.planned_finish == moment(5, 17)


def test_no_work_left_without_finish_is_allowed_and_warned() -> None:
    """SCH-23."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=960)
    draft = progress_rules.ProgressDraft(task=task, actual_start=moment(2), remaining_duration=0)

    state = progress_rules.check_progress(
        draft, project=project, data_date=FRIDAY, hours=working_hours_for(task, project=project)
    )

    assert (state.remaining_duration, state.percent_complete) == (0, 100)
    assert state.warnings == (progress_rules.NO_FINISH,)


@pytest.mark.parametrize(("left", "is_refused"), [(0, False), (480, True)])
def test_no_work_left_needs_no_more_working_time(left: int, is_refused: bool) -> None:
    """SCH-5: a calendar that works in one week only can still be told that nothing is left."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=960)
    once = CalendarException(date(2026, 3, 2), date(2026, 3, 5), ((480, 1020),))
    hours = WorkingTime(
        WorkCalendar("Once", ((),) * 7, exceptions=(once,)), date(2026, 3, 1), date(2026, 3, 31)
    )
    draft = progress_rules.ProgressDraft(task=task, actual_start=moment(2), remaining_duration=left)

    with pytest.raises(DomainError) if is_refused else nullcontext() as refusal:
        state = progress_rules.checked_state(draft, project=project, data_date=FRIDAY, hours=hours)

    if refusal is None:
        assert (state.remaining_duration, state.forecast_finish) == (0, moment(5, 17))
    else:
        assert refusal.value.code == "EMPTY_CALENDAR"


def test_no_data_date_refused() -> None:
    """SCH-20."""
    task = factories.task(project_at(None))

    assert refused(task, actual_start=moment(2), remaining_duration=480) == "NO_DATA_DATE"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"actual_start": moment(9), "remaining_duration": 480}, "FUTURE_ACTUAL"),
        ({"actual_start": moment(2), "actual_finish": moment(9, 17)}, "FUTURE_ACTUAL"),
        ({"actual_start": moment(4), "actual_finish": moment(3)}, "FINISH_BEFORE_START"),
        ({"actual_finish": moment(4, 17)}, "FINISH_WITHOUT_START"),
        ({"percent_complete": Decimal(10)}, "PROGRESS_WITHOUT_START"),
        ({"percent_physical": Decimal(10)}, "PROGRESS_WITHOUT_START"),
        ({"actual_start": moment(2), "percent_complete": Decimal(100)}, "FINISH_NEEDED"),
        ({"actual_start": moment(2), "percent_complete": Decimal(0)}, "REMAINING_NEEDED"),
        ({"actual_start": moment(6, 17), "percent_complete": Decimal(50)}, "REMAINING_NEEDED"),
        ({"actual_start": moment(2), "data_date": date(2026, 3, 7)}, "FUTURE_ACTUAL"),
    ],
)
def test_contradiction_refused(said: dict[str, Any], code: str) -> None:
    """SCH-20, SCH-22, SCH-23."""
    task = factories.task(project_at(), planned_start=moment(2), duration=960)

    assert refused(task, **said) == code


def test_summary_takes_no_progress() -> None:
    project = project_at()
    top = factories.task(project)
    factories.task(project, parent=top)

    assert refused(top, actual_start=moment(2), remaining_duration=480) == "SUMMARY_PROGRESS"


def test_milestone_is_reached_or_not() -> None:
    """SCH-29."""
    stone = factories.task(project_at(), kind="FINISH_MILESTONE", planned_finish=moment(6, 17))

    half = refused(stone, percent_complete=Decimal(50))
    undated = refused(stone, percent_complete=Decimal(100))
    progress.record_progress(actor=None, task=stone, data_date=FRIDAY, actual_finish=moment(5, 17))

    stone.refresh_from_db()
    assert (half, undated) == ("MILESTONE_PERCENT", "FINISH_NEEDED")
    assert (stone.percent_complete, stone.actual_start, stone.actual_finish) == (
        100,
        moment(5, 17),
        moment(5, 17),
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"remaining_duration": 60 * 24 * 366 * 20 * 4}, "remaining_duration"),
        ({"remaining_duration": 2**31 - 1}, "remaining_duration"),
        (
            {"percent_complete": Decimal("0.01"), "actual_start": datetime(1955, 1, 3, 8, tzinfo=UTC)},
            "percent_complete",
        ),
        ({"actual_start": None, "remaining_duration": 60 * 24 * 366 * 20 * 4}, "remaining_duration"),
    ],
)
def test_work_that_would_end_in_another_age_is_refused_on_its_field(said: dict[str, Any], field: str) -> None:
    """DATES_OUT_OF_RANGE: a typing error, of what was said and not of the plan."""
    task = factories.task(project_at(), planned_start=moment(2), duration=960)

    with pytest.raises(DomainError) as refusal:
        progress.record_progress(
            actor=None, task=task, data_date=FRIDAY, **{"actual_start": moment(2), **said}
        )

    assert (refusal.value.code, refusal.value.field) == ("DATES_OUT_OF_RANGE", field)
    assert str(refusal.value) == (
        "The work would end outside the years 1900 to 2199. Say how much is really left."
    )


@pytest.mark.parametrize("said", [{"actual_finish": moment(9, 17)}, {"percent_physical": Decimal(10)}])
def test_milestone_is_refused_on_the_day_people_give(said: dict[str, Any]) -> None:
    """SCH-29: its one day stands in the field of the finish."""
    stone = factories.task(project_at(), kind="FINISH_MILESTONE", planned_finish=moment(6, 17))

    with pytest.raises(DomainError) as refusal:
        progress.record_progress(actor=None, task=stone, data_date=FRIDAY, **said)

    assert refusal.value.field == "actual_finish"


def test_reopen_needs_reason_and_rest() -> None:
    """SCH-28: the start stays, the event is written down."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=960)
    progress.record_progress(
        actor=None, task=task, data_date=FRIDAY, actual_start=moment(2), actual_finish=moment(3, 17)
    )

    no_reason = refused(task, actual_start=moment(2), remaining_duration=480)
    no_rest = refused(task, actual_start=moment(2), note="Defect found")
    progress.record_progress(
        actor=None,
        task=task,
        data_date=FRIDAY,
        actual_start=moment(2),
        remaining_duration=480,
        note="Defect found",
    )

    task.refresh_from_db()
    last = AuditEntry.objects.order_by("-sequence").first()
    assert (no_reason, no_rest) == ("REASON_NEEDED", "REMAINING_NEEDED")
    assert (task.actual_start, task.actual_finish) == (moment(2), None)
    assert last is not None
    assert (last.action, last.reason) == ("task.reopened", "Defect found")


def test_entry_of_an_earlier_date_leaves_the_present() -> None:
    """What is known now comes from the newest entry."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=4800)
    progress.record_progress(
        actor=None, task=task, data_date=FRIDAY, actual_start=moment(2), percent_complete=Decimal(50)
    )

    progress.record_progress(
        actor=None,
        task=task,
        data_date=date(2026, 3, 3),
        actual_start=moment(2),
        percent_complete=Decimal(20),
    )

    task.refresh_from_db()
    shares = TaskProgress.objects.filter(task=task).order_by("data_date").values_list("percent_complete")
    assert list(shares) == [(Decimal("20.00"),), (Decimal("50.00"),)]
    assert task.percent_complete == Decimal("50.00")


def test_second_entry_of_a_date_replaces_the_first() -> None:
    project = project_at()
    task = factories.task(project, planned_start=moment(2), duration=4800)

    for share in (20, 40):
        progress.record_progress(
            actor=None, task=task, data_date=FRIDAY, actual_start=moment(2), percent_complete=Decimal(share)
        )

    assert TaskProgress.objects.get(task=task).percent_complete == Decimal("40.00")


def test_stale_progress_changes_nothing() -> None:
    """XC-1, SEC-29."""
    project = project_at()
    task = factories.task(project, planned_start=moment(2))
    entries = AuditEntry.objects.count()

    with pytest.raises(StaleObject):
        progress.record_progress(
            actor=None,
            task=task,
            data_date=FRIDAY,
            expected_version=9,
            actual_start=moment(2),
            remaining_duration=1,
        )

    assert (TaskProgress.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_data_date_goes_back_with_a_reason_only() -> None:
    """SCH-20."""
    project = project_at()

    with pytest.raises(DomainError) as refusal:
        progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    back = progress.set_data_date(
        actor=None, project=project, data_date=date(2026, 3, 5), reason="Wrong day typed"
    )

    assert refusal.value.code == "DATA_DATE_BACK"
    assert back.data_date == date(2026, 3, 5)
