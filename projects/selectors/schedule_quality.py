"""How well plans are built, in one number: what lists, health and the first page of a project read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from pmo_portal.common.among import Among
from projects.models import Project, ScheduleAssessment
from projects.selectors.quality_words import NOT_CHECKED, reason_of

_SHORT = ("project_id", "passed", "applicable", "grade", "reason")


@dataclass(frozen=True)
class QualitySummary:
    """The score of a plan, 0-100, and its grade in a word; without a score the reason."""

    score: Decimal | None
    grade_title: str
    reason: str | Promise


def quality_summary(project: Project, *, today: date) -> QualitySummary:
    """Return the score of one plan. One query."""
    rows = ScheduleAssessment.objects.filter(project=project, as_of__lte=today).only(*_SHORT)
    newest = rows.order_by("-as_of").first()
    if newest is None:
        return QualitySummary(None, "", NOT_CHECKED)
    return QualitySummary(newest.score, newest.get_grade_display(), reason_of("", newest.reason))


def schedule_scores(project_ids: Sequence[int], as_of: date) -> dict[int, Decimal]:
    """
    Return the scores of plans known on a day, 0-100, unrounded; projects without one are missing. One query.

    Links and constraints of former days are not kept, so a plan is never checked again for a past day: what
    was found by then counts, and a day before the first check has no score.
    """
    rows = ScheduleAssessment.objects.known_on(as_of).filter(Among("project_id", project_ids))
    return {row.project_id: row.score for row in rows.only(*_SHORT) if row.score is not None}
