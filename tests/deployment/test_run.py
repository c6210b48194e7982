"""The closing line of `make test` and its exit code are honest."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.run import Outcome, count_results, report, started
from tests.servers import own_redis

pytestmark = pytest.mark.pure

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><error/></testcase>
<testcase name="d"><skipped/></testcase><testcase name="e"><error/><failure/></testcase>
</testsuite></testsuites>"""
LONG = """import os, pathlib, time
def test_long():
    pathlib.Path(__file__).with_name("pid").write_text(str(os.getpid()))
    time.sleep(600)
"""
GOOD = Outcome("SQLite", 10, 0, 1, 2.0)
BAD = Outcome("Browser", 1, 1, 0, 2.0)


def test_errors_count_as_failed(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(REPORT)

    assert count_results(path) == {"passed": 1, "failed": 3, "skipped": 1}


def test_missing_report_counts_nothing(tmp_path: Path) -> None:
    assert count_results(tmp_path / "none.xml") == {"passed": 0, "failed": 0, "skipped": 0}


@pytest.mark.parametrize(
    ("ci", "outcomes", "left_out", "code", "line"),
    [
        ("", [GOOD], [], 0, "10 passed, 0 failed, 1 skipped"),
        ("", [GOOD, BAD], [], 1, "11 passed, 1 failed, 1 skipped"),
        ("", [GOOD], ["Browser (Chromium not installed)"], 0, "10 passed, 0 failed, 2 skipped"),
        ("true", [GOOD], ["Browser (Chromium not installed)"], 1, "10 passed, 1 failed, 1 skipped"),
    ],
)
def test_last_line_and_exit_code_agree(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ci: str,
    outcomes: list[Outcome],
    left_out: list[str],
    code: int,
    line: str,
) -> None:
    monkeypatch.setenv("CI", ci)

    returned = report(outcomes, left_out)

    printed = capsys.readouterr().out.splitlines()
    assert (returned, printed[-1]) == (code, line)
    assert all(name in " ".join(printed) for name in left_out)


def test_part_aside_speaks_at_its_end(capfd: pytest.CaptureFixture[str]) -> None:
    with started("Aside", ("--version",), environment=os.environ, is_aside=True) as end:
        time.sleep(0.5)
        before = capfd.readouterr().out
        outcome = end()

    said = capfd.readouterr().out
    assert (before, outcome.failed) == ("", 0)
    assert outcome.seconds > 0
    assert said.strip().startswith("=== Aside ===")
    assert "pytest" in said


def test_part_aside_ends_with_what_it_runs_beside(tmp_path: Path) -> None:
    """Who stops the run leaves no browser behind."""
    path = tmp_path / "test_long.py"
    path.write_text(LONG)
    arguments = (f"--rootdir={tmp_path}", "-c", os.devnull, "-p", "no:django", str(path))

    # As where the run itself was started in the background.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with suppress(RuntimeError), started("Aside", arguments, environment=os.environ, is_aside=True):
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                time.sleep(0.1)
            raise RuntimeError
    finally:
        signal.signal(signal.SIGINT, before)

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize(
    ("worker", "given", "own"),
    [
        (None, "redis://:secret@127.0.0.1:6000/3", "redis://:secret@127.0.0.1:6000/3"),
        ("gw0", "redis://:secret@127.0.0.1:6000/0", "redis://:secret@127.0.0.1:6000/1"),
        ("gw1", "redis://:secret@127.0.0.1:6000/0", "redis://:secret@127.0.0.1:6000/2"),
        ("gw1", "redis://:secret@127.0.0.1:6000/2", "redis://:secret@127.0.0.1:6000/2"),
        ("gw12", "redis://127.0.0.1:6000", "redis://127.0.0.1:6000/13"),
        ("gw0", "redis://127.0.0.1:6000/", "redis://127.0.0.1:6000/1"),
    ],
)
def test_processes_of_a_run_share_no_redis_database(
    monkeypatch: pytest.MonkeyPatch, worker: str | None, given: str, own: str
) -> None:
    """Each test empties the cache before it begins, and with it the whole database."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    if worker is not None:
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)

    assert own_redis(given) == own
