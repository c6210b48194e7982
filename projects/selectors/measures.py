"""
Facts of a chunk of projects at a date, as arrays for `projects.engine.measures`.

A fixed number of queries whatever the size of the chunk, no model instances. Only what was known at
the end of the day counts, so the figures of a past day can be made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import numpy as np
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Now

from pmo_portal.common.among import Among
from projects.choices import EacMethod as EacChoice
from projects.choices import ProjectState
from projects.engine.calendar import WorkCalendar
from projects.engine.project_arrays import UNKNOWN, EacMethod, Numbers, ProjectArrays, ProjectColumns
from projects.models import Baseline, Project, ProjectSnapshot, TaskProgress
from projects.selectors.earlier_values import earlier_cents
from projects.selectors.former_values import FormerHeader, former_headers
from projects.selectors.ledgers import ProjectMoney, load_money
from projects.selectors.plan_columns import (
    EffectiveBaselines,
    PlanRows,
    baseline_columns,
    load_baseline_rows,
    load_plan_rows,
    moment_minutes,
    task_columns,
)
from projects.selectors.value_profiles import (
    FormerDetails,
    ShapeKeys,
    former_details,
    load_profiles,
    load_quantities,
    profiled_among,
)
from projects.selectors.work_calendars import load_work_calendars

LOADER_VERSION = 2


@dataclass(frozen=True)
class ProjectHeader:
    """
    A project's own line at the date.

    ``state`` is the one in force at the end of the day; ``state_since`` None when it began later or is
    not known. ``tasks_active`` and ``tasks_owned`` count leaf tasks.
    """

    id: int
    code: str
    node_id: int
    state: str
    state_since: date | None
    reopen_count: int
    report_cycle: str
    is_flagship: bool
    currency: str
    data_date: date | None
    tasks_active: int
    tasks_owned: int
    money: ProjectMoney


@dataclass(frozen=True)
class LoadedProjects:
    """
    A chunk ready to be measured.

    ``fingerprints`` are SHA-256 of each project's inputs, the same whatever the chunk (SEC-37);
    ``read_at`` is the database time before the first read; ``former_details`` what tasks that changed since
    said of their techniques.
    """

    arrays: ProjectArrays
    headers: tuple[ProjectHeader, ...]
    fingerprints: tuple[str, ...]
    read_at: datetime
    former_details: FormerDetails


@dataclass(frozen=True)
class _Row:
    """Columns of one project as stored."""

    id: int
    code: str
    node_id: int
    state: str
    state_before_hold: str
    state_since: date | None
    reopen_count: int
    report_cycle: str
    is_flagship: bool
    currency: str
    calendar_id: int
    data_date: date | None
    eac_method: str
    read_at: datetime


_ROW_COLUMNS = tuple(name for name in _Row.__dataclass_fields__ if name != "read_at")

# What a project must have been before it came into a state, while nothing better is known.
_STATE_BEFORE = {
    ProjectState.CLOSED: ProjectState.EXECUTING,
    ProjectState.CLOSING: ProjectState.EXECUTING,
    ProjectState.CANCELED: ProjectState.EXECUTING,
    ProjectState.EXECUTING: ProjectState.PLANNING,
    ProjectState.PLANNING: ProjectState.INITIATING,
    ProjectState.INITIATING: ProjectState.APPROVED,
    ProjectState.APPROVED: ProjectState.PROPOSED,
}


def load_project_arrays(project_ids: Sequence[int], as_of: date) -> ProjectArrays:
    """Return the facts of the projects at the end of ``as_of``; see `load_projects`."""
    return load_projects(project_ids, as_of).arrays


def load_projects(
    project_ids: Sequence[int], as_of: date, *, with_earlier: bool | None = None
) -> LoadedProjects:
    """
    Return the facts of the projects, in order of id, with their fingerprints.

    At most 30 queries, however many projects, tasks or entries there are, and as many again for each
    period to which earned value is read back.

    Parameters
    ----------
    with_earlier : bool, optional
        Whether to read what was earned before the last three periods: of all projects, of none, or (when
        not given) of those that declare EAC-6.
    """
    loaded = _load(project_ids, as_of)
    methods = loaded.arrays.projects.eac_method.tolist()
    wanted = [place for place, method in enumerate(methods) if with_earlier or method == EacMethod.EAC_6]
    return _with_earlier(loaded, wanted) if wanted and with_earlier is not False else loaded


def _with_earlier(loaded: LoadedProjects, wanted: Sequence[int]) -> LoadedProjects:
    earned, spent = earlier_cents(loaded.arrays, wanted, lambda ids, day: _load(list(ids), day).arrays)
    projects = replace(loaded.arrays.projects, earlier_ev=earned, earlier_ac=spent)
    prints = list(loaded.fingerprints)
    for place in wanted:
        earlier = (prints[place], int(earned[place]), int(spent[place]))
        prints[place] = sha256(repr(earlier).encode()).hexdigest()
    return replace(loaded, arrays=replace(loaded.arrays, projects=projects), fingerprints=tuple(prints))


def _load(project_ids: Sequence[int], as_of: date) -> LoadedProjects:
    rows = [
        _Row(*values)
        for values in Project.objects.filter(Among("pk", project_ids))
        .order_by("pk")
        .values_list(*_ROW_COLUMNS, Now())
    ]
    headers = former_headers([row.id for row in rows], as_of)
    today = {row.id: row.data_date for row in rows}
    rows = [replace(row, **headers[row.id].values) if row.id in headers else row for row in rows]
    former = _former_snapshots(rows, as_of)
    data_dates = _data_dates(rows, former, as_of)
    _add_late_reports(data_dates, headers, today, as_of)
    until = {project_id: day for project_id, day in data_dates.items() if day is not None}
    money = load_money({row.id: row.currency for row in rows}, until, as_of)
    plan = load_plan_rows([row.id for row in rows], as_of)
    effective = _effective_baselines(rows, as_of)
    frozen = load_baseline_rows(effective, plan.past)
    used = {row.calendar_id for row in rows} | set(plan.calendar_ids())
    calendars = load_work_calendars(used, as_of=as_of)
    place = {calendar_id: position for position, calendar_id in enumerate(calendars)}
    states = {row.id: _state_at(row, former, as_of) for row in rows}
    arrays = ProjectArrays(
        projects=_project_columns(rows, states, data_dates, effective, money, place, plan.completions()),
        tasks=task_columns(
            plan,
            project_ids=[row.id for row in rows],
            project_calendars=[place[row.calendar_id] for row in rows],
            calendar_places=place,
            is_current=[row.data_date is None or row.data_date <= as_of for row in rows],
            as_of=as_of,
        ),
        baseline=baseline_columns(frozen, plan, [row.id for row in rows], effective),
        calendars=tuple(calendars.values()),
    )
    former_said = former_details([row.id for row in rows], as_of) if plan.past.task_id.size else {}
    profiles = load_profiles(
        profiled_among(frozen, plan, former_said),
        effective.owners(),
        plan.task_id,
        as_of=as_of,
        former=former_said,
    )
    arrays = replace(
        arrays,
        profiles={row: profiles[pk] for row, pk in enumerate(frozen.row_id.tolist()) if pk in profiles},
        quantities=load_quantities([row.id for row in rows], as_of, plan),
    )
    return LoadedProjects(
        arrays=arrays,
        headers=_headers(rows, states, data_dates, money, plan, as_of),
        fingerprints=_fingerprints(arrays, frozen.task_id),
        read_at=rows[0].read_at if rows else datetime.min,  # noqa: DTZ901
        former_details=former_said,
    )


def _former_snapshots(rows: Sequence[_Row], as_of: date) -> dict[int, tuple[str | None, date | None]]:
    """Return state and data date as last measured, for projects that moved on since. One query."""
    ids = [
        row.id
        for row in rows
        if (row.state_since is not None and row.state_since > as_of)
        or (row.data_date is not None and row.data_date > as_of)
    ]
    newest = (
        ProjectSnapshot.objects.filter(project_id=OuterRef("pk"), as_of__lte=as_of)
        .order_by("-as_of")
        .values("pk")[:1]
    )
    found = Project.objects.filter(pk__in=ids).annotate(newest=Subquery(newest)).values("newest")
    return {
        project_id: (state, data_date)
        for project_id, state, data_date in ProjectSnapshot.objects.filter(pk__in=found).values_list(
            "project_id", "measures__state", "data_date"
        )
    }


def _state_at(row: _Row, former: Mapping[int, tuple[str | None, date | None]], as_of: date) -> str:
    """Return the state in force at the end of the day, as far as it can be known."""
    if row.state_since is None or row.state_since <= as_of:
        return row.state
    remembered = former.get(row.id, (None, None))[0]
    if remembered:
        return remembered
    if row.state == ProjectState.ON_HOLD and row.state_before_hold:
        return row.state_before_hold
    return str(_STATE_BEFORE.get(ProjectState(row.state), row.state))


def _data_dates(
    rows: Sequence[_Row], former: Mapping[int, tuple[str | None, date | None]], as_of: date
) -> dict[int, date | None]:
    """Return the data date known at the end of the day: the stored one or the newest entry up to it."""
    moved_on = [row.id for row in rows if row.data_date is not None and row.data_date > as_of]
    entries: dict[int, date] = dict(
        TaskProgress.objects.filter(task__project_id__in=moved_on, data_date__lte=as_of)
        .order_by("task__project_id")
        .values_list("task__project_id")
        .annotate(newest=Max("data_date"))
    )
    found: dict[int, date | None] = {}
    for row in rows:
        if row.data_date is None or row.data_date <= as_of:
            found[row.id] = row.data_date
            continue
        known = [day for day in (entries.get(row.id), former.get(row.id, (None, None))[1]) if day is not None]
        found[row.id] = max(known, default=None)
    return found


def _add_late_reports(
    data_dates: dict[int, date | None],
    headers: Mapping[int, FormerHeader],
    today: Mapping[int, date | None],
    as_of: date,
) -> None:
    """Move data dates on to what was noted after the day about the time up to it."""
    for project_id, header in headers.items():
        noted = (data_dates[project_id], header.reported_late, today[project_id])
        known = [day for day in noted if day is not None and day <= as_of]
        data_dates[project_id] = max(known, default=None)


def _effective_baselines(rows: Sequence[_Row], as_of: date) -> EffectiveBaselines:
    """Return the baseline in force and the original one of each project (CST-12). One query."""
    current: dict[int, int] = {}
    original: dict[int, tuple[int, Any, Any, int]] = {}
    for pk, project_id, number, start, finish, bac in (
        Baseline.objects.filter(Among("project_id", [row.id for row in rows]), effective_from__lte=as_of)
        .order_by("project_id", "effective_from", "number")
        .values_list("pk", "project_id", "number", "start", "finish", "bac")
    ):
        current[project_id] = pk
        if number == 0:
            original[project_id] = (pk, moment_minutes(start), moment_minutes(finish), int(bac * 100))
    return EffectiveBaselines(current=current, original=original)


def _project_columns(
    rows: Sequence[_Row],
    states: Mapping[int, str],
    data_dates: Mapping[int, date | None],
    effective: EffectiveBaselines,
    money: Mapping[int, ProjectMoney],
    place: Mapping[int, int],
    completions: Mapping[int, int],
) -> ProjectColumns:
    methods = {str(choice): EacMethod[choice.name] for choice in EacChoice}
    ledger = [money[row.id] for row in rows]

    def column(values: Sequence[int]) -> Numbers:
        return np.array(values, dtype=np.int64)

    originals = [effective.original_of(row.id) for row in rows]
    return ProjectColumns(
        project_id=column([row.id for row in rows]),
        currency=tuple(row.currency for row in rows),
        state=tuple(states[row.id] for row in rows),
        data_date=tuple(data_dates[row.id] for row in rows),
        calendar=column([place[row.calendar_id] for row in rows]),
        eac_method=column([methods[row.eac_method] for row in rows]),
        completion_task=column([completions.get(row.id, UNKNOWN) for row in rows]),
        baseline_id=column([effective.current.get(row.id, UNKNOWN) for row in rows]),
        original_baseline_id=column([item[0] for item in originals]),
        original_start=column([item[1] for item in originals]),
        original_finish=column([item[2] for item in originals]),
        original_bac=column([item[3] for item in originals]),
        has_budget=np.array([item.has_budget for item in ledger], dtype=np.bool_),
        budget_work=column([item.budget_work for item in ledger]),
        budget_contingency=column([item.budget_contingency for item in ledger]),
        budget_reserve=column([item.budget_reserve for item in ledger]),
        actual_cost=column([item.actual_cost for item in ledger]),
        open_commitments=column([item.open_commitments for item in ledger]),
        uncommitted_etc=column(
            [UNKNOWN if item.uncommitted_etc is None else item.uncommitted_etc for item in ledger]
        ),
    )


def _headers(
    rows: Sequence[_Row],
    states: Mapping[int, str],
    data_dates: Mapping[int, date | None],
    money: Mapping[int, ProjectMoney],
    plan: PlanRows,
    as_of: date,
) -> tuple[ProjectHeader, ...]:
    counts = plan.owned_counts()
    return tuple(
        ProjectHeader(
            id=row.id,
            code=row.code,
            node_id=row.node_id,
            state=states[row.id],
            state_since=row.state_since if row.state_since and row.state_since <= as_of else None,
            reopen_count=row.reopen_count,
            report_cycle=row.report_cycle,
            is_flagship=row.is_flagship,
            currency=row.currency,
            data_date=data_dates[row.id],
            tasks_active=counts.get(row.id, (0, 0))[0],
            tasks_owned=counts.get(row.id, (0, 0))[1],
            money=money[row.id],
        )
        for row in rows
    )


def _fingerprints(arrays: ProjectArrays, baseline_task_ids: Numbers) -> tuple[str, ...]:
    """Return one digest per project over its own inputs; positions within the chunk do not enter."""
    projects, tasks, frozen = arrays.projects, arrays.tasks, arrays.baseline
    calendars = [_calendar_digest(calendar) for calendar in arrays.calendars]
    calendar_keys = np.array([int.from_bytes(digest[:7], "big") for digest in calendars], dtype=np.int64)
    plan = np.column_stack(
        [
            tasks.task_id,
            calendar_keys[tasks.calendar] if tasks.calendar.size else tasks.calendar,
            *(getattr(tasks, name).astype(np.int64) for name in tasks.__slots__[3:]),
        ]
    )
    rows = np.column_stack([baseline_task_ids, frozen.start, frozen.finish, frozen.duration, frozen.budget])
    size = len(projects.project_id)
    plan_edges = np.searchsorted(tasks.project, np.arange(size + 1))
    row_edges = np.searchsorted(frozen.project, np.arange(size + 1))
    own = [name for name in projects.__slots__ if name not in {"calendar", "earlier_ev", "earlier_ac"}]
    found = []
    shapes = ShapeKeys(arrays)
    for position in range(size):
        at = int(projects.completion_task[position])
        completion = {"completion_task": UNKNOWN if at == UNKNOWN else int(tasks.task_id[at])}
        named = (completion.get(name, _plain(getattr(projects, name)[position])) for name in own)
        values = [LOADER_VERSION, *named]
        digest = sha256(repr(values).encode())
        digest.update(calendars[int(projects.calendar[position])])
        digest.update(plan[plan_edges[position] : plan_edges[position + 1]].tobytes())
        digest.update(rows[row_edges[position] : row_edges[position + 1]].tobytes())
        digest.update(shapes.of(position))
        found.append(digest.hexdigest())
    return tuple(found)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)


def _calendar_digest(calendar: WorkCalendar) -> bytes:
    return sha256(repr(calendar).encode()).digest()
