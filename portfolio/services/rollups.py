"""Start, share out and finish roll-ups (domain 11.4, HLT-10, HLT-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.queue import Order, enqueue, enqueue_many
from portfolio import actions
from portfolio.choices import RunState, SnapshotKind
from portfolio.models import GroupHealth, PortfolioComponent, ProjectHealth, RollupRun
from portfolio.services.components import adopt_projects
from portfolio.services.groups import aggregate_groups
from portfolio.services.judgement import (
    FAILED,
    JudgedChunk,
    KeptCounts,
    judge_projects,
    keep_judgement,
)
from portfolio.services.policies import ensure_organization_policy
from projects.services.schedule_quality import Guard, check_plan_safely

MOST_OF_A_CHUNK = 500
RATE_CHUNK = "portfolio.rate_chunk"
FINISH = "portfolio.finish_rollup"
AGGREGATE = "portfolio.aggregate_groups"
ADOPTION = "portfolio.measure_adoption"


@dataclass(frozen=True)
class RunOutcome:
    """How a finished run ended."""

    run_id: int
    state: str
    projects_total: int
    projects_failed: int
    groups_written: int


def start_rollup(*, actor: User | None, as_of: date, kind: str = SnapshotKind.DAILY) -> RollupRun:
    """
    Order the roll-up of everything for a date; return the run.

    While a run for the date goes on, that one is returned and nothing is ordered twice (HLT-12). Chunks of
    equal size, at most 500 projects, are jobs of their own, so any number of workers shares them evenly.
    """
    running = RollupRun.objects.filter(as_of=as_of, state=RunState.RUNNING).order_by("-pk").first()
    if running is not None and not settle_run(run_id=running.pk):
        return running
    try:
        return _start(actor=actor, as_of=as_of, kind=kind)
    except IntegrityError:
        return RollupRun.objects.filter(as_of=as_of).order_by("-pk")[0]


@transaction.atomic
def _start(*, actor: User | None, as_of: date, kind: str) -> RollupRun:
    ensure_organization_policy()
    adopt_projects()
    known = PortfolioComponent.objects.known_on(as_of).order_by("project_id")
    ids = list(known.values_list("project_id", flat=True))
    chunks = _equal_parts(ids, most=MOST_OF_A_CHUNK)
    run = RollupRun.objects.create(
        as_of=as_of, kind=kind, projects_total=len(ids), chunks_total=len(chunks), started_by=actor
    )
    enqueue_many(_order(run, number, chunk, actor) for number, chunk in enumerate(chunks, start=1))
    if not chunks:
        _order_finish(run)
    audit.record(
        actor=actor,
        action=actions.ROLLUP_STARTED,
        target=run,
        node=organization_node(),
        after={"as_of": as_of, "kind": kind, "projects": len(ids)},
    )
    return run


def _order(run: RollupRun, number: int, project_ids: Sequence[int], actor: User | None) -> Order:
    return Order(
        RATE_CHUNK,
        key=f"{run.pk}:{number}",
        arguments={"run_id": run.pk, "project_ids": list(project_ids)},
        label=Label(
            gettext_noop("Roll-up %(day)s – part %(number)s of %(total)s"),
            {"day": run.as_of, "number": number, "total": run.chunks_total},
        ),
        group=run.job_group,
        owner_id=actor.pk if actor else None,
    )


def _equal_parts(ids: Sequence[int], *, most: int) -> list[Sequence[int]]:
    """Return the ids in order, cut into as few parts as hold at most so many, each as long as the others."""
    count = ceil(len(ids) / most)
    return [ids[len(ids) * part // count : len(ids) * (part + 1) // count] for part in range(count)]


def _order_finish(run: RollupRun) -> None:
    enqueue(
        FINISH,
        key=str(run.pk),
        arguments={"run_id": run.pk},
        label=Label(gettext_noop("Roll-up %(day)s – sums"), {"day": run.as_of}),
        group=run.job_group,
        priority=4,
    )


def _order_adoption(run: RollupRun) -> None:
    enqueue(
        ADOPTION,
        key=run.as_of.isoformat(),
        arguments={"as_of": run.as_of.isoformat()},
        label=Label(gettext_noop("Adoption on %(day)s"), {"day": run.as_of}),
        priority=6,
    )


def judge_chunk(*, run_id: int, project_ids: Sequence[int]) -> JudgedChunk:
    """Measure and rate the projects of a chunk for the date of its run; writes nothing."""
    run = RollupRun.objects.get(pk=run_id)
    return judge_projects(project_ids=project_ids, as_of=run.as_of, kind=run.kind)


@transaction.atomic
def keep_chunk(*, run_id: int, job_id: int, chunk: JudgedChunk) -> KeptCounts:
    """
    Keep a chunk; the last one of the run orders the sums.

    The row of the run is locked to the end of the transaction, so of two chunks that end together the
    second one sees the first.
    """
    run = RollupRun.objects.select_for_update().get(pk=run_id)
    counts = keep_judgement(run=run, chunk=chunk)
    if not _unfinished_chunks(run).exclude(pk=job_id).exists():
        _order_finish(run)
    return counts


def _unfinished_chunks(run: RollupRun) -> QuerySet[Job]:
    return Job.objects.filter(group=run.job_group, name=RATE_CHUNK).unfinished()


@transaction.atomic
def settle_run(*, run_id: int) -> bool:
    """
    Return whether the run is over; order its sums when only they are missing.

    Needed when the last chunk failed for good: then no chunk was left to order them.
    """
    run = RollupRun.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.RUNNING:
        return True
    waiting = Job.objects.filter(group=run.job_group).unfinished().exists()
    if not waiting:
        _order_finish(run)
    return False


@transaction.atomic
def finish_rollup(*, run_id: int) -> RunOutcome:
    """
    Add up all groups, end the run and lock a period close. Safe to repeat.

    A run with failed projects or parts ends as partial (HLT-10); one whose chunks still run is left alone.
    """
    run = RollupRun.objects.select_for_update().get(pk=run_id)
    if _unfinished_chunks(run).exists():
        return RunOutcome(run.pk, run.state, run.projects_total, run.projects_failed, 0)
    written = aggregate_groups(run=run, as_of=run.as_of, kind=run.kind)
    failed = _count_failed(run)
    if run.kind == SnapshotKind.PERIOD_CLOSE:
        _lock_period(run.as_of)
    state = RunState.PARTIAL if failed else RunState.COMPLETE
    RollupRun.objects.filter(pk=run.pk).update(state=state, projects_failed=failed, finished_at=Now())
    _order_adoption(run)
    return RunOutcome(run.pk, state, run.projects_total, failed, written)


def _count_failed(run: RollupRun) -> int:
    """Return the projects without a result: those that could not be computed and those of failed jobs."""
    lost: set[int] = set()
    jobs = Job.objects.filter(
        group=run.job_group, name=RATE_CHUNK, state__in=[JobState.FAILED, JobState.CANCELED]
    )
    for arguments in jobs.values_list("arguments", flat=True):
        lost.update(arguments.get("project_ids", []))
    rows = ProjectHealth.objects.filter(as_of=run.as_of, reason_code=FAILED)
    return len(lost | set(rows.values_list("project_id", flat=True)))


def _lock_period(as_of: date) -> None:
    for model in (ProjectHealth, GroupHealth):
        model.objects.filter(as_of=as_of, is_locked=False).update(
            is_locked=True, kind=SnapshotKind.PERIOD_CLOSE
        )


def judge_project(*, project_id: int, as_of: date, guard: Guard = transaction.atomic) -> JudgedChunk:
    """
    Check, measure and rate one project for a date, once its place in the portfolio is up to date.

    Place and check of the plan are facts of their own, each written in a transaction that ``guard`` makes.
    """
    with guard():
        adopt_projects([project_id])
    check_plan_safely(project_id=project_id, as_of=as_of, guard=guard)
    return judge_projects(project_ids=[project_id], as_of=as_of, kind=SnapshotKind.ADHOC)


@transaction.atomic
def keep_refreshed(*, as_of: date, chunk: JudgedChunk) -> KeptCounts:
    """Keep the fresh health of one project and order the sums of the date, once for many projects."""
    counts = keep_judgement(run=run_of(as_of), chunk=chunk)
    enqueue(
        AGGREGATE,
        key=as_of.isoformat(),
        arguments={"as_of": as_of.isoformat()},
        label=Label(gettext_noop("Sums of %(day)s"), {"day": as_of}),
        priority=6,
    )
    return counts


def run_of(as_of: date) -> RollupRun:
    """Return the newest run of a date, else a finished one made for single projects."""
    found = RollupRun.objects.filter(as_of=as_of).order_by("-pk").first()
    return found or RollupRun.objects.create(
        as_of=as_of, kind=SnapshotKind.ADHOC, state=RunState.COMPLETE, finished_at=Now()
    )


@transaction.atomic
def refresh_groups(*, as_of: date) -> int:
    """Add up all groups of a date again; return how many changed."""
    return aggregate_groups(run=run_of(as_of), as_of=as_of, kind=SnapshotKind.ADHOC)
