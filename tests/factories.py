"""Makes real objects for tests, through the services where there is one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import Person, RoleGrant, ScopeNode, User
from pmo_portal.accounts.services.scopes import create_node, organization_node
from projects.models import Project, Task
from projects.services.projects import create_project
from projects.services.tasks import create_task

NUMBERS = count(1)
MONDAY = date(2026, 3, 2)


def user(name: str = "", **columns: Any) -> User:
    """Return a person who can sign in."""
    name = name or f"Person {next(NUMBERS)}"
    email = columns.pop("email", f"{name.lower().replace(' ', '.')}.{next(NUMBERS)}@example.org")
    made = User(name=name, email=email, **columns)
    made.set_password("correct horse battery")
    made.save()
    return made


def person(name: str = "Bob", *, of: User | None = None) -> Person:
    """Return a person of the organization."""
    return Person.objects.create(name=name, user=of)


def grant(user: User, role: str, node: ScopeNode) -> RoleGrant:
    """Give somebody a role on a node, past the rules of who may give it."""
    return RoleGrant.objects.create(user=user, role=role, node=node)


def portfolio_node(title: str = "Portfolio") -> ScopeNode:
    """Return a node a project can hang below."""
    return create_node(kind=ScopeKind.PORTFOLIO, parent=organization_node(), title=title)


def project(code: str = "", *, parent: ScopeNode | None = None, **facts: Any) -> Project:
    """Return a project below a portfolio node."""
    name = facts.pop("name", f"Project {next(NUMBERS)}")
    return create_project(actor=None, parent_node=parent or portfolio_node(), code=code, name=name, **facts)


def task(project: Project, name: str = "", **facts: Any) -> Task:
    """Return a row of the plan."""
    return create_task(actor=None, project=project, name=name or f"Task {next(NUMBERS)}", **facts)


def moment(day: int, hour: int = 8, *, month: int = 3, minute: int = 0) -> datetime:
    """Return a stored moment of 2026: local wall time of the project."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def manager_of(project: Project, name: str = "Alice") -> User:
    """Return Alice, who manages the project."""
    alice = user(name)
    grant(alice, Role.PROJECT_MANAGER, project.node)
    return alice


def money(text: str) -> Decimal:
    """Return an amount."""
    return Decimal(text)
