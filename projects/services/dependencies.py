"""
Dependencies between projects (RAI-16, RAI-17): one says what it needs, both agree, no date moves silently.

The receiver speaks for its milestone, the giver for its own. Where the giver's forecast moves, the receiver
is told; its plan moves only when it takes the new date over.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.choices import MILESTONES, ProjectState
from projects.models import Project, ProjectDependency, Task
from projects.selectors.dependencies import forecast_of, milestones_of, shown_moment
from projects.services import dependency_messages as messages
from projects.services.changes import (
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.schedules import settle_plan

EDITABLE = frozenset({"need_by", "drives_schedule"})
MIN_NOTE = 10
TO_GIVER = ("asked", "need", "reopened")
"""Messages that ask the giver for an answer; those that ask the receiver are below."""
TO_RECEIVER = ("moved", "declined")


@transaction.atomic
def add_dependency(
    *,
    actor: User | None,
    giver_milestone: Task,
    milestone: Task,
    need_by: date,
    drives_schedule: bool,
    is_agreed_by_giver: bool,
    now: datetime,
) -> ProjectDependency:
    """
    Let a milestone wait for a milestone of another project; the giver is asked to agree.

    Parameters
    ----------
    is_agreed_by_giver : bool
        Whether the actor may speak for the giver too.

    Raises
    ------
    DomainError
        ``NO_MILESTONE`` for other rows, ``SAME_PROJECT``; ``DUPLICATE_DEPENDENCY``.
    """
    receiver = lock_open_project(milestone.project)
    giver = giver_milestone.project
    giver_milestone, milestone = (_fresh(task) for task in (giver_milestone, milestone))
    _require_fitting(giver, receiver, giver_milestone, milestone)
    pair = {
        "giver": giver,
        "giver_uid": giver_milestone.uid,
        "receiver": receiver,
        "receiver_uid": milestone.uid,
    }
    if ProjectDependency.objects.filter(**pair).exists():
        raise Conflict(
            _("These two milestones depend on each other already."),
            code="DUPLICATE_DEPENDENCY",
            field="giver_milestone",
        )
    forecast = forecast_of(giver_milestone)
    made = ProjectDependency(
        **pair,
        need_by=need_by,
        drives_schedule=drives_schedule,
        promised_at=forecast,
        told_at=forecast,
        receiver_agreed_by=actor,
        receiver_agreed_at=now,
    )
    if is_agreed_by_giver:
        made.giver_agreed_by, made.giver_agreed_at = actor, now
    made.full_clean(exclude=["created_at"])
    made.save()
    _bind(receiver)
    _record(actor, actions.DEPENDENCY_ADDED, receiver, milestone, after=_said(made))
    if not is_agreed_by_giver:
        messages.tell_giver(made, "asked")
    return made


def _require_fitting(giver: Project, receiver: Project, giver_milestone: Task, milestone: Task) -> None:
    """Refuse rows that cannot depend on each other."""
    if giver.pk == receiver.pk:
        raise DomainError(
            _("Within one project, link the tasks instead."), code="SAME_PROJECT", field="giver_milestone"
        )
    if giver.state in {ProjectState.CLOSED, ProjectState.CANCELED}:
        raise Conflict(_("The other project is closed."), code="GIVER_CLOSED", field="giver_milestone")
    for task, field in ((giver_milestone, "giver_milestone"), (milestone, "milestone")):
        if task.kind not in MILESTONES or not task.is_active:
            raise DomainError(_("Choose an active milestone."), code="NO_MILESTONE", field=field)


@transaction.atomic
def edit_dependency(
    *,
    actor: User | None,
    dependency: ProjectDependency,
    changes: Mapping[str, Any],
    expected_version: int | None,
) -> ProjectDependency:
    """Save another day of need, or whether the promised date bounds the plan."""
    receiver = lock_open_project(dependency.receiver)
    locked = _locked(dependency)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=EDITABLE)
    if not after:
        return locked
    save_version(locked, names=after)
    _bind(receiver)
    _record(
        actor,
        actions.DEPENDENCY_CHANGED,
        receiver,
        _own(receiver, locked.receiver_uid),
        before=before,
        after=after,
    )
    if "need_by" in after:
        messages.tell_giver(locked, "need")
    return locked


@transaction.atomic
def accept_date(
    *, actor: User | None, dependency: ProjectDependency, now: datetime, expected_version: int | None
) -> ProjectDependency:
    """
    Plan with the giver's present forecast from now on; what waits for it moves.

    Raises
    ------
    Conflict
        ``NO_FORECAST`` where the giver's milestone has no date or is gone.
    """
    receiver = lock_open_project(dependency.receiver)
    locked = _locked(dependency)
    require_version(locked.version, expected=expected_version)
    given = Task.objects.filter(project_id=locked.giver_id, uid=locked.giver_uid).first()
    forecast = forecast_of(given) if given else None
    if given is None or forecast is None:
        raise Conflict(_("The milestone of the other project has no date."), code="NO_FORECAST")
    former = locked.promised_at
    locked.promised_at = locked.told_at = forecast
    messages.settle_asked(locked, *TO_RECEIVER)
    locked.receiver_agreed_by, locked.receiver_agreed_at, locked.note = actor, now, ""
    save_version(locked, names=["promised_at", "told_at", "receiver_agreed_by", "receiver_agreed_at", "note"])
    _bind(receiver)
    _record(
        actor,
        actions.DEPENDENCY_ACCEPTED,
        receiver,
        _own(receiver, locked.receiver_uid),
        before={"promised": shown_moment(former, given.kind)},
        after={"promised": shown_moment(forecast, given.kind)},
    )
    return locked


@transaction.atomic
def renegotiate(
    *,
    actor: User | None,
    dependency: ProjectDependency,
    note: str,
    need_by: date,
    expected_version: int | None,
) -> ProjectDependency:
    """
    Ask the giver for another date. The plan stays as it is.

    Raises
    ------
    DomainError
        ``NOTE_NEEDED`` for fewer than 10 characters.
    """
    receiver = lock_open_project(dependency.receiver)
    locked = _locked(dependency)
    require_version(locked.version, expected=expected_version)
    before = _said(locked)
    locked.note, locked.need_by = _required(note), need_by
    locked.receiver_agreed_by = locked.receiver_agreed_at = None
    save_version(locked, names=["note", "need_by", "receiver_agreed_by", "receiver_agreed_at"])
    _record(
        actor,
        actions.DEPENDENCY_REOPENED,
        receiver,
        _own(receiver, locked.receiver_uid),
        before=before,
        after=_said(locked),
        reason=locked.note,
    )
    messages.settle_asked(locked, *TO_RECEIVER)
    messages.tell_giver(locked, "reopened")
    return locked


@transaction.atomic
def agree(
    *, actor: User | None, dependency: ProjectDependency, now: datetime, expected_version: int | None
) -> ProjectDependency:
    """Agree for the giver: its milestone is for the other project too."""
    giver = lock_open_project(dependency.giver)
    locked = _locked(dependency)
    require_version(locked.version, expected=expected_version)
    if locked.giver_agreed_at is not None:
        raise Conflict(_("This is agreed already."), code="AGREED")
    locked.giver_agreed_by, locked.giver_agreed_at, locked.note = actor, now, ""
    save_version(locked, names=["giver_agreed_by", "giver_agreed_at", "note"])
    _record(
        actor,
        actions.DEPENDENCY_AGREED,
        giver,
        _own(giver, locked.giver_uid),
        after={"need_by": locked.need_by},
    )
    messages.settle_asked(locked, *TO_GIVER)
    messages.tell_receiver(locked, "agreed")
    return locked


@transaction.atomic
def decline(
    *, actor: User | None, dependency: ProjectDependency, note: str, expected_version: int | None
) -> ProjectDependency:
    """
    Say for the giver that it does not agree, and why. The receiver decides what becomes of it.

    Raises
    ------
    DomainError
        ``NOTE_NEEDED`` for fewer than 10 characters.
    """
    giver = lock_open_project(dependency.giver)
    locked = _locked(dependency)
    require_version(locked.version, expected=expected_version)
    locked.note = _required(note)
    locked.giver_agreed_by = locked.giver_agreed_at = None
    save_version(locked, names=["giver_agreed_by", "giver_agreed_at", "note"])
    _record(
        actor,
        actions.DEPENDENCY_DECLINED,
        giver,
        _own(giver, locked.giver_uid),
        after={"need_by": locked.need_by},
        reason=locked.note,
    )
    messages.settle_asked(locked, *TO_GIVER)
    messages.tell_receiver(locked, "declined")
    return locked


@transaction.atomic
def end_dependency(
    *, actor: User | None, dependency: ProjectDependency, expected_version: int | None
) -> None:
    """End a dependency for the receiver; nothing bounds its milestone any more."""
    receiver = lock_open_project(dependency.receiver)
    locked = _locked(dependency)
    require_version(locked.version, expected=expected_version)
    said = _said(locked)
    messages.settle_asked(locked)
    messages.tell_giver(locked, "ended")
    locked.delete()
    _bind(receiver)
    _record(actor, actions.DEPENDENCY_ENDED, receiver, _own(receiver, said["milestone"]), before=said)


@transaction.atomic
def tell_moved(*, project_id: int, today: date) -> int:
    """
    Tell the projects that wait for a project whose milestones got other dates; return how many were told.

    One query where nobody waits. Nobody's dates move, so nothing is audited.
    """
    asked = ProjectDependency.objects.filter(giver_id=project_id)
    receivers = sorted(set(asked.values_list("receiver_id", flat=True)))
    if not receivers:
        return 0
    list(Project.objects.select_for_update().filter(pk__in=receivers).order_by("pk"))
    rows = asked.select_for_update(of=("self",)).select_related("giver__node", "receiver__node")
    found = list(rows.order_by("pk"))
    tasks = milestones_of(found)
    told = 0
    for each in found:
        given = tasks.get((each.giver_id, each.giver_uid))
        forecast = forecast_of(given) if given else None
        if forecast == each.told_at:
            continue
        former, each.told_at = each.told_at, forecast
        each.save(update_fields=["told_at"])
        if given is None or shown_moment(former, given.kind) != shown_moment(forecast, given.kind):
            messages.tell_moved(each, given, former=former, today=today)
            touch_project(each.receiver)
            told += 1
    return told


def tell_all_moved(*, today: date) -> int:
    """Tell every project that waits for another; return how many were told."""
    givers = ProjectDependency.objects.order_by("giver_id").values_list("giver_id", flat=True).distinct()
    return sum(tell_moved(project_id=pk, today=today) for pk in givers)


def write_bounds(project: Project) -> None:
    """
    Store on the milestones of a locked project the latest date promised to each (RAI-17). Two queries.

    The caller settles the plan.
    """
    wanted: dict[int, datetime] = {}
    promises = ProjectDependency.objects.filter(
        receiver=project, drives_schedule=True, promised_at__isnull=False
    )
    for uid, moment in promises.values_list("receiver_uid", "promised_at"):
        if moment is not None:
            wanted[uid] = max(moment, wanted.get(uid, moment))
    tasks = Task.objects.filter(project=project)
    bound = tasks.filter(external_start__isnull=False) | tasks.filter(uid__in=wanted)
    update_rows(
        Task,
        [
            {"pk": pk, "external_start": wanted.get(uid)}
            for pk, uid, present in bound.order_by("pk").values_list("pk", "uid", "external_start")
            if present != wanted.get(uid)
        ],
    )


def _bind(receiver: Project) -> None:
    write_bounds(receiver)
    settle_plan(receiver)


def _locked(dependency: ProjectDependency) -> ProjectDependency:
    found = (
        ProjectDependency.objects.select_for_update(of=("self",))
        .select_related("giver__node", "receiver__node")
        .filter(pk=dependency.pk)
        .first()
    )
    if found is None:
        raise Conflict(_("This dependency has been ended."), code="ENDED")
    return found


def _required(note: str) -> str:
    said = note.strip()
    if len(said) < MIN_NOTE:
        raise DomainError(
            _("Say why, in at least %(count)s characters.") % {"count": MIN_NOTE},
            code="NOTE_NEEDED",
            field="note",
        )
    return said


def _fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def _own(project: Project, uid: int) -> Task | None:
    return Task.objects.filter(project=project, uid=uid).first()


def _said(dependency: ProjectDependency) -> dict[str, Any]:
    """Return what the trail of the receiver keeps; nothing of the other project."""
    return {
        "milestone": dependency.receiver_uid,
        "need_by": dependency.need_by,
        "drives_schedule": dependency.drives_schedule,
        "promised": dependency.promised_at and dependency.promised_at.date(),
    }


def _record(actor: User | None, action: str, project: Project, milestone: Task | None, **values: Any) -> None:
    """Put a line into the trail of the side that acted; the other project is not named in it."""
    audit.record(actor=actor, action=action, target=milestone or project, node=project.node, **values)
    touch_project(project)
