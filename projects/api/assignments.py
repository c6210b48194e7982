"""Who works on a task, as endpoints."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.models import Person
from pmo_portal.api.idempotency import idempotent
from projects.access import task_for
from projects.api.base import OfProject
from projects.models import Assignment, Resource
from projects.selectors.assignments import (
    assignments_in,
    assignments_of,
    people_without_resource,
    recalculation_sentences,
    resources_for,
)
from projects.services import assignments
from projects.services.efforts import Recalculated, watch_recalculations

BOUNDS = {"min_value": Decimal(0), "max_digits": 12, "decimal_places": 2}


@extend_schema_field(OpenApiTypes.INT)
class ResourceField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A resource the project in the address may use (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the resources in reach."""
        project = self.context.get("project")
        return resources_for(project) if project else Resource.objects.none()


@extend_schema_field(OpenApiTypes.INT)
class PersonField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """Somebody who works in the project and is no resource of it yet (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the people in reach."""
        project = self.context.get("project")
        return people_without_resource(project) if project else Person.objects.none()


class AssignmentOutput(serializers.ModelSerializer[Assignment]):
    """A resource on a task; ``version`` is that of the task, ``recalculated`` what followed from a change."""

    resource_name = serializers.CharField(source="resource.name", read_only=True)
    version = serializers.IntegerField(source="task.version", read_only=True)
    recalculated = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = (
            "id",
            "resource",
            "resource_name",
            "units_percent",
            "work_hours",
            "actual_work_hours",
            "remaining_work_hours",
            "version",
            "recalculated",
        )
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_recalculated(self, row: Assignment) -> list[str]:
        """Return what followed, as sentences."""
        return list(self.context.get("recalculated", ()))


class AssignmentChange(serializers.Serializer[Any]):
    """Units in percent (100 is one full time) or work in hours; the other values follow."""

    units_percent = serializers.DecimalField(required=False, max_value=Decimal(10_000), **BOUNDS)
    work_hours = serializers.DecimalField(required=False, max_value=Decimal(100_000_000), **BOUNDS)


class AssignmentInput(serializers.Serializer[Any]):
    """A resource, or a person of the project, joins a task."""

    resource = ResourceField(required=False)
    person = PersonField(required=False)
    units_percent = serializers.DecimalField(
        required=False, default=Decimal(100), max_value=Decimal(10_000), **BOUNDS
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of both."""
        if ("resource" in attrs) == ("person" in attrs):
            raise serializers.ValidationError({"resource": ["Give a resource or a person."]})
        return attrs


class AssignmentViewSet(OfProject):
    """Who works on a task; ``If-Match`` has the version of the task."""

    serializer_class = AssignmentOutput
    input_class = AssignmentInput
    read_permissions = ("task.view",)
    queryset = Assignment.objects.none()
    filter_backends = ()

    @extend_schema(responses=AssignmentOutput(many=True))
    def list(self, request: Request, code: str, uid: int) -> Response:
        """Return who works on the task."""
        return self.listed(assignments_of(task_for(request.user, code, uid)))

    @extend_schema(request=AssignmentInput, responses={201: AssignmentOutput})
    @idempotent
    def create(self, request: Request, code: str, uid: int) -> Response:
        """Put a resource or a person on the task."""
        task = task_for(request.user, code, uid, "task.edit")
        version = self.expected_version(task)
        given = self.given(request)
        with watch_recalculations() as found:
            made = assignments.assign_resource(
                actor=request.user, task=task, expected_version=version, **given
            )
        return self._answer(made.pk, found, status=201)

    @extend_schema(request=AssignmentChange, responses=AssignmentOutput)
    def partial_update(self, request: Request, code: str, pk: int) -> Response:
        """Change units or work."""
        row = self._found(pk)
        version = self.expected_version(row.task)
        changes = self.given(request, partial=True, kind=AssignmentChange)
        with watch_recalculations() as found:
            assignments.edit_assignment(
                actor=request.user, assignment=row, changes=changes, expected_version=version
            )
        return self._answer(pk, found)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, pk: int) -> Response:
        """Take the resource off the task."""
        row = self._found(pk)
        version = self.expected_version(row.task)
        assignments.remove_assignment(actor=request.user, assignment=row, expected_version=version)
        return Response(status=204)

    def _found(self, pk: int) -> Assignment:
        row: Assignment = get_object_or_404(assignments_in(self.project), pk=pk)
        return row

    def _answer(self, pk: int, found: Iterable[Recalculated], *, status: int = 200) -> Response:
        """Return the assignment as it is stored now, with what followed from the change."""
        context = {
            **self.get_serializer_context(),
            "recalculated": recalculation_sentences(found, project=self.project),
        }
        row = assignments_in(self.project).get(pk=pk)
        return Response(AssignmentOutput(row, context=context).data, status=status)
