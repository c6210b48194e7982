"""
Roll-ups of the same facts, computed twice in other surroundings: are they the same to the byte (SEC-37)?

The demo organisation is loaded into a file, and the file is copied. One process rolls up every date the usual
way: jobs of many projects, in their order. The other one has another time zone, another seed of hashes and
another language, and rates the projects in random order and in chunks of random size. Every column of every
row of health, of the groups and of the snapshots is compared, all but the numbers and moments that the
database gives them.

``python -m bench.replay --dates 25 --seed 37 --json``
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# What the database gives a row, and when it was made: no part of the result.
NOT_COMPARED = frozenset({"id", "run_id", "computed_at"})
USUAL = {"TZ": "UTC", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
OTHER = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711", "LANG": "de_DE.UTF-8"}
LARGEST_CHUNK = 40
LAST_DAY = date(2026, 6, 26)
PREPARATION = (
    ("manage.py", "migrate", "--verbosity", "0"),
    ("manage.py", "load_demo", "--as-of", LAST_DAY.isoformat(), "--inline"),
    ("-m", "bench.replay", "--part", "finish"),
)


@dataclass(frozen=True)
class Figures:
    """What the run prints; ``different`` names the first rows that were not the same."""

    dates: int
    projects: int
    groups: int
    snapshots: int
    identical: int
    different: list[str]


def main() -> int:
    """Compute twice and compare; 0 when everything is the same."""
    options = argparse.ArgumentParser(description="The same roll-ups in other surroundings.")
    options.add_argument("--dates", type=int, default=25)
    options.add_argument("--seed", type=int, default=37)
    options.add_argument("--json", action="store_true")
    options.add_argument("--part", choices=("finish", "usual", "shuffled"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        print(json.dumps(_do_part(given.part, given.dates, given.seed)))
        return 0
    figures = _compare(given.dates, given.seed)
    if given.json:
        print(json.dumps(asdict(figures)))
    else:
        print("\n".join(f"{name:>10}  {value}" for name, value in asdict(figures).items()))
    return 1 if figures.different else 0


def _compare(dates: int, seed: int) -> Figures:
    with tempfile.TemporaryDirectory(prefix="pmo-replay-") as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        first.mkdir()
        for command in PREPARATION:
            _run([sys.executable, *command], first, USUAL)
        shutil.copytree(first, second)
        arguments = ["--dates", str(dates), "--seed", str(seed)]
        usual = _digests("usual", arguments, first, USUAL)
        shuffled = _digests("shuffled", arguments, second, OTHER)
    names = sorted(usual.keys() | shuffled.keys())
    different = [name for name in names if usual.get(name) != shuffled.get(name)]
    return Figures(
        dates=dates,
        projects=sum(name.startswith("ProjectHealth") for name in names),
        groups=sum(name.startswith("GroupHealth") for name in names),
        snapshots=sum(name.startswith("ProjectSnapshot") for name in names),
        identical=len(names) - len(different),
        different=different[:10],
    )


def _digests(how: str, arguments: list[str], place: Path, surroundings: dict[str, str]) -> dict[str, str]:
    printed = _run([sys.executable, "-m", "bench.replay", "--part", how, *arguments], place, surroundings)
    found: dict[str, str] = json.loads(printed.splitlines()[-1])
    return found


def _run(command: list[str], place: Path, surroundings: dict[str, str]) -> str:
    environment = {name: v for name, v in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {
        "PMO_MODE": "embedded",
        "PMO_DATA_DIR": str(place),
        "LOG_LEVEL": "WARNING",
        **surroundings,
    }
    environment["DJANGO_SETTINGS_MODULE"] = "pmo_portal.settings"
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


# -- In a process of its own -----------------------------------------------------------------------


def _do_part(part: str, dates: int, seed: int) -> dict[str, str]:
    """Roll up one day after the other; return the digest of each row by its natural key."""
    import django

    django.setup()
    from pmo_portal.common.jobs import drain

    if part == "finish":
        drain()
        return {}
    rng = random.Random(seed)
    days = [LAST_DAY - timedelta(days=back) for back in reversed(range(dates))]
    for day in days:
        if part == "usual":
            _roll_up_as_ordered(day)
        else:
            _roll_up_shuffled(day, rng)
    return _rows(days)


def _roll_up_as_ordered(day: date) -> None:
    from pmo_portal.common.jobs import drain
    from portfolio.services.rollups import start_rollup

    start_rollup(actor=None, as_of=day)
    drain()


def _roll_up_shuffled(day: date, rng: random.Random) -> None:
    from portfolio.models import PortfolioComponent
    from portfolio.services.groups import aggregate_groups
    from portfolio.services.judgement import judge_projects, keep_judgement
    from portfolio.services.rollups import SnapshotKind, run_of

    run = run_of(day)
    ids = list(PortfolioComponent.objects.known_on(day).values_list("project_id", flat=True))
    rng.shuffle(ids)
    while ids:
        size = rng.randint(1, LARGEST_CHUNK)
        chunk, ids = ids[:size], ids[size:]
        judged = judge_projects(project_ids=chunk, as_of=day, kind=SnapshotKind.DAILY)
        keep_judgement(run=run, chunk=judged)
    aggregate_groups(run=run, as_of=day, kind=SnapshotKind.DAILY)


def _rows(days: list[date]) -> dict[str, str]:
    from portfolio.models import GroupHealth, ProjectHealth
    from projects.models import ProjectSnapshot

    found: dict[str, str] = {}
    for model in (ProjectHealth, GroupHealth, ProjectSnapshot):
        for row in model.objects.filter(as_of__in=days).order_by("pk").values():
            kept = {name: value for name, value in row.items() if name not in NOT_COMPARED}
            found[f"{model.__name__} {_key(row)}"] = sha256(_text(kept).encode()).hexdigest()
    return found


def _key(row: dict[str, Any]) -> str:
    if "project_id" in row:
        return f"{row['project_id']} {row['as_of']}"
    return f"{row['node_id']} {row['audience']} {row['as_of']}"


def _text(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=repr, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
