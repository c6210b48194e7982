"""What happened in a project, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.action_titles import action_title
from projects.actions import MONEY_ACTIONS
from projects.models import Project

HIDDEN = "…"


@dataclass(frozen=True)
class FieldChange:
    """One value before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Happening:
    """One line of the activity page."""

    sequence: int
    at: datetime
    who: str
    what: str
    label: str
    reason: str
    changes: tuple[FieldChange, ...]


def activity_of(project: Project, *, user: Any) -> Any:
    """Return the audit entries of the project the person may read, newest first."""
    return AuditEntry.objects.visible_to(user).filter(node=project.node_id).order_by("-sequence")


def happenings(entries: Iterable[AuditEntry], *, shows_amounts: bool) -> list[Happening]:
    """Return the entries in words; values of money only where the person may see amounts. No query."""
    return [
        Happening(
            sequence=entry.sequence,
            at=entry.at,
            who=entry.actor_name,
            what=action_title(entry.action),
            label="" if entry.action in MONEY_ACTIONS and not shows_amounts else entry.object_label,
            reason=entry.reason,
            changes=() if entry.action in MONEY_ACTIONS and not shows_amounts else _changes(entry),
        )
        for entry in entries
    ]


def _changes(entry: AuditEntry) -> tuple[FieldChange, ...]:
    before, after = entry.before or {}, entry.after or {}
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        FieldChange(name.replace("_", " "), _text(before.get(name)), _text(after.get(name))) for name in names
    )


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + HIDDEN
