"""One supervised program: its start, its end and the pause before its next start."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 5 * 1024 * 1024
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run: a name for people, a command line, where it runs and where its output goes."""

    name: str
    command: Sequence[str]
    directory: Path
    log_file: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def restart_pause(*, failures: int) -> float:
    """
    Return the pause before the next start.

    Parameters
    ----------
    failures : int
        Unexpected ends in a row, at least 1.

    Returns
    -------
    float
        Seconds: 0.5 after the first failure, doubled by each further one, at most 30.

    Examples
    --------
    >>> [restart_pause(failures=n) for n in (1, 2, 3, 10)]
    [0.5, 1.0, 2.0, 30.0]
    """
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (failures - 1), LONGEST_PAUSE_SECONDS)


def _load_c_library() -> ctypes.CDLL | None:
    """Return the C library on Linux, loaded before any fork; None elsewhere."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


_C_LIBRARY = _load_c_library()


class Child:
    """
    A program in its own process group.

    The group means that a Ctrl-C in the terminal reaches only the supervisor, and that everything the
    program started can be ended with it. On Linux the kernel also ends the program when the supervisor dies.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.failures = 0
        self.started_at = 0.0
        self.next_start_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Number of the running process, None while it does not run."""
        return self._process.pid if self._process else None

    def start(self, *, now: float) -> None:
        """Start the program; its output is appended to its log file."""
        log_file = self.program.log_file
        log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if log_file.exists() and log_file.stat().st_size > LOG_LIMIT_BYTES:
            log_file.replace(log_file.with_suffix(".1.log"))
        supervisor = os.getpid()

        def die_with_supervisor() -> None:
            if _C_LIBRARY is not None:
                _C_LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != supervisor:
                os._exit(1)

        with log_file.open("ab") as output:
            self._process = subprocess.Popen(
                list(self.program.command),
                cwd=self.program.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.program.environment},
                start_new_session=True,
                preexec_fn=die_with_supervisor,  # noqa: PLW1509 - the supervisor starts from one thread
            )
        self.started_at = now

    def has_ended(self, *, now: float) -> int | None:
        """Return the exit code when the program ended since the last call, and plan its next start."""
        if self._process is None:
            return None
        code = self._process.poll()
        if code is None:
            return None
        self._signal_group(signal.SIGKILL)
        self._process = None
        self.failures = 1 if now - self.started_at > STEADY_AFTER_SECONDS else self.failures + 1
        self.next_start_at = now + restart_pause(failures=self.failures)
        return code

    def is_running(self) -> bool:
        """Say whether the program runs; a program that ended is not yet collected."""
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask the program to finish what it does and end."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def end_group(self) -> None:
        """End whatever is left of the program's process group, and collect the program."""
        if self._process is None:
            return
        self._signal_group(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def last_output(self, *, lines: int = 15) -> str:
        """Return the end of the log file, to be shown when the program failed."""
        if not self.program.log_file.exists():
            return ""
        text = self.program.log_file.read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _signal_group(self, number: int) -> None:
        """Send a signal to every process the program started."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
