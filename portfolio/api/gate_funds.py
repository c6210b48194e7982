"""Money gates released, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.models import GateReview
from portfolio.selectors.gate_funds import funds_of
from portfolio.selectors.governance import governance_of
from projects.api.base import OfProject
from projects.models import CostHold
from projects.selectors.cost_holds import cost_hold_of, open_lines

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}


class ReleaseOut(serializers.Serializer[Any]):
    """An amount released at a gate; one whose decision lapsed is in no sum."""

    gate = serializers.CharField()
    phase = serializers.CharField()
    decided_on = serializers.DateField()
    amount = serializers.DecimalField(**AMOUNT)
    total = serializers.DecimalField(**AMOUNT)
    is_lapsed = serializers.BooleanField()


class CostHoldOut(serializers.Serializer[Any]):
    """A hold of a gate that stops the booking of costs, but on ``open_lines``."""

    gate = serializers.CharField(source="cause")
    since = serializers.DateField(source="began_on")
    open_lines = serializers.SerializerMethodField(help_text="Numbers of the budget lines.")

    def get_open_lines(self, hold: CostHold) -> list[int]:
        """Return the lines costs are still booked on."""
        return [line.pk for line in open_lines(hold)]


class FundsOut(serializers.Serializer[Any]):
    """What gates released against budget and spending, in project currency."""

    currency = serializers.CharField(source="money.currency")
    budget = serializers.DecimalField(source="money.budget", allow_null=True, **AMOUNT)
    spoken_for = serializers.DecimalField(
        source="money.spoken_for", help_text="Spent, or promised to suppliers.", **AMOUNT
    )
    released = serializers.DecimalField(
        allow_null=True, help_text="Null while no gate released money.", **AMOUNT
    )
    left = serializers.DecimalField(allow_null=True, help_text="Null without a budget.", **AMOUNT)
    free = serializers.DecimalField(
        allow_null=True, help_text="Released and neither spent nor promised.", **AMOUNT
    )
    is_overspent = serializers.BooleanField()
    releases = ReleaseOut(many=True)
    cost_hold = serializers.SerializerMethodField(help_text="Null while all costs are booked.")

    @extend_schema_field(CostHoldOut(allow_null=True))
    def get_cost_hold(self, _found: Any) -> Any:
        """Return the hold that stops costs, with the lines it left open."""
        hold = cost_hold_of(self.context["project"])
        return CostHoldOut(hold).data if hold else None


class ProjectFundsViewSet(OfProject):
    """Money released at the gates of a project."""

    serializer_class = FundsOut
    queryset = GateReview.objects.none()
    read_permissions = ("budget.view", "budget.view_totals")
    pagination_class = None

    @extend_schema(responses=FundsOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return what the gates released, and what is spent and left of it."""
        known = governance_of(self.project, self.today)
        found = funds_of(self.project, known, self.today)
        return Response(FundsOut(found, context=self.get_serializer_context()).data)
