"""Gates of all projects a person sees: when they are, where they stand, what is overdue."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from portfolio.choices import ConditionState, GateState
from portfolio.models import GateReview, Portfolio
from portfolio.selectors.gate_page import gate_url
from portfolio.selectors.gates import GateStand, gate_stands
from portfolio.selectors.governance import Governance, load_governance
from portfolio.selectors.methodologies import said
from projects.models import Project

AHEAD = "ahead"
SPANS = {
    AHEAD: _("Ahead"),
    "overdue": _("Overdue"),
    "30": _("Next 30 days"),
    "90": _("Next 90 days"),
    "365": _("Next 12 months"),
    "past": _("Past"),
    "undated": _("Without a day"),
}


@dataclass(frozen=True)
class CalendarQuestion:
    """What the address asks for; an empty value asks for all."""

    span: str = ""
    portfolio: str = ""
    state: str = ""
    conditions: str = ""


@dataclass(frozen=True)
class CalendarRow:
    """A review of a gate of a project, held or to come."""

    project: str
    project_name: str
    gate: str
    label: str
    occurrence: int
    question: str
    day: date | None
    state: str
    review: GateReview | None
    stand: GateStand
    is_overdue: bool
    is_lapsed: bool
    readiness: Decimal | None
    open_conditions: int
    late_conditions: int
    url: str


@dataclass(frozen=True)
class CalendarMonth:
    """The reviews of a month; ``first`` is None for those without a day."""

    first: date | None
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True)
class GateCalendar:
    """The rows asked for by month, and how many each filter would leave beside the others."""

    months: tuple[CalendarMonth, ...]
    everything: int
    spans: tuple[tuple[str, str, int], ...]
    states: tuple[tuple[str, str, int], ...]
    portfolios: tuple[tuple[str, str], ...]
    open_conditions: int
    late_conditions: int


def gate_calendar(user: Any, question: CalendarQuestion, *, today: date) -> GateCalendar:
    """Return the gates of the live projects a person sees. Ten queries whatever their number."""
    rows = calendar_rows(user, portfolio=question.portfolio, today=today)
    spans, states = Counter[str](), Counter[str]()
    for row in rows:
        if is_wanted(row, replace(question, state=""), today):
            states[row.state] += 1
        if is_wanted(row, replace(question, span=""), today):
            spans.update(key for key in SPANS if in_span(row, key, today))
    of_state = [row for row in rows if question.state in ("", row.state)]
    return GateCalendar(
        months=tuple(_months([row for row in rows if is_wanted(row, question, today)])),
        everything=len(rows),
        spans=tuple((key, str(title), spans[key]) for key, title in SPANS.items()),
        states=tuple(
            (str(key), str(title), states[key])
            for key, title in GateState.choices
            if states[key] or key == question.state
        ),
        portfolios=tuple(_portfolios(user)),
        open_conditions=sum(row.open_conditions for row in of_state),
        late_conditions=sum(row.late_conditions for row in of_state),
    )


def calendar_rows(user: Any, *, portfolio: str = "", today: date) -> list[CalendarRow]:
    """Return all reviews of live projects by day, those without one last. Nine queries."""
    projects = Project.objects.visible_to(user, "rollup.view").active()
    if portfolio:
        projects = projects.filter(component__portfolio__code=portfolio)
    by_id = {row.pk: row for row in projects.order_by("code")}
    known = load_governance(list(by_id), today)
    open_ones = Q(conditions__state=ConditionState.OPEN)
    reviews = GateReview.objects.with_use().filter(project_id__in=list(known)).defer("evidence")
    reviews = reviews.annotate(
        open_count=Count("conditions", filter=open_ones),
        late_count=Count("conditions", filter=open_ones & Q(conditions__due__lt=today)),
    )
    held: dict[int, list[GateReview]] = {}
    for review in reviews.order_by("gate", "occurrence"):
        held.setdefault(review.project_id, []).append(review)
    rows = [
        _row(by_id[pk], governance, stand)
        for pk, governance in known.items()
        for stand in gate_stands(governance, held.get(pk, ()), today)
    ]
    return sorted(rows, key=lambda row: (row.day or date.max, row.project, row.label))


def asked_rows(user: Any, question: CalendarQuestion, *, today: date) -> list[CalendarRow]:
    """Return the reviews that are asked for, by day. Nine queries."""
    rows = calendar_rows(user, portfolio=question.portfolio, today=today)
    return [row for row in rows if is_wanted(row, question, today)]


def export_headings() -> list[Any]:
    """Return the headings of the file."""
    return [
        *(_("Project"), _("Name"), _("Gate"), _("Question"), _("Day"), _("Overdue"), _("State")),
        *(_("Readiness %"), _("Decision"), _("Decided on"), _("Open conditions"), _("Overdue conditions")),
    ]


def export_rows(rows: Sequence[CalendarRow]) -> Iterator[list[Any]]:
    """Return a line for each review, in the order of the page."""
    for row in rows:
        review = row.review
        yield [
            *(row.project, row.project_name, row.label, row.question, row.day, row.is_overdue),
            *(str(GateState(row.state).label), row.readiness),
            *(review.get_decision_display() if review else "", review.decided_on if review else None),
            *(row.open_conditions, row.late_conditions),
        ]


def in_span(row: CalendarRow, span: str, today: date) -> bool:
    """Whether a row belongs to a span of time; "" takes all, "ahead" what is not decided yet."""
    if span == AHEAD:
        return not row.stand.is_ended
    if span == "overdue":
        return row.is_overdue
    if span == "undated":
        return row.day is None
    if span == "past":
        return row.day is not None and row.day < today
    if span in SPANS:
        return row.day is not None and today <= row.day <= today + timedelta(days=int(span))
    return True


def is_wanted(row: CalendarRow, question: CalendarQuestion, today: date) -> bool:
    """Whether a row is asked for; the portfolio was looked at before."""
    if question.state and row.state != question.state:
        return False
    if question.conditions == "open" and not row.open_conditions:
        return False
    if question.conditions == "late" and not row.late_conditions:
        return False
    return in_span(row, question.span, today)


def _row(project: Project, known: Governance, stand: GateStand) -> CalendarRow:
    review: Any = stand.review
    return CalendarRow(
        project=project.code,
        project_name=project.name,
        gate=stand.gate.code,
        label=stand.label,
        occurrence=stand.occurrence,
        question=said(stand.gate.question),
        day=stand.day,
        state=stand.state,
        review=review,
        stand=stand,
        is_overdue=stand.is_overdue,
        is_lapsed=stand.is_lapsed,
        readiness=review.readiness_percent if review else None,
        open_conditions=review.open_count if review else 0,
        late_conditions=review.late_count if review else 0,
        url=gate_url(project.code, stand.gate.code, stand.occurrence),
    )


def _months(rows: Sequence[CalendarRow]) -> list[CalendarMonth]:
    by_month: dict[date | None, list[CalendarRow]] = {}
    for row in rows:
        first = row.day.replace(day=1) if row.day else None
        by_month.setdefault(first, []).append(row)
    return [CalendarMonth(first, tuple(found)) for first, found in by_month.items()]


def _portfolios(user: Any) -> list[tuple[str, str]]:
    seen = Project.objects.visible_to(user, "rollup.view").active()
    rows = Portfolio.objects.filter(components__project__in=seen).distinct()
    return list(rows.order_by("name", "pk").values_list("code", "name"))
