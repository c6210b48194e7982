"""Version 1 of the health policy, as printed in domain section 11.1."""

from decimal import Decimal
from functools import cache

from portfolio.rollup.policy import (
    DataQualityRules,
    DimensionPolicy,
    HealthPolicy,
    IndicatorPolicy,
    QualityCheck,
    QualityCheckPolicy,
    RatedWhen,
    ReportRules,
)
from portfolio.rollup.vocabulary import Dimension, Direction, ReportCycle, Unit
from projects.engine.measure import Reason

_LOW = Direction.LOWER_IS_BETTER
_HIGH = Direction.HIGHER_IS_BETTER


def _indicator(
    code: str,
    dimension: Dimension,
    title: str,
    unit: Unit,
    direction: Direction,
    limits: tuple[str, str | None],
    rated_when: RatedWhen,
    red_reasons: tuple[Reason, ...] = (),
) -> IndicatorPolicy:
    green, amber = limits
    return IndicatorPolicy(
        code=code,
        dimension=dimension,
        title=title,
        unit=unit,
        direction=direction,
        green_limit=Decimal(green),
        amber_limit=None if amber is None else Decimal(amber),
        rated_when=rated_when,
        red_reasons=red_reasons,
    )


_DELIVERY_INDICATORS = (
    _indicator(
        "HS1",
        Dimension.SCHEDULE,
        "Forecast finish slip",
        Unit.PERCENT,
        _LOW,
        ("5", "15"),
        RatedWhen.BASELINE,
    ),
    _indicator(
        "HS2",
        Dimension.SCHEDULE,
        "SPI(t)",
        Unit.INDEX,
        _HIGH,
        ("0.95", "0.85"),
        RatedWhen.BASELINE_PLANNED_UNFINISHED,
    ),
    _indicator(
        "HS3",
        Dimension.SCHEDULE,
        "Key milestones overdue",
        Unit.COUNT,
        _LOW,
        ("0", "1"),
        RatedWhen.BASELINE,
    ),
    _indicator(
        "HC1",
        Dimension.COST,
        "Variance at completion",
        Unit.PERCENT,
        _HIGH,
        ("-5", "-10"),
        RatedWhen.BUDGET,
    ),
    _indicator("HC2", Dimension.COST, "CPI", Unit.INDEX, _HIGH, ("0.95", "0.85"), RatedWhen.EARNED),
    _indicator(
        "HC3",
        Dimension.COST,
        "Spent and committed of budget",
        Unit.RATIO,
        _LOW,
        ("1.00", None),
        RatedWhen.BUDGET_UNFINISHED,
    ),
    _indicator(
        "HP1",
        Dimension.SCOPE,
        "Cost of approved scope changes",
        Unit.PERCENT,
        _LOW,
        ("5", "15"),
        RatedWhen.BASELINE,
    ),
    _indicator(
        "HP2",
        Dimension.SCOPE,
        "Change requests undecided too long",
        Unit.COUNT,
        _LOW,
        ("1", "3"),
        RatedWhen.BASELINE,
    ),
)

_RISK_INDICATORS = (
    _indicator(
        "HR1",
        Dimension.RISK,
        "Exposure against contingency",
        Unit.RATIO,
        _LOW,
        ("0.80", "1.20"),
        RatedWhen.REGISTER_REVIEWED,
        (Reason.BUDGET_EXHAUSTED,),
    ),
    _indicator(
        "HR2",
        Dimension.RISK,
        "Very high risks without active response",
        Unit.COUNT,
        _LOW,
        ("0", "1"),
        RatedWhen.REGISTER_REVIEWED,
    ),
    _indicator(
        "HR3",
        Dimension.RISK,
        "Critical issues open too long",
        Unit.COUNT,
        _LOW,
        ("0", "1"),
        RatedWhen.ALWAYS,
    ),
    _indicator(
        "HU1", Dimension.RESOURCES, "Unfilled demand", Unit.PERCENT, _LOW, ("5", "15"), RatedWhen.DEMAND
    ),
    _indicator(
        "HU2",
        Dimension.RESOURCES,
        "Overloaded share of the team",
        Unit.PERCENT,
        _LOW,
        ("10", "25"),
        RatedWhen.TEAM,
    ),
)

