"""What all endpoints of a project share: the project in the address, rights, versions."""

from datetime import UTC, date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo_portal.accounts.access import permissions_on
from pmo_portal.api.concurrency import VersionedMixin
from projects.access import project_for
from projects.models import BudgetLine, Project, Task


class LocalMomentField(serializers.DateTimeField):
    """A moment of the plan: local wall time of the project, without a zone (``2026-03-02T08:00:00``)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, format="%Y-%m-%dT%H:%M:%S", **options)


@extend_schema_field(OpenApiTypes.INT)
class TaskField(serializers.Field):  # type: ignore[type-arg]
    """A task of the project in the address, by its number in the plan (SEC-11)."""

    default_error_messages = {"unknown": "There is no such task in this project."}

    def to_internal_value(self, data: Any) -> Task:
        """Return the task; those of other projects are as unknown as those that do not exist."""
        is_number = isinstance(data, int) and not isinstance(data, bool) and 0 < data < 2**31
        found = Task.objects.filter(project=self.context["project"], uid=data).first() if is_number else None
        if found is None:
            self.fail("unknown")
        return found

    def to_representation(self, value: Task) -> int:
        """Return the number."""
        return value.uid


@extend_schema_field(OpenApiTypes.INT)
class LineField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A budget line of the project in the address (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the lines of the project."""
        project = self.context.get("project")
        return BudgetLine.objects.filter(project=project) if project else BudgetLine.objects.none()


class OfProject(VersionedMixin, GenericViewSet):  # type: ignore[type-arg]
    """Endpoints below ``/projects/<code>/``: 404 if the project is not visible, 403 without the right."""

    read_permissions: tuple[str, ...] = ("project.view",)
    write_permission = "task.edit"
    input_class: Any = None
    project: Project
    rights: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the project and check the right."""
        super().initial(request, *args, **kwargs)
        self.project = project_for(request.user, kwargs["code"])
        self.rights = permissions_on(request.user, self.project.node)
        is_read = request.method in {"GET", "HEAD", "OPTIONS"}
        needed = self.read_permissions if is_read else (self.write_permission,)
        if not self.rights & set(needed):
            raise PermissionDenied

    def get_serializer_context(self) -> dict[str, Any]:
        """Give serializers the project, for their scoped fields."""
        return {
            **super().get_serializer_context(),
            "project": getattr(self, "project", None),
            "rights": self.rights,
        }

    @property
    def today(self) -> date:
        """The day of the request."""
        return timezone.localdate()

    def given(self, request: Request, *, partial: bool = False, kind: Any = None) -> dict[str, Any]:
        """Return the checked input."""
        serializer = (kind or self.input_class)(
            data=request.data, partial=partial, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def listed(self, rows: Any) -> Response:
        """Return a page of the list."""
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def shown(self, target: Any, *, status: int = 200) -> Response:
        """Return one object."""
        return Response(self.get_serializer(target).data, status=status)
