"""The nightly path: started, shared out, repeated, killed, closed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common import jobs, schedule
from pmo_portal.common.models import Job
from portfolio.models import GroupHealth, PortfolioComponent, ProjectHealth, RollupRun
from portfolio.services import rollups
from portfolio.services.components import adopt_projects
from portfolio.services.periods import close_period
from projects.models import Project, ProjectSnapshot
from projects.services.changes import touch_project
from tests.portfolio.worlds import AS_OF, make_portfolio, make_program, make_project, plan, post

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def three() -> list[Project]:
    home = make_portfolio()
    made = [make_project(f"P{number}", home) for number in range(1, 4)]
    for project in made:
        plan(project)
    return made


def stored() -> list[tuple[object, ...]]:
    return [
        *ProjectSnapshot.objects.order_by("pk").values_list("pk", "revision", "input_hash"),
        *ProjectHealth.objects.order_by("pk").values_list("pk", "revision", "input_hash", "explanation"),
        *GroupHealth.objects.order_by("pk").values_list("pk", "revision", "input_hash", "document"),
    ]


def test_rollup_rates_every_project_and_group(drain: Drain) -> None:
    """Domain 11: one snapshot, one health row per project, sums for portfolio and organization."""
    projects = three()

    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    run.refresh_from_db()
    assert (run.state, run.projects_total, run.projects_failed, run.chunks_total) == ("COMPLETE", 3, 0, 1)
    row = ProjectHealth.objects.get(project=projects[0])
    assert (row.weight, row.actual, row.ev) == (1000, 500, 500)
    assert (row.cpi, row.dimension_colors["COST"]) == (1.0, "GREEN")
    assert GroupHealth.objects.filter(as_of=AS_OF).count() == 4
    assert AuditEntry.objects.filter(action="rollup.started").count() == 1


def test_rollup_twice_writes_nothing_new(drain: Drain) -> None:
    """HLT-5, HLT-12, SEC-35: a rerun is harmless."""
    three()
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    before = stored()

    second = rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    second.refresh_from_db()
    assert second.state == "COMPLETE"
    assert stored() == before


def test_running_rollup_is_not_started_again() -> None:
    """HLT-12: two runs for the same date do not overlap."""
    three()
    first = rollups.start_rollup(actor=None, as_of=AS_OF)

    second = rollups.start_rollup(actor=None, as_of=AS_OF)

    assert second == first
    assert Job.objects.filter(name="portfolio.rate_chunk").count() == 1


def test_chunks_in_any_order_give_the_same(drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-35, SEC-37: small chunks, run backwards and twice, end in the rows of one chunk."""
    three()
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    hashes = list(ProjectHealth.objects.order_by("pk").values_list("input_hash", flat=True))
    ProjectHealth.objects.all().delete()
    ProjectSnapshot.objects.all().delete()
    monkeypatch.setattr(rollups, "MOST_OF_A_CHUNK", 1)

    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    for number, job in enumerate(Job.objects.filter(name="portfolio.rate_chunk", state="QUEUED")):
        Job.objects.filter(pk=job.pk).update(priority=9 - number)
    drain()
    for pk in Project.objects.values_list("pk", flat=True):
        chunk = rollups.judge_chunk(run_id=run.pk, project_ids=[pk])
        rollups.keep_chunk(run_id=run.pk, job_id=0, chunk=chunk)
    drain()

    run.refresh_from_db()
    assert (run.state, run.chunks_total) == ("COMPLETE", 3)
    assert list(ProjectHealth.objects.order_by("project_id").values_list("input_hash", flat=True)) == hashes
    assert set(ProjectHealth.objects.values_list("revision", flat=True)) == {1}


def test_chunk_that_lost_its_lease_leaves_nothing() -> None:
    """SEC-36: effect and end of the job are one transaction, guarded by the attempt."""
    three()
    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    running = jobs.claim_next(worker="first")
    Job.objects.filter(pk=running.id).update(attempt=2)

    jobs.run(running)

    assert ProjectHealth.objects.count() == 0
    assert ProjectSnapshot.objects.count() == 0
    run.refresh_from_db()
    assert run.state == "RUNNING"


def test_killed_worker_is_replaced(drain: Drain) -> None:
    """SEC-33: a claimed job whose lease ended is taken again and the run completes."""
    three()
    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    running = jobs.claim_next(worker="killed")
    Job.objects.filter(pk=running.id).update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))

    drain()

    run.refresh_from_db()
    assert run.state == "COMPLETE"
    assert ProjectHealth.objects.count() == 3


def test_run_ends_when_its_last_chunk_failed_for_good(drain: Drain) -> None:
    """HLT-10, SEC-40: a poisoned part does not keep the run open; its projects count as failed."""
    three()
    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    Job.objects.filter(name="portfolio.rate_chunk").update(state="FAILED", finished_at=Now())

    is_over = rollups.settle_run(run_id=run.pk)
    drain()

    run.refresh_from_db()
    assert is_over is False
    assert (run.state, run.projects_failed) == ("PARTIAL", 3)


