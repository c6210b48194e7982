"""The score of a plan over the days it was checked, drawn and as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pmo_portal.common.templatetags.common import DASH
from projects.selectors.quality_page import FormerScore, shown_number
from projects.selectors.trend_charts import Chart

COLORS: Mapping[str, str] = {"GOOD": "GREEN", "FAIR": "AMBER", "POOR": "RED"}


def score_chart(history: Sequence[FormerScore]) -> Chart | None:
    """Return the scores, oldest first; None before a second day."""
    if len(history) < 2:
        return None
    rows = list(reversed(history))
    return Chart(
        data={"points": [_point(row) for row in rows], "min": 0, "max": 100},
        columns=(_("Day"), _("Score"), _("Grade"), _("Passed")),
        rows=tuple(_cells(row) for row in rows),
    )


def _point(row: FormerScore) -> dict[str, Any]:
    return {
        "label": date_format(row.as_of, "SHORT_DATE_FORMAT"),
        "score": None if row.score is None else float(row.score),
        "color": COLORS.get(row.grade, "NOT_RATED"),
        "note": row.grade_title,
    }


def _cells(row: FormerScore) -> tuple[str, ...]:
    passed = {"part": row.passed, "whole": row.applicable}
    return (
        date_format(row.as_of, "SHORT_DATE_FORMAT"),
        DASH if row.score is None else shown_number(row.score, 1),
        row.grade_title or DASH,
        _("%(part)s of %(whole)s") % passed,
    )
