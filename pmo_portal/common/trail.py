"""
How an app below the audit trail writes to it.

The trail lives in an upper app (it knows people and scopes), so ``accounts`` cannot import it. The
audit app names its writer here when it starts; there is one writer and it must be there.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db import models


class Writer(Protocol):
    """Appends one entry in the current transaction."""

    def __call__(
        self,
        *,
        actor: Any,
        action: str,
        target: models.Model,
        node: Any = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> Any: ...


_writers: list[Writer] = []


def set_writer(writer: Writer) -> None:
    """Name the function that appends to the trail; called once, when the audit app starts."""
    _writers[:] = [writer]


def record(
    *,
    actor: Any,
    action: str,
    target: models.Model,
    node: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append one entry; call it last in the transaction that makes the change."""
    _writers[0](
        actor=actor, action=action, target=target, node=node, before=before, after=after, reason=reason
    )
