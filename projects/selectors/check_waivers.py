"""Waived checks of a plan, and whether it is good enough for a baseline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.vocabulary import Check, Verdict
from projects.engine.schedule_quality.waiving import Judgment, judge_without
from projects.models import CheckWaiver, Project, ScheduleAssessment
from projects.selectors.quality_words import TITLES, Words


@dataclass(frozen=True)
class WaiverRow:
    """A waiver in the list; both days are included."""

    pk: int
    code: str
    title: Words
    reason: str
    valid_from: date
    valid_until: date
    approved_by: str
    is_in_force: bool


def waived_checks(project: Project, day: date) -> set[str]:
    """Return the codes of the checks that are waived on a day. One query."""
    rows = CheckWaiver.objects.filter(project=project, valid_from__lte=day, valid_until__gte=day)
    return set(
        rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)).values_list("check_code", flat=True)
    )


def waiver_rows(project: Project, *, today: date) -> list[WaiverRow]:
    """Return all waivers there ever were, newest first. One query."""
    rows = CheckWaiver.objects.filter(project=project).select_related("approved_by").order_by("-pk")
    return [waiver_row(row, today=today) for row in rows]


def waiver_row(row: CheckWaiver, *, today: date) -> WaiverRow:
    """Return a waiver as pages show it."""
    holds = row.valid_from <= today <= row.valid_until and (row.ended_on is None or row.ended_on > today)
    return WaiverRow(
        pk=row.pk,
        code=row.check_code,
        title=TITLES.get(row.check_code, row.check_code),
        reason=row.reason,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        approved_by=row.approved_by.name if row.approved_by else "",
        is_in_force=holds,
    )


def judgment_of(assessment: ScheduleAssessment | None, waived: Collection[str]) -> Judgment:
    """Return score and grade without the checks that are waived; no score where the plan has none."""
    if assessment is None or assessment.reason:
        reason = assessment.reason if assessment else Reason.NOT_PLANNED_YET
        return Judgment(Measure.missing(reason), None, (), ())
    verdicts = {Check(item["code"]): Verdict(item["verdict"]) for item in assessment.result["checks"]}
    return judge_without(verdicts, waived)
