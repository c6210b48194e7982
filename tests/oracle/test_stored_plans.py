"""Plans of the oracle, stored and read back: the engine dates them as it dates the file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from projects.engine.scheduling.schedule import compute_schedule
from projects.interchange.document import ProjectDocument
from projects.interchange.scheduled import TICKS, plan_of
from projects.interchange.vocabulary import Convention
from projects.models import Project, Task
from projects.selectors.networks import load_network
from projects.services.document_writing import Incoming, write_projects
from tests import factories
from tests.oracle.agreement import cases
from tests.oracle.documents import document_of, load

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FIELDS = ("early_start", "early_finish", "late_start", "late_finish", "total_float")
MOST_ROWS = {"Microsoft": 60, "Primavera": 100}
GOLD = [case for case in cases() if case.tier == "gold"]
RARE = [case for case in cases() if "-exotic-" in case.path.name or "-constraint-" in case.path.name]
CASES = [*GOLD, *RARE[::6]]
"""Whole plans of the tools, and some generated ones with rarer lags and constraints."""


@pytest.mark.skipif(not CASES, reason="no schedules: set PMO_ORACLE_DIR to the oracle folder")
@pytest.mark.parametrize("tool", ["Microsoft", "Primavera"])
def test_stored_plan_has_the_dates_of_its_file(tool: str) -> None:
    """An imported plan keeps the convention of its tool: nothing of it is lost in the database."""
    seen = 0

    for document in _documents(tool):
        project = _stored(document)

        assert _from_database(project) == _from_file(document), document.name
        seen += 1

    assert seen >= 5


def _documents(tool: str) -> Iterator[ProjectDocument]:
    for case in CASES:
        if case.tool == tool:
            document = replace(document_of(load(case.path)), blank_rows=0)
            known = [task.actual_finish or task.actual_start for task in document.tasks]
            start = document.options.scheduled_from
            ahead = start is not None and any(moment > start for moment in known if moment)
            # Actual dates after the data date are refused here, so such a plan cannot be dated alike.
            if len(document.tasks) <= MOST_ROWS[tool] and not (tool == "Primavera" and ahead):
                yield _with_status_date(document)


def _with_status_date(document: ProjectDocument) -> ProjectDocument:
    options = document.options
    if options.convention is not Convention.PRIMAVERA or options.scheduled_from is None:
        return document
    day = (options.scheduled_from - timedelta(minutes=1)).date()
    return replace(document, options=replace(options, status_date=day))


def _stored(document: ProjectDocument) -> Project:
    (project,) = write_projects(
        actor=None,
        incoming=[Incoming(document, name="Plan of a tool")],
        parent_node=factories.portfolio_node(),
        today=date(2026, 3, 10),
        file_name="plan",
    )
    return project


def _from_database(project: Project) -> dict[int, Any]:
    plan = load_network(project)
    found = compute_schedule(plan.network, plan.options)
    uids = dict(Task.objects.filter(project=project).values_list("pk", "source_uid"))
    return {
        uids[key] or 0: tuple(int(getattr(found, name)[at]) for name in FIELDS)
        for at, key in enumerate(plan.task_ids.tolist())
    }


def _from_file(document: ProjectDocument) -> dict[int, Any]:
    plan = plan_of(document)
    found = compute_schedule(plan.network, plan.options)
    return {
        uid: tuple(int(getattr(found, name)[at]) // TICKS for name in FIELDS)
        for at, uid in enumerate(plan.uids)
    }
