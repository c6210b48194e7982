"""Stretches of interrupted tasks, which Microsoft Project keeps as work of the assignments over time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from projects.interchange.document import ProjectDocument, Split, Task
from projects.interchange.to_mpxj.values import Values
from projects.interchange.vocabulary import DurationKind

WHOLE: Final = 100.0


class SplitWriter:
    """Says when assignments work; where none has work, nobody works, as in files of the tool."""

    def __init__(self, java: Any, values: Values, *, free: int) -> None:
        """Number the assignments of nobody from ``free`` on."""
        self.values = values
        self.free = free
        self.kind = java("org.mpxj.AssignmentField")
        self.work = java("org.mpxj.TimephasedWork")
        self.duration = java("org.mpxj.Duration")
        self.unit = java("org.mpxj.TimeUnit").HOURS

    def write(self, document: ProjectDocument, rows: Mapping[int, Any]) -> None:
        """Write the stretches of all tasks that have several."""
        status = document.options.status_date
        known = None if status is None else datetime.combine(status, time()) + timedelta(days=1)
        for task in document.tasks:
            if len(task.splits) > 1:
                self._write_task(task, rows[task.uid], known if task.actual_start is not None else None)

    def _write_task(self, task: Task, row: Any, known: datetime | None) -> None:
        pieces = list(_pieces(task.splits, known))
        hours = [self._hours(task, row, piece) for piece, _is_done in pieces]
        if not sum(hours) or not task.duration:
            return
        working = [item for item in row.getResourceAssignments() if _is_working(item)]
        for assignment in working or [self._add_nobody(task, row)]:
            # Work is written in hours.
            share = float(assignment.getWork().getDuration()) / sum(hours)
            done, left = (
                assignment.getRawTimephasedActualRegularWork(),
                assignment.getRawTimephasedRemainingRegularWork(),
            )
            for (piece, is_done), worked in zip(pieces, hours, strict=True):
                (done if is_done else left).add(self._work(piece, worked, share))

    def _add_nobody(self, task: Task, row: Any) -> Any:
        nobody = row.addResourceAssignment(None)
        nobody.set(self.kind.UNIQUE_ID, self.values.whole(self.free))
        self.free += 1
        nobody.setUnits(self.values.number(WHOLE))
        nobody.setStart(self.values.moment(task.splits[0].start))
        nobody.setFinish(self.values.moment(task.splits[-1].finish))
        nobody.setWork(self.values.hours(task.duration))
        nobody.setRemainingWork(
            self.values.hours(task.duration if task.remaining_duration is None else task.remaining_duration)
        )
        return nobody

    def _hours(self, task: Task, row: Any, piece: Split) -> float:
        """Return how long a stretch is worked on."""
        calendar = row.getEffectiveCalendar()
        if task.duration_kind is DurationKind.ELAPSED or calendar is None:
            return (piece.finish - piece.start) / timedelta(hours=1)
        start, finish = self.values.moment(piece.start), self.values.moment(piece.finish)
        return float(calendar.getWork(start, finish, self.unit).getDuration())

    def _work(self, piece: Split, worked: float, share: float) -> Any:
        found = self.work()
        found.setStart(self.values.moment(piece.start))
        found.setFinish(self.values.moment(piece.finish))
        found.setTotalAmount(self.duration.getInstance(worked * share, self.unit))
        found.setAmountPerHour(self.duration.getInstance(share, self.unit))
        return found


def _is_working(assignment: Any) -> bool:
    """Whether an assignment has work that can be spread over time; material and money have none."""
    resource, work = assignment.getResource(), assignment.getWork()
    is_of_work = resource is None or str(resource.getType().name()) == "WORK"
    return is_of_work and work is not None and float(work.getDuration()) > 0


def _pieces(splits: Sequence[Split], known: datetime | None) -> Iterator[tuple[Split, bool]]:
    """Yield the stretches, cut at the end of the status date, and whether they are done."""
    for piece in splits:
        if known is None or piece.start >= known:
            yield piece, False
        elif piece.finish <= known:
            yield piece, True
        else:
            yield Split(piece.start, known), True
            yield Split(known, piece.finish), False
