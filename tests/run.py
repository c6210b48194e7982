"""
Run all tests: SQLite, PostgreSQL + Redis, browser; say in one line how they ended.

What this machine cannot have is left out and named at the end; with ``CI=true`` that is a failure.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import needs, servers
from tests.check import HOUSE_RULES

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = os.environ.get("PMO_TEST_PROCESSES") or str(min(os.cpu_count() or 2, 4))
PARALLEL = ("-n", PROCESSES, "--dist", "worksteal")
# Set where `make check` ran just before, as in `.ci/run`: its tests do not run again.
CHECKED = "PMO_CHECKED"
DEBIAN_PACKAGES = {
    "PostgreSQL": "postgresql",
    "Redis": "redis-server",
    "Chromium": "chromium",
    "xgettext": "gettext",
}


@dataclass(frozen=True)
class Outcome:
    """How one part of the run ended."""

    title: str
    passed: int
    failed: int
    skipped: int
    seconds: float

    def __str__(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.title}: {counts} in {self.seconds:.0f} s"


def missing_parts() -> list[str]:
    """Return what this machine lacks for the whole run."""
    programs = {"Chromium": needs.chromium(), "xgettext": shutil.which("xgettext")}
    return servers.missing_servers() + [name for name, found in programs.items() if not found]


def install_missing() -> None:
    """Install servers, browser and xgettext where that is possible: as root on Debian."""
    missing = missing_parts()
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    packages = [DEBIAN_PACKAGES[name] for name in missing]
    print(f"Installing {', '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False)


@contextmanager
def started(
    title: str, arguments: tuple[str, ...], *, environment: Mapping[str, str], is_aside: bool = False
) -> Iterator[Callable[[], Outcome]]:
    """
    Start pytest; yield the function that waits for its end and counts how its tests ended.

    Aside of another part it says nothing before that.
    """

    def heed_interruption() -> None:
        # A shell lets what it starts in the background ignore it, and children with it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    began = time.time()
    with tempfile.TemporaryDirectory(prefix="pmo-report-") as folder, ExitStack() as stack:
        report, said = Path(folder) / "report.xml", Path(folder) / "said.txt"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        output = stack.enter_context(said.open("wb")) if is_aside else None
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdout=output,
            stderr=output,
            preexec_fn=heed_interruption,  # noqa: PLW1509 - started from one thread
        )

        def end() -> Outcome:
            code = process.wait()
            if is_aside:
                print(f"\n=== {title} ===\n{said.read_text(errors='replace')}", flush=True)
            counts = count_results(report)
            failed = counts["failed"] or int(code != 0)
            # The report is written at the end, which may be long before somebody asks.
            ended = report.stat().st_mtime if report.exists() else time.time()
            return Outcome(title, counts["passed"], failed, counts["skipped"], ended - began)

        try:
            yield end
        finally:
            if process.poll() is None:
                # As Ctrl+C does: what the tests started is stopped, too.
                process.send_signal(signal.SIGINT)
                process.wait()


def run_part(title: str, arguments: tuple[str, ...], *, environment: Mapping[str, str]) -> Outcome:
    """Run pytest once and count how its tests ended."""
    print(f"\n=== {title} ===", flush=True)
    with started(title, arguments, environment=environment) as end:
        return end()


def count_results(report: Path) -> dict[str, int]:
    """Count the tests of a JUnit report; an error counts as a failed test."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not report.exists():
        return counts
    for case in ET.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            counts["failed"] += 1
        elif "skipped" in kinds:
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
    return counts


def run_all() -> int:
    """Run the parts this machine can run; return the exit code of the whole."""
    base = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    with tempfile.TemporaryDirectory(prefix="pmo-readings-") as read:
        return report(*_run_parts({**base, "PMO_MODE": "test", "PMO_READINGS": read}))


def _run_parts(base: Mapping[str, str]) -> tuple[list[Outcome], list[str]]:
    """Run the browser, which waits much, beside the others; return how they ended, and what was left out."""
    outcomes, left_out = [], []
    with ExitStack() as stack:
        browser = None
        if needs.chromium():
            # One after another in one portal, whose demo is loaded once.
            journeys = ("tests/e2e", "-m", "e2e")
            browser = stack.enter_context(started("Browser", journeys, environment=base, is_aside=True))
        else:
            left_out.append("Browser (Chromium not installed)")
        outcomes.append(_run_on_sqlite(base))
        no_servers = servers.missing_servers()
        if no_servers:
            left_out.append(f"PostgreSQL + Redis ({' and '.join(no_servers)} not installed)")
        else:
            outcomes.append(_run_with_servers(base))
        if browser:
            outcomes.append(browser())
    return outcomes, left_out


def _run_on_sqlite(base: Mapping[str, str]) -> Outcome:
    """Run everything that needs no servers and no browser."""
    ran = HOUSE_RULES if os.environ.get(CHECKED) else ()
    arguments = (*PARALLEL, "-m", "not e2e and not benchmark", *(f"--ignore={path}" for path in ran))
    return run_part("SQLite", arguments, environment=base)


def _run_with_servers(base: Mapping[str, str]) -> Outcome:
    """Run the tests that ask the database something again, on PostgreSQL and Redis."""
    with ExitStack() as stack:
        environment = {**base, **stack.enter_context(servers.both())}
        arguments = (*PARALLEL, "-m", "not pure and not once and not e2e and not benchmark")
        return run_part("PostgreSQL + Redis", arguments, environment=environment)


def report(outcomes: list[Outcome], left_out: list[str]) -> int:
    """Print the closing summary; return 0 only when everything that had to run passed."""
    print("\n=== Summary ===")
    for outcome in outcomes:
        print(outcome)
    if left_out:
        print(f"Not run on this machine: {'; '.join(left_out)}")
    failed = sum(outcome.failed for outcome in outcomes) + (len(left_out) if needs.is_ci() else 0)
    skipped = sum(outcome.skipped for outcome in outcomes) + (0 if needs.is_ci() else len(left_out))
    print(f"{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    install_missing()
    sys.exit(run_all())
