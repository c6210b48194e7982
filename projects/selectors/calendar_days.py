"""What goes into calendars: the milestones of a project, and the dates of one person."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.crypto import salted_hmac

from pmo_portal.accounts.selectors.emergency import open_access_of
from projects.choices import MILESTONES, TaskKind
from projects.interchange.icalendar import CalendarDay
from projects.models import Project, Task
from projects.selectors.plan_dates import shown_finish, shown_start

PAST = timedelta(days=90)
MOST_DAYS = 2000


def milestone_days(project: Project) -> list[CalendarDay]:
    """Return the milestones of a project that have a date, in the order of the plan. One query."""
    rows = Task.objects.filter(project=project, kind__in=MILESTONES, is_active=True).in_order()
    site = _site()
    days = (_milestone(row, project, site=site) for row in rows)
    return [day for day in days if day is not None]


def days_of_person(user: Any, *, today: date, address_of: Callable[[Task], str]) -> list[CalendarDay]:
    """
    Return what the person may see now of the milestones of their projects, and their own open tasks.

    Their projects are open ones in which they hold a role themselves. Nothing that was over 90 days ago,
    and nothing of a project that only an emergency access opens. Two queries.

    Parameters
    ----------
    address_of : callable
        Returns the address of a task's page.
    """
    access = open_access_of(user)
    opened = None if access is None else access.node
    projects = (
        Project.objects.visible_to(user)
        .active()
        .filter(node__grants__user=user, node__grants__ends_at__isnull=True)
        .exclude(node=opened)
    )
    of_projects = Q(project__in=projects.values("pk"), kind__in=MILESTONES)
    own = Q(owner__user=user, actual_finish__isnull=True) & ~Q(kind=TaskKind.SUMMARY)
    rows = (
        Task.objects.visible_to(user)
        .filter(of_projects | own, is_active=True, planned_finish__date__gte=today - PAST)
        .exclude(project__node=opened)
        .select_related("project")
        .order_by("planned_finish", "pk")
    )
    site = _site()
    days = []
    for row in rows[:MOST_DAYS]:
        make = _milestone if row.kind in MILESTONES else _task
        day = make(row, row.project, site=site, address=address_of(row))
        if day is not None:
            days.append(day)
    return days


def _site() -> str:
    """Return a name of this installation that no other one has and that gives nothing away."""
    return f"{salted_hmac('projects.calendar', 'site', algorithm='sha256').hexdigest()[:16]}.pmo-portal"


def _milestone(row: Task, project: Project, *, site: str, address: str = "") -> CalendarDay | None:
    shown = shown_start if row.kind == TaskKind.START_MILESTONE else shown_finish
    day = shown(row.actual_finish or row.planned_finish or row.planned_start)
    if day is None:
        return None
    title = f"✓ {row.name}" if row.actual_finish else row.name
    return _day(row, project, title=title, first=day, last=day, site=site, address=address)


def _task(row: Task, project: Project, *, site: str, address: str = "") -> CalendarDay | None:
    first = shown_start(row.actual_start or row.planned_start)
    last = shown_finish(row.planned_finish)
    if first is None or last is None:
        return None
    return _day(row, project, title=row.name, first=first, last=max(first, last), site=site, address=address)


def _day(
    row: Task, project: Project, *, title: str, first: date, last: date, site: str, address: str
) -> CalendarDay:
    return CalendarDay(
        uid=f"task-{row.pk}@{site}",
        day=first,
        last=last,
        title=f"{title} ({project.code})",
        note=project.name,
        address=address,
    )
