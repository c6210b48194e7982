"""Rows of the plan: outline, dates, summaries (ORG-1, SCH-3, SCH-9, SCH-30, SCH-31)."""

from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from projects.access import PlanRights
from projects.interchange.time_words import Length
from projects.models import Project, Task
from projects.services import links, tasks
from projects.services.outline import rebuild_outline
from projects.services.plan_changes.acts import SetFields
from projects.services.plan_changes.steps import do_step
from projects.services.summaries import rollup_summaries
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db


def outline(project: Project) -> list[tuple[str, str, str]]:
    """Return WBS, name and kind in order."""
    return list(Task.objects.filter(project=project).in_order().values_list("wbs", "name", "kind"))


def test_task_start_and_duration_give_the_finish() -> None:
    """Two days from Friday end on Monday at 17:00."""
    task = factories.task(factories.project(), planned_start=moment(6), duration=960)

    assert (task.planned_start, task.planned_finish) == (moment(6), moment(9, 17))


def test_task_start_and_finish_give_the_duration() -> None:
    task = factories.task(factories.project(), planned_start=moment(2), planned_finish=moment(4, 17))

    assert task.duration == 3 * 480


def test_task_start_on_a_day_off_moves_to_work() -> None:
    """Sunday 1 March is no working day."""
    task = factories.task(factories.project(), planned_start=moment(1), duration=480)

    assert (task.planned_start, task.planned_finish) == (moment(2), moment(2, 17))


def test_edit_of_the_start_moves_the_finish() -> None:
    task = factories.task(factories.project(), planned_start=moment(2), duration=960)

    edited = tasks.edit_task(actor=None, task=task, changes={"planned_start": moment(5)}, expected_version=1)

    assert (edited.planned_finish, edited.duration, edited.version) == (moment(6, 17), 960, 2)


def test_stale_edit_of_a_task_changes_nothing() -> None:
    """XC-1, SEC-29."""
    task = factories.task(factories.project(), "A")
    tasks.edit_task(actor=None, task=task, changes={"name": "Theirs"}, expected_version=1)
    entries = AuditEntry.objects.count()

    with pytest.raises(StaleObject):
        tasks.edit_task(actor=None, task=task, changes={"name": "Mine"}, expected_version=1)

    task.refresh_from_db()
    assert (task.name, AuditEntry.objects.count()) == ("Theirs", entries)


def test_task_with_children_becomes_a_summary_and_back() -> None:
    project = factories.project()
    top = factories.task(project, "Top")
    below = factories.task(project, "Below", parent=top)
    as_summary = outline(project)

    tasks.delete_task(actor=None, task=below, expected_version=None)

    assert as_summary == [("1", "Top", "SUMMARY"), ("1.1", "Below", "TASK")]
    assert outline(project) == [("1", "Top", "TASK")]


def test_indent_and_outdent_renumber() -> None:
    project = factories.project()
    for name in "ABC":
        factories.task(project, name)

    tasks.indent_task(actor=None, task=Task.objects.get(name="B"))
    indented = outline(project)
    tasks.outdent_task(actor=None, task=Task.objects.get(name="B"))

    assert indented == [("1", "A", "SUMMARY"), ("1.1", "B", "TASK"), ("2", "C", "TASK")]
    assert outline(project) == [("1", "A", "TASK"), ("2", "B", "TASK"), ("3", "C", "TASK")]


def test_outdented_row_stays_in_place_and_takes_what_follows() -> None:
    """As in Microsoft Project; a task with links cannot hold rows and goes behind them."""
    project = factories.project()
    top = factories.task(project, "Top")
    for name in "ABC":
        factories.task(project, name, parent=top)

    tasks.outdent_task(actor=None, task=Task.objects.get(name="B"))
    taken = outline(project)
    link = {"predecessor": Task.objects.get(name="C"), "successor": Task.objects.get(name="A")}
    links.add_link(actor=None, project=project, **link)
    factories.task(project, "D", parent=Task.objects.get(name="B"))
    tasks.outdent_task(actor=None, task=Task.objects.get(name="C"))

    before, after = (
        [("1", "Top", "SUMMARY"), ("1.1", "A", "TASK"), ("2", "B", "SUMMARY")],
        ("2.1", "D", "TASK"),
    )
    assert taken == [*before, ("2.1", "C", "TASK")]
    assert outline(project) == [*before, after, ("3", "C", "TASK")]


