"""Tasks, progress, links and baselines of a project."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from projects.access import task_for
from projects.api.base import OfProject
from projects.api.serializers import (
    BaselineInput,
    BaselineOutput,
    LinkChange,
    LinkInput,
    LinkOutput,
    MoveInput,
    NewTaskInput,
    ProgressInput,
    ProgressOutput,
    TaskInput,
    TaskOutput,
    TechniqueInput,
    VarianceRowOutput,
)
from projects.api.task_detail_serializers import TaskDetailOutput
from projects.models import Baseline, Link, Task, TaskProgress
from projects.selectors.baselines import variance_rows
from projects.selectors.plan import plan_query
from projects.services import baselines, links, progress, tasks, techniques


class TaskViewSet(OfProject):
    """Rows of the plan; people who see milestones only get milestones."""

    serializer_class = TaskOutput
    input_class = TaskInput
    read_permissions = ("task.view", "milestone.view")
    write_permission = "project.view"
    queryset = Task.objects.none()
    filter_backends = ()

    @extend_schema(responses=TaskOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the rows in order; ``show`` is mine, late, milestones or open."""
        rows = plan_query(
            self.project,
            user=request.user,
            chosen=request.query_params.get("show", ""),
            search=request.query_params.get("q", "")[:100],
            today=self.today,
        )
        return self.listed(rows.select_related("parent", "owner"))

    @extend_schema(responses=TaskDetailOutput)
    def retrieve(self, request: Request, code: str, uid: int) -> Response:
        """Return one row, with the reason of its start and a summary's physical percentage."""
        task = task_for(request.user, code, uid)
        return Response(TaskDetailOutput(task, context=self.get_serializer_context()).data)

    @extend_schema(request=NewTaskInput, responses={201: TaskOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add a row."""
        if "task.edit" not in self.rights:
            raise PermissionDenied
        given = self.given(request, kind=NewTaskInput)
        return self.shown(tasks.create_task(actor=request.user, project=self.project, **given), status=201)

    @extend_schema(request=TaskInput, responses=TaskOutput)
    def partial_update(self, request: Request, code: str, uid: int) -> Response:
        """Change a row."""
        task = task_for(request.user, code, uid, "task.edit")
        version = self.expected_version(task)
        changes = self.given(request, partial=True)
        tasks.edit_task(actor=request.user, task=task, changes=changes, expected_version=version)
        return self.shown(task_for(request.user, code, uid))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, uid: int) -> Response:
        """Delete a row with all below it."""
        task = task_for(request.user, code, uid, "task.delete")
        version = self.expected_version(task)
        tasks.delete_task(actor=request.user, task=task, expected_version=version)
        return Response(status=204)

    @extend_schema(request=MoveInput, responses=TaskOutput)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, code: str, uid: int) -> Response:
        """Hang a row elsewhere."""
        task = task_for(request.user, code, uid, "task.edit")
        version = self.expected_version(task)
        given = self.given(request, kind=MoveInput)
        tasks.move_task(actor=request.user, task=task, expected_version=version, **given)
        return self.shown(task_for(request.user, code, uid))


class TechniqueViewSet(OfProject):
    """How a task earns its value."""

    serializer_class = TaskOutput
    input_class = TechniqueInput
    write_permission = "project.view"
    queryset = Task.objects.none()
    filter_backends = ()

    @extend_schema(request=TechniqueInput, responses=TaskOutput)
    def update(self, request: Request, code: str, uid: int) -> Response:
        """Choose a technique with its details; started tasks need the approved change as reason."""
        task = task_for(request.user, code, uid, "task.edit")
        version = self.expected_version(task)
        given = self.given(request)
        techniques.set_technique(
            actor=request.user,
            task=task,
            technique=given["ev_technique"],
            details=given["ev_details"],
            reason=given["reason"],
            expected_version=version,
        )
        return self.shown(task_for(request.user, code, uid))


class ProgressViewSet(OfProject):
    """Dated states of a task."""

    serializer_class = ProgressOutput
    input_class = ProgressInput
    read_permissions = ("task.view", "milestone.view")
    write_permission = "task.progress"
    queryset = TaskProgress.objects.none()
    filter_backends = ()

    @extend_schema(responses=ProgressOutput(many=True))
    def list(self, request: Request, code: str, uid: int) -> Response:
        """Return the entries, newest first."""
        task = task_for(request.user, code, uid)
        return self.listed(TaskProgress.objects.filter(task=task).order_by("-data_date", "-pk"))

    @extend_schema(request=ProgressInput, responses={201: ProgressOutput})
    @idempotent
    def create(self, request: Request, code: str, uid: int) -> Response:
        """Record what is done."""
        task = task_for(request.user, code, uid, "task.progress")
        version = self.expected_version(task)
        given: dict[str, Any] = {"data_date": self.project.data_date, **self.given(request)}
        entry = progress.record_progress(actor=request.user, task=task, expected_version=version, **given)
        return self.shown(entry, status=201)


class LinkViewSet(OfProject):
    """Links between tasks of the project."""

    serializer_class = LinkOutput
    input_class = LinkInput
    read_permissions = ("task.view",)
    queryset = Link.objects.none()
    filter_backends = ()

    @extend_schema(responses=LinkOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return all links."""
        rows = Link.objects.filter(project=self.project).select_related("predecessor", "successor")
        return self.listed(rows.order_by("pk"))

    @extend_schema(request=LinkInput, responses={201: LinkOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add a link; a ring is refused with its tasks in order."""
        given = self.given(request)
        return self.shown(links.add_link(actor=request.user, project=self.project, **given), status=201)

    @extend_schema(request=LinkChange, responses=LinkOutput)
    def partial_update(self, request: Request, code: str, pk: int) -> Response:
        """Change type or lag."""
        link = self._link(pk)
        version = self.expected_version(link)
        changes = self.given(request, partial=True, kind=LinkChange)
        links.edit_link(actor=request.user, link=link, changes=changes, expected_version=version)
        return self.shown(self._link(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, pk: int) -> Response:
        """Remove a link."""
        if "task.delete" not in self.rights:
            raise PermissionDenied
        link = self._link(pk)
        self.expected_version(link)
        links.remove_link(actor=request.user, link=link)
        return Response(status=204)

    def _link(self, pk: int) -> Link:
        rows = Link.objects.select_related("project", "predecessor", "successor")
        return get_object_or_404(rows, project=self.project, pk=pk)


class BaselineViewSet(OfProject):
    """Baselines of the project."""

    serializer_class = BaselineOutput
    input_class = BaselineInput
    read_permissions = ("baseline.view",)
    write_permission = "baseline.set"
    queryset = Baseline.objects.none()
    filter_backends = ()

    @extend_schema(responses=BaselineOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the baselines, newest first."""
        return self.listed(Baseline.objects.filter(project=self.project).order_by("-number"))

    @extend_schema(responses=VarianceRowOutput(many=True))
    def variances(self, request: Request, code: str) -> Response:
        """Return the rows a person may see against both baselines, removed rows last."""
        rows = variance_rows(self.project, user=request.user, milestones_only="task.view" not in self.rights)
        page = self.paginate_queryset(rows)
        shown = VarianceRowOutput(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)

    @extend_schema(request=BaselineInput, responses={201: BaselineOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Freeze the plan."""
        given = self.given(request)
        made = baselines.set_baseline(actor=request.user, project=self.project, **given)
        return self.shown(made, status=201)
