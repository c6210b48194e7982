"""
A plan written as the file of another tool and imported into itself, unchanged, proposes nothing.

Gold schedules of both tools, and a plan of the portal with what Primavera has no word for.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from projects.choices import ConstraintType, TaskKind
from projects.interchange.document import ProjectDocument
from projects.interchange.java import java_runtime
from projects.interchange.vocabulary import Convention, LagCalendar, ScheduleFormat
from projects.models import Calendar, Project, Task
from projects.selectors.project_documents import project_document
from projects.services.links import add_link
from projects.services.plan_update.report import report_of
from projects.services.plan_update.worked_out import UNCOUNTED
from projects.services.plan_update.working_out import work_out_update
from projects.services.progress import record_progress, set_data_date
from tests import factories
from tests.oracle.agreement import Case, cases
from tests.oracle.documents import document_of, load
from tests.oracle.round_trip import SEEN, Mpxj, as_imported, mpxj, stored

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.skipif(java_runtime() is None, reason="no Java runtime"),
]
GOLD = [case for case in cases() if case.tier == "gold"]
SMALL = 200


def chosen() -> list[Case]:
    """Return four schedules of Primavera and three of Microsoft that are soon compared."""
    by_size = sorted(GOLD, key=lambda case: case.path.stat().st_size)
    ours = [case for case in by_size if case.tool == "Primavera"][:4]
    return [*ours, *[case for case in by_size if case.tool == "Microsoft"][20:23]]


def imported(case: Case) -> ProjectDocument:
    """Return the schedule as an import reads it: no nameless resources, lags as Microsoft counts them."""
    document = as_imported(document_of(load(case.path)))
    options = document.options
    if options.convention is Convention.MICROSOFT:
        options = replace(options, lag_calendar=LagCalendar.SUCCESSOR)
    named = tuple(item for item in document.resources if item.name)
    return replace(document, options=options, resources=named)


def proposed(project: Project, kind: ScheduleFormat, files: Mpxj) -> list[object]:
    """Return what importing the plan into itself would change."""
    back = files.there_and_back(project_document(project, rights=SEEN), kind)
    update = work_out_update(actor=None, project=project, document=back, file_name="plan")
    if not update.has_effect and not update.missing:
        return []
    supplies = update.supplies
    found = [
        dict(update.header_values),
        *(
            {name: value for name, value in row.values.items() if name not in UNCOUNTED}
            for row in update.rows
        ),
        *(row.changes for row in update.rows),
        *(item.values or item.item.name for item in supplies.calendars if item.is_new or item.is_changed),
        *(item.values or item.item.name for item in supplies.resources if item.is_new or item.values),
        *(item.values for item in supplies.assignments_changed),
        *(item.changes for item in update.links.changed),
        *update.missing,
    ]
    return [*filter(None, found), report_of(update)["counts"]]


@pytest.mark.skipif(not GOLD, reason="no schedules: set PMO_ORACLE_DIR to the oracle folder")
def test_gold_schedules_come_back_unchanged() -> None:
    """Issue 4, interchange: every format, into the plan the file was written from."""
    found = []
    with mpxj() as files:
        for case in chosen():
            with transaction.atomic():
                project = stored(imported(case))
                found += [(kind, proposed(project, kind, files)) for kind in ScheduleFormat]
                transaction.set_rollback(True)

    assert [items for _kind, items in found if items] == []
    assert len(found) == 21


def varied_plan() -> Project:
    """Return a plan with several rows at its top and what Primavera cannot say."""
    project = factories.project(
        "NW-1", currency="EUR", planned_start=date(2026, 3, 2), planned_finish=date(2026, 4, 1)
    )
    set_data_date(actor=None, project=project, data_date=date(2026, 3, 13))
    office = factories.task(project, "Office", duration=960, planned_start=factories.moment(2))
    phase = factories.task(project, "Phase", kind=TaskKind.SUMMARY)
    dig = factories.task(
        project,
        "Dig",
        parent=phase,
        duration=4800,
        planned_start=factories.moment(2),
        planned_finish=factories.moment(13, 17),
        notes="Mind the <b>pipes</b>\nand the cables",
        deadline=factories.moment(20, 17),
        priority=720,
        extra={"Lot": "N" * 300},
    )
    pour = factories.task(
        project, "Pour", parent=phase, duration=960, is_active=False, planned_start=factories.moment(16)
    )
    factories.task(
        project, "Roof", duration=480, is_manual=True, is_effort_driven=True, fixed_cost=Decimal(50),
        constraint_type=ConstraintType.SNET, constraint_date=factories.moment(23),
        planned_start=factories.moment(23),
    )  # fmt: skip
    hours = {str(day): [[420, 900]] if day < 4 else [] for day in range(7)}
    night = Calendar.objects.create(
        project=project, uid="9", name="Night", week_pattern=hours, hours_per_day=8, days_per_week=4,
        days_per_month=16,
    )  # fmt: skip
    Task.objects.filter(pk=pour.pk).update(calendar=night)
    link = add_link(actor=None, project=project, predecessor=dig, successor=pour)
    type(link).objects.filter(pk=link.pk).update(lag_percent=Decimal(-25))
    record_progress(
        actor=None, task=office, data_date=date(2026, 3, 13), actual_start=factories.moment(2),
        actual_finish=factories.moment(6, 17), percent_complete=Decimal(100),
    )  # fmt: skip
    record_progress(
        actor=None, task=dig, data_date=date(2026, 3, 13), actual_start=factories.moment(3),
        remaining_duration=1920,
    )  # fmt: skip
    return Project.objects.select_related("node", "calendar").get(pk=project.pk)


def test_plan_of_the_portal_comes_back_unchanged_and_a_change_is_seen() -> None:
    """What the format cannot carry is no change; what somebody changes there is one."""
    project = varied_plan()
    with mpxj() as files:
        found = {kind: proposed(project, kind, files) for kind in ScheduleFormat}
        document = project_document(project, rights=SEEN)
        Task.objects.filter(project=project, name="Roof").update(duration=960)
        Task.objects.filter(project=project, name="Dig").update(notes="Other", priority=500)
        changed = {
            kind: work_out_update(
                actor=None,
                project=project,
                document=files.there_and_back(document, kind),
                file_name="plan",
            )
            for kind in ScheduleFormat
        }

    assert not any(found.values())
    names = {kind: sorted(report_of(item)["fields"]) for kind, item in changed.items()}
    assert all(each == ["duration", "notes", "priority"] for each in names.values())
