"""
The links of a document as a plan can take them over (SCH-9, SCH-10).

A document keeps links as the file has them. A plan takes only links between leaves, once for each pair and
type, none from a task to itself or between a task and its own ancestor, and no cycle.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from projects.interchange.document import Link, ProjectDocument, Task
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import LinkType, Severity, TaskKind

MOST_LINKS = 200_000
START_DRIVEN = frozenset({LinkType.SS, LinkType.SF})


@dataclass(frozen=True, slots=True)
class Network:
    """Links between leaves, and what became of the others."""

    links: tuple[Link, ...]
    problems: tuple[Problem, ...]


def leaf_network(document: ProjectDocument) -> Network:
    """
    Return the links a plan takes over.

    A link on a summary becomes links to all its leaves; SS and SF from a summary come from its earliest leaf
    alone, as Microsoft Project has it. Problems name every link that is changed or left out.
    """
    tree = _Tree(document.tasks)
    links: dict[tuple[int, int, LinkType], Link] = {}
    problems: list[Problem] = []
    for link in document.links:
        where = f"{tree.label(link.pred)} → {tree.label(link.succ)} ({link.type.value})"
        if tree.are_related(link.pred, link.succ):
            problems.append(problem(Severity.WARNING, "LINK_ANCESTOR", Place.LINK, where))
            continue
        expanded = list(tree.expand(link))
        if expanded != [link]:
            problems.append(problem(Severity.INFO, "LINK_SUMMARY", Place.LINK, where, count=len(expanded)))
        for item in expanded:
            key = (item.pred, item.succ, item.type)
            if key in links and expanded == [link]:
                problems.append(problem(Severity.WARNING, "LINK_DUPLICATE", Place.LINK, where))
            links.setdefault(key, item)
        if len(links) > MOST_LINKS:
            problems.append(problem(Severity.ERROR, "LINKS_TOO_MANY", Place.LINKS, most=MOST_LINKS))
            break
    kept, cyclic = _without_cycles(list(links.values()), tree)
    return Network(tuple(kept), (*problems, *cyclic))


class _Tree:
    """Parents, children and leaves of the tasks."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.tasks = {task.uid: task for task in tasks}
        self.children: dict[int, list[int]] = {}
        for task in self.tasks.values():
            if task.parent_uid is not None:
                self.children.setdefault(task.parent_uid, []).append(task.uid)

    def label(self, uid: int) -> str:
        task = self.tasks.get(uid)
        return (
            str(uid)
            if task is None
            else f"{task.id if task.id is not None else uid} {task.name}".strip()[:120]
        )

    def is_summary(self, uid: int) -> bool:
        return self.tasks[uid].kind is TaskKind.SUMMARY

    def are_related(self, one: int, other: int) -> bool:
        return one == other or one in self.ancestors(other) or other in self.ancestors(one)

    def ancestors(self, uid: int) -> frozenset[int]:
        found: set[int] = set()
        parent = self.tasks[uid].parent_uid
        while parent is not None and parent not in found and parent in self.tasks:
            found.add(parent)
            parent = self.tasks[parent].parent_uid
        return frozenset(found)

    def leaves(self, uid: int) -> list[int]:
        if not self.is_summary(uid):
            return [uid]
        found: list[int] = []
        waiting = [uid]
        seen: set[int] = set()
        while waiting:
            item = waiting.pop()
            if item in seen:
                continue
            seen.add(item)
            if self.is_summary(item):
                waiting.extend(reversed(self.children.get(item, [])))
            else:
                found.append(item)
        return found

    def expand(self, link: Link) -> Iterator[Link]:
        before = self.leaves(link.pred)
        if link.type in START_DRIVEN and self.is_summary(link.pred):
            before = before and [min(before, key=self._start)]
        for pred in before:
            for succ in self.leaves(link.succ):
                yield replace(link, pred=pred, succ=succ)

    def _start(self, uid: int) -> tuple[bool, str, int]:
        start = self.tasks[uid].early_start or self.tasks[uid].start
        return (start is None, "" if start is None else start.isoformat(), uid)


def _without_cycles(links: list[Link], tree: _Tree) -> tuple[list[Link], list[Problem]]:
    """Return the links without the last one of each cycle, and a problem naming the tasks of the cycle."""
    kept = links
    problems: list[Problem] = []
    while cycle := find_cycle(_successors(kept)):
        closing = {(cycle[-1], cycle[0])}
        kept = [link for link in kept if (link.pred, link.succ) not in closing]
        names = " → ".join(tree.label(uid) for uid in (*cycle, cycle[0]))
        where = tree.label(cycle[-1])
        problems.append(problem(Severity.ERROR, "LINK_CYCLE", Place.LINK, where, ring=names[:1000]))
    return kept, problems


def _successors(links: Iterable[Link]) -> dict[int, list[int]]:
    result: dict[int, list[int]] = {}
    for link in links:
        result.setdefault(link.pred, []).append(link.succ)
    return result


def find_cycle(successors: Mapping[int, list[int]]) -> list[int]:
    """
    Return the nodes of a cycle in order, or an empty list where there is none.

    Examples
    --------
    >>> find_cycle({1: [2], 2: [3], 3: [1]})
    [1, 2, 3]
    """
    done: set[int] = set()
    for root in successors:
        path: list[int] = []
        on_path: set[int] = set()
        waiting = [(root, False)]
        while waiting:
            node, is_left = waiting.pop()
            if is_left:
                path.pop()
                on_path.discard(node)
                done.add(node)
                continue
            if node in on_path:
                return path[path.index(node) :]
            if node in done:
                continue
            path.append(node)
            on_path.add(node)
            waiting.append((node, True))
            waiting.extend((after, False) for after in reversed(successors.get(node, [])))
    return []
