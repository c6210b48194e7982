"""
The seeded world of the permission matrix, and what the variable parts of each address stand for.

Whoever adds an address adds a line to ``tests/permission_matrix.csv`` and, if the address has
variable parts that are not known yet, an entry to `parts_of`.
"""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, ScopeNode, User, UserSession
from pmo_portal.accounts.services.emergency import open_access
from pmo_portal.accounts.services.feeds import make_feed
from pmo_portal.accounts.services.people import create_person
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.audit import services as audit
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.schedule import database_now
from pmo_portal.documents.services.files import store_generated
from pmo_portal.notifications.models import Notification
from projects.models import Project, ScheduleImport
from tests import factories
from tests.matrix_plan import numbers_of
from tests.matrix_portfolio import portfolio_values

COLUMNS = ("ADM", "DIR", "STF", "PFM", "PM", "MEM", "EXE", "AUD", "OUTSIDER", "ANONYMOUS")
SCOPED = ("PFM", "PM", "MEM", "EXE", "OUTSIDER")
MISSING_NUMBER = 987_654_321
ROLES = {
    "ADM": Role.ADMINISTRATOR,
    "DIR": Role.PMO_HEAD,
    "STF": Role.PMO_ANALYST,
    "PFM": Role.PORTFOLIO_MANAGER,
    "PM": Role.PROJECT_MANAGER,
    "MEM": Role.TEAM_MEMBER,
    "EXE": Role.EXECUTIVE,
    "AUD": Role.AUDITOR,
}


@dataclass(frozen=True)
class Part:
    """A variable part of an address: of an object in scope, of a foreign one, of none."""

    own: Any
    foreign: Any
    missing: Any = MISSING_NUMBER


@dataclass
class World:
    """Two portfolios with a project each; the people of `ROLES` belong to the first."""

    own_node: ScopeNode
    foreign_node: ScopeNode
    own: Project
    foreign: Project
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    @property
    def bob(self) -> User:
        """A colleague in the own project."""
        return self.users["BOB"]


def seeded() -> World:
    """Return the world, made anew."""
    root = organization_node()
    own_node, foreign_node = factories.portfolio_node("Own"), factories.portfolio_node("Foreign")
    world = World(
        own_node=own_node,
        foreign_node=foreign_node,
        own=factories.project("OWN-1", parent=own_node),
        foreign=factories.project("FOR-1", parent=foreign_node),
    )
    homes = {"PFM": own_node, "EXE": own_node, "PM": world.own.node, "MEM": world.own.node}
    for column, role in ROLES.items():
        world.users[column] = factories.user(column, email=f"{column.lower()}@example.org")
        factories.grant(world.users[column], role, homes.get(column, root))
    world.users["OUTSIDER"] = factories.user("Charlie", email="charlie@example.org")
    world.users["BOB"] = factories.user("Bob", email="bob@example.org")
    world.users["STRANGER"] = factories.user("Stranger", email="stranger@example.org")
    return world


def sign_in_everybody(world: World) -> None:
    """Keep a session of each role, noted by a first request, so that its browsers need none of their own."""
    for column in COLUMNS:
        client = Client()
        if column in world.users:
            client.force_login(world.users[column])
            client.get("/accounts/profile/")
        world.cookies[column] = client.cookies


def parts_of(name: str, world: World) -> dict[str, Part]:
    """Return the variable parts of the named address; unknown names give an empty mapping."""
    numbers = numbers_of(name, world.own, world.foreign)
    if numbers is not None:
        return {part: Part(*values) for part, values in numbers.items()}
    makers = {
        "api-project-template": portfolio_parts(name),
        "api-project-document": portfolio_parts(name),
        "api-document-template": portfolio_parts(name),
        "administration:person": _person,
        "administration:session_end": _session,
        "administration:unit": _unit,
        "administration:grant_end": _grant,
        "administration:emergency_": _emergency,
        "api-emergency-access": _emergency,
        "accounts:session_end": _own_session,
        "accounts:token_revoke": _own_token,
        "account_reset_password_from_key": _reset_link,
        "api-person": _person,
        "api-org-unit": _unit,
        "api-grant": _grant,
        "api-token": _own_token_of_api,
        "projects:calendar_feed": _feed,
        "projects:import_": _schedule_import,
        "api-schedule-import": _schedule_import,
        "projects:": _project,
        "jobs:": _job_that_waits if name.endswith("cancel") else _job_that_failed,
        "api-job": _job_that_waits if name.endswith("cancel") else _job_that_failed,
        "audit:": _entry,
        "api-audit": _entry,
        "notifications:": _notification,
        "api-notification": _notification,
        "documents:": _document,
        "api-file": _document,
        "portfolio:": portfolio_parts(name),
        "api-portfolio": portfolio_parts(name),
        "api-program": portfolio_parts(name),
        "api-project-health": portfolio_parts(name),
        "api-rollup": portfolio_parts(name),
        "api-period": portfolio_parts(name),
        "api-organization-calendar": portfolio_parts(name),
        "api-policy": portfolio_parts(name),
        "api-methodology": portfolio_parts(name),
        "api-project-gate": portfolio_parts(name),
        "api-gate": portfolio_parts(name),
        "api-governance": portfolio_parts(name),
        "api-condition": portfolio_parts(name),
        "api-closing": portfolio_parts(name),
        "api-library": portfolio_parts(name),
        "api-lesson": portfolio_parts(name),
        "api-standard-change": portfolio_parts(name),
        "api-project-lessons": portfolio_parts(name),
        "api-project-compliance": portfolio_parts(name),
        "api-project-waiver": portfolio_parts(name),
        "api-own-requirement": portfolio_parts(name),
        "api-increments": portfolio_parts(name),
        "api-office": portfolio_parts(name),
        "api-help-request": portfolio_parts(name),
        "api-course": portfolio_parts(name),
        "api-certificate": portfolio_parts(name),
        "api-training": portfolio_parts(name),
        "api-assessment": portfolio_parts(name),
        "api-gap-action": portfolio_parts(name),
        "api-responsibilit": portfolio_parts(name),
    }
    for start, make in makers.items():
        if name.startswith(start):
            return make(world)
    return {}


