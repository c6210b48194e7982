"""Calendars of the organization."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.concurrency import VersionedMixin
from pmo_portal.api.idempotency import idempotent
from projects.api.organizing import CalendarInput, CalendarOutput, days_off_of
from projects.models import Calendar
from projects.selectors.calendars import calendars_for
from projects.services import calendars


class OrganizationCalendarViewSet(
    VersionedMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Calendar]
):
    """Calendars all projects may use."""

    serializer_class = CalendarOutput
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return them by name; for people who create projects."""
        if getattr(self, "swagger_fake_view", False):
            return Calendar.objects.none()
        if not holds(self.request.user, "project.create"):
            raise PermissionDenied
        return calendars_for(None)

    @extend_schema(request=CalendarInput, responses={201: CalendarOutput})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a calendar of the organization."""
        given = self._given(request)
        days = days_off_of(given.pop("days_off", None)) or ()
        made = calendars.create_calendar(actor=request.user, project=None, days_off=days, **given)
        return Response(CalendarOutput(made).data, status=201)

    @extend_schema(request=CalendarInput, responses=CalendarOutput)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change hours or days off; ``If-Match`` says which version."""
        self._require_edit(request)
        found = self.get_object()
        version = self.expected_version(found)
        given = self._given(request, partial=True)
        saved = calendars.edit_calendar(
            actor=request.user,
            calendar=found,
            days_off=days_off_of(given.pop("days_off", None)),
            changes=given,
            expected_version=version,
        )
        return Response(CalendarOutput(saved).data)

    @extend_schema(request=None, responses=CalendarOutput)
    @action(detail=True, methods=["post"])
    def default(self, request: Request, pk: str) -> Response:
        """Make it the calendar new projects start with; projects there are keep theirs."""
        self._require_edit(request)
        made = calendars.set_default_calendar(actor=request.user, calendar=self.get_object())
        return Response(CalendarOutput(made).data)

    def _given(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        self._require_edit(request)
        body = CalendarInput(data=request.data, partial=partial, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _require_edit(self, request: Request) -> None:
        if not may(request.user, "project.create", organization_node()):
            raise PermissionDenied
