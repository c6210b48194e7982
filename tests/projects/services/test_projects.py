"""Create, edit, move projects and change their state (ORG-2, ORG-4, ORG-5)."""

from datetime import date
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from pmo_portal.common.models import Job
from projects.models import Calendar, Project
from projects.selectors.states import next_states
from projects.services import closing, members, states
from projects.services.projects import create_project, edit_project
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def changed(project: Project) -> tuple[Any, ...]:
    """Return what a refusal must not change: the row, and the number of audit entries."""
    row = Project.objects.values_list("name", "state", "version", "node__path").get(pk=project.pk)
    return (*row, AuditEntry.objects.count())


def led_project(**facts: Any) -> Project:
    """Return a project that Alice manages and Simon sponsors."""
    project = factories.project(**facts)
    factories.manager_of(project)
    factories.grant(factories.user("Simon"), Role.SPONSOR, project.node)
    return project


def test_project_created_below_a_portfolio() -> None:
    """ORG-2: its node hangs below its home; code, calendar and audit entry are made."""
    home = factories.portfolio_node("Grid")

    project = create_project(actor=None, parent_node=home, name="Smart meters")

    assert project.code == "PRJ-0001"
    assert project.node.path == f"{home.path}{project.node_id}/"
    assert project.calendar == Calendar.objects.get(is_default=True)
    assert AuditEntry.objects.get().action == "project.created"
    assert Job.objects.filter(name="portfolio.refresh_health", key=str(project.pk)).count() == 1


def test_project_codes_count_up() -> None:
    first, second = factories.project(), factories.project()

    assert [first.code, second.code] == ["PRJ-0001", "PRJ-0002"]


@pytest.mark.parametrize("code", ["import", "Import", "new"])
def test_project_code_of_the_portal_refused(code: str) -> None:
    home = factories.portfolio_node()

    with pytest.raises(DomainError):
        create_project(actor=None, parent_node=home, name="X", code=code)

    assert Project.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_project_below_the_organization_refused() -> None:
    """ORG-2: the home is a portfolio or a program."""
    with pytest.raises(DomainError) as refusal:
        create_project(actor=None, parent_node=organization_node(), name="X")

    assert refusal.value.code == "NO_HOME"


def test_edit_writes_what_changed() -> None:
    project = factories.project(name="Old", category="IT")

    edit_project(actor=None, project=project, changes={"name": "New", "category": "IT"}, expected_version=1)

    project.refresh_from_db()
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert (project.name, project.version, project.node.title) == ("New", 2, "New")
    assert entry is not None
    assert (entry.before, entry.after) == ({"name": "Old"}, {"name": "New"})


def test_stale_edit_changes_nothing() -> None:
    """XC-1, SEC-29."""
    project = factories.project()
    edit_project(actor=None, project=project, changes={"name": "Theirs"}, expected_version=1)
    before = changed(project)

    with pytest.raises(StaleObject):
        edit_project(actor=None, project=project, changes={"name": "Mine"}, expected_version=1)

    assert changed(project) == before


def test_edit_of_a_column_that_is_not_listed_fails() -> None:
    """SEC-14."""
    project = factories.project()

    with pytest.raises(ValueError, match="state"):
        edit_project(actor=None, project=project, changes={"state": "CLOSED"}, expected_version=None)


def test_states_follow_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """ORG-5; what has to be done before closing is tested beside the rules that ask for it."""
    monkeypatch.setattr(closing, "_checks", [])
    project = led_project()
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, organization_node())

    for state in ["APPROVED", "INITIATING", "PLANNING", "EXECUTING", "CLOSING", "CLOSED"]:
        project = states.change_state(actor=paula, project=project, state=state, today=TODAY)

    assert (project.state, project.state_since, project.version) == ("CLOSED", TODAY, 7)


@pytest.mark.parametrize("state", ["INITIATING", "EXECUTING", "CLOSED", "ON_HOLD", "CANCELED", "PROPOSED"])
def test_state_out_of_order_refused(state: str) -> None:
    """ORG-5: a proposal can only be approved."""
    project = factories.project()
    before = changed(project)

    with pytest.raises(Conflict) as refusal:
        states.change_state(actor=None, project=project, state=state, today=TODAY, reason="x" * 20)

    assert refusal.value.code == "STATE_ORDER"
    assert changed(project) == before


