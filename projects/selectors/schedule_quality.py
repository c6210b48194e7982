"""How well plans are built, as it was checked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from projects.models import ScheduleAssessment


def schedule_scores(project_ids: Sequence[int], as_of: date) -> dict[int, Decimal]:
    """
    Return the scores of plans known on a day, 0-100, unrounded; projects without one are missing. One query.

    Links and constraints of former days are not kept, so a plan is never checked again for a past day: what
    was found by then counts, and a day before the first check has no score.
    """
    rows = ScheduleAssessment.objects.known_on(as_of).filter(project_id__in=project_ids)
    return {
        row.project_id: row.score
        for row in rows.only("project_id", "passed", "applicable", "reason")
        if row.score is not None
    }
