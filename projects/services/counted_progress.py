"""Progress that is counted: units done, points accepted, weighted milestones reached (domain 6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import EvTechnique
from projects.models import Task
from projects.selectors.value_profiles import planned_quantity

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
LARGEST_QUANTITY = Decimal(100_000_000)
COUNTED = frozenset({EvTechnique.UNITS, EvTechnique.AGILE_POINTS})


@dataclass(frozen=True)
class Counted:
    """
    The physical percentage and the facts it follows from.

    ``percent`` is None where nothing was said of it; ``facts`` is None where nothing is counted.
    """

    percent: Decimal | None
    facts: dict[str, Any] | None


def counted_progress(
    task: Task,
    *,
    quantity_done: Decimal | None,
    steps_reached: Sequence[int] | None,
    percent_physical: Decimal | None,
) -> Counted:
    """
    Return what follows from a count; what was counted before holds while nothing new is said.

    A percentage that is said without a count takes the place of the former count.

    Raises
    ------
    DomainError
        ``NOT_COUNTED`` where the technique of the task counts something else or nothing,
        ``OUT_OF_RANGE`` for an impossible number, ``NO_STEP`` for a step that does not exist.
    """
    if quantity_done is not None:
        return _of_quantity(task, quantity_done)
    if steps_reached is not None:
        return _of_steps(task, steps_reached)
    if percent_physical is not None:
        return Counted(percent_physical, None)
    return Counted(None, task.ev_progress)


def _of_quantity(task: Task, done: Decimal) -> Counted:
    planned = planned_quantity(task.ev_details or {}) if task.ev_technique in COUNTED else None
    if planned is None:
        raise DomainError(
            _("This task counts neither units nor points."), code="NOT_COUNTED", field="quantity_done"
        )
    if not 0 <= done <= LARGEST_QUANTITY:
        raise DomainError(
            _("This number is too small or too large."), code="OUT_OF_RANGE", field="quantity_done"
        )
    percent = min(HUNDRED * done / planned, HUNDRED).quantize(CENT, rounding=ROUND_HALF_UP)
    return Counted(percent, {"done": str(done)})


def _of_steps(task: Task, reached: Sequence[int]) -> Counted:
    is_weighted = task.ev_technique == EvTechnique.WEIGHTED_MILESTONES
    steps = (task.ev_details or {}).get("milestones", []) if is_weighted else []
    if not steps:
        raise DomainError(
            _("This task has no weighted milestones."), code="NOT_COUNTED", field="steps_reached"
        )
    numbers = sorted(set(reached))
    if any(not 1 <= number <= len(steps) for number in numbers):
        raise DomainError(_("There is no such step."), code="NO_STEP", field="steps_reached")
    percent = sum((Decimal(steps[number - 1]["weight"]) for number in numbers), Decimal(0))
    return Counted(percent, {"reached": numbers})
