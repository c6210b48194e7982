"""Measure projects and keep the result: one row per project and date (HLT-5, SEC-37)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from pmo_portal.accounts.models import User
from pmo_portal.common.among import Among
from pmo_portal.common.upserts import upsert_rows
from projects.engine.measure import DateMeasure, Measure
from projects.engine.measures import measure_projects as measure_chunk
from projects.engine.project_measures import (
    BudgetMeasures,
    EarnedValueMeasures,
    ProjectMeasures,
    TimeMeasures,
)
from projects.models import ProjectSnapshot
from projects.selectors.measures import LoadedProjects, ProjectHeader, load_projects

CODE_VERSION = "1"
PARTS = {"value": EarnedValueMeasures, "time": TimeMeasures, "budget": BudgetMeasures}
_FIELD_NAMES = {part: [item.name for item in fields(kind)] for part, kind in PARTS.items()}


@dataclass(frozen=True)
class Measured:
    """
    A chunk that was read and measured, not yet kept; lists run in step.

    ``read_at`` is the database time before the first read.
    """

    as_of: date
    headers: tuple[ProjectHeader, ...]
    measures: tuple[ProjectMeasures, ...]
    fingerprints: tuple[str, ...]
    read_at: datetime


@dataclass(frozen=True)
class StoredCounts:
    """How many rows were new, changed, the same, or locked."""

    created: int
    changed: int
    unchanged: int


def compute_measures(*, project_ids: Sequence[int], as_of: date) -> Measured:
    """Read and measure projects at the end of ``as_of`` without writing anything."""
    return measure_loaded(load_projects(project_ids, as_of), as_of=as_of)


def measure_loaded(loaded: LoadedProjects, *, as_of: date, leave_out: Collection[int] = ()) -> Measured:
    """Measure projects that were read, but for those whose ids are left out."""
    out = {place for place, header in enumerate(loaded.headers) if header.id in leave_out}
    wanted = [place for place in range(len(loaded.headers)) if place not in out]
    return Measured(
        as_of=as_of,
        headers=tuple(loaded.headers[place] for place in wanted),
        measures=tuple(measure_chunk(loaded.arrays, as_of=as_of, leave_out=out)) if wanted else (),
        fingerprints=tuple(loaded.fingerprints[place] for place in wanted),
        read_at=loaded.read_at,
    )


def measure_projects(
    *, actor: User | None, project_ids: Sequence[int], as_of: date, now: datetime | None = None
) -> StoredCounts:
    """
    Measure projects and keep their snapshots of ``as_of``.

    Parameters
    ----------
    actor : User or None
        Who asked; measuring changes no fact and is not audited.
    now : datetime, optional
        Written as the time of computing; the database time of the read when not given.
    """
    return store_snapshots(compute_measures(project_ids=project_ids, as_of=as_of), now=now)


@transaction.atomic
def store_snapshots(measured: Measured, *, now: datetime | None = None) -> StoredCounts:
    """Write the rows whose inputs changed, in one statement; the same inputs write nothing."""
    ids = [header.id for header in measured.headers]
    known = {
        project_id: (stored, revision)
        for project_id, stored, revision in ProjectSnapshot.objects.select_for_update()
        .filter(Among("project_id", ids), as_of=measured.as_of)
        .order_by("project_id")
        .values_list("project_id", "input_hash", "revision")
    }
    rows, created = [], 0
    for header, measures, fingerprint in zip(
        measured.headers, measured.measures, measured.fingerprints, strict=True
    ):
        stored, revision = known.get(header.id, ("", 0))
        if stored == fingerprint:
            continue
        created += not stored
        rows.append(
            {
                "project_id": header.id,
                "as_of": measured.as_of,
                "revision": revision + 1,
                "input_hash": fingerprint,
                "code_version": CODE_VERSION,
                "computed_at": now or measured.read_at,
                **_columns(measures),
            }
        )
    upsert_rows(ProjectSnapshot, rows, key=("project_id", "as_of"))
    return StoredCounts(created=created, changed=len(rows) - created, unchanged=len(ids) - len(rows))


def _columns(measures: ProjectMeasures) -> dict[str, Any]:
    """Return the columns of a snapshot row."""
    document, reasons = measures_document(measures)
    value, time, budget = measures.value, measures.time, measures.budget
    return {
        "data_date": measures.data_date,
        "currency": measures.currency,
        "bac": _money(value.bac),
        "pv": _money(value.pv),
        "ev": _money(value.ev),
        "ac": _money(value.ac),
        "eac": _money(value.eac),
        "project_budget": _money(budget.project_budget),
        "open_commitments": _money(budget.open_commitments),
        "fac": _money(budget.fac),
        "spi": _number(value.spi),
        "cpi": _number(value.cpi),
        "spi_t": _number(time.spi_t),
        "slip_wd": None if time.slip_wd.value is None else int(time.slip_wd.value),
        "baseline_finish": time.baseline_finish.value,
        "forecast_finish": time.forecast_finish.value,
        "percent_complete": _number(measures.percent_complete),
        "tasks_total": measures.tasks_total,
        "tasks_complete": measures.tasks_complete,
        "measures": document,
        "reasons": reasons,
    }


def _money(measure: Measure) -> Decimal | None:
    return None if measure.value is None else round(measure.value, 2)


def _number(measure: Measure) -> float | None:
    return None if measure.value is None else float(measure.value)


def measures_document(measures: ProjectMeasures) -> tuple[dict[str, Any], dict[str, str]]:
    """
    Return all measures as JSON, and the reasons of those that are unknown by name.

    Values are texts with all their decimals; ``value``, ``time`` and ``budget`` group them.
    """
    reasons: dict[str, str] = {}
    document: dict[str, Any] = {
        "state": measures.state,
        "has_baseline": measures.has_baseline,
        "is_finished": measures.is_finished,
        "tasks_started": measures.tasks_started,
        "removed_rows": measures.removed_rows,
        "data_date_age_days": measures.data_date_age_days,
        "overdue_milestone_ids": list(measures.overdue_milestone_ids),
        "finish_task_ids": list(measures.finish_task_ids),
        "late_task_ids": list(measures.late_task_ids),
        "baseline_id": measures.baseline_id,
        "original_baseline_id": measures.original_baseline_id,
    }
    for name in ("percent_complete", "milestones_overdue", "loe_percent"):
        document[name] = _text(name, getattr(measures, name), reasons)
    for part, names in _FIELD_NAMES.items():
        group = getattr(measures, part)
        document[part] = {name: _text(name, getattr(group, name), reasons) for name in names}
    return document, reasons


def _text(name: str, item: Any, reasons: dict[str, str]) -> Any:
    """Return a measure as text, and note why it is unknown."""
    if isinstance(item, Measure | DateMeasure):
        if item.value is None:
            reasons[name] = str(item.reason)
            return None
        return str(item.value)
    return item
