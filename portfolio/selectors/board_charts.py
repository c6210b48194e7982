"""Charts of the dashboard with the tables behind them (static/src/README.md has the shapes)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

from django.db.models import Count
from django.utils import formats
from django.utils.translation import gettext

from pmo_portal.common.templatetags.common import money_short, number0, number1, percent1
from portfolio.rollup.vocabulary import RATED_COLORS
from portfolio.selectors.dashboard_page import Bubble, ClosePoint, Dashboard
from portfolio.selectors.health_rows import newest_health
from portfolio.selectors.links import Links
from projects.choices import DeliveryConfidence, Rag
from projects.models import Project

COLOR_ORDER = ("GREEN", "AMBER", "RED", "GREY", "BLUE")
CONFIDENCE_COLORS = {
    "GREEN": "GREEN",
    "AMBER_GREEN": "GREEN",
    "AMBER": "AMBER",
    "AMBER_RED": "RED",
    "RED": "RED",
}
TABLE_ROWS = 50
LABELED = 8
EDGE = 4
SPARK_SPAN = 30.0


@dataclass(frozen=True)
class ChartRow:
    """A line of the table under a chart; the first cell is its name."""

    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart and the same as a table."""

    data: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True)
class ConfidenceLine:
    """Projects by reported delivery confidence: a judgement, never computed (REP-6)."""

    code: str
    title: str
    color: str
    count: int
    share: float
    offset: float
    url: str


def bubble_chart(page: Dashboard, overruns: Mapping[str, float], links: Links) -> Chart | None:
    """
    Return finish slip against cost variance; None while no project has both.

    A few projects that lie far beyond all others stand at the edge, so that they do not push the others
    into one spot; the table has their figures.

    Parameters
    ----------
    overruns : mapping of str to float
        Forecast above budget in percent, by project code.
    """
    points: list[dict[str, Any]] = []
    rows: list[ChartRow] = []
    for item in page.bubbles:
        code = item.project.code
        if item.slip_wd is None or code not in overruns or item.color not in RATED_COLORS:
            continue
        size = money_short(item.budget, page.currency) if item.budget is not None else ""
        over, url = overruns[code], links.health(code)
        points.append(
            {
                "name": item.project.name,
                "code": code if item.color == Rag.RED or len(page.bubbles) <= LABELED else "",
                "x": item.slip_wd,
                "y": round(over, 1),
                "size": float(item.budget or 0),
                "sizeText": size,
                "color": item.color,
                "url": url,
            }
        )
        cells = (item.project.name, _color(item.color), number0(item.slip_wd), percent1(over), size)
        rows.append(ChartRow(cells, url))
    if not points:
        return None
    slip, above = gettext("Finish slip, working days"), gettext("Forecast above budget, %")
    columns = (gettext("Project"), gettext("Color"), slip, above, gettext("Budget"))
    axes = {
        name: {"label": label, "limit": 0, **_edges([point[name] for point in points])}
        for name, label in (("x", slip), ("y", above))
    }
    return Chart({**axes, "points": points}, columns, tuple(rows[:TABLE_ROWS]))


