"""``/emergency-accesses/``."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.models import EmergencyAccess
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.selectors.emergency import accesses_visible_to
from pmo_portal.accounts.services import emergency
from pmo_portal.api.idempotency import idempotent


class EmergencyAccessSerializer(serializers.ModelSerializer):
    """An emergency access; ``project`` is the code as it was typed."""

    user = serializers.CharField(source="user.email")
    project = serializers.CharField(source="project_code")
    is_open = serializers.SerializerMethodField()
    ended_by = serializers.CharField(source="ended_by.email", default=None, allow_null=True)
    confirmed_by = serializers.CharField(source="confirmed_by.email", default=None, allow_null=True)

    class Meta:
        model = EmergencyAccess
        fields = ["id", "user", "project", "includes_confidential", "reason", "opened_at", "ends_at"]
        fields += ["is_open", "ended_at", "ended_by", "confirmed_at", "confirmed_by"]

    def get_is_open(self, access: EmergencyAccess) -> bool:
        """Whether it holds now; what was just saved is open unless it was ended."""
        return bool(getattr(access, "is_open", access.ended_at is None))


class EmergencyAccessInput(serializers.Serializer):
    """Which project, why, and for how long."""

    project = serializers.CharField(max_length=emergency.LONGEST_CODE)
    reason = serializers.CharField(min_length=emergency.SHORTEST_REASON, max_length=emergency.LONGEST_REASON)
    hours = serializers.ChoiceField(choices=emergency.HOURS, default=emergency.HOURS[0])
    includes_confidential = serializers.BooleanField(default=False)


class EmergencyAccessViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Emergency accesses: the person's own; all of them for PMO heads and auditors."""

    serializer_class = EmergencyAccessSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = EmergencyAccess.objects.none()

    def get_queryset(self) -> Any:
        """What the person may see."""
        return accesses_visible_to(self.request.user)

    @extend_schema(request=EmergencyAccessInput, responses={201: EmergencyAccessSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Open emergency access to one project; the answer does not say whether it exists."""
        if not holds(request.user, "emergency.open"):
            self.permission_denied(request)
        sent = EmergencyAccessInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = {**sent.validated_data, "project_code": sent.validated_data["project"]}
        del values["project"]
        access = emergency.open_access(actor=request.user, **values)
        return Response(EmergencyAccessSerializer(access).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=EmergencyAccessSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End it at once: one's own, or any as PMO head."""
        access = emergency.end_access_now(actor=request.user, access=self.get_object())
        return Response(EmergencyAccessSerializer(access).data)

    @extend_schema(request=None, responses=EmergencyAccessSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say as PMO head that it was in order."""
        access = emergency.confirm_access(actor=request.user, access=self.get_object())
        return Response(EmergencyAccessSerializer(self.get_queryset().get(pk=access.pk)).data)
