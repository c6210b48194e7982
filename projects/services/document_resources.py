"""Store the resources, rates and assignments of a document."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from projects.choices import ResourceKind
from projects.interchange.document import Assignment as DocumentAssignment
from projects.interchange.document import Resource as DocumentResource
from projects.interchange.vocabulary import ResourceKind as DocumentKind
from projects.models import Assignment, Calendar, Project, Resource, ResourceRate, Task
from projects.services.document_values import (
    CENT,
    FINE,
    hours_of,
    minutes_of,
    money_of,
    percent_of,
    stored_moment,
)

BATCH = 200
ALWAYS = date(1900, 1, 1)
MOST_PERCENT = Decimal("999999.99")
MOST_RATE = Decimal("9999999999")
KINDS = {
    DocumentKind.NON_LABOR: ResourceKind.EQUIPMENT,
    DocumentKind.MATERIAL: ResourceKind.MATERIAL,
    DocumentKind.COST: ResourceKind.COST,
}


def write_resources(
    project: Project, *, resources: Sequence[DocumentResource], calendars: Mapping[int, Calendar]
) -> dict[int, Resource]:
    """Return the stored resources by their uid in the document, rates stored with them. Two statements."""
    rows = [Resource(project=project, **resource_columns(item, calendars=calendars)) for item in resources]
    made = Resource.objects.bulk_create(rows, batch_size=BATCH)
    stored = {item.uid: row for item, row in zip(resources, made, strict=True)}
    write_rates(project, resources=resources, stored=stored)
    return stored


def resource_columns(item: DocumentResource, *, calendars: Mapping[int, Calendar]) -> dict[str, Any]:
    """Return what the file says about a resource, by column."""
    return {
        "uid": str(item.uid),
        "kind": KINDS.get(item.kind) or (ResourceKind.ROLE if item.is_generic else ResourceKind.PERSON),
        "name": item.name[:150],
        "calendar": calendars.get(item.calendar_uid) if item.calendar_uid is not None else None,
        "max_units_percent": _units(item.max_units),
        "extra": _extra(item),
    }


def write_rates(
    project: Project, *, resources: Sequence[DocumentResource], stored: Mapping[int, Resource]
) -> None:
    """Store what an hour of each resource costs. One statement."""
    ResourceRate.objects.bulk_create(
        [
            ResourceRate(
                resource=stored[item.uid],
                valid_from=ALWAYS,
                currency=project.currency,
                cost_per_hour=min(item.rate, MOST_RATE).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP),
            )
            for item in resources
            if item.rate is not None and item.rate > 0
        ],
        batch_size=BATCH,
    )


def write_assignments(
    *,
    assignments: Sequence[DocumentAssignment],
    tasks: Mapping[int, Task],
    resources: Mapping[int, Resource],
) -> int:
    """Store who works on what and return how many."""
    rows = [
        Assignment(
            task=tasks[item.task_uid],
            resource=resources[item.resource_uid or 0],
            **assignment_columns(item),
        )
        for item in assignments
    ]
    return len(Assignment.objects.bulk_create(rows, batch_size=BATCH))


def assignment_columns(item: DocumentAssignment) -> dict[str, Any]:
    """Return what the file says about an assignment, by column."""
    return {
        "units_percent": _units(item.units, step=FINE),
        "work_hours": hours_of(item.work, step=FINE),
        "actual_work_hours": hours_of(item.actual_work, step=FINE),
        "remaining_work_hours": hours_of(item.remaining_work, step=FINE),
        "delay": max(0, minutes_of(item.delay) or 0),
        "cost": None if item.cost is None else money_of(item.cost),
        "start": stored_moment(item.start),
        "finish": stored_moment(item.finish),
    }


def _units(units: float | None, *, step: Decimal = CENT) -> Decimal:
    """Return units (1.0 is one full time) in percent; 100 where the file says nothing."""
    percent = Decimal(100) if units is None else percent_of(units * 100, step=step)
    return max(Decimal(0), min(MOST_PERCENT, percent))


def _extra(item: DocumentResource) -> dict[str, str]:
    more = {
        "E-mail": item.email,
        "Group": item.group,
        "Initials": item.initials,
        "Cost per use": "" if not item.cost_per_use else str(item.cost_per_use),
    }
    return {**item.extra, **{name: value for name, value in more.items() if value}}
