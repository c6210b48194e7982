"""Progress of a file goes through the rules of recorded progress (SCH-20, SCH-23)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pmo_portal.accounts.models import User
from projects.models import Project, Task, TaskProgress
from projects.selectors.project_documents import project_document
from projects.services.plan_exports import ALL_RIGHTS
from projects.services.progress import record_progress, set_data_date
from tests import factories
from tests.projects.services.plan_update.files import at, bring_in, counts, notes, plan, preview, row

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def project() -> Project:
    project = factories.project("house")
    bring_in(project, plan([row(1, "Dig"), row(2, "Pour", 9)]))
    project.refresh_from_db()
    return project


@pytest.fixture
def alice(project: Project) -> User:
    return factories.manager_of(project)


def _started(uid: int, name: str, day: int = 2, **facts: object) -> object:
    values = {"actual_start": at(day), "percent_complete": 50.0, "remaining_duration": 240.0, **facts}
    return row(uid, name, day, **values)


def test_progress_is_an_entry_at_the_data_date_of_the_file(project: Project, alice: User) -> None:
    """CON-6, SCH-20: the data date moves forward to that of the file."""
    bring_in(project, plan([_started(1, "Dig"), row(2, "Pour", 9)], status_date=FRIDAY), alice)

    project.refresh_from_db()
    entry = TaskProgress.objects.get()
    assert project.data_date == FRIDAY
    assert (entry.data_date, entry.percent_complete, entry.recorded_by) == (FRIDAY, Decimal(50), alice)
    assert Task.objects.get(name="Dig").actual_start == factories.moment(2)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"actual_start": at(10)}, "FUTURE_ACTUAL"),
        ({"actual_start": None}, "PROGRESS_WITHOUT_START"),
        ({"percent_complete": 100.0}, "FINISH_NEEDED"),
    ],
)
def test_progress_that_the_rules_refuse_is_named_and_left_out(
    project: Project, alice: User, facts: dict[str, object], why: str
) -> None:
    """SCH-20, SCH-23: the row comes in, its progress does not."""
    document = plan([_started(1, "Dig", **facts), row(2, "Pour", 9)], status_date=FRIDAY)

    shown = preview(project, document, alice)
    bring_in(project, document, alice)

    (note,) = shown["notes"]
    assert (note["code"], note["where"]) == ("PROGRESS_REFUSED", "Dig")
    assert note["values"] == {"why": why, "count": 1}
    task = Task.objects.get(name="Dig")
    assert (task.actual_start, task.percent_complete, TaskProgress.objects.count()) == (None, Decimal(0), 0)


def test_recorded_progress_the_file_does_not_know_stays(project: Project, alice: User) -> None:
    """The planner's tool knows nothing of what the team recorded here."""
    set_data_date(actor=None, project=project, data_date=FRIDAY)
    record_progress(
        actor=None, task=Task.objects.get(name="Dig"), data_date=FRIDAY, actual_start=factories.moment(3),
        actual_finish=factories.moment(4, 17), percent_complete=Decimal(100),
    )  # fmt: skip
    document = plan([row(1, "Dig out", 5), row(2, "Pour", 9)])

    shown = preview(project, document, alice)
    bring_in(project, document, alice)

    task = Task.objects.get(uid=1)
    assert notes(shown) == ["PROGRESS_AHEAD"]
    assert (task.name, task.actual_finish) == ("Dig out", factories.moment(4, 17))
    assert (task.planned_start, task.planned_finish) == (factories.moment(3), factories.moment(4, 17))


def test_row_reported_at_nothing_is_not_ahead_of_the_file(project: Project, alice: User) -> None:
    """A report that nothing was done yet is no progress: the note names none, the plan of the file counts."""
    set_data_date(actor=None, project=project, data_date=FRIDAY)
    record_progress(
        actor=None,
        task=Task.objects.get(name="Pour"),
        data_date=FRIDAY,
        percent_complete=Decimal(0),
        remaining_duration=480,
    )
    document = plan([row(1, "Dig", 9), row(2, "Pour", 10)], status_date=FRIDAY)

    shown = preview(project, document, alice)
    bring_in(project, document, alice)

    assert (notes(shown), counts(shown)["changed"]) == ([], 2)
    assert Task.objects.get(name="Pour").planned_start == factories.moment(10)


def test_older_file_never_takes_the_data_date_back(project: Project, alice: User) -> None:
    """SCH-20: its progress is kept as that of its own date; the newer one stays the present."""
    set_data_date(actor=None, project=project, data_date=date(2026, 3, 13))
    record_progress(
        actor=None, task=Task.objects.get(name="Dig"), data_date=date(2026, 3, 13),
        actual_start=factories.moment(2), actual_finish=factories.moment(9, 17),
        percent_complete=Decimal(100),
    )  # fmt: skip
    document = plan([_started(1, "Dig"), row(2, "Pour", 9)], status_date=FRIDAY)

    shown = preview(project, document, alice)
    bring_in(project, document, alice)

    project.refresh_from_db()
    assert set(notes(shown)) == {"DATA_DATE_OLDER", "PROGRESS_OLDER"}
    assert project.data_date == date(2026, 3, 13)
    assert list(TaskProgress.objects.order_by("data_date").values_list("data_date", "percent_complete")) == [
        (FRIDAY, Decimal(50)), (date(2026, 3, 13), Decimal(100))
    ]  # fmt: skip
    assert Task.objects.get(name="Dig").percent_complete == Decimal(100)


def test_progress_twice_is_one_entry(project: Project, alice: User) -> None:
    document = plan([_started(1, "Dig"), row(2, "Pour", 9)], status_date=FRIDAY)
    bring_in(project, document, alice)

    shown = preview(project, document, alice)

    assert counts(shown) == {"unchanged": 2}
    assert bring_in(project, document, alice).has_effect is False


def test_own_export_brings_nothing_new(alice: User) -> None:
    """SCH-20: no entry for what the plan says already, no second calendar; whole percentages are no news."""
    project = factories.project("own", planned_start=date(2026, 3, 2))
    dig, _pour = (factories.task(project, name, duration=5 * 480) for name in ("Dig", "Pour"))
    set_data_date(actor=None, project=project, data_date=FRIDAY)
    record_progress(
        actor=None,
        task=dig,
        data_date=FRIDAY,
        actual_start=factories.moment(2),
        percent_complete=Decimal("33.33"),
    )
    set_data_date(actor=None, project=project, data_date=date(2026, 3, 13))
    project.refresh_from_db()
    document = project_document(project, rights=ALL_RIGHTS)
    rounded = [
        replace(item, percent_complete=float(round(item.percent_complete or 0)), percent_physical=0.0)
        for item in document.tasks
    ]
    before = list(TaskProgress.objects.values("task", "data_date", "percent_complete"))

    bring_in(project, replace(document, tasks=tuple(rounded)))

    dig.refresh_from_db()
    project.refresh_from_db()
    assert list(TaskProgress.objects.values("task", "data_date", "percent_complete")) == before
    assert (dig.percent_complete, dig.percent_physical) == (Decimal("33.33"), Decimal(0))
    assert (project.calendar.project, project.own_calendars.count()) == (None, 0)
