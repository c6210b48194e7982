"""Exchange rates of the organization."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.idempotency import idempotent
from portfolio.api.dates import today
from portfolio.selectors.rates import missing_rates, rates_found
from projects.choices import FxKind
from projects.models import FxRate
from projects.services.rates import set_rate


class RateOut(serializers.ModelSerializer[FxRate]):
    """What one unit of ``source`` is worth in ``target`` from ``valid_from`` on."""

    valid_from = serializers.DateField(source="date", read_only=True)

    class Meta:
        model = FxRate
        fields = ("id", "source", "target", "valid_from", "kind", "rate")
        read_only_fields = fields


class RateIn(serializers.Serializer[Any]):
    """A rate; one of the same pair, kind and day is corrected, which needs a reason."""

    source = serializers.RegexField(r"^[A-Z]{3}$")
    target = serializers.RegexField(r"^[A-Z]{3}$")
    rate = serializers.DecimalField(max_digits=18, decimal_places=8)
    valid_from = serializers.DateField()
    kind = serializers.ChoiceField(choices=FxKind.choices, default=FxKind.BUDGET)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    expected_rate = serializers.DecimalField(
        max_digits=18,
        decimal_places=8,
        required=False,
        help_text="The rate you saw, to correct that one only.",
    )


class MissingRateOut(serializers.Serializer[Any]):
    """A pair without a budget rate today, and what needs it."""

    source = serializers.CharField()
    target = serializers.CharField()
    projects = serializers.IntegerField()
    codes = serializers.ListField(child=serializers.CharField(), help_text="Up to five of the projects.")


class RateFilter(django_filters.FilterSet):
    """Filters of the list."""

    class Meta:
        model = FxRate
        fields = ("source", "target", "kind")


class RateViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[FxRate]):
    """Exchange rates, newest first."""

    serializer_class = RateOut
    filterset_class = RateFilter

    def get_queryset(self) -> Any:
        """Return the rates; only for people who may see rates."""
        if getattr(self, "swagger_fake_view", False):
            return FxRate.objects.none()
        if not holds(self.request.user, "rate.view"):
            raise PermissionDenied
        return rates_found()

    @extend_schema(request=RateIn, responses={200: RateOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Enter a rate, or correct the one of the same pair, kind and day."""
        if not may(request.user, "rate.edit", organization_node()):
            raise PermissionDenied
        body = RateIn(data=request.data)
        body.is_valid(raise_exception=True)
        kept = set_rate(actor=request.user, **body.validated_data)
        return Response(RateOut(kept).data, status=status.HTTP_200_OK)

    @extend_schema(responses=MissingRateOut(many=True))
    @action(detail=False, pagination_class=None, filterset_class=None)
    def missing(self, request: Request) -> Response:
        """Return the pairs that roll-ups of today need and that have no budget rate."""
        if not holds(request.user, "rate.view"):
            raise PermissionDenied
        rows = missing_rates(request.user, today=today())
        return Response(MissingRateOut(rows, many=True).data)
