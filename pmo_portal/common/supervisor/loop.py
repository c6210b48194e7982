"""The loop that keeps programs running until it is asked to end."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from pmo_portal.common.supervisor.children import Child, Program

LOOP_SECONDS = 0.2
GRACE_SECONDS = 12.0


class Supervisor:
    """
    Start programs, restart the ones that fail, end all of them together.

    Parameters
    ----------
    programs : sequence of Program
        Started in this order, ended in the reverse order.
    say : callable
        Receives one line for the person at the terminal.
    grace : float
        Seconds the programs have for finishing their work after the end was asked for.
    """

    def __init__(
        self, programs: Sequence[Program], *, say: Callable[[str], None], grace: float = GRACE_SECONDS
    ) -> None:
        self.children = [Child(program) for program in programs]
        self.end_asked = threading.Event()
        self._say = say
        self._grace = grace

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP, or until `end_asked` is set; leave nothing behind."""
        with self._signals():
            try:
                for child in self.children:
                    child.start(now=time.monotonic())
                while not self.end_asked.wait(LOOP_SECONDS):
                    self._look_after_children()
                self._say("Stopping …")
            finally:
                self._end_all()

    def _look_after_children(self) -> None:
        """Report programs that ended and start those whose pause is over."""
        now = time.monotonic()
        for child in self.children:
            code = child.has_ended(now=now)
            if code is not None:
                pause = child.next_start_at - now
                self._say(f"{child.program.name} ended ({describe_exit(code)}); next start in {pause:.1f} s.")
                if child.failures > 1:
                    self._say(child.last_output())
            if child.pid is None and now >= child.next_start_at:
                child.start(now=now)

    def _end_all(self) -> None:
        """Ask everyone to stop, wait for the grace period, then end what is left."""
        for child in reversed(self.children):
            child.ask_to_stop()
        deadline = time.monotonic() + self._grace
        while any(child.is_running() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            if child.is_running():
                self._say(f"{child.program.name} did not stop within {self._grace:.0f} s and was ended.")
            child.end_group()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Turn the usual signals into `end_asked`, and give them back afterwards."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self.end_asked.set()

        kept = {
            number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


def describe_exit(code: int) -> str:
    """
    Return an exit code in words.

    Examples
    --------
    >>> describe_exit(3), describe_exit(-9)
    ('exit code 3', 'signal SIGKILL')
    """
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
