"""A version of the health policy as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from pmo_portal.common.templatetags.common import percent0
from portfolio.models import HealthPolicy
from portfolio.rollup.policy import GroupRules, IndicatorPolicy, ProjectRules, TrendRules
from portfolio.rollup.policy import HealthPolicy as Rules
from portfolio.rollup.policy_version_1 import default_policy
from portfolio.rollup.vocabulary import Direction, Unit
from portfolio.selectors.indicator_words import INDICATORS, QUALITY_CHECKS, Text
from portfolio.selectors.wording import dimension_name, limit_text, unit_word

MANY = 2


@dataclass(frozen=True)
class IndicatorRule:
    """An indicator with its limits as texts."""

    code: str
    name: Text
    definition: Text
    green: str
    amber: str


@dataclass(frozen=True)
class DimensionRule:
    """A dimension with its indicators."""

    name: str
    weight: Decimal
    is_lead: bool
    indicators: tuple[IndicatorRule, ...]


@dataclass(frozen=True)
class CheckRule:
    """A data quality check."""

    title: Text
    weight: Decimal


@dataclass(frozen=True)
class PolicyPage:
    """One version with the list of all."""

    version: str
    is_in_force: bool
    effective_from: date | None
    reason: str
    author: str
    dimensions: tuple[DimensionRule, ...]
    checks: tuple[CheckRule, ...]
    project: ProjectRules
    group: GroupRules
    trend: TrendRules
    grace_days: int
    versions: tuple[HealthPolicy, ...]


def policy_page(versions: Sequence[HealthPolicy], asked: str, *, today: date) -> PolicyPage:
    """Return the asked version of the organization's policy; the one in force without it. No query."""
    current = next((item for item in versions if item.effective_from <= today), None)
    chosen = next((item for item in versions if str(item.version) == asked), current)
    rules = Rules.from_dict(chosen.document) if chosen else default_policy()
    return PolicyPage(
        version=str(chosen.version if chosen else rules.version),
        is_in_force=chosen is current,
        effective_from=chosen.effective_from if chosen and chosen.effective_from.year > 1900 else None,
        reason=chosen.reason if chosen else "",
        author=chosen.created_by.name if chosen and chosen.created_by else "",
        dimensions=tuple(
            DimensionRule(
                name=dimension_name(rule.code),
                weight=rule.weight,
                is_lead=rule.is_lead,
                indicators=tuple(_indicator(item) for item in rules.indicators_of(rule.code)),
            )
            for rule in rules.dimensions
        ),
        checks=tuple(
            CheckRule(QUALITY_CHECKS.get(check.code.value, check.title), check.weight)
            for check in rules.data_quality.checks
        ),
        project=rules.project,
        group=rules.group,
        trend=rules.trend,
        grace_days=rules.report.grace_days,
        versions=tuple(versions),
    )


def limit_hint(item: IndicatorPolicy) -> str:
    """Return which side of a limit is good, and in what it is measured: ``at most, %``."""
    side = _("at most") if item.direction == Direction.LOWER_IS_BETTER else _("at least")
    if item.unit == Unit.RATIO:
        measure = _("1 is %(whole)s") % {"whole": percent0(100)}
    else:
        measure = "%" if item.unit == Unit.PERCENT else unit_word(MANY, item.unit)
    return ", ".join(filter(None, (side, measure)))


def indicator_name(item: IndicatorPolicy) -> Text:
    """Return the name of an indicator in the language of the reader."""
    words = INDICATORS.get(item.code)
    return words.name if words else item.title


def _indicator(item: IndicatorPolicy) -> IndicatorRule:
    words = INDICATORS.get(item.code)
    sign = "≤" if item.direction == Direction.LOWER_IS_BETTER else "≥"
    return IndicatorRule(
        code=item.code,
        name=indicator_name(item),
        definition=words.definition if words else "",
        green=f"{sign} {limit_text(item.green_limit, item.unit)}",
        amber="" if item.amber_limit is None else f"{sign} {limit_text(item.amber_limit, item.unit)}",
    )
