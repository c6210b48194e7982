"""What an import would do to a plan, as values: nothing here is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from projects.interchange.document import Assignment as DocumentAssignment
from projects.interchange.document import Calendar as DocumentCalendar
from projects.interchange.document import Link as DocumentLink
from projects.interchange.document import Resource as DocumentResource
from projects.interchange.takeover import TakenOver
from projects.interchange.takeover_tasks import PlacedTask
from projects.models import Assignment, Calendar, Link, Resource, Task
from projects.selectors.plan_state import PlanState
from projects.services.plan_update.matching import Matching

FLOAT = (
    "remaining_work_hours",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float",
    "free_float",
    "is_critical",
    "is_near_critical",
)
SOURCE = ("source_uid", "source_guid")
UNCOUNTED = frozenset({*FLOAT, *SOURCE})


@dataclass(frozen=True)
class FieldChange:
    """A value that differs."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Note:
    """Something the reader has to know: code and values of a sentence the selectors have."""

    code: str
    severity: str
    where: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RowUpdate:
    """
    A row of the plan that is in the file.

    ``values`` are the columns to write, ``changes`` those of them a person is told about: float and the
    numbers of the file are written without a word.
    """

    item: PlacedTask
    task: Task
    values: Mapping[str, Any]
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class MissingRow:
    """A row of the plan that is not in the file; ``facts`` is what it carries, and keeps it in the plan."""

    task: Task
    facts: frozenset[str]
    is_removable: bool


@dataclass(frozen=True)
class Place:
    """Where a row stands: below which row (None at the top), as which one."""

    parent: Task | None
    parent_uid: int | None
    position: int


@dataclass(frozen=True)
class LinkUpdate:
    """A link that is in plan and file with another lag."""

    link: Link
    values: Mapping[str, Any]
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class LinkUpdates:
    """Links that come, change and go."""

    added: tuple[DocumentLink, ...]
    changed: tuple[LinkUpdate, ...]
    removed: tuple[Link, ...]


@dataclass(frozen=True)
class CalendarUpdate:
    """A calendar of the file: a new one, or one of the plan with other contents (``changes`` by column)."""

    item: DocumentCalendar
    calendar: Calendar
    values: Mapping[str, Any]
    is_new: bool
    has_other_days: bool

    @property
    def is_changed(self) -> bool:
        """Whether the plan has it with other contents."""
        return not self.is_new and (bool(self.values) or self.has_other_days)


@dataclass(frozen=True)
class ResourceUpdate:
    """A resource of the file: a new one, or one of the plan with other values."""

    item: DocumentResource
    resource: Resource
    values: Mapping[str, Any]
    is_new: bool


@dataclass(frozen=True)
class AssignmentUpdate:
    """An assignment of the plan with other values."""

    assignment: Assignment
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Supplies:
    """Calendars, resources and assignments."""

    calendars: tuple[CalendarUpdate, ...]
    resources: tuple[ResourceUpdate, ...]
    assignments_added: tuple[DocumentAssignment, ...]
    assignments_changed: tuple[AssignmentUpdate, ...]
    assignments_removed: tuple[Assignment, ...]


@dataclass(frozen=True)
class Entry:
    """Progress of a row of the file at its data date, by column; the present columns are in its update."""

    item: PlacedTask
    values: Mapping[str, Any]


@dataclass(frozen=True)
class PlanUpdate:
    """All an import would do to a plan."""

    taken: TakenOver
    state: PlanState
    matching: Matching
    header: tuple[FieldChange, ...]
    header_values: Mapping[str, Any]
    supplies: Supplies
    added: tuple[PlacedTask, ...]
    added_values: Mapping[int, Mapping[str, Any]]
    rows: tuple[RowUpdate, ...]
    missing: tuple[MissingRow, ...]
    places: Mapping[int, Place]
    missing_places: Mapping[int, Place]
    links: LinkUpdates
    entries: tuple[Entry, ...]
    takes_baselines: bool
    takes_money: bool
    takes_rates: bool
    may_remove: bool
    notes: tuple[Note, ...]

    @property
    def changed(self) -> tuple[RowUpdate, ...]:
        """Rows with a change a person is told about."""
        return tuple(row for row in self.rows if row.changes)

    @property
    def has_effect(self) -> bool:
        """
        Whether anything is to be stored, what becomes of rows that are not in the file apart.

        Numbers of the file and dates that are computed anew anyway are none.
        """
        supplies, links = self.supplies, self.links
        return bool(
            self.added
            or self.header_values
            or self.entries
            or any(row.changes or row.values.keys() - UNCOUNTED for row in self.rows)
            or links.added
            or links.changed
            or links.removed
            or any(item.is_new or item.is_changed for item in supplies.calendars)
            or any(item.is_new or item.values for item in supplies.resources)
            or supplies.assignments_added
            or supplies.assignments_changed
            or supplies.assignments_removed
            or self.takes_baselines
            or self.takes_money
        )
