"""Offices with their members by discipline, and what they lack (ORG-3)."""

from dataclasses import dataclass
from datetime import date

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
    """A discipline with its members; ``is_gap`` where one is needed and nobody is active."""

    name: str
    members: tuple[MemberRow, ...]
    is_gap: bool


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
    def gaps(self) -> list[str]:
        """The disciplines nobody covers."""
        return [row.name for row in self.disciplines if row.is_gap]


def offices() -> QuerySet[Pmo]:
    """Return all offices by name."""
    return Pmo.objects.select_related("scope_unit", "parent", "head").order_by("name", "pk")


def gaps_of(active: set[str]) -> list[str]:
    """Return the codes of the disciplines that lack an active member (ORG-3)."""
    return [code.value for code in COVERED if code.value not in active]


def office_views(today: date) -> list[OfficeView]:
    """Return every office with members (those who left last), charters and answer times. Four queries."""
    members: dict[int, list[MemberRow]] = {}
    rows = PmoMember.objects.select_related("person").order_by("person__name", "valid_from", "pk")
    for each in rows:
        is_active = each.valid_from <= today and (each.valid_to is None or each.valid_to >= today)
        members.setdefault(each.pmo_id, []).append(MemberRow(each, is_active))
    charters: dict[int, list[PmoCharter]] = {}
    for charter in PmoCharter.objects.select_related("adopted_by").order_by("-number", "pk"):
        charters.setdefault(charter.pmo_id, []).append(charter)
    times = promise_kept(today)
    return [
        _view(
            office,
            members.get(office.pk, []),
            tuple(charters.get(office.pk, [])),
            times.get(office.pk, AnswerTimes(None, None, 0)),
        )
        for office in offices()
    ]


def _view(
    office: Pmo, members: list[MemberRow], charters: tuple[PmoCharter, ...], times: AnswerTimes
) -> OfficeView:
    active = {row.member.discipline for row in members if row.is_active}
    lacking = gaps_of(active)
    rows = []
    for discipline in Discipline:
        own = [row for row in members if row.member.discipline == discipline]
        own.sort(key=lambda row: not row.is_active)
        if own or discipline.value in lacking:
            rows.append(DisciplineRow(str(discipline.label), tuple(own), discipline.value in lacking))
    people = {row.member.person_id for row in members if row.is_active}
    return OfficeView(office, tuple(rows), len(people), charters, times)
