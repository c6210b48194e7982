"""Interruptions of a task by form: a line for each, and refusals on the field."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from pmo_portal.audit.models import AuditEntry
from projects.forms.interruptions import interruption_lines, read_interruptions
from projects.forms.tasks import task_values
from projects.models import Project, Task
from projects.selectors.plan_grid import COLUMNS, plan_grid
from projects.services import tasks
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = 480


def planned(**facts: Any) -> tuple[Client, Task]:
    """Return Alice signed in, and a task of five days from Mon 2 Mar."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    client = Client()
    client.force_login(factories.manager_of(project))
    task = tasks.create_task(actor=None, project=project, name="Dive", duration=5 * DAY, **facts)
    return client, fresh(task)


def fresh(task: Task) -> Task:
    return Task.objects.select_related("project__calendar").get(pk=task.pk)


def sent(task: Task, **said: Any) -> dict[str, Any]:
    """Return what the form sends."""
    values = {name: value for name, value in task_values(task).items() if value not in (None, False)}
    return values | said


def test_lines_become_interruptions_and_come_back() -> None:
    """SCH-2: the finish follows; the page says when the task is worked on, and shows the lines again."""
    client, task = planned()
    page = f"/projects/P-1/plan/{task.uid}/edit/"

    saved = client.post(page, sent(task, interruptions="2: 3\r\n\r\n3 : 1,5\r\n"))
    shown = client.get(page).content.decode()

    assert saved.status_code == 302
    assert fresh(task).interruptions == [[2 * DAY, 3 * DAY], [3 * DAY, DAY * 3 // 2]]
    assert ">\n2: 3\n3: 1.5</textarea>" in shown
    assert "Worked on" in client.get(task.get_absolute_url()).content.decode()


def test_lines_that_stay_keep_their_minutes() -> None:
    """A file knows minutes: 1.04 days in the form are 500 of them, also when another line changes."""
    client, task = planned(interruptions=[[500, 333]])
    page = f"/projects/P-1/plan/{task.uid}/edit/"

    client.post(page, sent(task, name="Deep dive"))
    same = fresh(task)
    client.post(page, sent(same, interruptions=f"{task_values(same)['interruptions']}\n3: 1"))

    assert (same.name, same.interruptions) == ("Deep dive", [[500, 333]])
    assert fresh(task).interruptions == [[500, 333], [3 * DAY, DAY]]


@pytest.mark.parametrize(("language", "line"), [("en", "1: 1500.5"), ("de", "1: 1500,5")])
def test_lines_are_written_as_they_are_read(language: str, line: str) -> None:
    """Thousands are in no groups, which nobody could read back."""
    _client, task = planned(interruptions=[[DAY, 1500 * DAY + DAY // 2]])

    with override(language):
        shown = interruption_lines(task)
        read = read_interruptions(shown.replace("1:", "2:"), project=task.project, former=task.interruptions)

    assert (shown, read) == (line, [[2 * DAY, 1500 * DAY + DAY // 2]])


def test_lines_that_look_alike_keep_their_own_minutes() -> None:
    """Files know minutes: 481 and 482 of them are one day each in the form."""
    _client, task = planned(interruptions=[[481, 60], [482, 60]])
    text = interruption_lines(task)

    read = read_interruptions(f"{text}\n3: 1", project=task.project, former=task.interruptions)

    assert len(set(text.splitlines())) == 1
    assert read == [[481, 60], [482, 60], [3 * DAY, DAY]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2: 3\nsoon", "Line 2 cannot be read. Write days of work, a colon and days of rest, as in 2: 3."),
        ("5: 1", "Each interruption comes after more work than the one before, and before all is done."),
        ("2: 99999", "Each interruption comes after more work than the one before, and before all is done."),
        ("\n".join(f"0.{at:02}: 1" for at in range(1, 100)) + "\n1: 1\n2: 1", "At most 100 interruptions"),
    ],
)
def test_refusals_stand_on_the_field(text: str, sentence: str) -> None:
    """422; what was typed stays, nothing is saved and nothing audited."""
    client, task = planned()
    entries = AuditEntry.objects.count()

    refused = client.post(f"/projects/P-1/plan/{task.uid}/edit/", sent(task, interruptions=text))

    assert refused.status_code == 422
    assert refused.context["form"].errors["interruptions"][0].startswith(sentence)
    assert text.splitlines()[-1] in refused.content.decode()
    assert (fresh(task).interruptions, AuditEntry.objects.count()) == (None, entries)


def test_new_task_and_rows_that_are_no_tasks() -> None:
    """The form of a new task takes them; that of a milestone does not ask."""
    client, task = planned()
    new = {
        "name": "Dry",
        "kind": "TASK",
        "days": "3",
        "constraint_type": "ASAP",
        "ev_technique": "PERCENT_COMPLETE",
    }

    client.post("/projects/P-1/plan/new/", {**new, "interruptions": "1: 2"})
    client.post("/projects/P-1/plan/new/", {**new, "name": "Plain", "interruptions": ""})
    Task.objects.filter(pk=task.pk).update(kind="FINISH_MILESTONE", duration=0)
    page = client.get(f"/projects/P-1/plan/{task.uid}/edit/")

    assert [row.interruptions for row in Task.objects.order_by("pk")[1:]] == [[[DAY, 2 * DAY]], None]
    assert "interruptions" not in page.context["form"].fields


def test_plan_says_the_pieces_of_a_row() -> None:
    """For the drawing: local moments to the minute and minutes of work; rows in one piece have none."""
    _client, task = planned(interruptions=[[2 * DAY, 3 * DAY]])
    factories.task(task.project, "Plain", duration=DAY)
    project = Project.objects.select_related("calendar", "node").get()

    grid = plan_grid(project, user=project.node.grants.get().user, today=date(2026, 3, 2))

    assert [row[COLUMNS.index("pieces")] for row in grid["rows"]] == [
        [
            ["2026-03-02T08:00", "2026-03-03T17:00", 2 * DAY],
            ["2026-03-09T08:00", "2026-03-11T17:00", 3 * DAY],
        ],
        None,
    ]


def step(client: Client, task: Task, text: str, **more: Any) -> Any:
    """Type days without work into the cell of the plan's page."""
    change = {"act": "set", "uid": task.uid, "fields": {"interruptions": text}, **more}
    body = {"key": f"step-{AuditEntry.objects.count()}", "changes": [change]}
    address = f"/api/v1/projects/{task.project.code}/plan/changes/"
    return client.post(address, json.dumps(body), content_type="application/json")


def cells(answer: Any, *names: str) -> list[Any]:
    return [answer.json()["rows"][0][COLUMNS.index(name)] for name in names]


@pytest.mark.parametrize(
    ("text", "stored", "shown", "finish"),
    [
        ("2026-03-04 – 2026-03-06", [[2 * DAY, 3 * DAY]], [["2026-03-04", "2026-03-06"]], "2026-03-11"),
        ("2026-03-04–2026-03-08", [[2 * DAY, 3 * DAY]], [["2026-03-04", "2026-03-06"]], "2026-03-11"),
        (
            "2026-03-10 ; 2026-03-04 - 2026-03-05",
            [[2 * DAY, 2 * DAY], [4 * DAY, DAY]],
            [["2026-03-04", "2026-03-05"], ["2026-03-10", "2026-03-10"]],
            "2026-03-11",
        ),
        ("", None, None, "2026-03-06"),
    ],
)
def test_days_without_work_are_typed_into_the_plan(text: str, stored: Any, shown: Any, finish: str) -> None:
    """SCH-2: five days from Mon 2 Mar; weekends are no rest, the finish follows."""
    client, task = planned(interruptions=[[DAY, DAY]])

    answer = step(client, task, text)

    assert answer.status_code == 200
    assert fresh(task).interruptions == stored
    assert cells(answer, "interruptions", "finish_day") == [shown, finish]


def test_days_count_from_the_start_of_the_same_step() -> None:
    """SCH-2: five days from Mon 9 Mar, which the step says together with the rest on Wed 11 Mar."""
    client, task = planned()
    change = {"act": "set", "uid": task.uid, "fields": {"interruptions": "2026-03-11", "start": "2026-03-09"}}

    answer = step(client, task, "", **change)

    assert fresh(task).interruptions == [[2 * DAY, DAY]]
    assert cells(answer, "start_day", "finish_day") == ["2026-03-09", "2026-03-16"]


def test_days_that_stay_keep_the_minutes_of_their_rest() -> None:
    """A file knows minutes: half a Wednesday is shown as that day, and stays half."""
    client, task = planned(interruptions=[[2 * DAY, DAY // 2]])

    answer = step(client, task, "2026-03-04; 2026-03-06")

    assert fresh(task).interruptions == [[2 * DAY, DAY // 2], [DAY * 7 // 2, DAY]]
    assert cells(answer, "interruptions") == [[["2026-03-04", "2026-03-04"], ["2026-03-06", "2026-03-06"]]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("soon", "NOT_UNDERSTOOD"),
        ("2026-03-04 – 2026-03-05 – 2026-03-06", "NOT_UNDERSTOOD"),
        ("2026-03-06 – 2026-03-04", "INTERRUPTION_ORDER"),
        ("2026-03-04 – 2026-03-05; 2026-03-05", "INTERRUPTION_ORDER"),
        ("2026-03-02", "INTERRUPTION_ORDER"),
        ("2026-02-26 – 2026-03-03", "INTERRUPTION_ORDER"),
        ("2026-03-07 – 2026-03-08", "NO_WORKING_TIME"),
        ("2026-05-04", "INTERRUPTION_ORDER"),
        ("1492-10-12", "DAY_OUT_OF_RANGE"),
    ],
)
def test_days_that_cannot_interrupt_are_refused_on_their_cell(text: str, code: str) -> None:
    client, task = planned(interruptions=[[DAY, DAY]])
    audited = AuditEntry.objects.count()

    answer = step(client, task, text)

    faults = answer.json()["faults"]
    assert (answer.status_code, faults[0]["field"], faults[0]["code"]) == (400, "interruptions", code)
    assert fresh(task).interruptions == [[DAY, DAY]]
    assert AuditEntry.objects.count() == audited


def test_days_typed_over_those_of_somebody_else_are_asked_about() -> None:
    """What the person saw, one rest on Tue 3 Mar, is not what stands there now."""
    client, task = planned(interruptions=[[2 * DAY, DAY]])

    seen = step(client, task, "2026-03-05", was={"interruptions": "2026-03-04"})
    stale = step(client, task, "2026-03-06", was={"interruptions": "2026-03-03"})

    assert (seen.status_code, stale.status_code) == (200, 409)
    assert fresh(task).interruptions == [[3 * DAY, DAY]]
    assert "2026-03-05" in stale.content.decode()
