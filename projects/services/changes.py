"""What every change of a project shares: the lock, the version, the wish for fresh health."""

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import StaleObject
from pmo_portal.common.queue import enqueue
from projects.models import Project


def lock_project(project: Project) -> Project:
    """Return the project, fresh and locked until the transaction ends."""
    return Project.objects.select_for_update().get(pk=project.pk)


def require_version(current: int, expected: int | None) -> None:
    """
    Refuse a save that is based on an older version (XC-1, SEC-29).

    Raises
    ------
    StaleObject
        If somebody saved in between. ``expected`` None means the caller holds no older version.
    """
    if expected is not None and current != expected:
        raise StaleObject(
            _(
                "Somebody else changed this while you worked on it. Look at the other change, then save again."
            ),
            current=current,
        )


def touch_project(project: Project) -> None:
    """Say that the facts of the project changed, and ask for fresh health after the commit."""
    Project.objects.filter(pk=project.pk).update(updated_at=Now(), version=F("version") + 1)
    enqueue(
        "portfolio.refresh_health",
        key=str(project.pk),
        arguments={"project_id": project.pk},
        label=f"Health of {project.code}",
    )
