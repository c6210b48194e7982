"""
Schedules of plans that were computed last in this process, so that an edit places only what it can move.

A kept schedule is never trusted to be of the plan as it is: the networks are compared, and what differs is
placed again. So nothing has to be told to forget it: not another process, nor a transaction that was undone.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from projects.engine.scheduling.differences import differing_activities, origin_of
from projects.engine.scheduling.layout import Table
from projects.engine.scheduling.network import Network
from projects.engine.scheduling.options import PLAUSIBLE, ScheduleOptions
from projects.engine.scheduling.rescheduling import reschedule
from projects.engine.scheduling.schedule import Schedule, compute_schedule


@dataclass(frozen=True, slots=True)
class _Kept:
    """A schedule, and the keys of its activities by position."""

    schedule: Schedule
    task_ids: Table


MOST_ACTIVITIES = 20_000
"""Of all plans kept together; each takes about three kilobytes."""
LARGE_SHARE = 4
"""Where more than one activity in so many differs, everything is placed anew."""

_kept: OrderedDict[int, _Kept] = OrderedDict()
_lock = Lock()


def schedule_of(project_id: int, network: Network, options: ScheduleOptions, *, task_ids: Table) -> Schedule:
    """
    Return what `compute_schedule` returns, from the last schedule of the project where there is one.

    Dates outside the years 1900 to 2199 are refused.

    Parameters
    ----------
    task_ids : ndarray of int64
        Keys of the activities by position, ascending: rows may have been added and deleted since.

    Raises
    ------
    EmptyCalendarError, CycleError, OverflowError
        As `compute_schedule`.
    """
    with _lock:
        former = _kept.get(project_id)
    if former is None:
        found = compute_schedule(network, options, reach=PLAUSIBLE)
    else:
        found = _again(former, network, options, task_ids)
    _keep(project_id, _Kept(found, task_ids), network.size)
    return found


def _again(former: _Kept, network: Network, options: ScheduleOptions, task_ids: Table) -> Schedule:
    before = former.schedule.workings
    if before is None or options != before.options:
        return compute_schedule(network, options, reach=PLAUSIBLE)
    origin = origin_of(former.task_ids, task_ids)
    changed = differing_activities(before.network, network, origin)
    if changed.size * LARGE_SHARE > network.size:
        return compute_schedule(network, options, reach=PLAUSIBLE)
    return reschedule(network, options, former.schedule, changed.tolist(), origin=origin)


def _keep(project_id: int, found: _Kept, size: int) -> None:
    """Keep a schedule as the last one used, and forget the oldest beyond what shall be kept."""
    with _lock:
        _kept.pop(project_id, None)
        if size <= MOST_ACTIVITIES:
            _kept[project_id] = found
        while sum(each.task_ids.size for each in _kept.values()) > MOST_ACTIVITIES:
            _kept.popitem(last=False)


def forget_schedules() -> None:
    """Forget all of them, as a new process has none."""
    with _lock:
        _kept.clear()
