"""Put roles on the rows of a new plan, before it is known who fills them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.choices import ResourceKind, TaskKind
from projects.models import Assignment, Project, Resource, Task
from projects.services.changes import lock_open_project, touch_project
from projects.services.efforts import CENT, HUNDRED, MINUTES_PER_HOUR, require_staffable
from projects.services.schedules import settle_plan


@dataclass(frozen=True)
class RoleDraft:
    """A role works on a task with so many percent of a full time."""

    task: Task
    role: str
    units_percent: Decimal = HUNDRED


@transaction.atomic
def assign_roles(*, actor: User | None, project: Project, drafts: Sequence[RoleDraft]) -> list[Assignment]:
    """
    Put roles on tasks nobody works on yet; each role becomes one resource of the project.

    The work follows from duration and units (SCH-34); a level of effort gets none, since its duration is not
    known before the plan is dated. A fixed number of statements whatever the size.

    Raises
    ------
    Conflict
        ``ASSIGNED`` if somebody works in the plan already.
    DomainError
        ``NO_ASSIGNMENTS`` for a milestone or summary.
    """
    locked = lock_open_project(project)
    if Assignment.objects.filter(task__project=locked).exists():
        raise Conflict(_("Somebody works in this plan already."), code="ASSIGNED")
    names = dict.fromkeys(draft.role for draft in drafts)
    made = Resource.objects.bulk_create(
        [Resource(project=locked, kind=ResourceKind.ROLE, name=name[:150]) for name in names]
    )
    resources = dict(zip(names, made, strict=True))
    rows, hours = [], []
    for draft in drafts:
        require_staffable(draft.task)
        minutes = 0 if draft.task.kind == TaskKind.LEVEL_OF_EFFORT else draft.task.duration
        work = (minutes * draft.units_percent / HUNDRED / MINUTES_PER_HOUR).quantize(CENT)
        rows.append(
            Assignment(
                task=draft.task,
                resource=resources[draft.role],
                units_percent=draft.units_percent,
                work_hours=work,
                remaining_work_hours=work,
            )
        )
        hours.append({"pk": draft.task.pk, "work_hours": work, "remaining_work_hours": work})
    Assignment.objects.bulk_create(rows, batch_size=500)
    update_rows(Task, hours)
    settle_plan(locked)
    audit.record(
        actor=actor,
        action=actions.ROLES_ASSIGNED,
        target=locked,
        node=locked.node,
        after={"roles": list(names), "tasks": len(rows)},
    )
    touch_project(locked)
    return rows
