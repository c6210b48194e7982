"""Pages on who owns the dates of a plan, and the sentence that says what a change moved."""

from datetime import date

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from projects.models import Project, Task
from projects.services import links
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480


def two_tasks(*, is_auto: bool) -> tuple[Client, Project, Task, Task]:
    """Return Alice signed in, and her plan: Design (5 d) before Build (3 d)."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=is_auto)
    alice = factories.manager_of(project)
    design = factories.task(project, "Design", duration=5 * DAY)
    build = factories.task(project, "Build", duration=3 * DAY)
    links.add_link(actor=None, project=project, predecessor=design, successor=build)
    client = Client()
    client.force_login(alice)
    return client, project, Task.objects.get(pk=design.pk), Task.objects.get(pk=build.pk)


def values_of(task: Task, **changed: object) -> dict[str, object]:
    """Return what the form of a task sends."""
    return {
        "name": task.name,
        "kind": task.kind,
        "days": task.duration // DAY,
        "constraint_type": task.constraint_type,
        "ev_technique": task.ev_technique,
        "task_type": task.task_type,
        "version": task.version,
        **changed,
    }


def test_page_says_what_handing_over_would_move() -> None:
    """Dates as given: both tasks would get theirs; nothing is stored by looking."""
    client, project, _design, build = two_tasks(is_auto=False)

    response = client.get("/projects/P-1/plan/scheduling/")

    assert response.context["moves"].sentence == "2 tasks move."
    assert [row.name for row in response.context["moves"].rows] == ["Design", "Build"]
    assert Task.objects.get(pk=build.pk).planned_start is None
    assert not Project.objects.get(pk=project.pk).is_auto_scheduled


def test_dates_are_handed_over_and_kept_again() -> None:
    """The switch works both ways and says what happened."""
    client, project, _design, build = two_tasks(is_auto=False)
    address = "/projects/P-1/plan/scheduling/switch/"

    given = client.post(address, {"dates": "computed", "version": project.version}, follow=True)
    dated = Task.objects.get(pk=build.pk)
    version = Project.objects.get(pk=project.pk).version
    kept = client.post(address, {"dates": "given", "version": version}, follow=True)

    assert [str(message) for message in given.context["messages"]] == [
        "2 tasks move.",
        "The portal computes the dates from now on.",
    ]
    assert (dated.planned_start, dated.planned_finish) == (
        factories.moment(9),
        factories.moment(11, 17),
    )
    assert [str(message) for message in kept.context["messages"]] == ["The dates stay as they are."]
    assert not Project.objects.get(pk=project.pk).is_auto_scheduled


def test_switch_of_an_older_version_is_refused() -> None:
    """SEC-29: somebody saved in between."""
    client, project, *_tasks = two_tasks(is_auto=False)

    response = client.post(
        "/projects/P-1/plan/scheduling/switch/",
        {"dates": "computed", "version": project.version + 7},
        follow=True,
    )

    (message,) = response.context["messages"]
    assert "Somebody else changed this" in str(message)
    assert not Project.objects.get(pk=project.pk).is_auto_scheduled


def test_saved_task_says_what_moved() -> None:
    """Two days more for Design: Build moves along, the plan finishes two working days later."""
    client, _project, design, build = two_tasks(is_auto=True)

    response = client.post(f"/projects/P-1/plan/{design.uid}/edit/", values_of(design, days=7), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "2 tasks move, the plan finishes 2 working days later.",
        "The task is saved.",
    ]
    assert Task.objects.get(pk=build.pk).planned_start == factories.moment(11)


def test_question_what_would_move_saves_nothing() -> None:
    """A trial shows the same sentence on the form, the input stays."""
    client, _project, design, build = two_tasks(is_auto=True)

    response = client.post(f"/projects/P-1/plan/{design.uid}/edit/", values_of(design, days=7, trial="1"))

    assert response.status_code == 200
    assert response.context["moves"].sentence == "2 tasks move, the plan finishes 2 working days later."
    assert response.context["form"]["days"].value() == "7"
    assert Task.objects.get(pk=build.pk).planned_start == factories.moment(9)
    assert Task.objects.get(pk=design.pk).version == design.version


def test_refused_trial_stands_on_the_field() -> None:
    """What saving would refuse, asking refuses too."""
    client, _project, design, _build = two_tasks(is_auto=True)

    response = client.post(
        f"/projects/P-1/plan/{design.uid}/edit/",
        values_of(design, constraint_type="SNET", constraint_date="", trial="1"),
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {"constraint_date": ["This constraint needs a date."]}


def test_form_of_a_computed_task_asks_for_constraints_not_dates() -> None:
    """Start and finish belong to the engine, unless the task is set by hand."""
    client, _project, design, build = two_tasks(is_auto=True)
    Task.objects.filter(pk=build.pk).update(is_manual=True)

    computed = client.get(f"/projects/P-1/plan/{design.uid}/edit/").context["form"].fields
    by_hand = client.get(f"/projects/P-1/plan/{build.uid}/edit/").context["form"].fields

    assert {"start", "finish"} & set(computed) == set()
    assert {"start", "finish", "is_manual"} <= set(by_hand)


def test_missed_deadline_is_said() -> None:
    """SCH-14: the sentence names the deadline that is newly missed."""
    client, _project, design, build = two_tasks(is_auto=True)
    Task.objects.filter(pk=build.pk).update(deadline=factories.moment(12, 17))

    response = client.post(f"/projects/P-1/plan/{design.uid}/edit/", values_of(design, days=7), follow=True)

    assert str(next(iter(response.context["messages"]))) == (
        "2 tasks move, the plan finishes 2 working days later, 1 deadline is missed."
    )


def test_rules_are_changed_on_their_page() -> None:
    """Near-critical up to 1 day: Design with 0 days is critical, nothing is near-critical below it."""
    client, project, design, _build = two_tasks(is_auto=True)
    version = Project.objects.get(pk=project.pk).version
    given = {
        "convention": "PORTAL",
        "planned_start": "2026-03-03",
        "progress_mode": "RETAINED_LOGIC",
        "deadline_bounds_float": "on",
        "critical_days": "0",
        "near_critical_days": "1",
        "float_kind": "SMALLEST",
        "default_lag_calendar": "PREDECESSOR",
        "version": version,
    }

    refused = client.post("/projects/P-1/plan/scheduling/edit/", {**given, "near_critical_days": "-1"})
    saved = client.post("/projects/P-1/plan/scheduling/edit/", given, follow=True)

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["near_critical_days"]
    assert [str(message) for message in saved.context["messages"]] == [
        "2 tasks move, the plan finishes 1 working day later.",
        "The rules are saved.",
    ]
    assert Project.objects.get(pk=project.pk).near_critical_threshold == DAY
    assert Task.objects.get(pk=design.pk).planned_start == factories.moment(3)


def test_page_of_computed_dates_reads_the_finish_that_is_stored() -> None:
    """Looking computes nothing: the stored finish is shown, whatever a computation would give."""
    client, project, _design, build = two_tasks(is_auto=True)
    Task.objects.filter(pk=build.pk).update(planned_finish=factories.moment(31, 17))

    shown = client.get("/projects/P-1/plan/scheduling/")
    Project.objects.filter(pk=project.pk).update(planned_start=None)
    Task.objects.filter(project=project).update(early_start=None, early_finish=None)
    undated = client.get("/projects/P-1/plan/scheduling/")

    assert (shown.context["finish"], shown.context["refusal"]) == (date(2026, 3, 31), None)
    assert undated.context["refusal"].code == "NO_PROJECT_START"


def test_auditor_sees_the_page_without_buttons() -> None:
    """Reading is not deciding."""
    _client, project, *_tasks = two_tasks(is_auto=False)
    auditor = factories.user("Audrey")
    factories.grant(auditor, Role.AUDITOR, project.node)
    client = Client()
    client.force_login(auditor)

    response = client.get("/projects/P-1/plan/scheduling/")

    assert response.status_code == 200
    assert b"scheduling/switch" not in response.content
    assert b"scheduling/edit" not in response.content
