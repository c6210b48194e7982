"""Limits of the columns of the board; the cards themselves are the tasks."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import project_for
from projects.api.base import OfProject
from projects.choices import BoardAxis
from projects.models import Project
from projects.services import boards


class BoardLimitsInput(serializers.Serializer[Any]):
    """Limits of one axis by column; columns left out have none."""

    by = serializers.ChoiceField(choices=BoardAxis.choices)
    limits = serializers.DictField(child=serializers.IntegerField(min_value=1, max_value=boards.MOST))


class BoardLimitsOutput(serializers.Serializer[Any]):
    """Limits by axis and column: states by name, owners by number, phases by their number in the plan."""

    state = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    owner = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    phase = serializers.DictField(child=serializers.IntegerField(), read_only=True)


class BoardLimitsViewSet(OfProject):
    """How much may be in progress in each column of the board."""

    serializer_class = BoardLimitsOutput
    input_class = BoardLimitsInput
    read_permissions = ("task.view",)
    queryset = Project.objects.none()
    filter_backends = ()

    @extend_schema(responses=BoardLimitsOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the limits of all columns of the board."""
        return self.shown(_limits(self.project))

    @extend_schema(request=BoardLimitsInput, responses=BoardLimitsOutput)
    def update(self, request: Request, code: str) -> Response:
        """Set the limits of the columns of one axis; needs the version of the project."""
        version = self.expected_version(self.project)
        given = self.given(request)
        boards.set_limits(
            actor=request.user,
            project=self.project,
            by=given["by"],
            limits=given["limits"],
            expected_version=version,
        )
        return self.shown(_limits(project_for(request.user, code)))


def _limits(project: Project) -> dict[str, dict[str, int]]:
    return {str(axis): project.board_limits.get(axis, {}) for axis in BoardAxis}
