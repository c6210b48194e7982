"""Who may give and take which role (SEC-15), and what ends with it (SEC-7)."""

from contextlib import suppress
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import RoleGrant, UserSession
from pmo_portal.accounts.permissions import GIVEN_ROLES
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.grants import LastOfRole, end_grant, grant_role, grantable_roles
from pmo_portal.accounts.services.scopes import create_node, organization_node
from pmo_portal.accounts.services.tokens import create_token, tokens_of
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db

RANK = {
    Role.ADMINISTRATOR: 9,
    Role.PMO_HEAD: 8,
    Role.PMO_ANALYST: 6,
    Role.PORTFOLIO_MANAGER: 5,
    Role.PROGRAM_MANAGER: 5,
    Role.PROJECT_MANAGER: 3,
}


@pytest.mark.parametrize("granter", GIVEN_ROLES)
def test_nobody_gives_a_role_as_high_as_their_own(granter: str) -> None:
    """SEC-15: all pairs of roles, on the organization and on a project."""
    root = organization_node()
    paula = factories.user("Paula")
    factories.grant(paula, granter, root)
    factories.grant(factories.user("Head"), Role.PMO_HEAD, root)
    project = create_node(kind=ScopeKind.PROJECT, parent=factories.portfolio_node(), title="P")
    accepted = []

    for node in (root, project):
        for role in Role.values:
            bob = factories.user("Bob")
            try:
                grant_role(actor=paula, user=bob, role=role, node=node)
            except NotAllowed:
                assert not RoleGrant.objects.filter(user=bob).exists()
                assert not AuditEntry.objects.filter(action="grant.created", after__user=bob.email).exists()
            else:
                accepted.append(role)

    assert all(RANK.get(role, 1) < RANK.get(granter, 1) for role in accepted)
    assert (granter in RANK) == bool(accepted)


def test_grant_outside_of_own_scope_is_refused() -> None:
    """SEC-15: a role counts on its scope and below, nowhere else."""
    own, foreign = factories.portfolio_node("Own"), factories.portfolio_node("Foreign")
    alice, bob = factories.user("Alice"), factories.user("Bob")
    factories.grant(alice, Role.PORTFOLIO_MANAGER, own)

    with pytest.raises(NotAllowed):
        grant_role(actor=alice, user=bob, role=Role.TEAM_MEMBER, node=foreign)

    assert grant_role(actor=alice, user=bob, role=Role.TEAM_MEMBER, node=own).granted_by == alice
    assert RoleGrant.objects.filter(user=bob).count() == 1


@pytest.mark.parametrize("taker", [role for role in GIVEN_ROLES if role != Role.ADMINISTRATOR])
def test_nobody_takes_a_role_as_high_as_their_own(taker: str) -> None:
    """SEC-15: who may not give a role does not take it either; nothing ends, nothing is audited."""
    root = organization_node()
    paula, bob = factories.user("Paula"), factories.user("Bob")
    factories.grant(paula, taker, root)
    factories.grant(factories.user("Head"), Role.PMO_HEAD, root)
    factories.grant(factories.user("Ada"), Role.ADMINISTRATOR, root)
    project = create_node(kind=ScopeKind.PROJECT, parent=factories.portfolio_node(), title="P")
    kept, taken = [], []

    for node in (root, project):
        for role in GIVEN_ROLES:
            held = factories.grant(bob, role, node)
            try:
                end_grant(actor=paula, grant=held)
            except NotAllowed:
                kept.append(held.pk)
            else:
                taken.append(role)

    assert all(RANK.get(role, 1) < RANK.get(taker, 1) for role in taken)
    assert set(kept) == set(RoleGrant.objects.filter(user=bob).values_list("pk", flat=True))
    assert AuditEntry.objects.filter(action="grant.ended").count() == len(taken)


def test_administrator_takes_technical_roles_only() -> None:
    """SEC-15: administrators and PMO heads of others; no role of the business."""
    root = organization_node()
    ada, bob = factories.user("Ada"), factories.user("Bob")
    own = factories.grant(ada, Role.ADMINISTRATOR, root)
    factories.grant(factories.user("Head"), Role.PMO_HEAD, root)
    held = [factories.grant(bob, role, root) for role in GIVEN_ROLES]

    for grant in [*held, own]:
        with suppress(NotAllowed):
            end_grant(actor=ada, grant=grant)

    left = set(RoleGrant.objects.filter(user=bob).values_list("role", flat=True))
    assert set(GIVEN_ROLES) - left == {Role.ADMINISTRATOR, Role.PMO_HEAD, Role.AUDITOR}
    assert RoleGrant.objects.filter(pk=own.pk).exists()


def test_grant_on_confidential_project_needs_a_grant_on_it() -> None:
    """A manager above cannot reach into a confidential project by giving roles there."""
    portfolio = factories.portfolio_node()
    secret = create_node(kind=ScopeKind.PROJECT, parent=portfolio, title="Secret", is_confidential=True)
    alice = factories.user("Alice")
    factories.grant(alice, Role.PORTFOLIO_MANAGER, portfolio)

    assert grantable_roles(alice, secret) == frozenset()


