"""What a computation of dates moves, as people read it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.engine.working_time import WorkingTime
from projects.models import Project
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import shown_finish, shown_start


class Moves(Protocol):
    """The effect of a computation, as `projects.services.schedules.Effect`."""

    @property
    def moves(self) -> Any: ...
    @property
    def missed(self) -> Any: ...
    @property
    def former_finish(self) -> Any: ...
    @property
    def finish(self) -> Any: ...


@dataclass(frozen=True)
class MoveRow:
    """A task that gets other dates; ``days`` are working days its finish moves, positive is later."""

    uid: int
    wbs: str
    name: str
    former_start: date | None
    former_finish: date | None
    start: date | None
    finish: date | None
    days: int | None


@dataclass(frozen=True)
class MovesPage:
    """
    What moves, row by row and in one sentence.

    ``total`` counts all rows, ``rows`` are the first of them; ``finish_days`` are the working days the plan
    finishes later (negative: earlier), None where it had no finish.
    """

    sentence: str
    total: int
    rows: tuple[MoveRow, ...]
    former_finish: date | None
    finish: date | None
    finish_days: int | None
    missed: int


SHOWN = 200


def moves_page(project: Project, effect: Moves, *, limit: int = SHOWN) -> MovesPage:
    """Return the effect with the days people see. Four queries, to learn the project's calendar."""
    hours = working_time(project.calendar)
    former, finish = shown_finish(effect.former_finish), shown_finish(effect.finish)
    days = _days(former, finish, hours)
    return MovesPage(
        sentence=_sentence(project, effect, days),
        total=len(effect.moves),
        rows=tuple(_row(move, hours) for move in effect.moves[:limit]),
        former_finish=former,
        finish=finish,
        finish_days=days,
        missed=len(effect.missed),
    )


def _sentence(project: Project, effect: Moves, days: int | None) -> str:
    """Return what moves; where dates are given and nothing was computed, say that instead."""
    if not project.is_auto_scheduled and effect.finish is None and not effect.moves:
        return _("Other dates stay: this plan keeps the dates it was given.")
    return moves_sentence(len(effect.moves), days, len(effect.missed))


def _row(move: Any, hours: WorkingTime) -> MoveRow:
    former, finish = shown_finish(move.former_finish), shown_finish(move.finish)
    return MoveRow(
        uid=move.uid,
        wbs=move.wbs,
        name=move.name,
        former_start=shown_start(move.former_start),
        former_finish=former,
        start=shown_start(move.start),
        finish=finish,
        days=_days(former, finish, hours),
    )


def _days(first: date | None, second: date | None, hours: WorkingTime) -> int | None:
    return None if first is None or second is None else hours.working_days_between(first, second)


def moves_sentence(moved: int, days: int | None, missed: int) -> str:
    """Return "12 tasks move, the plan finishes 3 working days later, 1 deadline is missed."."""
    if not moved and not missed and not days:
        return _("Nothing moves.")
    if not moved and not days:
        return _("Nothing moves, but %(missed)s.") % {"missed": _missed(missed)}
    some = ngettext("%(count)s task moves", "%(count)s tasks move", moved) % {"count": moved}
    parts = [some if moved else _("No other task moves")]
    if days:
        parts.append(_later(days))
    elif days == 0:
        parts.append(_("the plan finishes on the same day"))
    if missed:
        parts.append(_missed(missed))
    return _("%(parts)s.") % {"parts": ", ".join(parts)}


def _missed(count: int) -> str:
    return ngettext("%(count)s deadline is missed", "%(count)s deadlines are missed", count) % {
        "count": count
    }


def _later(days: int) -> str:
    if days > 0:
        text = ngettext(
            "the plan finishes %(count)s working day later",
            "the plan finishes %(count)s working days later",
            days,
        )
        return text % {"count": days}
    text = ngettext(
        "the plan finishes %(count)s working day earlier",
        "the plan finishes %(count)s working days earlier",
        -days,
    )
    return text % {"count": -days}
