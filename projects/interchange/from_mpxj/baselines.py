"""Baselines 0 to 10 of a project."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from projects.interchange.document import Baseline, BaselineRow
from projects.interchange.from_mpxj.values import minutes, moment, money

NUMBERS: Final = range(11)


def read_baselines(
    tasks: list[Any], kind: Any, populated: Iterable[str], units: Mapping[str, float]
) -> tuple[Baseline, ...]:
    """Return the baselines that have a start for at least one task; ``populated`` names the fields in use."""
    used = frozenset(populated)
    found = (
        _baseline(tasks, kind, number, units) for number in NUMBERS if f"{_prefix(number)}_START" in used
    )
    return tuple(baseline for baseline in found if baseline.rows)


def _baseline(tasks: list[Any], kind: Any, number: int, units: Mapping[str, float]) -> Baseline:
    names = ("START", "FINISH", "DURATION", "WORK", "COST")
    fields = [getattr(kind, f"{_prefix(number)}_{name}") for name in names]
    rows = []
    for task in tasks:
        start, finish, duration, work, cost = (task.getCachedValue(field) for field in fields)
        if start is not None:
            rows.append(
                BaselineRow(
                    task_uid=int(task.getUniqueID()),
                    start=moment(start),
                    finish=moment(finish),
                    duration=minutes(duration, units),
                    work=minutes(work, units),
                    cost=money(cost),
                )
            )
    return Baseline(number, tuple(rows))


def _prefix(number: int) -> str:
    return f"BASELINE{number or ''}"
