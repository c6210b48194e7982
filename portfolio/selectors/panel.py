"""The reason for a project's color in words: what `components/_explanation.html` shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from pmo_portal.common.templatetags.common import number1
from portfolio.rollup.codec import to_plain
from portfolio.rollup.facts import RecordRef
from portfolio.rollup.guards import color_by_rule
from portfolio.rollup.health import Basis, DimensionHealth, IndicatorResult, Step, StepCode
from portfolio.rollup.health import ProjectHealth as Judgement
from portfolio.rollup.policy import HealthPolicy as Rules
from portfolio.rollup.vocabulary import Color, Direction, Population
from portfolio.selectors.board_charts import ChartRow, close_label
from portfolio.selectors.compliance_records import REQUIREMENT, in_reader_language, requirement_address
from portfolio.selectors.explanations import HealthPanel
from portfolio.selectors.gate_conditions import CONDITION
from portfolio.selectors.gate_page import gate_url
from portfolio.selectors.indicator_words import INDICATORS, QUALITY_CHECKS, Text
from portfolio.selectors.wording import (
    dimension_name,
    distance_sentence,
    exception_sentence,
    limit_text,
    missing_sentence,
    shown,
    step_sentence,
    unit_word,
)
from projects.choices import Rag
from projects.models import DeclaredRating

RULE_STEPS = {
    StepCode.LEAD_DIMENSION_RED,
    StepCode.SEVERAL_DIMENSIONS_RED,
    StepCode.LEAD_DIMENSION_AMBER,
    StepCode.ONE_DIMENSION_RED,
    StepCode.SEVERAL_DIMENSIONS_AMBER,
    StepCode.NOTHING_ADVERSE,
    StepCode.PROJECT_ON_HOLD,
    StepCode.PROJECT_COMPLETE,
    StepCode.PROJECT_LEFT_OUT,
    StepCode.CALCULATION_FAILED,
}
DECIDING_GUARDS = {StepCode.GUARD_COVERAGE, StepCode.GUARD_STALE, StepCode.GUARD_VERY_STALE}
GUARD_STEPS = {
    StepCode.GUARD_COVERAGE,
    StepCode.GUARD_STALE,
    StepCode.GUARD_VERY_STALE,
    StepCode.REPORT_DROPPED,
    StepCode.PROJECT_ON_HOLD,
    StepCode.OVERRIDE_NOT_IN_FORCE,
}


@dataclass(frozen=True)
class Record:
    """A record behind a figure; without an address when there is no page for it."""

    title: str
    url: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator as texts."""

    code: str
    name: Text
    definition: Text
    value: str | None
    unit: str
    green: str
    amber: str
    color: str
    distance: str
    reason: str
    records: tuple[Record, ...]
    url: str


@dataclass(frozen=True)
class DimensionLine:
    """One dimension with its indicators."""

    name: str
    weight: Decimal
    declared: str | None
    computed: str
    effective: str
    note: str
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class Override:
    """A declared color the PMO accepted."""

    dimension: str
    by: str
    reason: str
    expires: date | None


@dataclass(frozen=True)
class CheckLine:
    """One data quality check."""

    title: Text
    passed: bool | None
    weight: str
    note: str = ""


@dataclass(frozen=True)
class Quality:
    """Data quality with its checks."""

    level: str
    score: Decimal | None
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True)
class Explanation:
    """The panel."""

    color: str
    score: Decimal | None
    coverage: Decimal
    declared: str | None
    computed: str
    rule: str
    arithmetic: str
    dimensions: tuple[DimensionLine, ...]
    guards: tuple[str, ...]
    overrides: tuple[Override, ...]
    exceptions: tuple[str, ...]
    policy_version: str
    policy_url: str
    as_of: date
    data_quality: Quality | None
    reasons: tuple[str, ...]
    since: str
    trend: str
    revision: int

    @property
    def rated(self) -> tuple[DimensionLine, ...]:
        """The dimensions with a color."""
        return tuple(item for item in self.dimensions if item.effective != Color.GREY)

    @property
    def unrated(self) -> tuple[DimensionLine, ...]:
        """The dimensions without one."""
        return tuple(item for item in self.dimensions if item.effective == Color.GREY)


