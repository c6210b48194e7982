"""Lags in percent of what comes before them, for tools that know lags in time only."""

from collections.abc import Sequence
from dataclasses import replace

from projects.interchange.document import Link, Task
from projects.interchange.vocabulary import LagUnit

HUNDRED = 100


def lags_in_time(links: Sequence[Link], tasks: Sequence[Task]) -> tuple[Link, ...]:
    """
    Return the links, each lag as working time.

    Examples
    --------
    >>> link = Link(1, 2, lag=-50.0, lag_unit=LagUnit.PERCENT)
    >>> lags_in_time([link], [Task(1, "Dig", duration=960.0)])[0].lag
    -480.0
    """
    durations = {task.uid: task for task in tasks}
    return tuple(in_time(link, durations[link.pred]) if link.pred in durations else link for link in links)


def in_time(link: Link, predecessor: Task) -> Link:
    """Return a link whose lag is working time: its percentage of the predecessor's duration."""
    if link.lag_unit is not LagUnit.PERCENT:
        return link
    lag = link.lag * (predecessor.duration or 0.0) / HUNDRED
    return replace(link, lag=float(round(lag)), lag_unit=LagUnit.MINUTES, lag_kind=predecessor.duration_kind)
