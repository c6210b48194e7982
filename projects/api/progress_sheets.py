"""Progress by spreadsheet: the list as a file, what a changed file would do, and its import."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from pmo_portal.common.export import XLSX_TYPE, download
from pmo_portal.common.negotiation import AsItIs
from projects.api.base import OfProject
from projects.api.progress import ForeseenOutput
from projects.api.scheduling import EffectOutput
from projects.api.serializers import ProgressOutput
from projects.interchange.progress_merge import GROUPS
from projects.interchange.progress_sheet import ProgressSheet
from projects.models import Task
from projects.selectors.progress_list import CHOICES
from projects.selectors.progress_sheet_page import shown_cell_faults, shown_refusals, shown_rows
from projects.services.progress import RowsRefused
from projects.services.progress_sheet_rows import Decision
from projects.services.progress_sheets import (
    KINDS,
    apply_sheet,
    export_sheet,
    preview_sheet,
    read_progress_sheet,
)


class DecisionInput(serializers.Serializer[Any]):
    """What counts of a task where both sides changed something; ``seen`` comes from the trial."""

    uid = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    group = serializers.ChoiceField(tuple(GROUPS))
    keeps_file = serializers.BooleanField()
    seen = serializers.CharField(max_length=500)


class SheetInput(serializers.Serializer[Any]):
    """
    A changed list (XLSX or CSV), and what was decided: a JSON list of ``uid, group, keeps_file, seen``.

    With ``looked_on``, the data date a trial answered, nothing is saved if the data date is another one by
    now.
    """

    file = serializers.FileField(allow_empty_file=True)
    decisions = serializers.JSONField(required=False, default=list)
    looked_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate_decisions(self, value: Any) -> list[dict[str, Any]]:
        """Check each decision."""
        form = DecisionInput(data=value, many=True)
        form.is_valid(raise_exception=True)
        return list(form.validated_data)


class StateOutput(serializers.Serializer[Any]):
    """A value in its three states, as people read it."""

    title = serializers.CharField(read_only=True)
    taken = serializers.CharField(read_only=True)
    now = serializers.CharField(read_only=True)
    file = serializers.CharField(read_only=True)


class ConflictOutput(serializers.Serializer[Any]):
    """What both sides changed; ``name`` is number of the task and group; null while it is not decided."""

    name = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    seen = serializers.CharField(read_only=True)
    keeps_file = serializers.BooleanField(read_only=True, allow_null=True)
    states = StateOutput(many=True, read_only=True)


class ChangeOutput(serializers.Serializer[Any]):
    """A value before and after, as people read it."""

    title = serializers.CharField(read_only=True)
    before = serializers.CharField(read_only=True)
    after = serializers.CharField(read_only=True)


class FaultOutput(serializers.Serializer[Any]):
    """What is refused at a row and a column of the file."""

    number = serializers.IntegerField(read_only=True)
    column = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)


class SheetRowOutput(serializers.Serializer[Any]):
    """A row of the file that says something new."""

    number = serializers.IntegerField(read_only=True)
    uid = serializers.IntegerField(read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)
    changes = ChangeOutput(many=True, read_only=True)
    conflicts = ConflictOutput(many=True, read_only=True)
    fault = FaultOutput(read_only=True, allow_null=True)
    foreseen = ForeseenOutput(read_only=True, allow_null=True)


class SheetPreviewOutput(serializers.Serializer[Any]):
    """
    What a file would do at the data date ``looked_on``.

    ``left_out`` are rows whose task is gone or not the person's: the file is not ready as long as it has any.
    ``refused`` is what the plan as a whole refuses.
    """

    rows = SheetRowOutput(many=True, read_only=True)
    faults = FaultOutput(many=True, read_only=True)
    left_out = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    unchanged = serializers.IntegerField(read_only=True)
    is_ready = serializers.BooleanField(read_only=True)
    looked_on = serializers.DateField(read_only=True, allow_null=True)
    refused = serializers.CharField(read_only=True, allow_null=True)
    effect = EffectOutput(read_only=True)


class ProgressSheetViewSet(OfProject):
    """The progress list as a file that is changed offline and brought back."""

    serializer_class = SheetPreviewOutput
    input_class = SheetInput
    read_permissions = ("task.progress",)
    write_permission = "task.progress"
    queryset = Task.objects.none()
    filter_backends = ()
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": SheetInput}, responses={201: ProgressOutput(many=True)})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Record what a changed file says, merged with what is there now; all or nothing."""
        sheet, decisions, looked_on = self._said(request)
        if sheet.faults:
            shown = FaultOutput(shown_cell_faults(sheet.faults), many=True).data
            raise serializers.ValidationError({"file": shown})
        try:
            made = apply_sheet(
                actor=request.user,
                project=self.project,
                rows=sheet.rows,
                decisions=decisions,
                looked_on=looked_on,
            )
        except RowsRefused as refusal:
            shown = FaultOutput(shown_refusals(refusal.faults, sheet), many=True).data
            raise serializers.ValidationError({"file": shown}) from refusal
        shown = ProgressOutput(made, many=True, context=self.get_serializer_context())
        return Response(shown.data, status=201)

    @extend_schema(request={"multipart/form-data": SheetInput}, responses=SheetPreviewOutput)
    def trial(self, request: Request, code: str) -> Response:
        """Return what a changed file would do, and what must be decided; nothing is kept."""
        sheet, decisions, _looked_on = self._said(request)
        preview = preview_sheet(
            actor=request.user,
            project=self.project,
            rows=sheet.rows,
            unchanged=sheet.unchanged,
            decisions=decisions,
        )
        answer = {
            "rows": shown_rows(preview.rows, letters=sheet.letters),
            "faults": shown_cell_faults(sheet.faults),
            "left_out": [row.number for row in preview.strangers],
            "unchanged": preview.unchanged,
            "is_ready": preview.is_ready and not preview.strangers and not sheet.faults,
            "effect": preview.effect,
            "looked_on": preview.looked_on,
            "refused": preview.fault and str(preview.fault),
        }
        return Response(self.get_serializer(answer).data)

    def _said(self, request: Request) -> tuple[ProgressSheet, dict[tuple[int, str], Decision], date | None]:
        given = self.given(request)
        decisions = {
            (item["uid"], item["group"]): Decision(item["keeps_file"], item["seen"])
            for item in given["decisions"]
        }
        sheet = read_progress_sheet(given["file"].chunks(), project=self.project)
        return sheet, decisions, given["looked_on"]


class ProgressSheetFileViewSet(OfProject):
    """The progress list as a file."""

    read_permissions = ("task.progress",)
    queryset = Task.objects.none()
    filter_backends = ()
    content_negotiation_class = AsItIs

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", location="path", enum=KINDS),
            OpenApiParameter("show", enum=CHOICES, description="open (the default), due, running or mine"),
        ],
        responses=dict.fromkeys(((200, "text/csv"), (200, XLSX_TYPE)), OpenApiTypes.BINARY),
    )
    def content(self, request: Request, code: str, kind: str) -> HttpResponse:
        """Return open tasks as a table with the state of each row at this moment."""
        if "export.run" not in self.rights:
            raise PermissionDenied
        if kind not in KINDS:
            raise Http404
        chosen = request.query_params.get("show", "open")
        built = export_sheet(
            actor=request.user,
            project=self.project,
            kind=kind,
            chosen=chosen,
        )
        return download(built.file_name, built.content, built.media_type)
