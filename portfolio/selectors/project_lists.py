"""The list of projects with their health: filters, order, pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant
from portfolio.models import ComponentAbsence, Portfolio, PortfolioComponent, ProjectHealth
from portfolio.rollup.vocabulary import POPULATION_OF_STATE, Population
from portfolio.selectors.groups import state_of
from portfolio.selectors.health_rows import newest_of_project
from portfolio.selectors.main_reason import main_reason
from projects.choices import ProjectState, Rag
from projects.models import Project

PAGE_SIZE = 25
#: Who owes a report: nobody waits for one of a project that is closed, on hold or not begun.
REPORTING_STATES = tuple(
    value for value in ProjectState.values if POPULATION_OF_STATE[state_of(value)] == Population.RATED
)
LARGEST_PAGE = 500
SEVERITY_ORDER = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2, Rag.BLUE: 3, Rag.GREY: 4}
OWN_SORTS = {
    "code": "code",
    "name": "name",
    "state": "state",
    "tier": "tier",
    "category": "category",
    "portfolio": "component__portfolio__name",
    "program": "component__program__name",
}
HEALTH_SORTS = {
    "color": "color",
    "score": "score",
    "budget": "budget",
    "actual": "actual",
    "forecast": "forecast",
    "variance": "variance",
    "finish": "forecast_finish",
    "slip": "slip_wd",
    "spi_t": "spi_t",
    "cpi": "cpi",
    "coverage": "coverage",
    "data_quality": "data_quality",
    "trend": "trend",
    "confidence": "confidence",
}
MONEY_SORTS = frozenset({"budget", "actual", "forecast", "variance"})
SORTS = (*OWN_SORTS, *HEALTH_SORTS)


@dataclass(frozen=True)
class ProjectFilters:
    """
    What is listed. Empty means all.

    ``exception`` is a code E1 to E12 or ``any``; ``manager`` and ``org_unit`` are ids; ``dimension`` a
    dimension that is not GREEN; ``codes`` exactly these.
    """

    portfolio: Portfolio | None = None
    program: str = ""
    text: str = ""
    colors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    category: str = ""
    trend: str = ""
    confidence: str = ""
    exception: str = ""
    dimension: str = ""
    is_stale: bool | None = None
    is_flagship: bool | None = None
    codes: tuple[str, ...] = ()
    reason: str = ""
    manager: int | None = None
    org_unit: int | None = None

    @property
    def needs_health(self) -> bool:
        """Whether any filter is about health."""
        return bool(
            self.colors
            or self.trend
            or self.confidence
            or self.exception
            or self.dimension
            or self.reason
            or self.is_stale is not None
        )


@dataclass(frozen=True)
class ProjectListRow:
    """
    One line. Money is in ``currency``, the project's, and None when the person may not see it.

    Without any roll-up the color is GREY and ``as_of`` None. ``is_stale``: the report is late;
    ``is_outdated``: the project changed since these figures, the newest, were computed (SEC-45);
    ``why``: the main reason of red and amber, where it was asked for.
    """

    code: str
    name: str
    state: str
    tier: str
    category: str
    portfolio: str
    program: str
    managers: tuple[str, ...]
    is_confidential: bool
    is_flagship: bool
    as_of: date | None
    color: str
    reason_code: str
    score: float | None
    coverage: float | None
    data_quality: float | None
    trend: str
    dimensions: Mapping[str, str]
    confidence: str
    is_stale: bool
    is_outdated: bool
    exceptions: tuple[str, ...]
    currency: str
    budget: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None
    spi_t: float | None
    cpi: float | None
    slip_wd: int | None
    forecast_finish: date | None
    why: str

    @property
    def variance(self) -> Decimal | None:
        """Forecast minus budget; None while one of them is not known or not shown."""
        return None if self.forecast is None or self.budget is None else self.forecast - self.budget


@dataclass(frozen=True)
class ProjectListPage:
    """One page of the list."""

    rows: tuple[ProjectListRow, ...]
    total: int
    page: int
    page_count: int
    page_size: int
    sort: str
    filters: ProjectFilters = field(default_factory=ProjectFilters)

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.page < self.page_count


def project_list(
    user: Any,
    filters: ProjectFilters,
    *,
    as_of: date,
    sort: str = "color",
    page: int = 1,
    page_size: int = PAGE_SIZE,
    with_reasons: bool = False,
) -> ProjectListPage:
    """
    Return a page of the projects the person may see. Five queries whatever their number.

    Parameters
    ----------
    as_of : date
        Health is the newest of each project up to this day; projects that had left are not listed.
    sort : str
        One of ``SORTS``, with ``-`` before it for falling order; anything else sorts by color, and within
        a color by the score.
    with_reasons : bool
        Whether each line says why it is red or amber.
    """
    size = max(1, min(page_size, LARGEST_PAGE))
    found, order = _ordered(_filtered(user, filters, as_of), user, sort)
    total = found.count()
    page_count = max(1, -(-total // size))
    number = max(1, min(page, page_count))
    wanted = list(found.values_list("pk", "health_id")[(number - 1) * size : number * size])
    return ProjectListPage(
        rows=_rows(user, wanted, with_reasons=with_reasons),
        total=total,
        page=number,
        page_count=page_count,
        page_size=size,
        sort=order,
        filters=filters,
    )


def _newer() -> QuerySet[ProjectHealth]:
    return ProjectHealth.objects.filter(project_id=OuterRef("project_id"), as_of__gt=OuterRef("as_of"))


def _filtered(user: Any, filters: ProjectFilters, as_of: date) -> Any:
    away = ComponentAbsence.objects.covering(as_of).values("component__project_id")
    found: Any = (
        Project.objects.visible_to(user)
        .exclude(pk__in=away)
        .annotate(health_id=Subquery(newest_of_project(as_of).values("pk")[:1]))
    )
    if filters.portfolio is not None:
        found = found.filter(node__path__startswith=str(filters.portfolio.node.path))
    if filters.program:
        found = found.filter(component__program__code=filters.program)
    if filters.text:
        found = found.filter(Q(name__icontains=filters.text) | Q(code__icontains=filters.text))
    if filters.states:
        found = found.filter(state__in=filters.states)
    if filters.tiers:
        found = found.filter(tier__in=filters.tiers)
    if filters.category:
        found = found.filter(category=filters.category)
    if filters.is_flagship is not None:
        found = found.filter(is_flagship=filters.is_flagship)
    if filters.codes:
        found = found.filter(code__in=filters.codes)
    if filters.org_unit is not None:
        found = found.filter(org_unit_id=filters.org_unit)
    if filters.manager is not None:
        led = RoleGrant.objects.filter(role=Role.PROJECT_MANAGER, user_id=filters.manager)
        found = found.filter(node_id__in=led.values("node_id"))
    return _by_health(found, user, filters) if filters.needs_health else found


def _by_health(found: Any, user: Any, filters: ProjectFilters) -> Any:
    """Keep the projects whose newest health fits; a filter on health needs the right to see it."""
    health = ProjectHealth.objects.visible_to(user)
    if filters.colors:
        health = health.filter(color__in=filters.colors)
    if filters.trend:
        health = health.filter(trend=filters.trend)
    if filters.confidence:
        health = health.filter(confidence=filters.confidence)
    if filters.is_stale is not None:
        health = health.filter(is_stale=filters.is_stale)
    if filters.is_stale:
        found = found.filter(state__in=REPORTING_STATES)
    if filters.dimension:
        health = health.filter(**{f"dimension_colors__{filters.dimension}__in": [Rag.AMBER, Rag.RED]})
    if filters.reason:
        health = health.filter(reason_code=filters.reason)
    if filters.exception == "any":
        health = health.exclude(exceptions=[])
    elif filters.exception:
        health = health.annotate(listed=Cast("exceptions", TextField())).filter(
            listed__contains=f'"code": "{filters.exception}"'
        )
    return found.filter(health_id__in=health.values("pk"))


def _ordered(found: Any, user: Any, sort: str) -> tuple[Any, str]:
    """Return the projects in order, and the sort that was used."""
    name, is_falling = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        name, is_falling = "color", False
    if name in OWN_SORTS:
        key = F(OWN_SORTS[name])
    else:
        health = ProjectHealth.objects.filter(pk=OuterRef("health_id"))
        if name in MONEY_SORTS:
            health = health.visible_to(user, "budget.view_totals")
        column: Any = HEALTH_SORTS[name]
        if name == "variance":
            health = health.annotate(variance=F("forecast") - F("budget"))
        if name == "color":
            # Within a color the lowest score comes first; scores end at 100.
            ranks = [When(color=color, then=Value(1000.0 * rank)) for color, rank in SEVERITY_ORDER.items()]
            score = Coalesce(F("score"), Value(999.0))
            health = health.annotate(rank=Case(*ranks, output_field=FloatField()) + score)
            column = "rank"
        found = found.annotate(sort_key=Subquery(health.values(column)[:1]))
        key = F("sort_key")
    first = key.desc(nulls_last=True) if is_falling else key.asc(nulls_last=True)
    return found.order_by(first, "code", "pk"), f"-{name}" if is_falling else name


def _rows(
    user: Any, wanted: list[tuple[int, int | None]], *, with_reasons: bool
) -> tuple[ProjectListRow, ...]:
    """Read the lines of a page, in its order. Four queries."""
    ids = [pk for pk, _health in wanted]
    projects = {row.pk: row for row in Project.objects.filter(pk__in=ids).select_related("node")}
    homes = {
        row.project_id: row
        for row in PortfolioComponent.objects.filter(project_id__in=ids).select_related(
            "portfolio", "program"
        )
    }
    rated = (
        ProjectHealth.objects.visible_to(user)
        .filter(pk__in=[health_id for _pk, health_id in wanted if health_id])
        .annotate(has_newer=Exists(_newer()))
        .defer("indicators", "explanation")
    )
    if with_reasons:
        rated = rated.annotate(steps=KeyTransform("explanation", "explanation"))
    health = {row.pk: row for row in rated}
    with_money = set(
        Project.objects.visible_to(user, "budget.view_totals").filter(pk__in=ids).values_list("pk", flat=True)
    )
    managers = _managers([projects[pk].node_id for pk in ids])
    return tuple(
        _line(
            projects[pk],
            homes.get(pk),
            health.get(health_id or 0),
            managers.get(projects[pk].node_id, ()),
            sees_money=pk in with_money,
        )
        for pk, health_id in wanted
    )


def _managers(node_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = RoleGrant.objects.filter(node_id__in=node_ids, role=Role.PROJECT_MANAGER).order_by("pk")
    for node_id, name in rows.values_list("node_id", "user__name"):
        found[node_id] = (*found.get(node_id, ()), name)
    return found


def _is_latest(health: ProjectHealth) -> bool:
    """Whether nothing newer is known of the project: what is past is not out of date."""
    return not health.has_newer  # type: ignore[attr-defined]


def _line(
    project: Project,
    home: PortfolioComponent | None,
    health: ProjectHealth | None,
    managers: tuple[str, ...],
    *,
    sees_money: bool,
) -> ProjectListRow:
    return ProjectListRow(
        code=project.code,
        name=project.name,
        state=project.state,
        tier=project.tier,
        category=project.category,
        portfolio=home.portfolio.name if home else "",
        program=home.program.name if home and home.program else "",
        managers=managers,
        is_confidential=project.node.is_confidential,
        is_flagship=project.is_flagship,
        as_of=health.as_of if health else None,
        color=health.color if health else Rag.GREY,
        reason_code=health.reason_code if health else "INSUFFICIENT_DATA",
        score=health.score if health else None,
        coverage=health.coverage if health else None,
        data_quality=health.data_quality if health else None,
        trend=health.trend if health else "",
        dimensions=health.dimension_colors if health else {},
        confidence=health.confidence if health else "",
        is_stale=bool(health and health.is_stale and project.state in REPORTING_STATES),
        is_outdated=bool(health and _is_latest(health) and project.updated_at > health.computed_at),
        exceptions=tuple(item["code"] for item in health.exceptions) if health else (),
        currency=project.currency,
        budget=health.budget if health and sees_money else None,
        actual=health.actual if health and sees_money else None,
        forecast=health.forecast if health and sees_money else None,
        spi_t=health.spi_t if health else None,
        cpi=health.cpi if health else None,
        slip_wd=health.slip_wd if health else None,
        forecast_finish=health.forecast_finish if health else None,
        why=main_reason(health.color, getattr(health, "steps", None) or ()) if health else "",
    )
