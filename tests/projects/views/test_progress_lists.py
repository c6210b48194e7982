"""Progress by list and by the assistant (SCH-20, SCH-22, SCH-26, SEC-12)."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from projects.models import Project, Task, TaskProgress
from projects.services import baselines, links, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

DAY = 480
LIST = "/projects/P-1/plan/progress/"
ASSISTANT = "/projects/P-1/plan/progress/assistant/"


def plan() -> tuple[Client, Project, Task, Task]:
    """Return Alice signed in, and Design (5 d) before Build (3 d), known up to Thu 5 Mar."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    alice = factories.manager_of(project)
    design = factories.task(project, "Design", duration=5 * DAY)
    build = factories.task(project, "Build", duration=3 * DAY)
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    client = Client()
    client.force_login(alice)
    return client, project, fresh(design), fresh(build)


def fresh(task: Task) -> Task:
    """Return the task as it is stored."""
    return Task.objects.get(pk=task.pk)


def row(task: Task, **said: object) -> dict[str, object]:
    """Return what the row of a task sends."""
    shown = {"days_left": task.duration // DAY, "version": task.version, **said}
    return {f"t{task.uid}-{name}": value for name, value in shown.items()}


def test_task_pushed_by_the_data_date_is_due() -> None:
    """SCH-21: Design cannot start before Fri 6 Mar any more, so it is due; Build waits for it."""
    client, *_rest = plan()

    due, every = client.get(LIST), client.get(f"{LIST}?show=open")

    assert [item["row"].name for item in due.context["items"]] == ["Design"]
    assert [item["row"].name for item in every.context["items"]] == ["Design", "Build"]


def test_list_is_searched_and_comes_back_to_the_same_rows() -> None:
    """Words of the name or the WBS number; saving and the other choices keep them."""
    client, _project, _design, build = plan()
    address = f"{LIST}?show=open&q=buil"

    found, by_number = client.get(address), client.get(f"{LIST}?show=open&q={build.wbs}")
    nothing = client.get(f"{LIST}?show=open&q=roof")
    saved = client.post(address, row(build, actual_start="2026-03-04"))

    assert [item["row"].name for item in found.context["items"]] == ["Build"]
    assert [item["row"].name for item in by_number.context["items"]] == ["Build"]
    assert "No task fits the filter" in nothing.content.decode()
    assert b"?show=running&amp;q=buil" in found.content
    assert (saved.status_code, saved.url) == (302, address)


def test_preview_says_the_finish_and_saves_nothing() -> None:
    """SCH-22: AD 4 d, 50 % → 4 d left, finish Wed 11 Mar; SCH-26: Build comes out of sequence."""
    client, _project, design, build = plan()
    entries = AuditEntry.objects.count()
    sent = row(design, actual_start="2026-03-02", percent_complete="50", days_left="5")
    sent |= row(build, actual_start="2026-03-05", days_left="2") | {"trial": "1"}

    response = client.post(LIST, sent)

    first, second = (item["foreseen"] for item in response.context["items"])
    assert (first["percent"], first["left"], first["finish"]) == (Decimal("50.00"), 4, date(2026, 3, 11))
    assert second["before"] == ("1 Design",)
    assert fresh(design) == design
    assert fresh(design).actual_start is None
    assert (TaskProgress.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_list_saves_all_with_one_sentence() -> None:
    """Both rows are recorded at the data date; what is unchanged is not."""
    client, _project, design, build = plan()
    sent = row(design, actual_start="2026-03-02", days_left="1") | row(build)

    response = client.post(LIST, sent, follow=True)

    entry = TaskProgress.objects.get()
    assert (entry.task, entry.percent_complete) == (design, Decimal("80.00"))
    assert [str(message) for message in response.context["messages"]] == [
        "2 tasks move, the plan finishes 4 working days earlier.",
        "1 task is reported.",
    ]


def test_refusal_stands_on_its_field_and_nothing_is_saved() -> None:
    """SCH-20: FUTURE_ACTUAL on Build keeps Design from being saved too."""
    client, _project, design, build = plan()
    sent = row(design, actual_start="2026-03-02", days_left="1") | row(build, actual_start="2026-03-06")

    response = client.post(LIST, sent)

    forms = [item["form"] for item in response.context["items"]]
    assert (response.status_code, forms[0].errors) == (422, {})
    assert forms[1].errors == {"actual_start": ["This day lies after the data date."]}
    assert TaskProgress.objects.count() == 0


def test_stale_row_shows_what_others_saved() -> None:
    """XC-1, SEC-29."""
    client, _project, design, _build = plan()
    sent = row(design, actual_start="2026-03-02", days_left="1")
    progress.record_progress(
        actor=None, task=design, data_date=date(2026, 3, 5), actual_start=moment(3), remaining_duration=DAY
    )

    response = client.post(LIST, sent)

    changes = response.context["items"][0]["form"].other_changes
    assert response.status_code == 422
    assert ("Actual start", "3 March 2026", "2 March 2026") in [
        (change.label, change.theirs, change.yours) for change in changes
    ]
    assert fresh(design).actual_start == moment(3)


def test_member_sees_and_saves_own_tasks_only() -> None:
    """SEC-12: rows of others that are sent all the same are not there."""
    _client, project, design, build = plan()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    Task.objects.filter(pk=build.pk).update(owner=factories.person("Bob", of=bob))
    client = Client()
    client.force_login(bob)

    shown = client.get(f"{LIST}?show=open")
    client.post(LIST, row(design, actual_start="2026-03-02", days_left="1"))

    assert [item["row"].name for item in shown.context["items"]] == ["Build"]
    assert TaskProgress.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "start", "finish", "left"),
    [
        (
            {"answer": "other_day", "done_start": "2026-03-02", "done_finish": "2026-03-04"},
            moment(2),
            moment(4, 17),
            0,
        ),
        ({"answer": "started", "began": "2026-03-03", "days_left": "2"}, moment(3), None, 2 * DAY),
        ({"answer": "not_started", "because": "No permit"}, None, None, 5 * DAY),
    ],
)
def test_answer_becomes_an_exact_entry(
    said: dict[str, str], start: object, finish: object, left: int
) -> None:
    """SCH-20 to SCH-23; the answered task is not asked for again."""
    client, _project, design, _build = plan()

    client.post(f"{ASSISTANT}?task={design.uid}", said | {"version": str(design.version)})

    entry = TaskProgress.objects.get()
    assert (entry.actual_start, entry.actual_finish, entry.remaining_duration) == (start, finish, left)
    asked = client.get(ASSISTANT).context["task"]
    assert asked is None or asked.name == "Build"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"answer": "other_day", "done_start": "2026-03-02", "done_finish": "2026-03-06"}, "done_finish"),
        ({"answer": "other_day", "done_finish": "2026-03-04"}, "done_start"),
        ({"answer": "other_day", "done_start": "2026-03-02"}, "done_finish"),
        ({"answer": "started", "days_left": "2"}, "began"),
        ({"answer": "started", "began": "2026-03-02"}, "days_left"),
        ({"answer": "not_started"}, "because"),
        ({}, "answer"),
    ],
)
def test_unclear_answer_is_refused_on_its_field(said: dict[str, str], field: str) -> None:
    """SCH-20."""
    client, _project, design, _build = plan()

    response = client.post(f"{ASSISTANT}?task={design.uid}", said | {"version": str(design.version)})

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert TaskProgress.objects.count() == 0


