"""Offices with their members by discipline, and what they lack (ORG-3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from pmo_portal.accounts.choices import Discipline
from portfolio.models import Pmo, PmoCharter, PmoMember
from portfolio.rollup.answer_time import AnswerTimes
from portfolio.selectors.help_requests import promise_kept

COVERED = (Discipline.IT, Discipline.PLANNING, Discipline.FINANCE, Discipline.RISK)
GAP = "DISCIPLINE_GAP"


@dataclass(frozen=True)
class MemberRow:
    """A member on the page of the offices."""

    member: PmoMember
    is_active: bool


@dataclass(frozen=True)
class DisciplineRow:
    """
    A discipline with its members; ``is_gap`` where one is needed and nobody is active.

    ``people`` are those active today; ``uncovered_since`` is the day after the last one left, None for a
    discipline that is covered or never was.
    """

    code: str
    name: str
    members: tuple[MemberRow, ...]
    people: int
    is_needed: bool
    uncovered_since: date | None

    @property
    def is_gap(self) -> bool:
        """Whether somebody is needed and nobody is there (`GAP`)."""
        return self.is_needed and not self.people


@dataclass(frozen=True)
class OfficeView:
    """An office as the page shows it."""

    office: Pmo
    disciplines: tuple[DisciplineRow, ...]
    active: int
    charters: tuple[PmoCharter, ...]
    times: AnswerTimes

    @property
    def charter(self) -> PmoCharter | None:
        """The charter in force."""
        return self.charters[0] if self.charters else None

    @property
    def gaps(self) -> list[DisciplineRow]:
        """The disciplines nobody covers."""
        return [row for row in self.disciplines if row.is_gap]

    @property
    def coverage(self) -> list[DisciplineRow]:
        """The disciplines every office needs, covered or not (ORG-3)."""
        return [row for row in self.disciplines if row.is_needed]


def offices() -> QuerySet[Pmo]:
    """Return all offices by name."""
    return Pmo.objects.select_related("scope_unit", "parent", "head").order_by("name", "pk")


def office_views(today: date, *, office: Pmo | None = None) -> list[OfficeView]:
    """Return offices with members (those who left last), charters and answer times. Four queries."""
    shown = offices() if office is None else offices().filter(pk=office.pk)
    members: dict[int, list[MemberRow]] = {}
    rows = PmoMember.objects.filter(pmo__in=shown.order_by().values("pk")).select_related("person__org_unit")
    for each in rows.order_by("person__name", "valid_from", "pk"):
        is_active = each.valid_from <= today and (each.valid_to is None or each.valid_to >= today)
        members.setdefault(each.pmo_id, []).append(MemberRow(each, is_active))
    charters: dict[int, list[PmoCharter]] = {}
    adopted = PmoCharter.objects.filter(pmo__in=shown.order_by().values("pk")).select_related("adopted_by")
    for charter in adopted.order_by("-number", "pk"):
        charters.setdefault(charter.pmo_id, []).append(charter)
    times = promise_kept(today)
    return [
        _view(
            each,
            members.get(each.pk, []),
            tuple(charters.get(each.pk, [])),
            times.get(each.pk, AnswerTimes(None, None, 0)),
            today,
        )
        for each in shown
    ]


def _view(
    office: Pmo,
    members: list[MemberRow],
    charters: tuple[PmoCharter, ...],
    times: AnswerTimes,
    today: date,
) -> OfficeView:
    found = [_discipline(code, members, today) for code in Discipline]
    rows = tuple(row for row in found if row.members or row.is_needed)
    people = {row.member.person_id for row in members if row.is_active}
    return OfficeView(office, rows, len(people), charters, times)


def _discipline(discipline: Discipline, members: list[MemberRow], today: date) -> DisciplineRow:
    own = sorted(
        (row for row in members if row.member.discipline == discipline), key=lambda row: not row.is_active
    )
    people = len({row.member.person_id for row in own if row.is_active})
    left = [row.member.valid_to for row in own if row.member.valid_to and row.member.valid_to < today]
    return DisciplineRow(
        code=discipline.value,
        name=str(discipline.label),
        members=tuple(own),
        people=people,
        is_needed=discipline in COVERED,
        uncovered_since=max(left) + timedelta(days=1) if left and not people else None,
    )
