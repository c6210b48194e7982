"""
Registry and life of jobs.

A worker claims a job with a lease and an attempt number, runs its function, and ends it in the
same transaction as the effect. Whoever lost the lease cannot write. The database clock rules.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from pmo_portal.common.errors import DomainError
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.queue import enqueue

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
RENEWALS_A_LEASE = 4
RETRY_DELAYS_SECONDS = (2, 10, 60, 300)
LONG_SECONDS = 20.0
TELL_OWNER = "notifications.tell_job_ended"

POISONED = gettext_noop("The worker ended while this job ran, five times in a row. It is not tried again.")
UNEXPECTED = gettext_noop("Something unexpected happened while this job ran; the log of the worker has it.")
WAITS_AGAIN = gettext_noop("The same work waits again as a newer job.")

JobFunction = Callable[..., Any]


class LeaseLost(Exception):
    """Another worker took the job over; what this one did is rolled back."""


@dataclass(frozen=True)
class JobType:
    """A registered kind of work."""

    name: str
    function: JobFunction
    title: str
    tells_owner: bool = True


REGISTRY: dict[str, JobType] = {}


def job(name: str, *, title: str = "", tells_owner: bool = True) -> Callable[[JobFunction], JobFunction]:
    """
    Register the decorated function as the job ``name`` (``app.verb_noun``).

    The owner of a long job is told when it is done, unless ``tells_owner=False`` (the job tells it
    itself); of a failed one always.
    """

    def register(function: JobFunction) -> JobFunction:
        if name in REGISTRY and REGISTRY[name].function is not function:
            raise ValueError(f"Two jobs are called {name}.")
        REGISTRY[name] = JobType(name=name, function=function, title=title or name, tells_owner=tells_owner)
        return function

    return register


@dataclass
class RunningJob:
    """What a job function knows of the job it runs in."""

    id: int
    attempt: int
    owner_id: int | None
    name: str = ""
    started: float = field(default_factory=time.monotonic)
    is_ended: bool = field(default=False)

    @contextmanager
    def effect(self, **result: Any) -> Iterator[dict[str, Any]]:
        """
        Write the effect and the end of the job in one transaction.

        Yields a dict that becomes the job's ``result``. Raises `LeaseLost` (and rolls back) when
        another worker has taken the job over meanwhile.
        """
        with transaction.atomic():
            yield result
            ended = Job.objects.filter(pk=self.id, attempt=self.attempt, state=JobState.RUNNING).update(
                state=JobState.DONE,
                finished_at=Now(),
                lease_until=None,
                result=result or None,
                error="",
                progress_done=F("progress_total"),
            )
            if not ended:
                raise LeaseLost
            if time.monotonic() - self.started >= LONG_SECONDS:
                _tell_owner(self, is_done=True)
        self.is_ended = True

    @contextmanager
    def step(self) -> Iterator[None]:
        """Write what stands by itself before the effect; raises `LeaseLost`, as `effect` does."""
        with transaction.atomic():
            yield
            held = Job.objects.filter(pk=self.id, attempt=self.attempt, state=JobState.RUNNING)
            if not held.update(attempt=self.attempt):
                raise LeaseLost

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is. Call it outside of `effect`."""
        Job.objects.filter(pk=self.id, attempt=self.attempt, state=JobState.RUNNING).update(
            progress_done=min(done, total), progress_total=total, progress_text=str(text)[:200]
        )


def claim_next(*, worker: str) -> RunningJob | None:
    """
    Take the most urgent due job, or None when there is none.

    A job whose lease ended five times is failed instead of taken (SEC-40). Three queries.
    """
    while True:
        with transaction.atomic():
            due = Job.objects.due().order_by("priority", "id")
            if connection.features.has_select_for_update_skip_locked:
                due = due.select_for_update(skip_locked=True)
            row = due.values("id", "attempt", "owner_id", "name").first()
            if row is None:
                return None
            if row["attempt"] >= settings.JOB_MAX_ATTEMPTS:
                Job.objects.filter(pk=row["id"]).update(
                    state=JobState.FAILED, finished_at=Now(), lease_until=None, error=POISONED
                )
                _tell_owner(_running(row, attempt=row["attempt"]))
                continue
            Job.objects.filter(pk=row["id"]).update(
                state=JobState.RUNNING,
                attempt=F("attempt") + 1,
                lease_until=Now() + LEASE,
                started_at=Now(),
                worker=worker[:200],
            )
        return _running(row, attempt=row["attempt"] + 1)


