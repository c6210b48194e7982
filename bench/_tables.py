"""Tables of a portfolio made with a seed: two editions, the later one with leavers and new projects."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

HEADER = ("Number", "Name", "Department", "Status", "Start", "End", "Cost", "Comment")
COLUMNS = {
    "code": ("Number",),
    "name": ("Name",),
    "org_unit": ("Department",),
    "confidence": ("Status",),
    "start": ("Start",),
    "finish": ("End",),
    "budget": ("Cost",),
    "confidence_note": ("Comment",),
}
FIRST_DAY = date(2025, 3, 31)
SECOND_DAY = date(2026, 3, 31)
COLORS = ("Green", "Amber/Green", "Amber", "Amber/Red", "Red")
WORDS = ("harbor", "bridge", "rail", "depot", "school", "clinic", "water", "grid", "signal", "tunnel", "road")


def write_tables(folder: Path, *, rows: int, seed: int = 11) -> tuple[Path, Path]:
    """Write two editions with so many rows each; a tenth of the projects leaves, a tenth is new."""
    rng = random.Random(seed)
    lines = [_line(number, rng) for number in range(rows + rows // 10)]
    first = folder / f"first-{rows}.csv"
    second = folder / f"second-{rows}.csv"
    _write(first, lines[:rows])
    _write(second, [_later(line, rng) for line in lines[rows // 10 :]])
    return first, second


def _line(number: int, rng: random.Random) -> list[str]:
    start = date(2022, 1, 3) + timedelta(days=rng.randrange(900))
    finish = start + timedelta(days=400 + rng.randrange(2500))
    return [
        f"N-{number:06d}",
        f"{' '.join(rng.sample(WORDS, 3)).capitalize()} {number}",
        f"Department {number % 17}",
        rng.choice(COLORS),
        start.isoformat(),
        finish.isoformat(),
        str(rng.randrange(1, 4000)),
        "The plan was approved and the contract is being negotiated.",
    ]


def _later(line: list[str], rng: random.Random) -> list[str]:
    finish = date.fromisoformat(line[5]) + timedelta(days=rng.randrange(200))
    return [*line[:3], rng.choice(COLORS), line[4], finish.isoformat(), line[6], line[7]]


def _write(path: Path, lines: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([HEADER, *lines])
