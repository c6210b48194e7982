"""Dates of a plan: who owns them, and what a change would move."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import project_for, task_for
from projects.api.base import LocalMomentField, OfProject
from projects.api.serializers import LinkInput, ProjectOutput, TaskInput
from projects.models import Project
from projects.services import links, schedules, tasks


class MoveOutput(serializers.Serializer[Any]):
    """A task that gets other dates; local wall time."""

    uid = serializers.IntegerField(read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    former_start = LocalMomentField(read_only=True, allow_null=True)
    former_finish = LocalMomentField(read_only=True, allow_null=True)
    start = LocalMomentField(read_only=True, allow_null=True)
    finish = LocalMomentField(read_only=True, allow_null=True)


class EffectOutput(serializers.Serializer[Any]):
    """What a computation moves; ``missed`` are the numbers of tasks that newly miss their deadline."""

    moves = MoveOutput(many=True, read_only=True)
    missed = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    former_finish = LocalMomentField(read_only=True, allow_null=True)
    finish = LocalMomentField(read_only=True, allow_null=True)


class SchedulingInput(serializers.Serializer[Any]):
    """Whether the portal computes the dates."""

    is_auto_scheduled = serializers.BooleanField()


class SchedulingViewSet(OfProject):
    """The dates of a plan as the portal computes them, and trials of changes that keep nothing."""

    serializer_class = EffectOutput
    input_class = SchedulingInput
    read_permissions = ("task.view",)
    queryset = Project.objects.none()
    filter_backends = ()

    @extend_schema(responses=EffectOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return what would move if the dates were computed now."""
        return self.shown(schedules.preview_schedule(self.project))

    @extend_schema(request=SchedulingInput, responses=ProjectOutput)
    def switch(self, request: Request, code: str) -> Response:
        """Hand the dates over to the portal, or keep them as they are."""
        version = self.expected_version(self.project)
        is_auto = self.given(request)["is_auto_scheduled"]
        schedules.set_auto_scheduling(
            actor=request.user, project=self.project, is_auto=is_auto, expected_version=version
        )
        return Response(ProjectOutput(project_for(request.user, code)).data)

    @extend_schema(request=TaskInput, responses=EffectOutput)
    @action(detail=True, methods=["post"])
    def try_task(self, request: Request, code: str, uid: int) -> Response:
        """Return what a change of a row would move; nothing is kept."""
        task = task_for(request.user, code, uid, "task.edit")
        changes = self.given(request, partial=True, kind=TaskInput)
        return self._tried(
            lambda: tasks.edit_task(actor=request.user, task=task, changes=changes, expected_version=None)
        )

    @extend_schema(request=LinkInput, responses=EffectOutput)
    @action(detail=True, methods=["post"])
    def try_link(self, request: Request, code: str) -> Response:
        """Return what a new link would move; nothing is kept."""
        given = self.given(request, kind=LinkInput)
        return self._tried(lambda: links.add_link(actor=request.user, project=self.project, **given))

    def _tried(self, act: Any) -> Response:
        effects = schedules.try_out(act)
        return self.shown(effects[-1] if effects else schedules.NOTHING)
