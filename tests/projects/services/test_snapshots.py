"""Snapshots of measured facts."""

from datetime import date
from decimal import Decimal

import pytest

from projects.models import ProjectSnapshot
from projects.services.snapshots import StoredCounts, measure_projects
from tests.portfolio.worlds import AS_OF, make_portfolio, make_project, plan, post

pytestmark = pytest.mark.django_db


def test_same_inputs_write_nothing_and_changed_ones_count_up() -> None:
    """HLT-5, SEC-37: one row per project and date; revision + 1 for changed inputs."""
    project = make_project("P1", make_portfolio())
    plan(project)

    first = measure_projects(actor=None, project_ids=[project.pk], as_of=AS_OF)
    second = measure_projects(actor=None, project_ids=[project.pk], as_of=AS_OF)
    post(project, 100, date(2026, 3, 20))
    third = measure_projects(actor=None, project_ids=[project.pk], as_of=AS_OF)

    assert [first, second, third] == [StoredCounts(1, 0, 0), StoredCounts(0, 0, 1), StoredCounts(0, 1, 0)]
    row = ProjectSnapshot.objects.get()
    assert (row.revision, row.ac, row.bac, row.ev) == (2, Decimal(600), Decimal(1000), Decimal(500))
    assert row.measures["state"] == "EXECUTING"


def test_unknown_figures_are_null_with_reason() -> None:
    """CON-4: never 0; the reason stands under the name of the figure."""
    project = make_project("P1", make_portfolio())

    measure_projects(actor=None, project_ids=[project.pk], as_of=AS_OF)

    row = ProjectSnapshot.objects.get()
    assert (row.bac, row.cpi, row.project_budget) == (None, None, None)
    assert (row.reasons["cpi"], row.reasons["project_budget"]) == ("NO_BASELINE", "NO_BUDGET")
