"""The plan as a Gantt chart on paper: rows with their bars as shares of the chart, and the scale above."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.choices import MILESTONES, TaskKind
from projects.engine.instants import end_of_day
from projects.engine.plausible_dates import END_DATE, FIRST_DATE
from projects.models import Baseline, BaselineTask, Project, Task
from projects.selectors.plan_dates import shown_finish, shown_start, to_moment
from projects.selectors.plan_table import predecessor_words
from projects.selectors.task_stretches import TaskStretch, stretches_of_tasks

DAY = timedelta(days=1)
# The finest scale that reads: longest span in days, the step of the head above, the step below it.
SCALES = ((24, "month", "day"), (130, "month", "week"), (800, "year", "month"), (2_600, "year", "quarter"))
COARSEST = ("", "year")
MOST_NAME = 120
BASELINE = "baseline.view"


@dataclass(frozen=True)
class PaperSpan:
    """From where to where something reaches, as shares of the chart (0 to 1)."""

    start: float
    end: float


@dataclass(frozen=True)
class PaperPiece(PaperSpan):
    """A piece of an interrupted bar, with the share of it that is done."""

    done: float


@dataclass(frozen=True)
class PaperRow:
    """
    A row of the plan.

    ``done`` is the share of the bar that is done; ``bar`` is None without dates. ``kind`` is ``task``,
    ``summary`` or ``milestone``. ``pieces`` are those of interrupted work, none for work in one piece.
    """

    wbs: str
    name: str
    level: int
    kind: str
    start: str
    finish: str
    before: str
    bar: PaperSpan | None
    pieces: tuple[PaperPiece, ...]
    done: float
    is_critical: bool
    baseline: PaperSpan | None
    deadline: float | None
    is_missed: bool


@dataclass(frozen=True)
class PaperTick:
    """A piece of the scale."""

    start: float
    end: float
    text: str


class _Axis:
    """Days of the plan as shares of the chart."""

    def __init__(self, moments: list[datetime], data_date: date | None) -> None:
        """
        Reach over all moments and the data date, with a day of air on both sides.

        A typing error of centuries is left out: it would make the rest of the plan a line.
        """
        days = [moment.date() for moment in moments] + ([data_date] if data_date else [])
        days = [day for day in days if FIRST_DATE <= day < END_DATE] or [date(2000, 1, 1)]
        self.first = min(days) - DAY
        self.last = max(days) + 2 * DAY
        self.length = (self.last - self.first).total_seconds()

    def share(self, moment: datetime) -> float:
        """Return where a moment lies."""
        since = moment.replace(tzinfo=None) - datetime(self.first.year, self.first.month, self.first.day)  # noqa: DTZ001
        return round(min(1.0, max(0.0, since.total_seconds() / self.length)), 5)

    def span(self, start: datetime | None, finish: datetime | None) -> PaperSpan | None:
        """Return the bar between two moments."""
        if start is None or finish is None:
            return None
        return PaperSpan(self.share(start), self.share(finish))

    def scale(self) -> dict[str, list[PaperTick]]:
        """Return both rows of the head: the coarse one above, the fine one below it."""
        days = (self.last - self.first).days
        above, below = next((steps for most, *steps in SCALES if days <= most), COARSEST)
        return {
            "above": list(self._ticks(above, has_year=True)) if above else [],
            "below": list(self._ticks(below, has_year=not above)),
        }

    def _ticks(self, step: str, *, has_year: bool) -> Iterator[PaperTick]:
        day = _floor(self.first, step)
        while day < self.last:
            after = _next(day, step)
            ends = (max(day, self.first), min(after, self.last))
            start, end = (self.share(_midnight(each)) for each in ends)
            yield PaperTick(start, end, _word(day, step, has_year=has_year))
            day = after


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def _floor(day: date, step: str) -> date:
    if step == "day":
        return day
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "year":
        return day.replace(month=1, day=1)
    month = day.month if step == "month" else (day.month - 1) // 3 * 3 + 1
    return day.replace(month=month, day=1)


def _next(day: date, step: str) -> date:
    """Return the beginning of the next piece after one that begins on ``day``."""
    if step in {"day", "week"}:
        return day + timedelta(days=1 if step == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[step]
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def _word(day: date, step: str, *, has_year: bool) -> str:
    if step == "month":
        return formats.date_format(day, "M y" if has_year else "M")
    if step == "quarter":
        return _("Q%(number)s") % {"number": (day.month - 1) // 3 + 1}
    return str(day.year) if step == "year" else str(day.day)


def gantt_paper(project: Project, *, rights: Collection[str], made_at: datetime) -> dict[str, Any]:
    """
    Return what the layout of the chart reads, in the language of the moment. Four queries, and those of
    `stretches_of_tasks` where work is interrupted.

    Parameters
    ----------
    rights : collection of str
        What the reader may see; bars of the baseline need ``baseline.view`` (SEC-13).
    made_at : datetime
        When the paper is made.
    """
    tasks = list(Task.objects.filter(project=project, is_active=True).in_order())
    frozen = _frozen(project) if BASELINE in rights else {}
    reached = [task.planned_start for task in tasks] + [task.planned_finish for task in tasks]
    reached += [moment for row in frozen.values() for moment in row] + [task.deadline for task in tasks]
    axis = _Axis([moment for moment in reached if moment is not None], project.data_date)
    before = predecessor_words(project, name="wbs")
    worked = stretches_of_tasks(tasks, project)
    rows = [
        _row(task, axis, frozen.get(task.pk), before.get(task.pk, ""), worked.get(task.pk, ()))
        for task in tasks
    ]
    known = project.data_date
    return {
        "title": f"{project.code} {project.name}",
        "subtitle": _subtitle(project, len(tasks)),
        "foot": _("%(project)s, made on %(day)s")
        % {"project": project.code, "day": formats.date_format(made_at, "DATE_FORMAT")},
        "pages": _("Page {page} of {pages}"),
        "head": [_("WBS"), _("Name"), _("Start"), _("Finish"), _("Predecessors")],
        "chart": _("Time"),
        "scale": {name: [asdict(tick) for tick in ticks] for name, ticks in axis.scale().items()},
        "rows": [asdict(row) for row in rows],
        "known": axis.share(to_moment(end_of_day(known))) if known else None,
        "empty": _("The plan has no rows yet."),
        "legend": _legend(
            has_baseline=bool(frozen), has_data_date=known is not None, is_interrupted=bool(worked)
        ),
    }


def _legend(*, has_baseline: bool, has_data_date: bool, is_interrupted: bool) -> list[list[str]]:
    """Return the signs of the chart with their words."""
    found = [
        ["task", _("Task, the dark part is done")],
        ["critical", _("Critical task")],
        ["summary", _("Summary")],
        ["milestone", _("Milestone")],
        ["deadline", _("Deadline")],
    ]
    found += [["interrupted", _("Interrupted task")]] if is_interrupted else []
    found += [["baseline", _("Current baseline")]] if has_baseline else []
    return found + ([["known", _("Data date")]] if has_data_date else [])


def _subtitle(project: Project, count: int) -> str:
    said = [ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}]
    if project.data_date:
        day = formats.date_format(project.data_date, "DATE_FORMAT")
        said.append(_("status known up to %(day)s") % {"day": day})
    return " · ".join(said)


def _frozen(project: Project) -> Mapping[int, tuple[datetime | None, datetime | None]]:
    """Return start and finish in the current baseline by key of the task. Two queries."""
    current = Baseline.objects.filter(project=project, is_current=True).order_by("pk").first()
    if current is None:
        return {}
    rows = BaselineTask.objects.filter(baseline=current, task__isnull=False).order_by("pk")
    return {pk: (start, finish) for pk, start, finish in rows.values_list("task_id", "start", "finish")}


def _row(
    task: Task,
    axis: _Axis,
    frozen: tuple[datetime | None, datetime | None] | None,
    before: str,
    worked: tuple[TaskStretch, ...],
) -> PaperRow:
    kind = "milestone" if task.kind in MILESTONES else "task"
    return PaperRow(
        wbs=task.wbs,
        name=task.name if len(task.name) <= MOST_NAME else f"{task.name[:MOST_NAME]}…",
        level=task.outline_level,
        kind="summary" if task.kind == TaskKind.SUMMARY else kind,
        start=_day(shown_start(task.planned_start)),
        finish=_day(shown_finish(task.planned_finish)),
        before=before,
        bar=axis.span(task.planned_start, task.planned_finish),
        pieces=_pieces(axis, worked, float(task.percent_complete) / 100),
        done=round(float(task.percent_complete) / 100, 4),
        is_critical=bool(task.is_critical),
        baseline=axis.span(*frozen) if frozen else None,
        deadline=axis.share(task.deadline) if task.deadline else None,
        is_missed=bool(task.is_deadline_missed),
    )


def _pieces(axis: _Axis, worked: tuple[TaskStretch, ...], done: float) -> tuple[PaperPiece, ...]:
    """Return the pieces of a bar; what is done fills their work from the first one on."""
    left = sum(piece.work for piece in worked) * done
    found = []
    for piece in worked:
        filled = min(left, piece.work)
        left -= filled
        found.append(
            PaperPiece(axis.share(piece.start), axis.share(piece.finish), round(filled / piece.work, 4))
        )
    return tuple(found)


def _day(day: date | None) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else "–"
