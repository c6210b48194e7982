"""Progress by spreadsheet: export, offline change, merge, all or nothing (SCH-20, SCH-22, SEC-28)."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, NotAllowed
from projects.interchange.progress_sheet import ProgressSheet
from projects.models import Project, Task, TaskProgress
from projects.services import links, progress
from projects.services.progress import RowsRefused, record_progress
from projects.services.progress_sheet_rows import Decision
from projects.services.progress_sheets import (
    DataDateChanged,
    Undecided,
    apply_sheet,
    export_sheet,
    preview_sheet,
    read_progress_sheet,
)
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

DAY = 480
Changes = dict[str, dict[str, Any]]


def plan() -> tuple[User, Project]:
    """Return Alice and her project: Design (5 d), Build (3 d) after it, known up to Thu 5 Mar."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    alice = factories.manager_of(project)
    design = factories.task(project, "Design", duration=5 * DAY)
    build = factories.task(project, "Build", duration=3 * DAY)
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    project.refresh_from_db()
    return alice, project


def named(name: str) -> Task:
    """Return a task as it is stored."""
    return Task.objects.get(name=name)


def exported(alice: User, project: Project) -> list[dict[str, str]]:
    """Return the list as CSV rows."""
    built = export_sheet(actor=alice, project=project, kind="csv")
    return list(csv.DictReader(io.StringIO(built.content.decode("utf-8-sig"))))


