"""Input of a progress list that was changed offline: the file, then what counts where both sides changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.interchange.progress_merge import GROUPS
from projects.interchange.progress_sheet import SheetRow, unpack_rows
from projects.services.progress_sheet_rows import Decision

FILE, PORTAL, OUT = "file", "portal", "out"
FIELD_BYTES = 120
"""More than name and value of a decision take."""


class SheetForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Changed list"), allow_empty_file=True, error_messages={"required": _("Choose a file.")}
    )


def require_carriable(packed: str, *, fields: int) -> None:
    """
    Refuse a preview whose form a request could not carry back (SEC-19).

    Parameters
    ----------
    packed : str
        The rows as the form carries them.
    fields : int
        How many fields it has at most.

    Raises
    ------
    DomainError
        ``TOO_LARGE``.
    """
    size = len(packed.encode()) + fields * FIELD_BYTES
    if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE or fields > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        raise DomainError(
            _("The list says too much for one preview. Bring it back in parts, one phase at a time."),
            code="TOO_LARGE",
            field="file",
        )


def sent_rows(posted: Mapping[str, Any]) -> tuple[SheetRow, ...] | None:
    """Return the rows of a preview that came back, but those left out; None if they cannot be read."""
    try:
        rows = unpack_rows(posted.get("rows", ""))
    except ValueError:
        return None
    return tuple(row for row in rows if posted.get(f"leave-{row.uid}") != OUT)


def sent_look(posted: Mapping[str, Any]) -> date:
    """Return the data date of the preview that came back; one that is no day is none that holds."""
    try:
        return date.fromisoformat(posted.get("looked_on", ""))
    except ValueError:
        return date.min


def sent_decisions(posted: Mapping[str, Any], rows: tuple[SheetRow, ...]) -> dict[tuple[int, str], Decision]:
    """Return what was decided of them."""
    found = {}
    for row in rows:
        for group in GROUPS:
            choice = posted.get(f"keep-{row.uid}-{group}")
            if choice in {FILE, PORTAL}:
                seen = posted.get(f"seen-{row.uid}-{group}", "")
                found[row.uid, group] = Decision(choice == FILE, seen)
    return found