def test_task_inserted_at_a_position() -> None:
    project = factories.project()
    factories.task(project, "A")
    factories.task(project, "B")

    factories.task(project, "First", position=0)

    assert [name for _wbs, name, _kind in outline(project)] == ["First", "A", "B"]


def test_move_below_itself_refused() -> None:
    """ORG-1: CYCLE."""
    project = factories.project()
    top = factories.task(project, "Top")
    below = factories.task(project, "Below", parent=top)
    top.refresh_from_db()
    before, entries = outline(project), AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        tasks.move_task(actor=None, task=top, parent=below)

    assert refusal.value.code == "CYCLE"
    assert (outline(project), AuditEntry.objects.count()) == (before, entries)


def test_eleventh_level_refused() -> None:
    """ORG-1: ten levels at most."""
    project = factories.project()
    parent: Task | None = None
    for _level in range(10):
        parent = factories.task(project, parent=parent)

    with pytest.raises(DomainError) as refusal:
        tasks.create_task(actor=None, project=project, name="Too deep", parent=parent)

    assert refusal.value.code == "TOO_DEEP"
    assert not Task.objects.filter(name="Too deep").exists()


def test_parent_of_another_project_refused() -> None:
    """SEC-11."""
    project, foreign = factories.project(), factories.task(factories.project())

    with pytest.raises(DomainError) as refusal:
        tasks.create_task(actor=None, project=project, name="X", parent=foreign)

    assert refusal.value.code == "NO_TASK"
    assert Task.objects.filter(project=project).count() == 0


def test_linked_task_cannot_become_a_summary() -> None:
    """SCH-9."""
    project = factories.project()
    first, second = factories.task(project), factories.task(project)
    links.add_link(actor=None, project=project, predecessor=first, successor=second)

    with pytest.raises(DomainError) as refusal:
        tasks.create_task(actor=None, project=project, name="Below", parent=first)

    assert refusal.value.code == "SUMMARY_LINK"


def test_summary_takes_dates_and_percent_from_below() -> None:
    """SCH-30, SCH-31: 1 d at 50 %, 1 d at 0 %, 1 d at 10 % give 20 %."""
    project = factories.project()
    top = factories.task(project, "Top")
    for day, percent in ((2, "50"), (3, "0"), (4, "10")):
        below = factories.task(project, parent=top, planned_start=moment(day), duration=480)
        Task.objects.filter(pk=below.pk).update(percent_complete=Decimal(percent))

    rollup_summaries(project)

    top.refresh_from_db()
    assert top.percent_complete == Decimal("20.00")
    assert (top.planned_start, top.planned_finish, top.duration) == (moment(2), moment(4, 17), 1440)


def test_summary_of_milestones_counts_them() -> None:
    """SCH-31: only milestones below, completed ÷ count."""
    project = factories.project()
    top = factories.task(project, "Top")
    for done in (True, False, False, False):
        stone = factories.task(project, parent=top, kind="FINISH_MILESTONE", planned_finish=moment(2, 17))
        if done:
            Task.objects.filter(pk=stone.pk).update(
                percent_complete=100, actual_start=moment(2), actual_finish=moment(2)
            )

    rollup_summaries(project)

    top.refresh_from_db()
    assert top.percent_complete == Decimal("25.00")


def test_summary_dates_cannot_be_edited() -> None:
    """SCH-33."""
    project = factories.project()
    top = factories.task(project, "Top")
    factories.task(project, parent=top, planned_start=moment(2))

    with pytest.raises(DomainError) as refusal:
        tasks.edit_task(actor=None, task=top, changes={"planned_start": moment(9)}, expected_version=None)

    assert refusal.value.code == "SUMMARY_FIELD"


