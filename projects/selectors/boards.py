"""The board: the tasks of the plan as cards, in columns by state, owner or phase."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.choices import MILESTONES, BoardAxis, BoardState, LinkType, TaskKind
from projects.engine.instants import end_of_day
from projects.models import Link, Project, Task
from projects.selectors.board_states import Predecessor, board_state, open_predecessors
from projects.selectors.members import people_of
from projects.selectors.plan import reference_day
from projects.selectors.plan_dates import shown_finish, shown_start, to_moment
from projects.selectors.plan_filters import is_wanted

NOBODY = "none"
DONE_DAYS = 14
PER_COLUMN = 60
PHASE_DIGITS = 5
READ = (
    *("pk", "uid", "wbs", "name", "kind", "sort_path", "planned_start", "planned_finish", "actual_start"),
    *("actual_finish", "percent_complete", "is_critical", "owner_id", "owner__name", "owner__user_id"),
    "version",
)


@dataclass(frozen=True)
class BoardQuestion:
    """What somebody wants to see of the board; it lives in the address."""

    by: str = BoardAxis.STATE
    lanes: str = ""
    show: str = ""
    search: str = ""
    all_done: bool = False
    all_cards: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether cards are left out on purpose."""
        return bool(self.show or self.search)


@dataclass(frozen=True)
class BoardRights:
    """What a person may do on a board: edit tasks, record progress of all, of their own (``user_id``)."""

    sees_tasks: bool
    may_edit: bool
    may_record: bool
    user_id: int


@dataclass(frozen=True)
class Card:
    """A task on the board. ``open_predecessors`` is None where the person may not see links."""

    uid: int
    wbs: str
    name: str
    kind_title: str
    is_milestone: bool
    state: BoardState
    owner_key: str
    owner: str
    phase_key: str
    finish: date | None
    is_done: bool
    is_late: bool
    is_critical: bool
    is_own: bool
    percent: Decimal
    open_predecessors: int | None
    may_move: bool
    version: int

    def key(self, axis: str) -> str:
        """Return the column it stands in."""
        return {
            BoardAxis.STATE: str(self.state),
            BoardAxis.OWNER: self.owner_key,
            BoardAxis.PHASE: self.phase_key,
        }[BoardAxis(axis)]


@dataclass(frozen=True)
class Column:
    """
    A column. ``count`` is what the filters leave, ``work`` what its limit counts.

    A limit counts all open cards of a column of states, and the cards in progress of the others,
    whatever the filters.
    """

    key: str
    title: str
    count: int
    work: int
    limit: int | None
    more: int
    may_add: bool
    is_computed: bool

    @property
    def is_over(self) -> bool:
        """Whether more is in progress than the limit allows."""
        return self.limit is not None and self.work > self.limit


@dataclass(frozen=True)
class Cell:
    """The cards of a column in a lane."""

    column: Column
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Lane:
    """A swimlane; a board without lanes has one, without a title."""

    key: str
    title: str
    count: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """The board as a person asked for it."""

    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    count: int
    older_done: int
    is_empty: bool


def axes_of(rights: BoardRights) -> tuple[BoardAxis, ...]:
    """Return what columns may stand for; phases are rows only people who see tasks know."""
    return tuple(BoardAxis) if rights.sees_tasks else (BoardAxis.STATE, BoardAxis.OWNER)


def board_columns(project: Project, *, by: str, owners: Collection[int | None] = ()) -> dict[str, str]:
    """Return the titles of all columns by key, in order. At most one query."""
    if by == BoardAxis.STATE:
        return {str(value): str(label) for value, label in BoardState.choices}
    if by == BoardAxis.OWNER:
        people = people_of(project, owners=owners).values_list("pk", "name")
        return {**{str(pk): name for pk, name in people}, NOBODY: str(_("No owner"))}
    phases = phases_of(project).values_list("uid", "wbs", "name")
    return {
        **{str(uid): f"{wbs} {name}".strip() for uid, wbs, name in phases},
        NOBODY: str(_("Without a phase")),
    }


def phases_of(project: Project) -> Any:
    """Return the summaries of the highest level, in order."""
    return Task.objects.filter(project=project, parent=None, kind=TaskKind.SUMMARY).in_order()


def predecessors_of(project: Project, *, successors: Any = None) -> dict[int, list[Predecessor]]:
    """Return the predecessors that are not finished yet, by successor. One query."""
    links = Link.objects.filter(project=project, predecessor__actual_finish=None)
    if successors is not None:
        links = links.filter(successor__in=successors)
    rows = links.values_list(
        *("successor_id", "predecessor_id", "type", "predecessor__is_active", "predecessor__actual_start")
    )
    found: dict[int, list[Predecessor]] = defaultdict(list)
    for successor, task_id, kind, is_active, started in rows:
        found[successor].append(Predecessor(task_id, LinkType(kind), is_active, started, None))
    return found


def load_board(
    project: Project,
    *,
    user: Any,
    rights: BoardRights,
    question: BoardQuestion,
    today: date,
    kept: int | None = None,
) -> Board:
    """
    Return the board a person may see: active rows that are no summaries.

    The card of the task ``kept``, which was just moved or made, is drawn however full its column is.

    Five queries, whatever the size: rows, older rows that are done, links, owners, phases; fewer where
    columns and lanes do not need them.
    """
    known = reference_day(project, today=today)
    rows, older = _rows(project, user=user, known=known, all_done=question.all_done)
    waiting = predecessors_of(project) if rights.sees_tasks else {}
    needed = {question.by, question.lanes} if question.lanes else {question.by}
    titles = {
        axis: board_columns(project, by=axis, owners={row["owner_id"] for row in rows}) for axis in needed
    }
    phases = _phase_keys(project) if BoardAxis.PHASE in needed else {}
    cards = [_card(row, known, phases, waiting.get(row["pk"], []), rights, question.by) for row in rows]
    wanted = (card for card in cards if is_wanted(card, show=question.show, search=question.search))
    shown = sorted(wanted, key=_order)
    drawn = _drawn(shown, question, kept)
    columns = _columns(project, titles[question.by], cards, shown, drawn, rights=rights, question=question)
    return Board(
        columns=columns,
        lanes=_lanes(columns, titles.get(question.lanes, {}), shown, drawn, question),
        count=len(shown),
        older_done=older,
        is_empty=not cards and not older,
    )


