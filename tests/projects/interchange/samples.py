"""Small schedules written by hand, and the oracle's real ones."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

ORACLE = Path(os.environ.get("PMO_ORACLE_DIR") or Path(__file__).parents[4] / "shared" / "oracle")
IMPORT_INDEX = ORACLE / "import" / "index.csv"
SCHEDULE_INDEX = ORACLE / "index.csv"

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Project xmlns="http://schemas.microsoft.com/project"><Name>Bridge</Name>'
    "<ScheduleFromStart>1</ScheduleFromStart><StartDate>2026-03-02T08:00:00</StartDate>"
    "<MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>2400</MinutesPerWeek><DaysPerMonth>20</DaysPerMonth>"
)


@dataclass(frozen=True)
class Known:
    """A real schedule file, which of its projects is meant, and the known counts."""

    path: Path
    project_index: int
    counts: dict[str, str]


def known_schedules() -> list[Known]:
    """Return the oracle's schedule files with their counts; none where the oracle is not there."""
    found = []
    if IMPORT_INDEX.is_file():
        with IMPORT_INDEX.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found.append(Known(ORACLE / "import" / row["file"], 0, row))
    if SCHEDULE_INDEX.is_file():
        with SCHEDULE_INDEX.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["raw"]:
                    found.append(
                        Known(ORACLE / "raw" / Path(row["raw"]).name, int(row["project_index"]), row)
                    )
    return found


def mspdi(body: str, head: str = HEAD) -> bytes:
    """Return a schedule in the XML of Microsoft Project."""
    return f"{head}{body}</Project>".encode()


def mspdi_tasks(count: int) -> bytes:
    """Return a chain of tasks of one day, each with a predecessor but the first."""
    rows = []
    for uid in range(1, count + 1):
        link = (
            ""
            if uid == 1
            else f"<PredecessorLink><PredecessorUID>{uid - 1}</PredecessorUID></PredecessorLink>"
        )
        rows.append(
            f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>Task {uid}</Name><OutlineLevel>1</OutlineLevel>"
            f"<Duration>PT8H0M0S</Duration>{link}</Task>"
        )
    return mspdi(f"<Tasks>{''.join(rows)}</Tasks>")


KNOWN_MPP = next((known.path for known in known_schedules() if known.path.suffix == ".mpp"), None)
