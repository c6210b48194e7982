"""Input of a progress list that was changed offline: the file, then what counts where both sides changed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.interchange.progress_merge import GROUPS
from projects.interchange.progress_sheet import SheetRow, unpack_rows
from projects.services.progress_sheets import Decision

FILE, PORTAL, OUT = "file", "portal", "out"


class SheetForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Changed list"), allow_empty_file=True, error_messages={"required": _("Choose a file.")}
    )


def sent_rows(posted: Mapping[str, Any]) -> tuple[SheetRow, ...] | None:
    """Return the rows of a preview that came back, but those left out; None if they cannot be read."""
    try:
        rows = unpack_rows(posted.get("rows", ""))
    except ValueError:
        return None
    return tuple(row for row in rows if posted.get(f"leave-{row.uid}") != OUT)


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
