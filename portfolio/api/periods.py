"""Periods of the organization."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.idempotency import idempotent
from portfolio.api.dates import today
from portfolio.api.serializers import RollupOut
from portfolio.services.periods import close_period
from projects.models import Period
from projects.selectors.periods import Span
from projects.services import periods


class PeriodOut(serializers.ModelSerializer[Period]):
    """A period; ``closed_at`` is null while it takes postings."""

    class Meta:
        model = Period
        fields = ("code", "start", "end", "closed_at")
        read_only_fields = fields


class PeriodsIn(serializers.Serializer[Any]):
    """The next periods: ``months`` by the calendar, or one with ``code``, ``start`` and ``end``."""

    months = serializers.IntegerField(required=False, min_value=1, max_value=36)
    code = serializers.SlugField(required=False, max_length=10)
    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two shapes."""
        if ("months" in attrs) == bool({"code", "end"} & set(attrs)):
            raise serializers.ValidationError("Send months, or code, start and end.")
        missing = {"code", "start", "end"} - set(attrs)
        if "months" not in attrs and missing:
            raise serializers.ValidationError(dict.fromkeys(sorted(missing), "This field is required."))
        return attrs


class PeriodViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Period]):
    """Periods, their creation and their close."""

    serializer_class = PeriodOut
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,10}"

    def get_queryset(self) -> Any:
        """Return the newest first; for people who see amounts or close periods."""
        if getattr(self, "swagger_fake_view", False):
            return Period.objects.none()
        if not held_permissions(self.request.user, ("period.close", "budget.view")):
            raise PermissionDenied
        return Period.objects.order_by("-start")

    @extend_schema(request=PeriodsIn, responses={201: PeriodOut(many=True)})
    @idempotent
    def create(self, request: Request) -> Response:
        """Create the next periods."""
        self._require_close(request)
        body = PeriodsIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        if "months" in given:
            first = given.get("start") or today().replace(month=1, day=1)
            made = periods.create_months(actor=request.user, months=given["months"], first_day=first)
        else:
            made = periods.create_periods(actor=request.user, spans=[Span(**given)])
        return Response(PeriodOut(made, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str) -> Response:
        """Take back the last period while it is open."""
        self._require_close(request)
        periods.remove_period(actor=request.user, period=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={202: RollupOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request: Request, code: str) -> Response:
        """Close the period for ever; answers with the roll-up that locks its figures."""
        self._require_close(request)
        period = self.get_object()
        run = close_period(actor=request.user, period_end=period.end, today=today())
        return Response(RollupOut(run).data, status=status.HTTP_202_ACCEPTED)

    def _require_close(self, request: Request) -> None:
        if not may(request.user, "period.close", organization_node()):
            raise PermissionDenied
