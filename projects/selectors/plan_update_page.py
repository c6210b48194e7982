"""What the preview of an import into a project shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.choices import TaskKind
from projects.models import Project
from projects.selectors.import_dates import DatesShown, dates_shown
from projects.selectors.plan_update_words import (
    FACTS,
    field_label,
    note_place,
    note_sentence,
    shown_value,
)

COUNTED: tuple[tuple[str, str | Promise, str], ...] = (
    ("added", _("Added"), "plus"),
    ("changed", _("Changed"), "pencil"),
    ("unchanged", _("Unchanged"), "check"),
    ("missing", _("No longer in the file"), "file-text"),
)
BESIDE: tuple[tuple[str, str | Promise, str, str, str], ...] = (
    ("links", _("Links"), "links_added", "links_changed", "links_removed"),
    ("calendars", _("Calendars"), "calendars_added", "calendars_changed", ""),
    ("resources", _("Resources"), "resources_added", "resources_changed", ""),
    ("assignments", _("Assignments"), "assignments_added", "assignments_changed", "assignments_removed"),
)
ACTS: Mapping[str, tuple[str | Promise, str, str]] = {
    "added": (_("added"), "plus", "badge-green"),
    "changed": (_("changed"), "pencil", "badge-amber"),
    "removed": (_("removed"), "trash", "badge-red"),
}


@dataclass(frozen=True)
class Tile:
    """A number of the summary."""

    label: str | Promise
    number: int
    icon: str


@dataclass(frozen=True)
class BesideLine:
    """Links, calendars, resources or assignments: how many come, change and go (None: never)."""

    label: str | Promise
    added: int
    changed: int
    removed: int | None


@dataclass(frozen=True)
class ShownChange:
    """A value that differs, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownRow:
    """A row of the plan or a link, with what changes of it."""

    wbs: str
    name: str
    note: str = ""
    changes: tuple[ShownChange, ...] = ()


@dataclass(frozen=True)
class LinkRow:
    """A link that comes, changes or goes."""

    act: str | Promise
    icon: str
    tone: str
    first: str
    second: str
    type: str
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True)
class MissingShown:
    """A row that is not in the file, and what it carries."""

    wbs: str
    name: str
    facts: str
    is_removable: bool


@dataclass(frozen=True)
class ShownList:
    """Rows of a list that may be cut."""

    rows: Sequence[Any]
    total: int

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class UpdatePreview:
    """What one project of the file would do to the plan."""

    number: int
    name: str
    tiles: tuple[Tile, ...]
    beside: tuple[BesideLine, ...]
    header: tuple[ShownChange, ...]
    fields: tuple[tuple[str, int], ...]
    changed: ShownList
    added: ShownList
    missing: ShownList
    links: ShownList
    notes: tuple[tuple[str, str, str], ...]
    progress: int
    guessed: int
    removable: int
    baselines: int
    has_money: bool
    may_remove: bool
    is_same: bool
    dates: DatesShown | None

    @property
    def can_confirm(self) -> bool:
        """Whether there is anything to confirm: a change, or rows that could go."""
        return not self.is_same or bool(self.removable)


def update_previews(preview: Mapping[str, Any] | None, *, project: Project) -> list[UpdatePreview]:
    """Return the stored previews of all projects of the file; none for a file that makes new projects."""
    per_day = project.calendar.hours_per_day * 60
    return [
        _update(number, data, per_day)
        for number, data in enumerate((preview or {}).get("projects", []))
        if "update" in data
    ]


def is_outdated(preview: Mapping[str, Any] | None, *, stamp: str) -> bool:
    """Return whether the project changed since the preview was made."""
    return any(
        data["update"]["stamp"] != stamp for data in (preview or {}).get("projects", []) if "update" in data
    )


def _update(number: int, project: Mapping[str, Any], per_day: Decimal) -> UpdatePreview:
    data = project["update"]
    counts = data["counts"]
    kinds = dict(TaskKind.choices)
    return UpdatePreview(
        number=number,
        name=project["name"],
        tiles=tuple(Tile(label, counts[key], icon) for key, label, icon in COUNTED),
        beside=tuple(
            BesideLine(label, counts[added], counts[changed], counts[removed] if removed else None)
            for _key, label, added, changed, removed in BESIDE
        ),
        header=_changes(data["header"], per_day),
        fields=tuple((field_label(key), count) for key, count in sorted(data["fields"].items())),
        changed=ShownList(
            [
                ShownRow(row["wbs"], row["name"], changes=_changes(row["changes"], per_day))
                for row in data["changed_rows"]
            ],
            counts["changed"],
        ),
        added=ShownList(
            [ShownRow(row["wbs"], row["name"], note=str(kinds[row["kind"]])) for row in data["added_rows"]],
            counts["added"],
        ),
        missing=ShownList(
            [
                MissingShown(
                    row["wbs"],
                    row["name"],
                    ", ".join(str(FACTS[fact]) for fact in row["facts"]),
                    row["is_removable"],
                )
                for row in data["missing_rows"]
            ],
            counts["missing"],
        ),
        links=ShownList(
            [_link(row, per_day) for row in data["link_rows"]],
            sum(counts[f"links_{act}"] for act in ACTS),
        ),
        notes=tuple((note["severity"], note_place(note), note_sentence(note)) for note in data["notes"]),
        progress=counts["progress"],
        guessed=counts["guessed"],
        removable=counts["removable"],
        baselines=counts["baselines"],
        has_money=bool(counts["money"]),
        may_remove=data["may_remove"],
        is_same=not data.get("has_effect", True),
        dates=dates_shown(project.get("dates")),
    )


def _link(row: Mapping[str, Any], per_day: Decimal) -> LinkRow:
    act, icon, tone = ACTS[row["act"]]
    return LinkRow(
        act, icon, tone, row["first"], row["second"], row["type"], _changes(row.get("changes", []), per_day)
    )


def _changes(changes: Sequence[Mapping[str, Any]], per_day: Decimal) -> tuple[ShownChange, ...]:
    return tuple(
        ShownChange(
            field_label(change["name"]),
            shown_value(change["name"], change["old"], minutes_per_day=per_day),
            shown_value(change["name"], change["new"], minutes_per_day=per_day),
        )
        for change in changes
    )
