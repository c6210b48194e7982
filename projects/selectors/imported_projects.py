"""Projects that an import made: what came in with each, and what happened in them since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from pmo_portal.audit.models import AuditEntry
from projects import actions
from projects.models import Project, ScheduleImport
from projects.selectors.activity import Happening, happenings
from projects.selectors.taken_imports import HARMLESS

SINCE = 50


@dataclass(frozen=True)
class ImportedProject:
    """A project of an import, as the page that takes it back shows it."""

    code: str
    name: str
    place: str
    rows: int


def imported_projects(found: ScheduleImport) -> list[ImportedProject]:
    """Return what an import made. One query."""
    rows = found.projects.annotate(row_count=Count("tasks")).order_by("code")
    found_rows = rows.values_list("code", "name", "node__parent__title", "row_count")
    return [ImportedProject(code, name, place or "", count) for code, name, place, count in found_rows]


def written_at(projects: Sequence[Project]) -> datetime | None:
    """Return when the projects came in, by the trail. One query."""
    return _arrivals(projects).order_by("-at").values_list("at", flat=True).first()


def is_of_day(found: ScheduleImport, day: date) -> bool:
    """Whether an import made projects on this day, so that taking it back may be offered. Two queries."""
    moment = written_at(list(found.projects.all()))
    return moment is not None and moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date() == day


def acts_since(projects: Sequence[Project]) -> QuerySet[AuditEntry]:
    """Return what people did in the projects since they came in, newest first, reading aside. Two queries."""
    arrived = dict(_arrivals(projects).order_by("sequence").values_list("node_id", "sequence"))
    since = Q(pk__in=())
    for node_id, sequence in arrived.items():
        since |= Q(node_id=node_id, sequence__gt=sequence)
    people = AuditEntry.objects.filter(since, actor__isnull=False).exclude(action__in=HARMLESS)
    return people.order_by("-sequence")


def shown_since(projects: Sequence[Project], *, user: Any) -> list[Happening]:
    """Return what happened since in words without amounts, as far as the person may read it. Two queries."""
    readable = AuditEntry.objects.visible_to(user).filter(node__in=[project.node_id for project in projects])
    entries = acts_since(projects).filter(pk__in=readable.values("pk"))
    return happenings(entries[:SINCE], shows_amounts=False)


def _arrivals(projects: Sequence[Project]) -> QuerySet[AuditEntry]:
    nodes = [project.node_id for project in projects]
    return AuditEntry.objects.filter(node__in=nodes, action=actions.PROJECT_IMPORTED)
