"""Gates of all projects over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from portfolio.api.dates import query_of, today
from portfolio.choices import GateState
from portfolio.models import GateReview
from portfolio.selectors.gate_calendar import SPANS, CalendarQuestion, asked_rows


class CalendarGateOut(serializers.Serializer[Any]):
    """A review of a gate of a project, held or to come."""

    project = serializers.CharField()
    project_name = serializers.CharField()
    gate = serializers.CharField()
    occurrence = serializers.IntegerField()
    question = serializers.CharField()
    planned_on = serializers.DateField(source="day", allow_null=True)
    state = serializers.CharField()
    is_overdue = serializers.BooleanField()
    is_lapsed = serializers.BooleanField()
    readiness_percent = serializers.DecimalField(
        source="readiness", max_digits=7, decimal_places=4, allow_null=True
    )
    decision = serializers.CharField(source="review.decision", default="")
    decided_on = serializers.DateField(source="review.decided_on", default=None, allow_null=True)
    open_conditions = serializers.IntegerField()
    late_conditions = serializers.IntegerField()


class CalendarGateFilter(serializers.Serializer[Any]):
    """Filters of the list."""

    span = serializers.ChoiceField(choices=list(SPANS), required=False)
    portfolio = serializers.SlugField(max_length=40, required=False)
    state = serializers.ChoiceField(choices=GateState.choices, required=False)


class GateCalendarViewSet(viewsets.GenericViewSet[GateReview]):
    """Gates of the live projects the person sees, by day."""

    serializer_class = CalendarGateOut
    queryset = GateReview.objects.none()
    filter_backends = ()

    @extend_schema(parameters=[CalendarGateFilter], responses=CalendarGateOut(many=True))
    def list(self, request: Request) -> Response:
        """Return gates by day, those without one last; filter by time, portfolio and state."""
        if not holds(request.user, "rollup.view"):
            raise PermissionDenied
        asked = CalendarQuestion(**query_of(request, CalendarGateFilter))
        rows: Any = asked_rows(request.user, asked, today=today())
        return self.get_paginated_response(CalendarGateOut(self.paginate_queryset(rows), many=True).data)
