"""Calendars that hold the same working time are the same, however a file spells it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from projects.interchange.document import Calendar, Interval, ProjectDocument, Resource, Weekdays
from projects.interchange.to_mpxj.calendars import filled

Hours = tuple[Interval, ...]
MOST_DAYS: Final = 100_000


def with_own_calendars(
    document: ProjectDocument, *, own: ProjectDocument, resources: Mapping[int, Resource]
) -> ProjectDocument:
    """
    Return the document with the calendars of the plan where those of the file hold the same working time.

    Primavera gives days off no names, knows no weeks that hold for a time, and bases no calendar on another;
    in files of Microsoft Project each resource has a calendar that bears its name. ``resources`` are those of
    the plan by number in the file.
    """
    pairs = _pairs(document, own, resources)
    ours, theirs = _working_times(own.calendars), _working_times(document.calendars)
    same = {uid: mine for uid, mine in pairs.items() if theirs.get(uid) == ours.get(mine.uid)}
    uids = {mine.uid: uid for uid, mine in same.items()}
    own_copies: dict[int, int] = {}
    for item in document.resources:
        mine = resources.get(item.uid)
        if mine is None or item.calendar_uid is None or item.calendar_uid in same:
            continue
        if mine.calendar_uid in uids and theirs.get(item.calendar_uid) == ours[mine.calendar_uid]:
            own_copies[item.calendar_uid] = uids[mine.calendar_uid]
    return replace(
        document,
        calendars=tuple(
            _calendar(item, same, uids) for item in document.calendars if item.uid not in own_copies
        ),
        resources=tuple(
            replace(item, calendar_uid=own_copies.get(item.calendar_uid, item.calendar_uid))
            if item.calendar_uid is not None
            else item
            for item in document.resources
        ),
    )


def _calendar(item: Calendar, same: Mapping[int, Calendar], uids: Mapping[int, int]) -> Calendar:
    mine = same.get(item.uid)
    if mine is None or (mine.parent_uid is not None and mine.parent_uid not in uids):
        return item
    return replace(mine, uid=item.uid, parent_uid=None if mine.parent_uid is None else uids[mine.parent_uid])


def _pairs(
    document: ProjectDocument, own: ProjectDocument, resources: Mapping[int, Resource]
) -> dict[int, Calendar]:
    """Return the calendars of the plan by their number in the file: of the same resource, else name."""
    known = {item.uid: item for item in own.calendars}
    named: dict[str, list[Calendar]] = {}
    for item in own.calendars:
        named.setdefault(item.name, []).append(item)
    found = {}
    for item in document.calendars:
        exact = [one for one in named.get(item.name, []) if one.uid == item.uid] or named.get(item.name, [])
        if len(exact) == 1:
            found[item.uid] = exact[0]
    taken = {item.uid for item in found.values()}
    for one in document.resources:
        mine = resources.get(one.uid)
        if mine is None or mine.calendar_uid is None or one.calendar_uid is None:
            continue
        if one.calendar_uid not in found and mine.calendar_uid not in taken:
            found[one.calendar_uid] = known[mine.calendar_uid]
            taken.add(mine.calendar_uid)
    return found


def _working_times(calendars: tuple[Calendar, ...]) -> dict[int, tuple[Weekdays, dict[date, Hours]]]:
    """Return week and special days of each calendar by number, with those of the one it is based on."""
    known = {item.uid: item for item in calendars}
    found: dict[int, tuple[Weekdays, dict[date, Hours]]] = {}

    def of(item: Calendar, below: frozenset[int]) -> tuple[Weekdays, dict[date, Hours]]:
        if item.uid not in found:
            above = known.get(item.parent_uid) if item.parent_uid is not None else None
            is_ring = above is not None and above.uid in below
            base = (Weekdays(), {}) if above is None or is_ring else of(above, below | {item.uid})
            week = filled(item.weekdays, base[0])
            days = {**base[1], **_special_days(item, week)}
            usual = week.days()
            found[item.uid] = (
                week,
                {day: hours for day, hours in days.items() if hours != usual[day.weekday()]},
            )
        return found[item.uid]

    for item in calendars:
        of(item, frozenset({item.uid}))
    return found


def _special_days(item: Calendar, week: Weekdays) -> dict[date, Hours]:
    days: dict[date, Hours] = {}
    for period in item.work_weeks:
        hours = filled(period.weekdays, week).days()
        for day in _days(period.from_date, period.to_date):
            days[day] = hours[day.weekday()] or ()
    for exception in item.exceptions:
        for day in _days(exception.from_date, exception.to_date):
            days[day] = exception.intervals
    return days


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_DAYS))]