def test_done_on_plan_takes_the_days_of_the_baseline() -> None:
    """The plan of a late task has moved; the current baseline still says what was meant."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    client = Client()
    client.force_login(factories.manager_of(project))
    design = factories.task(project, "Design", duration=2 * DAY)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 2, 27))
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))

    client.post(f"{ASSISTANT}?task={design.uid}", {"answer": "on_plan", "version": fresh(design).version})

    entry = TaskProgress.objects.get()
    assert (entry.actual_start, entry.actual_finish) == (moment(2), moment(3, 17))


def test_skipped_task_is_taken_up_later() -> None:
    """Skipping saves nothing; the end of the list says what is left."""
    client, _project, design, _build = plan()

    response = client.get(f"{ASSISTANT}?after={design.uid}")

    assert (response.context["task"], response.context["left"]) == (None, 1)
    assert client.get(ASSISTANT).context["task"].name == "Design"


@pytest.mark.parametrize("tasks", [1, 3])
def test_list_takes_a_fixed_number_of_queries(tasks: int, django_assert_num_queries: object) -> None:
    project = factories.project("P-1")
    client = Client()
    client.force_login(factories.manager_of(project))
    for number in range(tasks):
        factories.task(project, f"Task {number}", planned_start=moment(2))

    with django_assert_num_queries(16):  # type: ignore[operator]
        response = client.get(f"{LIST}?show=open")

    assert len(response.context["items"]) == tasks


def test_task_pushed_by_the_data_date_is_said_to_be_due() -> None:
    """Its planned start has moved behind the data date, so only the start of the project tells."""
    client, *_rest = plan()

    item = client.get(LIST).context["items"][0]

    assert (item["row"].name, item["row"].should_start) == ("Design", True)


def test_days_of_the_baseline_are_named_where_the_plan_says_others() -> None:
    """The assistant offers the baseline's finish; the plan of the started task has another one."""
    client, project, design, _build = plan()
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 16))
    progress.record_progress(
        actor=None,
        task=fresh(design),
        data_date=date(2026, 3, 16),
        actual_start=moment(2),
        remaining_duration=DAY,
    )
    TaskProgress.objects.all().delete()

    page = client.get(ASSISTANT)

    row = page.context["task"]
    assert (row.name, row.is_by_baseline, row.plan_finish == row.finish) == ("Design", True, False)
    assert "by the baseline" in page.text


def test_trial_of_a_plan_with_given_dates_says_that_they_stay() -> None:
    """Nothing is computed, so "nothing moves" would be no answer."""
    client, _project, design, _build = plan()
    Project.objects.update(is_auto_scheduled=False)
    sent = row(fresh(design), actual_start="2026-03-02", days_left="1") | {"trial": "1"}

    response = client.post(LIST, sent)

    assert response.context["moves"].sentence == "Other dates stay: this plan keeps the dates it was given."


def test_finished_task_is_opened_again_with_days_left_and_a_reason() -> None:
    """SCH-28: emptying the finish is enough; the 100 percent the form showed count for nothing."""
    client, _project, design, _build = plan()
    page = f"/projects/P-1/plan/{design.uid}/progress/"
    done = {"actual_start": "2026-03-02", "actual_finish": "2026-03-05", "days_left": "5"}
    client.post(page, {**done, "version": design.version})
    shown = client.get(page)
    sent = {"actual_start": "2026-03-02", "percent_complete": "100.00", "days_left": "0"}
    sent |= {"percent_physical": "100.00", "version": str(fresh(design).version)}

    without_reason = client.post(page, sent)
    without_rest = client.post(page, {**sent, "note": "The test failed"})
    client.post(page, {**sent, "note": "The test failed", "days_left": "2"})

    assert "This task is finished. To open it again" in shown.text
    assert list(without_reason.context["form"].errors) == ["note"]
    assert list(without_rest.context["form"].errors) == ["days_left"]
    assert (fresh(design).actual_finish, fresh(design).remaining_duration) == (None, 2 * DAY)