def portfolio_parts(name: str) -> Any:
    """Return the maker of the parts of a portfolio's address."""
    return lambda world: {part: Part(*values) for part, values in portfolio_values(name, world).items()}


def _person(world: World) -> dict[str, Part]:
    person = create_person(actor=None, name="Bob", email=world.bob.email, user=world.bob)
    return {"pk": Part(own=person.pk, foreign=None)}


def _unit(world: World) -> dict[str, Part]:
    unit = OrgUnit.objects.create(code="IT", name="Information technology")
    return {"pk": Part(own=unit.pk, foreign=None)}


def _grant(world: World) -> dict[str, Part]:
    own = factories.grant(world.bob, Role.TEAM_MEMBER, world.own.node)
    foreign = factories.grant(world.users["STRANGER"], Role.TEAM_MEMBER, world.foreign.node)
    return {"pk": Part(own=own.pk, foreign=foreign.pk)}


def _emergency(world: World) -> dict[str, Part]:
    """An access of somebody else, which only PMO heads and auditors see."""
    stranger = world.users["STRANGER"]
    factories.grant(stranger, Role.ADMINISTRATOR, organization_node())
    reason = "The plan cannot be opened any more"
    opened = open_access(actor=stranger, project_code="FOR-1", reason=reason, hours=1)
    return {"pk": Part(own=opened.pk, foreign=opened.pk)}


def _session(world: World) -> dict[str, Part]:
    session = UserSession.objects.create(user=world.bob, session_key="s" * 32)
    return {"pk": Part(own=session.pk, foreign=None)}


def _own_session(world: World) -> dict[str, Part]:
    foreign = UserSession.objects.create(user=world.users["STRANGER"], session_key="s" * 32)
    return {"pk": Part(own=foreign.pk, foreign=foreign.pk)}


def _own_token(world: World) -> dict[str, Part]:
    stranger = world.users["STRANGER"]
    made = create_token(actor=stranger, user=stranger, name="foreign")
    return {"prefix": Part(own=made.token.token_key, foreign=made.token.token_key, missing="0" * 15)}


def _own_token_of_api(world: World) -> dict[str, Part]:
    return {"id": _own_token(world)["prefix"]}


def _feed(world: World) -> dict[str, Part]:
    """A secret address: whoever knows it reads it, signed in or not."""
    made = make_feed(actor=world.users["STRANGER"], now=database_now())
    return {"secret": Part(own=made.secret, foreign=None)}


def _reset_link(world: World) -> dict[str, Part]:
    return {"uidb36": Part(own="1", foreign=None), "key": Part(own="wrong-key", foreign=None)}


def _project(world: World) -> dict[str, Part]:
    return {"code": Part(own=world.own.code, foreign=world.foreign.code, missing="NONE-1")}


def _schedule_import(world: World) -> dict[str, Part]:
    own, foreign = (
        ScheduleImport.objects.create(owner=user, file_name="plan.mpp", target_node=world.own_node)
        for user in (world.bob, world.users["STRANGER"])
    )
    return {"pk": Part(own=own.pk, foreign=foreign.pk)}


def _job_that_waits(world: World) -> dict[str, Part]:
    return _jobs(world, state=JobState.QUEUED)


def _job_that_failed(world: World) -> dict[str, Part]:
    return _jobs(world, state=JobState.FAILED)


def _jobs(world: World, *, state: str) -> dict[str, Part]:
    own = Job.objects.create(name="documents.make_document", owner=world.bob, state=state)
    foreign = Job.objects.create(name="documents.make_document", owner=world.users["STRANGER"], state=state)
    return {"pk": Part(own=own.pk, foreign=foreign.pk)}


def _entry(world: World) -> dict[str, Part]:
    own, foreign = (
        audit.record(actor=None, action="project.changed", target=project, node=project.node)
        for project in (world.own, world.foreign)
    )
    return {"pk": Part(own=own.pk, foreign=foreign.pk)}


def _notification(world: World) -> dict[str, Part]:
    own, foreign = (
        Notification.objects.create(user=user, kind="test", title="Hello", dedupe_key="k")
        for user in (world.bob, world.users["STRANGER"])
    )
    return {"pk": Part(own=own.pk, foreign=foreign.pk)}


def _document(world: World) -> dict[str, Part]:
    own, foreign = (
        store_generated(owner=user, title="A", file_name="a.csv", content=b"x", media_type="text/csv")
        for user in (world.bob, world.users["STRANGER"])
    )
    return {"pk": Part(own=own.pk, foreign=foreign.pk)}