def test_bad_project_becomes_grey_and_the_rest_goes_on(drain: Drain) -> None:
    """HLT-10: a calendar that cannot be read spoils one project only."""
    projects = three()
    bad = projects[1]
    bad.calendar.pk = None
    bad.calendar.is_default = False
    bad.calendar.week_pattern = {"0": [[600, 300]]}
    bad.calendar.save()
    Project.objects.filter(pk=bad.pk).update(calendar=bad.calendar)

    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    run.refresh_from_db()
    found = dict(ProjectHealth.objects.values_list("project__code", "reason_code"))
    assert (run.state, run.projects_failed) == ("PARTIAL", 1)
    assert found["P2"] == "CALC_ERROR"
    assert {found["P1"], found["P3"]}.isdisjoint({"CALC_ERROR"})
    step = ProjectHealth.objects.get(project=bad).explanation["explanation"][0]
    assert "CalendarError" in step["params"]["message"]


def test_bad_project_is_grey_when_it_is_the_only_one(drain: Drain) -> None:
    """HLT-10: a chunk of one is judged like any other; its job does not fail."""
    project = make_project("P1", make_portfolio())
    project.calendar.week_pattern = {"0": [[600, 300]]}
    project.calendar.save()

    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    run.refresh_from_db()
    assert (run.state, run.projects_failed) == ("PARTIAL", 1)
    assert ProjectHealth.objects.get(project=project).reason_code == "CALC_ERROR"


def test_closed_period_never_changes(drain: Drain) -> None:
    """HLT-5: rows of a period close are locked, whatever is recorded or rolled up later."""
    projects = three()
    close_period(actor=None, period_end=AS_OF, today=date(2026, 4, 10))
    drain()
    before = stored()
    post(projects[0], 5000, date(2026, 3, 20))

    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    assert set(ProjectHealth.objects.values_list("kind", "is_locked")) == {("PERIOD_CLOSE", True)}
    health = [row for row in stored() if len(row) == 4]
    assert health == [row for row in before if len(row) == 4]


def test_changed_facts_raise_the_revision(drain: Drain) -> None:
    """HLT-5: changed inputs, revision + 1, one row per date."""
    projects = three()
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    post(projects[0], 700, date(2026, 3, 20))

    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    rows = list(ProjectHealth.objects.order_by("project_id").values_list("revision", "actual"))
    assert rows == [(2, 1200), (1, 500), (1, 500)]


def test_refresh_rates_one_project_and_adds_up_once(drain: Drain) -> None:
    """A changed project is rated for today; many changes are added up together."""
    projects = three()
    for project in projects[:2]:
        touch_project(project)

    drain()

    assert ProjectHealth.objects.count() == 2
    assert Job.objects.filter(name="portfolio.aggregate_groups", state="DONE").count() == 1
    assert GroupHealth.objects.filter(scope="PORTFOLIO", audience="FULL").get().projects_total == 2
    assert set(RollupRun.objects.values_list("kind", "state")) == {("ADHOC", "COMPLETE")}


def test_nightly_rollup_is_due_once_a_day(drain: Drain) -> None:
    """SEC-39: the period is enqueued once, however often the clock ticks."""
    three()
    now = datetime(2026, 3, 31, 3, 0, tzinfo=UTC)

    first = schedule.enqueue_due(now=now)
    second = schedule.enqueue_due(now=now)
    drain()

    assert "portfolio.nightly_rollup@2026-03-31" in first
    assert second == []
    assert RollupRun.objects.get().as_of == AS_OF


def test_projects_without_a_home_are_adopted_or_left_out(drain: Drain) -> None:
    """ORG-2: the component follows the tree of scopes."""
    projects = three()
    program = make_program("PROG", projects[0].component.portfolio)
    node = projects[0].node
    node.parent, node.path = program.node, f"{program.node.path}{node.pk}/"
    node.save()
    PortfolioComponent.objects.filter(project=projects[1]).delete()

    changed, again = adopt_projects(), adopt_projects()

    assert (changed, again) == (2, 0)
    assert PortfolioComponent.objects.get(project=projects[0]).program == program


def test_command_does_the_work_without_a_worker() -> None:
    """`manage.py run_rollup` waits, works itself and prints one JSON object."""
    three()
    out = StringIO()

    call_command("run_rollup", "--as-of", "2026-03-31", "--json", stdout=out)

    assert '"state": "COMPLETE"' in out.getvalue()
    assert '"projects": 3' in out.getvalue()


def test_command_fails_when_a_project_failed() -> None:
    """Exit code 1 and the state when something could not be rated."""
    project = three()[0]
    project.calendar.week_pattern = {"0": [[600, 300]]}
    project.calendar.save()

    with pytest.raises(CommandError, match="PARTIAL") as fault:
        call_command("run_rollup", "--as-of", "2026-03-31", stdout=StringIO())

    assert fault.value.returncode == 1


def test_empty_portfolio_is_rolled_up_too(drain: Drain) -> None:
    make_portfolio()

    run = rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()

    run.refresh_from_db()
    assert (run.state, run.projects_total) == ("COMPLETE", 0)
    assert GroupHealth.objects.get(scope="PORTFOLIO", audience="FULL").color == "GREY"


def test_chunks_are_few_and_of_equal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conventions 2: any number of workers shares them; none is left with a remainder."""
    three()
    monkeypatch.setattr(rollups, "MOST_OF_A_CHUNK", 2)

    rollups.start_rollup(actor=None, as_of=AS_OF)

    jobs = Job.objects.filter(name="portfolio.rate_chunk").order_by("key")
    assert sorted(len(job.arguments["project_ids"]) for job in jobs) == [1, 2]
