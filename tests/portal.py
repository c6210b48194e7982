"""A whole portal, started as ``make run`` starts it, for journeys and for tests that kill things."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import put_migrated
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 600


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, its data directory and the id of its supervisor."""

    url: str
    data_dir: Path
    pid: int
    environment: Mapping[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command against this portal and return what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=dict(self.environment), check=True, capture_output=True, text=True
        )
        return done.stdout


@contextmanager
def running_portal(
    data_dir: Path,
    *,
    environment: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    migrated: str | Path | None = None,
) -> Iterator[Portal]:
    """
    Start `manage.py serve` in embedded mode on a free port; wait until it says that it is ready.

    A new data directory begins with the `migrated` file; without one the first start migrates.
    """
    port = free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    put_migrated(migrated, data_dir)
    settings = {"PMO_MODE": "embedded", "PMO_DATA_DIR": str(data_dir), "PORT": str(port)}
    settings |= {"DJANGO_SETTINGS_MODULE": "pmo_portal.settings"}
    full = {**os.environ, **settings, **(environment or {})}
    for name in {"DATABASE_URL", "REDIS_URL"} - set(environment or {}):
        full.pop(name, None)
    log_file = data_dir / "serve.log"
    command = [sys.executable, "manage.py", "serve", *arguments]
    with log_file.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=full, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(process, log_file)
        yield Portal(url=f"http://127.0.0.1:{port}", data_dir=data_dir, pid=process.pid, environment=full)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], log_file: Path) -> None:
    """Wait for the line that `serve` prints when the portal is ready."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if "is ready: http" in log_file.read_text(errors="replace"):
            return
        time.sleep(0.1)
    raise AssertionError(f"The portal did not get ready:\n{log_file.read_text(errors='replace')[-4000:]}")
