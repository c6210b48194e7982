"""The earned value of a project at a day: everything its page, export and endpoint show (CST-7 to CST-17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models.functions import Coalesce

from projects.choices import EacMethod, EvTechnique, TaskKind
from projects.engine.instants import day_from_number
from projects.engine.measure import DateMeasure, Measure
from projects.engine.measures import measure_projects
from projects.engine.money_facts import from_cents
from projects.engine.project_arrays import UNKNOWN, ProjectArrays
from projects.engine.project_measures import ProjectMeasures
from projects.engine.value_report import (
    RowValue,
    all_estimates,
    forecast_by_factor,
    is_effort_high,
    is_index_unlikely,
    row_values,
    variance_percents,
)
from projects.models import ActualCost, Baseline, BaselineTask, Project
from projects.selectors.columns import Day, Hundredths, Known
from projects.selectors.measures import load_projects
from projects.selectors.packed_columns import read_columns
from projects.selectors.value_history import NamedPoint, value_points
from projects.selectors.value_warnings import ValueWarning, warnings_of
from projects.selectors.value_words import AMOUNTS, COMPLETION, METHODS, PERFORMANCE, SCHEDULE, Words

Value = Decimal | date | None


@dataclass(frozen=True)
class Figure:
    """A figure with its name and formula; None carries the code of its reason (CON-4)."""

    name: str
    label: Any
    kind: str
    formula: Any
    value: Value
    reason: str | None


@dataclass(frozen=True)
class EstimateRow:
    """
    An estimate at completion by one method.

    ``is_declared`` marks the project's method, ``stands_in`` EAC-2 where the declared one is undefined.
    """

    method: str
    name: str
    title: Any
    formula: Any
    eac: Decimal | None
    etc: Decimal | None
    vac: Decimal | None
    reason: str | None
    is_declared: bool
    stands_in: bool


@dataclass(frozen=True)
class PackageRow:
    """
    A work package: shares are 0-100; ``reason`` says why nothing is earned.

    ``ac`` and ``cv`` are None where the project posts no cost by work package. ``suggested`` is the title
    of a stricter technique for the length of the task (CST-10).
    """

    uid: int
    wbs: str
    name: str
    is_removed: bool
    technique: str
    technique_title: Any
    elapsed_percent: Decimal | None
    earned_percent: Decimal | None
    reason: str | None
    budget: Decimal
    pv: Decimal
    ev: Decimal
    ac: Decimal | None
    sv: Decimal
    cv: Decimal | None
    suggested: Any


@dataclass(frozen=True)
class EarnedValue:
    """
    The earned value of a project.

    ``other_cost`` is actual cost that stands on no work package; ``factor_periods`` and ``factor_date``
    forecast the finish for a chosen performance of the rest.
    """

    currency: str
    as_of: date
    data_date: date | None
    baseline: int | None
    is_finished: bool
    amounts: tuple[Figure, ...]
    performance: tuple[Figure, ...]
    completion: tuple[Figure, ...]
    schedule: tuple[Figure, ...]
    estimates: tuple[EstimateRow, ...]
    points: tuple[NamedPoint, ...]
    rows: tuple[PackageRow, ...]
    other_cost: Decimal
    warnings: tuple[ValueWarning, ...]
    factor: Decimal | None
    factor_periods: Measure
    factor_date: DateMeasure


def earned_value(project: Project, *, as_of: date, factor: Decimal | None = None) -> EarnedValue:
    """
    Return the earned value of a project as it was known at the end of a day.

    A fixed number of queries whatever the size of the plan, at most 60.

    Parameters
    ----------
    factor : Decimal, optional
        Performance factor of the remaining work for the forecast of the finish; SPI(t) when left out.
    """
    loaded = load_projects([project.pk], as_of, with_earlier=True)
    chunk = loaded.arrays
    measures = measure_projects(chunk, as_of=as_of)[0]
    costs = _costs(project, min(as_of, measures.data_date or as_of))
    points = value_points(project, chunk, as_of=as_of, costs=costs.by_day, former=loaded.former_details)
    packages = row_values(chunk) if measures.has_baseline else []
    labels = _labels(chunk)
    rows = tuple(_package(row, chunk, labels, costs.by_task) for row in packages)
    forecast = forecast_by_factor(measures.time, factor) if factor else _by_index(measures)
    number = Baseline.objects.filter(pk=measures.baseline_id or 0).values_list("number", flat=True).first()
    return EarnedValue(
        currency=measures.currency,
        as_of=as_of,
        data_date=measures.data_date,
        baseline=number,
        is_finished=measures.is_finished,
        amounts=_figures(AMOUNTS, measures),
        performance=_figures(PERFORMANCE, measures),
        completion=_figures(COMPLETION, measures),
        schedule=_figures(SCHEDULE, measures),
        estimates=_estimates(chunk, measures),
        points=tuple(points),
        rows=rows,
        other_cost=costs.total - sum((row.ac or Decimal(0) for row in rows), Decimal(0)),
        warnings=warnings_of(
            measures,
            packages,
            [named.label for named in points if named.point.is_negative],
            is_effort_high=is_effort_high(measures),
            is_index_unlikely=is_index_unlikely(measures),
        ),
        factor=factor,
        factor_periods=forecast[0],
        factor_date=forecast[1],
    )


def _by_index(measures: ProjectMeasures) -> tuple[Measure, DateMeasure]:
    return measures.time.ieac_t, measures.time.ieac_date


def _figures(words: Sequence[Words], measures: ProjectMeasures) -> tuple[Figure, ...]:
    sv_percent, cv_percent = variance_percents(measures)
    extra: dict[str, Measure | DateMeasure] = {"sv_percent": sv_percent, "cv_percent": cv_percent}
    found = []
    for item in words:
        measure = extra.get(item.name) or getattr(measures.value, item.name, None)
        measure = measure or getattr(measures.time, item.name)
        found.append(Figure(item.name, item.label, item.kind, item.formula, measure.value, measure.reason))
    return tuple(found)


def _estimates(chunk: ProjectArrays, measures: ProjectMeasures) -> tuple[EstimateRow, ...]:
    found = all_estimates(chunk, measures)
    bac, ac = measures.value.bac.value, measures.value.ac.value
    fell_back = measures.value.eac_fell_back
    rows = []
    for method in EacMethod:
        code = type(found.declared)[method.name]
        amount = found.amounts[code]
        eac = amount.value
        is_known = eac is not None and bac is not None and ac is not None
        rows.append(
            EstimateRow(
                method=str(method),
                name=str(method).replace("_", "-"),
                title=method.label,
                formula=METHODS[method],
                eac=eac,
                etc=eac - ac if is_known else None,  # type: ignore[operator]
                vac=bac - eac if is_known else None,  # type: ignore[operator]
                reason=amount.reason,
                is_declared=code is found.declared,
                stands_in=fell_back and method == EacMethod.EAC_2,
            )
        )
    return tuple(rows)


@dataclass(frozen=True)
class _Costs:
    """Postings up to a day: cents by day, money by task."""

    by_day: list[tuple[date, int]]
    by_task: Mapping[int, Decimal]
    total: Decimal


def _costs(project: Project, until: date) -> _Costs:
    """Return what was posted; a cost on the budget line of a task is one of the task. One query."""
    rows = read_columns(
        ActualCost.objects.filter(project=project, posting_date__lte=until),
        task_id=Known(Coalesce("task_id", "line__task_id")),
        day=Day("posting_date"),
        cents=Hundredths("project_amount"),
    )
    by_day: dict[int, int] = {}
    by_task: dict[int, int] = {}
    for task_id, day, cents in zip(
        *(rows[name].tolist() for name in ("task_id", "day", "cents")), strict=True
    ):
        by_day[day] = by_day.get(day, 0) + cents
        by_task[task_id] = by_task.get(task_id, 0) + cents
    return _Costs(
        by_day=[(day_from_number(day), cents) for day, cents in sorted(by_day.items())],
        by_task={key: from_cents(cents) for key, cents in by_task.items() if key != UNKNOWN},
        total=from_cents(sum(by_day.values())),
    )


def _labels(chunk: ProjectArrays) -> list[tuple[int, str, str, str]]:
    """Return number, WBS, name of today and name of then of each baseline row. One query."""
    baseline_id = int(chunk.projects.baseline_id[0])
    rows = BaselineTask.objects.filter(baseline_id=baseline_id).exclude(kind=TaskKind.SUMMARY)
    return [
        (uid, wbs or "", now or "", then)
        for uid, wbs, now, then in rows.order_by("pk").values_list(
            "task_uid", "task__wbs", "task__name", "name"
        )
    ]


def _package(
    row: RowValue,
    chunk: ProjectArrays,
    labels: Sequence[tuple[int, str, str, str]],
    costs: Mapping[int, Decimal],
) -> PackageRow:
    uid, wbs, now, then = labels[row.row]
    is_removed = row.task == UNKNOWN
    technique = EvTechnique[row.technique.name]
    key = UNKNOWN if is_removed else int(chunk.tasks.task_id[row.task])
    ac = None if not costs else costs.get(key, Decimal(0))
    return PackageRow(
        uid=uid,
        wbs=wbs,
        name=now or then,
        is_removed=is_removed,
        technique=str(technique),
        technique_title=technique.label,
        elapsed_percent=_percent(row.x),
        earned_percent=_percent(row.earned),
        reason="NO_BASELINE" if row.lacks_base else None,
        budget=row.budget,
        pv=row.pv,
        ev=row.ev,
        ac=ac,
        sv=row.ev - row.pv,
        cv=None if ac is None else row.ev - ac,
        suggested=None if row.is_fitting or row.suggested is None else EvTechnique[row.suggested.name].label,
    )


def _percent(share: Any) -> Decimal | None:
    return None if share is None else Decimal(100 * share.numerator) / Decimal(share.denominator)
