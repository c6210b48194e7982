"""Store calendars, resources and assignments that were worked out."""

from collections.abc import Mapping, Sequence

from projects.models import Assignment, Project, Task
from projects.services.document_calendars import write_exceptions
from projects.services.document_resources import write_assignments, write_rates
from projects.services.former_values import remember_calendar
from projects.services.plan_update.worked_out import CalendarUpdate, Supplies


def write_calendar_updates(project: Project, updates: Sequence[CalendarUpdate]) -> None:
    """Store new calendars and new contents; bases come first."""
    for update in updates:
        calendar = update.calendar
        if update.is_new:
            calendar.save()
        elif update.is_changed:
            remember_calendar(calendar)
            for name, value in update.values.items():
                setattr(calendar, name, value)
            calendar.version += 1
            calendar.save(update_fields=[*update.values, "version"])
        if update.has_other_days:
            calendar.exceptions.all().delete()
            calendar.work_weeks.all().delete()
    write_exceptions(
        [(update.calendar, update.item) for update in updates if update.is_new or update.has_other_days]
    )


def write_supplies(
    project: Project, supplies: Supplies, *, tasks: Mapping[int, Task], takes_rates: bool
) -> None:
    """Store resources and assignments; rates come with new resources only."""
    for update in supplies.resources:
        if update.is_new:
            update.resource.save()
        elif update.values:
            for name, value in update.values.items():
                setattr(update.resource, name, value)
            update.resource.version += 1
            update.resource.save(update_fields=[*update.values, "version"])
    new = {update.item.uid: update.resource for update in supplies.resources if update.is_new}
    if takes_rates:
        rated = [update.item for update in supplies.resources if update.is_new]
        write_rates(project, resources=rated, stored=new)
    Assignment.objects.filter(pk__in=[item.pk for item in supplies.assignments_removed]).delete()
    for change in supplies.assignments_changed:
        for name, value in change.values.items():
            setattr(change.assignment, name, value)
        change.assignment.save(update_fields=[*change.values])
    write_assignments(
        assignments=supplies.assignments_added,
        tasks=tasks,
        resources={update.item.uid: update.resource for update in supplies.resources},
    )
