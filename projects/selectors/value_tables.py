"""The earned value of a project as tables and as a chart: the same on the page and in an export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from projects.selectors.earned_value import EarnedValue, PackageRow
from projects.selectors.value_history import NamedPoint

CENT = Decimal("0.01")


def searched(rows: Sequence[PackageRow], words: str) -> list[PackageRow]:
    """Return the work packages whose name, WBS or technique holds the words."""
    wanted = words.strip().casefold()
    return [row for row in rows if wanted in f"{row.wbs} {row.name} {row.technique_title}".casefold()]


@dataclass(frozen=True)
class Chart:
    """A chart with the table that says the same."""

    data: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]


def curve_chart(value: EarnedValue) -> Chart | None:
    """Return the cumulative curves of PV, EV and AC; None while there is no period."""
    if not value.points:
        return None
    shown = [named.point for named in value.points]
    labels = [date_format(point.day, "SHORT_DATE_FORMAT") for point in shown]
    mark = next((at for at, named in enumerate(value.points) if named.is_data_date), None)
    curves = (
        (_("Planned value"), [point.pv for point in shown], "ACCENT", "solid"),
        (_("Earned value"), [point.ev for point in shown], "GREEN", "dashed"),
        (_("Actual cost"), [point.ac for point in shown], "AMBER", "dotted"),
    )
    data = {
        "labels": labels,
        "unit": value.currency,
        "min": 0,
        "series": [
            {"name": name, "values": [_number(amount) for amount in amounts], "tone": tone, "style": style}
            for name, amounts, tone, style in curves
        ],
    }
    if mark is not None:
        data["marker"] = {"label": _("Data date"), "at": labels[mark]}
    return Chart(
        data=data, columns=period_headings()[1:-1], rows=[_period_texts(named) for named in value.points]
    )


def _period_texts(named: NamedPoint) -> list[str]:
    """Return a period as the table under the chart shows it; value taken back is said in words (CST-12)."""
    point = named.point
    day = date_format(point.day, "SHORT_DATE_FORMAT")
    amounts = (point.pv, point.ev, point.ac, point.pv_in_period, point.ev_in_period, point.ac_in_period)
    texts = ["" if amount is None else number_format(amount, 0, force_grouping=True) for amount in amounts]
    if point.is_negative:
        texts[4] = _("%(amount)s (taken back)") % {"amount": texts[4]}
    return [_("%(day)s (data date)") % {"day": day} if named.is_data_date else day, *texts]


def _number(amount: Decimal | None) -> float | None:
    """Return an amount for a drawing; tables and exports keep the exact one."""
    return None if amount is None else float(amount)


def period_headings() -> list[str]:
    """Return the headings of the table of periods."""
    return [
        _("Period"),
        _("Up to"),
        _("PV"),
        _("EV"),
        _("AC"),
        _("PV in the period"),
        _("EV in the period"),
        _("AC in the period"),
        _("Currency"),
    ]


def period_cells(value: EarnedValue) -> Iterator[list[Any]]:
    """Return the cells of the table of periods."""
    for named in value.points:
        point = named.point
        yield [
            named.label,
            point.day,
            point.pv,
            point.ev,
            point.ac,
            point.pv_in_period,
            point.ev_in_period,
            point.ac_in_period,
            value.currency,
        ]


def package_headings() -> list[str]:
    """Return the headings of the table of work packages."""
    return [
        _("WBS"),
        _("Work package"),
        _("Technique"),
        _("% of the time"),
        _("% earned"),
        _("Budget"),
        _("PV"),
        _("EV"),
        _("AC"),
        _("SV"),
        _("CV"),
        _("Currency"),
    ]


def package_cells(value: EarnedValue, rows: Sequence[PackageRow]) -> Iterator[list[Any]]:
    """Return the cells of the table of work packages."""
    for row in rows:
        yield [
            row.wbs,
            row.name,
            str(row.technique_title),
            _two(row.elapsed_percent),
            _two(row.earned_percent),
            row.budget,
            row.pv,
            row.ev,
            row.ac,
            row.sv,
            row.cv,
            value.currency,
        ]


def _two(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(CENT, rounding=ROUND_HALF_UP)
