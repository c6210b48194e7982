"""Rate a chunk of projects: measure, judge, and keep one row per project and date (HLT-5, HLT-10)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction

from pmo_portal.common.among import Among
from pmo_portal.common.garbage import collection_paused
from pmo_portal.common.queue import Order, enqueue_many
from pmo_portal.common.schedule import database_now
from pmo_portal.common.upserts import JsonText, upsert_rows
from portfolio.choices import Trend
from portfolio.models import ProjectHealth, RollupRun
from portfolio.rollup.codec import to_plain
from portfolio.rollup.exceptions import ExceptionContext, find_exceptions
from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.health import ProjectHealth as Judgement
from portfolio.rollup.json_text import to_json, to_json_without
from portfolio.rollup.numbers import decimal_from_float, divide
from portfolio.rollup.project import failed_project, rate_project
from portfolio.rollup.trend import trend_of
from portfolio.rollup.vocabulary import Color, Freshness
from portfolio.selectors.facts import FormerClose, Home, Surroundings, load_surroundings, load_task_refs
from portfolio.selectors.policies import PolicyBook, PolicyInForce
from portfolio.services.fact_sheets import build_facts, listed_task_ids, weight_of
from portfolio.services.sources import input_digest, is_red_close, source_of, unchanged_projects
from projects.engine.project_measures import ProjectMeasures
from projects.models import Project
from projects.selectors.measures import ProjectHeader, load_projects
from projects.services.snapshots import Measured, measure_loaded, store_snapshots

logger = logging.getLogger(__name__)

FAILED = "CALC_ERROR"
_TRENDS = frozenset(Trend.values)

_Row = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """Whom a judgement is about: the project, its home, and how it stood at the former close."""

    project_id: int
    home: Home
    state: str
    currency: str
    is_flagship: bool = False
    confidence: str = ""
    forecast_finish: date | None = None
    former: FormerClose | None = None


@dataclass(frozen=True)
class JudgedProject:
    """One project ready to be kept: the columns of its row without run and revision."""

    project_id: int
    columns: Mapping[str, Any]
    is_failed: bool


@dataclass(frozen=True)
class JudgedChunk:
    """
    A chunk that was measured and rated, not yet kept.

    ``measured`` has the projects that could be; ``unchanged`` the digest of those whose stored judgement
    was made from the very same inputs: they are neither measured nor rated again.
    """

    as_of: date
    kind: str
    measured: tuple[Measured, ...]
    projects: tuple[JudgedProject, ...]
    read_at: datetime | None
    unchanged: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptCounts:
    """What keeping a chunk did; ``locked`` rows belong to a closed period and were left alone."""

    created: int
    changed: int
    unchanged: int
    locked: int
    failed: int


@collection_paused()
def judge_projects(*, project_ids: Sequence[int], as_of: date, kind: str) -> JudgedChunk:
    """
    Measure and rate projects without writing anything.

    A chunk that cannot be computed as a whole is halved until the projects that fail stand alone; those
    become GREY ``CALC_ERROR`` with their message and the others go on (HLT-10).
    """
    return _judge_chunk(project_ids, as_of, kind, PolicyBook(as_of))


def _judge_chunk(project_ids: Sequence[int], as_of: date, kind: str, book: PolicyBook) -> JudgedChunk:
    if len(project_ids) == 1:
        return _judge_alone(project_ids[0], as_of, kind, book)
    try:
        return _judge(project_ids, as_of, kind, book)
    except Exception:
        if not project_ids:
            raise
        logger.warning("%s projects not computed together; in halves", len(project_ids), exc_info=True)
    middle = len(project_ids) // 2
    return _together(
        _judge_chunk(project_ids[:middle], as_of, kind, book),
        _judge_chunk(project_ids[middle:], as_of, kind, book),
    )


def _together(first: JudgedChunk, second: JudgedChunk) -> JudgedChunk:
    return replace(
        first,
        measured=first.measured + second.measured,
        projects=first.projects + second.projects,
        unchanged={**first.unchanged, **second.unchanged},
        read_at=min((part.read_at for part in (first, second) if part.read_at is not None), default=None),
    )


def _judge_alone(project_id: int, as_of: date, kind: str, book: PolicyBook) -> JudgedChunk:
    try:
        return _judge([project_id], as_of, kind, book)
    except Exception as fault:
        logger.exception("project not rated", extra={"project": project_id, "as_of": str(as_of)})
        failed = _failed(project_id, as_of, kind, book, f"{type(fault).__name__}: {fault}"[:300])
        return JudgedChunk(as_of=as_of, kind=kind, measured=(), projects=failed, read_at=None)


def _judge(project_ids: Sequence[int], as_of: date, kind: str, book: PolicyBook) -> JudgedChunk:
    loaded = load_projects(project_ids, as_of)
    around = load_surroundings([header.id for header in loaded.headers], as_of)
    sources = {
        header.id: source_of(
            header, fingerprint, around, book.of_portfolio(around.homes[header.id].portfolio_id).label
        )
        for header, fingerprint in zip(loaded.headers, loaded.fingerprints, strict=True)
        if header.id in around.homes
    }
    same = unchanged_projects(loaded, sources, as_of=as_of, kind=kind)
    measured = measure_loaded(loaded, as_of=as_of, leave_out=same)
    listed = [pk for measures in measured.measures for pk in listed_task_ids(measures)]
    around = replace(around, task_refs=load_task_refs(listed, as_of))
    judged = [
        _judge_one(header, measures, around, book, as_of, kind, sources[header.id])
        for header, measures in zip(measured.headers, measured.measures, strict=True)
        if header.id in around.homes
    ]
    return JudgedChunk(
        as_of=as_of,
        kind=kind,
        measured=(measured,),
        projects=tuple(judged),
        read_at=loaded.read_at,
        unchanged=same,
    )


def _judge_one(
    header: ProjectHeader,
    measures: ProjectMeasures,
    around: Surroundings,
    book: PolicyBook,
    as_of: date,
    kind: str,
    source: str,
) -> JudgedProject:
    home = around.homes[header.id]
    report = around.reports.get(header.id)
    subject = Subject(
        project_id=header.id,
        home=home,
        state=header.state,
        currency=header.currency,
        is_flagship=header.is_flagship,
        confidence=report.confidence if report else "",
        forecast_finish=measures.time.forecast_finish.value,
        former=around.closes.get(header.id),
    )
    listed = [around.task_refs.get(pk) for pk in listed_task_ids(measures)]
    return judge_facts(
        build_facts(header, measures, around),
        subject,
        policy=book.of_portfolio(home.portfolio_id),
        as_of=as_of,
        kind=kind,
        source=f"{source}|{listed}",
    )


def judge_facts(
    facts: ProjectFacts, subject: Subject, *, policy: PolicyInForce, as_of: date, kind: str, source: str
) -> JudgedProject:
    """
    Rate facts, wherever they come from, and return the columns to keep.

    The seam between measuring and judging: the nightly path gives it measured facts, a test the facts of a
    worked example.

    Parameters
    ----------
    source : str
        Everything facts, subject and policy were made from, as text; the row is written anew when it changes.
    """
    health = rate_project(facts, policy.rules, as_of)
    found = find_exceptions(health, facts, policy.rules, _context(health, subject.former, kind))
    columns = {
        **_judgement_columns(health, policy, subject.home),
        "state": subject.state,
        "is_flagship": subject.is_flagship,
        "confidence": subject.confidence,
        "currency": subject.currency,
        "trend": _trend(health, subject.former, policy),
        "exceptions": to_plain(found),
        "forecast_finish": subject.forecast_finish,
        **_figures(facts),
    }
    digest = input_digest(source, is_red_close=is_red_close(health.color, kind))
    return JudgedProject(subject.project_id, {**columns, "input_hash": digest}, False)


def _judgement_columns(health: Judgement, policy: PolicyInForce, home: Home) -> dict[str, Any]:
    quality = health.data_quality.value
    return {
        "portfolio_id": home.portfolio_id,
        "program_id": home.program_id,
        "policy_version": policy.label,
        "color": health.color.value,
        "reason_code": health.reason.value if health.reason else "",
        "score": None if health.score is None else float(health.score),
        "coverage": float(health.coverage),
        "data_quality": None if quality is None else float(quality),
        "dimension_colors": {item.code.value: item.effective.value for item in health.dimensions},
        "is_stale": health.freshness in {Freshness.STALE, Freshness.VERY_STALE},
        "indicators": JsonText(to_json(health.indicators)),
        "explanation": JsonText(to_json_without(health, {"indicators"})),
    }


def _figures(facts: ProjectFacts) -> dict[str, Any]:
    """Return the figures lists and sums use, in project currency."""
    cost, schedule = facts.cost, facts.schedule
    cpi = divide(cost.ev, cost.ac) if cost.ev is not None and cost.ac is not None else None
    slip = schedule.forecast_slip_wd
    return {
        "weight": _cents(weight_of(facts)),
        "budget": _cents(cost.budget if cost.budget is not None else cost.bac),
        "actual": _cents(cost.ac),
        "forecast": _cents(cost.eac if cost.eac is not None else cost.fac),
        "ev": _cents(cost.ev),
        "pv": _cents(cost.pv),
        "spi_t": None if schedule.spi_t is None else float(schedule.spi_t),
        "cpi": None if cpi is None else float(cpi),
        "slip_wd": None if slip is None else int(slip),
    }


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round(amount, 2)


def _trend(health: Judgement, close: FormerClose | None, policy: PolicyInForce) -> str:
    """Return the direction against the former close (HLT-7); a project that is not rated is new."""
    former = None
    if close is not None and close.score is not None and close.color in {Color.GREEN, Color.AMBER, Color.RED}:
        former = decimal_from_float(close.score)
    now = health.score if health.is_rated else None
    direction = trend_of(now, former, policy.rules.trend).direction.value
    return direction if direction in _TRENDS else Trend.NEW


def _context(health: Judgement, close: FormerClose | None, kind: str) -> ExceptionContext:
    closes = close.red_closes if close else 0
    closes += is_red_close(health.color, kind)
    return ExceptionContext(former_color=close.color if close else None, red_closes=closes)


def _failed(
    project_id: int, as_of: date, kind: str, book: PolicyBook, message: str
) -> tuple[JudgedProject, ...]:
    """Return the GREY row of a project that cannot be computed; nothing for one without a home."""
    around = load_surroundings([project_id], as_of)
    row = Project.objects.filter(pk=project_id).values("code", "state", "is_flagship", "currency").first()
    home = around.homes.get(project_id)
    if row is None or home is None:
        return ()
    policy = book.of_portfolio(home.portfolio_id)
    health = failed_project(row["code"], policy.rules, as_of, message)
    columns: dict[str, Any] = {
        **_judgement_columns(health, policy, home),
        "state": row["state"],
        "is_flagship": row["is_flagship"],
        "confidence": "",
        "currency": row["currency"],
        "trend": Trend.NEW,
        "exceptions": [],
        **dict.fromkeys(("weight", "budget", "actual", "forecast", "ev", "pv", "spi_t", "cpi", "slip_wd")),
        "forecast_finish": None,
        "input_hash": sha256(f"{FAILED}|{policy.label}|{home}|{message}".encode()).hexdigest(),
    }
    return (JudgedProject(project_id, columns, True),)


@collection_paused()
@transaction.atomic
def keep_judgement(*, run: RollupRun, chunk: JudgedChunk) -> KeptCounts:
    """
    Write snapshots and health of a chunk: one statement each for the rows that changed.

    Rows of a closed period never change. Projects whose facts changed since they were read are ordered
    again, so that a slow chunk cannot leave an older truth behind.
    """
    for measured in chunk.measured:
        store_snapshots(measured)
    ids = [*(project.project_id for project in chunk.projects), *chunk.unchanged]
    known = {
        row["project_id"]: row
        for row in ProjectHealth.objects.select_for_update()
        .filter(Among("project_id", ids), as_of=chunk.as_of)
        .order_by("project_id")
        .values("project_id", "input_hash", "revision", "is_locked")
    }
    now = chunk.read_at or database_now()
    rows, created, locked = [], 0, 0
    same, overtaken = _still_the_same(chunk, {pk: row["input_hash"] for pk, row in known.items()})
    for project in chunk.projects:
        former = known.get(project.project_id)
        if former is not None and former["is_locked"]:
            locked += 1
        elif former is not None and former["input_hash"] == project.columns["input_hash"]:
            same.append(project.project_id)
        else:
            created += former is None
            rows.append(_row(project, run, chunk, (former["revision"] if former else 0) + 1, now))
    upsert_rows(ProjectHealth, rows, key=("project_id", "as_of"), keep=("is_locked",))
    if same and chunk.read_at is not None:
        ProjectHealth.objects.filter(Among("project_id", same), as_of=chunk.as_of, is_locked=False).update(
            computed_at=chunk.read_at
        )
    _order_again(ids, overtaken, chunk)
    return KeptCounts(
        created=created,
        changed=len(rows) - created,
        unchanged=len(same),
        locked=locked,
        failed=sum(project.is_failed for project in chunk.projects),
    )


def _row(project: JudgedProject, run: RollupRun, chunk: JudgedChunk, revision: int, now: datetime) -> _Row:
    """Return the columns of a row by attribute name."""
    own = {"project_id": project.project_id, "run_id": run.pk, "as_of": chunk.as_of, "kind": chunk.kind}
    return {**project.columns, **own, "revision": revision, "computed_at": now}


def _still_the_same(chunk: JudgedChunk, stored: Mapping[int, str]) -> tuple[list[int], list[int]]:
    """Return the unchanged projects whose row is still as it was compared, and those overtaken meanwhile."""
    same = [pk for pk, digest in chunk.unchanged.items() if stored.get(pk) == digest]
    return same, sorted(set(chunk.unchanged).difference(same))


def _order_again(ids: Sequence[int], overtaken: Sequence[int], chunk: JudgedChunk) -> None:
    """Ask for fresh health of projects that changed while the chunk was computed."""
    if chunk.read_at is None:
        return
    changed = Project.objects.filter(Among("pk", ids), updated_at__gt=chunk.read_at).values_list(
        "pk", flat=True
    )
    enqueue_many(
        Order("portfolio.refresh_health", key=str(pk), arguments={"project_id": pk})
        for pk in sorted({*changed, *overtaken})
    )
