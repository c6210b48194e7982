"""The lists of the office as tables to take along: what the person sees on its pages, nothing more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portfolio.selectors.experts import find_experts
from portfolio.selectors.help_requests import help_rows, requests_in_order
from portfolio.selectors.offices import GAP, office_views


class OfficeList(StrEnum):
    """A list of the office."""

    MEMBERS = "members"
    COVERAGE = "coverage"
    EXPERTS = "experts"
    HELP = "help"


@dataclass(frozen=True)
class ListAsked:
    """Whose lists, of which day, and what was asked on the page: a topic, a state of requests."""

    user: Any
    today: date
    question: str = ""
    state: str = ""


@dataclass(frozen=True)
class OfficeTable:
    """A list with a name for its file."""

    name: str
    headings: list[str]
    rows: list[list[Any]]


def office_table(which: OfficeList, asked: ListAsked) -> OfficeTable:
    """Return a list of the office with the filters of its page; as many queries as the page asks."""
    name, headings, rows = _TABLES[which](asked)
    return OfficeTable("-".join((name, asked.today.isoformat())), headings, list(rows))


_Table = tuple[str, list[str], Iterator[list[Any]]]


def _members(asked: ListAsked) -> _Table:
    headings = [
        *(_("Office"), _("Discipline"), _("Person"), _("Unit"), _("Role"), _("Can help with")),
        *(_("Allocation (%)"), _("From"), _("Until"), _("Active")),
    ]
    rows = (
        [
            *(view.office.name, row.name, each.member.person.name, str(each.member.person.org_unit or "")),
            *(each.member.get_role_display(), each.member.topics, each.member.allocation_percent),
            *(each.member.valid_from, each.member.valid_to, each.is_active),
        ]
        for view in office_views(asked.today)
        for row in view.disciplines
        for each in row.members
    )
    return _("office-members"), headings, rows


def _coverage(asked: ListAsked) -> _Table:
    headings = [_("Office"), _("Discipline"), _("Active people"), _("Nobody since"), _("Fault")]
    rows = (
        [view.office.name, row.name, row.people, row.uncovered_since, GAP if row.is_gap else ""]
        for view in office_views(asked.today)
        for row in view.coverage
    )
    return _("office-coverage"), headings, rows


def _experts(asked: ListAsked) -> _Table:
    headings = [_("Person"), _("Office"), _("Can help with"), _("Discipline"), _("Wrote"), _("Points")]
    rows = (
        [
            *(each.person.name, each.office, ", ".join(each.topics), ", ".join(each.disciplines)),
            *(", ".join(each.written), each.points),
        ]
        for each in find_experts(asked.user, asked.question, asked.today)
    )
    return _("experts"), headings, rows


def _help(asked: ListAsked) -> _Table:
    headings = [
        *(_("Question"), _("Details"), _("Office"), _("Discipline"), _("Asked by"), _("Asked on")),
        *(_("Promised by"), _("State"), _("Looks after it"), pgettext("noun", "Answer"), _("Answered by")),
        *(_("Answered on"), _("Answered after (working days)"), _("Late by (working days)")),
    ]
    found = help_rows(list(requests_in_order(asked.user, asked.today, asked.state)), asked.today)
    rows = (
        [
            *(row.request.title, row.request.text, row.request.pmo.name),
            *(row.request.get_discipline_display(), row.request.asked_by.name, row.request.asked_on),
            *(row.request.due_on, row.request.get_state_display(), _name(row.request.taken_by)),
            *(row.request.answer, _name(row.request.answered_by), row.request.answered_on),
            *(row.taken_days, row.late_days),
        ]
        for row in found
    )
    return _("help-requests"), headings, rows


def _name(user: Any) -> str:
    return user.name if user else ""


_TABLES: dict[OfficeList, Callable[[ListAsked], _Table]] = {
    OfficeList.MEMBERS: _members,
    OfficeList.COVERAGE: _coverage,
    OfficeList.EXPERTS: _experts,
    OfficeList.HELP: _help,
}
