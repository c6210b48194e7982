"""What waits for the person's decision, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from portfolio.api.dates import today
from portfolio.choices import WaitingKind
from portfolio.models import Waiver
from portfolio.selectors.waiting import waiting_for


class WaitingOut(serializers.Serializer[Any]):
    """Something the person is asked to decide or to answer."""

    kind = serializers.ChoiceField(WaitingKind.choices, read_only=True)
    kind_title = serializers.CharField(read_only=True, help_text="What is asked, in words.")
    title = serializers.CharField(read_only=True)
    project = serializers.CharField(read_only=True, help_text="Code; empty for what belongs to no project.")
    project_name = serializers.CharField(read_only=True)
    asked_by = serializers.CharField(read_only=True, help_text="A person or another project, where known.")
    since = serializers.DateField(read_only=True, allow_null=True, help_text="The day it was asked.")
    due = serializers.DateField(read_only=True, allow_null=True, help_text="The last day to answer.")
    url = serializers.CharField(read_only=True, help_text="The page where it is decided.")


class WaitingViewSet(GenericViewSet):  # type: ignore[type-arg]
    """What waits for the person's decision; each thing is decided through its own address."""

    serializer_class = WaitingOut
    queryset = Waiver.objects.none()
    filter_backends = ()

    @extend_schema(responses=WaitingOut(many=True))
    def list(self, request: Request) -> Response:
        """Return what waits, what is due first at the head; for everybody their own."""
        page = self.paginate_queryset(waiting_for(request.user, today=today()))  # type: ignore[arg-type]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
