"""Waived checks of a plan, and how good it must be for a baseline."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from projects.access import project_for
from projects.api.base import OfProject
from projects.api.serializers import ProjectOutput
from projects.choices import ScheduleGrade
from projects.engine.schedule_quality.vocabulary import Check
from projects.models import CheckWaiver
from projects.selectors.check_waivers import waiver_row, waiver_rows
from projects.services import check_waivers


class CheckWaiverInput(serializers.Serializer[Any]):
    """Waive a check up to a day, at most a year ahead."""

    check_code = serializers.ChoiceField(choices=[str(code) for code in Check])
    reason = serializers.CharField(max_length=5000)
    valid_until = serializers.DateField()


class CheckWaiverOutput(serializers.Serializer[Any]):
    """A waived check; both days are included."""

    id = serializers.IntegerField(source="pk", read_only=True)
    check_code = serializers.CharField(source="code", read_only=True)
    reason = serializers.CharField(read_only=True)
    valid_from = serializers.DateField(read_only=True)
    valid_until = serializers.DateField(read_only=True)
    approved_by = serializers.CharField(read_only=True)
    is_in_force = serializers.BooleanField(read_only=True)


class BaselineGradeInput(serializers.Serializer[Any]):
    """How good a plan must be for a baseline; empty where any plan may become one."""

    baseline_grade = serializers.ChoiceField(
        choices=[ScheduleGrade.FAIR, ScheduleGrade.GOOD], allow_blank=True
    )


class CheckWaiverViewSet(OfProject):
    """Waivers of checks."""

    serializer_class = CheckWaiverOutput
    input_class = CheckWaiverInput
    read_permissions = ("task.view",)
    write_permission = "baseline.set"
    queryset = CheckWaiver.objects.none()
    filter_backends = ()

    @extend_schema(responses=CheckWaiverOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return all waivers there ever were, newest first."""
        return self.listed(waiver_rows(self.project, today=self.today))

    @extend_schema(request=CheckWaiverInput, responses={201: CheckWaiverOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Waive a check; one of the same check that holds is replaced."""
        made = check_waivers.waive_check(
            actor=request.user, project=self.project, today=self.today, **self.given(request)
        )
        return self.shown(waiver_row(made, today=self.today), status=201)

    @extend_schema(request=None, responses=CheckWaiverOutput)
    def end(self, request: Request, code: str, pk: int) -> Response:
        """Take a waiver back."""
        waiver = get_object_or_404(
            CheckWaiver.objects.select_related("project", "approved_by"), project=self.project, pk=pk
        )
        ended = check_waivers.end_waiver(actor=request.user, waiver=waiver, today=self.today)
        return self.shown(waiver_row(ended, today=self.today))

    @extend_schema(request=BaselineGradeInput, responses=ProjectOutput)
    def require_grade(self, request: Request, code: str) -> Response:
        """Say how good the plan must be for a baseline."""
        version = self.expected_version(self.project)
        grade = self.given(request, kind=BaselineGradeInput)["baseline_grade"]
        check_waivers.set_baseline_grade(
            actor=request.user, project=self.project, grade=grade, expected_version=version
        )
        return Response(ProjectOutput(project_for(request.user, code)).data)
