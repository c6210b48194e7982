"""Make and edit working calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import holidays
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.common.labels import Label
from pmo_portal.common.queue import Order, enqueue_many
from projects import actions
from projects.engine.calendar import CalendarError
from projects.models import Assignment, Calendar, CalendarException, Project, Task
from projects.selectors.work_calendars import MAX_LINEAGE, load_work_calendars
from projects.services.changes import (
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.former_values import remember_calendar
from projects.services.schedules import settle_plan

EDITABLE = frozenset(
    {"name", "base", "week_pattern", "hours_per_day", "days_per_week", "days_per_month", "is_default"}
)


@dataclass(frozen=True)
class DayOff:
    """Days that differ: no intervals means no work; intervals are minutes of the day."""

    start: date
    finish: date
    name: str = ""
    intervals: tuple[tuple[int, int], ...] = ()


@transaction.atomic
def ensure_default_calendar() -> Calendar:
    """Return the default calendar of the organization, made on first use."""
    found = Calendar.objects.filter(is_default=True).first()
    if found is not None:
        return found
    return Calendar.objects.create(name=str(_("Standard")), is_default=True)


@transaction.atomic
def create_calendar(
    *,
    actor: User | None,
    project: Project | None,
    name: str,
    days_off: Sequence[DayOff] = (),
    **facts: Any,
) -> Calendar:
    """
    Return a new calendar of the organization (``project`` None) or of one project.

    Raises
    ------
    DomainError
        If the hours make no sense (``INVALID_CALENDAR``) or leave no working time (SCH-5).
    """
    if set(facts) - EDITABLE:
        raise ValueError(f"not to be set here: {sorted(set(facts) - EDITABLE)}")
    locked = lock_open_project(project) if project else None
    calendar = Calendar(project=locked, name=name, **facts)
    calendar.full_clean()
    calendar.save()
    _write_days_off(calendar, days_off)
    _require_sense(calendar)
    _record(actor, actions.CALENDAR_CREATED, calendar, locked, {}, {"name": name, "days_off": len(days_off)})
    return calendar


@transaction.atomic
def edit_calendar(
    *,
    actor: User | None,
    calendar: Calendar,
    changes: Mapping[str, Any],
    expected_version: int | None,
    days_off: Sequence[DayOff] | None = None,
) -> Calendar:
    """
    Save new hours; ``days_off`` replaces all exceptions when given.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    DomainError
        If the hours make no sense, or the calendar would be based on itself (``CYCLE``).
    """
    project = lock_open_project(calendar.project) if calendar.project else None
    locked = Calendar.objects.select_for_update().get(pk=calendar.pk)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=EDITABLE)
    remember_calendar(locked)
    _require_no_cycle(locked)
    if days_off is not None:
        before["days_off"] = locked.exceptions.count()
        locked.exceptions.all().delete()
        _write_days_off(locked, days_off)
        after["days_off"] = len(days_off)
    save_version(locked)
    _require_sense(locked)
    _record(actor, actions.CALENDAR_CHANGED, locked, project, before, after)
    for user_project in Project.objects.filter(calendar=locked):
        touch_project(user_project)
    _reschedule_users(locked, project)
    return locked


def _reschedule_users(calendar: Calendar, project: Project | None) -> None:
    """Date the plan of the project anew, or order that for every plan that counts with the calendar."""
    if project is not None:
        settle_plan(project)
        return
    family = {calendar.pk}
    for _level in range(MAX_LINEAGE):
        family |= set(Calendar.objects.filter(base_id__in=family).values_list("pk", flat=True))
    of_tasks = Task.objects.filter(project=OuterRef("pk"), calendar__in=family)
    of_work = Assignment.objects.filter(task__project=OuterRef("pk"), resource__calendar__in=family)
    uses = Q(calendar__in=family) | Q(Exists(of_tasks)) | Q(Exists(of_work))
    users = Project.objects.active().filter(uses, is_auto_scheduled=True).order_by("pk")
    enqueue_many(
        Order(
            "projects.reschedule_project",
            key=str(pk),
            arguments={"project_id": pk},
            label=Label(gettext_noop("Dates of %(project)s"), {"project": code}),
        )
        for pk, code in users.values_list("pk", "code")
    )


@transaction.atomic
def set_default_calendar(*, actor: User | None, calendar: Calendar) -> Calendar:
    """
    Make it the calendar new projects start with; projects there are keep theirs.

    Raises
    ------
    DomainError
        ``NOT_OF_ALL`` for a calendar of one project.
    Conflict
        ``IS_DEFAULT`` if it is the default already.
    """
    locked = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if locked.project_id is not None:
        raise DomainError(_("This calendar belongs to one project."), code="NOT_OF_ALL")
    if locked.is_default:
        raise Conflict(_("It is the default already."), code="IS_DEFAULT")
    former = Calendar.objects.select_for_update().filter(is_default=True).first()
    if former is not None:
        former.is_default = False
        save_version(former, names=["is_default"])
    locked.is_default = True
    save_version(locked, names=["is_default"])
    before = {"default": former.name if former else None}
    _record(actor, actions.CALENDAR_CHANGED, locked, None, before, {"default": locked.name})
    return locked


def list_holidays(
    *, country: str, years: Sequence[int], subdivision: str | None = None, language: str | None = None
) -> tuple[DayOff, ...]:
    """
    Return the public holidays of a country in some years.

    Raises
    ------
    DomainError
        If the country or its part is not known.
    """
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=language)
    except NotImplementedError as fault:
        raise DomainError(_("Holidays of this country are not known."), field="country") from fault
    return tuple(DayOff(day, day, name[:150]) for day, name in sorted(found.items()))


def _write_days_off(calendar: Calendar, days_off: Sequence[DayOff]) -> None:
    rows = [
        CalendarException(
            calendar=calendar,
            name=entry.name,
            start=entry.start,
            finish=entry.finish,
            intervals=[list(interval) for interval in entry.intervals],
        )
        for entry in days_off
    ]
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=True)
    CalendarException.objects.bulk_create(rows, batch_size=500)


def _require_no_cycle(calendar: Calendar) -> None:
    base, steps = calendar.base, 0
    while base is not None:
        steps += 1
        if base.pk == calendar.pk or steps > MAX_LINEAGE:
            raise DomainError(_("A calendar cannot be based on itself."), code="CYCLE", field="base")
        base = base.base


def _require_sense(calendar: Calendar) -> None:
    """Refuse hours the engine cannot count with (SCH-5)."""
    try:
        made = load_work_calendars([calendar.pk])[calendar.pk]
    except (CalendarError, TypeError, ValueError) as fault:
        raise DomainError(
            _("The working hours of a day overlap or are not within the day."),
            code="INVALID_CALENDAR",
            field="week_pattern",
        ) from fault
    if not any(made.weekly_hours(day) for day in range(7)):
        raise DomainError(
            _("A calendar needs working time on at least one weekday."),
            code="EMPTY_CALENDAR",
            field="week_pattern",
        )


def _record(
    actor: User | None,
    action: str,
    calendar: Calendar,
    project: Project | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    node = project.node if project else None
    audit.record(actor=actor, action=action, target=calendar, node=node, before=before, after=after)
    if project:
        touch_project(project)
