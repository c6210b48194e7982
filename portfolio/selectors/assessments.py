"""Results of assessments, and how they went over the years."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet

from pmo_portal.accounts.scopes import holds
from portfolio.choices import AssessmentKind, AssessmentState
from portfolio.models import Assessment, Respondent
from portfolio.rollup.maturity import Profile, assess_maturity
from portfolio.rollup.need import Need, assess_need
from portfolio.rollup.numbers import shown_fraction

KEPT_PLACES = 4


@dataclass(frozen=True)
class Result:
    """The figures of an assessment; one of ``need`` and ``profile`` is there."""

    assessment: Assessment
    asked: int
    answered: int
    need: Need | None = None
    profile: Profile | None = None
    respondents: tuple[Respondent, ...] = ()

    @property
    def waiting(self) -> int:
        """How many respondents have not answered."""
        return self.asked - self.answered


def result_of(assessment: Assessment) -> Result:
    """Return the result by the answers given so far. One query."""
    rows = tuple(assessment.respondents.select_related("person").order_by("person__name", "pk"))
    given = [row.answers for row in rows if row.answered_at is not None]
    return Result(
        assessment=assessment,
        asked=len(rows),
        answered=len(given),
        need=assess_need(given) if assessment.is_need else None,
        profile=None if assessment.is_need else assess_maturity(given),
        respondents=rows,
    )


def assessment_counts(rows: QuerySet[Assessment]) -> dict[str, dict[str, int]]:
    """Return how many rounds there are by state and by kind. Two queries."""
    counts = {}
    for name, values in (("state", AssessmentState.values), ("kind", AssessmentKind.values)):
        found = dict(rows.order_by().values_list(name).annotate(number=Count("pk", distinct=True)))
        counts[name] = {value: found.get(value, 0) for value in values}
    return counts


def may_see_result(user: Any, found: Result) -> bool:
    """Whether there is a result the person may read: respondents see it once the round is closed."""
    return bool(found.answered) and (not found.assessment.is_open or holds(user, "assessment.view"))


def kept_result(found: Result) -> dict[str, Any]:
    """Return the figures that are kept with a closed assessment."""
    if found.need is not None:
        factors = {each.factor.value: _text(each.score) for each in found.need.factors}
        return {**factors, "index": _text(found.need.index), "mandate": found.need.mandate}
    assert found.profile is not None
    return {
        "level": found.profile.level,
        "continuous": _text(found.profile.continuous),
        "perspectives": {
            each.perspective.value: [each.level, _text(each.continuous)] for each in found.profile.standings
        },
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(decimal_of(value, KEPT_PLACES))


def decimal_of(value: Fraction | None, digits: int = 1) -> Decimal | None:
    """Return a fraction as a number with so many digits, rounded half up (CON-1)."""
    return None if value is None else shown_fraction(value, digits)


def history_of(kind: str, scope: str = "") -> list[Assessment]:
    """Return the closed assessments of a kind, the newest first. One query."""
    rows = Assessment.objects.closed().filter(kind=kind, scope=scope)
    return list(rows.newest_first())


def former_of(assessment: Assessment, history: Iterable[Assessment]) -> Assessment | None:
    """Return the closed assessment before this one."""
    key = (assessment.held_on, assessment.pk)
    return next((each for each in history if (each.held_on, each.pk) < key), None)


def open_assessments(kind: str) -> list[Assessment]:
    """Return the rounds that wait for answers, the newest first. One query."""
    rows = Assessment.objects.filter(kind=kind, state=AssessmentState.OPEN)
    return list(rows.newest_first())


def newest_mandate() -> str:
    """Return the mandate the newest closed need assessment recommends; "" without one. One query."""
    found = Assessment.objects.closed().filter(kind=AssessmentKind.NEED).newest_first().first()
    result: Mapping[str, Any] = found.result if found else {}
    return str(result.get("mandate") or "")
