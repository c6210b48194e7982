"""Who is told about versions of methodologies: approvers, authors, managers of projects (STD-1, STD-2)."""

from datetime import timedelta

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.notifications.models import Notification
from portfolio.models import MethodologyVersion
from portfolio.rollup.methodology import Words
from portfolio.services import methodologies as service
from portfolio.services.governance import bind_methodology
from portfolio.services.methodology_drafts import edit_head
from projects.models import Project
from tests.factories import grant, manager_of, project, user
from tests.portfolio.methods import DAY, NOW, anna, draft_of, paula, stage_gate

pytestmark = pytest.mark.django_db
NAME = "Stage-gate 1.1.0"


def messages() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind="methodology").order_by("pk")
    return [(row.user.name, row.title, row.body) for row in rows]


def changed(author: User) -> MethodologyVersion:
    """A draft with other words than its base."""
    draft = draft_of(stage_gate(), author)
    words = {"changelog": Words("Less paper", "Weniger Papier"), "summary": Words("New", "Neu")}
    return edit_head(actor=author, version=draft, edition=draft.edition, values=words)


def followed(manager: User, code: str) -> Project:
    """A live project on SG 1.0.2."""
    made = project(code, state="EXECUTING")
    grant(manager, Role.PROJECT_MANAGER, made.node)
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    return made


def test_a_version_on_its_way_into_force_tells_who_acts_next() -> None:
    """Approvers in their own language; the author of each step; managers once about all their projects."""
    author, head, alice = anna(), paula(), user("Alice")
    deputy = user("Petra", language="de")
    grant(deputy, Role.PMO_HEAD, organization_node())
    followed(alice, "P-2"), followed(alice, "P-1")
    draft = changed(author)

    service.submit_version(actor=author, version=draft)
    service.return_version(actor=head, version=draft, reason="Say why")
    service.submit_version(actor=author, version=draft)
    service.approve_version(actor=head, version=draft, now=NOW)
    service.publish_version(actor=head, version=draft, effective_from=DAY, today=DAY)

    waiting = [
        ("Paula", f"Waiting for your approval: {NAME}", "Less paper"),
        ("Petra", "Wartet auf Ihre Genehmigung: Stage-Gate 1.1.0", "Weniger Papier"),
    ]
    assert sorted(messages()[:2]) == waiting
    assert messages()[2] == ("Anna", f"Given back: {NAME}", "Say why")
    assert sorted(messages()[3:5]) == waiting
    assert messages()[5:] == [
        ("Anna", f"Approved, not in force yet: {NAME}", "Less paper"),
        ("Anna", f"In force: {NAME}", "Less paper"),
        ("Alice", f"A new version is in force: {NAME}. Your projects keep theirs.", "P-1, P-2"),
    ]


def test_a_later_day_is_told_and_the_night_tells_the_rest() -> None:
    author, head = anna(), paula()
    manager_of(made := project("P-1", state="EXECUTING"))
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    draft, later = changed(author), DAY + timedelta(days=7)
    service.submit_version(actor=author, version=draft)
    service.approve_version(actor=head, version=draft, now=NOW)
    Notification.objects.all().delete()

    service.publish_version(actor=head, version=draft, effective_from=later, today=DAY)
    before = messages()
    service.bring_due_into_force(today=later)
    service.bring_due_into_force(today=later)

    assert before == [("Anna", f"Published for a later day: {NAME}", "Less paper")]
    assert [(name, title) for name, title, _body in messages()[1:]] == [
        ("Anna", f"In force: {NAME}"),
        ("Alice", f"A new version is in force: {NAME}. Your projects keep theirs."),
    ]


def test_closed_projects_and_own_deeds_are_not_told() -> None:
    author, head = anna(), paula()
    manager_of(made := project("P-1", state="EXECUTING"))
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    Project.objects.update(state="CLOSED")
    draft = changed(author)
    service.submit_version(actor=author, version=draft)
    service.approve_version(actor=head, version=draft, now=NOW)
    Notification.objects.all().delete()

    service.withdraw_version(actor=head, version=draft, reason="Not now")

    assert messages() == [("Anna", f"Withdrawn: {NAME}", "Not now")]
