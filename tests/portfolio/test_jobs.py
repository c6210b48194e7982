"""Each job of the two halves, taken over by other workers, has the effect of one run (SEC-35, SEC-36)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Sum
from django.db.models.functions import Now

from pmo_portal.accounts.choices import Role
from pmo_portal.common import jobs
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.queue import enqueue
from pmo_portal.documents.services.files import store_upload
from portfolio.choices import Audience
from portfolio.interchange.mapping import TableMapping
from portfolio.models import (
    GroupHealth,
    Portfolio,
    PortfolioComponent,
    PortfolioImport,
    ProjectHealth,
    RollupRun,
)
from projects.models import Project, ProjectSnapshot, ScheduleImport, StatusReport
from projects.services import schedule_imports
from tests import factories
from tests.portfolio.worlds import AS_OF, make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
TABLE = b"Name;End;Cost\nBridge;2027-12-31;10\nRoad;2026-12-31;5\n"
MAPPING = TableMapping(title="T", columns={"name": ("Name",), "finish": ("End",), "budget": ("Cost",)})


@dataclass(frozen=True)
class Sample:
    """How to make the arguments of a job, and what one run of it leaves."""

    arguments: Callable[[Portfolio], Mapping[str, Any]]
    leaves: Mapping[str, int] = field(default_factory=dict)


def _run_id(_home: Portfolio) -> dict[str, Any]:
    return {"run_id": RollupRun.objects.create(as_of=AS_OF, projects_total=1, chunks_total=1).pk}


def _chunk(home: Portfolio) -> dict[str, Any]:
    return {**_run_id(home), "project_ids": [Project.objects.get().pk]}


def _upload(home: Portfolio) -> PortfolioImport:
    owner = factories.user("Paula")
    file = store_upload(owner=owner, name="t.csv", chunks=[TABLE])
    return PortfolioImport.objects.create(owner=owner, file=file, portfolio=home)


def _read(home: Portfolio) -> dict[str, Any]:
    return {"import_id": _upload(home).pk}


def _preview(home: Portfolio) -> dict[str, Any]:
    made = _upload(home)
    PortfolioImport.objects.filter(pk=made.pk).update(
        state="READ", preview={"headers": []}, mapping=MAPPING.to_dict(), as_of=AS_OF
    )
    return {"import_id": made.pk}


def _write(home: Portfolio) -> dict[str, Any]:
    arguments = _preview(home)
    PortfolioImport.objects.update(state="CONFIRMED")
    return arguments


def _forgotten(_home: Portfolio) -> dict[str, Any]:
    PortfolioComponent.objects.all().delete()
    return {}


SAMPLES: dict[str, Sample] = {
    "portfolio.nightly_rollup": Sample(
        lambda _home: {"period": AS_OF.isoformat()}, {"health": 1, "groups": 2, "snapshots": 1, "runs": 1}
    ),
    "portfolio.roll_up_day": Sample(
        lambda _home: {"day": AS_OF.isoformat()}, {"health": 1, "groups": 2, "snapshots": 1, "runs": 1}
    ),
    "portfolio.rate_chunk": Sample(_chunk, {"health": 1, "groups": 2, "snapshots": 1, "runs": 1}),
    "portfolio.finish_rollup": Sample(_run_id, {"groups": 2, "runs": 1}),
    "portfolio.refresh_health": Sample(
        lambda _home: {"project_id": Project.objects.get().pk},
        {"health": 1, "groups": 2, "snapshots": 1, "runs": 1},
    ),
    "portfolio.aggregate_groups": Sample(
        lambda _home: {"as_of": AS_OF.isoformat()}, {"groups": 2, "runs": 1}
    ),
    "portfolio.measure_adoption": Sample(lambda _home: {"as_of": AS_OF.isoformat()}),
    "portfolio.refresh_sums": Sample(lambda _home: {}, {"groups": 2, "runs": 1}),
    "portfolio.adopt_projects": Sample(_forgotten),
    "portfolio.prune_figures": Sample(lambda _home: {"period": AS_OF.isoformat()}),
    **{
        f"portfolio.{name}": Sample(lambda _home: {"period": AS_OF.isoformat()})
        for name in (
            *("keep_methodologies", "keep_templates", "keep_documents", "expire_waivers"),
            "watch_gates",
            *("remind_of_assessments", "review_library", "chase_help", "offer_lessons", "keep_training"),
        )
    },
    "portfolio.read_table_import": Sample(_read),
    "portfolio.preview_table_import": Sample(_preview),
    "portfolio.write_table_import": Sample(_write, {"projects": 3, "statuses": 2}),
    "projects.check_plan": Sample(lambda _home: {"project_id": Project.objects.get().pk}),
    "projects.order_missing_checks": Sample(lambda _home: {}),
    "projects.tell_moved_milestones": Sample(lambda _home: {}),
    "projects.reschedule_project": Sample(lambda _home: {"project_id": Project.objects.get().pk}),
}


def counted() -> dict[str, int]:
    """Return how many rows there are, without what later jobs refresh for today."""
    return {
        "health": ProjectHealth.objects.filter(project__code="P1").count(),
        "groups": GroupHealth.objects.filter(audience=Audience.OPEN).count(),
        "snapshots": ProjectSnapshot.objects.filter(project__code="P1").count(),
        "runs": RollupRun.objects.count(),
        "projects": Project.objects.count(),
        "components": PortfolioComponent.objects.count(),
        "statuses": StatusReport.objects.count(),
        "revisions": ProjectSnapshot.objects.filter(project__code="P1").aggregate(n=Sum("revision"))["n"]
        or 0,
    }


def _taken_over(name: str, arguments: Mapping[str, Any], runs: int) -> Job:
    """Let several workers take the job one after another and end it in reverse order."""
    job = enqueue(name, arguments=dict(arguments), priority=0)
    assert job is not None
    taken = []
    for number in range(runs):
        taken.append(jobs.claim_next(worker=f"w{number}"))
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    for running in reversed(taken):
        assert running is not None
        jobs.run(running)
    job.refresh_from_db()
    return job


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Portfolio:
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
    made = make_portfolio()
    plan(make_project("P1", made))
    return made


def test_every_job_of_the_halves_has_a_sample() -> None:
    """A new kind of job is not forgotten; schedules have their own test below."""
    kinds = {name for name in jobs.REGISTRY if name.split(".")[0] in {"portfolio", "projects"}}

    assert kinds == {*SAMPLES, "projects.read_schedule_import", "projects.write_schedule_import"}


@pytest.mark.parametrize("runs", [1, 2, 3])
@pytest.mark.parametrize("name", SAMPLES)
def test_job_taken_over_has_the_effect_of_one(home: Portfolio, name: str, runs: int) -> None:
    """SEC-35: run once, twice, three times, the oldest worker last."""
    job = _taken_over(name, SAMPLES[name].arguments(home), runs)
    if name in {
        "portfolio.nightly_rollup",
        "portfolio.roll_up_day",
        "portfolio.rate_chunk",
        "portfolio.refresh_health",
    }:
        jobs.drain()

    expected = {
        "health": 0,
        "groups": 0,
        "snapshots": 0,
        "runs": 0,
        "projects": 1,
        "statuses": 0,
        **SAMPLES[name].leaves,
    }
    expected |= {"components": expected["projects"], "revisions": expected["snapshots"]}
    assert (job.state, job.attempt, job.error) == (JobState.DONE, runs, "")
    assert counted() == expected


@pytest.mark.once
@pytest.mark.parametrize("name", SAMPLES)
def test_worker_that_lost_its_job_leaves_no_trace(home: Portfolio, name: str) -> None:
    """SEC-36: whatever a job writes is written with its end, guarded by the attempt, or not at all."""
    enqueue(name, arguments=dict(SAMPLES[name].arguments(home)), priority=0)
    running = jobs.claim_next(worker="slow")
    Job.objects.filter(pk=running.id).update(attempt=2)
    before = everything()

    jobs.run(running)

    assert running.name == name
    changed = {model for model, rows in everything().items() if rows != before[model]}
    assert changed == set()


def everything() -> dict[str, list[Any]]:
    """Return every row of the portal."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models()
        if model.__module__.startswith(("pmo_portal", "projects", "portfolio"))
    }


