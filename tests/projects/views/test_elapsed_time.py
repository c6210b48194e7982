"""Durations on the clock count days of 24 hours on pages and in files; constraints show the day of SCH-4."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from projects.choices import ConstraintType, LinkType, TimeKind
from projects.models import Project, Task
from projects.services import links, progress, tasks
from tests import factories

pytestmark = pytest.mark.django_db

CLOCK_DAY = 1440
CURING = {"duration": 3 * CLOCK_DAY, "duration_kind": TimeKind.ELAPSED}


def plan() -> tuple[Client, Project, Task]:
    """Return Alice signed in, and Curing (3 elapsed days) since Mon 2 Mar, known up to that day."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    client = Client()
    client.force_login(factories.manager_of(project))
    curing = factories.task(project, "Curing", **CURING)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 2))
    return client, project, Task.objects.get(pk=curing.pk)


def test_pages_and_the_table_count_days_of_the_clock() -> None:
    client, _project, curing = plan()

    page = client.get(f"/projects/P-1/plan/{curing.uid}/").content.decode()
    form = client.get(f"/projects/P-1/plan/{curing.uid}/edit/").context["form"]
    listed = client.get("/projects/P-1/plan/list/").context["plan"]
    text = client.get("/projects/P-1/plan/export/csv/").content.decode("utf-8-sig")
    line = next(csv.DictReader(io.StringIO(text)))

    assert "3.0 elapsed days" in page
    assert "9.0 working days" not in page
    assert (form.fields["days"].label, form.initial["days"]) == ("Duration in elapsed days", 3)
    assert [(row.days, row.is_elapsed) for row in listed.rows] == [(3, True)]
    assert (line["Duration (days)"], line["Kind of duration"]) == ("3.00", "Elapsed time")


def test_elapsed_days_left_are_kept_as_they_are_said() -> None:
    """Two days of the clock are left, not two of eight hours."""
    client, _project, curing = plan()
    said = {"actual_start": "2026-03-02", "days_left": "2", "version": curing.version}

    form = client.get(f"/projects/P-1/plan/{curing.uid}/progress/").context["form"]
    answer = client.post(f"/projects/P-1/plan/{curing.uid}/progress/", said)

    curing.refresh_from_db()
    assert (form.fields["days_left"].label, form.initial["days_left"]) == ("Elapsed days left", 3)
    assert answer.status_code == 302
    assert curing.remaining_duration == 2 * CLOCK_DAY


def test_day_of_a_finish_constraint_is_the_day_that_ends() -> None:
    """SCH-4: the end of Thu 5 Mar is the midnight after it; no page and no file calls it Friday."""
    client, project, curing = plan()
    bound = {"constraint_type": ConstraintType.FNLT, "constraint_date": datetime(2026, 3, 6, tzinfo=UTC)}
    pouring = factories.task(project, "Pouring", duration=960)
    tasks.edit_task(actor=None, task=pouring, changes=bound, expected_version=None)
    links.add_link(
        actor=None, project=project, predecessor=curing, successor=pouring, type=LinkType.SS, lag_percent=50
    )

    page = client.get(f"/projects/P-1/plan/{pouring.uid}/").content.decode()
    text = client.get("/projects/P-1/plan/export/csv/").content.decode("utf-8-sig")

    assert list(csv.DictReader(io.StringIO(text)))[1]["Constraint date"] == "2026-03-05"
    assert "Finish no later than 5 Mar 2026" in page or "Finish no later than 05/03/2026" in page
    assert "SS + 50 %" in page
