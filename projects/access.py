"""Who may see and do what with projects: the only way from a person and a code to an object."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from pmo_portal.accounts.access import may, permissions_on
from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import Person, ScopeNode
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import reach_of_roles, within_reach
from projects.models import Project, ProjectDependency, ScheduleImport, Task


@dataclass(frozen=True)
class PlanRights:
    """What a person may do with a plan; ``person_id`` owns the rows whose progress they may report."""

    edits: bool
    deletes: bool
    records: bool
    records_own: bool
    prices: bool
    person_id: int | None


def project_for(user: Any, code: str, permission: str = "project.view") -> Project:
    """
    Return the project with this code. Two queries.

    Raises
    ------
    Http404
        If there is none, or the person may not even see it (SEC-10).
    PermissionDenied
        If the person may see it but lacks ``permission``.
    """
    project = (
        Project.objects.visible_to(user)
        .select_related("node", "calendar", "org_unit")
        .filter(code=code)
        .first()
    )
    if project is None:
        raise Http404
    if permission != "project.view" and not may(user, permission, project.node):
        raise PermissionDenied
    return project


def task_for(user: Any, code: str, uid: int, permission: str = "task.view") -> Task:
    """
    Return a task through its project (SEC-12). Three queries.

    ``task.progress`` is also held by the owner of the task where the role allows own objects.

    Raises
    ------
    Http404
        If project or task does not exist or is not visible.
    PermissionDenied
        If the person may see the task but lacks ``permission``.
    """
    project = project_for(user, code)
    task = (
        Task.objects.visible_to(user)
        .select_related("project__node", "project__calendar", "parent", "owner")
        .filter(project=project, uid=uid)
        .first()
    )
    if task is None:
        raise Http404
    if permission in {"task.view", "milestone.view"}:
        return task
    is_own = task.owner is not None and task.owner.user_id == user.pk
    if not may(user, permission, project.node, own=is_own):
        raise PermissionDenied
    return task


def dependency_for(user: Any, project: Project, pk: int, *, side: str = "") -> ProjectDependency:
    """
    Return a dependency of a visible project on the side of its ``receiver`` or ``giver``; one query, and one.

    Raises
    ------
    Http404
        If the project does not take part in it, on that side.
    PermissionDenied
        If a side is asked for and the person may not speak for it.
    """
    sides = Q(receiver=project) | Q(giver=project)
    found = (
        ProjectDependency.objects.select_related("giver__node", "receiver__node", "receiver__calendar")
        .filter(Q(**{side: project}) if side else sides, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    if side and not may(user, "dependency.edit", project.node):
        raise PermissionDenied
    return found


def givers_for(user: Any, receiver: Project) -> Any:
    """Return the open projects whose milestones the person sees, to wait for; the own one left out."""
    return (
        Project.objects.visible_to(user, "milestone.view").active().exclude(pk=receiver.pk).order_by("code")
    )


def recordable_tasks(user: Any, *, project: Project | None = None) -> Any:
    """Return the tasks whose progress the person may record: all or their own, as the role says. No query."""
    everywhere = Q(within_reach(user, "task.progress", node="project__node"))
    own = Q(within_reach(user, "task.progress", node="project__node", own=True)) & Q(owner__user=user)
    tasks = Task.objects.visible_to(user).leaves().filter(everywhere | own)
    return tasks if project is None else tasks.filter(project=project)


def target_nodes(user: Any, permission: str = "project.create") -> Any:
    """Return the nodes of portfolios and programs below which the person may do this."""
    return ScopeNode.objects.filter(
        within_reach(user, permission, node=""), kind__in=["PORTFOLIO", "PROGRAM"]
    ).order_by("path")


def import_targets(user: Any) -> Any:
    """Return the nodes of portfolios and programs into which the person may import schedules."""
    return target_nodes(user).filter(within_reach(user, "plan.import", node=""))


def import_projects(user: Any) -> Any:
    """Return the open projects whose plan the person may bring up to date from a file."""
    return Project.objects.visible_to(user).visible_to(user, "plan.import").active()


def own_import_nodes(user: Any) -> Any:
    """Return the nodes of those projects the person manages, rather than oversees from above."""
    managing = set(roles_with("plan.import")) - set(roles_with("project.create"))
    managed = import_projects(user).filter(reach_of_roles(user, managing))
    return ScopeNode.objects.select_related("project").filter(project__in=managed).order_by("title", "pk")


def may_import_into(user: Any, node: ScopeNode) -> bool:
    """Whether the person may import schedules below this node, or into the project it is of. One query."""
    if node.kind == ScopeKind.PROJECT:
        return bool(import_projects(user).filter(node=node).exists())
    return bool(import_targets(user).filter(pk=node.pk).exists())


def import_for(user: Any, pk: int) -> ScheduleImport:
    """
    Return an import of the person's own. One query.

    Raises
    ------
    Http404
        If there is none, or it is somebody else's.
    """
    found = (
        ScheduleImport.objects.visible_to(user)
        .select_related("owner", "file", "target_node__project", "job")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def plan_rights(user: Any, project: Project) -> PlanRights:
    """Return what the person may do with the plan of a visible project. Three queries."""
    rights = permissions_on(user, project.node)
    records = may(user, "task.progress", project.node)
    return PlanRights(
        edits="task.edit" in rights,
        deletes="task.delete" in rights,
        records=records,
        records_own=not records and "task.progress" in rights,
        prices="budget.edit" in rights,
        person_id=Person.objects.filter(user=user).values_list("pk", flat=True).first(),
    )