@pytest.mark.parametrize("runs", [2, 3])
def test_schedule_import_taken_over_makes_one_project(home: Portfolio, oracle_dir: Path, runs: int) -> None:
    """SEC-35 for reading and writing a real schedule."""
    file = oracle_dir / "import" / "mpx-task-links-project98.mpx"
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_ANALYST, home.node)
    started = schedule_imports.upload_schedule(
        actor=paula, name=file.name, chunks=[file.read_bytes()], target_node=home.node
    )
    Job.objects.all().delete()
    read = _taken_over("projects.read_schedule_import", {"import_id": started.pk}, runs)
    started.refresh_from_db()
    schedule_imports.confirm_import(
        actor=paula,
        schedule_import=started,
        target_node=home.node,
        choices=[schedule_imports.Choice(name="Links")],
        expected_version=started.version,
    )
    Job.objects.all().delete()
    written = _taken_over("projects.write_schedule_import", {"import_id": started.pk}, runs)

    assert (read.state, written.state) == (JobState.DONE, JobState.DONE)
    assert ScheduleImport.objects.get().state == "IMPORTED"
    assert Project.objects.count() == 2


def test_period_of_the_nightly_rollup_is_its_date(home: Portfolio) -> None:
    """A late night run rates the day it belongs to (SEC-39)."""
    _taken_over("portfolio.nightly_rollup", {"period": "2026-03-30"}, 1)
    jobs.drain()

    assert list(ProjectHealth.objects.values_list("as_of", flat=True)) == [date(2026, 3, 30)]
