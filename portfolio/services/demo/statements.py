"""Invented status reports: on time and late, honest and optimistic."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pmo_portal.accounts.models import User
from portfolio.services.demo.months import at_noon
from projects.choices import DeliveryConfidence, Dimension, Rag
from projects.models import Project
from projects.services.reports import Declaration, publish_status

SKIPPED = {"on time": 0, "late": 0, "stale": 1, "very stale": 4}
DAYS_LATE = {"on time": (3, 6), "late": (12, 18), "stale": (4, 9), "very stale": (5, 14)}
CONFIDENCE = {
    Rag.GREEN: DeliveryConfidence.GREEN,
    Rag.AMBER: DeliveryConfidence.AMBER,
    Rag.RED: DeliveryConfidence.RED,
}
SUMMARY = {
    Rag.GREEN: "Work goes on as planned. The next milestone is in reach.",
    Rag.AMBER: "We are behind in part. The team works on the longest path first.",
    Rag.RED: "The plan cannot be met as it is. Options were given to the sponsor.",
}
EXCUSE = "The supplier promised extra crews, so the lost time will be made good."
WAY_OUT = "Second crew from next month (project manager); new date agreed with the sponsor by quarter end."


@dataclass(frozen=True)
class Situation:
    """What a project manager sees: working days behind, share of the plan, cost efficiency."""

    behind_percent: float
    spi: float
    cpi: float

    @property
    def schedule(self) -> Rag:
        """Color of the schedule by the limits of the policy."""
        return worse(_above(self.behind_percent, 5, 15), _below(self.spi))

    @property
    def cost(self) -> Rag:
        """Color of the cost by the limits of the policy."""
        return worse(_below(self.cpi), _above(100 * (1 / self.cpi - 1), 5, 10))


def worse(*colors: Rag) -> Rag:
    """Return the worst of some colors."""
    return max(colors, key=(Rag.GREEN, Rag.AMBER, Rag.RED).index)


def report_month(
    *,
    project: Project,
    manager: User,
    rng: Random,
    situation: Situation,
    close: date,
    as_of: date,
    habit: str,
    marks: frozenset[str],
) -> bool:
    """Publish the report of a month as the manager would; return whether it is out by ``as_of``."""
    published = close + timedelta(days=rng.randint(*DAYS_LATE[habit]))
    if published > as_of:
        return False
    schedule, cost = situation.schedule, situation.cost
    declared = {Dimension.SCHEDULE: schedule, Dimension.COST: cost}
    if "optimistic" in marks:
        declared = {name: Rag.GREEN if color != Rag.GREEN else color for name, color in declared.items()}
    if "pessimistic" in marks:
        declared[Dimension.SCHEDULE] = worse(schedule, Rag.AMBER)
    overall = worse(*declared.values())
    publish_status(
        actor=manager,
        project=project,
        period_end=close,
        published_at=at_noon(published),
        confidence=CONFIDENCE[overall],
        summary=SUMMARY[overall],
        path_to_green=WAY_OUT if Rag.RED in {schedule, cost, overall} else "",
        ratings={
            Dimension.SCHEDULE: Declaration(declared[Dimension.SCHEDULE], schedule, EXCUSE),
            Dimension.COST: Declaration(declared[Dimension.COST], cost, EXCUSE),
            **_unmeasured(rng, overall),
        },
        achievements="Milestones and deliverables of the month as in the plan.",
        next_steps="Next month's work as in the plan.",
    )
    return True


def _unmeasured(rng: Random, overall: Rag) -> dict[str, Declaration]:
    """Return what is declared for a dimension nothing measures yet."""
    if overall == Rag.GREEN or rng.random() < 0.5:
        return {}
    return {Dimension.RISK: Declaration(Rag.AMBER)}


def _above(value: float, green: float, amber: float) -> Rag:
    return Rag.GREEN if value <= green else Rag.AMBER if value <= amber else Rag.RED


def _below(value: float) -> Rag:
    return Rag.GREEN if value >= 0.95 else Rag.AMBER if value >= 0.85 else Rag.RED
