"""One milestone of a project may be its completion: forecast finish, CPLI, audit, past days (SCH-38)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from projects.access import PlanRights
from projects.models import FormerTask, Project, Task
from projects.selectors.plan_facts import load_plan_facts
from projects.services import links, tasks
from projects.services.former_values import known_on
from projects.services.plan_changes import steps, undoing
from projects.services.plan_changes.acts import DeleteRows
from projects.services.snapshots import compute_measures
from tests import factories

pytestmark = pytest.mark.django_db
DAY = 480
EVERYTHING = PlanRights(
    edits=True, deletes=True, records=True, records_own=False, prices=True, person_id=None
)
TODAY = date(2026, 3, 10)


def plan() -> tuple[Project, dict[str, Task]]:
    """Build of five days from Monday 2 March 2026, then Done; Garden of ten days goes on, then All."""
    project = factories.project("NW-1", planned_start=factories.MONDAY, is_auto_scheduled=True)
    made = {
        "Build": factories.task(project, "Build", duration=5 * DAY),
        "Done": factories.task(project, "Done", kind="FINISH_MILESTONE", duration=0),
        "Garden": factories.task(project, "Garden", duration=10 * DAY),
        "All": factories.task(project, "All", kind="FINISH_MILESTONE", duration=0),
    }
    for first, second in (("Build", "Done"), ("Garden", "All")):
        links.add_link(actor=None, project=project, predecessor=made[first], successor=made[second])
    return project, made


def change(task: Task, **changes: object) -> Task:
    fresh = Task.objects.select_related("project").get(pk=task.pk)
    return tasks.edit_task(actor=None, task=fresh, changes=changes, expected_version=None)


def forecast(project: Project, as_of: date = TODAY) -> date | None:
    (measures,) = compute_measures(project_ids=[project.pk], as_of=as_of).measures
    return measures.time.forecast_finish.value


def test_marked_milestone_is_the_finish_of_the_project() -> None:
    """SCH-38: without a mark the last finish; the mark counts for the measures and for the checks."""
    project, made = plan()
    before, fingerprint = forecast(project), load_plan_facts(project, as_of=TODAY).fingerprint

    change(made["Done"], is_completion=True)

    stored = load_plan_facts(project, as_of=TODAY)
    assert (before, forecast(project)) == (date(2026, 3, 13), date(2026, 3, 6))
    assert stored.completion is not None
    assert stored.plan.task_ids[stored.completion] == made["Done"].pk
    assert stored.fingerprint != fingerprint


def test_another_milestone_takes_the_mark_over() -> None:
    """Both rows are in the audit trail, and the day before keeps its own forecast (SEC-37)."""
    project, made = plan()
    change(made["Done"], is_completion=True)
    Project.objects.filter(pk=project.pk).update(created_at=factories.moment(1, 8, month=1))
    Task.objects.filter(project=project).update(entered_on=None)
    FormerTask.objects.all().delete()
    told = AuditEntry.objects.count()

    with known_on(TODAY):
        change(made["All"], is_completion=True)

    assert list(Task.objects.filter(is_completion=True).values_list("name", flat=True)) == ["All"]
    assert forecast(project, TODAY - timedelta(days=1)) == date(2026, 3, 6)
    assert forecast(project, TODAY) == date(2026, 3, 13)
    assert sorted(FormerTask.objects.values_list("name", "is_completion")) == [("All", False), ("Done", True)]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "after__is_completion")[told:]) == [
        ("task.changed", False),
        ("task.changed", True),
    ]


def test_only_milestones_are_completions() -> None:
    """A task is refused; the mark of a milestone that becomes a task counts for nothing."""
    project, made = plan()
    change(made["Done"], is_completion=True)

    with pytest.raises(DomainError) as refusal:
        change(made["Build"], is_completion=True)
    change(made["Done"], kind="TASK")

    assert (refusal.value.code, refusal.value.field) == ("NO_MILESTONE", "is_completion")
    assert load_plan_facts(project, as_of=TODAY).completion is None
    assert forecast(project) == date(2026, 3, 13)


def test_deleted_completion_comes_back_without_a_mark_another_took() -> None:
    """SCH-38: undoing a deletion brings the mark back, unless somebody gave it to another milestone since."""
    project, made = plan()
    alice = factories.manager_of(project)
    change(made["Done"], is_completion=True)

    for taker, marked in ((None, ["Done"]), (made["All"], ["All"])):
        act = DeleteRows((made["Done"].uid,))
        step = steps.do_step(actor=alice, project=project, rights=EVERYTHING, key="", changes=[act])
        if taker is not None:
            change(taker, is_completion=True)
        assert step.change is not None
        undoing.undo_step(actor=alice, project=project, rights=EVERYTHING, number=step.change, key="")

        assert list(Task.objects.filter(is_completion=True).values_list("name", flat=True)) == marked
        assert Task.objects.filter(name="Done").count() == 1


def test_pages_offer_the_mark_for_milestones() -> None:
    """The form asks milestones only, and the page of the task says it; the API takes it too."""
    project, made = plan()
    client = Client()
    client.force_login(factories.manager_of(project))

    of_task = client.get(f"/projects/NW-1/plan/{made['Build'].uid}/edit/")
    of_milestone = client.get(f"/projects/NW-1/plan/{made['Done'].uid}/edit/")
    change(made["Done"], is_completion=True)
    page = client.get(f"/projects/NW-1/plan/{made['Done'].uid}/")

    assert b"is_completion" not in of_task.content
    assert b"is_completion" in of_milestone.content
    assert "Completion milestone" in page.content.decode()
