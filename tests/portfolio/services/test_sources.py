"""What was read decides whether anything is measured and rated again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pmo_portal.common.models import Job
from portfolio.models import PortfolioComponent, ProjectHealth
from portfolio.services import rollups
from portfolio.services.judgement import JudgedChunk, judge_projects, keep_judgement
from portfolio.services.policies import ensure_organization_policy
from projects.models import DeclaredRating, Project, ProjectSnapshot, StatusReport, Task, TaskProgress
from tests.factories import person
from tests.portfolio.worlds import AS_OF, keep_close, make_portfolio, make_project, plan, post

pytestmark = pytest.mark.django_db
WHEN = ("id", "run_id", "computed_at", "revision")


def ready() -> list[Project]:
    ensure_organization_policy()
    home = make_portfolio()
    made = [make_project(f"P{number}", home) for number in range(1, 3)]
    for project in made:
        plan(project)
    Task.objects.update(planned_finish="2026-09-30T17:00Z")
    return made


def judge(kind: str = "DAILY") -> JudgedChunk:
    ids = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    return judge_projects(project_ids=ids, as_of=AS_OF, kind=kind)


def keep(chunk: JudgedChunk) -> tuple[int, int, int]:
    counts = keep_judgement(run=rollups.run_of(AS_OF), chunk=chunk)
    return counts.created, counts.changed, counts.unchanged


def stored() -> list[dict[str, Any]]:
    models = (ProjectHealth, ProjectSnapshot)
    rows = [row for model in models for row in model._default_manager.order_by("project").values()]
    return [{name: cell for name, cell in row.items() if name not in WHEN} for row in rows]


def test_same_inputs_are_neither_measured_nor_rated_again() -> None:
    """HLT-5, SEC-37: a repeated roll-up reads, compares and leaves the rows alone."""
    made = ready()
    first = keep(judge())

    again = judge()

    assert (len(again.projects), [len(part.measures) for part in again.measured]) == (0, [0])
    assert sorted(again.unchanged) == [project.pk for project in made]
    assert (first, keep(again)) == ((2, 0, 0), (0, 0, 2))


def test_rows_left_alone_are_those_a_full_run_makes() -> None:
    """SEC-37: comparing inputs gives what computing gives."""
    made = ready()
    keep(judge())
    post(made[0], 700, date(2026, 3, 20))
    keep(judge())
    compared = stored()

    ProjectHealth.objects.all().delete()
    ProjectSnapshot.objects.all().delete()
    keep(judge())

    assert stored() == compared


def rename_late_task(project: Project) -> None:
    Task.objects.filter(project=project).update(name="Build it")


def give_owner(project: Project) -> None:
    Task.objects.filter(project=project).update(owner=person("Alice"))


def report_progress(project: Project) -> None:
    TaskProgress.objects.filter(task__project=project).update(percent_physical=40)


def publish_report(project: Project) -> None:
    report = StatusReport.objects.create(
        project=project, period_end=AS_OF, data_date=AS_OF, state="PUBLISHED", source="test"
    )
    DeclaredRating.objects.create(report=report, dimension="SCOPE", declared="RED")


def move_home(project: Project) -> None:
    PortfolioComponent.objects.filter(project=project).update(portfolio=make_portfolio("OTHER"))


def close_before(project: Project) -> None:
    keep_close(project, 90.0, as_of=date(2026, 2, 28), weight=10)


def make_flagship(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(is_flagship=True)


def post_late(project: Project) -> None:
    post(project, 1, date(2026, 3, 31))


@pytest.mark.parametrize(
    "change",
    [
        rename_late_task,
        give_owner,
        report_progress,
        publish_report,
        move_home,
        close_before,
        make_flagship,
        post_late,
    ],
)
def test_each_changed_input_rates_that_project_again(change: Callable[[Project], None]) -> None:
    """HLT-5: nothing a judgement depends on can change without a new judgement."""
    made = ready()
    keep(judge())

    change(made[0])
    again = judge()

    assert [item.project_id for item in again.projects] == [made[0].pk]
    assert keep(again) == (0, 1, 1)
    assert judge().projects == ()


def test_closing_a_period_in_red_counts_the_close() -> None:
    """HLT-5: the same facts, closed in RED, tell of one more red close; other colors stay as they are."""
    made = ready()
    keep(judge())
    assert set(ProjectHealth.objects.values_list("color", flat=True)) == {"RED"}
    ProjectHealth.objects.filter(project=made[1]).update(color="AMBER")

    again = judge(kind="PERIOD_CLOSE")

    assert [item.project_id for item in again.projects] == [made[0].pk]
    assert list(again.unchanged) == [made[1].pk]


def test_row_that_changed_meanwhile_is_asked_for_again() -> None:
    """SEC-36: a comparison that was overtaken writes nothing and orders fresh health."""
    made = ready()
    keep(judge())
    again = judge()
    ProjectHealth.objects.filter(project=made[0]).update(input_hash="0" * 64)
    Job.objects.all().delete()

    counts = keep(again)

    assert counts == (0, 0, 1)
    assert list(Job.objects.values_list("name", "arguments")) == [
        ("portfolio.refresh_health", {"project_id": made[0].pk})
    ]
