"""How far our dates agree with those a schedule's own tool stored."""

import csv
import importlib.util
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from projects.engine.scheduling.schedule import compute_schedule
from projects.interchange.scheduled import TICKS, moment_at, plan_of
from tests.oracle.documents import document_of, load

FOLDER = Path(os.environ.get("PMO_ORACLE_DIR") or Path(__file__).parents[3] / "shared" / "oracle")
EARLY = ("early_start", "early_finish")
DATES = (*EARLY, "late_start", "late_finish")
EXACT = (*DATES, "total_slack_min", "critical")
FREE_FLOAT_SHARE = 0.995


@dataclass(frozen=True)
class Case:
    """One schedule of the oracle."""

    path: Path
    tier: str
    tool: str


@dataclass(frozen=True)
class Agreement:
    """Values compared and values that agree, by field; and each difference as the oracle reports it."""

    compared: Counter[str]
    agree: Counter[str]
    differences: list[tuple[Any, ...]]


def cases() -> list[Case]:
    """Return what the oracle holds; nothing where it is not there."""
    found = []
    if (FOLDER / "index.csv").is_file():
        with (FOLDER / "index.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                tool = "Primavera" if row["format"] in {"XER", "PMXML"} else "Microsoft"
                path = FOLDER / "schedules" / f"{row['id']}.json.gz"
                found.append(Case(path, row["tier"], tool))
    for path in sorted((FOLDER / "fuzz").glob("*.json.gz")):
        tool = "Primavera" if "-p6-" in path.name else "Microsoft"
        found.append(Case(path, "generated", tool))
    return found


def library() -> ModuleType:
    """Return the comparison that came with the oracle."""
    spec = importlib.util.spec_from_file_location("oracle_lib", FOLDER / "oracle_lib.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def computed(raw: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return our dates and float by task."""
    plan = plan_of(document_of(raw))
    found = compute_schedule(plan.network, plan.options)
    dates = {name: [moment_at(value) for value in getattr(found, name).tolist()] for name in DATES}
    return {
        uid: {
            **{name: dates[name][at] for name in DATES},
            "total_slack_min": found.total_float[at] / TICKS,
            "free_slack_min": found.free_float[at] / TICKS,
            "critical": bool(found.is_critical[at]),
        }
        for at, uid in enumerate(plan.uids)
    }


def differing(raw: dict[str, Any], ours: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the leaf tasks of which anything is not the very same value."""

    def is_same(task: dict[str, Any], name: str) -> bool:
        want, got = (task.get("expected") or {}).get(name), ours[task["uid"]][name]
        if want is None:
            return True
        return datetime.fromisoformat(want) == got if name in DATES else want == got

    return [
        task
        for task in raw["tasks"]
        if task["uid"] in ours and not all(is_same(task, name) for name in (*EXACT, "free_slack_min"))
    ]


def agreement(case: Case, compare: Any) -> Agreement | None:
    """
    Return how our dates of a schedule agree with the stored ones, leaf by leaf.

    ``None`` for a generated network that cannot be recomputed from what its file keeps.
    """
    raw = load(case.path)
    ours = computed(raw)
    if case.tier == "generated" and not raw["json_only_recompute_ok"]:
        return None
    report = compare({**raw, "tasks": differing(raw, ours)}, ours)
    stored = [task.get("expected") or {} for task in raw["tasks"] if task["uid"] in ours]
    compared = Counter(
        {name: sum(row.get(name) is not None for row in stored) for name in (*EXACT, "free_slack_min")}
    )
    wrong = Counter(difference[2] for difference in report["diffs"])
    return Agreement(compared, compared - wrong, [(case.path.name, *row) for row in report["diffs"]])


def total(found: Iterable[Agreement]) -> Agreement:
    """Return many agreements as one."""
    compared: Counter[str] = Counter()
    agree: Counter[str] = Counter()
    differences: list[tuple[Any, ...]] = []
    for item in found:
        compared += item.compared
        agree += item.agree
        differences += item.differences
    return Agreement(compared, agree, differences)


def table(tier: str, tool: str, found: Agreement) -> str:
    """Return a line per field."""
    return "\n".join(
        f"{tier:10} {tool:10} {name:16} {found.agree[name]:7} of {count:7}"
        f"  {100 * found.agree[name] / count:8.3f} %"
        for name, count in found.compared.items()
    )
