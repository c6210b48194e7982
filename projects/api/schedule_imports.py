"""Imports of schedules: upload, look at the preview, confirm or discard."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.scopes import holds
from pmo_portal.api.concurrency import VersionedMixin
from pmo_portal.api.parsers import BoundedJSONParser
from projects.access import import_for, import_targets
from projects.models import ScheduleImport
from projects.selectors.schedule_imports import imports_of
from projects.services import schedule_imports
from projects.services.schedule_imports import Choice


@extend_schema_field({"type": "integer"})
class TargetField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A portfolio or program into which the person may import (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the nodes in reach."""
        request = self.context.get("request")
        return import_targets(request.user) if request else ScopeNode.objects.none()


class UploadInput(serializers.Serializer):  # type: ignore[type-arg]
    """A schedule file and its place."""

    file = serializers.FileField(allow_empty_file=True)
    target = TargetField()


class ChoiceInput(serializers.Serializer):  # type: ignore[type-arg]
    """What to do with one project of the file."""

    name = serializers.CharField(max_length=250)
    code = serializers.SlugField(max_length=40, required=False, allow_blank=True, default="")
    is_confidential = serializers.BooleanField(required=False, default=False)
    is_included = serializers.BooleanField(required=False, default=True)


class ConfirmInput(serializers.Serializer):  # type: ignore[type-arg]
    """Place and choices, one for each project of the preview in its order."""

    target = TargetField(required=False)
    projects = ChoiceInput(many=True)


class ImportOutput(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An import with its preview: counts of the file and of what comes in, and all problems."""

    target = serializers.PrimaryKeyRelatedField(source="target_node", read_only=True)  # type: ignore[var-annotated]
    projects = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)  # type: ignore[var-annotated]
    preview = serializers.JSONField(read_only=True)

    class Meta:
        model = ScheduleImport
        fields = (
            "id",
            "file_name",
            "sha256",
            "target",
            "state",
            "refusal",
            "preview",
            "projects",
            "created_at",
            "version",
        )


class ScheduleImportsViewSet(VersionedMixin, ListModelMixin, GenericViewSet):  # type: ignore[type-arg]
    """The person's own imports."""

    serializer_class = ImportOutput
    queryset = ScheduleImport.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may import somewhere; an import of one's own is found whatever became of the right."""
        super().initial(request, *args, **kwargs)
        if "pk" not in kwargs and not holds(request.user, "plan.import"):
            raise PermissionDenied

    def get_parsers(self) -> list[Any]:
        """Take a file where one is uploaded, JSON everywhere else."""
        is_upload = getattr(self, "action_map", {}).get("post") == "create"
        return [MultiPartParser()] if is_upload else [BoundedJSONParser()]

    def get_queryset(self) -> Any:
        """Return the imports of the person."""
        return imports_of(self.request.user)

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: ImportOutput})
    def create(self, request: Request) -> Response:
        """Upload a file; it is read in the background."""
        given = self._given(request, UploadInput)
        upload = given["file"]
        made = schedule_imports.upload_schedule(
            actor=request.user, name=upload.name, chunks=upload.chunks(), target_node=given["target"]
        )
        return Response(ImportOutput(made).data, status=201)

    @extend_schema(responses=ImportOutput)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return the state and the preview."""
        return Response(ImportOutput(import_for(request.user, pk)).data)

    @extend_schema(request=ConfirmInput, responses=ImportOutput)
    def confirm(self, request: Request, pk: int) -> Response:
        """Import what the preview showed."""
        found = import_for(request.user, pk)
        version = self.expected_version(found)
        given = self._given(request, ConfirmInput)
        done = schedule_imports.confirm_import(
            actor=request.user,
            schedule_import=found,
            target_node=given.get("target") or found.target_node,
            choices=[Choice(**choice) for choice in given["projects"]],
            expected_version=version,
        )
        return Response(ImportOutput(done).data, status=202)

    @extend_schema(request=None, responses=ImportOutput)
    def discard(self, request: Request, pk: int) -> Response:
        """Give the import up; its file is deleted."""
        found = import_for(request.user, pk)
        done = schedule_imports.discard_import(
            actor=request.user, schedule_import=found, expected_version=self.expected_version(found)
        )
        return Response(ImportOutput(done).data)

    def _given(self, request: Request, kind: Any) -> dict[str, Any]:
        form = kind(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)
