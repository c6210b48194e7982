"""Who changed a field since somebody saw it."""

from collections.abc import Sequence
from dataclasses import replace

from pmo_portal.audit.models import AuditEntry
from projects.services.plan_changes.acts import OWN, Clash
from projects.services.plan_changes.board import Board
from projects.services.plan_changes.fields import FIELD_OF_COLUMN

LOOKED_AT = 200


def tell_who(board: Board, clashes: Sequence[Clash]) -> list[Clash]:
    """Return the clashes with person and moment of the newest entry of the trail about each. One query."""
    keys = {row.pk: uid for uid, row in board.rows.items() if uid in {clash.uid for clash in clashes}}
    entries = AuditEntry.objects.filter(
        object_type="projects.task", object_id__in=[str(pk) for pk in keys]
    ).order_by("-pk")[:LOOKED_AT]
    told: dict[tuple[int, str], tuple[str, str]] = {}
    for entry in entries:
        uid = keys.get(int(entry.object_id))
        for column in entry.after or {}:
            place = (uid or 0, FIELD_OF_COLUMN.get(column, column))
            told.setdefault(place, (entry.actor_name, entry.at.isoformat()))
    return [_with(clash, told) for clash in clashes]


def _with(clash: Clash, told: dict[tuple[int, str], tuple[str, str]]) -> Clash:
    field = OWN if clash.field.startswith(OWN) else clash.field
    by, at = told.get((clash.uid or 0, field), ("", None))
    return replace(clash, by=by, at=at)
