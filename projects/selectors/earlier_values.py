"""What projects had earned and spent before their last three periods began, for EAC-6 (domain 6.4)."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from projects.engine.estimates import RECENT_PERIODS
from projects.engine.instants import NO_INSTANT, start_day
from projects.engine.measures import measure_projects
from projects.engine.project_arrays import UNKNOWN_CENTS, Numbers, ProjectArrays
from projects.selectors.periods import spans_between

Load = Callable[[Collection[int], date], ProjectArrays]
LONGEST_PERIOD = timedelta(days=366)
NOTHING = (UNKNOWN_CENTS, UNKNOWN_CENTS)


def earlier_cents(arrays: ProjectArrays, wanted: Collection[int], load: Load) -> tuple[Numbers, Numbers]:
    """
    Return EV and AC per project in cents at the end of the day before the last three periods.

    The period of the data date is the last of the three, even while it runs. A project whose plan began
    later has fewer than three: `UNKNOWN_CENTS`. One that began in the first of them had earned nothing.

    Parameters
    ----------
    arrays : ProjectArrays
        Projects as known now.
    wanted : collection of int
        Positions of the projects that need it; the others stay unknown.
    load : callable
        Reads projects as they were known on a day; called once for each such day.
    """
    found = [NOTHING] * len(arrays.projects.project_id)
    begun = _plan_starts(arrays)
    dates = {place: day for place in wanted if (day := arrays.projects.data_date[place]) is not None}
    windows = {day: _window(day) for day in set(dates.values())}
    groups: dict[date, list[int]] = defaultdict(list)
    for place, day in dates.items():
        if (start := begun[place]) is not None and start <= windows[day].first_end:
            groups[windows[day].before].append(place)
    for before, places in sorted(groups.items()):
        ids = [int(arrays.projects.project_id[place]) for place in places]
        then = load(ids, before)
        spent = dict(zip(then.projects.project_id.tolist(), then.projects.actual_cost.tolist(), strict=True))
        measured = {row.project_id: row.value.ev.value for row in measure_projects(then, as_of=before)}
        for place, project_id in zip(places, ids, strict=True):
            ev = measured.get(project_id)
            if (begun[place] or before) > before:
                found[place] = (0, spent.get(project_id, 0))
            elif ev is not None:
                found[place] = (int(ev.scaleb(2)), spent[project_id])
    columns = np.array(found, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


@dataclass(frozen=True)
class Window:
    """The last day before three periods, and the last day of the first of them."""

    before: date
    first_end: date


def _window(day: date) -> Window:
    """Return the three periods that end with the one of a day. One query."""
    spans = spans_between(day - RECENT_PERIODS * LONGEST_PERIOD, day)[-RECENT_PERIODS:]
    return Window(spans[0].start - timedelta(days=1), spans[0].end)


def _plan_starts(arrays: ProjectArrays) -> list[date | None]:
    """Return the first day of each project's baseline."""
    latest = np.iinfo(np.int64).max
    starts = np.full(len(arrays.projects.project_id), latest, dtype=np.int64)
    dated = arrays.baseline.start != NO_INSTANT
    np.minimum.at(starts, arrays.baseline.project[dated], arrays.baseline.start[dated])
    return [None if start == latest else start_day(start) for start in starts.tolist()]
