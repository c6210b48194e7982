"""
Work, duration and units of a task's people: which value follows when another one changes (domain 5.8).

Work = duration × units. Work in minutes of a person, duration in working minutes, units 1 for one full time.
The page ``docs/algorithms/effort.md`` has the table and the worked example.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

ZERO: Final = Decimal(0)


class EffortType(StrEnum):
    """Which of the three values people hold on to."""

    FIXED_UNITS = "FIXED_UNITS"
    FIXED_WORK = "FIXED_WORK"
    FIXED_DURATION = "FIXED_DURATION"


class Quantity(StrEnum):
    """One of the three values."""

    WORK = "WORK"
    DURATION = "DURATION"
    UNITS = "UNITS"


RECALCULATED: Final[Mapping[tuple[EffortType, Quantity], Quantity]] = {
    (EffortType.FIXED_UNITS, Quantity.WORK): Quantity.DURATION,
    (EffortType.FIXED_UNITS, Quantity.DURATION): Quantity.WORK,
    (EffortType.FIXED_UNITS, Quantity.UNITS): Quantity.DURATION,
    (EffortType.FIXED_WORK, Quantity.WORK): Quantity.DURATION,
    (EffortType.FIXED_WORK, Quantity.DURATION): Quantity.UNITS,
    (EffortType.FIXED_WORK, Quantity.UNITS): Quantity.DURATION,
    (EffortType.FIXED_DURATION, Quantity.WORK): Quantity.UNITS,
    (EffortType.FIXED_DURATION, Quantity.DURATION): Quantity.WORK,
    (EffortType.FIXED_DURATION, Quantity.UNITS): Quantity.WORK,
}
"""What follows when a value of a task of this type changes."""


class EffortError(ValueError):
    """Values that cannot follow: nobody works (``NO_UNITS``) or there is no time (``NO_DURATION``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Effort:
    """What one person does on the task."""

    work: Decimal
    units: Decimal


@dataclass(frozen=True, slots=True)
class Staffing:
    """
    A task with its people.

    Attributes
    ----------
    duration : int
        Working minutes.
    unassigned : Decimal
        Work of the task while nobody is assigned.
    """

    type: EffortType
    is_effort_driven: bool
    duration: int
    efforts: tuple[Effort, ...] = ()
    unassigned: Decimal = ZERO

    @property
    def work(self) -> Decimal:
        """Return the work of all people."""
        return sum((effort.work for effort in self.efforts), self.unassigned)

    @property
    def keeps_work(self) -> bool:
        """Whether the work stays the same when people come and go; fixed work always does."""
        return self.is_effort_driven or self.type is EffortType.FIXED_WORK


def change_work(staffing: Staffing, place: int, work: Decimal) -> Staffing:
    """Return the task after one person's work changed."""
    return _follow_work(_replaced(staffing, place, replace(staffing.efforts[place], work=work)), {place})


def change_units(staffing: Staffing, place: int, units: Decimal) -> Staffing:
    """Return the task after one person's units changed."""
    effort = replace(staffing.efforts[place], units=units)
    if RECALCULATED[staffing.type, Quantity.UNITS] is Quantity.WORK:
        return _replaced(staffing, place, replace(effort, work=staffing.duration * units))
    return _spanning(_replaced(staffing, place, effort))


def change_duration(staffing: Staffing, duration: int) -> Staffing:
    """
    Return the task after its duration changed.

    Work or units of each person change in proportion, so that who works a part of it keeps that part.
    """
    former = staffing.duration
    changed = replace(staffing, duration=duration)
    if RECALCULATED[staffing.type, Quantity.DURATION] is Quantity.UNITS:
        if duration == 0 and staffing.efforts:
            raise EffortError("NO_DURATION")
        efforts = [
            replace(
                effort,
                units=effort.units * former / duration if former else effort.work / Decimal(duration),
            )
            for effort in staffing.efforts
        ]
    else:
        efforts = [
            replace(
                effort,
                work=effort.work * duration / former if former else duration * effort.units,
            )
            for effort in staffing.efforts
        ]
    return replace(changed, efforts=tuple(efforts))


def change_total_work(staffing: Staffing, work: Decimal) -> Staffing:
    """Return the task after its whole work changed: shared as before, by units where there was none."""
    if not staffing.efforts:
        return replace(staffing, unassigned=work)
    total = staffing.work
    if not total:
        return _split(staffing, work)
    efforts = tuple(replace(effort, work=effort.work * work / total) for effort in staffing.efforts)
    return _follow_work(replace(staffing, efforts=efforts), set(range(len(efforts))))


def add_person(staffing: Staffing, units: Decimal) -> Staffing:
    """Return the task after somebody joined: the work is shared anew, or the person adds work (SCH-34)."""
    if staffing.keeps_work and staffing.work:
        joined = replace(staffing, efforts=(*staffing.efforts, Effort(ZERO, units)), unassigned=ZERO)
        return _split(joined, staffing.work)
    added = Effort(staffing.duration * units, units)
    return replace(staffing, efforts=(*staffing.efforts, added), unassigned=ZERO)


def remove_person(staffing: Staffing, place: int) -> Staffing:
    """Return the task after somebody left: the others take over the work, or it goes along."""
    rest = tuple(effort for at, effort in enumerate(staffing.efforts) if at != place)
    left = replace(staffing, efforts=rest)
    if not rest:
        return replace(left, unassigned=staffing.work if staffing.keeps_work else ZERO)
    if staffing.keeps_work:
        return _split(left, staffing.work)
    return left if staffing.type is EffortType.FIXED_DURATION else _spanning(left)


def _replaced(staffing: Staffing, place: int, effort: Effort) -> Staffing:
    efforts = (*staffing.efforts[:place], effort, *staffing.efforts[place + 1 :])
    return replace(staffing, efforts=efforts)


def _split(staffing: Staffing, work: Decimal) -> Staffing:
    """Return the task with the work shared by units."""
    units = sum((effort.units for effort in staffing.efforts), ZERO)
    if not units:
        raise EffortError("NO_UNITS")
    efforts = tuple(replace(effort, work=work * effort.units / units) for effort in staffing.efforts)
    return _follow_work(replace(staffing, efforts=efforts), set(range(len(efforts))))


def _follow_work(staffing: Staffing, places: set[int]) -> Staffing:
    """Return the task with the duration, or the units at ``places``, that the work asks for."""
    if RECALCULATED[staffing.type, Quantity.WORK] is Quantity.DURATION:
        return _spanning(staffing)
    if not staffing.duration and any(staffing.efforts[place].work for place in places):
        raise EffortError("NO_DURATION")
    efforts = tuple(
        replace(effort, units=effort.work / staffing.duration)
        if place in places and staffing.duration
        else effort
        for place, effort in enumerate(staffing.efforts)
    )
    return replace(staffing, efforts=efforts)


def _spanning(staffing: Staffing) -> Staffing:
    """Return the task as long as the one of its people who needs longest."""
    return replace(staffing, duration=_longest(staffing.efforts))


def _longest(efforts: Sequence[Effort]) -> int:
    working = [effort for effort in efforts if effort.work]
    if any(not effort.units for effort in working):
        raise EffortError("NO_UNITS")
    longest = max((effort.work / effort.units for effort in working), default=ZERO)
    return int(longest.quantize(Decimal(1), rounding=ROUND_HALF_UP))
