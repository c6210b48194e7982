"""Slim rows of project health: one query for everything a group or a list is made from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from portfolio.choices import SnapshotKind
from portfolio.models import ComponentAbsence, ProjectHealth
from portfolio.rollup.vocabulary import Color, Dimension
from projects.models import Project

_COLUMNS = {
    "project_id": "project_id",
    "code": "project__code",
    "name": "project__name",
    "path": "project__node__path",
    "is_confidential": "project__node__is_confidential",
    "portfolio_id": "portfolio_id",
    "portfolio_path": "portfolio__node__path",
    "portfolio_name": "portfolio__name",
    "program_id": "program_id",
    "program_path": "program__node__path",
    "program_name": "program__name",
    "as_of": "as_of",
    "input_hash": "input_hash",
    "state": "state",
    "color": "color",
    "reason_code": "reason_code",
    "score": "score",
    "coverage": "coverage",
    "data_quality": "data_quality",
    "trend": "trend",
    "dimension_colors": "dimension_colors",
    "is_flagship": "is_flagship",
    "is_stale": "is_stale",
    "freshness": "explanation__freshness",
    "exceptions": "exceptions",
    "currency": "currency",
    "weight": "weight",
    "budget": "budget",
    "actual": "actual",
    "forecast": "forecast",
    "ev": "ev",
    "pv": "pv",
    "spi_t": "spi_t",
}
# What a brief row does without, and what it says instead.
_BLANK: Mapping[str, Any] = {
    "dimension_colors": {},
    "freshness": None,
    "exceptions": [],
    "ev": None,
    "pv": None,
    "spi_t": None,
}

# Members by value: thousands of rows ask, and a dictionary answers faster than the class.
_COLORS = {color.value: color for color in Color}
_DIMENSIONS = {dimension.value: dimension for dimension in Dimension}


@dataclass(frozen=True, slots=True)
class HealthRow:
    """
    Health of one project at a date, as far as sums and lists need it.

    Money is in ``currency``, the project's. ``portfolio_path`` and ``program_path`` say where the
    project was at that date.
    """

    project_id: int
    code: str
    name: str
    path: str
    is_confidential: bool
    portfolio_id: int
    portfolio_path: str
    portfolio_name: str
    program_id: int | None
    program_path: str | None
    program_name: str | None
    as_of: date
    input_hash: str
    state: str
    color: str
    reason_code: str
    score: float | None
    coverage: float
    data_quality: float | None
    trend: str
    dimension_colors: Mapping[str, str]
    is_flagship: bool
    is_stale: bool
    freshness: str | None
    exceptions: list[dict[str, Any]]
    currency: str
    weight: Decimal | None
    budget: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None
    ev: Decimal | None
    pv: Decimal | None
    spi_t: float | None

    @property
    def home_path(self) -> str:
        """Path of the program, else of the portfolio, the project was in."""
        return self.program_path or self.portfolio_path

    @property
    def home_title(self) -> str:
        """Title of the program, else of the portfolio, the project was in."""
        return self.program_name or self.portfolio_name

    def dimensions(self) -> dict[Dimension, Color]:
        """Return the effective colors by dimension."""
        return {_DIMENSIONS[code]: _COLORS[color] for code, color in self.dimension_colors.items()}


def newest_of_project(as_of: date) -> QuerySet[ProjectHealth]:
    """
    Return a subquery: the health of the project of the outer row, newest first, up to a day.

    The last day of a closed period keeps the projects it was closed with (HLT-5): one that was entered
    later, with an earlier status, has no health on that day, as it is not in the sums of that day.
    """
    closed = rows_of_close(as_of).filter(is_locked=True)
    return (
        ProjectHealth.objects.filter(project_id=OuterRef("pk"), as_of__lte=as_of)
        .filter(Q(as_of=as_of, is_locked=True) | ~Exists(closed))
        .order_by("-as_of")
    )


def newest_health(as_of: date, projects: QuerySet[Project] | None = None) -> QuerySet[ProjectHealth]:
    """
    Return for each project its newest health up to the day; none of those that had left by then (HLT-8).

    Parameters
    ----------
    projects : QuerySet, optional
        Which projects; all without it.
    """
    newest = newest_of_project(as_of).values("pk")[:1]
    away = ComponentAbsence.objects.covering(as_of).values("component__project_id")
    among = (Project.objects.all() if projects is None else projects).exclude(pk__in=away)
    return ProjectHealth.objects.filter(pk__in=among.order_by().values(newest=Subquery(newest)))


def slim_rows(rows: QuerySet[ProjectHealth], *, is_brief: bool = False) -> list[HealthRow]:
    """
    Read the rows, in order of project. One query.

    Parameters
    ----------
    is_brief : bool
        Leave out what the color, score, budget, actual and forecast of a group do not need: colors of
        dimensions, exceptions, freshness and earned value.
    """
    blank = _BLANK if is_brief else {}
    names = [name for name in _COLUMNS if name not in blank]
    values = rows.order_by("project_id").values_list(*(_COLUMNS[name] for name in names))
    return [HealthRow(**dict(zip(names, row, strict=True)), **blank) for row in values]


def rows_below(rows: Collection[HealthRow], path: str) -> list[HealthRow]:
    """Return the rows whose project was below a node."""
    return [row for row in rows if row.home_path.startswith(path)]


def last_close_before(as_of: date) -> date | None:
    """Return the newest closed period before the day. One query."""
    return (
        ProjectHealth.objects.filter(kind=SnapshotKind.PERIOD_CLOSE, is_locked=True, as_of__lt=as_of)
        .order_by("-as_of")
        .values_list("as_of", flat=True)
        .first()
    )


def rows_of_close(close: date | None) -> QuerySet[ProjectHealth]:
    """Return the rows of a closed period; none without one."""
    if close is None:
        return ProjectHealth.objects.none()
    return ProjectHealth.objects.filter(as_of=close, kind=SnapshotKind.PERIOD_CLOSE)
