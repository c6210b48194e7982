"""What the filters of the list offer: only what the person may see (SEC-13)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, RoleGrant
from portfolio.access import portfolios_seen_by
from portfolio.choices import Trend
from portfolio.models import PortfolioComponent
from portfolio.selectors.wording import EXCEPTIONS
from projects.choices import DeliveryConfidence, ProjectState, Rag
from projects.models import Project

REASONS = {
    "STALE": _("Report too old"),
    "INSUFFICIENT_DATA": _("Not enough data"),
    "NOT_APPLICABLE": _("On hold"),
    "CALC_ERROR": _("Calculation failed"),
}


@dataclass(frozen=True)
class Filter:
    """One select of the row above the table."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str


def list_filters(user: Any, values: dict[str, str]) -> tuple[list[Filter], list[Filter]]:
    """Return the filters always shown, and those behind "more". Five queries."""
    projects = Project.objects.visible_to(user)
    main = [
        _filter("color", gettext("Health"), Rag.choices, values),
        _filter("portfolio", gettext("Portfolio"), portfolio_choices(user), values),
        _filter("state", gettext("State"), ProjectState.choices, values),
        _filter("exception", gettext("Exception"), _exceptions(), values),
    ]
    more = [
        _filter("program", gettext("Program"), _programs(projects), values),
        _filter("manager", gettext("Project manager"), _managers(projects), values),
        _filter("org_unit", gettext("Organization unit"), _units(projects), values),
        _filter("category", gettext("Category"), _categories(projects), values),
        _filter("reason", gettext("Reason"), REASONS.items(), values),
        _filter("trend", gettext("Trend"), Trend.choices, values),
        _filter("confidence", gettext("Reported confidence"), DeliveryConfidence.choices, values),
        _filter("stale", gettext("Report"), _late(), values),
        _filter("flagship", gettext("Flagship"), [("yes", gettext("Yes")), ("no", gettext("No"))], values),
    ]
    return main, more


def _filter(name: str, label: str, choices: Any, values: dict[str, str]) -> Filter:
    return Filter(
        name, label, tuple((str(key), str(title)) for key, title in choices), str(values.get(name, ""))
    )


def _late() -> list[tuple[str, str]]:
    return [("yes", gettext("Late")), ("no", gettext("In time"))]


def _exceptions() -> list[tuple[str, str]]:
    return [("any", gettext("Any")), *((code, str(title)) for code, title in EXCEPTIONS.items())]


def portfolio_choices(user: Any) -> Any:
    """Return code and name of the portfolios the person may see. One query."""
    return portfolios_seen_by(user).order_by("name", "pk").values_list("code", "name")


def _programs(projects: Any) -> Any:
    rows = PortfolioComponent.objects.filter(project__in=projects, program__isnull=False)
    return rows.order_by("program__name").values_list("program__code", "program__name").distinct()


def _managers(projects: Any) -> Any:
    rows = RoleGrant.objects.filter(role=Role.PROJECT_MANAGER, node__project__in=projects)
    return rows.order_by("user__name", "user_id").values_list("user_id", "user__name").distinct()


def _units(projects: Any) -> Any:
    used = OrgUnit.objects.filter(projects__in=projects)
    return used.order_by("name", "pk").values_list("pk", "name").distinct()


def _categories(projects: Any) -> list[tuple[str, str]]:
    rows = projects.exclude(category="").order_by("category").values_list("category", flat=True).distinct()
    return [(name, name) for name in rows]