def explanation_of(panel: HealthPanel, *, shows_policy: bool) -> Explanation:
    """Return the panel in words. At most two queries: who accepted a color, titles of requirements."""
    health, policy = panel.judgement, panel.policy
    sentences = [(step, step_sentence(step)) for step in health.explanation]
    rule = _deciding(sentences)
    policy_url = f"{reverse('portfolio:policy_detail')}?version={panel.policy_label}" if shows_policy else ""
    return Explanation(
        color=health.color.value,
        score=health.score,
        coverage=health.coverage,
        declared=_declared(health, policy),
        computed=_computed(health, policy),
        rule=rule,
        arithmetic=next((text for step, text in sentences if step.code == StepCode.SCORE), ""),
        dimensions=tuple(_dimension(item, panel) for item in health.dimensions),
        guards=tuple(text for step, text in sentences if step.code in GUARD_STEPS and text != rule),
        overrides=_overrides(panel),
        exceptions=tuple(exception_sentence(to_plain(item)) for item in panel.exceptions),
        policy_version=panel.policy_label,
        policy_url=policy_url,
        as_of=panel.as_of,
        data_quality=_quality(health, policy),
        reasons=tuple(text for step, text in sentences if step.code == StepCode.INDICATOR),
        since=_since(panel),
        trend=panel.trend,
        revision=panel.revision,
    )


def _since(panel: HealthPanel) -> str:
    """Return since which close shown the color has been the same, or what it was at the last one."""
    if not panel.history:
        return ""
    same = tuple(takewhile(lambda point: point.color == panel.color, reversed(panel.history)))
    if same:
        values = {"color": Rag(panel.color).label, "day": date_format(same[-1].as_of, "SHORT_DATE_FORMAT")}
        return gettext("%(color)s at every close since %(day)s") % values
    last = panel.history[-1]
    values = {"color": Rag(last.color).label, "day": date_format(last.as_of, "SHORT_DATE_FORMAT")}
    return gettext("%(color)s at the close of %(day)s") % values


def _deciding(sentences: Sequence[tuple[Step, str]]) -> str:
    """Return what set the color: the guard that changed it, else the rule."""
    for codes in (DECIDING_GUARDS, RULE_STEPS):
        for step, text in sentences:
            if step.code in codes:
                return text
    return ""


def _computed(health: Judgement, policy: Rules) -> str:
    """Return the color by rule when only computed colors counted; before guards."""
    if health.population != Population.RATED or not health.dimensions:
        return health.color.value
    return _by_rule(health, policy, lambda item: item.computed)


def _declared(health: Judgement, policy: Rules) -> str | None:
    """Return the color by rule when the declared colors counted; None when nothing was declared."""
    if all(item.declared is None for item in health.dimensions):
        return None
    return _by_rule(health, policy, lambda item: item.declared or item.computed)


def _by_rule(health: Judgement, policy: Rules, color: Any) -> str:
    changed = [replace(item, effective=color(item)) for item in health.dimensions]
    if all(item.effective == Color.GREY for item in changed):
        return Color.GREY.value
    return color_by_rule(changed, policy).color.value


def _dimension(item: DimensionHealth, panel: HealthPanel) -> DimensionLine:
    return DimensionLine(
        name=dimension_name(item.code),
        weight=item.weight,
        declared=item.declared.value if item.declared else None,
        computed=item.computed.value,
        effective=item.effective.value,
        note=_note(item),
        indicators=tuple(
            _indicator(one, panel) for one in panel.judgement.indicators if one.dimension == item.code
        ),
    )


def _note(item: DimensionHealth) -> str:
    """Return where the color of a dimension comes from, when that is not plain."""
    if item.basis == Basis.DECLARED_WORSE:
        return gettext("declared worse than computed, so the declared color counts")
    if item.basis == Basis.DECLARED_UNRATED:
        return gettext("nothing could be computed, so the declared color counts")
    if item.basis == Basis.DECLARED_ACCEPTED:
        return gettext("declared, and accepted by the PMO")
    if item.is_optimistic:
        return gettext("declared better than computed; the computed color counts")
    return ""