def _running(row: Mapping[str, Any], *, attempt: int) -> RunningJob:
    """Return the claimed job as its function knows it."""
    return RunningJob(id=row["id"], attempt=attempt, owner_id=row["owner_id"], name=row["name"])


def _tell_owner(running: RunningJob, *, is_done: bool = False) -> None:
    """Order the message to the owner, in the transaction that ends the job."""
    kind = REGISTRY.get(running.name)
    is_told_otherwise = is_done and kind is not None and not kind.tells_owner
    if running.owner_id is not None and not is_told_otherwise:
        enqueue(TELL_OWNER, arguments={"job_id": running.id})


@contextmanager
def _lease_kept(running: RunningJob) -> Iterator[None]:
    """Renew the lease from a thread of its own while the job runs."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(LEASE.total_seconds() / RENEWALS_A_LEASE):
            try:
                Job.objects.filter(pk=running.id, attempt=running.attempt, state=JobState.RUNNING).update(
                    lease_until=Now() + LEASE
                )
            except Exception:  # noqa: BLE001 - the next turn tries again
                logger.warning("job lease not renewed", extra={"job": running.id})
            finally:
                close_old_connections()
        connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{running.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=1)


def run(running: RunningJob) -> None:
    """Run a claimed job to its end, and write down how it ended."""
    try:
        if running.name not in REGISTRY:
            raise DomainError(f"No job is called {running.name}; a newer version may have made it.")
        arguments = Job.objects.values_list("arguments", flat=True).get(pk=running.id)
        with _lease_kept(running):
            REGISTRY[running.name].function(job=running, **arguments)
            if not running.is_ended:
                with running.effect():
                    pass
    except LeaseLost:
        logger.warning("job lease lost", extra={"job": running.id, "attempt": running.attempt})
    except DomainError as refusal:
        _end_badly(running, error=str(refusal), is_final=True)
    except Exception as fault:
        logger.exception("job failed", extra={"job": running.id, "job_name": running.name})
        error = f"{UNEXPECTED} ({type(fault).__name__})"
        _end_badly(running, error=error, is_final=running.attempt >= settings.JOB_MAX_ATTEMPTS)


def _end_badly(running: RunningJob, *, error: str, is_final: bool) -> None:
    """Fail the job for good, or let it wait for another attempt."""
    if running.is_ended:
        return
    mine = Job.objects.filter(pk=running.id, attempt=running.attempt, state=JobState.RUNNING)
    if is_final:
        with transaction.atomic():
            ended = mine.update(
                state=JobState.FAILED, finished_at=Now(), lease_until=None, error=error[:4000]
            )
            if ended:
                _tell_owner(running)
        return
    delay = RETRY_DELAYS_SECONDS[min(running.attempt, len(RETRY_DELAYS_SECONDS)) - 1]
    try:
        with transaction.atomic():
            mine.update(
                state=JobState.QUEUED,
                lease_until=None,
                run_after=Now() + timedelta(seconds=delay),
                error=error[:4000],
            )
    except IntegrityError:
        # The same work was ordered again meanwhile: that newer job does it.
        mine.update(
            state=JobState.CANCELED,
            finished_at=Now(),
            lease_until=None,
            error=f"{error[:3900]} {WAITS_AGAIN}",
        )


def drain(*, worker: str = "drain", limit: int = 10_000) -> int:
    """Run due jobs one after another until none is left; return how many ran."""
    for count in range(limit):
        running = claim_next(worker=worker)
        if running is None:
            return count
        run(running)
    return limit
