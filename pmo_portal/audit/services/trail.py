"""Write the trail, in the transaction of the change, as its last lock."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.audit.chain import GENESIS, Seal, SealedContent
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.insertions import Insertion

CHAIN_LOCK = 7_246_001
LARGEST_STEADY_FLOAT = 1e15
HIDDEN_FIELDS = frozenset({"password", "digest", "token_key"})


@dataclass(frozen=True)
class Change:
    """One change to write down; ``target`` is the saved object, ``label`` its name where it tells none."""

    action: str
    target: models.Model
    node: ScopeNode | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    label: str = ""


def record(
    *,
    actor: User | None,
    action: str,
    target: models.Model,
    node: ScopeNode | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    label: str = "",
) -> AuditEntry:
    """
    Append one entry. Call it last in the transaction that makes the change.

    Parameters
    ----------
    actor : User or None
        Who did it; None for the system itself.
    action : str
        Code such as ``project.created``.
    target : Model
        The object that changed.
    node : ScopeNode, optional
        Scope in which it may be read; without one the entry is technical.
    before, after : mapping, optional
        The values that changed.
    label : str, optional
        What people call the target, where its own text says only keys or codes.
    """
    change = Change(
        action=action, target=target, node=node, before=before, after=after, reason=reason, label=label
    )
    return record_many(actor=actor, changes=[change])[0]


@transaction.atomic
def record_many(*, actor: User | None, changes: Sequence[Change]) -> list[AuditEntry]:
    """Append several entries with one lock, one read and one write."""
    return record_prepared(prepare_changes(actor=actor, changes=changes))


@dataclass(frozen=True)
class PreparedTrail:
    """Entries that lack only what the moment of writing gives: number, time, keys and MAC."""

    changes: Sequence[Change]
    entries: Insertion[AuditEntry]
    contents: Sequence[SealedContent]


def prepare_changes(*, actor: User | None, changes: Sequence[Change]) -> PreparedTrail:
    """
    Make many entries ready outside of the transaction.

    Their targets and nodes may still be without keys; those are read when the entries are recorded.
    """
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
    entries = [
        AuditEntry(
            actor_id=actor.pk if actor else None,
            actor_label=f"{actor.name} <{actor.email}>"[:255] if actor else "system",
            action=change.action,
            object_type=change.target._meta.label_lower,
            object_label=(change.label or str(change.target))[:250],
            before=_plain(change.before),
            after=_plain(change.after),
            reason=change.reason,
            request_id=request_id,
        )
        for change in changes
    ]
    return PreparedTrail(changes, Insertion(AuditEntry, entries), [SealedContent(entry) for entry in entries])


def record_prepared(prepared: PreparedTrail) -> list[AuditEntry]:
    """Append prepared entries; the caller holds the transaction of the change."""
    entries, cells = prepared.entries.rows, prepared.entries.cells
    if not entries:
        return []
    _lock_chain()
    last = AuditEntry.objects.order_by("-sequence").values("sequence", "mac").first()
    sequence, mac = (last["sequence"], last["mac"]) if last else (0, GENESIS)
    now = timezone.now()
    seal = Seal(now)
    for entry, change, content in zip(entries, prepared.changes, prepared.contents, strict=True):
        sequence += 1
        entry.sequence, entry.at = sequence, now
        entry.object_id = str(change.target.pk)
        entry.node_id = change.node.pk if change.node else None
        entry.mac = mac = seal.mac_of(entry, content, former_mac=mac)
    for name in ("sequence", "object_id", "mac"):
        cells[name] = [getattr(entry, name) for entry in entries]
    cells["at"] = [prepared.entries.prepared("at", now)] * len(entries)
    return prepared.entries.write()


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values that differ, before and after."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _plain(values: Mapping[str, Any] | None) -> Any:
    """Return the values as both databases give them back, without secrets."""
    if values is None:
        return None
    shown = {name: value for name, value in values.items() if name not in HIDDEN_FIELDS}
    return _steady(json.loads(json.dumps(shown, cls=DjangoJSONEncoder)))


def _steady(value: Any) -> Any:
    """Return a JSON value that reads back the same from every database, so that its MAC holds."""
    if isinstance(value, dict):
        return {_steady(name): _steady(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_steady(part) for part in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float):
        is_exact = math.isfinite(value) and abs(value) < LARGEST_STEADY_FLOAT
        return (value or 0.0) if is_exact else str(value)
    return value


def _lock_chain() -> None:
    """Hold the chain until the transaction ends; on SQLite the IMMEDIATE transaction is the lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