def test_administrator_names_the_first_pmo_head_only() -> None:
    """SEC-15."""
    root = organization_node()
    admin, first, second = factories.user("Ada"), factories.user("First"), factories.user("Second")
    factories.grant(admin, Role.ADMINISTRATOR, root)

    grant_role(actor=admin, user=first, role=Role.PMO_HEAD, node=root)

    with pytest.raises(NotAllowed):
        grant_role(actor=admin, user=second, role=Role.PMO_HEAD, node=root)
    assert not RoleGrant.objects.filter(user=second).exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PMO_HEAD])
def test_last_holder_keeps_the_role(role: str) -> None:
    """SEC-15: the last administrator and the last PMO head cannot be removed."""
    root = organization_node()
    only = factories.grant(factories.user("Only"), role, root)

    with pytest.raises(LastOfRole):
        end_grant(actor=None, grant=only)

    assert RoleGrant.objects.filter(pk=only.pk).exists()
    assert not AuditEntry.objects.filter(action="grant.ended").exists()
    other = factories.grant(factories.user("Other"), role, root)
    end_grant(actor=None, grant=only)
    assert list(RoleGrant.objects.filter(role=role)) == [other]


def test_inactive_holder_does_not_count_as_another_head() -> None:
    root = organization_node()
    only = factories.grant(factories.user("Only"), Role.PMO_HEAD, root)
    factories.grant(factories.user("Gone", is_active=False), Role.PMO_HEAD, root)

    with pytest.raises(LastOfRole):
        end_grant(actor=None, grant=only)

    assert RoleGrant.objects.filter(pk=only.pk).exists()


def test_end_of_an_organization_role_ends_sessions_and_tokens(client: Client) -> None:
    """SEC-7: the very next request is refused."""
    root = organization_node()
    paula = factories.user("Paula")
    held = factories.grant(paula, Role.AUDITOR, root)
    client.force_login(paula)
    assert client.get("/accounts/sessions/").status_code == 200
    secret = create_token(actor=paula, user=paula, name="report").secret

    end_grant(actor=None, grant=held, reason="left")

    assert client.get("/accounts/sessions/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {secret}"}).status_code == 401
    assert (UserSession.objects.count(), Session.objects.count(), tokens_of(paula).count()) == (0, 0, 0)
    assert not holds(paula, "project.view")


def test_end_of_a_project_role_takes_the_right_but_not_the_session(client: Client) -> None:
    """SEC-7: rights are read anew with each request."""
    alice = factories.user("Alice")
    held = factories.grant(alice, Role.PROJECT_MANAGER, factories.portfolio_node())
    client.force_login(alice)
    assert client.get("/administration/grants/").status_code == 200

    end_grant(actor=None, grant=held)

    assert client.get("/administration/grants/").status_code == 403
    assert client.get("/accounts/sessions/").status_code == 200


def test_grant_is_audited_on_its_scope() -> None:
    node = factories.portfolio_node("Grid")
    bob = factories.user("Bob")

    held = grant_role(actor=None, user=bob, role=Role.TEAM_MEMBER, node=node)
    end_grant(actor=None, grant=held, reason="moved on")

    entries = list(AuditEntry.objects.order_by("sequence").values_list("action", "node_id", "reason"))
    assert entries == [("grant.created", node.pk, ""), ("grant.ended", node.pk, "moved on")]


def test_held_role_is_not_given_twice_but_an_ended_one_comes_back() -> None:
    node = factories.portfolio_node()
    bob = factories.user("Bob")
    held = grant_role(actor=None, user=bob, role=Role.TEAM_MEMBER, node=node, valid_to=date(2020, 1, 31))

    again = grant_role(actor=None, user=bob, role=Role.TEAM_MEMBER, node=node)

    assert (again.pk, again.valid_to) == (held.pk, None)
    with pytest.raises(Conflict):
        grant_role(actor=None, user=bob, role=Role.TEAM_MEMBER, node=node)


def test_sponsor_does_not_manage_the_same_project() -> None:
    """ORG-4."""
    project = create_node(kind=ScopeKind.PROJECT, parent=factories.portfolio_node(), title="P")
    alice = factories.user("Alice")
    grant_role(actor=None, user=alice, role=Role.SPONSOR, node=project)

    with pytest.raises(Conflict):
        grant_role(actor=None, user=alice, role=Role.PROJECT_MANAGER, node=project)

    assert RoleGrant.objects.filter(user=alice).count() == 1


def test_role_for_somebody_who_left_is_refused() -> None:
    gone = factories.user("Gone", is_active=False)

    with pytest.raises(DomainError, match="cannot sign in"):
        grant_role(actor=None, user=gone, role=Role.TEAM_MEMBER, node=factories.portfolio_node())

    assert not RoleGrant.objects.exists()
