"""Versions of project templates: loaded, proposed, edited, published, withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio import actions
from portfolio.choices import TemplateState as State
from portfolio.interchange.template_file import TemplateFile, read_template, shipped_templates
from portfolio.models import ProjectTemplate, TemplateVersion
from portfolio.rollup.project_template import TemplateContent, TemplateFault, faults_of_template
from portfolio.services.version_numbers import rank_of, require_newer, require_no_draft

FIRST_VERSION = "1.0.0"


class TemplateFaultyError(DomainError):
    """No project could be made of the content; ``faults`` lists where and why."""

    code = "TEMPLATE_FAULTY"

    def __init__(self, faults: list[TemplateFault]) -> None:
        super().__init__(_("No project can be made of this yet. What is missing is listed on its page."))
        self.faults = faults


def next_version(template: ProjectTemplate | None) -> str:
    """Return the number of the next version: one more in the middle. One query."""
    newest = None if template is None else template.versions.order_by("-rank").first()
    if newest is None:
        return FIRST_VERSION
    major, minor, _patch = newest.version.split(".")
    return f"{major}.{int(minor) + 1}.0"


@transaction.atomic
def load_template(*, actor: User | None, file: TemplateFile, now: datetime) -> TemplateVersion | None:
    """
    Bring in the version a file describes and return it; None when it is there, unchanged.

    The first version of a template is published at once; a further one is a draft somebody publishes.

    Raises
    ------
    Conflict
        If the version is there with another content, is below the one in force, or if a draft waits.
    """
    template, _made = ProjectTemplate.objects.get_or_create(code=file.code)
    versions = TemplateVersion.objects.select_for_update().filter(template=template)
    known = versions.filter(version=file.version).first()
    document = file.content.to_dict()
    if known is not None:
        if known.content != file.content:
            raise Conflict(
                _("%(name)s is there with another content. Give the file a new version number.")
                % {"name": known},
                code="VERSION_KNOWN",
            )
        return None
    require_newer(versions.filter(state=State.PUBLISHED).first(), rank_of(file.version))
    require_no_draft(versions.filter(state=State.DRAFT).first())
    is_first = not versions.exists()
    made = TemplateVersion(
        template=template,
        version=file.version,
        rank=rank_of(file.version),
        state=State.PUBLISHED if is_first else State.DRAFT,
        changelog=file.changelog.en,
        document=document,
        published_at=now if is_first else None,
    )
    made.full_clean(exclude=["created_at"])
    made.save()
    _record(actor, actions.TEMPLATE_LOADED, made, after={"state": made.state})
    return made


def load_shipped_templates(*, actor: User | None, now: datetime) -> list[TemplateVersion]:
    """Bring in the templates that come with the portal; return those that were not there."""
    found = [load_template(actor=actor, file=read_template(path), now=now) for path in shipped_templates()]
    return [version for version in found if version is not None]


@transaction.atomic
def keep_templates(*, now: datetime) -> int:
    """Bring the shipped templates into an installation without any; return how many. Safe to run twice."""
    return 0 if ProjectTemplate.objects.exists() else len(load_shipped_templates(actor=None, now=now))


@transaction.atomic
def propose_version(
    *, actor: User, code: str, content: TemplateContent, changelog: str = ""
) -> TemplateVersion:
    """
    Keep content as a draft: of a new template, or the next version of one that is there.

    Raises
    ------
    NotAllowed
        If the person may propose templates nowhere.
    Conflict
        ``DRAFT_THERE`` if somebody's draft waits already.
    """
    if not holds(actor, "template.propose"):
        raise NotAllowed(_("You may not propose templates."))
    template, is_new = ProjectTemplate.objects.select_for_update().get_or_create(code=code)
    if is_new:
        template.full_clean(exclude=["created_at"])
    if template.versions.filter(state=State.DRAFT).exists():
        raise Conflict(
            _("A draft of %(code)s waits already. It is published or withdrawn first.") % {"code": code},
            code="DRAFT_THERE",
            field="code",
        )
    number = next_version(template)
    made = TemplateVersion(
        template=template,
        version=number,
        rank=rank_of(number),
        changelog=changelog.strip(),
        document=content.to_dict(),
        proposed_by=actor,
    )
    made.full_clean(exclude=["created_at"])
    made.save()
    _record(actor, actions.TEMPLATE_PROPOSED, made, after={"rows": len(content.rows)})
    return made


@transaction.atomic
def edit_draft(
    *, actor: User, version: TemplateVersion, content: TemplateContent, changelog: str, expected_edition: int
) -> TemplateVersion:
    """
    Give a draft another content.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    Conflict
        ``WRONG_STATE`` if it is no draft any more.
    """
    locked = _lock(version, State.DRAFT)
    if locked.proposed_by_id != actor.pk:
        require_right(actor, "template.edit")
    if locked.edition != expected_edition:
        raise StaleObject(_("Somebody saved this draft in between. Look at it again."))
    document = content.to_dict()
    if (document, changelog.strip()) == (locked.document, locked.changelog):
        return locked
    before = {"changelog": locked.changelog, "name": locked.document.get("name")}
    locked.document, locked.changelog, locked.edition = document, changelog.strip(), locked.edition + 1
    locked.save(update_fields=["document", "changelog", "edition"])
    after = {"changelog": locked.changelog, "name": document.get("name")}
    _record(actor, actions.TEMPLATE_CHANGED, locked, before=before, after=after)
    return locked


@transaction.atomic
def publish_version(*, actor: User, version: TemplateVersion, now: datetime) -> TemplateVersion:
    """
    Let a draft make projects; the published version before it is superseded.

    Raises
    ------
    TemplateFaultyError
        If no project could be made of the content.
    """
    require_right(actor, "template.edit")
    locked = _lock(version, State.DRAFT)
    faults = faults_of_template(locked.content)
    if faults:
        raise TemplateFaultyError(faults)
    former = (
        TemplateVersion.objects.select_for_update()
        .filter(template_id=locked.template_id, state=State.PUBLISHED)
        .first()
    )
    if former is not None:
        former.state = State.SUPERSEDED
        former.save(update_fields=["state"])
        _record(actor, actions.TEMPLATE_SUPERSEDED, former, after={"by": locked.version})
    locked.state, locked.published_by, locked.published_at = State.PUBLISHED, actor, now
    locked.save(update_fields=["state", "published_by", "published_at"])
    _record(actor, actions.TEMPLATE_PUBLISHED, locked, after={"state": locked.state})
    return locked


@transaction.atomic
def withdraw_version(*, actor: User, version: TemplateVersion, reason: str) -> TemplateVersion:
    """
    Take a draft or a published version back: no more projects are made from it.

    Raises
    ------
    DomainError
        Without a reason.
    """
    locked = _lock(version, State.DRAFT, State.PUBLISHED)
    if locked.state == State.PUBLISHED or locked.proposed_by_id != actor.pk:
        require_right(actor, "template.edit")
    if not reason.strip():
        raise DomainError(_("Say why the version is withdrawn."), field="reason")
    before, locked.state = locked.state, State.WITHDRAWN
    locked.save(update_fields=["state"])
    _record(
        actor,
        actions.TEMPLATE_WITHDRAWN,
        locked,
        before={"state": before},
        after={"state": locked.state},
        reason=reason.strip(),
    )
    return locked


def require_right(actor: User, permission: str) -> None:
    """Go on if the person holds the permission where templates are kept: for the whole organization."""
    node = organization_node()
    if not may(actor, permission, node):
        raise NotAllowed(_("Templates are kept by the PMO of the whole organization."))


def _lock(version: TemplateVersion, *states: str) -> TemplateVersion:
    locked = (
        TemplateVersion.objects.select_for_update(of=("self",)).select_related("template").get(pk=version.pk)
    )
    if locked.state not in states:
        raise Conflict(
            _("Version %(version)s is now in the state “%(state)s”, which does not allow this.")
            % {"version": locked.version, "state": locked.get_state_display()},
            code="WRONG_STATE",
        )
    return locked


def _record(actor: User | None, action: str, version: TemplateVersion, **values: Any) -> None:
    audit.record(actor=actor, action=action, target=version, node=organization_node(), **values)
