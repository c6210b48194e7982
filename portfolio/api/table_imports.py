"""Imports of tables over the API: upload, mapping, preview, confirm."""

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from pmo_portal.api.parsers import BoundedJSONParser
from pmo_portal.documents.services.files import store_upload
from portfolio.access import portfolio_for
from portfolio.interchange.mapping import MappingFault, TableMapping
from portfolio.models import PortfolioImport
from portfolio.selectors.import_leavers import KEEP, LEAVE
from portfolio.services import table_imports
from portfolio.services.import_mappings import mapping_named


class TableImportOut(serializers.ModelSerializer[PortfolioImport]):
    """An import; ``preview`` holds the columns, then the plan row by row with its problems."""

    portfolio = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    file_name = serializers.CharField(source="file.file_name", read_only=True)
    preview = serializers.SerializerMethodField()

    class Meta:
        model = PortfolioImport
        fields = [
            "id",
            "file_name",
            "portfolio",
            "state",
            "as_of",
            "mapping_name",
            "preview",
            "refusal",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_preview(self, imported: PortfolioImport) -> Any:
        """Return the preview, null while a worker reads the file."""
        return imported.preview


class TableUpload(serializers.Serializer[Any]):
    """A table and its home."""

    file = serializers.FileField()
    portfolio = serializers.SlugField(max_length=40)


class MappingIn(serializers.Serializer[Any]):
    """The meaning of the columns: the name of a mapping, or a mapping itself."""

    name = serializers.SlugField(required=False, max_length=60)
    mapping = serializers.DictField(required=False)
    as_of = serializers.DateField(required=False, allow_null=True)
    same_projects = serializers.DictField(child=serializers.CharField(max_length=40), required=False)

    def validate_same_projects(self, value: dict[str, str]) -> dict[int, str]:
        """Take row number → project code."""
        if not all(row.isdecimal() and len(row) < 8 for row in value):
            raise ValidationError("Use row numbers as keys.")
        return {int(row): code for row, code in value.items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Make the mapping."""
        if bool(attrs.get("name")) == bool(attrs.get("mapping")):
            raise ValidationError({"name": ["Give either the name of a mapping or a mapping."]})
        if attrs.get("name"):
            attrs["table_mapping"] = mapping_named(attrs["name"])
            return attrs
        try:
            attrs["table_mapping"] = TableMapping.from_dict({"title": "API", **attrs["mapping"]})
        except (MappingFault, TypeError, ValueError) as fault:
            raise ValidationError({"mapping": [str(fault)[:300]]}) from fault
        return attrs


class ConfirmIn(serializers.Serializer[Any]):
    """What happens to the projects the table no longer names; the proposal of the preview without it."""

    leavers = serializers.ChoiceField(choices=[LEAVE, KEEP], required=False)


class TableImportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[PortfolioImport]
):
    """The person's own imports of tables."""

    queryset = PortfolioImport.objects.none()
    serializer_class = TableImportOut
    lookup_value_regex = "[0-9]{1,18}"
    parser_classes = [BoundedJSONParser]

    def get_queryset(self) -> Any:
        """Return own imports, the newest first."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        if not holds(self.request.user, "portfolio.import"):
            raise PermissionDenied
        imports = PortfolioImport.objects.visible_to(self.request.user)
        return imports.select_related("file", "portfolio__node").order_by("-pk")

    def _own(self, pk: str) -> PortfolioImport:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _answer(self, pk: Any, code: int = status.HTTP_202_ACCEPTED) -> Response:
        return Response(TableImportOut(self._own(pk)).data, status=code)

    @extend_schema(request={"multipart/form-data": TableUpload}, responses={202: TableImportOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Upload a table; a worker reads it."""
        if not holds(request.user, "portfolio.import"):
            raise PermissionDenied
        body = TableUpload(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            portfolio = portfolio_for(request.user, body.validated_data["portfolio"], "portfolio.import")
        except Http404 as fault:
            raise ValidationError({"portfolio": ["There is no such portfolio."]}) from fault
        upload = body.validated_data["file"]
        file = store_upload(owner=request.user, name=upload.name, chunks=upload.chunks())
        made = table_imports.start_import(actor=request.user, file=file, portfolio=portfolio)
        return self._answer(made.pk)

    def get_parsers(self) -> list[Any]:
        """Take files where one is uploaded, JSON elsewhere."""
        is_upload = self.action_map.get(self.request.method.lower()) == "create" if self.request else False
        return [MultiPartParser()] if is_upload else [BoundedJSONParser()]

    @extend_schema(request=MappingIn, responses={202: TableImportOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def mapping(self, request: Request, pk: str) -> Response:
        """Say what the columns mean; a worker makes the preview."""
        imported = self._own(pk)
        body = MappingIn(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        as_of: date | None = data.get("as_of")
        table_imports.choose_mapping(
            actor=request.user,
            imported=imported,
            mapping=data["table_mapping"],
            mapping_name=data.get("name", ""),
            as_of=as_of,
            chosen=data.get("same_projects"),
        )
        return self._answer(pk)

    @extend_schema(request=ConfirmIn, responses={202: TableImportOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def confirm(self, request: Request, pk: str) -> Response:
        """Let a worker write what the preview shows."""
        imported = self._own(pk)
        body = ConfirmIn(data=request.data)
        body.is_valid(raise_exception=True)
        table_imports.confirm_import(
            actor=request.user, imported=imported, leavers=body.validated_data.get("leavers")
        )
        return self._answer(pk)

    @extend_schema(request=None, responses={200: TableImportOut})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Give the import up; its file is deleted."""
        table_imports.discard_import(actor=request.user, imported=self._own(pk))
        return self._answer(pk, status.HTTP_200_OK)
