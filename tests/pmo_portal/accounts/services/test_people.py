"""People, their access, and the organization chart."""

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, Person, RoleGrant, User
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services import people, units
from pmo_portal.accounts.services.grants import LastOfRole
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from pmo_portal.common.jobs import drain
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_invited_person_gets_a_link_and_no_password() -> None:
    person = people.create_person(actor=None, name="Bob", email="Bob@Example.org")

    user = people.invite_person(actor=None, person=person, origin="https://pmo.example.org")
    drain()

    assert (user.email, user.has_usable_password()) == ("bob@example.org", False)
    assert "https://pmo.example.org/accounts/password/reset/key/" in mail.outbox[0].body
    assert list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True)) == [
        "person.created",
        "user.created",
        "person.invited",
    ]


def test_newcomer_is_written_to_in_the_language_of_who_invites_until_they_read(client: Client) -> None:
    """Messages and mails follow what is read, even where nobody chose a language in the profile."""
    paula = factories.user("Paula")
    client.force_login(paula)
    client.get("/accounts/sessions/", headers={"Accept-Language": "de-DE"})
    paula.refresh_from_db()
    person = people.create_person(actor=paula, name="Bob", email="bob@example.org")

    bob = people.invite_person(actor=paula, person=person, origin="https://pmo.example.org")
    drain()
    before = bob.spoken_language
    client.force_login(bob)
    client.get("/accounts/sessions/", headers={"Accept-Language": "en-US"})
    bob.refresh_from_db()

    assert (paula.language, paula.spoken_language, before) == ("", "de", "de")
    assert "Sie wurden zu PMO Portal eingeladen" in mail.outbox[0].body
    assert (bob.read_language, bob.spoken_language) == ("en", "en")


def test_person_without_address_is_not_invited() -> None:
    person = people.create_person(actor=None, name="Bob")

    with pytest.raises(DomainError, match="e-mail address"):
        people.invite_person(actor=None, person=person, origin="https://pmo.example.org")

    assert not User.objects.exists()


def test_end_of_access_is_immediate_and_keeps_history(client: Client) -> None:
    """SEC-7, ORG-7."""
    bob = factories.user("Bob")
    held = factories.grant(bob, Role.TEAM_MEMBER, factories.portfolio_node())
    person = people.create_person(actor=None, name="Bob", email=bob.email, user=bob)
    client.force_login(bob)
    client.get("/accounts/sessions/")
    secret = create_token(actor=bob, user=bob, name="x").secret

    people.end_access(actor=None, person=person, version=1, today=TODAY, reason="left")

    bob.refresh_from_db()
    assert client.get("/accounts/sessions/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {secret}"}).status_code == 401
    assert RoleGrant.objects.filter(pk=held.pk).exists()
    assert (bob.is_active, holds(bob, "project.view")) == (False, False)
    assert Person.objects.get().active_to == TODAY


def test_last_administrator_keeps_access() -> None:
    """SEC-15."""
    ada = factories.user("Ada")
    factories.grant(ada, Role.ADMINISTRATOR, organization_node())
    person = people.create_person(actor=None, name="Ada", email=ada.email, user=ada)

    with pytest.raises(LastOfRole):
        people.end_access(actor=None, person=person, version=1, today=TODAY)

    ada.refresh_from_db()
    assert ada.is_active
    assert not AuditEntry.objects.filter(action="person.access_ended").exists()


def test_stale_edit_changes_nothing() -> None:
    """SEC-29."""
    person = people.create_person(actor=None, name="Bob")
    people.edit_person(actor=None, person=person, version=1, changes={"name": "Robert"})

    with pytest.raises(StaleObject):
        people.edit_person(actor=None, person=person, version=1, changes={"name": "Rob"})

    assert Person.objects.get().name == "Robert"


def test_name_and_address_of_the_sign_in_follow_the_person() -> None:
    bob = factories.user("Bob")
    person = people.create_person(actor=None, name="Bob", email=bob.email, user=bob)

    people.edit_person(actor=None, person=person, version=1, changes={"email": "New@Example.org"})

    bob.refresh_from_db()
    assert bob.email == "new@example.org"


def test_unit_does_not_belong_to_itself() -> None:
    """ORG-1: CYCLE."""
    top = units.create_unit(actor=None, values={"code": "a", "name": "A"})
    low = units.create_unit(actor=None, values={"code": "b", "name": "B", "parent": top})

    for parent in (top, low):
        with pytest.raises(units.UnitCycle):
            units.edit_unit(actor=None, unit=top, version=1, changes={"parent": parent})

    assert OrgUnit.objects.get(code="A").parent is None


def test_chart_has_at_most_ten_levels() -> None:
    """ORG-1."""
    parent = None
    for level in range(10):
        parent = units.create_unit(
            actor=None, values={"code": f"L{level}", "name": f"Level {level}", "parent": parent}
        )

    with pytest.raises(DomainError, match="10 levels"):
        units.create_unit(actor=None, values={"code": "L10", "name": "Too deep", "parent": parent})

    assert OrgUnit.objects.count() == 10


def test_first_administrator_is_made_by_command_with_a_good_password(monkeypatch) -> None:
    """SEC-64: no default account, no weak password."""
    monkeypatch.setenv("PMO_ADMIN_PASSWORD", "password")
    with pytest.raises(CommandError):
        call_command("create_admin", "--email", "ada@example.org")
    assert not User.objects.exists()
    monkeypatch.setenv("PMO_ADMIN_PASSWORD", "staple mushroom lantern")

    call_command("create_admin", "--email", "ada@example.org", "--name", "Ada", "--pmo-head")

    assert set(RoleGrant.objects.values_list("user__email", "role")) == {
        ("ada@example.org", "ADMINISTRATOR"),
        ("ada@example.org", "PMO_HEAD"),
    }


def test_two_people_do_not_share_an_address() -> None:
    people.create_user(actor=None, email="bob@example.org", name="Bob")

    with pytest.raises(ValidationError):
        people.create_user(actor=None, email="BOB@example.org", name="Bob too")

    assert User.objects.count() == 1
