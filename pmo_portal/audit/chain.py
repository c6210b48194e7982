"""The hash chain over the trail."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
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
    return hmac.digest(settings.AUDIT_KEY.encode(), _text(content).encode(), "sha256").hex()


class SealedContent:
    """The parts of a line that are known before it is written, as they stand in the text of its MAC."""

    __slots__ = ("head", "label", "tail")

    def __init__(self, entry: Any) -> None:
        self.head = _text([getattr(entry, name) for name in FIELDS[:4]])[1:-1]
        self.label = _text(entry.object_label)
        self.tail = _text([getattr(entry, name) for name in FIELDS[7:]])[1:-1]


class Seal:
    """Seals lines of one moment as `entry_mac` does, without making their known parts again."""

    def __init__(self, at: datetime) -> None:
        self.at = _text(at.astimezone(UTC).isoformat(timespec="microseconds"))
        self.key = settings.AUDIT_KEY.encode()

    def mac_of(self, entry: Any, content: SealedContent, *, former_mac: str) -> str:
        """Return the MAC of a line whose number, object and node are set."""
        node = "null" if entry.node_id is None else entry.node_id
        text = (
            f'[{entry.sequence},{self.at},"{former_mac}",{content.head},"{entry.object_id}",'
            f"{content.label},{node},{content.tail}]"
        )
        return hmac.digest(self.key, text.encode(), "sha256").hex()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


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
