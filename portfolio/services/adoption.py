"""Keep how far projects use what the PMO offers (KNO-10)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from pmo_portal.common.upserts import upsert_rows
from portfolio.models import ProjectAdoption, ProjectHealth
from portfolio.rollup.adoption import Facts
from portfolio.rollup.numbers import rounded
from portfolio.selectors.adoption_facts import adoption_facts
from projects.choices import ProjectState

CHUNK_SIZE = 200
KEPT_PLACES = 4


@transaction.atomic
def measure_adoption(*, as_of: date) -> int:
    """
    Count adoption of the projects that were active on a rolled-up day; return how many. Safe to repeat.

    Whether a project was active is what its health of that day says; where that is locked by a period close,
    a figure once kept stays.
    """
    rated = ProjectHealth.objects.filter(as_of=as_of).exclude(
        state__in=[ProjectState.CLOSED, ProjectState.CANCELED]
    )
    kept = ProjectAdoption.objects.filter(as_of=as_of).values("project")
    ids = list(
        rated.exclude(is_locked=True, project__in=kept).order_by("project").values_list("project", flat=True)
    )
    _forget_inactive(as_of)
    for start in range(0, len(ids), CHUNK_SIZE):
        _keep(ids[start : start + CHUNK_SIZE], as_of)
    return len(ids)


def _forget_inactive(as_of: date) -> None:
    """Remove the figures of projects that are not active on the day by their present judgement."""
    gone = ProjectHealth.objects.filter(
        as_of=as_of, is_locked=False, state__in=[ProjectState.CLOSED, ProjectState.CANCELED]
    )
    ProjectAdoption.objects.filter(as_of=as_of, project__in=gone.values("project")).delete()


def _keep(ids: Sequence[int], as_of: date) -> None:
    rows = [_row(pk, facts, as_of) for pk, facts in adoption_facts(ids, as_of).items()]
    upsert_rows(ProjectAdoption, rows, key=("project_id", "as_of"))


def _row(project: int, facts: Facts, as_of: date) -> dict[str, Any]:
    percent, compliance = facts.percent, facts.compliance
    return {
        "project_id": project,
        "as_of": as_of,
        "documents": facts.documents,
        "from_template": facts.from_template,
        "lessons_proposed": facts.proposed,
        "lessons_marked": facts.marked,
        "courses_due": facts.due,
        "courses_passed": facts.passed,
        "compliance": None if compliance is None else rounded(compliance, KEPT_PLACES),
        "percent": None if percent is None else rounded(percent, KEPT_PLACES),
    }
