"""Export the trail: at once when it is small, in the background when it is long."""

from collections.abc import Callable, Mapping
from typing import Any

from pmo_portal.accounts.models import User
from pmo_portal.audit.selectors.entries import EXPORT_COLUMNS, EntryQuery, entries_found, export_rows
from pmo_portal.audit.services.trail import record
from pmo_portal.common.builders import Built, document_builder
from pmo_portal.common.export import CSV_TYPE, csv_bytes

BUILDER = "audit.csv"
AT_ONCE = 2_000
FILE_NAME = "audit.csv"


def record_export(*, actor: User, query: EntryQuery, entries: int) -> None:
    """Write down who took which part of the trail away."""
    record(
        actor=actor,
        action="audit.exported",
        target=actor,
        after={"entries": entries, "filters": query.as_arguments()},
    )


@document_builder(BUILDER)
def build_csv(*, user: User, arguments: Mapping[str, Any], told: Callable[[int, int], None]) -> Built:
    """Return what this person may read and asked for, as CSV."""
    found = entries_found(user, EntryQuery.read(arguments))
    total = found.count()
    content = csv_bytes(EXPORT_COLUMNS, export_rows(found), told=lambda done: told(min(done, total), total))
    return Built(file_name=FILE_NAME, media_type=CSV_TYPE, content=content)
