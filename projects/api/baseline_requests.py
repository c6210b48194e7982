"""Asking for a baseline and declining it, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from projects.api.base import OfProject
from projects.api.serializers import BaselineInput
from projects.models import Baseline
from projects.services.baseline_requests import ask_for_baseline, decline_baseline


class BaselineAskedOutput(serializers.Serializer[Any]):
    """Who was asked."""

    asked = serializers.ListField(child=serializers.CharField(), help_text="Names of those who may set it.")


class BaselineRequestViewSet(OfProject):
    """Requests of a project manager to those who set baselines."""

    serializer_class = BaselineAskedOutput
    input_class = BaselineInput
    write_permission = "task.edit"
    queryset = Baseline.objects.none()

    @extend_schema(request=BaselineInput, responses={201: BaselineAskedOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Ask those who may set a baseline for one of the plan as it stands; they get a message."""
        people = ask_for_baseline(actor=request.user, project=self.project, **self.given(request))
        return Response({"asked": [person.name for person in people]}, status=201)


class BaselineDeclineInput(serializers.Serializer[Any]):
    """Why none is set."""

    reason = serializers.CharField(max_length=2000)


class BaselineAnswerViewSet(OfProject):
    """The answer of those who set baselines that none is set."""

    serializer_class = BaselineAskedOutput
    input_class = BaselineDeclineInput
    write_permission = "baseline.set"
    queryset = Baseline.objects.none()

    @extend_schema(request=BaselineDeclineInput, responses={204: None})
    def decline(self, request: Request, code: str) -> Response:
        """Tell those who asked for a baseline that none is set now, and why."""
        decline_baseline(actor=request.user, project=self.project, **self.given(request))
        return Response(status=204)
