"""The plan while a step is done: its outline and links in memory, and the rows the step edits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import TaskKind, TimeKind
from projects.interchange.link_words import LinkWords
from projects.models import Assignment, Link, Project, Task
from projects.selectors.plan_snapshot import PlanSnapshot, cell, place_of
from projects.services.efforts import WORKERS
from projects.services.plan_changes.acts import Lag, Ref
from projects.services.task_edits import Around


@dataclass(slots=True)
class Row:
    """A row of the outline; ``pk`` is None until a new one is stored."""

    uid: int
    pk: int | None
    parent: int | None
    name: str
    kind: str
    wbs: str = ""


@dataclass(slots=True)
class Tie:
    """A link between two rows, by their numbers; ``index`` is the change that made or changed it last."""

    pk: int | None
    start: int
    end: int
    type: str
    lag: int
    percent: Decimal | None
    is_elapsed: bool
    lag_calendar: str = ""
    index: int = 0

    @property
    def key(self) -> tuple[int, int, str]:
        """What no two links share (SCH-10)."""
        return (self.start, self.end, self.type)

    def wait(self, lag: Lag) -> None:
        """Take another lag."""
        self.lag, self.is_elapsed, self.percent = lag.length.minutes, lag.length.is_elapsed, lag.percent


@dataclass(slots=True)
class Said:
    """What a step says of the progress of a row, and the change that said it last."""

    index: int
    fields: dict[str, Any]


class KnownAround(Around):
    """Answers the rules from memory: assignments of all rows of the step in one query, when first asked."""

    def __init__(self, board: "Board") -> None:
        """Answer for the rows of a board."""
        super().__init__(board.project)
        self.board = board
        self._staff: dict[int, list[Assignment]] | None = None
        self.followed: list[Assignment] = []

    def has_children(self, task: Task) -> bool:
        """Whether other rows are part of it."""
        return bool(self.board.children.get(task.uid))

    def is_assigned(self, task: Task) -> bool:
        """Whether people or resources work on it."""
        return bool(self._of(stored_key(task)))

    def workers(self, task: Task) -> list[Assignment]:
        """Return the assignments that do its work."""
        return [row for row in self._of(stored_key(task)) if row.resource.kind in WORKERS]

    def keep_workers(self, rows: Sequence[Assignment]) -> None:
        """Note assignments that followed their task, to be saved at the end."""
        self.followed.extend(row for row in rows if row not in self.followed)

    def _of(self, pk: int | None) -> list[Assignment]:
        if pk is None:
            return []
        if self._staff is None:
            keys = [key for task in self.board.tasks.values() if (key := stored_key(task)) is not None]
            found = Assignment.objects.filter(task_id__in=keys).select_related("resource").order_by("pk")
            self._staff = defaultdict(list)
            for row in found:
                self._staff[row.task_id].append(row)
        return self._staff.get(pk, [])


@dataclass
class Board:
    """
    The plan of a locked project while a step is done.

    ``tasks`` are the rows whose values the step touches, by number; ``edited`` says which columns. ``moved``
    are rows the step placed, ``adopters`` rows that got others below them, with the change that did it.
    ``numbers`` are the rows of numbers that copied rows had, ``waiting_links`` the predecessors of new rows,
    with their change. ``index`` and ``uid_at_hand`` say which change and row a refusal is about.
    """

    project: Project
    before: PlanSnapshot
    last_uid: int
    rows: dict[int, Row] = field(default_factory=dict)
    children: dict[int | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    ties: list[Tie] = field(default_factory=list)
    tasks: dict[int, Task] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    edited: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    moved: set[int] = field(default_factory=set)
    adopters: dict[int, int] = field(default_factory=dict)
    deleted: dict[int, Row] = field(default_factory=dict)
    removed_ties: list[Tie] = field(default_factory=list)
    changed_ties: list[Tie] = field(default_factory=list)
    copied: list[tuple[int, int]] = field(default_factory=list)
    said: dict[int, Said] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    waiting_links: dict[int, tuple[int, Sequence[LinkWords]]] = field(default_factory=dict)
    shape_index: int = 0
    index: int = 0
    uid_at_hand: int | None = None

    def __post_init__(self) -> None:
        """Hang up the rows and links that are stored."""
        uids = {pk: cell(row, "uid") for pk, row in self.before.tasks.items()}
        places = [place_of(Task, name) for name in ("uid", "parent_id", "name", "kind", "wbs")]
        for pk, cells in self.before.tasks.items():
            uid, parent_id, name, kind, wbs = (cells[place] for place in places)
            parent = uids.get(parent_id)
            self.rows[uid] = Row(uid, pk, parent, name, kind, wbs)
            self.children[parent].append(uid)
        at = {name: place_of(Link, name) for name in _LINK_COLUMNS}
        for pk, cells in self.before.links.items():
            percent = cells[at["lag_percent"]]
            self.ties.append(
                Tie(
                    pk=pk,
                    start=uids[cells[at["predecessor_id"]]],
                    end=uids[cells[at["successor_id"]]],
                    type=cells[at["type"]],
                    lag=cells[at["lag"]],
                    percent=None if percent is None else Decimal(str(percent)),
                    is_elapsed=cells[at["lag_kind"]] == TimeKind.ELAPSED,
                    lag_calendar=cells[at["lag_calendar"]],
                )
            )
        self.around = KnownAround(self)

    def load(self, uids: Collection[int]) -> None:
        """Read rows whose values the step touches. One query, none without them."""
        keys = [pk for uid in uids if uid in self.rows and (pk := self.rows[uid].pk) is not None]
        if not keys:
            return
        found = Task.objects.filter(pk__in=keys).select_related("calendar", "owner").order_by("pk")
        for task in found:
            task.project = self.project
            self.tasks[task.uid] = task

    def uid(self, ref: Ref) -> int:
        """
        Return the number of a row that is there.

        Raises
        ------
        DomainError
            ``NO_TASK``.
        """
        uid = self.keys.get(ref) if isinstance(ref, str) else ref
        if uid is None or uid not in self.rows:
            raise DomainError(
                _("There is no row %(row)s in this plan.") % {"row": ref}, code="NO_TASK", field="uid"
            )
        return uid

    def uid_or_none(self, ref: Ref | None) -> int | None:
        """Return the number of a row, None for the project itself."""
        return None if ref is None else self.uid(ref)

    def above(self, uid: int) -> Iterator[int]:
        """Go through the rows this one is part of, the nearest first."""
        parent = self.rows[uid].parent
        while parent is not None:
            yield parent
            parent = self.rows[parent].parent

    def branch(self, uid: int) -> list[int]:
        """Return a row with all below it, in order."""
        found, waiting = [], [uid]
        while waiting:
            here = waiting.pop()
            found.append(here)
            waiting.extend(reversed(self.children.get(here, [])))
        return found

    def in_order(self) -> list[int]:
        """Return all rows in the order of the outline."""
        return [uid for top in self.children[None] for uid in self.branch(top)]

    def heads(self, uids: Iterable[int]) -> list[int]:
        """Return those of the rows that are not below others of them, in the order of the outline."""
        chosen = set(uids)
        tops = {uid for uid in chosen if not chosen & set(self.above(uid))}
        if len(tops) == 1:
            return list(tops)
        return [uid for uid in self.in_order() if uid in tops]

    def able_to_hold(self, uids: Sequence[int]) -> set[int]:
        """Return those that are summaries or could become one: no links, people or progress. One query."""
        tied = {uid for tie in self.ties for uid in (tie.start, tie.end)}
        free = [uid for uid in uids if self.rows[uid].kind == TaskKind.TASK and uid not in tied]
        keys = {pk: uid for uid in free if (pk := self.rows[uid].pk) is not None}
        used = set(Assignment.objects.filter(task_id__in=keys).values_list("task_id", flat=True))
        used |= {pk for pk in keys if cell(self.before.tasks[pk], "actual_start") is not None}
        return {uid for uid in uids if self.children.get(uid)} | (set(free) - {keys[pk] for pk in used})

    def place(self, uid: int, parent: int | None, at: int) -> None:
        """Hang a row below another one, at a place among its brothers and sisters."""
        row = self.rows[uid]
        if uid in self.children[row.parent]:
            self.children[row.parent].remove(uid)
        row.parent = parent
        self.children[parent].insert(at, uid)
        self.moved.add(uid)
        self.shape_index = self.index
        if parent is not None:
            self.adopters.setdefault(parent, self.index)

    def add_row(self, task: Task) -> None:
        """Take a new row in; it is placed afterwards."""
        self.tasks[task.uid] = task
        self.rows[task.uid] = Row(task.uid, None, None, task.name, task.kind)

    def drop(self, uid: int) -> None:
        """Take a branch out of the plan, with its links."""
        self.children[self.rows[uid].parent].remove(uid)
        self.shape_index = self.index
        gone = set(self.branch(uid))
        for each in gone:
            row = self.rows.pop(each)
            self.children.pop(each, None)
            self.tasks.pop(each, None)
            self.edited.pop(each, None)
            if row.pk is not None:
                self.deleted[each] = row
        self.removed_ties += [tie for tie in self.ties if tie.pk and (tie.start in gone or tie.end in gone)]
        self.ties = [tie for tie in self.ties if tie.start not in gone and tie.end not in gone]
        self.changed_ties = [tie for tie in self.changed_ties if tie in self.ties]

    def next_uid(self) -> int:
        """Return a number that no row has or had."""
        self.last_uid += 1
        return self.last_uid

    def codes(self) -> dict[str, int]:
        """Return the numbers of rows by the WBS code people see."""
        return {row.wbs: row.uid for row in self.rows.values() if row.wbs}


def stored_key(task: Task) -> int | None:
    """Return the key of a row, None while it is not stored."""
    key: int | None = task.pk
    return key


_LINK_COLUMNS = ("predecessor_id", "successor_id", "type", "lag", "lag_percent", "lag_kind", "lag_calendar")
