"""The resources of a project and their work as those of a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from projects.choices import ResourceKind
from projects.interchange.document import Assignment, Resource
from projects.interchange.vocabulary import ResourceKind as DocumentKind
from projects.models import Assignment as StoredAssignment
from projects.models import Project, ResourceRate
from projects.models import Resource as StoredResource
from projects.selectors.document_values import local_moment, minutes_of_hours, numbered

HUNDRED = 100
KINDS = {
    ResourceKind.PERSON: DocumentKind.WORK,
    ResourceKind.ROLE: DocumentKind.WORK,
    ResourceKind.EQUIPMENT: DocumentKind.NON_LABOR,
    ResourceKind.MATERIAL: DocumentKind.MATERIAL,
    ResourceKind.COST: DocumentKind.COST,
}
# Own fields under which an import keeps what the portal has no column for.
EMAIL, GROUP, INITIALS, PER_USE = "E-mail", "Group", "Initials", "Cost per use"
TAKEN_BACK = frozenset({EMAIL, GROUP, INITIALS, PER_USE})


@dataclass(frozen=True)
class DocumentResources:
    """The resources that work in a project or came with it, and what an hour of each costs."""

    stored: tuple[StoredResource, ...]
    uids: Mapping[int, int]
    rates: Mapping[int, Decimal]
    shows_rates: bool

    @property
    def calendar_ids(self) -> frozenset[int]:
        """Return the keys of their calendars."""
        return frozenset(row.calendar_id for row in self.stored if row.calendar_id is not None)

    def rows(self, calendars: Mapping[int, int]) -> tuple[Resource, ...]:
        """Return them as a document has them; ``calendars`` are the numbers of calendars by key."""
        return tuple(self._row(row, number, calendars) for number, row in enumerate(self.stored, start=1))

    def _row(self, row: StoredResource, number: int, calendars: Mapping[int, int]) -> Resource:
        extra = {str(name): str(value) for name, value in (row.extra or {}).items()}
        per_use = extra.get(PER_USE, "") if self.shows_rates else ""
        return Resource(
            uid=self.uids[row.pk],
            id=number,
            name=row.name,
            kind=KINDS[ResourceKind(row.kind)],
            calendar_uid=None if row.calendar_id is None else calendars[row.calendar_id],
            max_units=float(row.max_units_percent) / HUNDRED,
            rate=self.rates.get(row.pk),
            cost_per_use=Decimal(per_use) if per_use.replace(".", "", 1).isdecimal() else None,
            email=extra.get(EMAIL, ""),
            group=extra.get(GROUP, ""),
            initials=extra.get(INITIALS, ""),
            is_generic=row.kind == ResourceKind.ROLE,
            extra={name: value for name, value in extra.items() if name not in TAKEN_BACK},
        )


def document_resources(project: Project, *, shows_rates: bool) -> DocumentResources:
    """Return the resources of a project. Two queries, one less without rates."""
    working = StoredAssignment.objects.filter(task__project=project).values("resource_id")
    found = StoredResource.objects.filter(pk__in=working) | StoredResource.objects.filter(project=project)
    stored = tuple(found.order_by("pk"))
    wanted = [(row.pk, int(row.uid) if row.uid.isdecimal() else None) for row in stored]
    rates: dict[int, Decimal] = {}
    if shows_rates:
        # The last rate that began wins; files have one for all time.
        known = ResourceRate.objects.filter(resource__in=stored, currency=project.currency)
        rates = dict(known.order_by("valid_from", "pk").values_list("resource_id", "cost_per_hour"))
    return DocumentResources(stored, numbered(wanted), rates, shows_rates)


def document_assignments(
    project: Project, *, tasks: Mapping[int, int], resources: Mapping[int, int], shows_costs: bool
) -> tuple[Assignment, ...]:
    """Return who works on what. One query."""
    rows = StoredAssignment.objects.filter(task__project=project).order_by("pk")
    return tuple(
        Assignment(
            task_uid=tasks[row.task_id],
            resource_uid=resources[row.resource_id],
            units=float(row.units_percent) / HUNDRED,
            work=minutes_of_hours(row.work_hours),
            actual_work=minutes_of_hours(row.actual_work_hours),
            remaining_work=minutes_of_hours(row.remaining_work_hours),
            cost=row.cost if shows_costs else None,
            start=local_moment(row.start),
            finish=local_moment(row.finish),
            delay=float(row.delay) if row.delay else None,
        )
        for row in rows
    )
