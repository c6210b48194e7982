"""
What another project promised to a milestone, in files that know only one plan (RAI-17).

It is written as "not earlier than", and as a text of the row beside it, so that a file that comes back is
told apart from one in which somebody set a constraint. Whose promise it is stays here.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from projects.interchange.document import ProjectDocument, Task
from projects.interchange.vocabulary import Constraint, TaskKind

FIELD: Final = "PMO Portal external bound"
OWN: Final = "own constraint"
NOT_EARLIER: Final = frozenset({Constraint.SNET, Constraint.FNET})


def with_bounds_written(document: ProjectDocument, *, has_second: bool) -> ProjectDocument:
    """
    Return the document as a file says it.

    ``has_second`` says that a row of the format takes a second constraint (Primavera).
    """
    return replace(document, tasks=tuple(_written(task, has_second) for task in document.tasks))


def with_bounds_as_constraints(document: ProjectDocument) -> ProjectDocument:
    """Return the document as a plan that waits for no other project, but starts as late."""
    return replace(document, tasks=tuple(bound_as_constraint(task) for task in document.tasks))


def bound_as_constraint(task: Task) -> Task:
    """Return the row with its bound as a constraint, where it has a place for it."""
    if task.external_bound is None:
        return task
    return replace(_constrained(task, task.external_bound, has_second=True), external_bound=None)


def _written(task: Task, has_second: bool) -> Task:
    bound = task.external_bound
    if bound is None:
        return task
    said = bound.isoformat()
    if task.constraint in NOT_EARLIER and task.constraint_date and task.constraint_date <= bound:
        said += f"; {OWN}={task.constraint_date.isoformat()}"
    return replace(_constrained(task, bound, has_second), extra={**task.extra, FIELD: said})


def _constrained(task: Task, bound: datetime, has_second: bool) -> Task:
    """Return the row with the later of bound and own date; as it is where both have no place."""
    kind = Constraint.FNET if task.kind is TaskKind.FINISH_MILESTONE else Constraint.SNET
    if task.constraint is Constraint.ASAP:
        return replace(task, constraint=kind, constraint_date=bound)
    if task.constraint in NOT_EARLIER:
        return replace(task, constraint_date=max(bound, task.constraint_date or bound))
    if has_second and task.second_constraint is None:
        return replace(task, second_constraint=kind, second_constraint_date=bound)
    return task


def with_bounds_of_rows(document: ProjectDocument) -> ProjectDocument:
    """Return a document that was read with the bounds its rows say, and their own constraints."""
    return replace(document, tasks=tuple(_read(task) for task in document.tasks))


def _read(task: Task) -> Task:
    said = task.extra.get(FIELD)
    if said is None:
        return task
    first, _semicolon, rest = said.partition(";")
    bound, own = _moment(first), _moment(rest.partition("=")[2])
    if bound is None:
        return task
    plain = replace(task, extra={name: value for name, value in task.extra.items() if name != FIELD})
    if task.constraint in NOT_EARLIER and task.constraint_date == bound:
        kept = Constraint.ASAP if own is None else task.constraint
        return replace(plain, constraint=kept, constraint_date=own, external_bound=bound)
    if task.second_constraint in NOT_EARLIER and task.second_constraint_date == bound:
        return replace(plain, second_constraint=None, second_constraint_date=None, external_bound=bound)
    is_own = task.constraint not in {Constraint.ASAP, *NOT_EARLIER}
    is_later = task.constraint in NOT_EARLIER and (task.constraint_date or bound) > bound
    # Somebody took the bound away in the other tool: what the file says counts.
    return replace(plain, external_bound=bound) if is_own or is_later else plain


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None
