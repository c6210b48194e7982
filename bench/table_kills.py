"""
Imports of tables killed in the middle: ``kill -9`` at points spread over the writing; counts partial imports.

``python -m bench.table_kills --kills 20 --rows 100 --json`` (SEC-24), for the first edition of a table
and for a later one with new projects and some that left. Runs on SQLite in a temporary place.
"""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests import databases

ROOT = Path(__file__).resolve().parent.parent
KILLED = -9
COUNT_ONLY = 0
TO_THE_END = -1
WATCHED = ("accounts", "audit", "documents", "notifications", "projects", "portfolio", "common")


@dataclass(frozen=True)
class Figures:
    """What one edition prints; ``partial`` counts kills that left anything behind."""

    edition: str
    rows: int
    statements: int
    kills: int
    partial: int
    completed: int
    seconds: float


class _Statements:
    """Counts statements of the writing, and ends the process after one of them."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.count = kill_at, 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        """Carry one out, and perhaps die."""
        result = execute(*arguments)
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def write(path: Path, day: date, at: int) -> int:
    """Import a table in this process; die at a statement of the writing, or count them and take all back."""
    from django.db import connection, transaction
    from django.utils import timezone

    from bench._tables import COLUMNS
    from portfolio.interchange.mapping import TableMapping
    from portfolio.models import Portfolio
    from portfolio.services.table_writing import TableOrder, carry_out

    statements = _Statements(at)

    @contextmanager
    def within() -> Iterator[dict[str, Any]]:
        with transaction.atomic(), connection.execute_wrapper(statements):
            yield {}
            if at == COUNT_ONLY:
                transaction.set_rollback(True)

    order = TableOrder(
        actor=None,
        path=path,
        source=path.name,
        portfolio=Portfolio.objects.get(),
        mapping=TableMapping(title="Bench", columns=COLUMNS, report_cycle="YEARLY"),
        mapping_name="bench",
        now=timezone.now(),
        as_of=day,
    )
    carry_out(order, within=within, keep=lambda _home, _plan: None)
    return statements.count


def fingerprint() -> str:
    """Return a digest of every row of the portal."""
    from django.apps import apps

    digest = hashlib.sha256()
    for label in WATCHED:
        for model in apps.get_app_config(label).get_models():
            for row in model._base_manager.order_by("pk").values_list():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def _apart(path: Path, day: date, at: int) -> subprocess.CompletedProcess[str]:
    """Import in a process of its own."""
    command = [sys.executable, "-m", "bench.table_kills", "--table", str(path), "--day", str(day)]
    return subprocess.run(
        [*command, "--at", str(at)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )


def measure(edition: str, path: Path, day: date, *, rows: int, kills: int) -> Figures:
    """Kill the import of one edition as often as wanted, then let it end."""
    from portfolio.models import ComponentAbsence
    from projects.models import StatusReport

    started = time.monotonic()
    counted = _apart(path, day, COUNT_ONLY)
    if counted.returncode:
        raise SystemExit(counted.stderr[-3000:])
    total = int(counted.stdout)
    before = fingerprint()
    killed = partial = 0
    for number in range(kills):
        at = 1 + number * (total - 1) // max(1, kills - 1)
        killed += _apart(path, day, at).returncode == KILLED
        partial += fingerprint() != before
    ended = _apart(path, day, TO_THE_END)
    statuses = StatusReport.objects.filter(period_end=day).count()
    left = ComponentAbsence.objects.filter(left_on=day).count()
    expected = (rows, rows // 10 if edition == "second" else 0)
    return Figures(
        edition=edition,
        rows=rows,
        statements=total,
        kills=killed,
        partial=partial,
        completed=int(ended.returncode == 0 and (statuses, left) == expected),
        seconds=round(time.monotonic() - started, 1),
    )


def _set_up() -> None:
    import django

    django.setup()


def run(*, rows: int, kills: int) -> list[Figures]:
    """Measure both editions on a portal of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-kills-") as folder:
        os.environ.update(DJANGO_SETTINGS_MODULE="pmo_portal.settings", PMO_MODE="test", PMO_DATA_DIR=folder)
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/portal.sqlite3"
        databases.put_migrated(os.environ.get(databases.MIGRATED), Path(folder))
        _set_up()
        from django.core.management import call_command

        from bench._tables import FIRST_DAY, SECOND_DAY, write_tables
        from portfolio.services.structure import create_portfolio

        call_command("migrate", verbosity=0)
        create_portfolio(actor=None, code="bench", name="Bench")
        first, second = write_tables(Path(folder), rows=rows)
        return [
            measure("first", first, FIRST_DAY, rows=rows, kills=kills),
            measure("second", second, SECOND_DAY, rows=rows, kills=kills),
        ]


def main() -> int:
    """Run once and print the figures; 0 when no kill left anything behind and both editions ended."""
    options = argparse.ArgumentParser(description="Imports of tables killed in the middle.")
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--rows", type=int, default=100)
    options.add_argument("--json", action="store_true")
    options.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--day", type=date.fromisoformat, help=argparse.SUPPRESS)
    options.add_argument("--at", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.table:
        _set_up()
        print(write(given.table, given.day, given.at))
        return 0
    figures = [asdict(each) for each in run(rows=given.rows, kills=given.kills)]
    print(json.dumps(figures) if given.json else "\n".join(str(each) for each in figures))
    is_good = all(
        each["partial"] == 0 and each["completed"] and each["kills"] == given.kills for each in figures
    )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
