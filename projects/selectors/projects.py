"""What the head of every page of a project shows, and lists of projects."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from pmo_portal.accounts.models import ScopeNode
from projects.models import Project
from projects.selectors.members import leads_of


@dataclass(frozen=True)
class Home:
    """A portfolio or program above a project, and its page."""

    title: str
    url: str

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class ProjectHeader:
    """A project's name plate."""

    code: str
    name: str
    state: str
    state_title: str
    state_since: date | None
    is_open: bool
    is_flagship: bool
    is_confidential: bool
    tier: str
    homes: tuple[Home, ...]
    sponsors: tuple[str, ...]
    managers: tuple[str, ...]
    data_date: date | None
    planned_start: date | None
    planned_finish: date | None
    version: int


def project_header(project: Project, *, today: date) -> ProjectHeader:
    """Return the head of a project. Two queries; the node must be loaded."""
    leads = leads_of(project, today=today)
    above = [int(part) for part in str(project.node.path).split("/") if part][1:-1]
    rows = ScopeNode.objects.filter(pk__in=above).order_by("pk")
    homes = {
        pk: Home(title, _home_url(portfolio, program))
        for pk, title, portfolio, program in rows.values_list(
            *("pk", "title", "portfolio__code", "program__code")
        )
    }
    return ProjectHeader(
        code=project.code,
        name=project.name,
        state=project.state,
        state_title=project.get_state_display(),
        state_since=project.state_since,
        is_open=project.state not in {"CLOSED", "CANCELED"},
        is_flagship=project.is_flagship,
        is_confidential=project.node.is_confidential,
        tier=project.get_tier_display(),
        homes=tuple(homes[pk] for pk in above if pk in homes),
        sponsors=tuple(user.name for user in leads.sponsors),
        managers=tuple(user.name for user in leads.managers),
        data_date=project.data_date,
        planned_start=project.planned_start,
        planned_finish=project.planned_finish,
        version=project.version,
    )


def _home_url(portfolio: str | None, program: str | None) -> str:
    """Return where a portfolio, or the projects of a program, are shown."""
    if program:
        return f"{reverse('portfolio:projects')}?{urlencode({'program': program})}"
    return reverse("portfolio:dashboard", args=[portfolio]) if portfolio else ""


def projects_seen_by(user: Any) -> Any:
    """Return the projects a person may see, in the order of their codes."""
    return (
        Project.objects.visible_to(user)
        .select_related("node__parent", "org_unit", "calendar")
        .order_by("code", "pk")
    )


def open_project(project_id: int) -> Project | None:
    """Return a project that may be changed; None if it is closed, canceled or gone. One query."""
    return Project.objects.active().filter(pk=project_id).select_related("node", "calendar").first()
