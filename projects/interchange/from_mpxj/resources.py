"""Resources and their assignments to tasks."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from projects.interchange.document import Assignment, Resource
from projects.interchange.from_mpxj.fields import StoredField, extra, stored
from projects.interchange.from_mpxj.values import TimeUnits, money, number, text
from projects.interchange.vocabulary import ResourceKind

KINDS: Final = {kind.value: kind for kind in ResourceKind}
PERCENT: Final = 100


def read_resources(
    resources: Iterable[Any], custom: list[StoredField], units: TimeUnits
) -> tuple[Resource, ...]:
    """Return the resources that have a name; the nameless one stands for *unassigned*."""
    return tuple(
        _resource(resource, custom, units) for resource in resources if resource.getName() is not None
    )


def read_assignments(
    assignments: Iterable[Any], fields: list[StoredField], units_field: Any, known: frozenset[int]
) -> tuple[Assignment, ...]:
    """Return the assignments; those to nobody, or to a resource that is not known, name no resource."""
    result = []
    for assignment in assignments:
        task = assignment.getTaskUniqueID()
        if task is None:
            continue
        resource = assignment.getResourceUniqueID()
        units = number(assignment.getCachedValue(units_field))
        contour = assignment.getWorkContour()
        result.append(
            Assignment(
                task_uid=int(task),
                resource_uid=int(resource) if resource is not None and int(resource) in known else None,
                units=None if units is None else round(units / PERCENT, 6),
                contour="" if contour is None else text(contour, limit=50),
                **stored(assignment, fields),
            )
        )
    return tuple(result)


def _resource(resource: Any, custom: list[StoredField], units: TimeUnits) -> Resource:
    kind = resource.getType()
    calendar = resource.getCalendarUniqueID()
    most = number(resource.getMaxUnits())
    return Resource(
        uid=int(resource.getUniqueID()),
        name=text(resource.getName(), limit=250),
        id=None if resource.getID() is None else int(resource.getID()),
        kind=ResourceKind.WORK if kind is None else KINDS.get(str(kind.name()), ResourceKind.WORK),
        calendar_uid=None if calendar is None else int(calendar),
        max_units=None if most is None else round(most / PERCENT, 6),
        rate=_hourly(resource.getStandardRate(), units.work()),
        cost_per_use=money(resource.getCostPerUse()),
        email=text(resource.getEmailAddress(), limit=250),
        group=text(resource.getGroup(), limit=250),
        initials=text(resource.getInitials(), limit=50),
        is_generic=bool(resource.getGeneric()),
        extra=extra(resource, custom),
    )


def _hourly(rate: Any, units: Mapping[str, float]) -> Decimal | None:
    """Return money per hour; a rate without unit of time is one per unit of material."""
    if rate is None:
        return None
    value = number(rate.getAmount())
    unit = rate.getUnits()
    if value is None:
        return None
    scale = 1.0 if unit is None else 60 / units.get(str(unit), 60.0)
    return money(value * scale)
