"""Run the whole portal on one machine: web, workers and beat."""

import os
import threading
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from pmo_portal.common.models import Job, WorkerPulse
from pmo_portal.common.schedule import enqueue_due
from pmo_portal.common.supervisor import (
    DataDirInUseError,
    PortInUseError,
    Supervisor,
    hold_data_dir,
    portal_programs,
    require_free_port,
)

HEALTH_SECONDS = 90
FIRST_JOBS_SECONDS = 180


class Command(BaseCommand):
    """Prepare what is missing, then run web, workers and beat until Ctrl-C."""

    help = "Run the portal on this machine: web, workers and beat under one supervisor."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare port, host and workers; the environment gives the defaults."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--host", default=os.environ.get("PMO_HOST") or "127.0.0.1")
        parser.add_argument("--workers", type=int, default=int(os.environ.get("PMO_WORKERS") or 1))
        parser.add_argument("--no-demo", action="store_true", help="start with an empty organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, prepare, run, and leave nothing behind."""
        try:
            with hold_data_dir(settings.DATA_DIR):
                require_free_port(host=options["host"], port=options["port"])
                is_first_start = self._prepare(with_demo=not options["no_demo"])
                self._run(is_first_start=is_first_start, **options)
        except PortInUseError as error:
            raise CommandError(f"{error} Choose another: make run PORT={options['port'] + 1}") from error
        except DataDirInUseError as error:
            raise CommandError(
                f"{error} Stop it first, or choose another place with PMO_DATA_DIR."
            ) from error
        except KeyboardInterrupt:
            self._say("Stopped before it was started.")

    def _prepare(self, *, with_demo: bool) -> bool:
        """Bring database and demo organisation up to date; True on the first start."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        is_first_start = not get_user_model().objects.exists()
        if is_first_start and with_demo and settings.IS_DEMO_ALLOWED:
            self._say("Loading the demo organisation …")
            call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
        if is_first_start:
            enqueue_due()
        self._clear_what_an_earlier_start_left()
        connections.close_all()
        return is_first_start

    def _clear_what_an_earlier_start_left(self) -> None:
        """Remove signs of life and control messages of workers that were killed; make the static folder."""
        if settings.IS_SQLITE:
            WorkerPulse.objects.all().delete()
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        for folder in {options.get("data_folder_in"), options.get("control_folder")} - {None}:
            for message in Path(folder).glob("*.pidbox.msg"):
                message.unlink(missing_ok=True)

    def _run(self, *, is_first_start: bool, host: str, port: int, workers: int, **_: Any) -> None:
        """Run the programs until the end is asked for."""
        programs = portal_programs(
            base_dir=settings.BASE_DIR, data_dir=settings.DATA_DIR, host=host, port=port, workers=workers
        )
        supervisor = Supervisor(programs, say=self._say)
        reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
        greeter = threading.Thread(
            target=self._greet,
            kwargs={
                "address": f"http://{reachable}:{port}",
                "is_first_start": is_first_start,
                "ended": supervisor.end_asked,
            },
            daemon=True,
        )
        self._say("Starting web, worker and beat …")
        greeter.start()
        supervisor.run()
        greeter.join(timeout=2)
        self._say("Stopped.")

    def _greet(self, *, address: str, is_first_start: bool, ended: threading.Event) -> None:
        """Wait until the portal answers (and, the first time, has computed), then say how to get in."""
        try:
            if not _wait_until(lambda: is_healthy(address), seconds=HEALTH_SECONDS, ended=ended):
                if not ended.is_set():
                    self._say(
                        f"No healthy answer from {address}/healthz yet; see {settings.DATA_DIR / 'logs'}"
                    )
                return
            if is_first_start:
                self._say("Computing the first rollup in the worker …")
                _wait_until(
                    lambda: not Job.objects.unfinished().exists(), seconds=FIRST_JOBS_SECONDS, ended=ended
                )
            if not ended.is_set():
                self._say(f"\nPMO Portal is ready: {address}\n")
                if settings.IS_DEMO_ALLOWED:
                    call_command("demo_logins", stdout=self.stdout)
                if settings.EMAIL_BACKEND.startswith("pmo_portal."):
                    self._say(f"\nMails are written into {settings.EMAIL_FILE_PATH}; EMAIL_URL sends them.")
                self._say("\nCtrl-C stops it; the data stays.")
        finally:
            connections.close_all()

    def _say(self, line: str) -> None:
        """Print one line at once."""
        self.stdout.write(line)
        self.stdout.flush()


def is_healthy(address: str) -> bool:
    """Say whether ``/healthz`` answers 200: web, database and a worker are there."""
    # A proxy of the environment has no business on this machine.
    opener = build_opener(ProxyHandler({}))
    with suppress(OSError), opener.open(f"{address}/healthz", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def _wait_until(condition: Any, *, seconds: float, ended: threading.Event) -> bool:
    """Poll a condition; False when the time is over or the end was asked for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not ended.is_set():
        if condition():
            return True
        ended.wait(0.2)
    return False