def _indicator(item: IndicatorResult, panel: HealthPanel) -> IndicatorLine:
    words = INDICATORS.get(item.code)
    sign = "≤" if item.direction == Direction.LOWER_IS_BETTER else "≥"
    amber = f"{sign} {limit_text(item.amber_limit, item.unit)}" if item.amber_limit is not None else ""
    distance = distance_sentence(item, panel.currency)
    if item.against_original is not None:
        original = gettext("%(value)s against the original baseline") % {
            "value": shown(item.against_original, item.unit)
        }
        distance = f"{distance}; {original}" if distance else original
    return IndicatorLine(
        code=item.code,
        name=words.name if words else item.code,
        definition=words.definition if words else "",
        value=None if item.value is None else shown(item.value, item.unit),
        unit=unit_word(item.value, item.unit),
        green=f"{sign} {limit_text(item.green_limit, item.unit)}",
        amber=amber,
        color=item.color.value,
        distance=distance,
        reason=missing_sentence(item.code, item.reason) if item.reason else "",
        records=tuple(
            _record(record, panel.code)
            for record in in_reader_language(item.records, project_code=panel.code, day=panel.as_of)
        ),
        url="",
    )


def _record(record: RecordRef, project_code: str) -> Record:
    if record.kind == CONDITION:
        gate, _slash, occurrence = record.id.partition("/")
        return Record(record.label, gate_url(project_code, gate, int(occurrence)))
    if record.kind == REQUIREMENT:
        return Record(record.label, requirement_address(project_code, record.id))
    try:
        url = reverse("projects:task_detail", args=[project_code, int(record.id)])
    except (NoReverseMatch, ValueError):
        url = reverse("projects:overview", args=[project_code])
    return Record(record.label or record.id, url)


def _overrides(panel: HealthPanel) -> tuple[Override, ...]:
    """Return the accepted declarations with who accepted them. At most one query."""
    accepted = [item for item in panel.judgement.dimensions if item.basis == Basis.DECLARED_ACCEPTED]
    if not accepted:
        return ()
    ratings = (
        DeclaredRating.objects.select_related("decided_by")
        .filter(report__project__code=panel.code, report__period_end__lte=panel.as_of)
        .order_by("report__period_end", "pk")
    )
    people = {item.dimension: item.decided_by.name if item.decided_by else "" for item in ratings}
    return tuple(
        Override(
            dimension=dimension_name(item.code),
            by=people.get(item.code.value) or gettext("the PMO"),
            reason=item.declaration.reason if item.declaration else "",
            expires=item.declaration.override_until if item.declaration else None,
        )
        for item in accepted
    )


def _quality(health: Judgement, policy: Rules) -> Quality | None:
    found = health.data_quality
    if not found.checks:
        return None
    weights = {check.code: check.weight for check in policy.data_quality.checks}
    lines = [
        CheckLine(QUALITY_CHECKS.get(code.value, code.value), passed, limit_text(weights.get(code), None))
        for code, passed in found.checks.items()
    ]
    lines.sort(key=lambda line: (line.passed is None, bool(line.passed)))
    return Quality(found.band.value if found.band else "LOW", found.value, tuple(lines))


@dataclass(frozen=True)
class Sparkline:
    """Score at the last closes, with the same as a table."""

    data: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]


def sparkline_of(panel: HealthPanel) -> Sparkline | None:
    """Return the history of the score; None with fewer than two closes."""
    if len(panel.history) < 2:
        return None
    scores = [None if point.score is None else round(point.score, 1) for point in panel.history]
    rows = tuple(
        ChartRow((close_label(point.as_of), number1(point.score), str(Rag(point.color).label)))
        for point in panel.history
    )
    return Sparkline(
        {"values": scores, "color": panel.color, "min": 0, "max": 100},
        (gettext("Close"), gettext("Score"), gettext("Color")),
        rows,
    )
