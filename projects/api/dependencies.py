"""Dependencies between projects."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.api.idempotency import idempotent
from projects.access import dependency_for, givers_for
from projects.api.base import OfProject, TaskField
from projects.choices import Rag
from projects.models import Project, ProjectDependency, Task
from projects.selectors.dependencies import dependency_rows
from projects.services import dependencies


class DependencyInput(serializers.Serializer[Any]):
    """A milestone of this project waits for a milestone of another, both by their number in the plan."""

    milestone = TaskField()
    giver_project = serializers.SlugRelatedField(slug_field="code", queryset=Project.objects.none())
    giver_milestone = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    need_by = serializers.DateField()
    drives_schedule = serializers.BooleanField(default=True)

    def get_fields(self) -> dict[str, Any]:
        """Let the giver be one of the projects whose milestones the person sees (SEC-11)."""
        fields = super().get_fields()
        request, project = self.context.get("request"), self.context.get("project")
        if request is not None and project is not None:
            fields["giver_project"].queryset = givers_for(request.user, project)
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the milestone of the other project."""
        found = Task.objects.select_related("project__node").filter(
            project=attrs.pop("giver_project"), uid=attrs["giver_milestone"]
        )
        task = found.first()
        if task is None:
            raise serializers.ValidationError(
                {"giver_milestone": "There is no such milestone in that project."}
            )
        return {**attrs, "giver_milestone": task}


class DependencyChangeInput(serializers.Serializer[Any]):
    """When it is needed, and whether the promised date bounds the plan."""

    need_by = serializers.DateField(required=False)
    drives_schedule = serializers.BooleanField(required=False)


class RenegotiateInput(serializers.Serializer[Any]):
    """What another date is asked for."""

    note = serializers.CharField(max_length=2000)
    need_by = serializers.DateField()


class DeclineInput(serializers.Serializer[Any]):
    """Why the giver does not agree."""

    note = serializers.CharField(max_length=2000)


class AgreementOutput(serializers.Serializer[Any]):
    """Who agreed for a side and when; no name of people of a project that may not be seen."""

    name = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)


class DependencyOutput(serializers.Serializer[Any]):
    """
    A dependency seen from the project in the address.

    ``other_*`` are empty where the person may not see the other project. ``slack`` and ``promised_slack`` are
    working days from forecast and promise to ``need_by``, ``moved`` those from promise to forecast.
    ``circle`` names the projects it goes in a circle through, "" for one that may not be seen.
    """

    id = serializers.IntegerField(source="pk", read_only=True)
    version = serializers.IntegerField(read_only=True)
    is_incoming = serializers.BooleanField(read_only=True)
    milestone = serializers.IntegerField(source="own_uid", read_only=True)
    milestone_name = serializers.CharField(source="own_name", read_only=True)
    other_code = serializers.CharField(read_only=True)
    other_project = serializers.CharField(read_only=True)
    other_milestone = serializers.IntegerField(source="other_uid", read_only=True, allow_null=True)
    other_milestone_name = serializers.CharField(source="other_name", read_only=True)
    is_hidden = serializers.BooleanField(read_only=True)
    is_lost = serializers.BooleanField(read_only=True)
    is_finished = serializers.BooleanField(read_only=True)
    need_by = serializers.DateField(read_only=True)
    promised = serializers.DateField(read_only=True, allow_null=True)
    forecast = serializers.DateField(read_only=True, allow_null=True)
    slack = serializers.IntegerField(read_only=True, allow_null=True)
    promised_slack = serializers.IntegerField(read_only=True, allow_null=True)
    moved = serializers.IntegerField(read_only=True, allow_null=True)
    rating = serializers.ChoiceField(choices=Rag.choices, read_only=True)
    drives_schedule = serializers.BooleanField(read_only=True)
    agreed_by_giver = AgreementOutput(source="given", read_only=True, allow_null=True)
    agreed_by_receiver = AgreementOutput(source="received", read_only=True, allow_null=True)
    note = serializers.CharField(read_only=True)
    circle = serializers.ListField(child=serializers.CharField(allow_blank=True), read_only=True)


