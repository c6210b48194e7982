"""The supervisor restarts what fails, ends everything together and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_portal.common.supervisor import (
    DataDirInUseError,
    PortInUseError,
    Program,
    Supervisor,
    hold_data_dir,
    require_free_port,
)

ROOT = Path(__file__).resolve().parents[4]
IS_LINUX = sys.platform == "linux"


def _until(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        pause.wait(0.05)
    return False


def _program(tmp_path: Path, name: str, code: str) -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-c", textwrap.dedent(code)],
        directory=tmp_path,
        log_file=tmp_path / f"{name}.log",
    )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_program_that_ends_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    code = "import pathlib; open('starts', 'a').write('x')"
    supervisor = Supervisor([_program(tmp_path, "short", code)], say=said.append)
    starts = tmp_path / "starts"

    def end_after_two_starts() -> None:
        _until(lambda: starts.exists() and len(starts.read_text()) >= 2)
        supervisor.end_asked.set()

    watcher = threading.Thread(target=end_after_two_starts)
    watcher.start()
    supervisor.run()
    watcher.join()

    assert starts.read_text() == "xx"
    assert said[0] == "short ended (exit code 0); next start in 0.5 s."


def test_program_that_ignores_the_request_is_ended_after_the_grace(tmp_path: Path) -> None:
    said: list[str] = []
    code = """
        import signal, time, pathlib
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        pathlib.Path("ready").touch()
        while True: time.sleep(1)
    """
    supervisor = Supervisor([_program(tmp_path, "deaf", code)], say=said.append, grace=0.5)
    child = supervisor.children[0]
    pids: list[int] = []

    def end_when_ready() -> None:
        _until((tmp_path / "ready").exists)
        pids.append(child.pid or 0)
        supervisor.end_asked.set()

    watcher = threading.Thread(target=end_when_ready)
    watcher.start()
    supervisor.run()
    watcher.join()

    assert said == ["Stopping …", "deaf did not stop within 0 s and was ended."]
    assert not _lives(pids[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_end_of_the_supervisor_leaves_no_orphans(tmp_path: Path, number: signal.Signals) -> None:
    """SEC-55: whatever ends the supervisor, its programs and their children end too."""
    if number == signal.SIGKILL and not IS_LINUX:
        pytest.skip("only Linux tells a program that its supervisor was killed")
    program = """
        import os, signal, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        def end(*_):
            child.terminate(); child.wait(); sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        print(os.getpid(), child.pid, flush=True)
        while True: time.sleep(1)
    """
    runner = f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from pmo_portal.common.supervisor import Program, Supervisor
        place = Path({str(tmp_path)!r})
        command = [sys.executable, "-c", (place / "program.py").read_text()]
        program = Program(name="web", command=command, directory=place, log_file=place / "web.log")
        Supervisor([program], say=print, grace=5).run()
    """
    (tmp_path / "program.py").write_text(textwrap.dedent(program))
    log = tmp_path / "web.log"
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(runner)])
    assert _until(lambda: log.exists() and len(log.read_text().split()) == 2)
    pids = [int(pid) for pid in log.read_text().split()]

    process.send_signal(number)
    code = process.wait(timeout=15)

    assert code == (-9 if number == signal.SIGKILL else 0)
    assert _until(lambda: not any(_lives(pid) for pid in pids))


def test_port_in_use_is_refused_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortInUseError, match=f"Port {port} on 127.0.0.1 is in use"):
            require_free_port(host="127.0.0.1", port=port)

    assert require_free_port(host="127.0.0.1", port=port) is None


def test_data_directory_holds_one_portal(tmp_path: Path) -> None:
    place = tmp_path / "data"

    with (
        hold_data_dir(place),
        pytest.raises(DataDirInUseError, match="Another portal already runs"),
        hold_data_dir(place),
    ):
        pass

    with hold_data_dir(place):
        assert (place / "portal.lock").exists()
