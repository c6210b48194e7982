"""Versions of templates: who may do what, and that published ones stay."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio.interchange.template_file import read_template, shipped_templates
from portfolio.models import TemplateVersion
from portfolio.rollup.methodology import Words
from portfolio.selectors.template_content import Omission, project_as_template
from portfolio.services.project_templates import (
    TemplateFaultyError,
    edit_draft,
    keep_templates,
    load_shipped_templates,
    load_template,
    propose_version,
    publish_version,
    withdraw_version,
)
from portfolio.services.template_projects import Order, create_from_template
from portfolio.services.version_numbers import rank_of
from projects.models import Project, Task
from projects.services.tasks import edit_task
from tests.factories import grant, moment, user
from tests.portfolio.worlds import make_portfolio

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
TODAY = date(2026, 8, 3)
DAY = 480


@pytest.fixture
def paula() -> User:
    """The PMO."""
    person = user("Paula")
    grant(person, Role.PMO_HEAD, organization_node())
    return person


@pytest.fixture
def version() -> TemplateVersion:
    """The starter template."""
    (loaded,) = load_shipped_templates(actor=None, now=NOW)
    return loaded


@pytest.fixture
def project(version: TemplateVersion) -> Project:
    """A project of the starter template."""
    order = Order(
        name="Permits", start=date(2026, 9, 1), portfolio=make_portfolio("SERVICES"), total=Decimal(1000)
    )
    return create_from_template(actor=None, version=version, order=order, today=TODAY)


def alice_of(project: Project) -> User:
    """Return the project manager of a project."""
    alice = user("Alice")
    grant(alice, Role.PROJECT_MANAGER, project.node)
    return alice


def test_loading_twice_changes_nothing(version: TemplateVersion) -> None:
    """The first version is published at once; the same file again is passed over."""
    assert (version.version, version.state, version.published_at) == ("1.0.1", "PUBLISHED", NOW)
    assert load_shipped_templates(actor=None, now=NOW) == []
    assert AuditEntry.objects.filter(action="template.loaded").count() == 1


def test_file_below_the_version_in_force_or_beside_a_draft_is_left_out(version: TemplateVersion) -> None:
    """An upgrade of the portal puts nothing below what the PMO published, and no second draft beside one."""
    file = read_template(shipped_templates()[0])
    other = replace(file, version="1.0.9", content=replace(file.content, name=Words("Other")))
    TemplateVersion.objects.update(version="1.1.0", rank=rank_of("1.1.0"))

    with pytest.raises(Conflict, match=r"1\.1\.0 is in force already"):
        load_template(actor=None, file=other, now=NOW)
    draft = load_template(actor=None, file=replace(other, version="1.2.0"), now=NOW)
    with pytest.raises(Conflict, match=r"1\.2\.0 is being worked on"):
        load_template(actor=None, file=replace(other, version="1.3.0"), now=NOW)

    assert draft is not None
    states = dict(TemplateVersion.objects.values_list("version", "state"))
    assert states == {"1.1.0": "PUBLISHED", "1.2.0": "DRAFT"}


def test_daily_look_fills_an_empty_installation_once() -> None:
    """Safe to run twice; an installation with templates of its own is left alone."""
    assert (keep_templates(now=NOW), keep_templates(now=NOW)) == (1, 0)


def test_known_version_with_another_content_is_refused(version: TemplateVersion) -> None:
    """CON-9: what was published is never changed."""
    file = read_template(shipped_templates()[0])
    changed = replace(file, content=replace(file.content, tier="T3"))

    with pytest.raises(Conflict) as refusal:
        load_template(actor=None, file=changed, now=NOW)

    version.refresh_from_db()
    assert (refusal.value.code, version.content.tier) == ("VERSION_KNOWN", "T2")


def test_unchanged_project_is_its_template_again(version: TemplateVersion, project: Project) -> None:
    """Keys, words of both languages, roles, links, techniques and shares survive the way there and back."""
    found = project_as_template(project, with_money=True, today=TODAY)

    before, after = version.content, found.content
    assert found.omissions == ()
    assert after.rows == before.rows
    assert set(after.links) == set(before.links)
    assert {line.category: line.percent for line in after.lines} == {
        line.category: line.percent for line in before.lines
    }
    assert (after.name, after.risks, after.meetings) == (before.name, before.risks, before.meetings)


def test_what_a_template_does_not_hold_is_counted(project: Project) -> None:
    """Nothing is lost silently."""
    rows = project.template_use.rows
    task = Task.objects.get(project=project, uid=rows["4.1"])
    Task.objects.filter(pk=task.pk).update(
        constraint_type="SNET", constraint_date=moment(1), deadline=moment(2), ev_technique="UNITS"
    )
    Task.objects.filter(project=project, uid=rows["2.4"]).update(is_active=False)

    found = project_as_template(project, with_money=False, today=TODAY)

    assert found.omissions == (
        Omission("INACTIVE", 1),
        Omission("CONSTRAINTS", 1),
        Omission("DEADLINES", 1),
        Omission("TECHNIQUES", 1),
    )
    assert (len(found.content.rows), len(found.content.links), found.content.lines) == (30, 28, ())


def test_manager_proposes_and_pmo_publishes(version: TemplateVersion, project: Project, paula: User) -> None:
    """The next version supersedes the former; projects keep the one they were made from."""
    alice = alice_of(project)
    row = Task.objects.select_related("project").get(project=project, uid=project.template_use.rows["4.4"])
    edit_task(actor=alice, task=row, changes={"duration": 25 * DAY}, expected_version=None)
    content = project_as_template(project, with_money=True, today=TODAY).content

    draft = propose_version(actor=alice, code="SG-T2-SERVICE", content=content, changelog="Test is longer.")
    with pytest.raises(NotAllowed):
        publish_version(actor=alice, version=draft, now=NOW)
    publish_version(actor=paula, version=draft, now=NOW)

    states = dict(TemplateVersion.objects.values_list("version", "state"))
    assert states == {"1.0.1": "SUPERSEDED", "1.1.0": "PUBLISHED"}
    days = {item.key: item.days for item in TemplateVersion.objects.get(version="1.1.0").content.rows}
    project.template_use.refresh_from_db()
    assert (days["4.4"], project.template_use.version) == (25, version)
    done = (
        AuditEntry.objects.filter(action__startswith="template.")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert list(done)[-3:] == ["template.proposed", "template.superseded", "template.published"]


def test_second_draft_waits_for_the_first(project: Project) -> None:
    """Two drafts of one template would overwrite each other."""
    alice = alice_of(project)
    content = project_as_template(project, with_money=False, today=TODAY).content
    propose_version(actor=alice, code="SG-T2-SERVICE", content=content)

    with pytest.raises(Conflict) as refusal:
        propose_version(actor=alice, code="SG-T2-SERVICE", content=content)

    assert (refusal.value.code, TemplateVersion.objects.count()) == ("DRAFT_THERE", 2)


def test_stranger_proposes_nothing(project: Project) -> None:
    """Rights of domain 1.3; nothing is stored or audited."""
    content = project_as_template(project, with_money=False, today=TODAY).content
    before = AuditEntry.objects.count()

    with pytest.raises(NotAllowed):
        propose_version(actor=user("Charlie"), code="MINE", content=content)

    assert (TemplateVersion.objects.count(), AuditEntry.objects.count()) == (1, before)


def test_draft_is_edited_by_its_author_and_never_over_another_edit(project: Project, paula: User) -> None:
    """XC-1: a stale edition is refused."""
    alice = alice_of(project)
    content = project_as_template(project, with_money=False, today=TODAY).content
    draft = propose_version(actor=alice, code="MINE", content=content)
    renamed = replace(content, name=Words("Permit service"))

    edit_draft(actor=alice, version=draft, content=renamed, changelog="", expected_edition=1)
    with pytest.raises(StaleObject):
        edit_draft(actor=paula, version=draft, content=content, changelog="", expected_edition=1)

    draft.refresh_from_db()
    assert (draft.edition, draft.content.name.en, draft.version) == (2, "Permit service", "1.0.0")


def test_faulty_draft_is_not_published(project: Project, paula: User) -> None:
    """What is missing is listed; the state stays."""
    content = replace(project_as_template(project, with_money=False, today=TODAY).content, name=Words())
    draft = propose_version(actor=paula, code="MINE", content=content)

    with pytest.raises(TemplateFaultyError) as refusal:
        publish_version(actor=paula, version=draft, now=NOW)

    draft.refresh_from_db()
    assert ([fault.code for fault in refusal.value.faults], draft.state) == (["NO_NAME"], "DRAFT")


def test_published_version_is_withdrawn_by_the_pmo_with_a_reason(
    version: TemplateVersion, project: Project, paula: User
) -> None:
    """No reason, no right: nothing happens."""
    with pytest.raises(NotAllowed):
        withdraw_version(actor=alice_of(project), version=version, reason="Old.")
    with pytest.raises(DomainError) as refusal:
        withdraw_version(actor=paula, version=version, reason=" ")

    assert refusal.value.field == "reason"
    assert withdraw_version(actor=paula, version=version, reason="Old.").state == "WITHDRAWN"
    with pytest.raises(Conflict):
        withdraw_version(actor=paula, version=version, reason="Again.")
