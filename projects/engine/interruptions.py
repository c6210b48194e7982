"""Work that is interrupted: stretches of a task with rests between them, in working time of its calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from projects.engine.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Interruption:
    """
    A rest within a task.

    Attributes
    ----------
    after : int
        Minutes of the task's work done before it, more than 0.
    rest : int
        Working minutes of the task's calendar without work, more than 0.
    """

    after: int
    rest: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Work without a rest, from an instant to an exclusive one."""

    start: int
    finish: int


def worked_until(stretches: Iterable[Stretch], hours: WorkingTime, *, start: int, at: int) -> int:
    """
    Return the working minutes of stretches from ``start`` to ``at``.

    Examples
    --------
    >>> from datetime import date
    >>> from projects.engine.calendar import STANDARD_CALENDAR
    >>> hours = WorkingTime(STANDARD_CALENDAR, date(1970, 1, 1), date(1970, 2, 1))
    >>> parts = (Stretch(480, 1020), Stretch(6240, 6780))
    >>> [worked_until(parts, hours, start=480, at=at) for at in (600, 1020, 6240, 6300, 9000)]
    [120, 480, 480, 540, 960]
    """
    clipped = [(max(piece.start, start), min(piece.finish, at)) for piece in stretches]
    found = np.array([span for span in clipped if span[0] < span[1]], np.int64).reshape(-1, 2)
    return int(hours.between_many(found[:, 0], found[:, 1]).sum()) if found.size else 0


def rest_within(interruptions: Iterable[Interruption], *, done: int = 0, work: int) -> int:
    """
    Return the minutes of rest that still lie within a task.

    Parameters
    ----------
    done, work : int
        Minutes of work done, and of all work. A rest at whose beginning work stands is over when it goes on.

    Examples
    --------
    >>> parts = (Interruption(480, 960), Interruption(1440, 480))
    >>> rest_within(parts, work=2400), rest_within(parts, done=480, work=2400), rest_within(parts, work=1440)
    (1440, 480, 960)
    """
    return sum(item.rest for item in interruptions if done < item.after < work)


def work_within(interruptions: Iterable[Interruption], *, span: int) -> int:
    """
    Return how much work a span of working minutes holds when its rests are taken out.

    Examples
    --------
    >>> parts = (Interruption(480, 960), Interruption(1440, 480))
    >>> [work_within(parts, span=span) for span in (480, 1000, 1441, 2400, 3360)]
    [480, 480, 481, 1440, 1920]
    """
    rested = 0
    for item in interruptions:
        before = item.after + rested
        if span <= before:
            break
        if span <= before + item.rest:
            return item.after
        rested += item.rest
    return span - rested


def interruptions_of(stretches: Sequence[Stretch], hours: WorkingTime) -> tuple[Interruption, ...]:
    """
    Return the rests between stretches of work; none where stretches overlap or touch.

    Parameters
    ----------
    stretches : sequence of Stretch
        In order of their starts.
    hours : WorkingTime
        Of the task's calendar.
    """
    if any(not this.start < this.finish <= after.start for this, after in pairwise(stretches)):
        return ()
    starts = np.array([item.start for item in stretches], np.int64)
    finishes = np.array([item.finish for item in stretches], np.int64)
    done = np.cumsum(hours.between_many(starts, finishes))[:-1].tolist()
    rests = hours.between_many(finishes[:-1], starts[1:]).tolist()
    found: dict[int, int] = {}
    for after, rest in zip(done, rests, strict=True):
        # What lies between two stretches without work in between is one rest.
        found[after] = found.get(after, 0) + rest
    return tuple(Interruption(after, rest) for after, rest in found.items() if after > 0 and rest > 0)


def stretches_of(
    interruptions: Iterable[Interruption], hours: WorkingTime, *, start: int, finish: int
) -> tuple[Stretch, ...]:
    """
    Return when a task is worked on between its start and its finish; one stretch where nothing interrupts it.

    Examples
    --------
    >>> from datetime import date
    >>> from projects.engine.calendar import STANDARD_CALENDAR
    >>> hours = WorkingTime(STANDARD_CALENDAR, date(1970, 1, 1), date(1970, 2, 1))
    >>> stretches_of([Interruption(480, 480)], hours, start=480, finish=1440 * 4 + 1020)
    (Stretch(start=480, finish=1020), Stretch(start=6240, finish=6780))
    """
    found: list[Stretch] = []
    begun, done = start, 0
    for item in interruptions:
        ended = hours.add(begun, item.after - done)
        again = hours.next_working(hours.add(ended, item.rest))
        if again >= finish:
            break
        found.append(Stretch(begun, ended))
        begun, done = again, item.after
    return (*found, Stretch(begun, finish)) if begun < finish else tuple(found)
