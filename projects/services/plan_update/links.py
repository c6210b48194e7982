"""Links of the file against those of the plan."""

from collections.abc import Mapping

from projects.choices import TaskKind
from projects.interchange.network import find_cycle
from projects.interchange.takeover import TakenOver
from projects.interchange.vocabulary import TaskKind as DocumentKind
from projects.models import Link, Task
from projects.selectors.plan_state import PlanState
from projects.services.document_tasks import lag_columns
from projects.services.plan_update.worked_out import FieldChange, LinkUpdate, LinkUpdates, Note

SHOWN_LAG = ("lag", "lag_percent", "lag_kind", "lag_calendar")


def compare_links(
    state: PlanState, taken: TakenOver, *, tasks: Mapping[int, Task], may_remove: bool
) -> tuple[LinkUpdates, tuple[Note, ...]]:
    """
    Return what comes, changes and goes, and a note where the outcome would be a ring (SCH-10).

    Between rows of the file its links count; without the right to delete links (``may_remove``) the others
    stay. A link of a row that is not in the file stays. What hangs on a summary goes (SCH-9).
    """
    present = {(link.predecessor_id, link.successor_id, str(link.type)): link for link in state.links}
    added, changed = [], []
    for item in taken.links:
        first, second = tasks.get(item.pred), tasks.get(item.succ)
        key = (first.pk if first else 0, second.pk if second else 0, item.type.value)
        found = present.pop(key, None)
        if found is None:
            added.append(item)
            continue
        values = {name: value for name, value in lag_columns(item).items() if getattr(found, name) != value}
        if values:
            changes = tuple(FieldChange(name, getattr(found, name), value) for name, value in values.items())
            changed.append(LinkUpdate(found, values, changes))
    in_file = {task.pk for task in tasks.values()}
    summaries = {
        tasks[item.task.uid].pk
        for item in taken.tasks
        if item.kind is DocumentKind.SUMMARY and item.task.uid in tasks
    }
    summaries |= {task.pk for task in state.tasks if task.pk not in in_file and task.kind == TaskKind.SUMMARY}
    removed: list[Link] = []
    kept: list[Link] = []
    for link in present.values():
        hangs_on_summary = bool({link.predecessor_id, link.successor_id} & summaries)
        goes = hangs_on_summary or (may_remove and _is_between(link, in_file))
        (removed if goes else kept).append(link)
    notes = []
    if ring := _ring(taken, tasks, kept):
        notes.append(Note("RING", "ERROR", " → ".join(ring)))
    if still := [link for link in kept if _is_between(link, in_file)]:
        example = f"{still[0].predecessor.name} → {still[0].successor.name}"
        notes.append(Note("LINKS_KEPT", "WARNING", example, {"count": len(still)}))
    return LinkUpdates(tuple(added), tuple(changed), tuple(removed)), tuple(notes)


def _is_between(link: Link, in_file: set[int]) -> bool:
    return link.predecessor_id in in_file and link.successor_id in in_file


def _ring(taken: TakenOver, tasks: Mapping[int, Task], kept: list[Link]) -> list[str]:
    """Return the names of rows that would wait for each other; the links of a file alone never do."""
    if not kept:
        return []
    uid_of = {task.pk: uid for uid, task in tasks.items()}
    numbers: dict[tuple[str, int], int] = {}

    def node(key: tuple[str, int]) -> int:
        return numbers.setdefault(key, len(numbers))

    def of_plan(key: int) -> int:
        return node(("file", uid_of[key]) if key in uid_of else ("plan", key))

    following: dict[int, list[int]] = {}
    for item in taken.links:
        following.setdefault(node(("file", item.pred)), []).append(node(("file", item.succ)))
    for link in kept:
        following.setdefault(of_plan(link.predecessor_id), []).append(of_plan(link.successor_id))
    cycle = find_cycle(following)
    keys = {number: key for key, number in numbers.items()}
    names = {("file", item.task.uid): item.task.name for item in taken.tasks}
    names |= {("plan", task.pk): task.name for task in _others(kept, uid_of)}
    return [names[keys[number]] for number in cycle]


def _others(kept: list[Link], uid_of: Mapping[int, int]) -> list[Task]:
    """Return the ends of kept links that are not in the file; the links must have their ends loaded."""
    ends = [end for link in kept for end in (link.predecessor, link.successor)]
    return [end for end in ends if end.pk not in uid_of]
