"""Build units, people, calendars, portfolios, programs and grants of the demo organization."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.conf import settings

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, Person, ScopeNode, User
from pmo_portal.accounts.services.grants import grant_role
from pmo_portal.accounts.services.people import create_person, create_user
from pmo_portal.accounts.services.scopes import organization_node, rename_node
from pmo_portal.accounts.services.units import create_unit
from portfolio.models import Portfolio, Program
from portfolio.services.demo.catalogue import PORTFOLIOS, PROGRAMS
from portfolio.services.demo.staff import (
    COMPANY,
    EVERYBODY,
    MANAGERS,
    ORGANIZATION_TITLE,
    SIGN_INS,
    SPONSORS,
    TEAM,
    UNITS,
    Member,
)
from portfolio.services.structure import create_portfolio, create_program
from projects.models import Calendar
from projects.services.calendars import DayOff, create_calendar, list_holidays

COUNTRY = "IE"
YEARS_AROUND = 3
PROJECT_ROLES = frozenset({Role.SPONSOR, Role.PROJECT_MANAGER, Role.TEAM_MEMBER})
EXAMPLE_HOLIDAY = DayOff(date(2026, 3, 9), date(2026, 3, 9), "Day off of the example")


@dataclass(frozen=True)
class Cast:
    """Who and what the projects are made with; people by mailbox, scopes by code."""

    users: dict[str, User]
    people: dict[str, Person]
    units: dict[str, OrgUnit]
    portfolios: dict[str, Portfolio] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)

    @property
    def pmo(self) -> User:
        """The head of the PMO."""
        return self.users["pmo.head"]

    @property
    def finance(self) -> User:
        """The finance controller."""
        return self.users["finance.controller"]

    @property
    def example_worker(self) -> str:
        """The mailbox of who owns the work of the worked examples: nobody signs in with it."""
        return TEAM[-1].mailbox

    @property
    def example_lead(self) -> str:
        """The mailbox of who owns the milestones of the worked examples: nobody signs in with it."""
        return MANAGERS[-1].mailbox

    def manager(self, number: int) -> str:
        """Return the mailbox of a project manager; number 0 is the one of the sign-in page."""
        return ("project.manager", *(member.mailbox for member in MANAGERS))[number % (len(MANAGERS) + 1)]

    def sponsor(self, number: int) -> str:
        """Return the mailbox of a sponsor; number 0 is the one of the sign-in page."""
        return ("sponsor", *(member.mailbox for member in SPONSORS))[number % (len(SPONSORS) + 1)]

    def team(self, number: int, size: int) -> list[str]:
        """Return the mailboxes of a team; number 0 begins with the one of the sign-in page."""
        mailboxes = ("team.member", *(member.mailbox for member in TEAM))
        return [mailboxes[(number + step) % len(mailboxes)] for step in range(size)]


def address(mailbox: str) -> str:
    """Return the e-mail address of a mailbox."""
    return f"{mailbox}@{settings.DEMO_DOMAIN}"


def build_cast(*, as_of: date, password: str) -> Cast:
    """Return the organization without its projects."""
    rename_node(organization_node(), title=ORGANIZATION_TITLE)
    units = _units()
    cast = Cast(users={}, people={}, units=units)
    sign_ins = {member.mailbox for member in SIGN_INS}
    for number, member in enumerate(EVERYBODY, start=1):
        user = create_user(
            actor=None,
            email=address(member.mailbox),
            name=member.name,
            password=password if member.mailbox in sign_ins else None,
        )
        cast.users[member.mailbox] = user
        cast.people[member.mailbox] = _person(member, user, units[member.unit], number)
    _add_calendars(cast, as_of)
    _add_structure(cast)
    for member in EVERYBODY:
        if member.role and member.role not in PROJECT_ROLES:
            node = _scope(cast, member.scope)
            grant_role(actor=None, user=cast.users[member.mailbox], role=member.role, node=node)
    return cast


def _units() -> dict[str, OrgUnit]:
    made: dict[str, OrgUnit] = {}
    for unit in UNITS:
        values = {
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "parent": made.get(unit.parent),
            "currency": "EUR",
        }
        made[unit.code] = create_unit(actor=None, values=values)
    return made


def _person(member: Member, user: User, unit: OrgUnit, number: int) -> Person:
    return create_person(
        actor=None,
        name=member.name,
        email=user.email,
        org_unit=unit,
        employee_no=f"{COMPANY}-{1000 + number}",
        disciplines=[str(discipline) for discipline in member.disciplines],
        fte=Decimal(member.fte),
        user=user,
    )


def _add_calendars(cast: Cast, as_of: date) -> None:
    """Add the calendars: of the offices (the default), of field crews, and of the worked examples."""
    years = range(as_of.year - YEARS_AROUND, as_of.year + YEARS_AROUND + 1)
    days_off = list_holidays(country=COUNTRY, years=list(years))
    early = {str(day): ([[420, 720], [750, 930]] if day < 5 else []) for day in range(7)}
    cast.calendars["office"] = create_calendar(
        actor=cast.pmo, project=None, name="Offices", days_off=days_off, is_default=True
    )
    cast.calendars["field"] = create_calendar(
        actor=cast.pmo, project=None, name="Field crews", days_off=days_off, week_pattern=early
    )
    cast.calendars["example"] = create_calendar(
        actor=cast.pmo, project=None, name="Worked examples", days_off=[EXAMPLE_HOLIDAY]
    )
    cast.calendars["plain"] = create_calendar(actor=cast.pmo, project=None, name="Monday to Friday")


def _add_structure(cast: Cast) -> None:
    for draft in PORTFOLIOS:
        cast.portfolios[draft.code] = create_portfolio(
            actor=cast.pmo,
            code=draft.code,
            name=draft.name,
            description=draft.description,
            parent=cast.portfolios.get(draft.parent),
            owner=cast.people[draft.owner],
            manager=cast.people[draft.manager],
        )
    for program in PROGRAMS:
        cast.programs[program.code] = create_program(
            actor=cast.pmo,
            code=program.code,
            name=program.name,
            portfolio=cast.portfolios[program.portfolio],
            outcomes=program.outcomes,
            manager=cast.people[program.manager],
            sponsor=cast.people[program.sponsor],
        )


def _scope(cast: Cast, code: str) -> ScopeNode:
    if not code:
        return organization_node()
    found: Portfolio | Program = cast.programs.get(code) or cast.portfolios[code]
    return found.node
