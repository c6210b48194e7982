"""Moving a project, hiding it and showing it again (ORG-2, ORG-9, XC-1)."""

from datetime import date
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from pmo_portal.common.models import Job
from projects.models import Project
from projects.selectors.sight import people_seeing
from projects.services.places import move_project, set_confidential
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
REASON = "Reorganized in spring"


def move(project: Project, target: Any, **options: Any) -> Project:
    values = {"actor": None, "reason": REASON, "expected_version": None, **options}
    return move_project(project=project, parent_node=target, **values)


def hide(
    project: Project, *, actor: User | None = None, is_confidential: bool = True, **options: Any
) -> None:
    values = {"reason": REASON, "expected_version": None, "today": TODAY, **options}
    set_confidential(actor=actor, project=project, is_confidential=is_confidential, **values)


def manager_of_home(project: Project) -> User:
    """Charlie manages the portfolio: no role on the project itself."""
    charlie = factories.user("Charlie")
    factories.grant(charlie, Role.PORTFOLIO_MANAGER, project.node.parent)
    return charlie


def test_move_takes_the_node_along() -> None:
    """ORG-2: one home; the reason stands in the trail, and fresh health is ordered."""
    project, target = factories.project(), factories.portfolio_node("Other")
    Job.objects.all().delete()

    move(project, target)

    project.refresh_from_db()
    assert (project.node.parent, project.version) == (target, 2)
    assert project.node.path == f"{target.path}{project.node_id}/"
    entry = AuditEntry.objects.get(action="project.moved")
    assert (entry.before, entry.after) == ({"home": "Portfolio"}, {"home": "Other"})
    assert entry.reason == REASON
    assert Job.objects.filter(name="portfolio.refresh_health").count() == 1


@pytest.mark.parametrize("code", ["STALE", "REASON_NEEDED", "SAME_HOME", "NO_HOME", "PROJECT_CLOSED"])
def test_refused_move_changes_nothing(code: str) -> None:
    """XC-1, ORG-2."""
    project, target = factories.project(), factories.portfolio_node("Other")
    home = project.node.parent
    options: dict[str, Any] = {}
    if code == "STALE":
        options["expected_version"] = 7
    elif code == "REASON_NEEDED":
        options["reason"] = "x"
    elif code == "SAME_HOME":
        target = home
    elif code == "NO_HOME":
        target = organization_node()
    else:
        Project.objects.filter(pk=project.pk).update(state="CLOSED")

    with pytest.raises(DomainError) as refused:
        move(project, target, **options)

    assert refused.value.code == code
    assert Project.objects.select_related("node").get().node.parent == home
    assert not AuditEntry.objects.filter(action="project.moved").exists()


def test_confidential_project_is_hidden_from_scope_roles() -> None:
    """ORG-9: only a role on the project itself, or one that sees secrets, still counts."""
    project = factories.project()
    charlie = manager_of_home(project)
    seen_before = Project.objects.visible_to(charlie).count()

    hide(project)

    assert (seen_before, Project.objects.visible_to(charlie).count()) == (1, 0)
    entry = AuditEntry.objects.get(action="project.secrecy_changed")
    assert (entry.after, entry.reason) == ({"is_confidential": True}, REASON)


def test_nobody_hides_a_project_from_themselves() -> None:
    """No one locks themselves out silently."""
    project = factories.project()
    charlie = manager_of_home(project)

    with pytest.raises(DomainError) as refused:
        hide(project, actor=charlie)

    assert (refused.value.code, refused.value.field) == ("LOCKED_OUT", "stays_in_sight")
    assert not Project.objects.select_related("node").get().node.is_confidential
    assert not AuditEntry.objects.filter(action="project.secrecy_changed").exists()


def test_who_hides_a_project_may_take_a_role_on_it() -> None:
    """SEC-15: a role they may give, and it stands in the trail."""
    project = factories.project()
    charlie = manager_of_home(project)

    hide(project, actor=charlie, stays_in_sight=True)

    assert Project.objects.visible_to(charlie).get() == project
    granted = charlie.grants.get(node=project.node)
    assert (granted.role, granted.granted_by) == (Role.STAKEHOLDER, charlie)
    assert AuditEntry.objects.filter(action="grant.created").count() == 1


def test_shown_again_needs_a_version_and_a_reason() -> None:
    """XC-1, SEC-29."""
    project = factories.project(is_confidential=True)

    with pytest.raises(StaleObject):
        hide(project, is_confidential=False, expected_version=5)
    with pytest.raises(DomainError, match="Say why"):
        hide(project, is_confidential=False, reason=" ")
    with pytest.raises(DomainError, match="already"):
        hide(project, is_confidential=True)
    hide(project, is_confidential=False)

    assert not Project.objects.select_related("node").get().node.is_confidential
    assert AuditEntry.objects.filter(action="project.secrecy_changed").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_people_seeing_a_project_take_one_query(count: int, django_assert_num_queries: Any) -> None:
    """The forecast of a move is what `visible_to` says after it."""
    project, target = factories.project(), factories.portfolio_node("Other")
    people = [factories.user(f"Person of {number}") for number in range(count)]
    for each in people:
        factories.grant(each, Role.EXECUTIVE, target)
    former = manager_of_home(project)

    with django_assert_num_queries(1):
        after = people_seeing(project.node, today=TODAY, parent=target)

    assert set(after) == {each.pk for each in people}
    move(project, target)
    assert [Project.objects.visible_to(each).count() for each in (*people, former)] == [1] * count + [0]
