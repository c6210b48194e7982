"""What every change of a project shares: the lock, the version, the wish for fresh health."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import BaseConstraint, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, StaleObject
from pmo_portal.common.labels import Label
from pmo_portal.common.queue import enqueue
from projects.choices import ProjectState
from projects.models import Project

LINK_GRAPH_LOCK = 7_246_002
IDS_AT_ONCE = 5_000

_touched: ContextVar[dict[int, Project] | None] = ContextVar("touched_projects", default=None)


def lock_links() -> None:
    """
    Hold the graph of links until the transaction ends; taken before any check (SEC-30).

    On SQLite the IMMEDIATE transaction is the lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINK_GRAPH_LOCK])


def lock_project(project: Project) -> Project:
    """Return the project with its calendar and its node, fresh and locked until the transaction ends."""
    found = Project.objects.select_for_update(of=("self",)).select_related("calendar", "node")
    return found.get(pk=project.pk)


def lock_open_project(project: Project) -> Project:
    """
    Return the project as `lock_project`, if it may still be changed.

    Raises
    ------
    Conflict
        If the project is closed or canceled.
    """
    locked = lock_project(project)
    if locked.state == ProjectState.CANCELED:
        raise Conflict(_("The project is canceled, so nothing in it can be changed."), code="PROJECT_CLOSED")
    require_not_closed(locked)
    return locked


def require_not_closed(project: Project) -> None:
    """Refuse a project that came to its regular end."""
    if project.state == ProjectState.CLOSED:
        raise Conflict(
            _("The project is closed, so nothing in it can be changed. The PMO head can reopen it."),
            code="PROJECT_CLOSED",
        )


def require_version(current: int, *, expected: int | None) -> None:
    """
    Refuse a save that is based on an older version (XC-1, SEC-29).

    Raises
    ------
    StaleObject
        If somebody saved in between. ``expected`` None means the caller holds no older version.
    """
    if expected is not None and current != expected:
        raise StaleObject(
            _("Somebody else changed this while you worked on it. Look at their change, then save again."),
            current=current,
        )


def described_values(target: models.Model, *, names: Iterable[str]) -> dict[str, Any]:
    """Return the named values as the audit trail keeps them: related objects by their title."""
    values = {name: getattr(target, name) for name in names}
    return {name: str(value) if isinstance(value, models.Model) else value for name, value in values.items()}


def write_changes(
    target: models.Model, *, changes: Mapping[str, Any], allowed: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Set the values on the object, not yet saved; return those that differ, before and after.

    Raises
    ------
    ValueError
        If a name is not one of ``allowed``: a fault in the program (SEC-14).
    """
    unknown = set(changes) - allowed
    if unknown:
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    before = described_values(target, names=changes)
    for name, value in changes.items():
        setattr(target, name, value)
    return audit.diff(before, described_values(target, names=changes))


def clean_columns(target: models.Model, names: Iterable[str], *, but: Iterable[str] = ()) -> None:
    """
    Check the named columns of an object, as ``clean_fields`` does all of them.

    Raises
    ------
    ValidationError
        With the column that is wrong.
    """
    wanted = set(names) - set(but)
    faults: dict[str, Any] = {}
    for name in wanted:
        field = target._meta.get_field(name)
        value = getattr(target, name)
        if isinstance(field, models.Field) and not (field.blank and value in field.empty_values):
            try:
                setattr(target, name, field.clean(value, target))
            except ValidationError as fault:
                faults[name] = fault.error_list
    if faults:
        raise ValidationError(faults)


def stored_values(target: models.Model) -> dict[str, Any]:
    """Return the columns of an object that was just read, to see later what was changed."""
    return {field.name: getattr(target, field.attname) for field in target._meta.concrete_fields}


def changed_columns(target: models.Model, stored: Mapping[str, Any]) -> set[str]:
    """Return the columns that are not as they were stored."""
    return {name for name, value in stored_values(target).items() if value != stored[name]}


def save_version(target: Any, *, names: Iterable[str] | None = None) -> None:
    """
    Check the object, count its version up and save it.

    Parameters
    ----------
    names : iterable of str, optional
        The columns that changed: they are checked and written, and constraints that compare one of them.
        All when not given.
    """
    target.version += 1
    unchecked = {"updated_at", "created_at"}
    written = None if names is None else {*names}
    if written is not None:
        unchecked |= {field.name for field in target._meta.fields} - written
        written |= {"version"}
    if hasattr(target, "updated_at"):
        target.updated_at = Now()
        written = None if written is None else written | {"updated_at"}
    target.full_clean(exclude=unchecked, validate_constraints=written is None)
    if written is not None:
        _check_constraints(target, written)
    target.save(update_fields=written)


def _check_constraints(target: models.Model, names: set[str]) -> None:
    """Check the constraints that compare any of the columns: each costs the database a question."""
    faults: dict[str, Any] = {}
    every = {field.name for field in target._meta.fields}
    for constraint, compared in _constraints(type(target)):
        if compared & names:
            try:
                constraint.validate(type(target), target, exclude=every - compared)
            except ValidationError as fault:
                fault.update_error_dict(faults)
    if faults:
        raise ValidationError(faults)


@cache
def _constraints(model: type[models.Model]) -> tuple[tuple[BaseConstraint, frozenset[str]], ...]:
    """Return the constraints of a table with the columns each of them compares; all where it does not say."""
    found = []
    every = frozenset(field.name for field in model._meta.fields)
    for constraint in model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        compared = set() if condition is None else Q(condition).referenced_base_fields
        named = frozenset(compared) | frozenset(getattr(constraint, "fields", ()))
        found.append((constraint, every if getattr(constraint, "expressions", ()) else named))
    return tuple(found)


def save_versions(model: type[models.Model], keys: Sequence[int]) -> None:
    """Count up the versions of rows that were written many at once."""
    for start in range(0, len(keys), IDS_AT_ONCE):
        rows = model._default_manager.filter(pk__in=keys[start : start + IDS_AT_ONCE])
        stamp = {"updated_at": Now()} if hasattr(model, "updated_at") else {}
        rows.update(version=F("version") + 1, **stamp)


def touch_project(project: Project) -> None:
    """Say that the facts of the project changed, and ask for fresh health after the commit."""
    collected = _touched.get()
    if collected is not None:
        collected[project.pk] = project
        return
    Project.objects.filter(pk=project.pk).update(updated_at=Now())
    enqueue(
        "portfolio.refresh_health",
        key=str(project.pk),
        arguments={"project_id": project.pk},
        label=Label(gettext_noop("Health of %(project)s"), {"project": project.code}),
    )


def mark_changed(project_ids: Sequence[int]) -> None:
    """
    Say that the facts of many projects changed.

    The caller orders the roll-up of all of them at once instead of one job for each.
    """
    for start in range(0, len(project_ids), IDS_AT_ONCE):
        Project.objects.filter(pk__in=project_ids[start : start + IDS_AT_ONCE]).update(updated_at=Now())


@contextmanager
def touched_once() -> Iterator[None]:
    """
    Touch each project at the end, once, however often services touch it inside.

    For loads that call hundreds of services in one transaction; nothing is touched when one fails.
    """
    collected: dict[int, Project] = {}
    token = _touched.set(collected)
    try:
        yield
    finally:
        _touched.reset(token)
    for project in collected.values():
        touch_project(project)
