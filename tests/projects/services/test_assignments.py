"""Who works on a task, and what follows from it (domain 5.8, SCH-34, SCH-35)."""

from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from projects.models import Assignment, Project, Resource, Task
from projects.services import assignments, tasks
from projects.services.efforts import Recalculated, watch_recalculations
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

DAY = 480


def resource(project: Project | None, name: str = "Ann", kind: str = "PERSON") -> Resource:
    return Resource.objects.create(project=project, name=name, kind=kind)


def work_of(project: Project, **facts: Any) -> Task:
    """Return a task of five days from Monday 2 March."""
    return factories.task(project, "Dig", planned_start=moment(2), duration=5 * DAY, **facts)


def assign(task: Task, who: Resource, units: int = 100) -> Assignment:
    return assignments.assign_resource(
        actor=None, task=task, resource=who, units_percent=Decimal(units), expected_version=None
    )


def shown(task: Task) -> tuple[Any, ...]:
    """Return days and hours of the task, and hours and percent of each assignment."""
    fresh = Task.objects.get(pk=task.pk)
    rows = Assignment.objects.filter(task=task).order_by("pk").values_list("work_hours", "units_percent")
    return (fresh.duration / DAY, fresh.work_hours, list(rows))


def test_first_person_brings_the_work_of_the_duration() -> None:
    project = factories.project()
    task = work_of(project)

    with watch_recalculations() as found:
        assign(task, resource(project))

    assert shown(task) == (5, 40, [(40, 100)])
    assert found == [Recalculated("WORK", Decimal(0), Decimal(40))]
    entry = AuditEntry.objects.get(action="assignment.added")
    assert entry.after == {"resource": "Ann", "units_percent": "100.0000", "work_hours": "40.0000"}


def test_second_person_shortens_an_effort_driven_task() -> None:
    """SCH-34; the finish moves from Friday to Wednesday noon."""
    project = factories.project()
    task = work_of(project, is_effort_driven=True)
    assign(task, resource(project))

    with watch_recalculations() as found:
        assign(task, resource(project, "Ben"))

    assert shown(task) == (2.5, 40, [(20, 100), (20, 100)])
    assert Task.objects.get(pk=task.pk).planned_finish == moment(4, 12)
    assert found == [Recalculated("DURATION", Decimal(2400), Decimal(1200))]


def test_second_person_lowers_the_units_of_a_fixed_duration() -> None:
    """SCH-34"""
    project = factories.project()
    task = work_of(project, is_effort_driven=True, task_type="FIXED_DURATION")
    assign(task, resource(project))

    with watch_recalculations() as found:
        assign(task, resource(project, "Ben"))

    assert shown(task) == (5, 40, [(20, 50), (20, 50)])
    assert found == [Recalculated("UNITS", Decimal(100), Decimal(50), "Ann")]


