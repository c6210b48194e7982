"""Steps of a plan through the API: what is done, what is refused, and what the answer says."""

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from projects.models import Link, PlanChange, Project, Task, TaskProgress
from projects.services import baselines, links, progress
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480
ROOT = "/api/v1/projects/P-1/plan/"


def plan() -> tuple[APIClient, Project]:
    """Return Alice's client and her computed plan: 1 Design (5 d) before 2 Build (3 d), 3 Done alone."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    design = factories.task(project, "Design", duration=5 * DAY)
    build = factories.task(project, "Build", duration=3 * DAY)
    factories.task(project, "Done", kind="FINISH_MILESTONE")
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    client = APIClient()
    client.force_authenticate(factories.manager_of(project))
    return client, project


def post(client: APIClient, *changes: dict[str, Any], key: str = "k1", **more: Any) -> Any:
    """Send a step."""
    body = {"key": key, "changes": list(changes), **more}
    return client.post(f"{ROOT}changes/", body, format="json")


def undo(client: APIClient, number: int, key: str) -> Any:
    """Take a step back."""
    return client.post(f"{ROOT}changes/{number}/undo/", {"key": key}, format="json")


def shape() -> list[tuple[str, str]]:
    """Return WBS code and name of all rows in order."""
    return list(Task.objects.in_order().values_list("wbs", "name"))


def named(client: APIClient, answer: Any, *names: str) -> list[tuple[Any, ...]]:
    """Return these columns of the rows of an answer."""
    columns = client.get(ROOT).json()["columns"]
    return [tuple(row[columns.index(name)] for name in names) for row in answer.json()["rows"]]


@pytest.mark.parametrize(
    ("said", "proposed"),
    [
        ({"percent": "50"}, {"actual_start": "2026-03-05"}),
        ({"percent": "100"}, {"actual_start": "2026-03-05", "actual_finish": "2026-03-05"}),
        ({"actual_start": "2026-03-03", "percent": "100"}, {"actual_finish": "2026-03-05"}),
    ],
)
def test_progress_without_actual_days_is_refused_with_a_proposal(
    said: dict[str, str], proposed: dict[str, str]
) -> None:
    """SCH-20, SCH-23: the plan moved behind the data date, 5 Mar: that day is proposed, nothing kept."""
    client, project = plan()
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))

    answer = post(client, {"act": "set", "uid": 1, "fields": said})

    assert (answer.status_code, [fault["proposed"] for fault in answer.json()["faults"]]) == (400, [proposed])
    assert (PlanChange.objects.count(), TaskProgress.objects.count()) == (0, 0)


def test_proposed_start_is_that_of_the_baseline_and_can_be_kept() -> None:
    """SCH-22: begun on Mon 2 Mar as the baseline says, 4 d worked by Thu 5 Mar, 50 %: 4 d are left."""
    client, project = plan()
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    half = {"percent": "50"}

    proposed = post(client, {"act": "set", "uid": 1, "fields": half}).json()["faults"][0]["proposed"]
    kept = post(client, {"act": "set", "uid": 1, "fields": half | proposed}, key="k2")

    assert (proposed, kept.status_code) == ({"actual_start": "2026-03-02"}, 200)
    assert Task.objects.get(uid=1).remaining_duration == 4 * DAY


def test_set_answers_with_every_row_that_moves() -> None:
    """The effect says it in a sentence; revision and base hold the page and the plan together."""
    client, _project = plan()
    held = client.get(ROOT).json()["revision"]

    answer = post(client, {"act": "set", "uid": 1, "fields": {"duration": "7d"}, "was": {"duration": "5d"}})

    body = answer.json()
    assert (answer.status_code, body["change"], body["base"]) == (200, 1, held)
    assert named(client, answer, "uid", "minutes", "finish_day", "total_float") == [
        (1, 7 * DAY, "2026-03-10", 0),
        (2, 3 * DAY, "2026-03-13", 0),
        (3, 0, "2026-03-02", 10 * DAY),
    ]
    assert body["effect"] == {
        "moved": 2,
        "uids": [1, 2],
        "finish_days": 2,
        "missed": [],
        "sentence": "2 tasks move, the plan finishes 2 working days later.",
    }
    assert body["revision"] == client.get(ROOT).json()["revision"] != held
    assert (body["order"], body["gone"], body["links"]) == (None, [], {"rows": [], "gone": []})


def test_rows_are_added_indented_and_linked_in_one_step() -> None:
    """New rows are named by keys until they have numbers."""
    client, _project = plan()

    answer = post(
        client,
        {"act": "add", "key": "n0", "after": 2, "fields": {"name": "Test"}},
        {"act": "add", "key": "n1", "parent": "n0", "fields": {"name": "Unit", "duration": "2d"}},
        {"act": "add", "key": "n2", "parent": "n0", "fields": {"name": "Whole", "preds": "2FS+1d"}},
        {"act": "link", "from": "n1", "to": "n2", "type": "SS", "lag": "4h"},
    )

    assert answer.json()["keys"] == {"n0": 4, "n1": 5, "n2": 6}
    assert shape() == [
        *[("1", "Design"), ("2", "Build"), ("3", "Test"), ("3.1", "Unit"), ("3.2", "Whole"), ("4", "Done")]
    ]
    assert answer.json()["order"] == [1, 2, 4, 5, 6, 3]
    assert named(client, answer, "uid", "preds")[-2:] == [(6, "2FS+1d; 5SS+0.5d"), (3, "")]
    assert Task.objects.get(uid=4).kind == "SUMMARY"


def test_indent_and_outdent_keep_the_shape_of_several_rows() -> None:
    """And the way back is exact."""
    client, _project = plan()
    post(client, {"act": "add", "key": "n", "before": 1, "fields": {"name": "Phase"}})

    post(client, {"act": "indent", "uids": [2, 1, 3]}, key="k2")
    inner = shape()
    post(client, {"act": "outdent", "uids": [1, 2, 3]}, key="k3")

    assert inner == [("1", "Phase"), ("1.1", "Design"), ("1.2", "Build"), ("1.3", "Done")]
    assert shape() == [("1", "Phase"), ("2", "Design"), ("3", "Build"), ("4", "Done")]


def test_predecessors_of_copied_rows_mean_the_numbers_they_had() -> None:
    """A table of another plan: its 1, 2, 3 are not those of this one, and a row may wait for a later one."""
    client, _project = plan()
    rows = [("Dig", 1, "3SS+1d"), ("Pour", 2, "1FS+2d"), ("Order", 3, ""), ("Cure", 4, "2; 2SS")]
    added = [
        {"act": "add", "key": f"n{number}", "number": number, "fields": {"name": name, "preds": preds}}
        for name, number, preds in rows
    ]

    answer = post(client, *added)
    wrong = post(client, {**added[0], "number": "7"}, key="k2")

    assert [values[1] for values in named(client, answer, "uid", "preds")] == [
        "6SS+1d",
        "4FS+2d",
        "",
        "5; 5SS",
    ]
    assert [fault["field"] for fault in wrong.json()["faults"]] == ["number"]


@pytest.mark.parametrize(("count", "code"), [(5000, "NO_ACT"), (5001, "PARSE_ERROR")])
def test_step_takes_as_many_changes_as_a_plan_has_rows(count: int, code: str) -> None:
    """Issue 4: 5,000 rows stay usable; SEC-18c bounds what is more."""
    client, _project = plan()

    answer = post(client, *({"act": "dance"} for _number in range(count)))

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_task_of_no_duration_is_a_milestone_unless_it_has_begun() -> None:
    """As in Microsoft Project; pasted rows too, and taken back it is a task again."""
    client, project = plan()
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    post(client, {"act": "set", "uid": 1, "fields": {"actual_start": "2026-03-02"}})

    zero = {"fields": {"duration": "0"}}
    new = {"act": "add", "key": "n", "after": 3, "fields": {"name": "Handed over", "duration": "0d"}}
    post(client, {"act": "set", "uid": 1, **zero}, new, key="k2")
    made = post(client, {"act": "set", "uid": 2, **zero}, key="k3").json()
    kinds = list(Task.objects.in_order().values_list("uid", "kind"))
    undo(client, made["change"], "u1")

    assert kinds == [(1, "TASK"), (2, "FINISH_MILESTONE"), (3, "FINISH_MILESTONE"), (4, "FINISH_MILESTONE")]
    assert Task.objects.filter(uid=2).values_list("kind", "duration").get() == ("TASK", 3 * DAY)


def test_predecessor_that_is_no_row_is_refused_on_its_field() -> None:
    client, _project = plan()

    answer = post(client, {"act": "set", "uid": 2, "fields": {"preds": "1; 999"}})

    assert [(fault["field"], fault["code"]) for fault in answer.json()["faults"]] == [("preds", "NO_TASK")]
    assert Link.objects.count() == 1


def test_outdented_row_takes_what_follows_on_its_level_unless_it_cannot_be_a_summary() -> None:
    """As in Microsoft Project; and taken back it is as it was."""
    client, _project = plan()
    Link.objects.all().delete()
    post(client, {"act": "add", "key": "n", "before": 1, "fields": {"name": "Phase"}})
    post(client, {"act": "indent", "uids": [1, 2, 3]}, key="k2")
    inner = shape()

    taken = post(client, {"act": "outdent", "uids": [1]}, key="k3")
    outer = shape()
    undo(client, taken.json()["change"], "u1")
    again = shape()
    post(client, {"act": "link", "from": 1, "to": 3, "type": "FS"}, key="k4")
    post(client, {"act": "outdent", "uids": [1]}, key="k5")

    assert outer == [("1", "Phase"), ("2", "Design"), ("2.1", "Build"), ("2.2", "Done")]
    assert again == inner == [("1", "Phase"), ("1.1", "Design"), ("1.2", "Build"), ("1.3", "Done")]
    assert shape() == [("1", "Phase"), ("1.1", "Build"), ("1.2", "Done"), ("2", "Design")]


def test_moved_and_copied_branches_take_their_rows_along() -> None:
    """A copy has its own numbers and the links among its rows."""
    client, _project = plan()
    post(client, {"act": "add", "key": "n", "before": 1, "fields": {"name": "Phase"}})
    post(client, {"act": "move", "uids": [1, 2], "parent": 4}, key="k2")

    answer = post(client, {"act": "copy", "uids": [4], "after": 3}, key="k3")

    assert shape() == [
        *[("1", "Phase"), ("1.1", "Design"), ("1.2", "Build"), ("2", "Done")],
        *[("3", "Phase"), ("3.1", "Design"), ("3.2", "Build")],
    ]
    assert [row[1:4] for row in answer.json()["links"]["rows"]] == [[6, 7, "FS"]]


def test_deleted_rows_take_their_links_and_come_back_with_them() -> None:
    """Undo gives back number, key and links; undoing that deletes them again."""
    client, _project = plan()
    link = Link.objects.get()

    gone = post(client, {"act": "delete", "uids": [1]}).json()
    back = undo(client, gone["change"], "u1").json()
    links_back = list(Link.objects.values_list("pk", "predecessor__uid", "successor__uid"))
    again = undo(client, back["change"], "u2").json()

    assert (gone["gone"], gone["links"]["gone"]) == ([1], [link.pk])
    assert [row[0] for row in back["rows"]] == [1, 2, 3]
    assert links_back == [(link.pk, 1, 2)]
    assert again["gone"] == [1]
    assert shape() == [("1", "Build"), ("2", "Done")]
    assert PlanChange.objects.count() == 3
