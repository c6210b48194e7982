"""Conditions of gates as they stood on a day, past or present (STD-18, HG2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.models import GateCondition
from portfolio.rollup.facts import RecordRef

LISTED = 5
CONDITION = "condition"


@dataclass(frozen=True)
class OverdueConditions:
    """Days the oldest open condition is overdue (0: none is), and the conditions behind the figure."""

    days: int
    records: tuple[RecordRef, ...] = ()


NONE_OVERDUE = OverdueConditions(0)


def overdue_conditions(project_ids: Sequence[int], day: date) -> dict[int, OverdueConditions]:
    """
    Return what was overdue at the end of a day, by project; those without are missing. One query.

    Text and day of a condition never change, so a past day gives the same answer for ever.
    """
    rows = GateCondition.objects.open_on(day).filter(review__project_id__in=project_ids, due__lt=day)
    found: dict[int, list[tuple[int, RecordRef]]] = defaultdict(list)
    for row in rows.select_related("review").order_by("due", "pk"):
        place = f"{row.review.gate}/{row.review.occurrence}"
        ref = RecordRef(CONDITION, place, f"{row.review.label}: {row.text}")
        found[row.review.project_id].append(((day - row.due).days, ref))
    return {
        pk: OverdueConditions(rows[0][0], tuple(ref for _days, ref in rows[:LISTED]))
        for pk, rows in found.items()
    }
