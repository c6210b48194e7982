"""Versions of a plan beside each other, and how milestones moved from report to report."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import OfProject
from projects.forms.plan_versions import asked_versions
from projects.models import Baseline
from projects.selectors.milestone_trends import trend_page
from projects.selectors.plan_change_words import change_lines, growth_percent
from projects.selectors.plan_versions import ComparedRow, compare_versions, plan_versions
from projects.selectors.quality_words import NO_BASELINE

VERSION = "Number of a baseline, or `plan` for the plan as it stands."


class SideOutput(serializers.Serializer[Any]):
    """A leaf in one version; null where the version does not have it."""

    name = serializers.CharField(read_only=True)
    start = serializers.DateField(read_only=True, allow_null=True)
    finish = serializers.DateField(read_only=True, allow_null=True)


class ComparedRowOutput(serializers.Serializer[Any]):
    """
    A leaf in two versions: working days, positive is late (SCH-37).

    ``cost`` is the later budget less the earlier one, only for people who may see budgets.
    """

    uid = serializers.IntegerField(source="change.uid", read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(source="change.name", read_only=True)
    is_changed = serializers.BooleanField(source="change.is_changed", read_only=True)
    before = SideOutput(source="change.before", read_only=True, allow_null=True)
    after = SideOutput(source="change.after", read_only=True, allow_null=True)
    start_wd = serializers.IntegerField(source="change.start_wd", read_only=True, allow_null=True)
    finish_wd = serializers.IntegerField(source="change.finish_wd", read_only=True, allow_null=True)
    duration_days = serializers.DecimalField(read_only=True, allow_null=True, max_digits=12, decimal_places=4)
    cost = serializers.DecimalField(
        source="change.cost", required=False, allow_null=True, max_digits=18, decimal_places=2
    )

    def to_representation(self, instance: ComparedRow) -> dict[str, Any]:
        """Leave the amount out where the right is missing."""
        shown = super().to_representation(instance)
        if "budget.view" not in self.context.get("rights", frozenset()):
            shown.pop("cost")
        return shown


class ChangeLineOutput(serializers.Serializer[Any]):
    """A sentence about what changed; ``tone`` is bad, good or empty."""

    text = serializers.CharField(read_only=True)
    tone = serializers.CharField(read_only=True)
    names = serializers.ListField(child=serializers.CharField(), read_only=True)
    more = serializers.IntegerField(read_only=True)


class ComparisonOutput(serializers.Serializer[Any]):
    """Two versions of the plan: what changed in words, and leaf by leaf."""

    before = serializers.CharField(source="comparison.before.key", read_only=True)
    after = serializers.CharField(source="comparison.after.key", read_only=True)
    finish_before = serializers.DateField(
        source="comparison.difference.finish_before", read_only=True, allow_null=True
    )
    finish_after = serializers.DateField(
        source="comparison.difference.finish_after", read_only=True, allow_null=True
    )
    finish_wd = serializers.IntegerField(
        source="comparison.difference.finish_wd", read_only=True, allow_null=True
    )
    growth_percent = serializers.DecimalField(
        source="growth", required=False, allow_null=True, max_digits=12, decimal_places=4
    )
    lines = ChangeLineOutput(many=True, read_only=True)
    rows = ComparedRowOutput(source="comparison.rows", many=True, read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Leave the growth of the budget out where the right is missing."""
        shown = super().to_representation(instance)
        if "budget.view" not in self.context.get("rights", frozenset()):
            shown.pop("growth_percent")
        return shown


class MilestoneForecastOutput(serializers.Serializer[Any]):
    """What a report forecast; ``day`` is the actual date once reached."""

    day = serializers.DateField(read_only=True, allow_null=True)
    is_reached = serializers.BooleanField(read_only=True)


class TrendRowOutput(serializers.Serializer[Any]):
    """A milestone: a forecast for each report, calendar days of slip between them, what its line does."""

    uid = serializers.IntegerField(read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    forecasts = MilestoneForecastOutput(many=True, read_only=True)
    slips = serializers.ListField(
        source="trend.slips", child=serializers.IntegerField(allow_null=True), read_only=True
    )
    total = serializers.IntegerField(source="trend.total", read_only=True, allow_null=True)
    trend = serializers.CharField(source="trend.trend", read_only=True, allow_null=True)
    later_in_a_row = serializers.IntegerField(source="trend.later_in_a_row", read_only=True)


class SlipOutput(serializers.Serializer[Any]):
    """Forecast finish against the original baseline at a report, working days; null with its reason."""

    finish = serializers.DateField(read_only=True, allow_null=True)
    slip_wd = serializers.IntegerField(read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True)


class TrendOutput(serializers.Serializer[Any]):
    """Data dates of the last published reports, the forecasts of milestones and the slip of the finish."""

    days = serializers.ListField(child=serializers.DateField(), read_only=True)
    only_key = serializers.BooleanField(read_only=True)
    left_out = serializers.IntegerField(read_only=True)
    rows = TrendRowOutput(many=True, read_only=True)
    slips = SlipOutput(many=True, read_only=True)


class PlanVersionViewSet(OfProject):
    """Baselines and the plan as it stands, compared."""

    serializer_class = ComparisonOutput
    read_permissions = ("baseline.view",)
    queryset = Baseline.objects.none()
    filter_backends = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("before", str, description=VERSION),
            OpenApiParameter("after", str, description=VERSION),
        ],
        responses=ComparisonOutput,
    )
    def compare(self, request: Request, code: str) -> Response:
        """Compare two versions; the plan with the current baseline when not chosen."""
        asked = asked_versions(request.query_params, plan_versions(self.project))
        if asked is None:
            raise NotFound(NO_BASELINE)
        hides_tasks = "task.view" not in self.rights
        found = compare_versions(self.project, *asked, user=request.user, milestones_only=hides_tasks)
        shown = {"comparison": found, "growth": growth_percent(found), "lines": change_lines(found)}
        return self.shown(shown)

    @extend_schema(responses=TrendOutput)
    def trend(self, request: Request, code: str) -> Response:
        """Return how milestones and the finish moved from report to report."""
        found = trend_page(self.project, user=request.user)
        return Response(TrendOutput(found, context=self.get_serializer_context()).data)
