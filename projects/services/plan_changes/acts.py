"""What a person asks for on the page of the plan, as values that are read already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import Conflict, DomainError
from projects.interchange.link_words import NO_LAG
from projects.interchange.time_words import Length

Ref = int | str
"""The number of a row, or the key of one that is added in the same step."""

PROGRESS = frozenset({"percent", "physical", "remaining", "actual_start", "actual_finish"})
OWN = "own:"


@dataclass(frozen=True)
class Lag:
    """How long a successor waits: a length of time, or a percentage of the predecessor's duration."""

    length: Length = NO_LAG
    percent: Decimal | None = None


@dataclass(frozen=True)
class SetFields:
    """New values of a row; ``was`` are those the person saw before, as far as the page says so."""

    uid: Ref
    fields: Mapping[str, Any]
    was: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AddRow:
    """
    A new row behind ``after`` or before ``before`` on the same level, else at the end of ``parent``.

    ``number`` is the one it had where it was copied from: predecessors of new rows of the step mean it.
    """

    key: str
    fields: Mapping[str, Any]
    after: Ref | None = None
    before: Ref | None = None
    parent: Ref | None = None
    number: int | None = None


@dataclass(frozen=True)
class DeleteRows:
    """Rows with all below them."""

    uids: Sequence[Ref]


@dataclass(frozen=True)
class IndentRows:
    """Rows become part of the one above them; several keep their shape."""

    uids: Sequence[Ref]


@dataclass(frozen=True)
class OutdentRows:
    """Rows go behind the one they are part of; several keep their shape."""

    uids: Sequence[Ref]


@dataclass(frozen=True)
class MoveRows:
    """Branches go below ``parent``, behind ``after`` or to the first place."""

    uids: Sequence[Ref]
    parent: Ref | None = None
    after: Ref | None = None


@dataclass(frozen=True)
class CopyRows:
    """Copies of branches go below ``parent``, with the links among them."""

    uids: Sequence[Ref]
    parent: Ref | None = None
    after: Ref | None = None


@dataclass(frozen=True)
class AddLink:
    """``end`` waits for ``start``."""

    start: Ref
    end: Ref
    type: str = "FS"
    lag: Lag = Lag()


@dataclass(frozen=True)
class EditLink:
    """Another type or lag of a link; ``was`` as in `SetFields`."""

    pk: int
    type: str | None = None
    lag: Lag | None = None
    was: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RemoveLink:
    """A link goes."""

    pk: int


Act = (
    SetFields
    | AddRow
    | DeleteRows
    | IndentRows
    | OutdentRows
    | MoveRows
    | CopyRows
    | AddLink
    | EditLink
    | RemoveLink
)
NAMES: Mapping[type[Any], str] = {
    SetFields: "set",
    AddRow: "add",
    DeleteRows: "delete",
    IndentRows: "indent",
    OutdentRows: "outdent",
    MoveRows: "move",
    CopyRows: "copy",
    AddLink: "link",
    EditLink: "relink",
    RemoveLink: "unlink",
}


@dataclass(frozen=True)
class Fault:
    """
    Why one change cannot be: ``index`` in the step, and the row and field it is about.

    ``proposed`` are fields of the row that would make it possible, as the page writes them.
    """

    index: int
    message: str
    code: str
    uid: int | None = None
    field: str | None = None
    proposed: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Clash:
    """A field somebody else changed since; values as the page writes them."""

    index: int
    uid: int | None
    field: str
    was: Any
    mine: Any
    theirs: Any
    by: str
    at: str | None


class PlanFaults(DomainError):
    """Some changes of a step cannot be; nothing is saved."""

    code = "INVALID"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Say the first of them."""
        super().__init__(faults[0].message, code=faults[0].code, field=faults[0].field)
        self.faults = tuple(faults)


class RowsGone(Conflict):
    """Rows the step speaks of were deleted meanwhile."""

    code = "GONE"

    def __init__(self, uids: Sequence[int]) -> None:
        """Name the rows by their numbers."""
        super().__init__(
            _("Somebody deleted a row of this change meanwhile: %(rows)s.")
            % {"rows": ", ".join(map(str, uids))}
        )
        self.uids = tuple(uids)


class FieldsClash(Conflict):
    """Somebody else changed the same fields since; nothing is saved."""

    code = "MERGE"

    def __init__(self, clashes: Sequence[Clash], message: Promise | None = None) -> None:
        """Hold what differs."""
        choice = _("Somebody else changed the same value meanwhile. Decide which one stays.")
        super().__init__(message or choice)
        self.clashes = tuple(clashes)
