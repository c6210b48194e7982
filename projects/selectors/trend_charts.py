"""Charts of milestones and of the finish over reports, with their tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pmo_portal.common.templatetags.common import DASH
from projects.engine.milestone_trend import Trend
from projects.selectors.milestone_trends import Forecast, SlipPoint, TrendPage, TrendRow

TREND_TITLES: Mapping[Trend, Any] = {
    Trend.REACHED: gettext_lazy("reached"),
    Trend.RISING: gettext_lazy("slipping"),
    Trend.FALLING: gettext_lazy("gaining"),
    Trend.LEVEL: gettext_lazy("stable"),
}


@dataclass(frozen=True)
class Chart:
    """What `components/_chart.html` draws, and the same as a table."""

    data: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class TrendLine:
    """A milestone in the list beside the chart; ``total_days`` calendar days since the first report."""

    uid: int
    wbs: str
    name: str
    trend: str
    title: str
    total_days: int | None
    later_in_a_row: int

    @property
    def days_moved(self) -> int:
        """Calendar days in either direction, for the plural of the word beside them."""
        return abs(self.total_days or 0)


def trend_lines(page: TrendPage) -> list[TrendLine]:
    """Return the milestones with what their lines do."""
    return [
        TrendLine(
            uid=row.uid,
            wbs=row.wbs,
            name=row.name,
            trend=row.trend.trend or "",
            title=str(TREND_TITLES[row.trend.trend]) if row.trend.trend else "",
            total_days=row.trend.total,
            later_in_a_row=row.trend.later_in_a_row,
        )
        for row in page.rows
    ]


def milestone_chart(page: TrendPage) -> Chart | None:
    """Return the milestone trend; None before a second report."""
    if len(page.days) < 2 or not page.rows:
        return None
    return Chart(
        data={
            "x": _("Report"),
            "y": _("Forecast"),
            "diagonal": _("Forecast is the day of the report"),
            "series": [_series(page, row) for row in page.rows],
        },
        columns=(_("Milestone"), *(date_format(day, "SHORT_DATE_FORMAT") for day in page.days)),
        rows=tuple((row.name, *(_cell(forecast) for forecast in row.forecasts)) for row in page.rows),
    )


def slip_chart(page: TrendPage) -> Chart | None:
    """Return the slip of the finish against the original baseline; None where no report has one."""
    if not any(point.slip_wd is not None for point in page.slips):
        return None
    labels = [date_format(day, "SHORT_DATE_FORMAT") for day in page.days]
    values = [point.slip_wd for point in page.slips]
    return Chart(
        data={
            "labels": labels,
            "unit": pgettext("working days", "wd"),
            "series": [{"name": _("Slip in working days"), "values": values}],
        },
        columns=(_("Report"), _("Forecast finish"), _("Slip in working days")),
        rows=tuple((label, *_slip_cells(point)) for label, point in zip(labels, page.slips, strict=True)),
    )


def _series(page: TrendPage, row: TrendRow) -> dict[str, Any]:
    points = [
        {
            "x": day.isoformat(),
            "y": forecast.day.isoformat(),
            "reached": forecast.is_reached,
            "text": _cell(forecast),
            "on": date_format(day, "SHORT_DATE_FORMAT"),
        }
        for day, forecast in zip(page.days, row.forecasts, strict=True)
        if forecast.day is not None
    ]
    return {"name": row.name, "points": points}


def _cell(forecast: Forecast) -> str:
    if forecast.day is None:
        return DASH
    shown = date_format(forecast.day, "SHORT_DATE_FORMAT")
    return _("%(day)s (reached)") % {"day": shown} if forecast.is_reached else shown


def _slip_cells(point: SlipPoint) -> tuple[str, str]:
    finish = date_format(point.finish, "SHORT_DATE_FORMAT") if point.finish else DASH
    slip = DASH if point.slip_wd is None else f"{point.slip_wd:+d}".replace("-", "−")
    return finish, slip