def test_planning_needs_sponsor_and_manager() -> None:
    """ORG-4."""
    project = factories.project(state="INITIATING")
    before = changed(project)

    with pytest.raises(Conflict) as refusal:
        states.change_state(actor=None, project=project, state="PLANNING", today=TODAY)

    assert refusal.value.code == "LEADS_MISSING"
    assert str(refusal.value) == (
        "From planning on a project needs exactly one sponsor (there are 0) and exactly one project manager "
        "(there are 0). Add them on the Team page first."
    )
    assert changed(project) == before


def test_sponsor_whose_term_ended_does_not_count() -> None:
    """ORG-4: active on the day."""
    project = factories.project(state="INITIATING")
    factories.manager_of(project)
    grant = factories.grant(factories.user("Simon"), Role.SPONSOR, project.node)
    grant.valid_to = date(2026, 3, 1)
    grant.save()

    with pytest.raises(Conflict, match="exactly one sponsor"):
        states.change_state(actor=None, project=project, state="PLANNING", today=TODAY)


def test_deputies_are_extra() -> None:
    """ORG-4: they neither make a second lead nor stand in for the one that is missing."""
    project = led_project(state="INITIATING")
    for role in (Role.SPONSOR, Role.PROJECT_MANAGER):
        RoleGrant.objects.create(
            user=factories.user(f"Deputy {role}"), role=role, node=project.node, is_deputy=True
        )
    lone = factories.project(state="INITIATING")
    factories.manager_of(lone)
    RoleGrant.objects.create(user=factories.user("Simone"), role=Role.SPONSOR, node=lone.node, is_deputy=True)

    done = states.change_state(actor=None, project=project, state="PLANNING", today=TODAY)

    assert done.state == "PLANNING"
    with pytest.raises(Conflict, match="exactly one sponsor"):
        states.change_state(actor=None, project=lone, state="PLANNING", today=TODAY)


def test_every_running_state_can_be_held_and_canceled() -> None:
    """ORG-5: from approved to closing, and from a hold; what is closed or canceled is neither."""
    running = ["APPROVED", "INITIATING", "PLANNING", "EXECUTING", "CLOSING"]

    following = {state: next_states(Project(state=state)) for state in [*running, "CLOSED", "CANCELED"]}
    held = {state: next_states(Project(state="ON_HOLD", state_before_hold=state)) for state in running}

    assert all({"ON_HOLD", "CANCELED"} <= set(following[state]) for state in running)
    assert (following["CLOSED"], following["CANCELED"]) == (("CLOSING",), ())
    assert held == {state: (state, "CANCELED") for state in running}


def test_hold_remembers_and_returns() -> None:
    """ORG-5."""
    project = led_project(state="EXECUTING")

    held = states.change_state(
        actor=None, project=project, state="ON_HOLD", today=TODAY, reason="Waits for the license"
    )
    back = states.change_state(actor=None, project=held, state="EXECUTING", today=TODAY)

    assert (held.state, held.state_before_hold) == ("ON_HOLD", "EXECUTING")
    assert (back.state, back.state_before_hold) == ("EXECUTING", "")


def test_hold_without_reason_refused() -> None:
    project = factories.project(state="EXECUTING")

    with pytest.raises(DomainError) as refusal:
        states.change_state(actor=None, project=project, state="ON_HOLD", today=TODAY, reason="no")

    assert (refusal.value.code, refusal.value.field) == ("REASON_NEEDED", "reason")


def test_project_manager_may_not_cancel() -> None:
    """Matrix row 4: canceling needs ``project.delete``."""
    project = led_project(state="EXECUTING")
    alice = states.leads_of(project, today=TODAY).managers[0]
    before = changed(project)

    with pytest.raises(NotAllowed):
        states.change_state(
            actor=alice, project=project, state="CANCELED", today=TODAY, reason="No longer needed"
        )

    assert changed(project) == before


