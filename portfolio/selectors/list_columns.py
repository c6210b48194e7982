"""The columns of the list of projects: the same on the page and in an export."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.choices import Trend
from portfolio.selectors.project_lists import ProjectListRow
from portfolio.selectors.wording import EXCEPTIONS, dimension_name
from projects.choices import DeliveryConfidence, ProjectState, Rag


@dataclass(frozen=True)
class Column:
    """A column: key, heading, the sort it offers, and its value in an export."""

    key: str
    title: str | Promise
    value: Callable[[ProjectListRow], Any]
    sort: str = ""
    definition: str | Promise = ""
    is_number: bool = False


def _dimensions(row: ProjectListRow) -> str:
    worse = [
        f"{dimension_name(code)} {Rag(color).label}"
        for code, color in row.dimensions.items()
        if color in {Rag.RED, Rag.AMBER}
    ]
    return ", ".join(worse)


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value else ""


_ALL = (
    Column("color", _("Health"), lambda row: _label(Rag, row.color), "color"),
    Column("score", _("Score"), lambda row: row.score, "score", _("Health score H, 0 to 100"), True),
    Column("trend", _("Trend"), lambda row: _label(Trend, row.trend), "trend", _("Against the last close")),
    Column("dimensions", _("Not green"), _dimensions, "", _("Dimensions that are red or amber")),
    Column("state", _("State"), lambda row: _label(ProjectState, row.state), "state"),
    Column("portfolio", _("Portfolio"), lambda row: row.portfolio, "portfolio"),
    Column("program", _("Program"), lambda row: row.program, "program"),
    Column("managers", _("Project manager"), lambda row: ", ".join(row.managers)),
    Column("category", _("Category"), lambda row: row.category, "category"),
    Column("tier", _("Tier"), lambda row: row.tier, "tier"),
    Column("budget", _("Budget"), lambda row: row.budget, "budget", _("Approved budget"), True),
    Column("actual", _("Actual"), lambda row: row.actual, "actual", _("Actual cost so far"), True),
    Column(
        "forecast", _("Forecast"), lambda row: row.forecast, "forecast", _("Estimate at completion"), True
    ),
    Column(
        "variance", _("Over budget"), lambda row: row.variance, "variance", _("Forecast minus budget"), True
    ),
    Column("finish", _("Forecast finish"), lambda row: row.forecast_finish, "finish"),
    Column("slip", _("Slip"), lambda row: row.slip_wd, "slip", _("Finish slip, working days"), True),
    Column(
        "spi_t", _("SPI(t)"), lambda row: row.spi_t, "spi_t", _("Schedule performance index in time"), True
    ),
    Column("cpi", _("CPI"), lambda row: row.cpi, "cpi", _("Cost performance index"), True),
    Column("coverage", _("Coverage"), lambda row: row.coverage, "coverage", _("Rated weight of 100"), True),
    Column(
        "data_quality",
        _("Data quality"),
        lambda row: row.data_quality,
        "data_quality",
        _("Weight of the data quality checks that pass, in percent"),
        True,
    ),
    Column(
        "confidence",
        _("Reported confidence"),
        lambda row: _label(DeliveryConfidence, row.confidence),
        "confidence",
        _("Delivery confidence as reported: a judgement, not computed"),
    ),
    Column(
        "exceptions",
        _("Exceptions"),
        lambda row: ", ".join(str(EXCEPTIONS.get(code, code)) for code in row.exceptions),
    ),
)
COLUMNS = {column.key: column for column in _ALL}
DEFAULT_COLUMNS = (
    "color",
    "score",
    "trend",
    "dimensions",
    "state",
    "portfolio",
    "managers",
    "budget",
    "finish",
    "slip",
)


def export_headings(keys: Sequence[str]) -> list[str]:
    """Return the headings of an export: code and name first, the currency beside amounts."""
    return [
        str(text) for text in (_("Code"), _("Name"), *(COLUMNS[key].title for key in keys), _("Currency"))
    ]


def export_row(row: ProjectListRow, keys: Sequence[str]) -> list[Any]:
    """Return one line of an export with real numbers and dates."""
    return [row.code, row.name, *(COLUMNS[key].value(row) for key in keys), row.currency]
