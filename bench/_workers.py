"""Workers of a portal as its supervisor starts them, for a measurement."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEP_SECONDS = 0.01
PATIENCE_SECONDS = 600


@contextmanager
def portal_workers(count: int) -> Iterator[None]:
    """Start so many worker processes on the data of this process, and end them."""
    from pmo_portal.common.supervisor.programs import portal_programs

    folder = Path(os.environ["PMO_DATA_DIR"])
    programs = portal_programs(base_dir=ROOT, data_dir=folder, host="127.0.0.1", port=0, workers=count)
    with ExitStack() as stack:
        for program in programs:
            if not program.name.startswith("worker-"):
                continue
            program.log_file.parent.mkdir(parents=True, exist_ok=True)
            output = stack.enter_context(program.log_file.open("ab"))
            process = subprocess.Popen(
                program.command,
                cwd=program.directory,
                env={**os.environ, **program.environment},
                stdout=output,
                stderr=output,
            )
            stack.callback(_end, process)
        yield


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for_jobs() -> None:
    """Wait until no job is left to do."""
    from pmo_portal.common.models import Job

    until = time.monotonic() + PATIENCE_SECONDS
    while Job.objects.unfinished().exists():
        if time.monotonic() > until:
            raise TimeoutError("The workers have not ended the jobs.")
        time.sleep(STEP_SECONDS)
