"""Who works on a task: assign, change, remove (SCH-34, SCH-35)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import Person, User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import ResourceKind
from projects.engine.effort import EffortType, Staffing, add_person, change_units, change_work, remove_person
from projects.models import Assignment, Project, Resource, Task
from projects.selectors.assignments import people_without_resource, resources_for
from projects.services.changes import lock_open_project, require_version, save_version, touch_project
from projects.services.efforts import (
    HUNDRED,
    MINUTES_PER_HOUR,
    WORKERS,
    apply_staffing,
    follow,
    require_staffable,
    staffing_of,
    workers_of,
)
from projects.services.former_values import remember_tasks
from projects.services.schedules import settle_plan
from projects.services.task_dates import fit_dates, working_hours_for

EDITABLE = frozenset({"units_percent", "work_hours"})


@transaction.atomic
def assign_resource(
    *,
    actor: User | None,
    task: Task,
    resource: Resource | None = None,
    person: Person | None = None,
    units_percent: Decimal = HUNDRED,
    expected_version: int | None,
) -> Assignment:
    """
    Put a resource, or somebody who works in the project, on a task.

    Parameters
    ----------
    person : Person, optional
        Becomes a resource of the project.
    expected_version : int, optional
        Of the task.

    Raises
    ------
    StaleObject
        If somebody saved the task in between.
    DomainError
        ``NO_ASSIGNMENTS``, ``NO_RESOURCE``, ``ASSIGNED`` on the resource; as `efforts.follow`.
    """
    project, locked = _locked(task, expected_version)
    require_staffable(locked)
    _require_units(units_percent)
    found = _resource(project, resource, person)
    if Assignment.objects.filter(task=locked, resource=found).exists():
        raise DomainError(_("This resource works on the task already."), code="ASSIGNED", field="resource")
    made = Assignment(task=locked, resource=found, units_percent=units_percent)
    if found.kind in WORKERS:
        rows = workers_of(locked)
        before = staffing_of(locked, rows)
        after = follow(lambda: add_person(before, units_percent / HUNDRED), field="units_percent")
        _write(project, locked, [*rows, made], after)
    else:
        made.full_clean(exclude=["task"])
        made.save()
        _write(project, locked, [], None)
    _record(actor, actions.ASSIGNMENT_ADDED, locked, project, after=_described(made))
    return made


@transaction.atomic
def edit_assignment(
    *,
    actor: User | None,
    assignment: Assignment,
    changes: Mapping[str, Any],
    expected_version: int | None,
) -> Assignment:
    """
    Save other units or other work; the values that follow from them are recalculated.

    Parameters
    ----------
    changes : mapping
        ``units_percent`` or ``work_hours``, or both where the duration may follow.
    expected_version : int, optional
        Of the task.

    Raises
    ------
    StaleObject
        If somebody saved the task in between.
    DomainError
        ``FINISHED``; ``WORK_DONE`` if less than what is done is wanted; ``BOTH_GIVEN`` where the duration is
        fixed; as `efforts.follow`.
    """
    project, locked = _locked(assignment.task, expected_version)
    require_staffable(locked)
    if set(changes) - EDITABLE:
        raise ValueError(f"not to be set here: {sorted(set(changes) - EDITABLE)}")
    row = Assignment.objects.select_related("resource").get(pk=assignment.pk, task=locked)
    wanted = {name: value for name, value in changes.items() if value != getattr(row, name)}
    if not wanted:
        return row
    _require_units(wanted.get("units_percent", row.units_percent))
    if wanted.get("work_hours", row.work_hours) < row.actual_work_hours:
        raise DomainError(
            _("%(hours)s hours are done already. The work cannot be less.")
            % {"hours": row.actual_work_hours},
            code="WORK_DONE",
            field="work_hours",
        )
    before = _described(row)
    if row.resource.kind in WORKERS:
        rows = workers_of(locked)
        place = [item.pk for item in rows].index(row.pk)
        row = rows[place]
        _write(project, locked, rows, _changed(locked, rows, place, wanted), given=_given(wanted))
    else:
        for name, value in wanted.items():
            setattr(row, name, value)
        row.remaining_work_hours = row.work_hours - row.actual_work_hours
        row.full_clean(exclude=["task"])
        row.save()
        _write(project, locked, [], None)
    after = _described(row)
    _record(actor, actions.ASSIGNMENT_CHANGED, locked, project, before=before, after=after)
    return row


def _given(wanted: Mapping[str, Any]) -> frozenset[str]:
    names = {"units_percent": "UNITS", "work_hours": "WORK"}
    return frozenset(names[name] for name in wanted if name in names)


def _changed(task: Task, rows: list[Assignment], place: int, wanted: Mapping[str, Any]) -> Staffing:
    """Return the staffing after units or work of one person changed."""
    staffing = staffing_of(task, rows)
    units, work = wanted.get("units_percent"), wanted.get("work_hours")
    open_work = None if work is None else (work - rows[place].actual_work_hours) * MINUTES_PER_HOUR
    if units is not None and open_work is not None:
        if staffing.type is EffortType.FIXED_DURATION:
            raise DomainError(
                _("The duration is fixed: change either units or work, the other one follows."),
                code="BOTH_GIVEN",
                field="work_hours",
            )
        effort = replace(staffing.efforts[place], units=units / HUNDRED)
        efforts = (*staffing.efforts[:place], effort, *staffing.efforts[place + 1 :])
        both = replace(staffing, efforts=efforts)
        return follow(lambda: change_work(both, place, open_work), field="work_hours")
    if open_work is not None:
        return follow(lambda: change_work(staffing, place, open_work), field="work_hours")
    share = (rows[place].units_percent if units is None else units) / HUNDRED
    return follow(lambda: change_units(staffing, place, share), field="units_percent")


@transaction.atomic
def remove_assignment(*, actor: User | None, assignment: Assignment, expected_version: int | None) -> None:
    """
    Take a resource off a task; on an effort-driven one the others take over its work.

    Raises
    ------
    StaleObject
        If somebody saved the task in between.
    DomainError
        ``FINISHED``; ``WORK_DONE`` if it has done work; as `efforts.follow`.
    """
    project, locked = _locked(assignment.task, expected_version)
    require_staffable(locked)
    row = Assignment.objects.select_related("resource").get(pk=assignment.pk, task=locked)
    if row.actual_work_hours:
        raise DomainError(
            _("%(name)s has done %(hours)s hours on this task and stays with it.")
            % {"name": row.resource.name, "hours": row.actual_work_hours},
            code="WORK_DONE",
        )
    described = _described(row)
    if row.resource.kind in WORKERS:
        rows = workers_of(locked)
        place = [item.pk for item in rows].index(row.pk)
        before = staffing_of(locked, rows)
        after = follow(lambda: remove_person(before, place), field="")
        row.delete()
        _write(project, locked, [item for item in rows if item.pk != assignment.pk], after)
    else:
        row.delete()
        _write(project, locked, [], None)
    _record(actor, actions.ASSIGNMENT_REMOVED, locked, project, before=described)


def _locked(task: Task, expected_version: int | None) -> tuple[Project, Task]:
    """Return project and task, locked and fresh."""
    project = lock_open_project(task.project)
    locked = Task.objects.select_for_update().get(pk=task.pk, project=project)
    require_version(locked.version, expected=expected_version)
    return project, locked


def _require_units(units: Decimal) -> None:
    if units < 0 or units > HUNDRED * HUNDRED:
        raise DomainError(_("Give units from 0 to 10,000 percent."), code="UNITS", field="units_percent")


def _resource(project: Project, resource: Resource | None, person: Person | None) -> Resource:
    """Return a resource the project may use; a person becomes one (SEC-11)."""
    found = None
    if resource is not None:
        found = resources_for(project).filter(pk=resource.pk).first()
    elif person is not None and people_without_resource(project).filter(pk=person.pk).exists():
        return Resource.objects.create(
            project=project, kind=ResourceKind.PERSON, person=person, name=person.name[:150]
        )
    if found is None:
        raise DomainError(
            _("There is no such resource in this project."), code="NO_RESOURCE", field="resource"
        )
    return found


def _write(
    project: Project,
    task: Task,
    rows: list[Assignment],
    found: Staffing | None,
    *,
    given: frozenset[str] = frozenset(),
) -> None:
    """Save assignments and task, and bring dates and summaries up to date."""
    duration, planned = task.duration, (task.planned_start, task.planned_finish)
    remember_tasks(project, [task.pk])
    if found is not None:
        apply_staffing(task, rows, found, given=given)
    if task.duration != duration:
        fit_dates(task, {"duration": task.duration}, working_hours_for(task, project=project))
        if project.is_auto_scheduled and not task.is_manual:
            task.planned_start, task.planned_finish = planned
    save_version(task)
    settle_plan(project)


def _described(row: Assignment) -> dict[str, Any]:
    return {
        "resource": row.resource.name,
        "units_percent": str(row.units_percent),
        "work_hours": str(row.work_hours),
    }


def _record(
    actor: User | None,
    action: str,
    task: Task,
    project: Project,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(actor=actor, action=action, target=task, node=project.node, before=before, after=after)
    touch_project(project)
