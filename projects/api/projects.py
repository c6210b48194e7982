"""Projects."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from projects.access import project_for
from projects.api.base import OfProject
from projects.api.serializers import DataDateInput, NewProjectInput, ProjectInput, ProjectOutput, StateInput
from projects.choices import ProjectState, Tier
from projects.models import Project
from projects.selectors.projects import projects_seen_by
from projects.services import progress, projects, states


class ProjectFilter(django_filters.FilterSet):
    """Filters of the list."""

    state = django_filters.MultipleChoiceFilter(choices=ProjectState.choices)
    tier = django_filters.ChoiceFilter(choices=Tier.choices)
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Project
        fields = ("state", "tier", "q")


class ProjectsViewSet(ListModelMixin, GenericViewSet):  # type: ignore[type-arg]
    """The projects a person may see; a new one."""

    serializer_class = ProjectOutput
    filterset_class = ProjectFilter
    queryset = Project.objects.none()

    def get_queryset(self) -> Any:
        """Return the projects in reach."""
        return projects_seen_by(self.request.user)

    @extend_schema(request=NewProjectInput, responses={201: ProjectOutput})
    @idempotent
    def create(self, request: Request) -> Response:
        """Create a project below a portfolio or program."""
        if not holds(request.user, "project.create"):
            raise PermissionDenied
        form = NewProjectInput(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        made = projects.create_project(actor=request.user, parent_node=given.pop("parent"), **given)
        return Response(ProjectOutput(made).data, status=201)


class ProjectViewSet(OfProject):
    """One project."""

    serializer_class = ProjectOutput
    input_class = ProjectInput
    write_permission = "project.view"

    @extend_schema(responses=ProjectOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the header."""
        return self.shown(self.project)

    @extend_schema(request=ProjectInput, responses=ProjectOutput)
    def partial_update(self, request: Request, code: str) -> Response:
        """Change the header."""
        self._require("project.edit")
        version = self.expected_version(self.project)
        changes = self.given(request, partial=True)
        projects.edit_project(
            actor=request.user, project=self.project, changes=changes, expected_version=version
        )
        return self.shown(project_for(request.user, code))

    @extend_schema(request=StateInput, responses=ProjectOutput)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, code: str) -> Response:
        """Bring the project into another state."""
        self._require("project.edit", "project.delete")
        version = self.expected_version(self.project)
        given = self.given(request, kind=StateInput)
        states.change_state(
            actor=request.user, project=self.project, today=self.today, expected_version=version, **given
        )
        return self.shown(project_for(request.user, code))

    @extend_schema(request=DataDateInput, responses=ProjectOutput)
    @action(detail=True, methods=["post"], url_path="data-date")
    def data_date(self, request: Request, code: str) -> Response:
        """Set up to which day the status is known."""
        self._require("task.edit", "project.edit")
        version = self.expected_version(self.project)
        given = self.given(request, kind=DataDateInput)
        progress.set_data_date(actor=request.user, project=self.project, expected_version=version, **given)
        return self.shown(project_for(request.user, code))

    def _require(self, *permissions: str) -> None:
        if not self.rights & set(permissions):
            raise PermissionDenied
