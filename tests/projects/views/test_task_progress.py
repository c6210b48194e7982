"""Progress of one task by its form: preview, refusals on their fields (SCH-20, SCH-22, SCH-26)."""

from datetime import date

import pytest
from django.test import Client

from pmo_portal.audit.models import AuditEntry
from projects.models import Project, Task, TaskProgress
from projects.services import progress
from tests import factories
from tests.projects.views.test_progress_lists import fresh, plan

pytestmark = pytest.mark.django_db


def test_preview_says_the_finish_and_saves_nothing() -> None:
    """SCH-22: AD 4 d, 50 % → 4 d left, finish Wed 11 Mar; what was typed stays in the form."""
    client, _project, design, _build = plan()
    entries = AuditEntry.objects.count()

    response = _sent(client, design, actual_start="2026-03-02", percent_complete="50", trial="1")

    found = response.context["foreseen"]
    assert (response.status_code, found["percent"], found["left"]) == (200, 50, 4)
    assert found["finish"] == date(2026, 3, 11)
    assert "Nothing is saved yet." in response.text
    assert 'value="2026-03-02"' in response.text
    assert (TaskProgress.objects.count(), AuditEntry.objects.count()) == (0, entries)
    assert fresh(design).version == design.version


def test_preview_names_what_should_come_first() -> None:
    """SCH-26: Build waits for Design."""
    client, _project, _design, build = plan()

    response = _sent(client, build, actual_start="2026-03-04", percent_complete="50", trial="1")

    assert "out of sequence: before it comes 1 Design" in response.text


@pytest.mark.parametrize("trial", [{}, {"trial": "1"}])
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"actual_start": "2026-03-09"}, "actual_start"),
        ({"actual_start": "2026-03-02", "actual_finish": "2026-03-09"}, "actual_finish"),
        ({"actual_start": "2026-03-04", "actual_finish": "2026-03-03"}, "actual_finish"),
        ({"actual_finish": "2026-03-04"}, "actual_start"),
        ({"percent_complete": "50"}, "actual_start"),
        ({"actual_start": "2026-03-02", "percent_complete": "100"}, "actual_finish"),
    ],
)
def test_refusal_stands_on_its_field(said: dict[str, str], field: str, trial: dict[str, str]) -> None:
    """SCH-20, SCH-23: future, finish before start, without start, 100 % without finish; asked or saved."""
    client, _project, design, _build = plan()

    response = _sent(client, design, **said, **trial)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert TaskProgress.objects.count() == 0


def test_without_data_date_nothing_is_recorded() -> None:
    """SCH-20: NO_DATA_DATE; there is no preview to ask for either."""
    client, _project, design, _build = plan()
    Project.objects.update(data_date=None)

    shown = client.get(_page(design))
    response = _sent(client, design, actual_start="2026-03-02", percent_complete="50")

    assert 'name="trial"' not in shown.text
    assert response.status_code == 422
    assert TaskProgress.objects.count() == 0


def test_preview_warns_of_work_that_ends_without_a_finish() -> None:
    """SCH-23: nothing left without an actual finish is allowed and warned of, before it is saved too."""
    client, _project, design, _build = plan()

    response = _sent(client, design, actual_start="2026-03-02", days_left="0", trial="1")

    assert response.status_code == 200
    assert response.context["foreseen"]["warning"].startswith("No work is left")
    assert "No work is left" in response.text


def test_milestone_is_previewed_by_its_day() -> None:
    """SCH-29."""
    client, project, _design, _build = plan()
    gate = factories.task(project, "Gate", kind="FINISH_MILESTONE", duration=0)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 6))

    response = _sent(client, fresh(gate), actual_finish="2026-03-05", trial="1")

    assert response.context["foreseen"]["percent"] == 100
    assert TaskProgress.objects.count() == 0


def _page(task: Task) -> str:
    return f"/projects/P-1/plan/{task.uid}/progress/"


def _sent(client: Client, task: Task, **said: str):  # type: ignore[no-untyped-def]
    shown = {"days_left": task.duration // 480} if task.duration else {}
    return client.post(_page(task), {**shown, "version": task.version, **said})
