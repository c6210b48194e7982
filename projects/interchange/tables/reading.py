"""
Reading a table of unknown origin: the one door of this room.

The file is parsed by a process of its own behind walls (SEC-22); the caller gets a table or one
``TableRefused`` within the wall time.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from projects.interchange.tables.table import Row, Table, TableLimits, TableRefused, gettext_noop

CHILD = Path(__file__).with_name("child.py")
STANDARD_LIMITS = TableLimits()
ARCHIVE_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"


def read_table(path: Path, *, limits: TableLimits = STANDARD_LIMITS) -> Table:
    """
    Return the table in a CSV or XLSX file; the content decides which it is, not the name.

    Raises
    ------
    TableRefused
        With a code and one line, for every file that is not taken.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise TableRefused(
            "TOO_LARGE",
            gettext_noop("The file is larger than %(size)s MB."),
            size=limits.file_bytes // (1024 * 1024),
        )
    if size == 0:
        raise TableRefused("EMPTY", gettext_noop("The file is empty."))
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(OLD_EXCEL_MARK):
        raise TableRefused(
            "UNKNOWN_FORMAT", gettext_noop("This is an old .xls workbook. Save it as .xlsx or CSV.")
        )
    with tempfile.TemporaryDirectory(prefix="table-") as name:
        return _read_in_child(path, "xlsx" if head.startswith(ARCHIVE_MARK) else "csv", Path(name), limits)


def _read_in_child(path: Path, kind: str, folder: Path, limits: TableLimits) -> Table:
    target = folder / "answer.json"
    request = {"source": str(path.resolve()), "target": str(target), "kind": kind, "limits": asdict(limits)}
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        cwd=folder,
        start_new_session=True,
    )
    try:
        child.communicate(json.dumps(request).encode(), timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired as fault:
        raise TableRefused(
            "TIMEOUT", gettext_noop("Reading took too long and was ended: the file is too complex.")
        ) from fault
    finally:
        _kill_group(child)
    if child.returncode != 0 or not target.exists():
        raise TableRefused(
            "BROKEN_FILE", gettext_noop("The file is broken or needs more memory than a table may use.")
        )
    answer = json.loads(target.read_text(encoding="utf-8"))
    if "refused" in answer:
        refused = answer["refused"]
        raise TableRefused(refused["code"], refused["sentence"], **refused["parameters"])
    return from_data(answer["table"])


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()


def to_data(table: Table) -> dict[str, object]:
    """Return the table as JSON data."""
    return {
        "headers": list(table.headers),
        "rows": [[row.number, *row.cells] for row in table.rows],
        "ragged": list(table.ragged),
    }


def from_data(data: dict[str, list[list[str | int]]]) -> Table:
    """Return the table of JSON data."""
    rows = tuple(Row(number=int(row[0]), cells=tuple(str(cell) for cell in row[1:])) for row in data["rows"])
    return Table(
        headers=tuple(str(header) for header in data["headers"]),
        rows=rows,
        ragged=tuple(int(str(number)) for number in data["ragged"]),
    )
