"""What a controller should look at before trusting the earned value of a project (CST-9 to CST-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.common.percentages import with_percent
from projects.engine.project_measures import ProjectMeasures
from projects.engine.value_report import EFFORT_LIMIT, INDEX_LIMIT, RowValue


@dataclass(frozen=True)
class ValueWarning:
    """A finding with its code and sentence; a hint proposes something and doubts no figure."""

    code: str
    text: Any
    is_hint: bool = False


def _shown(value: Decimal | None, places: int) -> str:
    """Return a number rounded half up for display (CON-1)."""
    rounded = (value or Decimal(0)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return str(number_format(rounded, places))


def warnings_of(
    measures: ProjectMeasures,
    rows: Sequence[RowValue],
    negative_periods: Sequence[str],
    *,
    is_effort_high: bool,
    is_index_unlikely: bool,
) -> tuple[ValueWarning, ...]:
    """Return the findings, the gravest first."""
    found: list[ValueWarning] = []
    if is_index_unlikely:
        text = _(
            "To finish within the budget the rest must be done at a cost efficiency of %(index)s; "
            "above %(limit)s that is rarely reached."
        )
        words = {"index": _shown(measures.value.tcpi_bac.value, 2), "limit": _shown(INDEX_LIMIT, 2)}
        found.append(ValueWarning("TCPI_HIGH", text % words))
    if is_effort_high:
        text = _(
            "Level of effort makes up %(share)s of the budget, more than %(limit)s. "
            "It earns whatever happens and hides delay."
        )
        words = {
            "share": with_percent(_shown(measures.loe_percent.value, 1)),
            "limit": with_percent(_shown(EFFORT_LIMIT, 0)),
        }
        found.append(ValueWarning("LOE_HIGH", text % words))
    if negative_periods:
        text = _("Value that was earned before was taken back in %(periods)s.")
        found.append(ValueWarning("NEGATIVE_PERIOD_EV", text % {"periods": ", ".join(negative_periods)}))
    lost = sum(row.lacks_base for row in rows)
    if lost:
        text = ngettext(
            "%(count)s apportioned task earns nothing because the task it follows is not in the baseline.",
            "%(count)s apportioned tasks earn nothing because the tasks they follow are not in the baseline.",
            lost,
        )
        found.append(ValueWarning("BASE_MISSING", text % {"count": lost}))
    if measures.value.eac_fell_back:
        text = _("The declared estimate at completion cannot be computed yet; EAC-2 stands in for it.")
        found.append(ValueWarning("EAC_FELL_BACK", text))
    loose = sum(not row.is_fitting for row in rows)
    if loose:
        text = ngettext(
            "%(count)s task uses a looser technique than its length suggests.",
            "%(count)s tasks use looser techniques than their lengths suggest.",
            loose,
        )
        found.append(ValueWarning("TECHNIQUE_LOOSE", text % {"count": loose}, is_hint=True))
    return tuple(found)