_VALUE_INDICATORS = (
    _indicator(
        "HQ1",
        Dimension.QUALITY,
        "Critical or major findings overdue",
        Unit.COUNT,
        _LOW,
        ("0", "2"),
        RatedWhen.REVIEW_DONE,
    ),
    _indicator(
        "HQ2",
        Dimension.QUALITY,
        "Accepted at first decision",
        Unit.PERCENT,
        _HIGH,
        ("80", "60"),
        RatedWhen.ENOUGH_DECIDED,
    ),
    _indicator(
        "HB1",
        Dimension.BENEFITS,
        "Benefit forecast",
        Unit.RATIO,
        _HIGH,
        ("0.95", "0.80"),
        RatedWhen.BENEFITS_SET,
    ),
    _indicator(
        "HB2",
        Dimension.BENEFITS,
        "Benefit to date",
        Unit.RATIO,
        _HIGH,
        ("0.90", "0.70"),
        RatedWhen.BENEFITS_PLANNED,
    ),
    _indicator(
        "HG1",
        Dimension.GOVERNANCE,
        "Compliance",
        Unit.PERCENT,
        _HIGH,
        ("90", "75"),
        RatedWhen.ANYTHING_DUE,
    ),
    _indicator(
        "HG2",
        Dimension.GOVERNANCE,
        "Oldest gate condition overdue",
        Unit.DAYS,
        _LOW,
        ("0", "14"),
        RatedWhen.ALWAYS,
    ),
)

_DIMENSIONS = (
    DimensionPolicy(Dimension.SCHEDULE, "Schedule", Decimal(25), is_lead=True),
    DimensionPolicy(Dimension.COST, "Cost", Decimal(25), is_lead=True),
    DimensionPolicy(Dimension.SCOPE, "Scope", Decimal(10)),
    DimensionPolicy(Dimension.RISK, "Risk", Decimal(15)),
    DimensionPolicy(Dimension.RESOURCES, "Resources", Decimal(10)),
    DimensionPolicy(Dimension.QUALITY, "Quality", Decimal(5)),
    DimensionPolicy(Dimension.BENEFITS, "Benefits", Decimal(5)),
    DimensionPolicy(Dimension.GOVERNANCE, "Governance", Decimal(5), can_be_declared=False),
)

_CHECKS = (
    (QualityCheck.REPORT_FRESH, "Status report is fresh", 20),
    (QualityCheck.DATA_DATE_RECENT, "Data date is within the reporting cycle", 15),
    (QualityCheck.BASELINE_APPROVED, "Baseline is approved", 15),
    (QualityCheck.COSTS_POSTED, "Costs are posted for the last closed period", 10),
    (QualityCheck.SCHEDULE_QUALITY, "Schedule quality is good enough", 10),
    (QualityCheck.RISKS_REVIEWED, "Risks are reviewed in time", 10),
    (QualityCheck.TASKS_OWNED, "Tasks have an owner", 5),
    (QualityCheck.TIMESHEETS_APPROVED, "Timesheets of the last closed period are approved", 5),
    (QualityCheck.LEADERS_SET, "Sponsor and project manager are set", 5),
    (QualityCheck.BENEFITS_OWNED, "Benefits have owner and measure", 5),
)


@cache
def default_policy() -> HealthPolicy:
    """Return version 1 of the policy; the same immutable value at each call."""
    return HealthPolicy(
        version=1,
        dimensions=_DIMENSIONS,
        indicators=_DELIVERY_INDICATORS + _RISK_INDICATORS + _VALUE_INDICATORS,
        report=ReportRules(
            cycle_days={
                ReportCycle.WEEKLY: 7,
                ReportCycle.TWO_WEEKLY: 14,
                ReportCycle.MONTHLY: 31,
                ReportCycle.QUARTERLY: 92,
                ReportCycle.YEARLY: 366,
            }
        ),
        data_quality=DataQualityRules(
            checks=tuple(QualityCheckPolicy(code, title, Decimal(weight)) for code, title, weight in _CHECKS)
        ),
    )
