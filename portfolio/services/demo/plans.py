"""Invented plans: phases, tasks in parallel lanes, milestones and the links between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from projects.choices import TaskKind

PHASES = ("Initiation", "Design", "Realization", "Test", "Introduction")
WORDS = {
    "build": (
        ("Survey the site", "Agree land use", "Write the brief", "Set up the team"),
        ("Basic design", "Detailed design", "Protection concept", "Permits", "Tender documents"),
        ("Civil works", "Foundations", "Switchgear", "Cabling", "Control system", "Earthing"),
        ("Factory acceptance", "Site acceptance", "Protection tests", "Load test"),
        ("Energize", "As-built drawings", "Train operations", "Close the site"),
    ),
    "software": (
        ("Interview users", "Map the processes", "Write the business case", "Set up the team"),
        ("Architecture", "Data model", "Screen design", "Security concept", "Interfaces"),
        (
            "Core services",
            "Interfaces to billing",
            "Screens",
            "Data migration",
            "Reports",
            "Roles",
        ),
        ("System test", "Load test", "User acceptance", "Security test"),
        ("Train users", "Go live", "Early support", "Retire the old system"),
    ),
    "policy": (
        ("Collect the duties", "Interview owners", "Agree the scope", "Set up the team"),
        ("Draft the rules", "Gap analysis", "Controls", "Legal review", "Works council"),
        ("Write the procedures", "Adapt the systems", "Update contracts", "Evidence", "Registers", "Guides"),
        ("Dry run", "Internal audit", "Correct findings", "Management review"),
        ("Train everybody", "Publish", "First report", "Hand over to the line"),
    ),
    "site": (
        ("Count the space", "Agree the budget", "Choose the location", "Set up the team"),
        ("Floor plans", "Building permit", "Tender", "Furniture concept", "Network concept"),
        ("Partitions", "Electrics", "Ventilation", "Network", "Furniture", "Signage"),
        ("Fire safety inspection", "Network test", "Trial week", "Correct defects"),
        ("Move the first floor", "Move the rest", "Return the old keys", "Settle the accounts"),
    ),
}
MILESTONES = ("Kick-off held", "Design approved", "Realization complete", "Accepted", "Handed over")


@dataclass(frozen=True)
class Step:
    """
    A row of an invented plan.

    ``start`` and ``finish`` are working days from the start of the project; ``after`` names the rows it
    waits for. Summaries have no dates of their own.
    """

    key: str
    name: str
    kind: str
    parent: str = ""
    start: int = 0
    finish: int = 0
    after: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Working days."""
        return self.finish - self.start

    @property
    def is_work(self) -> bool:
        """Whether somebody works on it."""
        return self.kind == TaskKind.TASK


def invent_plan(rng: Random, *, kind: str, rows: int, days: int) -> tuple[Step, ...]:
    """
    Return a plan of about ``rows`` rows over ``days`` working days.

    Parameters
    ----------
    rng : Random
        Chooses lengths; the same state gives the same plan.
    kind : str
        A key of ``WORDS``.
    rows : int
        At least 3: each phase has a summary, a milestone and one task.
    days : int
        Working days from the first start to the last milestone.
    """
    phases = max(1, min(len(PHASES), rows // 6))
    work = max(rows - 2 * phases, phases)
    edges = [round(days * number / phases) for number in range(phases + 1)]
    steps: list[Step] = []
    for number in range(phases):
        place = number if phases > 1 else 2
        count = work // phases + (number < work % phases)
        gate = f"m{number - 1}" if number else ""
        summary = Step(f"p{number}", PHASES[place], TaskKind.SUMMARY)
        tasks = list(_tasks(rng, number, _names(WORDS[kind][place], count), edges[number : number + 2], gate))
        last = {step.key for step in tasks} - {key for step in tasks for key in step.after}
        milestone = Step(
            f"m{number}",
            MILESTONES[place],
            TaskKind.FINISH_MILESTONE,
            summary.key,
            edges[number + 1],
            edges[number + 1],
            tuple(sorted(last)),
        )
        steps += [summary, *tasks, milestone]
    return tuple(steps)


def _names(words: tuple[str, ...], count: int) -> list[str]:
    rounds = -(-count // len(words))
    if rounds <= 1:
        return list(words[:count])
    lots = (f"{word} – lot {lot}" for lot in range(1, rounds + 1) for word in words)
    return list(islice(cycle(lots), count))


def _tasks(rng: Random, phase: int, names: list[str], edges: list[int], gate: str) -> Iterator[Step]:
    """Yield the tasks of a phase: one to three chains side by side that fill it."""
    first, last = edges
    span = max(last - first, 1)
    lanes = min(len(names), max(1, len(names) // 3, -(-len(names) // span)))
    for lane in range(lanes):
        chain = names[lane::lanes]
        weights = [rng.uniform(0.7, 1.4) for _name in chain]
        total, done, former = sum(weights), 0.0, gate
        start = first
        for number, (name, weight) in enumerate(zip(chain, weights, strict=True)):
            done += weight
            finish = max(start + 1, first + round(span * done / total))
            key = f"t{phase}.{lane}.{number}"
            yield Step(
                key,
                name,
                TaskKind.TASK,
                f"p{phase}",
                start,
                min(finish, max(last, start + 1)),
                (former,) if former else (),
            )
            start, former = min(finish, last - 1), key
