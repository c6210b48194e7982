"""What a changed progress list would do, in the words of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from projects.interchange.progress_merge import GROUPS
from projects.interchange.progress_sheet import (
    CellFault,
    ProgressSheet,
    Value,
)
from projects.selectors.progress_sheets import HEADINGS

GROUP_TITLES: Mapping[str, Any] = {
    "start": gettext_lazy("Start"),
    "work": gettext_lazy("Finish and work left"),
    "result": gettext_lazy("Result"),
}
# The columns of the refusals of progress (SCH-20) by the field they name.
COLUMN_OF: Mapping[str, str] = {"remaining_duration": "days_left"}


@dataclass(frozen=True)
class ShownChange:
    """A value before and after."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownState:
    """A value in its three states."""

    title: str
    taken: str
    now: str
    file: str


@dataclass(frozen=True)
class ShownConflict:
    """What both sides changed, and what was decided; ``keep`` and ``seen`` name the fields of the form."""

    title: str
    name: str
    seen: str
    keeps_file: bool | None
    states: tuple[ShownState, ...]


@dataclass(frozen=True)
class ShownFault:
    """A refusal at its row and column of the file."""

    number: int
    column: str
    title: str
    text: str
    sentence: str


@dataclass(frozen=True)
class ShownRow:
    """A row of the file that says something."""

    number: int
    uid: int
    wbs: str
    name: str
    note: str
    changes: tuple[ShownChange, ...]
    conflicts: tuple[ShownConflict, ...]
    fault: ShownFault | None
    foreseen: Any

    @property
    def asks(self) -> bool:
        """Whether somebody has to say what becomes of the row, or has said it."""
        return self.fault is not None or bool(self.conflicts)


def shown_value(value: Value) -> str:
    """Return a value as people read it."""
    if value is None or value == ():
        return "—"
    if isinstance(value, tuple):
        return ", ".join(str(number) for number in value)
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return str(formats.localize(Decimal(value).normalize() + 0))


def shown_cell_faults(faults: Sequence[CellFault]) -> list[ShownFault]:
    """Return the cells that cannot be read, in the language of the moment."""
    return [
        ShownFault(item.number, item.column, str(HEADINGS[item.field]), item.text, gettext(item.sentence))
        for item in faults
    ]


def shown_rows(rows: Sequence[Any], *, letters: Mapping[str, str]) -> list[ShownRow]:
    """
    Return the rows of a preview.

    Parameters
    ----------
    rows : sequence of PreviewRow
    letters : mapping of str to str
        The letters of the columns of the file, as far as they are known.
    """
    return [
        ShownRow(
            number=item.row.number,
            uid=item.task.uid,
            wbs=item.task.wbs,
            name=item.task.name,
            note=item.row.note,
            changes=tuple(
                ShownChange(
                    str(HEADINGS[name]), shown_value(item.now[name]), shown_value(item.row.mine[name])
                )
                for names in GROUPS.values()
                for name in names
                if name in item.said
            ),
            conflicts=tuple(_conflict(found) for found in item.conflicts),
            fault=item.fault and _shown_fault(item.fault, item.row.number, letters),
            foreseen=item.foreseen,
        )
        for item in rows
    ]


def _conflict(found: Any) -> ShownConflict:
    return ShownConflict(
        title=str(GROUP_TITLES[found.conflict.group]),
        name=f"{found.uid}-{found.conflict.group}",
        seen=found.seen,
        keeps_file=found.decision,
        states=tuple(
            ShownState(
                str(HEADINGS[item.field]),
                shown_value(item.taken),
                shown_value(item.theirs),
                shown_value(item.mine),
            )
            for item in found.conflict.differences
        ),
    )


def shown_refusals(faults: Sequence[Any], sheet: ProgressSheet) -> list[ShownFault]:
    """
    Return what is refused of tasks at the cells of the file that say it.

    Parameters
    ----------
    faults : sequence of RowFault
    """
    rows = {row.uid: row for row in sheet.rows}
    return [_shown_fault(item.fault, rows[item.uid].number, sheet.letters) for item in faults]


def _shown_fault(fault: Any, number: int, letters: Mapping[str, str]) -> ShownFault:
    of_columns = getattr(fault, "error_dict", None)
    field = (next(iter(of_columns)) if of_columns else getattr(fault, "field", None)) or ""
    name = COLUMN_OF.get(field, field)
    messages = getattr(fault, "messages", None)
    return ShownFault(
        number=number,
        column=letters.get(name, ""),
        title=str(HEADINGS[name]) if name in HEADINGS else _("Row"),
        text="",
        sentence=" ".join(messages) if messages else str(fault),
    )
