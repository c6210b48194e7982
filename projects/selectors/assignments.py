"""Who works on a task, who could, and what the rules of effort recalculated."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import formats
from django.utils.translation import gettext

from pmo_portal.accounts.models import Person
from projects.choices import TaskType
from projects.models import Assignment, Project, Resource, Task


@dataclass(frozen=True)
class AssignmentRow:
    """A resource on a task; work in hours, units in percent."""

    pk: int
    name: str
    kind: str
    units: Decimal
    work: Decimal
    actual: Decimal


@dataclass(frozen=True)
class Staff:
    """Who works on a task, and by which rule values follow each other."""

    rows: tuple[AssignmentRow, ...]
    work: Decimal
    rule: str
    is_effort_driven: bool


def resources_for(project: Project) -> Any:
    """Return the resources a project may use: its own and those of the organization."""
    return Resource.objects.filter(Q(project=project) | Q(project__isnull=True)).order_by("name", "pk")


def people_without_resource(project: Project) -> Any:
    """Return who works in the project and is no resource of it yet."""
    member = Q(user__grants__node=project.node_id, user__is_active=True, user__grants__ends_at__isnull=True)
    known = resources_for(project).filter(person=OuterRef("pk"))
    return Person.objects.filter(member).exclude(Exists(known)).distinct().order_by("name", "pk")


def assignments_of(task: Task) -> Any:
    """Return the assignments of a task in the order they were made."""
    return Assignment.objects.filter(task=task).select_related("resource", "task").order_by("pk")


def assignments_in(project: Project) -> Any:
    """Return all assignments of a project."""
    rows = Assignment.objects.filter(task__project=project)
    return rows.select_related("resource", "task__project__calendar").order_by("pk")


def staff_of(task: Task) -> Staff:
    """Return who works on a task. One query."""
    return Staff(
        rows=tuple(
            AssignmentRow(
                pk=row.pk,
                name=row.resource.name,
                kind=row.resource.get_kind_display(),
                units=row.units_percent,
                work=row.work_hours,
                actual=row.actual_work_hours,
            )
            for row in assignments_of(task)
        ),
        work=task.work_hours,
        rule=str(TaskType(task.task_type).label),
        is_effort_driven=task.is_effort_driven or task.task_type == TaskType.FIXED_WORK,
    )


def recalculation_sentences(found: Iterable[Any], *, project: Project) -> list[str]:
    """Return what was recalculated as sentences; durations in days of the project's calendar."""
    per_day = project.calendar.hours_per_day * 60
    return [_sentence(item, per_day) for item in found]


def _sentence(item: Any, per_day: Decimal) -> str:
    if item.value == "DURATION":
        values = {"before": _number(item.before / per_day), "after": _number(item.after / per_day)}
        return gettext("Recalculated: the duration, from %(before)s to %(after)s days.") % values
    values = {"before": _number(item.before), "after": _number(item.after), "name": item.resource}
    if item.value == "WORK":
        return gettext("Recalculated: the work, from %(before)s to %(after)s hours.") % values
    return gettext("Recalculated: the units of %(name)s, from %(before)s to %(after)s percent.") % values


def _number(value: Decimal) -> str:
    return str(formats.number_format(value.quantize(Decimal("0.01")).normalize() + 0, use_l10n=True))
