"""Emergency access: one project, for hours, reading only, told and written down (matrix row 26)."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from pmo_portal.accounts.access import may, permissions_on
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import EmergencyAccess, Person, RoleGrant, User
from pmo_portal.accounts.permissions import matrix
from pmo_portal.accounts.selectors.emergency import accesses_visible_to, open_access_of
from pmo_portal.accounts.services import emergency, scopes
from pmo_portal.accounts.services.grants import end_grant, grant_role
from pmo_portal.accounts.services.people import create_person, end_access
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common import jobs
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from pmo_portal.notifications.services import set_email_wanted
from projects.models import Project
from projects.services.places import set_confidential
from tests import factories

pytestmark = pytest.mark.django_db
REASON = "The plan cannot be opened any more"


def _hide(project: Project) -> None:
    """Make a project confidential."""
    set_confidential(
        actor=None,
        project=project,
        is_confidential=True,
        reason="Talks about a merger",
        expected_version=None,
        today=date(2026, 3, 2),
    )


@pytest.fixture
def ada() -> User:
    """Ada administers the portal and sees no project."""
    ada = factories.user("Ada")
    factories.grant(ada, Role.ADMINISTRATOR, scopes.organization_node())
    return ada


@pytest.fixture
def paula() -> User:
    """Paula heads the PMO and wants no mails."""
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, scopes.organization_node())
    set_email_wanted(actor=paula, by_email=False)
    return paula


@pytest.fixture
def bridge(paula: User) -> Project:
    """A project, beside another one."""
    factories.project("OTHER-1")
    return factories.project("BRIDGE-1")


def _open(ada: User, code: str = "BRIDGE-1", **values) -> EmergencyAccess:
    opened = emergency.open_access(actor=ada, project_code=code, **{"reason": REASON, "hours": 1, **values})
    ada.refresh_from_db()
    return opened


def _run_out(access: EmergencyAccess) -> None:
    """Let the hour pass: by the database, whatever the clock of this process says."""
    past = Now() - timedelta(seconds=1)
    EmergencyAccess.objects.filter(pk=access.pk).update(ends_at=past, opened_at=past - timedelta(hours=1))
    RoleGrant.objects.filter(role=Role.EMERGENCY_READER).update(ends_at=past)


def _codes(user: User) -> list[str]:
    return list(Project.objects.visible_to(user).order_by("code").values_list("code", flat=True))


def test_emergency_reader_holds_rights_to_read_only() -> None:
    held = {code for code, row in matrix().items() if row["EMG"] != "-"}

    assert {code.split(".")[1] for code in held} <= {"view", "view_totals"}
    assert "project.see_confidential" not in held
    assert "export.run" not in held


def test_opened_access_shows_one_project_to_read(ada: User, bridge: Project) -> None:
    assert _codes(ada) == []

    access = _open(ada, hours=2)

    assert _codes(ada) == ["BRIDGE-1"]
    assert access.ends_at - access.opened_at == timedelta(hours=2)
    assert {code.split(".")[1] for code in permissions_on(ada, bridge.node)} <= {
        "view",
        "view_totals",
        "edit",
        "revoke_any",
        "manage",
        "open",
        "view_technical",
    }
    for code in ("project.edit", "task.edit", "budget.edit", "member.edit", "export.run", "comment.write"):
        assert not may(ada, code, bridge.node)


def test_hour_of_the_database_ends_it_whatever_else_happens(ada: User, bridge: Project) -> None:
    """SEC-56: nobody has to do anything, and the clock of the process does not count."""
    access = _open(ada)

    _run_out(access)

    assert (_codes(ada), open_access_of(ada)) == ([], None)
    assert not may(ada, "project.view", bridge.node)
    assert emergency.close_lapsed() == 1
    assert emergency.close_lapsed() == 0
    access.refresh_from_db()
    assert (access.ended_at, access.ended_by) == (access.ends_at, None)
    assert not RoleGrant.objects.filter(role=Role.EMERGENCY_READER).exists()
    assert not User.objects.get(pk=ada.pk).has_emergency_access
    assert AuditEntry.objects.filter(action="emergency.lapsed", node=bridge.node).count() == 1


def test_every_head_is_told_in_the_inbox_and_by_mail(ada: User, paula: User, bridge: Project) -> None:
    """Those who turned mails off get this one too; each in their language."""
    hanna = factories.user("Hanna", language="de")
    factories.grant(hanna, Role.PMO_HEAD, scopes.organization_node())

    access = _open(ada)
    jobs.drain()

    told = {row.user_id: row for row in Notification.objects.filter(kind="emergency_access")}
    assert set(told) == {paula.pk, hanna.pk}
    assert told[paula.pk].title.startswith("Emergency access: Ada reads project BRIDGE-1 until")
    assert told[hanna.pk].title.startswith("Notzugriff: ")
    assert REASON in told[paula.pk].body
    assert sorted(message.to[0] for message in mail.outbox) == sorted([paula.email, hanna.email])
    assert "turn these mails off" not in mail.outbox[0].body + mail.outbox[1].body
    entry = AuditEntry.objects.get(action="emergency.opened")
    assert (entry.actor, entry.node, entry.reason) == (ada, bridge.node, REASON)
    assert entry.after["project"] == access.project_code


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "Just looking at it."}, "reason"),
        ({"reason": "x" + " " * 40}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"hours": 24}, "hours"),
        ({"project_code": "  "}, "project_code"),
        ({"project_code": "x" * 61}, "project_code"),
    ],
)
def test_incomplete_request_opens_nothing(ada: User, bridge: Project, values, field: str) -> None:
    wanted = {"project_code": "BRIDGE-1", "reason": REASON, "hours": 1, **values}

    with pytest.raises(DomainError) as refusal:
        emergency.open_access(actor=ada, **wanted)

    assert refusal.value.field == field
    assert not EmergencyAccess.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="emergency.").exists()


def test_others_than_administrators_open_nothing(paula: User, bridge: Project) -> None:
    with pytest.raises(NotAllowed):
        _open(paula)

    assert not EmergencyAccess.objects.exists()


def test_without_a_head_nobody_could_be_told(ada: User) -> None:
    factories.project("BRIDGE-1")

    with pytest.raises(Conflict) as refusal:
        _open(ada)

    assert refusal.value.code == "NOBODY_TO_TELL"
    assert _codes(ada) == []


def test_wrong_code_costs_and_says_the_same_as_a_right_one(ada: User, paula: User, bridge: Project) -> None:
    """SEC-10: written down, told and counted alike; only what is opened differs."""
    wrong = _open(ada, "NONE-1")
    assert (wrong.node, _codes(ada)) == (None, [])
    jobs.drain()

    assert "leads to no project" in Notification.objects.get(user=paula).body
    # Administrators read the technical trail: neither entry is in it.
    assert not AuditEntry.objects.visible_to(ada).filter(action__startswith="emergency.").exists()
    assert AuditEntry.objects.visible_to(paula).filter(action="emergency.opened").count() == 1
    with pytest.raises(Conflict) as refusal:
        _open(ada)
    assert refusal.value.code == "OPEN_ALREADY"


def test_confidential_project_needs_the_statement(ada: User, bridge: Project) -> None:
    _hide(bridge)

    without = _open(ada)
    assert (without.node, _codes(ada)) == (None, [])
    emergency.end_access_now(actor=ada, access=without)
    _open(ada, includes_confidential=True)

    assert _codes(ada) == ["BRIDGE-1"]


def test_access_ends_when_the_project_becomes_confidential(ada: User, bridge: Project) -> None:
    access = _open(ada)

    _hide(bridge)

    access.refresh_from_db()
    assert access.ended_at is not None
    assert _codes(ada) == []


def test_codes_cannot_be_tried_out(ada: User, bridge: Project) -> None:
    for number in range(emergency.OPENED_PER_DAY):
        emergency.end_access_now(actor=ada, access=_open(ada, f"NONE-{number}"))

    with pytest.raises(Conflict) as refusal:
        _open(ada)

    assert refusal.value.code == "TOO_MANY"
    assert _codes(ada) == []


def test_head_ends_it_at_once_and_confirms_it(ada: User, paula: User, bridge: Project) -> None:
    access = _open(ada)

    ended = emergency.end_access_now(actor=paula, access=access)
    confirmed = emergency.confirm_access(actor=paula, access=access)

    assert _codes(ada) == []
    assert (ended.ended_by, confirmed.confirmed_by) == (paula, paula)
    actions = AuditEntry.objects.filter(action__startswith="emergency.").order_by("sequence")
    assert list(actions.values_list("action", "actor__name")) == [
        ("emergency.opened", "Ada"),
        ("emergency.ended", "Paula"),
        ("emergency.confirmed", "Paula"),
    ]
    for again in (emergency.end_access_now, emergency.confirm_access):
        with pytest.raises(Conflict):
            again(actor=paula, access=access)


def test_nobody_else_ends_or_confirms_it(ada: User, bridge: Project) -> None:
    access = _open(ada)
    second = factories.user("Second")
    factories.grant(second, Role.ADMINISTRATOR, scopes.organization_node())

    for actor, act in (
        (second, emergency.end_access_now),
        (second, emergency.confirm_access),
        (ada, emergency.confirm_access),
    ):
        with pytest.raises(NotAllowed):
            act(actor=actor, access=access)

    assert _codes(ada) == ["BRIDGE-1"]
    assert list(accesses_visible_to(second)) == []


def test_access_ends_with_the_role_of_the_administrator(ada: User, paula: User, bridge: Project) -> None:
    """SEC-7."""
    other = factories.user("Other")
    factories.grant(other, Role.ADMINISTRATOR, scopes.organization_node())
    access = _open(ada)

    end_grant(actor=None, grant=ada.grants.get(role=Role.ADMINISTRATOR))

    access.refresh_from_db()
    assert access.ended_at is not None
    assert _codes(ada) == []


def test_access_stays_ended_when_the_person_comes_back(ada: User, bridge: Project) -> None:
    """SEC-7."""
    other = factories.user("Other")
    factories.grant(other, Role.ADMINISTRATOR, scopes.organization_node())
    person: Person = create_person(actor=None, name="Ada", email=ada.email, user=ada)
    _open(ada)

    end_access(actor=None, person=person, version=person.version, today=factories.MONDAY)
    User.objects.filter(pk=ada.pk).update(is_active=True)

    assert _codes(User.objects.get(pk=ada.pk)) == []


def test_role_of_an_emergency_reader_is_given_to_nobody(paula: User, bridge: Project) -> None:
    """SEC-15: not even from the command line, and the database refuses one without an end."""
    for actor in (paula, None):
        with pytest.raises(NotAllowed):
            grant_role(actor=actor, user=factories.user(), role=Role.EMERGENCY_READER, node=bridge.node)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.grant(factories.user(), Role.EMERGENCY_READER, bridge.node)

    assert not RoleGrant.objects.filter(role=Role.EMERGENCY_READER).exists()


def test_emergency_reader_is_no_member_of_the_project(ada: User, bridge: Project) -> None:
    from projects.selectors.members import member_rows, people_of

    create_person(actor=None, name="Ada", email=ada.email, user=ada)
    _open(ada)

    assert member_rows(bridge, today=factories.MONDAY) == []
    assert list(people_of(bridge)) == []
