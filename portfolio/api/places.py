"""The home of a project, and who may see it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.services.components import move_project
from projects.access import project_for
from projects.api.base import OfProject
from projects.api.serializers import HomeField, ProjectOutput
from projects.services.places import set_confidential


class HomeInput(serializers.Serializer[Any]):
    """Another home, and why."""

    parent = HomeField()
    reason = serializers.CharField(max_length=2000)


class SecrecyInput(serializers.Serializer[Any]):
    """Whether only people with a role on the project itself see it, and why."""

    is_confidential = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)
    stays_in_sight = serializers.BooleanField(
        default=False, help_text="Take the role of a stakeholder, if the project would be out of sight."
    )


class PlaceViewSet(OfProject):
    """Move a project, hide it, show it."""

    serializer_class = ProjectOutput
    write_permission = "project.create"

    @extend_schema(request=HomeInput, responses=ProjectOutput)
    def move(self, request: Request, code: str) -> Response:
        """Give the project another home, from today on; ``If-Match`` says which version."""
        version = self.expected_version(self.project)
        given = self.given(request, kind=HomeInput)
        move_project(
            actor=request.user,
            project=self.project,
            parent_node=given["parent"],
            reason=given["reason"],
            expected_version=version,
        )
        return self.shown(project_for(request.user, code))

    @extend_schema(request=SecrecyInput, responses=ProjectOutput)
    def secrecy(self, request: Request, code: str) -> Response:
        """Make the project confidential or show it again; ``If-Match`` says which version."""
        version = self.expected_version(self.project)
        given = self.given(request, kind=SecrecyInput)
        set_confidential(
            actor=request.user,
            project=self.project,
            expected_version=version,
            today=self.today,
            **given,
        )
        return self.shown(project_for(request.user, code))
