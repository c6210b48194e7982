"""My work: the page, and progress in two taps (SCH-20, SCH-22, SEC-12)."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from projects.models import Project, Task, TaskProgress
from projects.services import links, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

DAY = 480
PAGE = "/my-work/"


def work() -> tuple[Client, Project, Task, Task]:
    """Return Bob signed in; his Design (5 d) comes before Build (3 d) of Carla, known up to Thu 5 Mar."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    design = factories.task(project, "Design", duration=5 * DAY, owner=factories.person("Bob", of=bob))
    build = factories.task(project, "Build", duration=3 * DAY, owner=factories.person("Carla"))
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    client = Client()
    client.force_login(bob)
    return client, project, Task.objects.get(pk=design.pk), Task.objects.get(pk=build.pk)


def address(task: Task) -> str:
    """Return where the task is reported."""
    return f"/my-work/P-1/{task.uid}/"


def sent(task: Task, **said: object) -> dict[str, object]:
    """Return what the form sends."""
    shown = {"days_left": task.duration // DAY, "version": task.version, **said}
    return {f"t{task.uid}-{name}": value for name, value in shown.items()}


def test_page_lists_own_tasks_only() -> None:
    """SEC-12: Build is Carla's."""
    client, _project, design, _build = work()

    response = client.get(PAGE)

    assert [row.uid for row in response.context["rows"]] == [design.uid]
    assert b"Done by 5 Mar" in response.content


def test_first_tap_says_what_done_leads_to_and_saves_nothing() -> None:
    """SCH-22: finished on Thu 5 Mar, the data date; it began there, as the plan lies later; Build follows."""
    client, _project, design, _build = work()
    entries = AuditEntry.objects.count()

    response = client.post(address(design), {"quick": "done", "version": design.version})

    form = response.context["form"]
    assert response.status_code == 200
    assert response.context["foreseen"]["percent"] == Decimal("100.00")
    assert str(form["actual_finish"].value()) == "2026-03-05"
    assert TaskProgress.objects.count() == 0
    assert AuditEntry.objects.count() == entries


def test_second_tap_saves_and_goes_back_to_the_filtered_list() -> None:
    client, _project, design, _build = work()
    filled = sent(design, actual_start="2026-03-02", actual_finish="2026-03-05")

    response = client.post(f"{address(design)}?show=late&x=1", filled)

    design.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, "/my-work/?show=late")
    assert (design.actual_start, design.actual_finish) == (moment(2), moment(5, 17))


def test_started_keeps_what_is_left() -> None:
    """The last working day up to the data date; the five days stay."""
    client, _project, design, _build = work()

    response = client.post(address(design), {"quick": "started", "version": design.version})

    form = response.context["form"]
    assert (form.cleaned_data["actual_start"], form.cleaned_data["days_left"]) == (date(2026, 3, 5), 5)
    assert response.context["foreseen"]["left"] == 5


def test_refusal_stands_on_its_field_and_nothing_is_saved() -> None:
    """SCH-20: FUTURE_ACTUAL."""
    client, _project, design, _build = work()
    entries = AuditEntry.objects.count()

    response = client.post(address(design), sent(design, actual_start="2026-03-06"))

    assert response.status_code == 422
    assert response.context["form"].errors == {"actual_start": ["This day lies after the data date."]}
    assert (TaskProgress.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_tap_on_a_list_that_is_old_shows_what_others_saved() -> None:
    """XC-1, SEC-29: the version comes from the list."""
    client, _project, design, _build = work()
    progress.record_progress(
        actor=None, task=design, data_date=date(2026, 3, 5), actual_start=moment(3), remaining_duration=DAY
    )

    response = client.post(address(design), {"quick": "done", "version": design.version})

    assert response.status_code == 422
    assert TaskProgress.objects.get().actual_finish is None


def test_without_a_data_date_the_tap_is_refused() -> None:
    """SCH-20: NO_DATA_DATE."""
    client, project, design, _build = work()
    Project.objects.filter(pk=project.pk).update(data_date=None)

    response = client.post(address(design), {"quick": "done", "version": design.version})

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["Set the data date of the project first."]
    assert TaskProgress.objects.count() == 0


def test_task_of_somebody_else_is_refused() -> None:
    """SEC-12: Bob sees Build and may not report it."""
    client, _project, _design, build = work()

    response = client.post(address(build), sent(build, actual_start="2026-03-05"))

    assert response.status_code == 403
    assert TaskProgress.objects.count() == 0


def test_page_without_tasks_says_what_goes_here(client: Client) -> None:
    client.force_login(factories.user("Charlie"))

    assert b"No tasks of yours" in client.get(PAGE).content


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_for_one_and_three(number: int, django_assert_num_queries: object) -> None:
    client, project, design, _build = work()
    for index in range(1, number):
        factories.task(project, f"Task {index}", owner=design.owner, planned_start=moment(2))
    client.get(PAGE)

    with django_assert_num_queries(8):
        response = client.get(PAGE)

    assert len(response.context["rows"]) == number
