"""The explanation panel: the color of a project and everything that made it (11.2 step 8)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portfolio.choices import SnapshotKind
from portfolio.models import ComponentAbsence, ProjectHealth
from portfolio.rollup.codec import from_plain
from portfolio.rollup.exceptions import ExceptionItem
from portfolio.rollup.health import DimensionHealth, IndicatorResult, Step
from portfolio.rollup.health import ProjectHealth as Judgement
from portfolio.rollup.policy import HealthPolicy as Rules
from portfolio.rollup.render import render_distance, render_step
from portfolio.selectors.policies import PolicyBook
from projects.models import Project

POINTS_SHOWN = 12


@dataclass(frozen=True)
class StepLine:
    """One line of the explanation: data, and the sentence in English."""

    step: Step
    text: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator with how far the next worse color is, in English."""

    result: IndicatorResult
    title: str
    distance_text: str


@dataclass(frozen=True)
class DimensionPanel:
    """A dimension with its indicators."""

    health: DimensionHealth
    title: str
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class HealthPoint:
    """Color and score at an earlier period close."""

    as_of: date
    color: str
    score: float | None


@dataclass(frozen=True)
class HealthPanel:
    """
    Health of one project at a date, with everything needed to recompute it by hand.

    ``is_stale`` tells that inputs changed since ``computed_at`` (SEC-45); ``is_report_stale`` that the
    last status report is too old.
    """

    code: str
    name: str
    currency: str
    as_of: date
    computed_at: datetime
    kind: str
    revision: int
    is_locked: bool
    policy_label: str
    policy: Rules
    color: str
    reason_code: str
    score: float | None
    coverage: float
    data_quality: float | None
    trend: str
    judgement: Judgement
    headline: StepLine
    steps: tuple[StepLine, ...]
    dimensions: tuple[DimensionPanel, ...]
    exceptions: tuple[ExceptionItem, ...]
    history: tuple[HealthPoint, ...]
    confidence: str
    is_report_stale: bool
    is_past: bool
    is_stale: bool


def absence_of(project: Project, as_of: date) -> ComponentAbsence | None:
    """Return the absence from its portfolio that holds on a day; None while it is there. One query."""
    absences = ComponentAbsence.objects.covering(as_of).filter(component__project=project)
    return absences.select_related("component__portfolio").first()


def project_health(user: Any, project: Project, as_of: date) -> HealthPanel | None:
    """
    Return the newest health of a project up to a day; None while it was never rated. Five queries.

    Health the person may not see is not there.
    """
    row = (
        ProjectHealth.objects.visible_to(user)
        .filter(project=project, as_of__lte=as_of)
        .select_related("project")
        .order_by("-as_of")
        .first()
    )
    if row is None:
        return None
    policy = PolicyBook(row.as_of).of_portfolio(row.portfolio_id)
    judgement = judgement_of(row)
    is_past = ProjectHealth.objects.filter(project=project, as_of__gt=row.as_of).exists()
    steps = tuple(StepLine(step, render_step(step, policy.rules)) for step in judgement.explanation)
    return HealthPanel(
        code=row.project.code,
        name=row.project.name,
        currency=row.project.currency,
        as_of=row.as_of,
        computed_at=row.computed_at,
        kind=row.kind,
        revision=row.revision,
        is_locked=row.is_locked,
        policy_label=row.policy_version,
        policy=policy.rules,
        color=row.color,
        reason_code=row.reason_code,
        score=row.score,
        coverage=row.coverage,
        data_quality=row.data_quality,
        trend=row.trend,
        judgement=judgement,
        headline=steps[0],
        steps=steps,
        dimensions=_dimensions(judgement, policy.rules),
        exceptions=tuple(from_plain(ExceptionItem, item) for item in row.exceptions),
        history=_history(row),
        confidence=row.confidence,
        is_report_stale=row.is_stale,
        is_past=is_past,
        is_stale=not is_past and row.project.updated_at > row.computed_at,
    )


def judgement_of(row: ProjectHealth) -> Judgement:
    """Return the stored judgement with its raw values (HLT-6)."""
    return Judgement.from_dict({**row.explanation, "indicators": row.indicators})


def _dimensions(judgement: Judgement, policy: Rules) -> tuple[DimensionPanel, ...]:
    panels = []
    for dimension in judgement.dimensions:
        rule = policy.dimension(dimension.code)
        own = tuple(
            IndicatorLine(
                result=item,
                title=indicator.title if (indicator := policy.indicator(item.code)) else item.code,
                distance_text=render_distance(item),
            )
            for item in judgement.indicators
            if item.dimension == dimension.code
        )
        panels.append(DimensionPanel(dimension, rule.title if rule else dimension.code.value, own))
    return tuple(panels)


def _history(row: ProjectHealth) -> tuple[HealthPoint, ...]:
    points = (
        ProjectHealth.objects.filter(
            project_id=row.project_id, kind=SnapshotKind.PERIOD_CLOSE, as_of__lte=row.as_of
        )
        .order_by("-as_of")
        .values_list("as_of", "color", "score")[:POINTS_SHOWN]
    )
    return tuple(HealthPoint(*point) for point in reversed(list(points)))