def changed(rows: list[dict[str, str]], changes: Changes, project: Project) -> ProgressSheet:
    """Return the file read after somebody changed some cells offline."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **changes.get(row["Name"], {})} for row in rows)
    return read_progress_sheet([target.getvalue().encode()], project=project)


def started(alice: User, name: str, **said: Any) -> None:
    """Record meanwhile in the portal that a task has started."""
    record_progress(actor=alice, task=named(name), data_date=date(2026, 3, 5), actual_start=moment(2), **said)


def test_list_carries_rows_and_their_state() -> None:
    """A row holds the number of the task and what it held; nobody reads the last column in a workbook."""
    alice, project = plan()

    rows = exported(alice, project)
    built = export_sheet(actor=alice, project=project, kind="xlsx")
    sheet = load_workbook(io.BytesIO(built.content)).active

    assert [(row["Row"], row["Name"], row["Days left"], row["Actual start"]) for row in rows] == [
        ("1", "Design", "5", ""),
        ("2", "Build", "3", ""),
    ]
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:4] == ["P-1", 1, "1", "Design"]
    assert sheet.column_dimensions["P"].hidden is True
    assert AuditEntry.objects.filter(action="progress.exported").count() == 2


def test_unchanged_file_says_nothing() -> None:
    """Export and import without a change is no change, in both formats."""
    alice, project = plan()
    built = export_sheet(actor=alice, project=project, kind="xlsx")

    from_book = read_progress_sheet([built.content], project=project)
    from_text = changed(exported(alice, project), {}, project)

    assert [(sheet.rows, sheet.unchanged, sheet.faults) for sheet in (from_book, from_text)] == [
        ((), 2, ()),
        ((), 2, ()),
    ]


def test_change_of_one_side_is_taken_from_that_side() -> None:
    """The file starts Design, the portal meanwhile started Build: both hold afterwards."""
    alice, project = plan()
    rows = exported(alice, project)
    started(alice, "Build", remaining_duration=DAY)

    sheet = changed(rows, {"Design": {"Actual start": "02.03.2026", "Days left": "1"}}, project)
    preview = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})
    assert TaskProgress.objects.count() == 1
    made = apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert preview.is_ready
    assert [(row.task.name, sorted(row.said)) for row in preview.rows] == [
        ("Design", ["actual_start", "days_left"])
    ]
    assert [(row.uid, row.percent_complete) for row in [preview.rows[0].foreseen] if row] == [
        (1, Decimal("80.00"))
    ]
    assert [(entry.task.name, entry.percent_complete) for entry in made] == [("Design", Decimal("80.00"))]
    assert named("Build").remaining_duration == DAY
    assert AuditEntry.objects.get(action="progress.imported").after == {"rows": 1, "decided": 0}


def test_what_both_sides_changed_is_asked() -> None:
    """Days left: 5 at export, 2 now, 1 in the file: nothing is saved before somebody decides."""
    alice, project = plan()
    started(alice, "Design", remaining_duration=5 * DAY)
    rows = exported(alice, project)
    started(alice, "Design", remaining_duration=2 * DAY)
    sheet = changed(rows, {"Design": {"Days left": "1"}}, project)

    preview = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})
    entries = AuditEntry.objects.count()
    with pytest.raises(Undecided):
        apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    (found,) = preview.rows[0].conflicts
    assert (preview.is_ready, preview.undecided, found.conflict.group) == (False, 1, "work")
    assert [(item.field, item.taken, item.theirs, item.mine) for item in found.conflict.differences] == [
        ("days_left", Decimal(5), Decimal(2), Decimal(1)),
        ("percent_complete", Decimal("44.44"), Decimal("66.67"), Decimal("44.44")),
    ]
    assert (named("Design").remaining_duration, AuditEntry.objects.count()) == (2 * DAY, entries)


@pytest.mark.parametrize(("keeps_file", "left"), [(True, DAY), (False, 2 * DAY)])
def test_decision_counts(keeps_file: bool, left: int) -> None:
    """The file or what is there now, as decided; the note of the file makes an entry in any case."""
    alice, project = plan()
    started(alice, "Design", remaining_duration=5 * DAY)
    rows = exported(alice, project)
    started(alice, "Design", remaining_duration=2 * DAY)
    sheet = changed(rows, {"Design": {"Days left": "1", "Note": "Seen"}}, project)
    found = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={}).rows[0].conflicts[0]

    decisions = {(1, "work"): Decision(keeps_file, found.seen)}
    apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions=decisions)

    entry = TaskProgress.objects.get()
    assert (named("Design").remaining_duration, entry.note) == (left, "Seen")


def test_decision_about_an_older_state_is_asked_again() -> None:
    """Somebody records once more between the preview and the save."""
    alice, project = plan()
    started(alice, "Design", remaining_duration=5 * DAY)
    rows = exported(alice, project)
    started(alice, "Design", remaining_duration=2 * DAY)
    sheet = changed(rows, {"Design": {"Days left": "1"}}, project)
    found = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={}).rows[0].conflicts[0]
    started(alice, "Design", remaining_duration=3 * DAY)

    with pytest.raises(Undecided):
        apply_sheet(
            actor=alice,
            project=project,
            rows=sheet.rows,
            decisions={(1, "work"): Decision(keeps_file=True, seen=found.seen)},
        )

    assert named("Design").remaining_duration == 3 * DAY


def test_file_takes_back_a_finish_somebody_recorded_meanwhile() -> None:
    """SCH-28: keeping the file reopens the task, which needs a reason; the note of the row is it."""
    alice, project = plan()
    started(alice, "Design", remaining_duration=2 * DAY)
    rows = exported(alice, project)
    started(alice, "Design", actual_finish=moment(5, 17))
    sheet = changed(rows, {"Design": {"Days left": "1", "Note": "Not done yet"}}, project)
    found = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={}).rows[0].conflicts[0]

    apply_sheet(
        actor=alice,
        project=project,
        rows=sheet.rows,
        decisions={(1, "work"): Decision(keeps_file=True, seen=found.seen)},
    )

    assert (named("Design").actual_finish, named("Design").remaining_duration) == (None, DAY)


def test_both_sides_say_the_same() -> None:
    """No conflict, and nothing to record."""
    alice, project = plan()
    rows = exported(alice, project)
    started(alice, "Design", remaining_duration=DAY)
    sheet = changed(rows, {"Design": {"Actual start": "2026-03-02", "Days left": "1,00"}}, project)

    preview = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})
    with pytest.raises(DomainError) as refused:
        apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert (preview.changes, preview.undecided, refused.value.code) == ((), 0, "NOTHING")


def test_refusal_of_one_row_keeps_all_from_being_saved() -> None:
    """SCH-20: a start after the data date is refused on its row; the preview still shows the other."""
    alice, project = plan()
    cells = {"Design": {"Actual start": "2026-03-02"}, "Build": {"Actual start": "2026-03-09"}}
    sheet = changed(exported(alice, project), cells, project)

    preview = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})
    with pytest.raises(RowsRefused) as refused:
        apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert [getattr(row.fault, "code", None) for row in preview.rows] == [None, "FUTURE_ACTUAL"]
    assert [row.foreseen is not None for row in preview.rows] == [True, False]
    assert [(fault.uid, getattr(fault.fault, "field", "")) for fault in refused.value.faults] == [
        (2, "actual_start")
    ]
    assert TaskProgress.objects.count() == 0


def test_percentage_leads_to_the_days_left() -> None:
    """SCH-22: 4 d done, 50 % → 4 d left."""
    alice, project = plan()
    cells = {"Design": {"Actual start": "2026-03-02", "% complete": "50"}}
    sheet = changed(exported(alice, project), cells, project)

    apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert named("Design").remaining_duration == 4 * DAY


def test_member_takes_away_and_brings_back_own_tasks_only() -> None:
    """SEC-12: the task of somebody else is a row that is left out, whoever gave the file."""
    alice, project = plan()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    Task.objects.filter(name="Build").update(owner=factories.person("Bob", of=bob))
    cells = {name: {"Actual start": "2026-03-02"} for name in ("Design", "Build")}
    sheet = changed(exported(alice, project), cells, project)

    preview = preview_sheet(actor=bob, project=project, rows=sheet.rows, decisions={})
    with pytest.raises(DomainError) as refused:
        apply_sheet(actor=bob, project=project, rows=sheet.rows, decisions={})
    own = exported(bob, project)

    assert [row["Name"] for row in own] == ["Build"]
    assert [row.task.name for row in preview.rows] == ["Build"]
    assert [row.uid for row in preview.strangers] == [1]
    assert (refused.value.code, TaskProgress.objects.count()) == ("UNKNOWN_ROWS", 0)


def test_stranger_takes_nothing_away() -> None:
    """Who may not report here gets no list."""
    _alice, project = plan()
    charlie = factories.user("Charlie")

    with pytest.raises(NotAllowed):
        export_sheet(actor=charlie, project=project, kind="csv")

    assert not AuditEntry.objects.filter(action="progress.exported").exists()


def test_file_of_another_project_is_refused() -> None:
    """Numbers of rows mean something else there."""
    alice, project = plan()
    other = factories.project("P-2")
    rows = exported(alice, project)

    with pytest.raises(DomainError) as refused:
        changed(rows, {}, other)

    assert (refused.value.code, str(refused.value)) == (
        "OTHER_PROJECT",
        "Row 2 belongs to another project: P-1.",
    )


def test_data_date_that_changed_since_the_preview_is_refused() -> None:
    """Nothing is saved at a day nobody looked at; who looked at none records at the one there is."""
    alice, project = plan()
    cells = {"Design": {"Actual start": "2026-03-02", "Days left": "1"}}
    sheet = changed(exported(alice, project), cells, project)
    looked_on = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={}).looked_on
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 6))
    entries = AuditEntry.objects.count()

    with pytest.raises(DataDateChanged) as refused:
        apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={}, looked_on=looked_on)
    kept = (TaskProgress.objects.count(), AuditEntry.objects.count())
    made = apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert str(refused.value) == ("Nothing is saved yet: the data date changed. Look at the preview again.")
    assert (looked_on, kept) == (date(2026, 3, 5), (0, entries))
    assert [entry.data_date for entry in made] == [date(2026, 3, 6)]


STARTED = {"Actual start": "2026-03-02"}
DONE = {**STARTED, "Actual finish": "2026-03-04"}
BOTH = "Give days left or percent complete, not both: one follows from the other."


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({**STARTED, "Days left": "1", "% complete": "50"}, "percent_complete", "BOTH_GIVEN"),
        ({**DONE, "Days left": "1"}, "days_left", "DONE"),
        ({**DONE, "% complete": "90"}, "percent_complete", "DONE"),
        (
            {**STARTED, "% physically done": "20", "Units or points done": "3"},
            "percent_physical",
            "BOTH_GIVEN",
        ),
    ],
)
def test_cell_that_would_not_count_is_refused(cells: dict[str, str], field: str, code: str) -> None:
    """No change of a cell is passed over in silence."""
    alice, project = plan()
    sheet = changed(exported(alice, project), {"Design": cells}, project)

    preview = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})
    with pytest.raises(RowsRefused) as refused:
        apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    (fault,) = refused.value.faults
    assert isinstance(fault.fault, DomainError)
    assert (fault.uid, fault.fault.code, fault.fault.field) == (1, code, field)
    assert str(preview.rows[0].fault) == str(fault.fault)
    assert TaskProgress.objects.count() == 0


def test_cells_that_agree_with_the_finish_are_taken() -> None:
    """No days left and 100 % say what the finish says."""
    alice, project = plan()
    cells = {"Design": {**DONE, "Days left": "0", "% complete": "100"}}
    sheet = changed(exported(alice, project), cells, project)

    apply_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert named("Design").percent_complete == 100


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"Actual start": "2026-03-02"}, "actual_start"),
        ({"Actual finish": "2026-03-02", "Days left": "2"}, "days_left"),
        ({"Actual finish": "2026-03-09"}, "actual_finish"),
    ],
)
def test_milestone_is_refused_at_the_cell_that_says_it(cells: dict[str, str], field: str) -> None:
    """SCH-29: it has one day, its finish, and takes no time."""
    alice, project = plan()
    factories.task(project, "Handed over", kind="FINISH_MILESTONE", duration=0)
    sheet = changed(exported(alice, project), {"Handed over": cells}, project)

    fault = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={}).rows[0].fault

    assert isinstance(fault, DomainError)
    assert fault.field == field


def test_plan_that_cannot_be_dated_is_told_above_the_rows() -> None:
    """Build, after Design, would end after the year 2199: no row of the file is wrong by itself."""
    alice, project = plan()
    Task.objects.filter(name="Build").update(duration=20_000 * DAY, remaining_duration=None)
    cells = {"Design": {**STARTED, "Days left": "20000"}}
    Task.objects.filter(name="Build").update(duration=44_000 * DAY)
    sheet = changed(exported(alice, project), cells, project)

    preview = preview_sheet(actor=alice, project=project, rows=sheet.rows, decisions={})

    assert (preview.is_ready, preview.fault and preview.fault.code) == (False, "DATES_OUT_OF_RANGE")
    assert "“Build”" in str(preview.fault)
