"""A person's first page: own projects and tasks, running work, what changed since the last visit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.scopes import grants_in_force
from pmo_portal.common.models import Job
from portfolio.selectors.health_rows import newest_health
from portfolio.selectors.project_lists import ProjectFilters, ProjectListRow, project_list
from portfolio.selectors.waiting import Waiting, waiting_for
from projects.choices import Rag
from projects.models import Project
from projects.selectors.my_work import NOW, WorkQuestion, WorkRow, my_work

PROJECTS_SHOWN = 8
TASKS_SHOWN = 8
JOBS_SHOWN = 4
MESSAGES_SHOWN = 5
WAITING_SHOWN = 6
CHANGES_SHOWN = 8
DECIDERS = (Role.EXECUTIVE, Role.SPONSOR)


@dataclass(frozen=True)
class WorkCount:
    """A group of the person's tasks and how many stand in it."""

    key: str
    title: str
    count: int


@dataclass(frozen=True)
class ChangeLine:
    """A project whose color changed since the last visit; ``before`` is None for one that was not there."""

    code: str
    name: str
    before: str | None
    after: str
    url: str


@dataclass(frozen=True)
class Home:
    """
    The page. ``is_own`` tells whether the projects are the person's own or those that need attention.

    With ``decides_first`` the person comes for decisions before anything else: executives and sponsors.
    """

    projects: tuple[ProjectListRow, ...]
    is_own: bool
    more_projects: int
    waiting: tuple[Waiting, ...]
    waiting_more: tuple[Waiting, ...]
    waiting_late: int
    decides_first: bool
    tasks: tuple[WorkRow, ...]
    task_counts: tuple[WorkCount, ...]
    more_tasks: int
    jobs: tuple[Job, ...]
    messages: tuple[Any, ...]
    changes: tuple[ChangeLine, ...]
    changes_total: int
    since: datetime | None
    has_any_project: bool

    @property
    def waiting_total(self) -> int:
        """How many things wait for the person's decision."""
        return len(self.waiting) + len(self.waiting_more)


def home_page(user: Any, *, today: date, since: datetime | None) -> Home:
    """Return the first page. A fixed number of queries."""
    found, is_own, total = _projects(user, today)
    work = my_work(user, WorkQuestion(), today=today)
    changes = _changes(user, today, since) if since else []
    waiting = waiting_for(user, today=today)
    return Home(
        projects=found,
        is_own=is_own,
        more_projects=max(0, total - len(found)),
        waiting=waiting[:WAITING_SHOWN],
        waiting_more=waiting[WAITING_SHOWN:],
        waiting_late=sum(row.is_late(today) for row in waiting),
        decides_first=grants_in_force(user).filter(role__in=DECIDERS).exists(),
        tasks=work.rows[:TASKS_SHOWN],
        task_counts=tuple(
            WorkCount(str(group), str(group.label), work.counts[group]) for group in NOW if work.counts[group]
        ),
        more_tasks=max(0, len(work.rows) - TASKS_SHOWN),
        jobs=tuple(Job.objects.owned_by(user).order_by("-pk")[:JOBS_SHOWN]),
        messages=tuple(user.notifications.filter(settled_at=None).order_by("-pk")[:MESSAGES_SHOWN]),
        changes=tuple(changes[:CHANGES_SHOWN]),
        changes_total=len(changes),
        since=since,
        has_any_project=bool(found) or Project.objects.visible_to(user).exists(),
    )


def _projects(user: Any, today: date) -> tuple[tuple[ProjectListRow, ...], bool, int]:
    """Return the person's own projects; without any, those of the person's scope that need attention."""
    own = tuple(
        Project.objects.visible_to(user)
        .active()
        .filter(node__grants__user=user, node__grants__ends_at__isnull=True)
        .order_by("code")
        .values_list("code", flat=True)
        .distinct()
    )
    wanted = ProjectFilters(codes=own) if own else ProjectFilters(colors=(Rag.RED, Rag.AMBER))
    page = project_list(user, wanted, as_of=today, page_size=PROJECTS_SHOWN, with_reasons=True)
    return page.rows, bool(own), page.total


def _changes(user: Any, today: date, since: datetime) -> list[ChangeLine]:
    """Return the projects whose color is another one than at the last visit, red first. Two queries."""
    projects = Project.objects.visible_to(user, "rollup.view")
    before = _colors(newest_health(since.date(), projects))
    after = _colors(newest_health(today, projects))
    found = [
        ChangeLine(
            code=code,
            name=name,
            before=before[code][1] if code in before else None,
            after=color,
            url=reverse("portfolio:project_health_panel", args=[code]),
        )
        for code, (name, color) in after.items()
        if before and (code not in before or before[code][1] != color)
    ]
    order = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREY: 2, Rag.GREEN: 3, Rag.BLUE: 4}
    return sorted(found, key=lambda item: (order[Rag(item.after)], item.code))


def _colors(rows: Any) -> dict[str, tuple[str, str]]:
    values = rows.order_by("project_id").values_list("project__code", "project__name", "color")
    return {code: (name, color) for code, name, color in values}
