"""Anchors: the head of the chain, written down outside of the database (SEC-57)."""

from pathlib import Path

from django.conf import settings

from pmo_portal.audit.chain import ChainFault, chain_faults
from pmo_portal.audit.models import AuditEntry


def anchor_file() -> Path:
    """Return the file the anchors are appended to."""
    return Path(settings.DATA_DIR) / "audit-anchors.log"


def write_anchor() -> tuple[int, str] | None:
    """Append number and MAC of the newest entry to the anchor file; None while the trail is empty."""
    head = AuditEntry.objects.order_by("-sequence").values_list("sequence", "mac").first()
    if head is None:
        return None
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as lines:
        lines.write(f"{head[0]} {head[1]}\n")
    return head


def last_anchor() -> tuple[int, str] | None:
    """Return the newest anchor, or None."""
    path = anchor_file()
    lines = path.read_text(encoding="ascii").split("\n") if path.exists() else []
    numbers = [line.split(" ") for line in lines if line]
    return (int(numbers[-1][0]), numbers[-1][1]) if numbers else None


def verify_trail() -> list[ChainFault]:
    """Check the whole trail against its chain and the newest anchor."""
    entries = AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000)
    return chain_faults(entries, anchor=last_anchor())
