"""
Time of the import of a table with thousands of rows, and how long it holds the database.

Aim: the larger of two editions of 5,000 rows within 20 s, inside the write transaction for less than 5 s.
``python -m bench.tables --sizes 200 1000 5000 --json``
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench._sizes import rows_by_size

SIZES = (200, 1000, 5000)
AIM_SECONDS = 20.0
AIM_LOCKED_SECONDS = 5.0
SEED = 11


@contextmanager
def _timed_transaction(spent: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Open a transaction as a job's effect does, and keep how long it was open."""
    from django.db import transaction

    with transaction.atomic():
        started = time.perf_counter()
        yield {}
    spent["locked"] = time.perf_counter() - started


class _Counter:
    """Counts statements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count one and go on."""
        self.count += 1
        return execute(sql, params, many, context)


def _import(path: Path, portfolio: Any, as_of: Any) -> dict[str, Any]:
    from django.db import connection
    from django.utils import timezone

    from bench._tables import COLUMNS
    from portfolio.interchange.mapping import TableMapping
    from portfolio.services.table_writing import TableOrder, carry_out

    spent: dict[str, float] = {}
    statements = _Counter()
    order = TableOrder(
        actor=None,
        path=path,
        source=path.name,
        portfolio=portfolio,
        mapping=TableMapping(title="Bench", columns=COLUMNS, report_cycle="YEARLY"),
        mapping_name="bench",
        now=timezone.now(),
        as_of=as_of,
    )
    started = time.perf_counter()
    with connection.execute_wrapper(statements):
        plan = carry_out(order, within=lambda: _timed_transaction(spent), keep=lambda _home, _plan: None)
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "locked_seconds": round(spent["locked"], 2),
        "statements": statements.count,
        "created": plan["counts"]["CREATE"],
        "updated": plan["counts"]["UPDATE"],
        "left": plan["left"],
    }


def _bare_insert(rows: int) -> float:
    """Return the seconds of a bare bulk insert of as many rows of one plain table, in one transaction."""
    from django.db import transaction
    from django.utils import timezone

    from projects.models import Calendar, ForecastLine, Project

    project = Project.objects.order_by("pk")[0]
    assert Calendar.objects.exists()
    day = timezone.now().date()
    lines = [ForecastLine(project=project, etc_amount=1, made_on=day) for _number in range(rows)]
    started = time.perf_counter()
    with transaction.atomic():
        ForecastLine.objects.bulk_create(lines)
    seconds = time.perf_counter() - started
    ForecastLine.objects.filter(made_on=day).delete()
    return seconds


def measure(size: int) -> dict[str, Any]:
    """Import two editions of ``size`` rows and compare with a bare insert of as many rows."""
    from bench._tables import FIRST_DAY, SECOND_DAY, write_tables
    from portfolio.services.structure import create_portfolio

    with tempfile.TemporaryDirectory(prefix="bench-tables-") as folder:
        first, second = write_tables(Path(folder), rows=size, seed=SEED)
        home = create_portfolio(actor=None, code="bench", name="Bench")
        created = _import(first, home, FIRST_DAY)
        updated = _import(second, home, SECOND_DAY)
    bare = _bare_insert(size)
    found: dict[str, Any] = {"rows": size, "bare_insert_seconds": round(bare, 3)}
    for name, figures in (("first", created), ("second", updated)):
        found.update({f"{name}_{key}": value for key, value in figures.items()})
        found[f"{name}_ratio"] = round(figures["seconds"] / bare, 1)
    return found


def _passes(rows: list[dict[str, Any]]) -> bool:
    """Tell whether the largest size reached both aims."""
    last = rows[-1]
    is_quick = max(last["first_seconds"], last["second_seconds"]) <= AIM_SECONDS
    return is_quick and max(last["first_locked_seconds"], last["second_locked_seconds"]) < AIM_LOCKED_SECONDS


if __name__ == "__main__":
    sys.exit(
        rows_by_size("bench.tables", "Import of tables at growing numbers of rows.", SIZES, measure, _passes)
    )
