"""The page on which a changed progress list comes back (SCH-20, SEC-12)."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import Project, Task, TaskProgress
from projects.services import progress
from projects.services.progress_sheets import export_sheet
from tests import factories
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DAY = 480
PAGE = "/projects/P-1/plan/progress/sheet/"
API = "/api/v1/projects/P-1/progress/sheet/"


def plan() -> tuple[Client, Project]:
    """Return Alice signed in, and Design and Build known up to Thu 5 Mar."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    client = Client()
    client.force_login(factories.manager_of(project))
    for name in ("Design", "Build"):
        factories.task(project, name, duration=5 * DAY)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    project.refresh_from_db()
    return client, project


def rows_of(client: Client) -> list[dict[str, str]]:
    """Return the exported list."""
    content = client.get(f"{PAGE}csv/").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def file_of(rows: list[dict[str, str]], **changes: dict[str, str]) -> SimpleUploadedFile:
    """Return the list with some cells changed, by name of the task."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **changes.get(row["Name"], {})} for row in rows)
    return SimpleUploadedFile("list.csv", target.getvalue().encode())


def sent_back(response: Any, **said: str) -> dict[str, str]:
    """Return what the form of the preview sends."""
    context = response.context
    conflicts = [found for item in context["items"] for found in item["row"].conflicts]
    seen = {f"seen-{found.name}": found.seen for found in conflicts}
    kept = {"rows": context["packed"], "letters": context["letters"], "unchanged": "0"}
    return {**kept, "looked_on": f"{context['preview'].looked_on}", **seen, **said}


def test_file_is_shown_before_it_is_saved() -> None:
    """The preview says the new values and keeps nothing; saving goes back to the list."""
    client, _project = plan()
    changes = {"Design": {"Actual start": "2026-03-02", "Days left": "1"}}

    shown = client.post(PAGE, {"file": file_of(rows_of(client), **changes)})
    kept = TaskProgress.objects.count()
    saved = client.post(PAGE, sent_back(shown), follow=True)

    changed = [(item.title, item.before, item.after) for item in shown.context["items"][0]["row"].changes]
    assert changed == [("Actual start", "—", "2 Mar 2026"), ("Days left", "5", "1")]
    assert (shown.status_code, kept) == (200, 0)
    assert saved.redirect_chain == [("/projects/P-1/plan/progress/", 302)]
    assert [str(message) for message in saved.context["messages"]][-1] == "1 task is reported."
    assert Task.objects.get(name="Design").remaining_duration == DAY


def test_conflict_is_decided_on_the_page() -> None:
    """Without a decision nothing is saved (422); with it the file counts."""
    client, project = plan()
    rows = rows_of(client)
    design = Task.objects.get(name="Design")
    progress.record_progress(
        actor=None, task=design, data_date=project.data_date, actual_start=moment(2), remaining_duration=DAY
    )
    changes = {"Design": {"Actual start": "2026-03-03", "Days left": "2"}}

    shown = client.post(PAGE, {"file": file_of(rows, **changes)})
    undecided = client.post(PAGE, sent_back(shown))
    choices = {"keep-1-start": "portal", "keep-1-work": "file"}
    saved = client.post(PAGE, sent_back(undecided, **choices))

    design.refresh_from_db()
    assert (shown.status_code, undecided.status_code, saved.status_code) == (200, 422, 302)
    assert [found.title for found in shown.context["items"][0]["row"].conflicts] == [
        "Start",
        "Finish and work left",
    ]
    assert (design.actual_start, design.remaining_duration) == (moment(2), 2 * DAY)


def test_refusal_stands_at_its_cell_and_the_row_can_be_left_out() -> None:
    """SCH-20: FUTURE_ACTUAL at the cell of the file; the rest is saved without that row."""
    client, _project = plan()
    changes = {"Design": {"Actual start": "2026-03-02"}, "Build": {"Actual start": "2026-03-09"}}

    shown = client.post(PAGE, {"file": file_of(rows_of(client), **changes)})
    refused = client.post(PAGE, sent_back(shown))
    kept = TaskProgress.objects.count()
    saved = client.post(PAGE, sent_back(refused, **{"leave-2": "out"}))

    asked, clear = ([item["row"].name for item in refused.context[part]] for part in ("asking", "clear_open"))
    assert (asked, clear, refused.context["clear_folded"]) == (["Build"], ["Design"], [])
    assert refused.content.index(b"1 row needs an answer") < refused.content.index(b"1 row as the file says")
    fault = refused.context["items"][1]["row"].fault
    assert (fault.column, fault.number, fault.title) == ("H", 3, "Actual start")
    assert fault.sentence == "This day lies after the data date."
    assert (refused.status_code, kept, saved.status_code) == (422, 0, 302)
    assert [entry.task.name for entry in TaskProgress.objects.all()] == ["Design"]


def test_unreadable_cells_are_listed() -> None:
    """The file is to be corrected: there is nothing to save."""
    client, _project = plan()

    shown = client.post(PAGE, {"file": file_of(rows_of(client), Design={"Days left": "soon"})})

    assert [(item.column, item.number, item.text) for item in shown.context["faults"]] == [("J", 2, "soon")]
    assert "This is not a number that can be taken." in shown.content.decode()


def test_other_file_is_refused_on_its_field() -> None:
    """422, with the reason at the file."""
    client, _project = plan()

    refused = client.post(PAGE, {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})

    assert refused.status_code == 422
    assert refused.context["form"].errors["file"] == [
        "This is not a progress list: its columns for row and state are missing."
    ]


def test_broken_preview_starts_again() -> None:
    """What did not come from the page changes nothing."""
    client, _project = plan()

    answer = client.post(PAGE, {"rows": "[1]"}, follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert TaskProgress.objects.count() == 0


def test_file_from_a_german_portal_is_read() -> None:
    """Headings are known in every language."""
    client, project = plan()
    alice = project.node.grants.get().user
    headings = client.get(f"{PAGE}csv/", headers={"accept-language": "de"}).content.decode("utf-8-sig")

    shown = client.post(PAGE, {"file": SimpleUploadedFile("l.csv", headings.encode())})

    assert "Resttage" in headings.splitlines()[0]
    assert shown.context["preview"].unchanged == 2
    assert export_sheet(actor=alice, project=project, kind="csv").content.decode("utf-8-sig") != headings


def test_api_previews_refuses_and_saves() -> None:
    """The same by API: trial, a conflict as 409, then the decision."""
    client, project = plan()
    rows = rows_of(client)
    design = Task.objects.get(name="Design")
    progress.record_progress(
        actor=None, task=design, data_date=project.data_date, actual_start=moment(2), remaining_duration=DAY
    )
    changes = {"Design": {"Days left": "2"}}

    trial = client.post(f"{API}trial/", {"file": file_of(rows, **changes)}).json()
    refused = client.post(API, {"file": file_of(rows, **changes)})
    seen = trial["rows"][0]["conflicts"][0]["seen"]
    decisions = f'[{{"uid": 1, "group": "work", "keeps_file": true, "seen": "{seen}"}}]'
    saved = client.post(API, {"file": file_of(rows, **changes), "decisions": decisions})

    assert (trial["is_ready"], trial["unchanged"], trial["left_out"]) == (False, 1, [])
    assert (refused.status_code, saved.status_code) == (409, 201)
    assert saved.json()[0]["remaining_duration"] == 2 * DAY


def test_api_trial_is_not_ready_with_rows_the_import_refuses() -> None:
    """The row of a task that is gone: the trial names it, the import refuses it, without it all is well."""
    client, _project = plan()
    rows = rows_of(client)
    changes = {name: {"Actual start": "2026-03-02", "Days left": "1"} for name in ("Design", "Build")}
    Task.objects.filter(name="Build").delete()

    trial = client.post(f"{API}trial/", {"file": file_of(rows, **changes)}).json()
    refused = client.post(API, {"file": file_of(rows, **changes)})
    ready = client.post(f"{API}trial/", {"file": file_of(rows[:1], **changes)}).json()

    assert (trial["is_ready"], trial["left_out"], ready["is_ready"]) == (False, [3], True)
    assert (refused.status_code, TaskProgress.objects.count()) == (400, 0)


def test_api_names_unreadable_cells() -> None:
    """400 with row and column."""
    client, _project = plan()

    refused = client.post(API, {"file": file_of(rows_of(client), Design={"Days left": "soon"})})

    assert refused.status_code == 400
    assert "This is not a number that can be taken." in refused.content.decode()
    assert client.get(f"{API}xlsx/").status_code == 200


@pytest.mark.parametrize("looked_on", ["2026-03-05", "", "soon"])
def test_preview_of_another_data_date_saves_nothing(looked_on: str) -> None:
    """422 with the sentence, and the preview of the data date there is now."""
    client, project = plan()
    changes = {"Design": {"Actual start": "2026-03-02", "Days left": "1"}}
    shown = client.post(PAGE, {"file": file_of(rows_of(client), **changes)})
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 6))

    refused = client.post(PAGE, sent_back(shown, looked_on=looked_on))
    saved = client.post(PAGE, sent_back(refused))

    assert 'name="looked_on" value="2026-03-05"' in shown.content.decode()
    assert (refused.status_code, saved.status_code) == (422, 302)
    assert "the data date changed. Look at the preview again." in refused.content.decode()
    assert TaskProgress.objects.get().data_date == date(2026, 3, 6)


def test_api_refuses_at_the_cells_of_the_file() -> None:
    """400 with row, column and sentence; 409 where the data date is another than the trial's."""
    client, project = plan()
    rows = rows_of(client)
    both = {"Design": {"Actual start": "2026-03-02", "Days left": "1", "% complete": "50"}}
    good = {"Design": {"Actual start": "2026-03-02"}}

    trial = client.post(f"{API}trial/", {"file": file_of(rows, **both)}).json()
    refused = client.post(API, {"file": file_of(rows, **both)})
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 6))
    other_day = client.post(API, {"file": file_of(rows, **good), "looked_on": trial["looked_on"]})

    fault = refused.json()["error"]["fields"]["file"][0]
    assert trial["looked_on"] == "2026-03-05"
    assert trial["rows"][0]["fault"] == {**fault, "number": 2}
    assert (refused.status_code, other_day.status_code) == (400, 409)
    assert fault == {
        "number": "2",
        "column": "K",
        "title": "% complete",
        "text": "",
        "sentence": "Give days left or percent complete, not both: one follows from the other.",
    }
    assert TaskProgress.objects.count() == 0


def test_preview_that_could_not_come_back_is_refused_at_upload(settings: Any) -> None:
    """SEC-19: the page says what to do, not a refused request after every decision is made."""
    client, _project = plan()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    long = {"Design": {"Note": "x" * 1_900}}

    refused = client.post(PAGE, {"file": file_of(rows_of(client), **long)})

    assert refused.status_code == 422
    assert refused.context["form"].errors["file"] == [
        "The list says too much for one preview. Bring it back in parts, one phase at a time."
    ]
