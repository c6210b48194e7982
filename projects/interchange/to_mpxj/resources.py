"""Resources and assignments of a document as those of MPXJ."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from projects.interchange.document import Assignment, Resource
from projects.interchange.from_mpxj.fields import (
    ASSIGNMENT_DURATIONS,
    ASSIGNMENT_MOMENTS,
    ASSIGNMENT_MONIES,
)
from projects.interchange.to_mpxj.own_fields import OwnFields
from projects.interchange.to_mpxj.values import Values, one_line
from projects.interchange.vocabulary import ResourceKind

PERCENT: Final = 100
KINDS: Final = {
    ResourceKind.WORK: "WORK",
    ResourceKind.NON_LABOR: "WORK",
    ResourceKind.MATERIAL: "MATERIAL",
    ResourceKind.COST: "COST",
}


class ResourceWriter:
    """Adds resources and assignments to a project."""

    def __init__(self, java: Any, values: Values, own_fields: OwnFields, *, has_equipment: bool) -> None:
        self.java = java
        self.values = values
        self.own_fields = own_fields
        self.has_equipment = has_equipment
        self.kind = java("org.mpxj.ResourceField")
        self.assignment_kind = java("org.mpxj.AssignmentField")
        self.types = java("org.mpxj.ResourceType")

    def write(
        self, project: Any, resources: Sequence[Resource], calendars: Mapping[int, Any]
    ) -> dict[int, Any]:
        """Return the resources by number."""
        return {
            item.uid: self._resource(project.addResource(), item, number, calendars)
            for number, item in enumerate(resources, start=1)
        }

    def _resource(self, row: Any, item: Resource, number: int, calendars: Mapping[int, Any]) -> Any:
        values = self.values
        row.set(self.kind.UNIQUE_ID, values.whole(item.uid))
        row.set(self.kind.ID, values.whole(number))
        row.set(self.kind.NAME, one_line(item.name))
        row.set(self.kind.EMAIL_ADDRESS, one_line(item.email))
        row.set(self.kind.GROUP, one_line(item.group))
        row.set(self.kind.INITIALS, one_line(item.initials))
        row.setGeneric(item.is_generic)
        is_equipment = self.has_equipment and item.kind is ResourceKind.NON_LABOR
        row.setType(getattr(self.types, "NON_LABOR" if is_equipment else KINDS[item.kind]))
        if (calendar := calendars.get(item.calendar_uid or 0)) is not None:
            row.setCalendar(calendar)
        self._capacity(row, item)
        self._rate(row, item)
        self.own_fields.write(row, item.extra)
        return row

    def _capacity(self, row: Any, item: Resource) -> None:
        if item.max_units is not None:
            units = self.values.number(item.max_units * PERCENT)
            always = self.java("org.mpxj.CostRateTableEntry").DEFAULT_ENTRY
            period = self.java("org.mpxj.Availability")
            row.getAvailability().add(period(always.getStartDate(), always.getEndDate(), units))

    def _rate(self, row: Any, item: Resource) -> None:
        if item.rate is None:
            return
        unit = self.java("org.mpxj.TimeUnit").HOURS
        # A number of Python fits one constructor only; one of Java fits two.
        rate = self.java("org.mpxj.Rate")(float(item.rate), unit)
        entry = self.java("org.mpxj.CostRateTableEntry")
        table = row.getCostRateTable(0)
        per_use = self.values.number(item.cost_per_use or 0)
        table.add(entry(entry.DEFAULT_ENTRY.getStartDate(), entry.DEFAULT_ENTRY.getEndDate(), per_use, rate))

    def write_assignments(
        self, assignments: Sequence[Assignment], tasks: Mapping[int, Any], resources: Mapping[int, Any]
    ) -> None:
        """Say who works on what."""
        for number, item in enumerate(assignments, start=1):
            resource = None if item.resource_uid is None else resources.get(item.resource_uid)
            row = tasks[item.task_uid].addResourceAssignment(resource)
            row.set(self.assignment_kind.UNIQUE_ID, self.values.whole(number))
            if item.units is not None:
                row.setUnits(self.values.number(item.units * PERCENT))
            for name, attribute in ASSIGNMENT_MOMENTS.items():
                self._set(row, name, self.values.moment(getattr(item, attribute)))
            for name, attribute in ASSIGNMENT_DURATIONS.items():
                given = getattr(item, attribute)
                is_delay = name == "ASSIGNMENT_DELAY"
                self._set(row, name, self.values.duration(given) if is_delay else self.values.hours(given))
            for name, attribute in ASSIGNMENT_MONIES.items():
                self._set(row, name, self.values.number(getattr(item, attribute)))

    def _set(self, row: Any, name: str, value: Any) -> None:
        if value is not None:
            row.set(getattr(self.assignment_kind, name), value)
