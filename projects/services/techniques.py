"""Choose how a task earns its value; what was planned before stays as it was (CST-10, CST-12)."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import EvTechnique, TaskKind
from projects.engine.instants import end_of_day
from projects.models import BaselineTask, Project, Task
from projects.selectors.plan_dates import to_moment
from projects.services.changes import (
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.former_values import entry_day, remember_tasks
from projects.services.value_details import checked_details

MIN_REASON = 10
TECHNIQUE = frozenset({"ev_technique", "ev_details"})


@transaction.atomic
def set_technique(
    *,
    actor: User | None,
    task: Task,
    technique: str,
    details: Mapping[str, Any] | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Task:
    """
    Say how a task earns its value, and what the technique needs to know.

    Where the task has started or its baseline began before the data date, planned value keeps the former
    technique until the next baseline (CST-12).

    Parameters
    ----------
    details : mapping, optional
        As in `checked_details`.
    reason : str
        The approved change; needed once the task has started (CST-10).

    Raises
    ------
    DomainError
        The refusals of `checked_details`; ``KIND_DECIDES`` for summaries, milestones and level of effort,
        ``REASON_NEEDED``.
    """
    project = lock_open_project(task.project)
    locked = Task.objects.select_for_update().select_related("project").get(pk=task.pk)
    require_version(locked.version, expected=expected_version)
    if technique not in EvTechnique.values:
        raise DomainError(_("There is no such technique."), code="NO_TECHNIQUE", field="ev_technique")
    _require_choice(locked)
    changes = {"ev_technique": technique, "ev_details": checked_details(locked, technique, details or {})}
    before, after = write_changes(locked, changes=changes, allowed=TECHNIQUE)
    if not after:
        return locked
    if locked.actual_start is not None and len(reason.strip()) < MIN_REASON:
        raise DomainError(
            _("The task has started: name the approved change, in at least %(count)s characters.")
            % {"count": MIN_REASON},
            code="REASON_NEEDED",
            field="reason",
        )
    _keep_former(project, locked, after)
    save_version(locked, names=TECHNIQUE)
    audit.record(
        actor=actor,
        action=actions.TASK_CHANGED,
        target=locked,
        node=project.node,
        before=before,
        after=after,
        reason=reason,
    )
    touch_project(project)
    return locked


def drafted_details(task: Task) -> dict[str, Any] | None:
    """
    Return the details that a row which is not saved yet was given, checked by its technique.

    Raises
    ------
    DomainError
        The refusals of `checked_details`; ``KIND_DECIDES``.
    """
    given = task.ev_details or {}
    if given:
        _require_choice(task)
    return checked_details(task, task.ev_technique, given)


def _require_choice(task: Task) -> None:
    """Refuse to choose for rows that earn by their kind."""
    if task.kind != TaskKind.TASK:
        raise DomainError(
            _("Summaries, milestones and level of effort earn by their kind; nothing is chosen for them."),
            code="KIND_DECIDES",
            field="ev_technique",
        )


def require_technique_open(task: Task, changed: Collection[str]) -> None:
    """
    Finish an edit that names another technique: details of the former one go.

    The caller lets `freeze_values` keep what was planned before it writes the row.

    Raises
    ------
    DomainError
        ``REASON_NEEDED`` once the task has started: then `set_technique` takes the reason.
    """
    if not TECHNIQUE & set(changed):
        return
    if task.actual_start is not None:
        raise DomainError(
            _("The task has started. Change its technique on its own page, which asks for the approval."),
            code="REASON_NEEDED",
            field="ev_technique",
        )
    task.ev_details = None


def _keep_former(project: Project, task: Task, changed: Collection[str]) -> None:
    freeze_values(project, [task.pk])
    if TECHNIQUE & set(changed):
        remember_tasks(project, [task.pk])


def freeze_values(project: Project, task_ids: Collection[int], *, is_deleted: bool = False) -> None:
    """
    Write into baseline rows how their tasks earn value as stored now, where that was not said yet (CST-12).

    Rows of tasks that have neither started nor were planned by the data date keep following the task,
    unless it is deleted. One query, one for the day, and one for each different profile.
    """
    rows = BaselineTask.objects.filter(task_id__in=task_ids, pv_profile__isnull=True)
    if not is_deleted:
        begun = Q(task__actual_start__isnull=False)
        if project.data_date is not None:
            begun |= Q(start__lt=to_moment(end_of_day(project.data_date)))
        rows = rows.filter(begun)
    profiles: dict[str, tuple[dict[str, Any], list[int]]] = {}
    found = rows.order_by("pk").values_list("pk", "task__ev_technique", "task__ev_details")
    for pk, technique, details in found:
        profile = {"technique": technique, **(details or {})}
        if is_deleted and profile == {"technique": EvTechnique.PERCENT_COMPLETE}:
            continue
        profiles.setdefault(repr(profile), (profile, []))[1].append(pk)
    frozen_on = entry_day(project) if profiles else None
    for profile, keys in profiles.values():
        BaselineTask.objects.filter(pk__in=keys).update(pv_profile=profile, frozen_on=frozen_on)
