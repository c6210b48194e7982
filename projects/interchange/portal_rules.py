"""
The rules of scheduling that no other tool has a place for, as a text of the row of the project.

Microsoft Project keeps it beside the plan without using it, so that a plan that went there comes back with
its own rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from projects.interchange.document import ProjectDocument, ProjectOptions, Task
from projects.interchange.plausible import is_plausible
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import (
    Convention,
    FloatMode,
    LagCalendar,
    ProgressMode,
    Severity,
    TaskKind,
)

FIELD: Final = "PMO Portal rules"
DAY_LENGTH: Final = len("2026-03-02")


def _moment(text: str) -> datetime:
    """Return a moment of the file's own clock, within the years that are looked at."""
    moment = datetime.fromisoformat(text)
    if not is_plausible(moment):
        raise ValueError("not a moment of a plan")
    return moment


# Name in the text, option of the document, and how its value is read.
RULES: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "convention": ("convention", Convention),
    "progress": ("progress_mode", ProgressMode),
    "float": ("float_mode", FloatMode),
    "lags": ("lag_calendar", LagCalendar),
    "start": ("planned_start", _moment),
    "must finish by": ("must_finish_by", _moment),
}


def rules_text(options: ProjectOptions) -> str:
    """
    Return the rules as a text.

    Examples
    --------
    >>> rules_text(ProjectOptions(convention=Convention.PORTAL, must_finish_by=datetime(2026, 5, 1)))
    'convention=PORTAL; progress=RETAINED_LOGIC; float=SMALLEST_SLACK; lags=PREDECESSOR; must finish by=2026-05-01T00:00:00'
    """  # noqa: E501
    values = {name: getattr(options, attribute) for name, (attribute, _read) in RULES.items()}
    said = {name: _written(value) for name, value in values.items() if value is not None}
    if options.has_start_day and "start" in said:
        said["start"] = said["start"][:DAY_LENGTH]
    return "; ".join(f"{name}={value}" for name, value in said.items())


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value.value)


def with_rules(options: ProjectOptions, text: str) -> ProjectOptions:
    """
    Return the options with the rules of a text; what it says otherwise is passed over.

    A start that was moved in the head of the file counts, not the one of the text.

    Examples
    --------
    >>> with_rules(ProjectOptions(), "convention=PORTAL; float=UNHEARD OF; x").convention
    <Convention.PORTAL: 'PORTAL'>
    >>> with_rules(ProjectOptions(start=datetime(2026, 3, 9, 8)), "start=2026-03-02").planned_start
    datetime.datetime(2026, 3, 9, 0, 0)
    """
    found = _rules_of(text)
    if found.get("convention", Convention.MICROSOFT) is not Convention.MICROSOFT:
        # The tool that kept the file plans from its own status date, the plan does not.
        found["scheduled_from"] = None
    if options.start is not None and _is_moved(found, options):
        found["planned_start"] = options.start
    if found.get("has_start_day"):
        found["planned_start"] = datetime.combine(found["planned_start"], datetime.min.time())
    return replace(options, **found)


def _rules_of(text: str) -> dict[str, Any]:
    """Return what a text says that can be understood, by option of the document."""
    found: dict[str, Any] = {}
    for part in text.split(";"):
        name, _equals, value = (piece.strip() for piece in part.partition("="))
        if name not in RULES:
            continue
        attribute, read = RULES[name]
        try:
            found[attribute] = read(value)
        except ValueError:
            continue
        if name == "start":
            found["has_start_day"] = len(value) == DAY_LENGTH
    return found


def _is_moved(found: Mapping[str, Any], options: ProjectOptions) -> bool:
    """Whether the head of the file starts on another day than the text says."""
    said, head = found.get("planned_start"), options.start
    return said is not None and head is not None and said.date() != head.date()


def with_project_row(document: ProjectDocument) -> ProjectDocument:
    """Return the document with a row for the project, as Microsoft Project has it, that says the rules."""
    if not document.tasks or any(task.uid == 0 or task.is_project for task in document.tasks):
        return document
    options = document.options
    row = Task(
        uid=0,
        id=0,
        name=document.name,
        kind=TaskKind.SUMMARY,
        is_project=True,
        wbs="0",
        outline_number="0",
        start=options.start,
        finish=options.finish,
        extra={FIELD: rules_text(options)},
    )
    return replace(document, tasks=(row, *document.tasks))


def with_rules_of_row(document: ProjectDocument) -> ProjectDocument:
    """Return a document that was read with the rules its row of the project says, which is no own field."""
    row = _row_with_rules(document)
    if row is None:
        return document
    own = replace(row, extra={name: value for name, value in row.extra.items() if name != FIELD})
    return replace(
        document,
        options=with_rules(document.options, row.extra[FIELD]),
        tasks=tuple(own if task is row else task for task in document.tasks),
    )


def rules_problems(document: ProjectDocument) -> tuple[Problem, ...]:
    """Return what the file says otherwise than the rules of its row, before these are taken."""
    row = _row_with_rules(document)
    found = {} if row is None else _rules_of(row.extra[FIELD])
    if not _is_moved(found, document.options):
        return ()
    day = found["planned_start"].date().isoformat()
    return (problem(Severity.WARNING, "START_MOVED", Place.PROJECT, day=day),)


def _row_with_rules(document: ProjectDocument) -> Task | None:
    return next((task for task in document.tasks if task.is_project and FIELD in task.extra), None)
