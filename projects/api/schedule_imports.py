"""Imports of schedules: upload, look at the preview, confirm or discard."""

from typing import Any

from django.utils.translation import gettext_lazy as _
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
from pmo_portal.api.idempotency import idempotent
from pmo_portal.api.parsers import BoundedJSONParser
from projects.access import import_for, import_projects, import_targets
from projects.choices import MissingRows
from projects.models import Project, ScheduleImport
from projects.selectors.schedule_imports import imports_of, preview_in_words, refusal_of
from projects.services import schedule_imports
from projects.services.imported_projects import take_back_projects
from projects.services.schedule_imports import Choice


@extend_schema_field({"type": "integer"})
class TargetField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A portfolio or program into which the person may import (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the nodes in reach."""
        request = self.context.get("request")
        return import_targets(request.user) if request else ScopeNode.objects.none()


@extend_schema_field({"type": "string"})
class OwnProjectField(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """Code of an open project into which the person may import (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the projects in reach."""
        request = self.context.get("request")
        found = import_projects(request.user) if request else Project.objects.none()
        return found.select_related("node")


class UploadInput(serializers.Serializer):  # type: ignore[type-arg]
    """A schedule file and its place: ``target`` takes new projects, ``project`` is brought up to date."""

    file = serializers.FileField(allow_empty_file=True)
    target = TargetField(required=False)
    project = OwnProjectField(slug_field="code", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of both places."""
        if ("target" in attrs) == ("project" in attrs):
            message = _("Give one place: a portfolio or program for new projects, or a project.")
            raise serializers.ValidationError({"target": [message]})
        return attrs


class ChoiceInput(serializers.Serializer):  # type: ignore[type-arg]
    """What to do with one project of the file."""

    name = serializers.CharField(max_length=250)
    code = serializers.SlugField(max_length=40, required=False, allow_blank=True, default="")
    is_confidential = serializers.BooleanField(required=False, default=False)
    is_included = serializers.BooleanField(required=False, default=True)


class UpdateInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which project of the file (from 0) comes into the plan, and what becomes of rows it does not have."""

    number = serializers.IntegerField(min_value=0, max_value=10_000, required=False, default=0)
    missing = serializers.ChoiceField(MissingRows.choices, required=False, default=MissingRows.KEEP)


class ConfirmInput(serializers.Serializer):  # type: ignore[type-arg]
    """
    For new projects place and choices, one for each project of the preview in its order; for an import into a
    project ``update``.
    """

    target = TargetField(required=False)
    projects = ChoiceInput(many=True, required=False, default=list)
    update = UpdateInput(required=False)


class ImportOutput(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An import with its preview: counts of the file and of what comes in, and all problems."""

    target = serializers.PrimaryKeyRelatedField[Any](source="target_node", read_only=True, allow_null=True)
    is_update = serializers.BooleanField(read_only=True)
    refusal = serializers.SerializerMethodField()
    projects = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)  # type: ignore[var-annotated]
    preview = serializers.SerializerMethodField()

    class Meta:
        model = ScheduleImport
        fields = (
            "id",
            "file_name",
            "sha256",
            "target",
            "is_update",
            "state",
            "refusal",
            "preview",
            "projects",
            "created_at",
            "version",
        )

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": True})
    def get_preview(self, found: ScheduleImport) -> Any:
        """Return the preview, its problems in the language of the request."""
        return preview_in_words(found)

    @extend_schema_field({"type": "string"})
    def get_refusal(self, found: ScheduleImport) -> str:
        """Return why the file was not taken, in the language of the request."""
        return refusal_of(found)


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
    @idempotent
    def create(self, request: Request) -> Response:
        """Upload a file; it is read in the background."""
        given = self._given(request, UploadInput)
        upload = given["file"]
        node = given["project"].node if "project" in given else given["target"]
        made = schedule_imports.upload_schedule(
            actor=request.user, name=upload.name, chunks=upload.chunks(), target_node=node
        )
        return Response(ImportOutput(made).data, status=201)

    @extend_schema(responses=ImportOutput)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return the state and the preview."""
        return Response(ImportOutput(import_for(request.user, pk)).data)

    @extend_schema(request=ConfirmInput, responses={202: ImportOutput})
    @idempotent
    def confirm(self, request: Request, pk: int) -> Response:
        """Import what the preview showed."""
        found = import_for(request.user, pk)
        version = self.expected_version(found)
        given = self._given(request, ConfirmInput)
        if "update" in given:
            done = schedule_imports.confirm_update(
                actor=request.user, schedule_import=found, expected_version=version, **given["update"]
            )
        else:
            done = schedule_imports.confirm_import(
                actor=request.user,
                schedule_import=found,
                target_node=given.get("target") or found.target_node,
                choices=[Choice(**choice) for choice in given["projects"]],
                expected_version=version,
            )
        return Response(ImportOutput(done).data, status=202)

    @extend_schema(request=None, responses={202: ImportOutput})
    @idempotent
    def compare(self, request: Request, pk: int) -> Response:
        """Compare the file anew with the plan as it is now."""
        found = import_for(request.user, pk)
        done = schedule_imports.compare_again(
            actor=request.user, schedule_import=found, expected_version=self.expected_version(found)
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

    @extend_schema(request=None, responses=ImportOutput)
    def take_back(self, request: Request, pk: int) -> Response:
        """Remove the projects the import made, on its day and as long as nobody built on them."""
        found = import_for(request.user, pk)
        done = take_back_projects(
            actor=request.user, schedule_import=found, expected_version=self.expected_version(found)
        )
        return Response(ImportOutput(done).data)

    def _given(self, request: Request, kind: Any) -> dict[str, Any]:
        form = kind(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)