def test_second_person_adds_work_otherwise() -> None:
    """SCH-34"""
    project = factories.project()
    task = work_of(project)
    assign(task, resource(project))

    assign(task, resource(project, "Ben"), 50)

    assert shown(task) == (5, 60, [(40, 100), (20, 50)])


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("FIXED_UNITS", {"work_hours": Decimal(80)}, (10, 80, [(80, 100)])),
        ("FIXED_UNITS", {"units_percent": Decimal(50)}, (10, 40, [(40, 50)])),
        ("FIXED_WORK", {"work_hours": Decimal(80)}, (10, 80, [(80, 100)])),
        ("FIXED_WORK", {"units_percent": Decimal(50)}, (10, 40, [(40, 50)])),
        ("FIXED_DURATION", {"work_hours": Decimal(80)}, (5, 80, [(80, 200)])),
        ("FIXED_DURATION", {"units_percent": Decimal(50)}, (5, 20, [(20, 50)])),
        ("FIXED_UNITS", {"work_hours": Decimal(20), "units_percent": Decimal(50)}, (5, 20, [(20, 50)])),
    ],
)
def test_change_of_an_assignment_goes_through_the_rule(
    kind: str, changes: dict[str, Decimal], expected: tuple[Any, ...]
) -> None:
    project = factories.project()
    task = work_of(project, task_type=kind)
    row = assign(task, resource(project))

    assignments.edit_assignment(actor=None, assignment=row, changes=changes, expected_version=None)

    assert shown(task) == expected


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("FIXED_UNITS", {"duration": 10 * DAY}, (10, 80, [(80, 100)])),
        ("FIXED_WORK", {"duration": 10 * DAY}, (10, 40, [(40, 50)])),
        ("FIXED_DURATION", {"duration": 10 * DAY}, (10, 80, [(80, 100)])),
        ("FIXED_UNITS", {"work_hours": Decimal(16)}, (2, 16, [(16, 100)])),
        ("FIXED_DURATION", {"work_hours": Decimal(20)}, (5, 20, [(20, 50)])),
        ("FIXED_UNITS", {"work_hours": Decimal(40), "duration": 10 * DAY}, (10, 40, [(40, 50)])),
    ],
)
def test_change_of_the_task_goes_through_the_rule(
    kind: str, changes: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    project = factories.project()
    task = work_of(project, task_type=kind)
    assign(task, resource(project))
    if changes == {"work_hours": Decimal(40), "duration": 10 * DAY}:
        Task.objects.filter(pk=task.pk).update(work_hours=39)

    tasks.edit_task(actor=None, task=task, changes=changes, expected_version=None)

    assert shown(task) == expected


def test_shorter_work_brings_the_finish_forward_and_is_audited() -> None:
    project = factories.project()
    task = work_of(project)
    assign(task, resource(project))

    tasks.edit_task(actor=None, task=task, changes={"work_hours": Decimal(16)}, expected_version=None)

    assert Task.objects.get(pk=task.pk).planned_finish == moment(3, 17)
    entry = AuditEntry.objects.get(action="task.changed")
    assert entry.after == {"work_hours": "16", "duration": 960}


def test_others_take_over_when_somebody_leaves_an_effort_driven_task() -> None:
    project = factories.project()
    task = work_of(project, is_effort_driven=True)
    assign(task, resource(project))
    ben = assign(task, resource(project, "Ben"))

    assignments.remove_assignment(actor=None, assignment=ben, expected_version=None)

    assert shown(task) == (5, 40, [(40, 100)])
    assert AuditEntry.objects.filter(action="assignment.removed").count() == 1


@pytest.mark.parametrize("kind", ["START_MILESTONE", "FINISH_MILESTONE"])
def test_milestone_refuses_people(kind: str) -> None:
    """SCH-35"""
    project = factories.project()
    milestone = factories.task(project, "Done", kind=kind)
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refused:
        assign(milestone, resource(project))

    assert (refused.value.code, refused.value.field) == ("NO_ASSIGNMENTS", "resource")
    assert (Assignment.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_summary_refuses_people_and_who_has_people_becomes_none() -> None:
    """SCH-35"""
    project = factories.project()
    phase = factories.task(project, "Phase")
    task = work_of(project)
    factories.task(project, "Below", parent=phase)
    assign(task, resource(project))

    with pytest.raises(DomainError) as refused:
        assign(phase, resource(project, "Ben"))
    with pytest.raises(DomainError) as above:
        factories.task(project, "Below", parent=task)
    with pytest.raises(DomainError) as milestone:
        tasks.edit_task(actor=None, task=task, changes={"kind": "FINISH_MILESTONE"}, expected_version=None)

    assert refused.value.code == "NO_ASSIGNMENTS"
    assert (above.value.code, above.value.field) == ("SUMMARY_ASSIGNMENT", "parent")
    assert (milestone.value.code, milestone.value.field) == ("NO_ASSIGNMENTS", "kind")


def test_material_never_changes_the_task() -> None:
    project = factories.project()
    task = work_of(project)

    row = assign(task, resource(project, "Concrete", "MATERIAL"), 300)
    assignments.edit_assignment(
        actor=None, assignment=row, changes={"units_percent": Decimal(400)}, expected_version=None
    )

    assert shown(task) == (5, 0, [(0, 400)])


def test_days_left_of_begun_work_stay_those_that_were_reported() -> None:
    """SCH-21: they come from reports; units follow, as with a fixed duration."""
    project = factories.project()
    task = work_of(project, is_effort_driven=True)
    assign(task, resource(project))
    Task.objects.filter(pk=task.pk).update(actual_start=moment(2), remaining_duration=2 * DAY)
    Assignment.objects.filter(task=task).update(actual_work_hours=24, remaining_work_hours=16)
    Task.objects.filter(pk=task.pk).update(actual_work_hours=24)

    assign(task, resource(project, "Ben"))

    assert shown(task) == (5, 40, [(32, 50), (8, 50)])


def test_done_work_and_finished_tasks_stay() -> None:
    project = factories.project()
    task = work_of(project)
    row = assign(task, resource(project))
    Assignment.objects.filter(pk=row.pk).update(actual_work_hours=8)

    with pytest.raises(DomainError) as less:
        assignments.edit_assignment(
            actor=None, assignment=row, changes={"work_hours": Decimal(4)}, expected_version=None
        )
    with pytest.raises(DomainError) as gone:
        assignments.remove_assignment(actor=None, assignment=row, expected_version=None)
    Task.objects.filter(pk=task.pk).update(actual_start=moment(2), actual_finish=moment(6, 17))
    with pytest.raises(DomainError) as finished:
        assign(task, resource(project, "Ben"))

    assert (less.value.code, less.value.field) == ("WORK_DONE", "work_hours")
    assert (gone.value.code, finished.value.code) == ("WORK_DONE", "FINISHED")


def test_resource_of_another_project_is_unknown() -> None:
    """SEC-11"""
    project, other = factories.project(), factories.project()

    with pytest.raises(DomainError) as refused:
        assign(work_of(project), resource(other))

    assert (refused.value.code, refused.value.field) == ("NO_RESOURCE", "resource")
    assert not Assignment.objects.exists()


def test_member_becomes_a_resource_once() -> None:
    project = factories.project()
    alice = factories.person("Alice", of=factories.manager_of(project))
    task = work_of(project)

    made = assignments.assign_resource(actor=None, task=task, person=alice, expected_version=None)

    assert (made.resource.person, made.resource.project) == (alice, project)
    with pytest.raises(DomainError, match="already"):
        assign(task, made.resource)


def test_stale_assignment_changes_nothing() -> None:
    """XC-1, SEC-29: the version is that of the task."""
    project = factories.project()
    task = work_of(project)
    row = assign(task, resource(project))

    with pytest.raises(StaleObject):
        assignments.edit_assignment(
            actor=None, assignment=row, changes={"units_percent": Decimal(50)}, expected_version=1
        )

    assert shown(task) == (5, 40, [(40, 100)])


def test_fixed_duration_takes_one_of_both() -> None:
    project = factories.project()
    task = work_of(project, task_type="FIXED_DURATION")
    row = assign(task, resource(project))
    both = {"units_percent": Decimal(50), "work_hours": Decimal(10)}

    with pytest.raises(DomainError) as refused:
        assignments.edit_assignment(actor=None, assignment=row, changes=both, expected_version=None)

    assert (refused.value.code, refused.value.field) == ("BOTH_GIVEN", "work_hours")


def test_planned_cost_follows_the_work() -> None:
    project = factories.project()
    task = work_of(project)
    row = assign(task, resource(project))
    Assignment.objects.filter(pk=row.pk).update(cost=4000)

    assignments.edit_assignment(
        actor=None, assignment=row, changes={"work_hours": Decimal(20)}, expected_version=None
    )

    assert Assignment.objects.get(pk=row.pk).cost == 2000
