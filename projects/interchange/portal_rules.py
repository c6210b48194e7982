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
from projects.interchange.vocabulary import Convention, FloatMode, LagCalendar, ProgressMode, TaskKind

FIELD: Final = "PMO Portal rules"
# Name in the text, option of the document, and how its value is read.
RULES: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "convention": ("convention", Convention),
    "progress": ("progress_mode", ProgressMode),
    "float": ("float_mode", FloatMode),
    "lags": ("lag_calendar", LagCalendar),
    "start": ("planned_start", datetime.fromisoformat),
    "must finish by": ("must_finish_by", datetime.fromisoformat),
}


def rules_text(options: ProjectOptions) -> str:
    """
    Return the rules as a text.

    Examples
    --------
    >>> rules_text(ProjectOptions(convention=Convention.PORTAL, must_finish_by=datetime(2026, 5, 1)))
    'convention=PORTAL; progress=RETAINED_LOGIC; float=SMALLEST_SLACK; lags=PREDECESSOR; must finish by=2026-05-01T00:00:00'
    """  # noqa: E501
    said = ((name, getattr(options, attribute)) for name, (attribute, _read) in RULES.items())
    return "; ".join(f"{name}={_written(value)}" for name, value in said if value is not None)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value.value)


def with_rules(options: ProjectOptions, text: str) -> ProjectOptions:
    """
    Return the options with the rules of a text; what it says otherwise is passed over.

    Examples
    --------
    >>> with_rules(ProjectOptions(), "convention=PORTAL; float=UNHEARD OF; x").convention
    <Convention.PORTAL: 'PORTAL'>
    """
    found: dict[str, Any] = {}
    for part in text.split(";"):
        name, _equals, value = part.partition("=")
        attribute, read = RULES.get(name.strip(), ("", str))
        try:
            found |= {attribute: read(value.strip())} if attribute else {}
        except ValueError:
            continue
    if found.get("convention", Convention.MICROSOFT) is not Convention.MICROSOFT:
        # The tool that kept the file plans from its own status date, the plan does not.
        found["scheduled_from"] = None
    return replace(options, **found)


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
    row = next((task for task in document.tasks if task.is_project and FIELD in task.extra), None)
    if row is None:
        return document
    own = replace(row, extra={name: value for name, value in row.extra.items() if name != FIELD})
    return replace(
        document,
        options=with_rules(document.options, row.extra[FIELD]),
        tasks=tuple(own if task is row else task for task in document.tasks),
    )