@pytest.mark.parametrize(("role", "is_allowed"), [(Role.PMO_HEAD, True), (Role.PORTFOLIO_MANAGER, False)])
def test_only_pmo_head_reopens(role: str, is_allowed: bool) -> None:
    """ORG-5: with a reason; the count goes up."""
    project = led_project(state="CLOSED")
    actor = factories.user("Paula")
    factories.grant(actor, role, organization_node())

    if is_allowed:
        opened = states.change_state(
            actor=actor,
            project=project,
            state="CLOSING",
            today=TODAY,
            reason="Warranty claim",
            sponsor_agrees=True,
        )
        assert (opened.state, opened.reopen_count) == ("CLOSING", 1)
        last = AuditEntry.objects.order_by("-sequence").first()
        assert last is not None
        assert (last.action, last.reason) == ("project.reopened", "Warranty claim")
    else:
        with pytest.raises(NotAllowed):
            states.change_state(
                actor=actor, project=project, state="CLOSING", today=TODAY, reason="Warranty claim"
            )


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"reason": "Warranty claim"}, "AGREEMENT_NEEDED", "sponsor_agrees"),
        ({"sponsor_agrees": True}, "REASON_NEEDED", "reason"),
    ],
)
def test_reopening_needs_the_sponsor_and_a_reason(given: dict[str, Any], code: str, field: str) -> None:
    """ORG-5: refused without either; nothing changed, nothing audited."""
    project = led_project(state="CLOSED")
    before, entries = changed(project), AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        states.change_state(actor=None, project=project, state="CLOSING", today=TODAY, **given)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert (changed(project), AuditEntry.objects.count()) == (before, entries)


def test_closed_project_cannot_be_edited() -> None:
    project = factories.project(state="CLOSED")
    before = changed(project)

    with pytest.raises(Conflict) as refusal:
        edit_project(actor=None, project=project, changes={"name": "X"}, expected_version=None)

    assert refusal.value.code == "PROJECT_CLOSED"
    assert changed(project) == before


def test_second_manager_refused_and_takeover_ends_the_first() -> None:
    """ORG-4: exactly one project manager."""
    project = led_project(state="EXECUTING")
    paula, anna = factories.user("Paula"), factories.user("Anna")
    factories.grant(paula, Role.PMO_HEAD, organization_node())

    with pytest.raises(Conflict) as refusal:
        members.add_member(actor=paula, project=project, user=anna, role=Role.PROJECT_MANAGER, today=TODAY)
    members.add_member(
        actor=paula, project=project, user=anna, role=Role.PROJECT_MANAGER, today=TODAY, takes_over=True
    )

    assert refusal.value.code == "ROLE_TAKEN"
    assert states.leads_of(project, today=TODAY).managers == (anna,)


def test_project_manager_may_not_make_managers() -> None:
    """SEC-15: nobody gives a role as high as the own one."""
    project = factories.project()
    alice = factories.manager_of(project)

    with pytest.raises(NotAllowed):
        members.add_member(
            actor=alice, project=project, user=factories.user(), role=Role.SPONSOR, today=TODAY
        )

    assert states.leads_of(project, today=TODAY).sponsors == ()


def test_last_sponsor_of_a_running_project_stays() -> None:
    """ORG-4."""
    project = led_project(state="EXECUTING")
    grant = project.node.grants.get(role=Role.SPONSOR)

    with pytest.raises(Conflict) as refusal:
        members.remove_member(actor=None, project=project, grant=grant, today=TODAY)

    assert refusal.value.code == "LEAD_NEEDED"
    assert project.node.grants.filter(role=Role.SPONSOR).count() == 1


def test_membership_of_another_project_is_not_removed() -> None:
    """SEC-12."""
    project, other = factories.project(), factories.project()
    grant = factories.grant(factories.user(), Role.TEAM_MEMBER, other.node)

    with pytest.raises(DomainError) as refusal:
        members.remove_member(actor=None, project=project, grant=grant, today=TODAY)

    assert refusal.value.code == "NO_MEMBER"
    assert other.node.grants.count() == 1
