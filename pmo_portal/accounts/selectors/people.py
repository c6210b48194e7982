"""Who works here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, Person, RoleGrant, User
from pmo_portal.accounts.scopes import holds

SORTS = {"name": "name", "unit": "org_unit__name", "email": "email"}


@dataclass(frozen=True)
class UnitRow:
    """A line of the organization chart."""

    unit: OrgUnit
    depth: int
    people: int

    @property
    def steps(self) -> range:
        """One step of indentation for each level above."""
        return range(self.depth)

    @property
    def level(self) -> int:
        """Depth counted from one, for screen readers."""
        return self.depth + 1


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody of the demo whom everybody may be."""

    name: str
    email: str
    password: str
    role: str
    scope: str


def people_visible_to(user: Any) -> QuerySet[Person]:
    """Return everybody for those who may see people, else only the person themselves. One query."""
    people = Person.objects.select_related("user", "org_unit")
    return people if holds(user, "user.view") else people.filter(user_id=user.pk or 0)


def people_found(
    user: Any, *, search: str = "", unit: str = "", state: str = "", discipline: str = "", sort: str = ""
) -> QuerySet[Person]:
    """
    Return the people of the list, filtered and sorted; unknown filters find nobody.

    Parameters
    ----------
    user : User
        Who asks.
    search : str
        Part of name, e-mail or employee number.
    unit : str
        Code of an organization unit.
    state : str
        ``active``, ``ended`` or ``none`` (no sign-in).
    discipline : str
        One of `Discipline`.
    sort : str
        ``name``, ``unit`` or ``email``, with ``-`` in front to turn the order round.
    """
    people = people_visible_to(user)
    if search:
        people = people.filter(
            Q(name__icontains=search) | Q(email__icontains=search) | Q(employee_no__iexact=search)
        )
    if unit:
        people = people.filter(org_unit__code=unit)
    if discipline:
        people = people.filter(disciplines__icontains=f'"{discipline}"')
    if state:
        conditions = {
            "active": Q(user__is_active=True),
            "ended": Q(user__is_active=False),
            "none": Q(user__isnull=True),
        }
        people = people.filter(conditions.get(state, Q(pk__in=[])))
    column = SORTS.get(sort.removeprefix("-"), "name")
    return people.order_by(f"-{column}" if sort.startswith("-") else column, "pk")


def unit_rows() -> list[UnitRow]:
    """Return the organization chart, each unit below its parent. One query."""
    units = OrgUnit.objects.select_related("manager").annotate(people_count=Count("people"))
    below: dict[int | None, list[Any]] = {}
    for unit in units.order_by("name", "pk"):
        below.setdefault(unit.parent_id, []).append(unit)
    rows: list[UnitRow] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        rows.append(UnitRow(unit=unit, depth=depth, people=unit.people_count))
        waiting.extend((child, depth + 1) for child in reversed(below.get(unit.pk, [])))
    return rows


def demo_sign_ins() -> list[DemoSignIn]:
    """Return who the sign-in page of the demo offers, most senior role first; nobody elsewhere. One query."""
    if not settings.IS_DEMO_ALLOWED:
        return []
    grants = (
        RoleGrant.objects.filter(user__email__endswith=f"@{settings.DEMO_DOMAIN}", user__is_active=True)
        .select_related("user", "node")
        .order_by("pk")
    )
    return _one_per_role(grants)


def _one_per_role(grants: Iterable[RoleGrant]) -> list[DemoSignIn]:
    order = list(Role.values)
    found: dict[str, DemoSignIn] = {}
    taken: set[int] = set()
    for grant in sorted(grants, key=lambda grant: (order.index(grant.role), grant.pk)):
        user: User = grant.user
        if grant.role in found or user.pk in taken:
            continue
        taken.add(user.pk)
        found[grant.role] = DemoSignIn(
            name=user.name,
            email=user.email,
            password=settings.DEMO_PASSWORD,
            role=str(Role(grant.role).label),
            scope=grant.node.title,
        )
    return list(found.values())
