"""Input and output shapes of the portfolio API."""

from typing import Any

from rest_framework import serializers

from portfolio.choices import RunState, SnapshotKind
from portfolio.models import HealthPolicy, Portfolio, Program, ProjectHealth, RollupRun
from projects.choices import Rag

MONEY = {"max_digits": 18, "decimal_places": 2, "allow_null": True, "read_only": True}


class PortfolioOut(serializers.ModelSerializer[Portfolio]):
    """A portfolio."""

    parent = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Portfolio
        fields = ["code", "name", "description", "parent", "reporting_currency", "version"]
        read_only_fields = fields


class PortfolioIn(serializers.Serializer[Any]):
    """What a new portfolio needs."""

    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=150)
    description = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    parent = serializers.SlugField(required=False, allow_null=True, max_length=40)
    reporting_currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)


class PortfolioChange(PortfolioIn):
    """What of a portfolio may change."""

    code = None  # type: ignore[assignment]
    name = serializers.CharField(max_length=150, required=False)


class ProgramOut(serializers.ModelSerializer[Program]):
    """A program."""

    portfolio = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Program
        fields = ["code", "name", "outcomes", "portfolio", "version"]
        read_only_fields = fields


class ProgramIn(serializers.Serializer[Any]):
    """What a new program needs."""

    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=150)
    outcomes = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    portfolio = serializers.SlugField(max_length=40)


class ProgramChange(ProgramIn):
    """What of a program may change."""

    code = None  # type: ignore[assignment]
    name = serializers.CharField(max_length=150, required=False)
    portfolio = serializers.SlugField(max_length=40, required=False)


class ShareOut(serializers.Serializer[Any]):
    """One color of a distribution; shares in percent."""

    color = serializers.ChoiceField(choices=Rag.choices)
    count = serializers.IntegerField()
    count_share = serializers.FloatField(allow_null=True)
    budget = serializers.DecimalField(**MONEY)
    budget_share = serializers.FloatField(allow_null=True)


class ExceptionOut(serializers.Serializer[Any]):
    """One line of the exceptions list."""

    code = serializers.CharField()
    project = serializers.CharField(source="project.code")
    color = serializers.ChoiceField(choices=Rag.choices)
    params = serializers.DictField(child=serializers.CharField(allow_blank=True))


class GroupHealthOut(serializers.Serializer[Any]):
    """Health of a portfolio with everything below it that the person may see."""

    code = serializers.CharField()
    title = serializers.CharField()
    as_of = serializers.DateField()
    figures_as_of = serializers.DateField(allow_null=True)
    is_stale = serializers.BooleanField()
    currency = serializers.CharField()
    color = serializers.ChoiceField(choices=Rag.choices)
    reason_code = serializers.CharField(allow_blank=True)
    rule_text = serializers.CharField(allow_blank=True)
    score = serializers.FloatField(allow_null=True)
    trend = serializers.CharField()
    score_change = serializers.FloatField(allow_null=True)
    projects_total = serializers.IntegerField()
    budget = serializers.DecimalField(**MONEY)
    actual = serializers.DecimalField(**MONEY)
    forecast = serializers.DecimalField(**MONEY)
    fx_effect = serializers.DecimalField(**MONEY)
    distribution = ShareOut(many=True)
    dimensions = serializers.DictField(child=serializers.ChoiceField(choices=Rag.choices))
    exceptions = ExceptionOut(many=True)
    exception_counts = serializers.DictField(child=serializers.IntegerField())


