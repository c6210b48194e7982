"""Health policies over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.idempotency import idempotent
from portfolio.access import portfolios_seen_by
from portfolio.api.serializers import PolicyOut
from portfolio.models import HealthPolicy
from portfolio.services.policies import publish_policy


class PolicyIn(serializers.Serializer[Any]):
    """A whole policy in the shape of ``document`` of the former one, and why it changes."""

    document = serializers.DictField()
    reason = serializers.CharField(max_length=2000)
    effective_from = serializers.DateField()


class PolicyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[HealthPolicy]):
    """Versions of health policies: the organization's, and those of portfolios the person sees."""

    serializer_class = PolicyOut
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return what the person may read, newest version first."""
        if getattr(self, "swagger_fake_view", False):
            return HealthPolicy.objects.none()
        if not holds(self.request.user, "policy.view"):
            raise PermissionDenied
        seen = portfolios_seen_by(self.request.user).values("pk")
        rows = HealthPolicy.objects.select_related("portfolio")
        return (rows.filter(portfolio__isnull=True) | rows.filter(portfolio__in=seen)).order_by(
            "portfolio_id", "-version", "-pk"
        )

    @extend_schema(request=PolicyIn, responses={201: PolicyOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Publish the next version for the organization; it counts from the next roll-up."""
        if not may(request.user, "policy.edit", organization_node()):
            raise PermissionDenied
        body = PolicyIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = publish_policy(actor=request.user, **body.validated_data)
        return Response(PolicyOut(made).data, status=status.HTTP_201_CREATED)
