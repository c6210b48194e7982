"""The two Celery tasks: *wake* makes a worker look at the Job table, *tick* finds what is due."""

import logging
import os
import socket
import threading
import time
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init, worker_ready, worker_shutdown
from django.db import close_old_connections, connections
from django.db.models import Q
from django.db.models.functions import Now

from pmo_portal.common import jobs, schedule
from pmo_portal.common.models import Job, JobState, WorkerPulse
from pmo_portal.common.models.worker import TICK_NAME
from pmo_portal.common.queue import wake_now

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 60
PULSE_SECONDS = 5
UNTAKEN_AFTER = timedelta(seconds=2)
MESSAGES_A_SWEEP = 4
PULSE_KEPT = timedelta(days=1)
_worker_ended = threading.Event()


def _worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="pmo_portal.wake")
def wake(**_: Any) -> None:
    """Run due jobs until none is left or a minute is over; then hand on to the next message."""
    ends_at = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < ends_at:
        running = jobs.claim_next(worker=_worker_name())
        if running is None:
            return
        jobs.run(running)
    wake_now()


@shared_task(name="pmo_portal.tick")
def tick(**_: Any) -> None:
    """Enqueue the periods that are due, and wake workers for jobs nobody has taken."""
    schedule.enqueue_due()
    WorkerPulse.objects.update_or_create(name=TICK_NAME, defaults={"seen_at": Now()})
    WorkerPulse.objects.workers().filter(seen_at__lt=Now() - PULSE_KEPT).delete()
    sweep()


def sweep() -> int:
    """Wake workers for due jobs nobody took; return how many messages that needed (at most 4)."""
    untaken = Q(run_after__lt=Now() - UNTAKEN_AFTER) | Q(state=JobState.RUNNING)
    count = len(Job.objects.due().filter(untaken).values_list("id", flat=True)[:MESSAGES_A_SWEEP])
    if count:
        wake_now(count)
    return count


@worker_process_init.connect
def _start_afresh(**_: Any) -> None:
    connections.close_all()


@worker_ready.connect
def _start_pulse(**_: Any) -> None:
    _worker_ended.clear()
    threading.Thread(target=_pulse, name="worker-pulse", daemon=True).start()


@worker_shutdown.connect
def _end_pulse(**_: Any) -> None:
    _worker_ended.set()
    WorkerPulse.objects.filter(name=_worker_name()).delete()


def _pulse() -> None:
    """Say that this worker lives, and sweep, every few seconds."""
    while not _worker_ended.is_set():
        try:
            WorkerPulse.objects.update_or_create(name=_worker_name(), defaults={"seen_at": Now()})
            sweep()
        except Exception:
            logger.warning("worker pulse failed", exc_info=True)
        finally:
            close_old_connections()
        _worker_ended.wait(PULSE_SECONDS)
