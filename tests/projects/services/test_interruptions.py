"""Interrupted tasks from a file and by hand: dates, stretches, refusals, and the way back into a document."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.engine.scheduling.schedule import compute_schedule
from projects.interchange.document import Link, ProjectDocument, ProjectOptions, Split
from projects.interchange.document import Task as DocumentTask
from projects.interchange.scheduled import plan_of
from projects.interchange.vocabulary import Convention, LinkType
from projects.models import BaselineTask, Project, Task
from projects.selectors.earned_value import earned_value
from projects.selectors.networks import load_network
from projects.selectors.project_documents import project_document
from projects.selectors.task_stretches import task_stretches
from projects.services import baselines, budgets, links, progress, schedules, tasks
from projects.services.document_writing import Incoming, write_projects
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = 480
RESTS = [[2 * DAY, 3 * DAY], [3 * DAY, DAY]]
PIECES = (
    Split(datetime(2026, 3, 2, 8), datetime(2026, 3, 3, 17)),
    Split(datetime(2026, 3, 9, 8), datetime(2026, 3, 9, 17)),
    Split(datetime(2026, 3, 11, 8), datetime(2026, 3, 12, 17)),
)


def planned() -> tuple[Project, dict[str, Task]]:
    """Return a plan of two tasks whose dates the engine computes; the second waits for the first."""
    project = factories.project(planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    made = tasks.create_tasks(
        actor=None,
        project=project,
        drafts=[
            {"key": "A", "name": "A", "duration": 5 * DAY, "interruptions": RESTS},
            {"key": "B", "name": "B", "duration": DAY},
        ],
    )
    links.add_links(actor=None, project=project, drafts=[links.LinkDraft(made["A"], made["B"], "FS", 0)])
    return project, {name: fresh(task) for name, task in made.items()}


def fresh(task: Task) -> Task:
    return Task.objects.select_related("project__calendar", "parent", "owner", "calendar").get(pk=task.pk)


def edit(task: Task, **changes: Any) -> Task:
    tasks.edit_task(actor=None, task=task, changes=changes, expected_version=None)
    return fresh(task)


def stretches(task: Task) -> list[tuple[datetime, datetime]]:
    return [
        (item.start.replace(tzinfo=None), item.finish.replace(tzinfo=None)) for item in task_stretches(task)
    ]


def test_dates_follow_rests() -> None:
    """SCH-2, SCH-7: five days of work end after nine; what waits comes after the last stretch."""
    _project, task = planned()

    assert (task["A"].planned_start, task["A"].planned_finish) == (moment(2), moment(12, 17))
    assert task["B"].planned_start == moment(13)
    assert stretches(task["A"]) == [(piece.start, piece.finish) for piece in PIECES]
    assert stretches(task["B"]) == []


def test_rests_beyond_a_shorter_duration_rest_no_more() -> None:
    _project, task = planned()

    shorter = edit(task["A"], duration=3 * DAY)

    assert shorter.planned_finish == moment(9, 17)
    assert shorter.interruptions == RESTS
    assert fresh(task["B"]).planned_start == moment(10)


def test_an_edit_takes_rests_away_and_is_told() -> None:
    _project, task = planned()

    edited = edit(task["A"], interruptions=None)

    assert (edited.interruptions, edited.planned_finish) == (None, moment(6, 17))
    assert stretches(edited) == []
    entry = AuditEntry.objects.filter(action=actions.TASK_CHANGED).latest("pk")
    assert (entry.before["interruptions"], entry.after["interruptions"]) == (RESTS, None)


def test_dates_by_hand_hold_rests_too() -> None:
    """A start gives the finish, a finish the duration: what rests is no work."""
    project = factories.project(planned_start=date(2026, 3, 2))
    task = tasks.create_task(
        actor=None, project=project, name="A", duration=5 * DAY, planned_start=moment(2), interruptions=RESTS
    )

    sooner = edit(task, planned_finish=moment(9, 17))

    assert task.planned_finish == moment(12, 17)
    assert sooner.duration == 3 * DAY


@pytest.mark.parametrize(
    ("kind", "rests", "code"),
    [
        ("TASK", [[0, DAY]], "INTERRUPTION_ORDER"),
        ("TASK", [[DAY, 0]], "INTERRUPTION_ORDER"),
        ("TASK", [[5 * DAY, DAY]], "INTERRUPTION_ORDER"),
        ("TASK", [[2 * DAY, DAY], [DAY, DAY]], "INTERRUPTION_ORDER"),
        ("TASK", [[DAY]], "INTERRUPTION_ORDER"),
        ("TASK", [[DAY, 2**31]], "INTERRUPTION_ORDER"),
        ("TASK", [[at + 1, 1] for at in range(101)], "TOO_MANY"),
        ("LEVEL_OF_EFFORT", [[DAY, DAY]], "NOT_INTERRUPTED"),
        ("FINISH_MILESTONE", [[DAY, DAY]], "NOT_INTERRUPTED"),
    ],
)
def test_impossible_rests_are_refused_on_their_field(kind: str, rests: Any, code: str) -> None:
    project = factories.project(planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    task = factories.task(project, "A", kind=kind, duration=0 if "MILESTONE" in kind else 5 * DAY)
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as fault:
        edit(task, interruptions=rests)

    assert (fault.value.code, fault.value.field) == (code, "interruptions")
    assert fresh(task).interruptions is None
    assert AuditEntry.objects.count() == entries


def document(convention: Convention) -> ProjectDocument:
    return ProjectDocument(
        options=ProjectOptions(convention=convention, start=datetime(2026, 3, 2, 8)),
        tasks=(
            DocumentTask(uid=1, name="A", duration=5.0 * DAY, splits=PIECES),
            DocumentTask(uid=2, name="B", duration=1.0 * DAY),
        ),
        links=(Link(pred=1, succ=2, type=LinkType.FS),),
    )


@pytest.mark.parametrize("convention", [Convention.MICROSOFT, Convention.PRIMAVERA])
def test_stretches_of_a_file_are_rests_of_its_task(convention: Convention) -> None:
    """The stored plan has the dates of its file, and goes back into a document with the same stretches."""
    said = document(convention)
    (project,) = write_projects(
        actor=None,
        incoming=[Incoming(said, name="Split")],
        parent_node=factories.portfolio_node(),
        today=date(2026, 3, 2),
        file_name="plan",
    )
    plan, stored = plan_of(said), load_network(project)

    dates = compute_schedule(plan.network, plan.options)
    schedules.set_auto_scheduling(actor=None, project=project, is_auto=True, expected_version=None)
    task = Task.objects.get(project=project, source_uid=1)

    found = compute_schedule(stored.network, stored.options)
    assert task.interruptions == RESTS
    assert (dates.early_finish // 10).tolist() == found.early_finish.tolist()
    assert task.planned_finish == moment(12, 17)
    assert project_document(project, rights=()).tasks[0].splits == PIECES
    assert "Stretches of work" not in task.extra


def test_page_and_api_say_the_stretches(client: Client) -> None:
    """What a drawing would show is said in words and figures."""
    project, task = planned()
    client.force_login(factories.manager_of(project))
    address = f"/api/v1/projects/{project.code}/tasks/{task['A'].uid}/"

    page = client.get(task["A"].get_absolute_url()).content.decode()
    said = client.get(address).json()
    refused = client.patch(
        address,
        {"interruptions": [[0, 5]]},
        content_type="application/json",
        headers={"If-Match": f'"{said["version"]}"'},
    )

    assert "Worked on" in page
    assert said["interruptions"] == RESTS
    assert said["stretches"][0] == {"start": "2026-03-02T08:00:00", "finish": "2026-03-03T17:00:00"}
    assert len(said["stretches"]) == 3
    assert refused.status_code == 400
    assert fresh(task["A"]).interruptions == RESTS


def test_kind_that_is_never_interrupted_lets_go_of_the_rests() -> None:
    """A task that becomes a milestone needs no second edit, and the trail says what went."""
    _project, task = planned()

    edited = edit(task["A"], kind="FINISH_MILESTONE")

    entry = AuditEntry.objects.filter(action=actions.TASK_CHANGED).latest("pk")
    assert (edited.kind, edited.interruptions) == ("FINISH_MILESTONE", None)
    assert (entry.before["interruptions"], entry.after["interruptions"]) == (RESTS, None)


def test_only_tasks_have_stretches() -> None:
    """Rests of a row that was a task before it became a summary draw nothing."""
    _project, task = planned()
    Task.objects.filter(pk=task["A"].pk).update(kind="SUMMARY")

    assert stretches(fresh(task["A"])) == []


@pytest.mark.parametrize(("day", "planned"), [(2, 20), (3, 40), (6, 40), (9, 60), (11, 80), (12, 100)])
def test_planned_value_pauses_in_the_rests_of_the_baseline(day: int, planned: int) -> None:
    """Domain 6.3, CST-12: in those of the baseline; what became of the task since changes nothing."""
    project, task = planned_with_budget()
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    edit(task, interruptions=None)

    project = progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, day))

    (row, _other) = earned_value(project, as_of=date(2026, 3, day)).rows
    assert row.pv == planned
    frozen = BaselineTask.objects.order_by("task_uid").values_list("stretches", flat=True)
    assert list(frozen) == [
        [["2026-03-02T08:00", "2026-03-03T17:00"], ["2026-03-09T08:00", "2026-03-09T17:00"],
         ["2026-03-11T08:00", "2026-03-12T17:00"]],
        None,
    ]  # fmt: skip


def planned_with_budget() -> tuple[Project, Task]:
    """Return `planned` with 100 for the interrupted task."""
    project, task = planned()
    budgets.add_budget_line(
        actor=None, project=project, amount=Decimal(100), effective_from=date(2026, 3, 2), task=task["A"]
    )
    return Project.objects.select_related("calendar", "node").get(pk=project.pk), task["A"]
