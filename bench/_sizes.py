"""A measurement at growing sizes, each in a process and a portal of its own."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

from bench._ground import scratch_portal

Row = dict[str, Any]


def rows_by_size(
    module: str,
    title: str,
    sizes: Iterable[int],
    measure: Callable[[int], Row],
    passes: Callable[[list[Row]], bool],
) -> int:
    """
    Measure the sizes the command line names, print a row for each, and return its exit code.

    Parameters
    ----------
    module : str
        The measuring module; each size starts it anew.
    title : str
        What it measures, for ``--help``.
    sizes : Iterable[int]
        The sizes measured unless others are named.
    measure : Callable[[int], dict]
        The figures of one size, on an empty portal.
    passes : Callable[[list[dict]], bool]
        Whether the rows reach the aim.
    """
    options = argparse.ArgumentParser(description=title)
    options.add_argument("--sizes", type=int, nargs="+", default=list(sizes))
    options.add_argument("--database-url", default="", help="an empty PostgreSQL database for one size")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    if given.one:
        with scratch_portal(given.database_url):
            print(json.dumps(measure(given.one)))
        return 0
    rows = [_row_apart(module, size, given.database_url) for size in given.sizes]
    if given.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print("  ".join(f"{name} {value}" for name, value in row.items()))
    return 0 if passes(rows) else 1


def _row_apart(module: str, size: int, database_url: str) -> Row:
    command = [sys.executable, "-m", module, "--one", str(size), "--database-url", database_url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row
