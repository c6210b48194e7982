"""
The only way to start background work: by name, in the transaction of the change.

The ``Job`` row is the order; the message that follows after the commit only wakes a worker, is sent
from a thread of its own and may be lost (SEC-38).
"""

import atexit
import logging
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import Conflict
from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job, JobState

logger = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 32
TRIES = 50


@dataclass(frozen=True)
class Order:
    """One job to enqueue; see `enqueue` for the meaning of the fields."""

    name: str
    key: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    label: str | Label = ""
    group: str = ""
    priority: int = 5
    owner_id: int | None = None
    period_key: str | None = None


def enqueue(
    name: str,
    *,
    key: str = "",
    arguments: Mapping[str, Any] | None = None,
    owner: Any = None,
    label: str | Label = "",
    group: str = "",
    priority: int = 5,
    period_key: str | None = None,
) -> Job | None:
    """
    Write the job down and wake a worker after the commit.

    Parameters
    ----------
    name : str
        Registered name, ``app.verb_noun``.
    key : str
        While a job with the same name and key waits, no second one is made.
    arguments : mapping
        Keyword arguments of the job, JSON only.
    owner : User, optional
        The person who asked for it and finds it under *Jobs*.
    label : Label or str
        What it is about: a sentence each reader gets in their language, or mere data (a date, a name).
    priority : int
        Lower runs earlier; 5 is normal, 9 is bulk.
    period_key : str, optional
        Made at most once for ever (schedules: ``name@period``).

    Returns
    -------
    Job or None
        The job that waits now, an earlier one with the same key included; None when ``period_key``
        was already made.
    """
    order = Order(
        name=name,
        key=key,
        arguments=dict(arguments or {}),
        label=label,
        group=group,
        priority=priority,
        owner_id=getattr(owner, "pk", None),
        period_key=period_key,
    )
    made = None
    for _number in range(TRIES):
        if period_key is not None and Job.objects.filter(period_key=period_key).exists():
            return None
        held = _hold_waiting(name, [key]) if key else {}
        made = Job.objects.get(pk=held[key]) if held else _insert(order)
        if made is not None:
            break
    wake_after_commit(1)
    return made


def enqueue_many(orders: Iterable[Order]) -> int:
    """Write many jobs down in a few statements; orders whose key already waits are left out."""
    wanted = sorted(orders, key=lambda order: (order.name, order.key))
    missing = wanted
    for _number in range(TRIES):
        rows = [Job(**_row(order)) for order in missing]
        Job.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        missing = _not_waiting(missing)
        if not missing:
            break
    wake_after_commit(min(len(wanted), MESSAGES_AT_ONCE))
    return len(wanted)


def _insert(order: Order) -> Job | None:
    """Write the order down; None when one of its keys is taken."""
    try:
        with transaction.atomic():
            made = Job.objects.create(**_row(order))
    except IntegrityError:
        return None
    made.refresh_from_db()
    return made


def _not_waiting(orders: list[Order]) -> list[Order]:
    """Return the orders whose job a worker took between the insert and now."""
    keyed: dict[str, list[str]] = {}
    for order in orders:
        if order.key and order.period_key is None:
            keyed.setdefault(order.name, []).append(order.key)
    held = {name: _hold_waiting(name, keys) for name, keys in keyed.items()}
    return [o for o in orders if o.key and o.period_key is None and o.key not in held[o.name]]


def _hold_waiting(name: str, keys: list[str]) -> dict[str, int]:
    """
    Return the waiting jobs by key, and keep workers from taking them until this transaction ends.

    A worker that took such a job now would not yet see the change that ordered it again. On SQLite
    the IMMEDIATE transaction keeps every worker out anyway.
    """
    if connection.vendor != "postgresql":
        waiting = Job.objects.filter(name=name, key__in=keys, state=JobState.QUEUED)
        return dict(waiting.values_list("key", "id"))
    sql = (
        "SELECT key, id FROM common_job WHERE name = %s AND key = ANY(%s) AND state = 'QUEUED' "
        "ORDER BY id FOR SHARE"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [name, keys])
        return dict(cursor.fetchall())


def _row(order: Order) -> dict[str, Any]:
    """Return the column values of an order."""
    return {
        "name": order.name,
        "key": order.key,
        "period_key": order.period_key,
        "arguments": dict(order.arguments),
        "label": str(order.label)[:200],
        "label_template": order.label.template if isinstance(order.label, Label) else "",
        "label_values": order.label.kept_values if isinstance(order.label, Label) else None,
        "group": order.group,
        "priority": order.priority,
        "owner_id": order.owner_id,
    }


def retry(job_id: int) -> bool:
    """
    Let a failed or canceled job wait again from attempt 0; True when it does.

    Raises
    ------
    Conflict
        When a newer job with the same name and key waits already.
    """
    try:
        with transaction.atomic():
            changed = Job.objects.filter(pk=job_id, state__in=[JobState.FAILED, JobState.CANCELED]).update(
                state=JobState.QUEUED,
                attempt=0,
                error="",
                result=None,
                worker="",
                progress_done=0,
                progress_total=0,
                progress_text="",
                started_at=None,
                finished_at=None,
                run_after=Now(),
                queued_at=Now(),
            )
            wake_after_commit(1)
    except IntegrityError as clash:
        raise Conflict(_("The same work waits already as a newer job.")) from clash
    return bool(changed)


def cancel(job_id: int) -> bool:
    """Cancel a job that still waits; True when it was."""
    changed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.CANCELED, finished_at=Now()
    )
    return bool(changed)


def wake_after_commit(count: int) -> None:
    """Send ``count`` wake-up messages once the running transaction is committed."""
    if settings.MODE != "test":
        transaction.on_commit(lambda: _bell.ring(count))


class Bell:
    """Sends wake-up messages from one daemon thread per process; never blocks or raises."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._waiting = 0
        self._pid = 0
        # A child must not inherit a lock that another thread of its parent held.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Condition()
        self._waiting = 0

    def ring(self, count: int) -> None:
        """Ask for ``count`` messages."""
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._waiting = os.getpid(), 0
                threading.Thread(target=self._send, name="job-bell", daemon=True).start()
                atexit.register(self.flush)
            self._waiting = min(self._waiting + count, MESSAGES_AT_ONCE)
            self._lock.notify_all()

    def flush(self, timeout_seconds: float = 3.0) -> None:
        """Wait a moment for messages on their way, so that a command that ends does not lose them."""
        with self._lock:
            self._lock.wait_for(lambda: self._waiting == 0, timeout=timeout_seconds)

    def _send(self) -> None:
        from celery import current_app

        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting > 0)
                count = self._waiting
            try:
                for _number in range(count):
                    current_app.send_task("pmo_portal.wake", retry=False)
            except Exception:
                logger.warning("no worker could be woken; the sweeper will", exc_info=True)
            with self._lock:
                self._waiting -= count
                self._lock.notify_all()


_bell = Bell()


def wake_now(count: int = 1) -> None:
    """Send wake-up messages at once (sweeper)."""
    _bell.ring(count)
