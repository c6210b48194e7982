"""Training as the PMO sees it: by person, by unit, by course; and its export (KNO-5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pmo_portal.accounts.models import User
from portfolio.rollup.training import TrainingSum
from portfolio.selectors.required_training import Standing, people_in, standings, sums_of


@dataclass(frozen=True)
class TrainingQuery:
    """What training is narrowed to; empty means everything."""

    unit: str = ""
    person: str = ""
    course: str = ""
    state: str = ""
    required: str = ""
    overdue: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "TrainingQuery":
        """Return what an address asks for."""
        names = cls.__dataclass_fields__
        return cls(**{name: values.get(name, "").replace("\x00", "")[:150] for name in names})

    def fits(self, row: Standing) -> bool:
        """Whether somebody in a course is asked for; the unit is not looked at."""
        return (
            self.person in {"", str(row.user_id)}
            and self.course in {"", row.course.code}
            and self.state in {"", row.state}
            and _is_asked(self.required, row.is_required)
            and _is_asked(self.overdue, row.is_overdue)
        )


@dataclass(frozen=True)
class TrainingLine:
    """A person in a course."""

    person: "PersonTraining"
    row: Standing


@dataclass(frozen=True)
class PersonTraining:
    """A person with what is due and met."""

    pk: int
    name: str
    unit: str
    total: TrainingSum
    required: int
    overdue: tuple[Standing, ...]
    rows: tuple[Standing, ...]


EVERYTHING = TrainingQuery()


@dataclass(frozen=True)
class GroupTraining:
    """A unit or a course with what is due and met of its people."""

    title: str
    people: int
    total: TrainingSum
    url: str = ""


@dataclass(frozen=True)
class TrainingPage:
    """All of the page."""

    people: tuple[PersonTraining, ...]
    units: tuple[GroupTraining, ...]
    courses: tuple[GroupTraining, ...]
    total: TrainingSum
    overdue: int
    expiring: int


def training_page(*, today: date, asked: TrainingQuery = EVERYTHING) -> TrainingPage:
    """Return training compliance of what is asked for, the lowest first. Five queries."""
    unit = asked.unit
    rows = [row for row in standings(today=today) if asked.fits(row)]
    users = people_in(rows)
    grouped: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        grouped[row.user_id].append(row)
    everybody = [_person(users[pk], each, today) for pk, each in grouped.items() if pk in users]
    units = _groups(((person.unit, person.rows) for person in everybody), today)
    people = [person for person in everybody if not unit or person.unit == unit]
    shown = [row for person in people for row in person.rows]
    by_course = _groups(((row.title, (row,)) for row in shown if row.is_required), today)
    return TrainingPage(
        people=tuple(sorted(people, key=_lowest_first)),
        units=tuple(units),
        courses=tuple(by_course),
        total=sums_of(shown, today),
        overdue=sum(len(person.overdue) for person in people),
        expiring=sum(row.expires_soon for row in shown),
    )


def lines_of(page: TrainingPage) -> list[TrainingLine]:
    """Return a line for each person and course, in the order of the page."""
    return [TrainingLine(person, row) for person in page.people for row in person.rows]


def _is_asked(wanted: str, is_so: bool) -> bool:
    return wanted not in {"true", "false"} or (wanted == "true") is is_so


def _lowest_first(person: PersonTraining) -> tuple[bool, Any, str, int]:
    percent = person.total.percent
    return percent is None, percent or 0, person.name.casefold(), person.pk


def _person(user: User, rows: list[Standing], today: date) -> PersonTraining:
    return PersonTraining(
        pk=user.pk,
        name=user.name,
        unit=unit_of(user),
        total=sums_of(rows, today),
        required=sum(row.is_required for row in rows),
        overdue=tuple(row for row in rows if row.is_overdue),
        rows=tuple(rows),
    )


def unit_of(user: User) -> str:
    """Return the name of the person's unit; empty without one. The person is loaded."""
    person = getattr(user, "person", None)
    return person.org_unit.name if person is not None and person.org_unit else ""


def _groups(parts: Iterable[tuple[str, Iterable[Standing]]], today: date) -> list[GroupTraining]:
    """Return groups by title, the lowest first; those where nothing is due at the end."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for title, rows in parts:
        found[title].extend(rows)
    groups = [
        GroupTraining(title, len({row.user_id for row in rows}), sums_of(rows, today))
        for title, rows in found.items()
    ]
    return sorted(
        groups, key=lambda each: (each.total.percent is None, each.total.percent or 0, each.title.casefold())
    )


def export_headings() -> list[str]:
    """Return the columns of the export."""
    return [
        *(_("Person"), _("Unit"), _("Course"), _("Code"), _("Required"), _("State"), _("Due")),
        *(_("Passed on"), _("Score in %"), _("Valid until"), _("Overdue"), _("Attempts left")),
    ]


def export_rows(page: TrainingPage) -> Iterator[list[Any]]:
    """Yield a line for each person and course."""
    for line in lines_of(page):
        row, enrolment = line.row, line.row.enrolment
        yield [
            line.person.name,
            line.person.unit,
            row.title,
            row.course.code,
            row.is_required,
            row.state_title,
            row.due,
            enrolment.passed_on if enrolment else None,
            enrolment.score if enrolment else None,
            enrolment.expires_on if enrolment else None,
            row.is_overdue,
            row.attempts_left,
        ]
