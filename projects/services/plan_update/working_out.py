"""Work out what a file would do to a plan; nothing is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo_portal.accounts.access import permissions_on
from pmo_portal.accounts.models import User
from projects.choices import TaskKind
from projects.interchange.document import ProjectDocument
from projects.interchange.takeover import TakenOver, is_currency, take_over
from projects.interchange.unsaid import with_unsaid
from projects.models import Calendar, Project, Task
from projects.selectors.cost_holds import cost_hold_of
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.plan_state import PlanState, load_plan_state
from projects.selectors.project_documents import MONEY, RATES, project_document
from projects.selectors.row_guids import row_guids
from projects.services.document_writing import last_day, planned_span, schedule_settings
from projects.services.plan_update.links import compare_links
from projects.services.plan_update.matching import Matching, match_rows
from projects.services.plan_update.outline import missing_rows, new_outline
from projects.services.plan_update.rows import RowComparer
from projects.services.plan_update.supplies import compare_calendars, compare_supplies
from projects.services.plan_update.worked_out import CalendarUpdate, FieldChange, Note, PlanUpdate

INFO, WARNING = "INFO", "WARNING"
UNTOLD = frozenset({"schedule_start"})


@dataclass(frozen=True)
class Scope:
    """What an import may touch besides the plan itself."""

    baselines: bool
    money: bool
    rates: bool
    costs: bool
    deletes: bool
    notes: tuple[Note, ...]


def work_out_update(
    *, actor: User | None, project: Project, document: ProjectDocument, file_name: str
) -> PlanUpdate:
    """
    Return what importing the document into the project would do, with the rights of ``actor``.

    Reads the plan in a fixed number of queries and writes nothing.
    """
    taken = take_over(document)
    state = load_plan_state(project, day=taken.data_date)
    guid_of = row_guids(project)
    matching = match_rows(taken.tasks, state.tasks, guid_of=guid_of)
    if matching.tasks:
        taken = take_over(_with_unsaid(document, state, matching))
        matching = match_rows(taken.tasks, state.tasks, guid_of=guid_of)
    scope = _scope(actor, state, taken)
    tasks = matching.tasks
    missing = missing_rows(
        state.tasks, kept=frozenset(task.pk for task in tasks.values()), recorded=state.recorded
    )
    outline = new_outline(taken.tasks, tasks=tasks, missing=missing)
    calendars = compare_calendars(state, taken)
    known_up_to = max((day for day in (project.data_date, taken.data_date) if day), default=None)
    header, values = _header(project, taken, calendars, known_up_to, [row.task for row in missing])
    rows = RowComparer(
        state=state,
        tasks=tasks,
        outline=outline,
        calendars={item.item.uid: item.calendar for item in calendars},
        known_up_to=known_up_to,
        takes_costs=scope.costs,
        document=taken.document,
        file_name=file_name,
    ).compare(taken.tasks)
    links, link_notes = compare_links(state, taken, tasks=tasks, may_remove=scope.deletes)
    return PlanUpdate(
        taken=taken,
        state=state,
        matching=matching,
        header=header,
        header_values=values,
        supplies=compare_supplies(state, taken, calendars=calendars, tasks=tasks, takes_costs=scope.costs),
        added=rows.added,
        added_values=rows.added_values,
        rows=rows.rows,
        missing=missing,
        places=outline.places,
        missing_places=outline.missing_places,
        links=links,
        entries=rows.entries,
        takes_baselines=scope.baselines,
        takes_money=scope.money,
        takes_rates=scope.rates,
        may_remove=scope.deletes,
        notes=(*link_notes, *_of_file(project, matching, taken), *rows.notes, *outline.notes, *scope.notes),
    )


def _with_unsaid(document: ProjectDocument, state: PlanState, matching: Matching) -> ProjectDocument:
    """Return the document with what its format has no word for as the plan has it."""
    own = project_document(state.project, rights=(MONEY, RATES))
    numbers = {task.pk: row.uid for task, row in zip(state.tasks, own.tasks, strict=True)}
    return with_unsaid(
        document, own=own, rows={uid: numbers[task.pk] for uid, task in matching.tasks.items()}
    )


def _scope(actor: User | None, state: PlanState, taken: TakenOver) -> Scope:
    """Return what may come in besides the plan, and why the rest does not (SCH-36, CST-18)."""
    rights = permissions_on(actor, state.project.node) if actor is not None else None

    def may(permission: str) -> bool:
        return rights is None or permission in rights

    notes = []
    has_baselines = bool(taken.baselines)
    if has_baselines and state.has_baseline:
        notes.append(Note("BASELINE_KEPT", INFO, "", {"count": len(taken.baselines)}))
    elif has_baselines and not may("baseline.set"):
        notes.append(Note("BASELINE_RIGHT", WARNING, "", {"count": len(taken.baselines)}))
    currency = taken.document.options.currency.upper()
    is_same = not is_currency(currency) or currency == state.project.currency
    is_held = cost_hold_of(state.project) is not None
    has_money = any(placed.task.cost or placed.task.actual_cost for placed in taken.tasks)
    if has_money and not is_same:
        notes.append(
            Note("MONEY_CURRENCY", WARNING, "", {"theirs": currency, "ours": state.project.currency})
        )
    elif has_money and state.has_ledger:
        notes.append(Note("MONEY_KEPT", INFO))
    elif has_money and is_held:
        notes.append(Note("MONEY_HELD", WARNING))
    elif has_money and not may("budget.edit"):
        notes.append(Note("MONEY_RIGHT", WARNING))
    rated = sum(bool(item.rate) for item in taken.resources)
    if rated and not may("rate.edit"):
        notes.append(Note("RATES_RIGHT", INFO, "", {"count": rated}))
    return Scope(
        baselines=has_baselines and not state.has_baseline and may("baseline.set"),
        money=has_money and is_same and not state.has_ledger and not is_held and may("budget.edit"),
        rates=bool(rated) and is_same and may("rate.edit"),
        costs=is_same and may("budget.edit"),
        deletes=may("task.delete"),
        notes=tuple(notes),
    )


def _of_file(project: Project, matching: Matching, taken: TakenOver) -> list[Note]:
    """Return notes on the file as a whole."""
    notes = []
    if matching.is_foreign:
        notes.append(Note("OTHER_PLAN", WARNING))
    day = taken.data_date
    if day is not None and project.data_date is not None and day < project.data_date:
        notes.append(
            Note(
                "DATA_DATE_OLDER",
                INFO,
                "",
                {"theirs": day.isoformat(), "ours": project.data_date.isoformat()},
            )
        )
    return notes


def _header(
    project: Project,
    taken: TakenOver,
    calendars: tuple[CalendarUpdate, ...],
    known_up_to: date | None,
    kept: Sequence[Task],
) -> tuple[tuple[FieldChange, ...], Mapping[str, Any]]:
    """Return what changes of the project itself: span, data date, calendar and rules of scheduling."""
    wanted: dict[str, Any] = {"data_date": known_up_to, **schedule_settings(taken.document.options)}
    wanted |= span_with(project, taken, kept)
    must = taken.document.options.must_finish_by
    if must is not None and project.must_finish_by is None:
        wanted["must_finish_by"] = last_day(must)
    default = next((one for one in calendars if one.item.uid == taken.default_calendar_uid), None)
    if default is not None:
        wanted["calendar"] = default.calendar
    values = {name: value for name, value in wanted.items() if _differs(getattr(project, name), value)}
    changes = tuple(
        FieldChange(name, getattr(project, name), value)
        for name, value in values.items()
        if name not in UNTOLD
    )
    return changes, values


def span_with(project: Project, taken: TakenOver, kept: Sequence[Task]) -> dict[str, date]:
    """
    Return first and last day of the plan that has the rows of the file and those that are kept.

    A finish somebody promised stays: the last day of the file is but a forecast, which the rows show.
    """
    rows = [task for task in kept if task.is_active and task.kind != TaskKind.SUMMARY]
    start, finish = planned_span(taken)
    starts = [day for day in (start, *(shown_start(task.planned_start) for task in rows)) if day]
    finishes = [day for day in (finish, *(shown_finish(task.planned_finish) for task in rows)) if day]
    if not starts or not finishes:
        return {}
    first, last = min(starts), project.planned_finish
    if last is None or last < first:
        last = max(first, *finishes)
    return {"planned_start": first, "planned_finish": last}


def _differs(present: Any, value: Any) -> bool:
    is_new = isinstance(value, Calendar) and value._state.adding
    return is_new or bool(present != value)
