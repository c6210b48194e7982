"""Requests for help as people see them, and how an office keeps its promise."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from portfolio.access import requests_seen_by
from portfolio.choices import HelpState
from portfolio.models import HelpRequest
from portfolio.rollup.answer_time import Answered, AnswerTimes, answer_times, workdays_between

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class HelpRow:
    """A request in a list; ``late_days`` counts working days after the promised one."""

    request: HelpRequest
    is_waiting: bool
    late_days: int
    taken_days: int | None


@dataclass(frozen=True)
class HelpCounts:
    """How many requests a person sees; ``late`` are those whose promised day is over."""

    waiting: int
    late: int
    mine: int
    answered: int
    withdrawn: int


def requests_in_order(user: Any, today: date, state: str = "") -> Any:
    """Return the requests a person sees: those of a state, the newest first; else what waits, due first."""
    found = requests_seen_by(user, today)
    if state in HelpState.values:
        return found.filter(state=state).order_by("-asked_on", "-pk")
    return found.waiting().order_by("due_on", "pk")


def help_counts(user: Any, today: date) -> HelpCounts:
    """Return how many requests wait, are late, are one's own waiting ones, and are done. One query."""
    waits = Q(state__in=[HelpState.OPEN, HelpState.TAKEN])
    asked = {
        "waiting": waits,
        "late": waits & Q(due_on__lt=today),
        "mine": waits & Q(asked_by=user),
        "answered": Q(state=HelpState.ANSWERED),
        "withdrawn": Q(state=HelpState.WITHDRAWN),
    }
    sums = {name: Count("pk", filter=rule) for name, rule in asked.items()}
    return HelpCounts(**requests_seen_by(user, today).order_by().aggregate(**sums))


def help_rows(requests: list[HelpRequest], today: date) -> list[HelpRow]:
    """Return requests with how late they are. No query."""
    return [_row(each, today) for each in requests]


def promise_kept(today: date) -> dict[int, AnswerTimes]:
    """Return how each office answered in the last 90 days. One query."""
    rows = HelpRequest.objects.filter(state=HelpState.ANSWERED, answered_on__gt=today - LOOKED_BACK)
    found: dict[int, list[Answered]] = {}
    for pk, asked, due, answered in rows.order_by("pk").values_list(
        "pmo", "asked_on", "due_on", "answered_on"
    ):
        if answered is not None:
            found.setdefault(pk, []).append(Answered(asked, due, answered))
    return {pk: answer_times(known) for pk, known in found.items()}


def _row(each: HelpRequest, today: date) -> HelpRow:
    is_waiting = each.state in {HelpState.OPEN, HelpState.TAKEN}
    until = each.answered_on or today
    counts = is_waiting or each.answered_on is not None
    late = workdays_between(each.due_on, until) if counts and until > each.due_on else 0
    taken = workdays_between(each.asked_on, each.answered_on) if each.answered_on else None
    return HelpRow(request=each, is_waiting=is_waiting, late_days=late, taken_days=taken)
