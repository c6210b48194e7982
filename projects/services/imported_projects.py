"""
Take back an import that made new projects: they go, with all that came in, as long as nobody built on them.

The trail stays, and with it the place it hangs on (ADR 26).
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict
from pmo_portal.common.queue import enqueue
from projects import actions
from projects.choices import ImportState
from projects.models import Period, Project, ProjectDependency, ScheduleImport
from projects.selectors.imported_projects import acts_since, written_at
from projects.services.changes import lock_links, require_version
from projects.services.former_values import today
from projects.services.project_removal import remove_project
from projects.services.schedule_imports import lock_import, require_target


@transaction.atomic
def take_back_projects(
    *, actor: User, schedule_import: ScheduleImport, expected_version: int | None
) -> ScheduleImport:
    """
    Remove every project the import made; all of them or none.

    Raises
    ------
    Conflict
        ``NOT_IMPORTED`` for another state, ``IS_UPDATE`` for an import into a project (a step of its plan is
        undone instead), ``PAST_DAY`` after the day of the import (SEC-37), ``PERIOD_CLOSED`` where a period
        was closed since, ``BUILT_ON`` where somebody did something in one of the projects since, or something
        else rests on them.
    NotAllowed
        If the person may not import there any more.
    StaleObject
        If the import was changed meanwhile.
    """
    lock_links()
    projects = list(schedule_import.projects.select_for_update(of=("self",)).order_by("pk"))
    locked = lock_import(schedule_import)
    require_version(locked.version, expected=expected_version)
    require_taken_back(actor=actor, schedule_import=locked, projects=projects)
    for project in projects:
        audit.record(
            actor=actor,
            action=actions.PROJECT_TAKEN_BACK,
            target=project,
            node=project.node,
            before={"code": project.code, "name": project.name, "state": project.state},
            after={"file": locked.file_name},
        )
    try:
        for project in projects:
            remove_project(project)
    except ProtectedError as fault:
        raise _built_on() from fault
    gone = [{"code": project.code, "name": project.name} for project in projects]
    locked.preview = {**(locked.preview or {}), "taken_back": gone}
    locked.state = ImportState.TAKEN_BACK
    locked.version += 1
    locked.save()
    enqueue("portfolio.refresh_sums", key="projects", priority=6)
    return locked


def require_taken_back(*, actor: User, schedule_import: ScheduleImport, projects: Sequence[Project]) -> None:
    """Refuse, as `take_back_projects` does, what cannot be taken back. At most seven queries."""
    if schedule_import.is_update:
        raise Conflict(
            _("This import brought a plan up to date. Take it back as a step of that plan."), code="IS_UPDATE"
        )
    if schedule_import.state != ImportState.IMPORTED or not projects:
        raise Conflict(_("There is nothing to take back."), code="NOT_IMPORTED")
    if schedule_import.target_node is not None:
        require_target(actor, schedule_import.target_node)
    moment = written_at(projects)
    if moment is None or moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date() != today():
        raise Conflict(
            _(
                "The figures of a past day rest on these projects, so they stay. Cancel a project that "
                "should not go on."
            ),
            code="PAST_DAY",
        )
    if Period.objects.filter(closed_at__gte=moment).exists():
        raise Conflict(
            _("A period was closed since, and its figures count these projects, so they stay."),
            code="PERIOD_CLOSED",
        )
    if _is_built_on(projects):
        raise _built_on()


def _is_built_on(projects: Sequence[Project]) -> bool:
    keys = [project.pk for project in projects]
    asked = ProjectDependency.objects.filter(Q(giver_id__in=keys) | Q(receiver_id__in=keys))
    files = ScheduleImport.objects.filter(target_node__in=[project.node_id for project in projects])
    return acts_since(projects).exists() or asked.exists() or files.exists()


def _built_on() -> Conflict:
    return Conflict(
        _(
            "Somebody has worked with these projects since, so the import stays. Cancel a project that "
            "should not go on."
        ),
        code="BUILT_ON",
    )