def test_milestone_has_no_duration() -> None:
    stone = factories.task(
        factories.project(), kind="FINISH_MILESTONE", planned_finish=moment(6, 17), duration=480
    )

    assert (stone.duration, stone.planned_start, stone.planned_finish) == (0, moment(6, 17), moment(6, 17))


def test_duration_typed_into_a_milestone_is_refused_on_its_field() -> None:
    """In a form and in the plan; the row keeps what it has, and takes the duration as a task."""
    project = factories.project("NW-1")
    milestone = tasks.create_task(actor=None, project=project, name="Done", kind="FINISH_MILESTONE")
    five_days = Length(5 * 480)
    step = {
        "project": project,
        "actor": None,
        "rights": PlanRights(
            edits=True, deletes=True, records=True, records_own=False, prices=True, person_id=None
        ),
        "key": "",
    }

    with pytest.raises(DomainError) as typed:
        do_step(**step, changes=[SetFields(milestone.uid, {"duration": five_days})])
    with pytest.raises(DomainError) as filled_in:
        tasks.edit_task(actor=None, task=milestone, changes={"duration": 2400}, expected_version=None)

    assert (typed.value.code, typed.value.field) == ("MILESTONE_DURATION", "duration")
    assert (filled_in.value.code, filled_in.value.field) == ("MILESTONE_DURATION", "duration")
    do_step(**step, changes=[SetFields(milestone.uid, {"kind": "TASK", "duration": five_days})])
    milestone.refresh_from_db()
    assert (milestone.kind, milestone.duration) == ("TASK", 2400)


def test_finish_before_start_refused() -> None:
    project = factories.project()

    with pytest.raises(DomainError) as refusal:
        tasks.create_task(
            actor=None, project=project, name="X", planned_start=moment(4), planned_finish=moment(2)
        )

    assert (refusal.value.code, refusal.value.field) == ("FINISH_BEFORE_START", "planned_finish")


def test_delete_takes_everything_below_and_keeps_the_rest() -> None:
    project = factories.project()
    top = factories.task(project, "Top")
    inner = factories.task(project, "Inner", parent=top)
    factories.task(project, "Leaf", parent=inner)
    factories.task(project, "Stays")
    top.refresh_from_db()

    gone = tasks.delete_task(actor=None, task=top, expected_version=top.version)

    last = AuditEntry.objects.order_by("-sequence").first()
    assert gone == 3
    assert outline(project) == [("1", "Stays", "TASK")]
    assert last is not None
    assert (last.action, last.object_label) == ("task.deleted", "1 Top")


def test_many_tasks_created_with_one_audit_entry() -> None:
    project = factories.project()
    entries = AuditEntry.objects.count()

    made = tasks.create_tasks(
        actor=None,
        project=project,
        drafts=[{"key": "a", "name": "A"}, {"name": "B", "parent_key": "a", "planned_start": moment(2)}],
    )

    assert outline(project) == [("1", "A", "SUMMARY"), ("1.1", "B", "TASK")]
    assert (made["a"].planned_start, AuditEntry.objects.count()) == (moment(2), entries + 1)


@pytest.mark.parametrize("count", [1, 3])
def test_rebuild_and_rollup_take_eight_queries(count: int, django_assert_num_queries: Any) -> None:
    """The same number of statements at 1 and at 3 rows below."""
    project = factories.project()
    top = factories.task(project, "Top")
    for _number in range(count):
        factories.task(project, parent=top, planned_start=moment(2))
    Task.objects.filter(project=project).update(wbs="", planned_finish=None)
    project = Project.objects.select_related("calendar").get(pk=project.pk)

    with django_assert_num_queries(8):
        rebuild_outline(project)
        rollup_summaries(project)


def test_five_thousand_rows_in_order() -> None:
    """The outline of 5,000 rows is rebuilt as one write; a second rebuild changes nothing."""
    project = factories.project()
    Task.objects.bulk_create(
        Task(project=project, uid=number + 1, name=f"T{number}", position=number) for number in range(5000)
    )

    changed = rebuild_outline(project)

    last = Task.objects.filter(project=project).in_order().last()
    assert changed == 5000
    assert last is not None
    assert (last.name, last.wbs, rebuild_outline(project)) == ("T4999", "5000", 0)
