"""Imports are steps of the plan: one step takes them back while nothing stands in the way."""

from datetime import date
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.access import plan_rights
from projects.choices import ChangeSource, MissingRows
from projects.models import Calendar, Link, PlanChange, Project, Task, TaskProgress
from projects.selectors.owned_rows import OWNED, read_owned
from projects.selectors.plan_snapshot import read_snapshot
from projects.services import tasks
from projects.services.plan_changes.undoing import undo_step
from projects.services.plan_updates import update_plan
from projects.services.progress_sheets import apply_sheet
from tests import factories
from tests.projects.services import test_progress_sheets as sheets
from tests.projects.services.plan_update import files

pytestmark = pytest.mark.django_db

DIG = files.row(1, "Dig")
POUR = files.row(2, "Pour", 3)
HOUSE = files.plan([DIG, POUR], [files.Link(1, 2)])
NOISE = {"version", "updated_at", "created_at", "sort_path"}


def whole(project: Project) -> Any:
    """Return everything the project holds, but counters of saves."""
    plan, owned = read_snapshot(project), read_owned(project)
    tables = [(Task, plan.tasks), (Link, plan.links), *((table.model, owned[table.label]) for table in OWNED)]
    return [
        sorted(
            tuple(
                (name, cell)
                for name, cell in zip((f.attname for f in model._meta.concrete_fields), row, strict=True)
                if name not in NOISE
            )
            for row in rows.values()
        )
        for model, rows in tables
    ]


def bring(project: Project, document: Any, actor: Any, missing: str = MissingRows.REMOVE) -> PlanChange:
    update_plan(
        actor=actor,
        project=project,
        document=document,
        missing=missing,
        today=date(2026, 3, 10),
        file_name="house.mpp",
    )
    return PlanChange.objects.latest("number")


def take_back(project: Project, change: PlanChange, actor: Any) -> None:
    undo_step(actor=actor, project=project, rights=plan_rights(actor, project), number=change.number, key="")


@pytest.fixture
def project() -> Project:
    return factories.project("house", planned_start=factories.MONDAY)


@pytest.fixture
def alice(project: Project) -> Any:
    return factories.manager_of(project)


def test_first_import_is_taken_back_to_an_empty_plan(project: Project, alice: Any) -> None:
    """Rows, links, calendars and the header of the project are as they were; the trail says it."""
    before = whole(project)
    change = bring(project, HOUSE, alice)
    assert (change.source, change.file_name) == (ChangeSource.PLAN_FILE, "house.mpp")
    assert Task.objects.count() == 2

    take_back(project, change, alice)

    assert whole(project) == before
    assert AuditEntry.objects.filter(action=actions.IMPORT_TAKEN_BACK).count() == 1


def test_update_is_taken_back_exactly(project: Project, alice: Any) -> None:
    """Removed, changed and added rows, progress and the data date come and go with it."""
    bring(project, HOUSE, alice)
    before = whole(project)
    begun = files.row(
        1, "Dig deep", actual_start=files.at(2), percent_complete=50.0, duration=960.0, finish=files.at(3, 17)
    )
    later = files.plan([begun, files.row(3, "Roof", 5)], status_date=date(2026, 3, 3))
    change = bring(project, later, alice)
    assert sorted(Task.objects.values_list("name", flat=True)) == ["Dig deep", "Roof"]
    assert TaskProgress.objects.exists()

    take_back(project, change, alice)

    assert whole(project) == before
    assert not TaskProgress.objects.exists()


def test_import_somebody_built_upon_stays(project: Project, alice: Any) -> None:
    change = bring(project, HOUSE, alice)
    dig = Task.objects.get(name="Dig")
    tasks.edit_task(actor=alice, task=dig, changes={"name": "Dig again"}, expected_version=None)
    before = whole(project)

    with pytest.raises(DomainError) as refusal:
        take_back(project, change, alice)

    assert refusal.value.code == "MERGE"
    assert whole(project) == before


def test_calendar_changed_since_keeps_the_import(project: Project, alice: Any) -> None:
    change = bring(project, HOUSE, alice)
    Calendar.objects.filter(project=project).update(name="Ours")

    with pytest.raises(Conflict):
        take_back(project, change, alice)


def test_what_others_did_elsewhere_stays(project: Project, alice: Any) -> None:
    other = factories.task(project, "Own row")
    change = bring(project, HOUSE, alice, MissingRows.KEEP)
    tasks.edit_task(
        actor=alice, task=Task.objects.get(pk=other.pk), changes={"name": "Mine"}, expected_version=None
    )

    take_back(project, change, alice)

    assert list(Task.objects.values_list("name", flat=True)) == ["Mine"]


def test_only_who_imported_takes_it_back_and_only_once(project: Project, alice: Any) -> None:
    change = bring(project, HOUSE, alice)
    bob = factories.manager_of(project, "Bob")

    with pytest.raises(DomainError) as other:
        take_back(project, change, bob)
    take_back(project, change, alice)
    with pytest.raises(DomainError) as twice:
        take_back(project, change, alice)
    with pytest.raises(DomainError) as again:
        take_back(project, PlanChange.objects.latest("number"), alice)

    assert "Only the person" in str(other.value)
    assert (twice.value.code, again.value.code) == ("UNDONE", "IMPORT")


def test_import_without_effect_is_no_step(project: Project, alice: Any) -> None:
    bring(project, HOUSE, alice)
    bring(project, HOUSE, alice)

    assert PlanChange.objects.count() == 1


def test_progress_list_is_taken_back() -> None:
    """Reports, actual dates and what moved are as before, also for who only reports their own tasks."""
    alice, project = sheets.plan()
    before = whole(project)
    sheet = sheets.changed(
        sheets.exported(alice, project), {"Design": {"Actual start": "03.03.2026", "Days left": "6"}}, project
    )
    apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})
    change = PlanChange.objects.latest("number")
    assert change.source == ChangeSource.PROGRESS_SHEET
    assert whole(project) != before

    take_back(project, change, alice)

    assert whole(project) == before
    assert not TaskProgress.objects.exists()
