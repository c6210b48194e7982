"""Offices for tests, through the services."""

from datetime import date
from typing import Any

from pmo_portal.accounts.models import Person, User
from portfolio.models import Pmo, PmoMember
from portfolio.services.offices import add_member, create_office
from tests.factories import person, user

TODAY = date(2026, 4, 10)


def office(name: str = "PMO", **facts: Any) -> Pmo:
    """Return an office."""
    return create_office(actor=None, **{"name": name, "mandate": "CONTROLLING", **facts})


def member(pmo: Pmo, who: Person | None = None, **facts: Any) -> PmoMember:
    """Return a member, for risk since the beginning of the year."""
    given = {"discipline": "RISK", "valid_from": date(2026, 1, 1), **facts}
    return add_member(actor=None, office=pmo, person=who or person("Rita"), **given)


def member_user(pmo: Pmo, name: str = "Rita", **facts: Any) -> User:
    """Return the user of a new member."""
    made = user(name)
    member(pmo, person(name, of=made), **facts)
    return made
