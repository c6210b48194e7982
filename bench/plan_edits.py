"""
Steps of the plan page on the server: what one costs, at 1,000 and at 10,000 tasks.

Each act a planner does all day is done some times, spread over the plan by a seed, as the page does it: the
words of the request are read, the step is done end to end (lock, snapshot, rules, dates, journal, trail) and
the answer is packed. **Processor time** is what the process itself counts, so a busy machine moves it least;
on PostgreSQL the database works elsewhere. Steps move what the plan's links make them move.

Aims: a changed duration takes at most 150 ms of processor time at 1,000 tasks on SQLite, and ten times the
tasks cost at most twelve times that (the ratio says whether anything grows faster than the plan).

``python -m bench.plan_edits --tasks 1000 10000 --steps 15``, with ``--database-url`` on PostgreSQL
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bench._ground import scratch_portal
from bench.reschedule import seed_plan

SIZES = (1_000, 10_000)
STEPS = 15
SEED = 53
AIM_SECONDS = 0.15
AIM_RATIO = 1.2
PASTED = 200


@dataclass(frozen=True)
class Figures:
    """One act at one size: medians in milliseconds; ``moved`` are rows with other dates, median and most."""

    tasks: int
    act: str
    steps: int
    elapsed_ms: int
    worst_ms: int
    processor_ms: int
    queries: int
    moved: int
    moved_most: int


@dataclass(frozen=True)
class Took:
    """One step."""

    elapsed: float
    processor: float
    queries: int
    moved: int


class Planner:
    """A person with all rights who takes steps in one plan, as the API lets them."""

    def __init__(self, tasks: int) -> None:
        """Make the plan and hand it over to the engine."""
        from django.db import connection

        from pmo_portal.accounts.models import User
        from projects.access import PlanRights
        from projects.models import Project
        from projects.services import schedules

        self.tasks = tasks
        project = seed_plan(tasks)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.actor = User.objects.get(name="Planner")
        self.rights = PlanRights(True, True, True, False, True, None)
        schedules.set_auto_scheduling(actor=self.actor, project=project, is_auto=True, expected_version=None)
        self.project = Project.objects.select_related("calendar", "node").get(pk=project.pk)
        self.last = 0

    def do(self, changes: list[Mapping[str, Any]]) -> Took:
        """Take a step from the words of the request to the text of the answer."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from projects.api.plan_changes import read_changes
        from projects.forms.plan_words import PlanWords
        from projects.selectors.plan_answers import step_answer
        from projects.services.plan_changes import steps

        with CaptureQueriesContext(connection) as asked:
            return self._timed(
                lambda: steps.do_step(
                    actor=self.actor,
                    project=self.project,
                    rights=self.rights,
                    key="",
                    changes=read_changes(PlanWords(self.project), changes),
                ),
                step_answer,
                asked,
            )

    def undo(self) -> Took:
        """Take the last step back."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from projects.selectors.plan_answers import step_answer
        from projects.services.plan_changes import undoing

        with CaptureQueriesContext(connection) as asked:
            return self._timed(
                lambda: undoing.undo_step(
                    actor=self.actor, project=self.project, rights=self.rights, number=self.last, key=""
                ),
                step_answer,
                asked,
            )

    def _timed(self, act: Callable[[], Any], answer: Callable[..., Any], asked: Any) -> Took:
        begin, begin_processor = time.perf_counter(), time.process_time()
        step = act()
        said = answer(step, sees_money=True)
        json.dumps(said)
        took = Took(
            time.perf_counter() - begin,
            time.process_time() - begin_processor,
            len(asked),
            said["effect"]["moved"],
        )
        self.last = step.change or self.last
        return took


def acts_of(planner: Planner, dice: random.Random) -> Mapping[str, Callable[[int], Took]]:
    """Return the acts to measure; each takes the number of a row."""

    def pasted(uid: int) -> Took:
        rows = [
            {
                "act": "add",
                "key": f"n{at}",
                "after": uid,
                "fields": {"name": f"Pasted {at}", "duration": "2d"},
            }
            for at in range(PASTED)
        ]
        return planner.do([*rows])

    return {
        "name": lambda uid: planner.do([{"act": "set", "uid": uid, "fields": {"name": f"Renamed {uid}"}}]),
        "duration": lambda uid: planner.do(
            [{"act": "set", "uid": uid, "fields": {"duration": f"{dice.randint(11, 30)}d"}}]
        ),
        "undo of it": lambda _uid: planner.undo(),
        "row moved": lambda uid: planner.do(
            [{"act": "move", "uids": [uid], "parent": planner.tasks + 1, "after": None}]
        ),
        "new row": lambda uid: planner.do(
            [{"act": "add", "key": "n1", "after": uid, "fields": {"name": "A new row"}}]
        ),
        "200 pasted rows": pasted,
    }


def measure(tasks: int, steps: int) -> list[Figures]:
    """Return the figures of each act at one size."""
    planner = Planner(tasks)
    dice = random.Random(SEED)
    acts = acts_of(planner, dice)
    planner.do([{"act": "set", "uid": 1, "fields": {"notes": "warm"}}])
    found: dict[str, list[Took]] = {name: [] for name in acts}
    for uid in dice.sample(range(1, tasks + 1), steps):
        for name, act in acts.items():
            if name == "200 pasted rows" and len(found[name]) == 3:
                continue
            found[name].append(act(uid))
    return [_figures(tasks, name, took) for name, took in found.items()]


def _figures(tasks: int, act: str, took: list[Took]) -> Figures:
    return Figures(
        tasks=tasks,
        act=act,
        steps=len(took),
        elapsed_ms=round(median(each.elapsed for each in took) * 1000),
        worst_ms=round(max(each.elapsed for each in took) * 1000),
        processor_ms=round(median(each.processor for each in took) * 1000),
        queries=round(median(each.queries for each in took)),
        moved=round(median(each.moved for each in took)),
        moved_most=max(each.moved for each in took),
    )


def is_reached(found: list[Figures]) -> bool:
    """Whether a changed duration is cheap at the first size and grows no faster than the plan."""
    durations = [each for each in found if each.act == "duration"]
    first, last = durations[0], durations[-1]
    growth = (last.processor_ms / first.processor_ms) / (last.tasks / first.tasks)
    print(f"ratio of costs to sizes {growth:.2f}")
    return first.processor_ms <= AIM_SECONDS * 1000 and growth <= AIM_RATIO


def main() -> int:
    """Print the figures; 0 when the aims were reached."""
    options = argparse.ArgumentParser(description="Steps of the plan page on the server.")
    options.add_argument("--tasks", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--steps", type=int, default=STEPS)
    options.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    given = options.parse_args()
    found: list[Figures] = []
    with scratch_portal(given.database_url):
        for tasks in given.tasks:
            found += measure(tasks, given.steps)
    for figures in found:
        print(json.dumps(asdict(figures)))
    return 0 if is_reached(found) else 1


if __name__ == "__main__":
    sys.exit(main())
