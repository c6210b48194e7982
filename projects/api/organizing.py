"""Members and calendars of a project."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant, User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.idempotency import idempotent
from projects.api.base import OfProject
from projects.api.serializers import CalendarField
from projects.models import Calendar
from projects.selectors.calendars import calendars_for
from projects.selectors.members import memberships
from projects.services import calendars, members


class MemberOutput(serializers.ModelSerializer[RoleGrant]):
    """A role somebody holds in the project."""

    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = RoleGrant
        fields = ("id", "user", "name", "role", "valid_from", "valid_to", "is_deputy")
        read_only_fields = fields


class MemberInput(serializers.Serializer[Any]):
    """A new member."""

    user = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    role = serializers.ChoiceField(choices=Role.choices)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)
    is_deputy = serializers.BooleanField(required=False)
    takes_over = serializers.BooleanField(required=False)


class MemberViewSet(OfProject):
    """Who works in the project."""

    serializer_class = MemberOutput
    input_class = MemberInput
    read_permissions = ("member.view",)
    write_permission = "member.edit"
    queryset = RoleGrant.objects.none()
    filter_backends = ()

    @extend_schema(responses=MemberOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the memberships."""
        return self.listed(memberships(self.project).select_related("user").order_by("pk"))

    @extend_schema(request=MemberInput, responses={201: MemberOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Give somebody a role; only roles below one's own (SEC-15)."""
        given = self.given(request)
        grant = members.add_member(actor=request.user, project=self.project, today=self.today, **given)
        return self.shown(grant, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, pk: int) -> Response:
        """End a membership."""
        grant = get_object_or_404(memberships(self.project), pk=pk)
        members.remove_member(actor=request.user, project=self.project, grant=grant, today=self.today)
        return Response(status=204)


class CalendarOutput(serializers.ModelSerializer[Calendar]):
    """A calendar; intervals are minutes of the day per weekday, "0" is Monday."""

    is_own = serializers.SerializerMethodField()

    class Meta:
        model = Calendar
        fields = ("id", "name", "is_own", "base", "week_pattern", "hours_per_day", "is_default", "version")
        read_only_fields = fields

    def get_is_own(self, calendar: Calendar) -> bool:
        """Whether it belongs to the project only."""
        return calendar.project_id is not None


class DayOffInput(serializers.Serializer[Any]):
    """Days without work, or with other hours."""

    start = serializers.DateField()
    finish = serializers.DateField()
    name = serializers.CharField(required=False, allow_blank=True, max_length=150)
    intervals = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=2880), min_length=2, max_length=2
        ),
        required=False,
        max_length=12,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a last day before the first."""
        if attrs["finish"] < attrs["start"]:
            raise serializers.ValidationError({"finish": "The last day must not be before the first day."})
        return attrs


class CalendarInput(serializers.Serializer[Any]):
    """What can be set of a calendar."""

    name = serializers.CharField(max_length=150)
    base = CalendarField(required=False, allow_null=True)
    hours_per_day = serializers.DecimalField(
        max_digits=4, decimal_places=2, min_value=1, max_value=24, required=False
    )
    week_pattern = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(
                child=serializers.IntegerField(min_value=0, max_value=2880), min_length=2, max_length=2
            ),
            max_length=12,
        ),
        required=False,
    )
    days_off = DayOffInput(many=True, required=False)

    def validate_week_pattern(self, value: dict[str, Any]) -> dict[str, Any]:
        """Accept weekdays only."""
        if set(value) - set("0123456"):
            raise serializers.ValidationError("Weekdays are “0” (Monday) to “6” (Sunday).")
        return value


class CalendarViewSet(OfProject):
    """Calendars the project may use; the API changes those of the project."""

    serializer_class = CalendarOutput
    input_class = CalendarInput
    read_permissions = ("task.view",)
    write_permission = "project.view"
    queryset = Calendar.objects.none()
    filter_backends = ()

    @extend_schema(responses=CalendarOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the calendars."""
        return self.listed(calendars_for(self.project))

    @extend_schema(request=CalendarInput, responses={201: CalendarOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add a calendar of the project."""
        if "task.edit" not in self.rights:
            raise PermissionDenied
        given = self.given(request)
        days = days_off_of(given.pop("days_off", None))
        made = calendars.create_calendar(
            actor=request.user, project=self.project, days_off=days or (), **given
        )
        return self.shown(made, status=201)

    @extend_schema(request=CalendarInput, responses=CalendarOutput)
    def partial_update(self, request: Request, code: str, pk: int) -> Response:
        """Change a calendar; those of the organization need a right on the whole of it."""
        calendar = get_object_or_404(calendars_for(self.project).select_related("project", "base"), pk=pk)
        is_allowed = (
            "task.edit" in self.rights
            if calendar.project_id
            else may(request.user, "project.create", organization_node())
        )
        if not is_allowed:
            raise PermissionDenied
        version = self.expected_version(calendar)
        changes = self.given(request, partial=True)
        days = days_off_of(changes.pop("days_off", None))
        calendars.edit_calendar(
            actor=request.user, calendar=calendar, changes=changes, days_off=days, expected_version=version
        )
        return self.shown(Calendar.objects.get(pk=pk))


def days_off_of(given: Any) -> list[calendars.DayOff] | None:
    if given is None:
        return None
    return [
        calendars.DayOff(
            start=entry["start"],
            finish=entry["finish"],
            name=entry.get("name", ""),
            intervals=tuple((start, finish) for start, finish in entry.get("intervals", [])),
        )
        for entry in given
    ]
