"""The programs of a portal on one machine: web, workers and beat."""

import sys
from pathlib import Path

from pmo_portal.common.supervisor.children import Program

WEB_THREADS = 8
# Numeric libraries start a thread per core otherwise, in every process.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def portal_programs(*, base_dir: Path, data_dir: Path, host: str, port: int, workers: int) -> list[Program]:
    """
    Return the programs to run, in the order of their start.

    Parameters
    ----------
    base_dir : Path
        Directory of the source code.
    data_dir : Path
        Directory of everything that is kept; logs go to its ``logs`` folder.
    host : str
        Address to listen on.
    port : int
        Port to listen on.
    workers : int
        Number of worker processes, at least 1.
    """
    celery = [sys.executable, "-m", "celery", "-A", "pmo_portal.celery"]
    worker = [*celery, "worker", "--concurrency", "1", "--pool", "prefork", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    web = [sys.executable, "-m", "granian", "pmo_portal.wsgi:application", "--interface", "wsgi"]
    web += ["--host", host, "--port", str(port), "--workers", "1", "--no-ws", "--respawn-failed-workers"]
    web += ["--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", "5"]
    beat = [*celery, "beat", "--pidfile=", "--schedule", str(data_dir / "beat-schedule")]
    numbers = range(1, workers + 1)
    commands = {
        "web": web,
        **{f"worker-{number}": [*worker, "--hostname", f"worker-{number}@%h"] for number in numbers},
        "beat": beat,
    }
    return [
        Program(
            name=name,
            command=command,
            directory=base_dir,
            log_file=data_dir / "logs" / f"{name}.log",
            environment=ENVIRONMENT,
        )
        for name, command in commands.items()
    ]
