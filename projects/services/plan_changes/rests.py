"""Rests of interrupted work as the days on which nothing is done, and such days as rests."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from pmo_portal.common.errors import DomainError
from projects.choices import TaskKind
from projects.engine.instants import end_of_day, start_of_day
from projects.engine.working_time import WorkingTime
from projects.models import Task
from projects.selectors.plan_dates import to_instant
from projects.selectors.task_stretches import RestDays, rest_days, stretches_in


def shown_rests(task: Task, hours: WorkingTime) -> tuple[RestDays, ...]:
    """Return the days without work of a row as the page shows them."""
    return rest_days(stretches_in(task, hours), hours)


def pairs_of(task: Task, days: Sequence[RestDays], hours: WorkingTime) -> list[list[int]]:
    """
    Return the pairs of minutes that are stored for days without work.

    Days that are shown already keep their exact minutes: a rest may be shorter than its days.

    Raises
    ------
    DomainError
        ``NO_START`` for a row without dates, ``NO_WORKING_TIME`` for days on which nobody works anyway,
        ``INTERRUPTION_ORDER`` for days before the work.
    """
    if not days:
        return []
    if task.kind != TaskKind.TASK:
        raise _refused(
            "NOT_INTERRUPTED", _("Only tasks are interrupted: this row takes its dates otherwise.")
        )
    if task.planned_start is None:
        raise _refused("NO_START", _("The row has no dates yet, so it cannot be interrupted on a day."))
    known = dict(zip(shown_rests(task, hours), task.interruptions or (), strict=False))
    start, rested, found = to_instant(task.planned_start), 0, []
    for first, last in days:
        begin = hours.next_working(max(start, start_of_day(first)))
        rest = hours.between(begin, end_of_day(last))
        if rest <= 0:
            raise _refused("NO_WORKING_TIME", _("Nobody works on these days anyway: choose working days."))
        after = hours.between(start, begin) - rested
        if after <= 0:
            raise _refused(
                "INTERRUPTION_ORDER", _("The work begins before it is interrupted: choose later days.")
            )
        pair = list(known.get(RestDays(first, last), (after, rest)))
        rested += pair[1]
        found.append(pair)
    return found


def written_rests(days: Iterable[RestDays]) -> str:
    """Return days without work as the page writes them."""
    return "; ".join(
        first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
        for first, last in days
    )


def days_of(words: Iterable[tuple[date, date]]) -> tuple[RestDays, ...]:
    """
    Return days without work in their order.

    Raises
    ------
    DomainError
        ``INTERRUPTION_ORDER`` for an end before its beginning, or days that are named twice.
    """
    found = tuple(RestDays(*pair) for pair in sorted(words))
    for at, (first, last) in enumerate(found):
        if last < first or (at and first <= found[at - 1].last):
            raise _refused(
                "INTERRUPTION_ORDER", _("Each interruption ends after it begins, and before the next one.")
            )
    return found


def _refused(code: str, message: str) -> DomainError:
    return DomainError(message, code=code, field="interruptions")
