"""Taking the plan away as a file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from pmo_portal.common.export import XLSX_TYPE, download
from pmo_portal.common.negotiation import AsItIs
from projects.api.base import OfProject
from projects.models import Project
from projects.selectors.export_words import AT_ONCE, EXPORT_FORMATS, IN_BACKGROUND
from projects.services.plan_exports import export_plan, order_export


class ExportFormatOutput(serializers.Serializer[Any]):
    """A format, and what files of it cannot carry. A slow one is ordered, the others are answered at once."""

    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    losses = serializers.ListField(child=serializers.CharField())
    is_slow = serializers.BooleanField()


class ExportOrderInput(serializers.Serializer[Any]):
    """Which file to make."""

    kind = serializers.ChoiceField(IN_BACKGROUND)


class ExportOrderOutput(serializers.Serializer[Any]):
    """The work that makes the file: ``jobs/{id}/`` tells when it is ready, ``files/`` has it then."""

    job = serializers.IntegerField(allow_null=True)


class _Exports(OfProject):
    """Who may see the tasks and may export."""

    read_permissions = ("task.view",)
    write_permission = "task.view"
    queryset = Project.objects.none()
    filter_backends = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask for both rights."""
        super().initial(request, *args, **kwargs)
        if "export.run" not in self.rights:
            raise PermissionDenied


class PlanExportViewSet(_Exports):
    """The formats in which a plan can be taken away; files of other tools are ordered here."""

    serializer_class = ExportFormatOutput
    input_class = ExportOrderInput
    pagination_class = None

    @extend_schema(responses=ExportFormatOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the formats in which the plan can be taken away, with what each cannot carry."""
        return Response(self.get_serializer(EXPORT_FORMATS, many=True).data)

    @extend_schema(request=ExportOrderInput, responses={202: ExportOrderOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Have the file of another tool made in the background, with the rights held when it is made."""
        job = order_export(actor=request.user, project=self.project, **self.given(request))
        return Response({"job": job and job.pk}, status=202)


class PlanFileViewSet(_Exports):
    """The plan as a spreadsheet or a calendar."""

    content_negotiation_class = AsItIs

    @extend_schema(
        parameters=[OpenApiParameter("kind", location="path", enum=AT_ONCE)],
        responses=dict.fromkeys(
            ((200, each) for each in ("text/csv", XLSX_TYPE, "text/calendar")), OpenApiTypes.BINARY
        ),
    )
    def content(self, request: Request, code: str, kind: str) -> HttpResponse:
        """Return the plan as a file: ``xlsx``, ``csv`` or ``ics`` (the milestones)."""
        if kind not in AT_ONCE:
            raise Http404
        built = export_plan(actor=request.user, project=self.project, kind=kind)
        return download(built.file_name, built.content, built.media_type)
