"""Two small plans that go through all loops, so that all are compiled."""

from dataclasses import replace

from projects.engine.calendar import STANDARD_CALENDAR
from projects.engine.instants import MINUTES_PER_DAY
from projects.engine.scheduling.network import Activity, ActivityKind, Dependency, network_of
from projects.engine.scheduling.options import MICROSOFT, PORTAL
from projects.engine.scheduling.rescheduling import reschedule
from projects.engine.scheduling.schedule import compute_schedule

START = 20_000 * MINUTES_PER_DAY


def try_everything() -> None:
    """Schedule a plan with every kind of pass, and one again after changes of values and of links."""
    work = Activity(duration=480)
    late = replace(work, is_as_late_as_possible=True)
    span = Activity(kind=ActivityKind.LEVEL_OF_EFFORT)
    links = [Dependency(0, 1), Dependency(0, 2)]
    for options in (PORTAL, MICROSOFT):
        network = network_of([work, late, span], links, [STANDARD_CALENDAR], start=START, options=options)
        compute_schedule(network, options)
    before = network_of([work, work], links[:1], [STANDARD_CALENDAR], start=START, options=PORTAL)
    started = replace(work, actual_start=START, duration=960)
    after = network_of([started, work], links[:1], [STANDARD_CALENDAR], start=START, options=PORTAL)
    apart = network_of([started, work], [], [STANDARD_CALENDAR], start=START, options=PORTAL)
    found = reschedule(after, PORTAL, compute_schedule(before, PORTAL), [0])
    reschedule(apart, PORTAL, found, [0, 1])
