"""Turn a document into a project: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from pmo_portal.common.queue import enqueue
from projects import actions
from projects.choices import ProgressMode, ProjectState
from projects.interchange.document import ProjectDocument, ProjectOptions
from projects.interchange.external_bounds import with_bounds_as_constraints
from projects.interchange.takeover import TakenOver, is_currency, take_over
from projects.interchange.vocabulary import Convention, TaskKind
from projects.models import Project
from projects.services.changes import touch_project
from projects.services.document_calendars import write_calendars
from projects.services.document_money import write_baselines, write_money
from projects.services.document_resources import write_assignments, write_resources
from projects.services.document_tasks import lag_calendar_of, write_links, write_progress, write_tasks
from projects.services.document_values import minutes_of, stored_moment
from projects.services.projects import create_project

STANDARD_CURRENCY = "EUR"


@dataclass(frozen=True)
class Incoming:
    """A document and what the person chose for it; an empty code takes the next free number."""

    document: ProjectDocument
    name: str = ""
    code: str = ""
    is_confidential: bool = False


@transaction.atomic
def write_projects(
    *,
    actor: User | None,
    incoming: Sequence[Incoming],
    parent_node: ScopeNode,
    today: date,
    file_name: str = "",
) -> list[Project]:
    """
    Return the new projects of a file, below one portfolio or program.

    Parameters
    ----------
    today : date
        Stands in where a file without any date needs one.
    file_name : str
        What the file was called; kept with the project and in the audit trail.

    Raises
    ------
    DomainError
        If a name or code is not accepted; nothing is stored then.
    """
    projects = [
        _write_project(actor=actor, item=item, parent_node=parent_node, today=today, file_name=file_name)
        for item in incoming
    ]
    enqueue("portfolio.adopt_projects", key="all")
    return projects


def _write_project(
    *, actor: User | None, item: Incoming, parent_node: ScopeNode, today: date, file_name: str
) -> Project:
    taken = take_over(with_bounds_as_constraints(item.document))
    first_day = first_day_of(taken) or today
    try:
        project = create_project(
            actor=actor,
            parent_node=parent_node,
            name=(item.name or item.document.name).strip()[:250],
            code=item.code,
            is_confidential=item.is_confidential,
            **_facts(taken, today=today, file_name=file_name),
        )
    except ValidationError as refusal:
        raise DomainError("; ".join(refusal.messages), code="INVALID", field="code") from refusal
    calendars = write_calendars(project, calendars=taken.calendars, options=item.document.options)
    if taken.default_calendar_uid is not None:
        project.calendar = calendars[taken.default_calendar_uid]
        project.save(update_fields=["calendar"])
    tasks = write_tasks(project, placed=taken.tasks, calendars=calendars)
    write_links(project, links=taken.links, tasks=tasks)
    resources = write_resources(project, resources=taken.resources, calendars=calendars)
    write_assignments(assignments=taken.assignments, tasks=tasks, resources=resources)
    write_baselines(project, taken=taken, tasks=tasks, first_day=first_day, actor=actor)
    lines = write_money(project, taken=taken, tasks=tasks, first_day=first_day)
    entries = write_progress(tasks=tasks, data_date=taken.data_date, actor=actor)
    counts = {**taken.counts(), "budget_lines": lines, "progress_entries": entries, "file": file_name}
    audit.record(
        actor=actor, action=actions.PROJECT_IMPORTED, target=project, node=project.node, after=counts
    )
    touch_project(project)
    return project


def _facts(taken: TakenOver, *, today: date, file_name: str) -> dict[str, Any]:
    """Return the header of the project as the file has it."""
    options = taken.document.options
    start, finish = planned_span(taken)
    is_started = any(placed.task.actual_start for placed in taken.tasks)
    currency = options.currency.upper()
    return {
        "description": options.notes,
        "state": ProjectState.EXECUTING if is_started else ProjectState.PLANNING,
        "state_since": taken.data_date or today,
        "currency": currency if is_currency(currency) else STANDARD_CURRENCY,
        "planned_start": start,
        "planned_finish": finish,
        "data_date": taken.data_date,
        "must_finish_by": options.must_finish_by and last_day(options.must_finish_by),
        **schedule_settings(options),
        "extra": _extra(taken, file_name),
    }


def schedule_settings(options: ProjectOptions) -> dict[str, Any]:
    """Return how the tool schedules, by column of the project."""
    return {
        "convention": options.convention.value,
        "progress_mode": (
            options.progress_mode.value
            if options.progress_mode.value in ProgressMode.values
            else ProgressMode.RETAINED_LOGIC
        ),
        "honor_hard_dates": options.honors_constraints,
        "critical_threshold": minutes_of(options.critical_slack_limit) or 0,
        "default_lag_calendar": lag_calendar_of(options.lag_calendar),
        "float_kind": options.float_mode.name,
        "schedule_start": stored_moment(_schedule_start(options)),
    }


def _schedule_start(options: ProjectOptions) -> datetime | None:
    """
    Return the moment before which the tool plans nothing: start of the project, or a later data date.

    None where the start is a day of the plan itself, which is kept as that.
    """
    if options.has_start_day:
        return None
    if options.convention is Convention.MICROSOFT:
        return options.start
    return max([moment for moment in (options.scheduled_from, options.planned_start) if moment], default=None)


def planned_span(taken: TakenOver) -> tuple[date | None, date | None]:
    """Return first and last day of the plan: a start somebody gave it, else of its rows, else of its head."""
    options = taken.document.options
    tasks = [placed.task for placed in taken.tasks if placed.kind is not TaskKind.SUMMARY]
    starts = [task.start for task in tasks if task.start]
    finishes = [task.finish for task in tasks if task.finish]
    start = min(starts, default=options.planned_start or options.start)
    if options.has_start_day:
        start = options.planned_start
    finish = max(finishes, default=options.finish)
    first, last = start and start.date(), finish and last_day(finish)
    return first, last if not first or not last or last >= first else first


def last_day(finish: datetime) -> date:
    """Return the day of an end; midnight belongs to the day before, if there is one."""
    return date.min if finish.date() == date.min else (finish - timedelta(microseconds=1)).date()


def first_day_of(taken: TakenOver) -> date | None:
    """Return the day from which budget and baselines count: the first the file plans or planned for."""
    frozen = [row.start.date() for item in taken.baselines for row in item.rows if row.start]
    actual = [placed.task.actual_start.date() for placed in taken.tasks if placed.task.actual_start]
    start, _finish = planned_span(taken)
    return min([*frozen, *actual, *([start] if start else [])], default=taken.data_date)


def _extra(taken: TakenOver, file_name: str) -> dict[str, str]:
    options = taken.document.options
    known = {
        "Imported from": file_name,
        "Written by": f"{options.application} {options.format_version}".strip(),
        "Code in the file": options.code,
        "Manager in the file": options.manager,
        "Company in the file": options.company,
    }
    return {name: value for name, value in known.items() if value}