def _rows(project: Project, *, user: Any, known: date, all_done: bool) -> tuple[list[dict[str, Any]], int]:
    """Return what is open or was done lately, and how much was done before that. Two queries."""
    tasks = Task.objects.visible_to(user).filter(project=project, is_active=True).leaves()
    is_old = Q(actual_finish__lte=to_moment(end_of_day(known - timedelta(days=DONE_DAYS))))
    older = tasks.filter(is_old).count()
    if not all_done:
        tasks = tasks.exclude(is_old & Q(actual_finish__isnull=False))
    return list(tasks.in_order().values(*READ)), older


def _phase_keys(project: Project) -> dict[str, str]:
    """Return the column of a phase by the beginning of the paths below it. One query."""
    return {path: str(uid) for path, uid in phases_of(project).values_list("sort_path", "uid")}


def _card(
    row: Mapping[str, Any],
    known: date,
    phases: Mapping[str, str],
    predecessors: Sequence[Predecessor],
    rights: BoardRights,
    by: str,
) -> Card:
    start, finish = shown_start(row["planned_start"]), shown_finish(row["planned_finish"])
    done = shown_finish(row["actual_finish"])
    is_milestone = row["kind"] in MILESTONES
    day = done or (start if row["kind"] == TaskKind.START_MILESTONE else finish) or finish
    is_own = row["owner__user_id"] == rights.user_id
    may_record = rights.may_record and (is_own or rights.may_edit)
    return Card(
        uid=row["uid"],
        wbs=row["wbs"],
        name=row["name"],
        kind_title=str(TaskKind(row["kind"]).label),
        is_milestone=is_milestone,
        state=board_state(
            actual_start=row["actual_start"], actual_finish=row["actual_finish"], predecessors=predecessors
        ),
        owner_key=str(row["owner_id"] or NOBODY),
        owner=row["owner__name"] or "",
        phase_key=phases.get(row["sort_path"][:PHASE_DIGITS], NOBODY),
        finish=day,
        is_done=done is not None,
        is_late=done is None and day is not None and day <= known,
        is_critical=bool(row["is_critical"]) and done is None,
        is_own=is_own,
        percent=row["percent_complete"],
        open_predecessors=open_predecessors(predecessors) if rights.sees_tasks and done is None else None,
        may_move=may_record if by == BoardAxis.STATE else rights.may_edit,
        version=row["version"],
    )


def _order(card: Card) -> tuple[bool, bool, int]:
    """Order open cards by their day, then done ones, the latest first; the outline decides among equals."""
    number = card.finish.toordinal() if card.finish else 0
    return (card.is_done, card.finish is None, -number if card.is_done else number)


def _drawn(shown: Sequence[Card], question: BoardQuestion, kept: int | None) -> list[Card]:
    """Return the cards there is room for: the first of each column."""
    if question.all_cards:
        return list(shown)
    placed: Counter[str] = Counter()
    drawn = []
    for card in shown:
        column = card.key(question.by)
        placed[column] += 1
        if placed[column] <= PER_COLUMN or card.uid == kept:
            drawn.append(card)
    return drawn


def _columns(
    project: Project,
    titles: Mapping[str, str],
    cards: Sequence[Card],
    shown: Sequence[Card],
    drawn: Sequence[Card],
    *,
    rights: BoardRights,
    question: BoardQuestion,
) -> tuple[Column, ...]:
    by = question.by
    limits = project.board_limits.get(by, {})
    counts = Counter(card.key(by) for card in shown)
    room = Counter(card.key(by) for card in drawn)
    used = {card.key(by) for card in cards}
    counted = [card for card in cards if by == BoardAxis.STATE or card.state == BoardState.IN_PROGRESS]
    work = Counter(card.key(by) for card in counted)
    is_state = by == BoardAxis.STATE
    return tuple(
        Column(
            key=key,
            title=title,
            count=counts[key],
            work=work[key],
            limit=limits.get(key),
            more=counts[key] - room[key],
            may_add=rights.may_edit and (not is_state or key == BoardState.NOT_STARTED),
            is_computed=key == BoardState.WAITING,
        )
        for key, title in titles.items()
        if is_state or rights.may_edit or key in used
        if rights.sees_tasks or key not in {BoardState.WAITING, BoardState.IN_PROGRESS}
    )


def _lanes(
    columns: Sequence[Column],
    titles: Mapping[str, str],
    shown: Sequence[Card],
    drawn: Sequence[Card],
    question: BoardQuestion,
) -> tuple[Lane, ...]:
    """Put the cards into their cells; lanes without a card are left out."""
    cells: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in drawn:
        cells[_lane_of(card, question), card.key(question.by)].append(card)
    counts = Counter(_lane_of(card, question) for card in shown)
    wanted = {key: title for key, title in titles.items() if counts[key]} if question.lanes else {"": ""}
    return tuple(
        Lane(
            key=key,
            title=title,
            count=counts[key],
            cells=tuple(Cell(column, tuple(cells[key, column.key])) for column in columns),
        )
        for key, title in wanted.items()
    )


def _lane_of(card: Card, question: BoardQuestion) -> str:
    return card.key(question.lanes) if question.lanes else ""
