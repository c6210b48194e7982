"""Who may see and do what with jobs: one's own, or all with the right for it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.scopes import held_permissions, within_reach
from pmo_portal.common.models import Job
from pmo_portal.common.models.job import JobQuerySet


def sees_all_jobs(user: Any) -> bool:
    """Whether the person may see jobs of others. One query."""
    return "jobs.view" in held_permissions(user, ["jobs.view"])


def jobs_seen_by(user: Any, *, sees_all: bool) -> JobQuerySet:
    """Return all jobs or the person's own."""
    return Job.objects.all() if sees_all else Job.objects.owned_by(user)


def job_for(user: Any, pk: int, *, for_change: bool = False) -> Job:
    """
    Return the job; 404 when the person may not see it, 403 when they may not change it.

    At most three queries.
    """
    held = held_permissions(user, ["jobs.view", "jobs.manage"])
    found = jobs_seen_by(user, sees_all="jobs.view" in held).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    if for_change and found.owner_id != user.pk and "jobs.manage" not in held:
        raise PermissionDenied
    return found


def reads_all_contents(user: Any) -> bool:
    """
    Whether labels and arguments of jobs of others may be shown to this person.

    They can name confidential projects, so only those who see these everywhere read them (SEC-13).
    """
    reach = within_reach(user, "project.see_confidential", node="")
    return ScopeNode.objects.filter(reach, kind=ScopeKind.ORGANIZATION).exists()
