"""Earned value of a project: figures for all who see totals, work packages for those who see lines."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import OfProject
from projects.api.money_serializers import AMOUNT
from projects.forms.earned_value import asked_factor, asked_past_day
from projects.models import Project
from projects.selectors.earned_value import EarnedValue, Figure, earned_value

SIX = Decimal("0.000001")
CENT = Decimal("0.01")


def _text(value: Decimal | date | None, *, is_money: bool = False) -> str | None:
    """Return money with two decimals, other numbers with six, days as ISO dates."""
    if value is None or isinstance(value, date):
        return value.isoformat() if value else None
    return f"{value.quantize(CENT if is_money else SIX, rounding=ROUND_HALF_UP):f}"


class FigureOutput(serializers.Serializer[Any]):
    """A figure as text: money with two decimals, others with six, days as dates; null with its reason."""

    value = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class ForecastOutput(serializers.Serializer[Any]):
    """Months from the baseline start and the day of the finish."""

    factor = serializers.CharField(allow_null=True)
    periods = serializers.CharField(allow_null=True)
    finish = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class PointOutput(serializers.Serializer[Any]):
    """Cumulative amounts at the end of a period or at the data date, and what the period added."""

    period = serializers.CharField(source="label")
    is_data_date = serializers.BooleanField()
    day = serializers.DateField(source="point.day")
    pv = serializers.DecimalField(source="point.pv", **AMOUNT)
    ev = serializers.DecimalField(source="point.ev", allow_null=True, **AMOUNT)
    ac = serializers.DecimalField(source="point.ac", allow_null=True, **AMOUNT)
    pv_in_period = serializers.DecimalField(source="point.pv_in_period", **AMOUNT)
    ev_in_period = serializers.DecimalField(source="point.ev_in_period", allow_null=True, **AMOUNT)
    ac_in_period = serializers.DecimalField(source="point.ac_in_period", allow_null=True, **AMOUNT)
    is_negative = serializers.BooleanField(source="point.is_negative")


class EstimateOutput(serializers.Serializer[Any]):
    """An estimate at completion by one method."""

    method = serializers.CharField()
    formula = serializers.CharField()
    eac = serializers.SerializerMethodField()
    etc = serializers.SerializerMethodField()
    vac = serializers.SerializerMethodField()
    reason = serializers.CharField(allow_null=True)
    is_declared = serializers.BooleanField()
    stands_in = serializers.BooleanField()

    def get_eac(self, row: Any) -> str | None:
        """Return the amount."""
        return _text(row.eac, is_money=True)

    def get_etc(self, row: Any) -> str | None:
        """Return the amount."""
        return _text(row.etc, is_money=True)

    def get_vac(self, row: Any) -> str | None:
        """Return the amount."""
        return _text(row.vac, is_money=True)


class PackageOutput(serializers.Serializer[Any]):
    """A work package; shares of 0 to 100."""

    uid = serializers.IntegerField()
    wbs = serializers.CharField()
    name = serializers.CharField()
    is_removed = serializers.BooleanField()
    technique = serializers.CharField()
    elapsed_percent = serializers.SerializerMethodField()
    earned_percent = serializers.SerializerMethodField()
    reason = serializers.CharField(allow_null=True)
    budget = serializers.DecimalField(**AMOUNT)
    pv = serializers.DecimalField(**AMOUNT)
    ev = serializers.DecimalField(**AMOUNT)
    ac = serializers.DecimalField(allow_null=True, **AMOUNT)
    sv = serializers.DecimalField(**AMOUNT)
    cv = serializers.DecimalField(allow_null=True, **AMOUNT)

    def get_elapsed_percent(self, row: Any) -> str | None:
        """Return the share of the planned working time."""
        return _text(row.elapsed_percent)

    def get_earned_percent(self, row: Any) -> str | None:
        """Return the share of the budget earned."""
        return _text(row.earned_percent)


class WarningOutput(serializers.Serializer[Any]):
    """What to look at before trusting the figures."""

    code = serializers.CharField()
    text = serializers.CharField()


class EarnedValueOutput(serializers.Serializer[Any]):
    """The earned value of a project; ``work_packages`` only for people who see budget lines."""

    currency = serializers.CharField()
    as_of = serializers.DateField()
    data_date = serializers.DateField(allow_null=True)
    baseline = serializers.IntegerField(allow_null=True)
    is_finished = serializers.BooleanField()
    figures = serializers.SerializerMethodField()
    estimates = EstimateOutput(many=True)
    forecast = serializers.SerializerMethodField()
    periods = PointOutput(many=True, source="points")
    work_packages = PackageOutput(many=True, source="rows", required=False)
    other_cost = serializers.DecimalField(**AMOUNT)
    warnings = WarningOutput(many=True)

    @extend_schema_field(serializers.DictField(child=FigureOutput()))
    def get_figures(self, found: EarnedValue) -> dict[str, Any]:
        """Return all figures by name."""
        figures = (*found.amounts, *found.performance, *found.completion, *found.schedule)
        return {figure.name: _figure(figure) for figure in figures}

    @extend_schema_field(ForecastOutput)
    def get_forecast(self, found: EarnedValue) -> dict[str, Any]:
        """Return months and day of the finish for the performance factor that was asked for."""
        return {
            "factor": _text(found.factor),
            "periods": _text(found.factor_periods.value),
            "finish": _text(found.factor_date.value),
            "reason": found.factor_periods.reason or found.factor_date.reason,
        }

    def to_representation(self, instance: EarnedValue) -> dict[str, Any]:
        """Leave work packages out where the right is missing."""
        shown = super().to_representation(instance)
        if "budget.view" not in self.context.get("rights", frozenset()):
            shown.pop("work_packages", None)
        return shown


def _figure(figure: Figure) -> dict[str, str | None]:
    return {"value": _text(figure.value, is_money="money" in figure.kind), "reason": figure.reason}


class EarnedValueViewSet(OfProject):
    """Earned value as the page shows it."""

    serializer_class = EarnedValueOutput
    read_permissions = ("budget.view", "budget.view_totals")
    queryset = Project.objects.none()
    filter_backends = ()

    @extend_schema(
        responses=EarnedValueOutput,
        parameters=[
            OpenApiParameter("as_of", str, description="A past day, YYYY-MM-DD; today when left out."),
            OpenApiParameter(
                "factor", str, description="Performance factor of the remaining work; SPI(t) when left out."
            ),
        ],
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the earned value of the project at its data date."""
        as_of = asked_past_day(request.query_params, today=self.today) or self.today
        return self.shown(earned_value(self.project, as_of=as_of, factor=asked_factor(request.query_params)))
