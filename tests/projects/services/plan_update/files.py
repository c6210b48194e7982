"""Schedules as the reader hands them over, and what imports of them do: for tests without a file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pmo_portal.accounts.models import User
from projects.interchange.document import (
    Calendar,
    Interval,
    Link,
    ProjectDocument,
    ProjectOptions,
    Task,
    Weekdays,
)
from projects.models import Project
from projects.services.plan_updates import UpdateResult, preview_update, update_plan

TODAY = date(2026, 3, 10)
WEEK = Weekdays(*[(Interval(480, 720), Interval(780, 1020))] * 5, (), ())
OPTIONS = ProjectOptions(name="House", currency="EUR", default_calendar_uid=1)


def at(day: int, hour: int = 8, *, month: int = 3) -> datetime:
    """Return a moment of 2026."""
    return datetime(2026, month, day, hour)


def row(uid: int, name: str, day: int = 2, **facts: Any) -> Task:
    """Return a task of one day."""
    values = {"id": uid, "duration": 480.0, "start": at(day), "finish": at(day, 17), **facts}
    return Task(uid, name, **values)


def plan(tasks: Sequence[Task], links: Sequence[Link] = (), **more: Any) -> ProjectDocument:
    """Return a schedule with these rows."""
    options = replace(OPTIONS, status_date=more.pop("status_date", None), **more.pop("options", {}))
    calendar = Calendar(1, "Builders", weekdays=WEEK)
    return ProjectDocument(
        options=options, calendars=(calendar,), tasks=tuple(tasks), links=tuple(links), **more
    )


def bring_in(
    project: Project, document: ProjectDocument, actor: User | None = None, missing: str = "KEEP", **more: Any
) -> UpdateResult:
    """Import the document into the project."""
    return update_plan(
        actor=actor,
        project=project,
        document=document,
        missing=missing,
        today=TODAY,
        file_name="house.mpp",
        **more,
    )


def preview(project: Project, document: ProjectDocument, actor: User | None = None) -> dict[str, Any]:
    """Return what importing the document would do."""
    project.refresh_from_db()
    return preview_update(actor=actor, project=project, document=document, file_name="house.mpp")


def counts(shown: dict[str, Any]) -> dict[str, int]:
    """Return the counts that are not 0."""
    return {name: number for name, number in shown["counts"].items() if number}


def notes(shown: dict[str, Any]) -> list[str]:
    """Return the codes of the notes."""
    return [note["code"] for note in shown["notes"]]
