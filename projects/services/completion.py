"""The milestone whose finish is the finish of the project (SCH-38)."""

from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import MILESTONES
from projects.models import Project, Task
from projects.services.changes import save_version
from projects.services.former_values import remember_tasks


def settle_completion(*, actor: User | None, project: Project, task: Task) -> None:
    """
    Finish an edit of the mark of a locked row: one milestone of a project is its completion.

    The one that was it until now loses the mark, and the audit trail says so. A marked milestone that becomes
    another kind keeps the mark; it counts for nothing until the row is a milestone again.

    Raises
    ------
    DomainError
        ``NO_MILESTONE`` for a row that is none.
    """
    if not task.is_completion:
        return
    if task.kind not in MILESTONES:
        raise DomainError(
            _("Only a milestone can be the completion of the project."),
            code="NO_MILESTONE",
            field="is_completion",
        )
    former = Task.objects.select_for_update().filter(project=project, is_completion=True)
    for other in former.exclude(pk=task.pk).order_by("pk"):
        remember_tasks(project, [other.pk])
        other.is_completion = False
        save_version(other, names=["is_completion"])
        audit.record(
            actor=actor,
            action=actions.TASK_CHANGED,
            target=other,
            node=project.node,
            before={"is_completion": True},
            after={"is_completion": False},
        )
