"""The hash chain over the trail."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings

GENESIS = "0" * 64
FIELDS = (
    "actor_id",
    "actor_label",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "node_id",
    "before",
    "after",
    "reason",
    "request_id",
)


@dataclass(frozen=True)
class ChainFault:
    """A place where the chain does not hold."""

    entry_id: int
    kind: str


def entry_mac(entry: Any, *, former_mac: str) -> str:
    """Return the hex HMAC-SHA256 of one line: number, time, actor, content and the former line's MAC."""
    content = [entry.sequence, entry.at.astimezone(UTC).isoformat(timespec="microseconds"), former_mac]
    content += [getattr(entry, name) for name in FIELDS]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def chain_faults(entries: Iterable[Any], *, anchor: tuple[int, str] | None = None) -> list[ChainFault]:
    """
    Walk the whole trail in order and return where it was tampered with.

    Parameters
    ----------
    entries : iterable of AuditEntry
        All entries, oldest first.
    anchor : (int, str), optional
        Number and MAC of a line that was written down outside of the database; a shorter or
        different trail shows as ``ANCHOR``.
    """
    faults: list[ChainFault] = []
    former_mac, sequence, is_anchor_met = GENESIS, 0, anchor is None
    for entry in entries:
        sequence += 1
        if entry.sequence != sequence:
            faults.append(ChainFault(entry_id=entry.pk, kind="GAP"))
            sequence = entry.sequence
        expected = entry_mac(entry, former_mac=former_mac)
        if not hmac.compare_digest(expected, entry.mac):
            faults.append(ChainFault(entry_id=entry.pk, kind="CONTENT"))
        former_mac = entry.mac
        if anchor is not None and sequence == anchor[0]:
            is_anchor_met = hmac.compare_digest(entry.mac, anchor[1])
    if not is_anchor_met:
        faults.append(ChainFault(entry_id=0, kind="ANCHOR"))
    return faults