class ProjectHealthOut(serializers.ModelSerializer[ProjectHealth]):
    """Health of a project at a date; money needs its own right and is null without it."""

    project = serializers.SlugRelatedField(slug_field="code", read_only=True)
    portfolio = serializers.SlugRelatedField(slug_field="code", read_only=True)
    program = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    budget = serializers.SerializerMethodField()
    actual = serializers.SerializerMethodField()
    forecast = serializers.SerializerMethodField()

    class Meta:
        model = ProjectHealth
        fields = [
            "project",
            "portfolio",
            "program",
            "as_of",
            "kind",
            "revision",
            "policy_version",
            "state",
            "color",
            "reason_code",
            "score",
            "coverage",
            "data_quality",
            "trend",
            "dimension_colors",
            "is_stale",
            "confidence",
            "currency",
            "budget",
            "actual",
            "forecast",
            "spi_t",
            "cpi",
            "slip_wd",
            "forecast_finish",
            "exceptions",
            "computed_at",
        ]
        read_only_fields = fields

    def _amount(self, row: ProjectHealth, name: str) -> str | None:
        amount = getattr(row, name)
        is_shown = row.project_id in self.context.get("with_money", set())
        return None if amount is None or not is_shown else str(amount)

    def get_budget(self, row: ProjectHealth) -> str | None:
        """Return the approved budget in project currency."""
        return self._amount(row, "budget")

    def get_actual(self, row: ProjectHealth) -> str | None:
        """Return the actual cost in project currency."""
        return self._amount(row, "actual")

    def get_forecast(self, row: ProjectHealth) -> str | None:
        """Return the estimate at completion in project currency."""
        return self._amount(row, "forecast")


class ProjectHealthDetail(ProjectHealthOut):
    """The same with everything needed to recompute the color by hand."""

    class Meta(ProjectHealthOut.Meta):
        fields = [*ProjectHealthOut.Meta.fields, "indicators", "explanation"]
        read_only_fields = fields


class RollupOut(serializers.ModelSerializer[RollupRun]):
    """A roll-up of everything for a date."""

    class Meta:
        model = RollupRun
        fields = [
            "id",
            "as_of",
            "kind",
            "state",
            "chunks_total",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields


class RollupIn(serializers.Serializer[Any]):
    """Order of a roll-up; today without a date."""

    as_of = serializers.DateField(required=False)
    kind = serializers.ChoiceField(
        choices=[SnapshotKind.DAILY, SnapshotKind.ADHOC], default=SnapshotKind.ADHOC
    )


class RollupFilter(serializers.Serializer[Any]):
    """Filters of the list of roll-ups."""

    as_of = serializers.DateField(required=False)
    state = serializers.ChoiceField(choices=RunState.choices, required=False)


class ComparisonQuery(serializers.Serializer[Any]):
    """The two dates."""

    date_a = serializers.DateField(help_text="One date")
    date_b = serializers.DateField(help_text="The other date")


class SideOut(serializers.Serializer[Any]):
    """The group at one of the dates."""

    as_of = serializers.DateField()
    color = serializers.ChoiceField(choices=Rag.choices)
    score = serializers.FloatField(allow_null=True)
    projects_total = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    budget = serializers.DecimalField(**MONEY)
    actual = serializers.DecimalField(**MONEY)
    forecast = serializers.DecimalField(**MONEY)


class ComparisonOut(serializers.Serializer[Any]):
    """A portfolio at two dates (HLT-8)."""

    code = serializers.CharField()
    title = serializers.CharField()
    currency = serializers.CharField()
    before = SideOut()
    after = SideOut()
    result = serializers.SerializerMethodField()

    def get_result(self, page: Any) -> dict[str, Any]:
        """Return joined, left, moved, transitions, movers, color changes and the score change."""
        plain: dict[str, Any] = page.result.to_dict()
        for move in plain["moved"]:
            move["before"] = page.places.get(move["before"], "")
            move["after"] = page.places.get(move["after"], "")
        return plain


class PolicyOut(serializers.ModelSerializer[HealthPolicy]):
    """A version of a health policy."""

    portfolio = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = HealthPolicy
        fields = ["id", "portfolio", "version", "effective_from", "reason", "created_at", "document"]
        read_only_fields = fields


class AsOfQuery(serializers.Serializer[Any]):
    """A date, today without it."""

    as_of = serializers.DateField(required=False)


class ProjectHealthQuery(AsOfQuery):
    """Filters of the health of projects."""

    project = serializers.SlugField(required=False, max_length=40)
    portfolio = serializers.SlugField(required=False, max_length=40)
    color = serializers.ChoiceField(choices=Rag.choices, required=False)
