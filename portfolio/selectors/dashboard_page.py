"""Shapes of the dashboard: what the template gets, nothing it could query with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portfolio.rollup.group import Confidence, RuleSentence


@dataclass(frozen=True)
class ProjectRef:
    """A project to link to."""

    code: str
    name: str


@dataclass(frozen=True)
class ShareRow:
    """One color of the distribution; shares in percent; budget None when money is not shown."""

    color: str
    count: int
    count_share: float | None
    budget: Decimal | None
    budget_share: float | None


@dataclass(frozen=True)
class Changes:
    """What changed since the former period close."""

    since: date
    newly_red: tuple[ProjectRef, ...]
    newly_green: tuple[ProjectRef, ...]
    joined: tuple[ProjectRef, ...]
    left: tuple[ProjectRef, ...]
    score_change: float | None


@dataclass(frozen=True)
class ExceptionRow:
    """One line of the exceptions list; ``params`` are the values of its sentence as text."""

    code: str
    project: ProjectRef
    color: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Bubble:
    """A project in the bubble chart and the treemap; money in reporting currency, None when not shown."""

    project: ProjectRef
    color: str
    score: float | None
    budget: Decimal | None
    spi_t: float | None
    cpi: float | None
    slip_wd: int | None
    group: str
    is_flagship: bool


@dataclass(frozen=True)
class ClosePoint:
    """One period close of the history."""

    as_of: date
    color: str
    score: float | None
    counts: Mapping[str, int]


@dataclass(frozen=True)
class MilestoneRow:
    """A key milestone of the next days."""

    project: ProjectRef
    color: str
    task_uid: int
    name: str
    planned_on: date


@dataclass(frozen=True)
class GroupRow:
    """A program or portfolio directly below."""

    kind: str
    code: str
    name: str
    color: str
    score: float | None
    projects_total: int


@dataclass(frozen=True)
class Dashboard:
    """
    The page. ``figures_as_of`` is None while nothing was rolled up; then most parts are empty.

    ``rule`` is the clause that set the color, ``rule_text`` the same in English. ``is_stale``: inputs of
    ``changed_count`` projects changed since the figures were made, or the last roll-up failed (SEC-45).
    """

    code: str
    title: str
    as_of: date
    figures_as_of: date | None
    computed_at: datetime | None
    audience: str
    sees_money: bool
    currency: str
    color: str
    reason_code: str
    rule: RuleSentence | None
    rule_text: str
    rules: tuple[RuleSentence, ...]
    score: float | None
    trend: str
    score_change: float | None
    projects_total: int
    distribution: tuple[ShareRow, ...]
    dimensions: Mapping[str, str]
    worst_child: ProjectRef | None
    budget: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None
    fx_effect: Decimal | None
    missing_rates: tuple[str, ...]
    confidence: Confidence | None
    changes: Changes | None
    exceptions: tuple[ExceptionRow, ...]
    exception_counts: Mapping[str, int]
    bubbles: tuple[Bubble, ...]
    history: tuple[ClosePoint, ...]
    milestones: tuple[MilestoneRow, ...]
    groups: tuple[GroupRow, ...]
    is_past: bool
    is_stale: bool
    changed_count: int
    run_state: str

    @property
    def has_figures(self) -> bool:
        """Whether anything was rolled up."""
        return self.figures_as_of is not None