class ProjectDependencyViewSet(OfProject):
    """What a project waits for, and who waits for it."""

    serializer_class = DependencyOutput
    input_class = DependencyInput
    read_permissions = ("task.view", "milestone.view")
    write_permission = "dependency.edit"
    queryset = ProjectDependency.objects.none()
    filter_backends = ()

    @extend_schema(responses=DependencyOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the dependencies in both directions, by day of need."""
        return self.listed(dependency_rows(self.project, user=request.user, today=self.today))

    @extend_schema(responses=DependencyOutput)
    def retrieve(self, request: Request, code: str, pk: int) -> Response:
        """Return one dependency."""
        return self._answer(dependency_for(request.user, self.project, pk))

    @extend_schema(request=DependencyInput, responses={201: DependencyOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Let a milestone wait for another project's; its managers are asked to agree."""
        given = self.given(request)
        made = dependencies.add_dependency(
            actor=request.user,
            is_agreed_by_giver=may(request.user, "dependency.edit", given["giver_milestone"].project.node),
            now=timezone.now(),
            **given,
        )
        return self._answer(made, status=201)

    @extend_schema(request=DependencyChangeInput, responses=DependencyOutput)
    def partial_update(self, request: Request, code: str, pk: int) -> Response:
        """Change day of need and bound, for the receiver."""
        found, version = self._side(request, pk, "receiver")
        changes = self.given(request, kind=DependencyChangeInput, partial=True)
        return self._answer(
            dependencies.edit_dependency(
                actor=request.user, dependency=found, changes=changes, expected_version=version
            )
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, pk: int) -> Response:
        """End a dependency, for the receiver."""
        found, version = self._side(request, pk, "receiver")
        dependencies.end_dependency(actor=request.user, dependency=found, expected_version=version)
        return Response(status=204)

    @extend_schema(request=None, responses=DependencyOutput)
    def accept(self, request: Request, code: str, pk: int) -> Response:
        """Plan with the giver's present forecast from now on, for the receiver."""
        found, version = self._side(request, pk, "receiver")
        return self._answer(
            dependencies.accept_date(
                actor=request.user, dependency=found, now=timezone.now(), expected_version=version
            )
        )

    @extend_schema(request=RenegotiateInput, responses=DependencyOutput)
    def renegotiate(self, request: Request, code: str, pk: int) -> Response:
        """Ask the giver for another date."""
        found, version = self._side(request, pk, "receiver")
        given = self.given(request, kind=RenegotiateInput)
        return self._answer(
            dependencies.renegotiate(actor=request.user, dependency=found, expected_version=version, **given)
        )

    @extend_schema(request=None, responses=DependencyOutput)
    def agree(self, request: Request, code: str, pk: int) -> Response:
        """Agree for the giver."""
        found, version = self._side(request, pk, "giver")
        return self._answer(
            dependencies.agree(
                actor=request.user, dependency=found, now=timezone.now(), expected_version=version
            )
        )

    @extend_schema(request=DeclineInput, responses=DependencyOutput)
    def decline(self, request: Request, code: str, pk: int) -> Response:
        """Say for the giver that it does not agree, and why."""
        found, version = self._side(request, pk, "giver")
        given = self.given(request, kind=DeclineInput)
        return self._answer(
            dependencies.decline(actor=request.user, dependency=found, expected_version=version, **given)
        )

    def _side(self, request: Request, pk: int, side: str) -> tuple[ProjectDependency, int]:
        """Return a dependency for somebody who speaks for one side of it, and the version they saw."""
        found = dependency_for(request.user, self.project, pk, side=side)
        return found, self.expected_version(found)

    def _answer(self, dependency: ProjectDependency, *, status: int = 200) -> Response:
        rows = dependency_rows(self.project, user=self.request.user, today=self.today)
        return self.shown(next(row for row in rows if row.pk == dependency.pk), status=status)
