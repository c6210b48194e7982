"""Links between the tasks of one project."""

from collections.abc import Iterable, Mapping
from typing import Any

from projects.interchange.document import Link
from projects.interchange.from_mpxj.values import amount, text
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import DurationKind, LagUnit, LinkType, Severity


def read_links(
    relations: Iterable[Any], units: Mapping[str, float], known: frozenset[int]
) -> tuple[tuple[Link, ...], tuple[Problem, ...]]:
    """Return the links in the order of the file, and a problem for each that leaves the project."""
    links = []
    problems = []
    for relation in relations:
        before, after = relation.getPredecessorTask(), relation.getSuccessorTask()
        pred = None if before is None else int(before.getUniqueID())
        succ = None if after is None else int(after.getUniqueID())
        if pred is None or succ is None or pred not in known or succ not in known:
            names = f"{_label(before)} → {_label(after)}"
            problems.append(problem(Severity.WARNING, "LINK_OUTSIDE", Place.LINK, names))
            continue
        lag = amount(relation.getLag(), units)
        links.append(
            Link(
                pred=pred,
                succ=succ,
                type=LinkType(str(relation.getType())),
                lag=0.0 if lag is None else lag.value,
                lag_unit=LagUnit.PERCENT if lag is not None and lag.is_percent else LagUnit.MINUTES,
                lag_kind=DurationKind.WORK if lag is None else lag.kind,
            )
        )
    return tuple(links), tuple(problems)


def _label(task: Any) -> str:
    """Return how people know the task: its number and name."""
    if task is None:
        return "?"
    return f"{text(task.getActivityID()) or text(task.getID())} {text(task.getName(), limit=60)}".strip()