def _edges(values: Sequence[float]) -> dict[str, float]:
    """
    Return where an axis ends, if a value lies beyond: a round number that can be read.

    The end is ``EDGE`` times what nine of ten values stay within, rounded up to its first digit.
    """
    sizes = sorted(abs(value) for value in values)
    reach = EDGE * sizes[len(sizes) * 9 // 10]
    if not reach:
        return {}
    unit = 10.0 ** floor(log10(reach))
    edge = ceil(reach / unit) * unit
    ends = {"min": -edge, "max": edge}
    beyond = {"min": min(values) < -edge, "max": max(values) > edge}
    return {name: end for name, end in ends.items() if beyond[name]}


def overruns_of(user: Any, as_of: date, codes: Sequence[str]) -> dict[str, float]:
    """Return how much the forecast lies above the budget, in percent, by project. One query."""
    projects = Project.objects.visible_to(user, "budget.view_totals").filter(code__in=codes)
    rows = newest_health(as_of, projects).filter(budget__gt=0, forecast__isnull=False)
    found: Any = rows.order_by("project_id").values_list("project__code", "budget", "forecast")
    return {code: float((forecast - budget) * 100 / budget) for code, budget, forecast in found}


def treemap_chart(page: Dashboard, links: Links) -> Chart | None:
    """Return the projects by home and budget; None while no budget may be shown."""
    homes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = []
    for item in page.bubbles:
        if not item.budget or item.budget <= 0:
            continue
        text, url = money_short(item.budget, page.currency), links.health(item.project.code)
        homes[item.group].append(_tile(item, text, url))
        rows.append(ChartRow((item.project.name, _color(item.color), text), url))
    if not homes:
        return None
    nodes = [
        {"name": name, "value": sum(tile["value"] for tile in tiles), "color": "GREY", "children": tiles}
        for name, tiles in homes.items()
    ]
    nodes.sort(key=lambda node: -float(node["value"]))
    columns = (gettext("Project"), gettext("Color"), gettext("Budget"))
    shown: Any = nodes if len(nodes) > 1 else nodes[0]["children"]
    return Chart({"nodes": shown}, columns, tuple(rows[:TABLE_ROWS]))


def _tile(item: Bubble, text: str, url: str) -> dict[str, Any]:
    return {
        "name": item.project.name,
        "value": float(item.budget or Decimal(0)),
        "valueText": text,
        "color": item.color,
        "url": url,
    }


def _color(code: str) -> str:
    return str(Rag(code).label)


def score_history(history: Sequence[ClosePoint], links: Links) -> Chart | None:
    """Return the score at each close; None before the first one."""
    if not history:
        return None
    points = [
        {
            "label": close_label(close.as_of),
            "score": None if close.score is None else round(close.score, 1),
            "color": close.color,
            "note": "",
            "url": links.on(close.as_of).group(links.portfolio),
        }
        for close in history
    ]
    rows = tuple(
        ChartRow(
            (close_label(close.as_of), number1(close.score), _color(close.color)),
            links.on(close.as_of).group(links.portfolio),
        )
        for close in history
    )
    columns = (gettext("Close"), gettext("Score"), gettext("Color"))
    return Chart({"points": points, "min": 0, "max": 100}, columns, rows)


def score_sparkline(page: Dashboard) -> dict[str, Any] | None:
    """
    Return the last closes and today as a line without axes; None with fewer than two scores.

    The line spans at least ``SPARK_SPAN`` points, so that a quiet portfolio looks quiet.
    """
    values = [None if close.score is None else round(close.score, 1) for close in page.history]
    if page.score is not None:
        values.append(round(page.score, 1))
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    room = max(0.0, SPARK_SPAN - float(high - low)) / 2
    return {
        "values": values,
        "color": page.color,
        "min": max(0.0, float(low) - room),
        "max": min(100.0, float(high) + room),
    }


def color_history(history: Sequence[ClosePoint], links: Links) -> Chart | None:
    """Return how many projects had each color at each close; None before the first one."""
    if not history:
        return None
    colors = [color for color in COLOR_ORDER if any(close.counts.get(color) for close in history)]
    series = [
        {
            "color": color,
            "label": _color(color),
            "values": [close.counts.get(color, 0) for close in history],
        }
        for color in colors
    ]
    urls = [links.on(close.as_of).list() for close in history]
    rows = tuple(
        ChartRow(
            (close_label(close.as_of), *(number0(close.counts.get(color, 0)) for color in colors)),
            links.on(close.as_of).list(),
        )
        for close in history
    )
    columns = (gettext("Close"), *(_color(color) for color in colors))
    labels = [close_label(close.as_of) for close in history]
    return Chart({"labels": labels, "urls": urls, "unit": "", "series": series}, columns, rows)


def close_label(day: date) -> str:
    """Return the month of a close."""
    return str(formats.date_format(day, "M Y"))


def confidence_lines(user: Any, path: str, as_of: date, links: Links) -> list[ConfidenceLine]:
    """Return how many projects reported each delivery confidence; empty when none did. One query."""
    rows: Any = newest_health(as_of, Project.objects.visible_to(user, "rollup.view")).exclude(confidence="")
    found = rows.filter(portfolio__node__path__startswith=path) if path else rows
    counts = dict(
        found.order_by().values("confidence").annotate(number=Count("pk")).values_list("confidence", "number")
    )
    total, offset, lines = sum(counts.values()), 0.0, []
    for code, title in DeliveryConfidence.choices:
        if not counts.get(code):
            continue
        share = 100 * counts[code] / total
        url = links.list(confidence=code)
        lines.append(
            ConfidenceLine(code, str(title), CONFIDENCE_COLORS[code], counts[code], share, offset, url)
        )
        offset += share
    return lines
