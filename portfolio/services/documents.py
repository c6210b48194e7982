"""Documents of projects: begun from a template, written section by section, submitted for approval."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import permissions_on
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio import actions
from portfolio.choices import ArtefactState, DocumentState
from portfolio.models import DocumentTemplate, DocumentVersion, ProjectDocument
from portfolio.rollup.codec import to_plain
from portfolio.rollup.document import Section, seal
from portfolio.selectors.document_facts import filled_sections, open_sections, suggestion
from portfolio.selectors.documents import MONEY_RIGHTS, requirements_for
from portfolio.services.artefacts import record_step
from portfolio.services.governance import lock_project
from projects.models import Project

WORK = "artefact.submit"
LONGEST_SECTION = 20_000


@transaction.atomic
def begin_document(
    *,
    actor: User,
    project: Project,
    template: DocumentTemplate,
    language: str,
    today: date,
    title: str = "",
    requirement: str = "",
) -> DocumentVersion:
    """
    Make version 1 of a document, filled with the values of the day the person may see.

    Raises
    ------
    NotAllowed
        If the person does not work on artefacts here.
    Conflict
        If the template is not in force, or the requirement has its document already.
    DomainError
        If the requirement is none of the project, or asks for another template.
    """
    project = lock_project(actor, project, WORK)
    if not template.is_current:
        raise Conflict(_("Choose the version of the template that is in force."), code="NOT_IN_FORCE")
    if requirement and requirement not in requirements_for(project, template.code, today=today):
        raise DomainError(
            _("This requirement asks for another document."), field="requirement", code="OTHER_TEMPLATE"
        )
    if requirement and ProjectDocument.objects.filter(project=project, requirement=requirement).exists():
        raise Conflict(_("There is a document for this requirement already."), code="DOCUMENT_THERE")
    document = ProjectDocument(
        project=project,
        template=template,
        requirement=requirement,
        title=title.strip() or template.content.title.text(language),
        language=language,
        made_on=today,
        made_by=actor,
    )
    document.full_clean()
    document.save()
    sections = filled_sections(
        template.content,
        project,
        today=today,
        language=language,
        sees_money=_sees_money(actor, project),
    )
    made = _keep(DocumentVersion(document=document, number=1), sections, actor, today)
    after = {"title": document.title, "template": str(template), "requirement": requirement}
    _record(actor, actions.DOCUMENT_BEGUN, made, after=after)
    return made


@transaction.atomic
def write_section(
    *,
    actor: User,
    document: ProjectDocument,
    section: str,
    text: str,
    expected_revision: int,
    today: date,
) -> DocumentVersion:
    """
    Save the text of a section. A decided version stays as it is: the next one begins with its words.

    Raises
    ------
    NotAllowed
        If the person does not work on artefacts here, or the section is money they may not see.
    Conflict
        If the newest version waits for its decision.
    StaleObject
        If somebody saved the document in between.
    """
    project = lock_project(actor, document.project, WORK)
    newest = _newest(document)
    if newest.state == DocumentState.SUBMITTED:
        raise Conflict(_("The document waits for its approval, so it cannot be changed."), code="SUBMITTED")
    if newest.revision != expected_revision:
        raise StaleObject(_("Somebody else saved this document meanwhile. Look at it, then save again."))
    part = next((part for part in newest.parts if part.code == section), None)
    if part is None:
        raise DomainError(_("There is no such section."), field="section", code="NO_SUCH_SECTION")
    if part.is_money and not _sees_money(actor, project):
        raise NotAllowed(_("This section is for people who may see the money of the project."))
    if len(text) > LONGEST_SECTION:
        raise DomainError(_("The text is too long. Split the section."), field="text", code="TOO_LONG")
    rule = document.template.content.section(section)
    written = "" if rule is not None and rule.is_form(text) else text.strip()
    target = newest
    if newest.state != DocumentState.DRAFT:
        target = DocumentVersion(document=document, number=newest.number + 1, revision=newest.revision)
    sections = tuple(
        Section(each.code, each.title, written if each.code == section else each.text, each.is_money)
        for each in newest.parts
    )
    target.revision += 1
    made = _keep(target, sections, actor, today)
    after = {"version": made.number, "section": part.title, "checksum": made.checksum}
    _record(actor, actions.DOCUMENT_WRITTEN, made, after=after)
    return made


@transaction.atomic
def submit_document(
    *, actor: User, document: ProjectDocument, expected_revision: int, today: date
) -> DocumentVersion:
    """
    Hand the draft over for approval; it is the artefact of its requirement from now on.

    Raises
    ------
    Conflict
        If there is no draft, or the document belongs to no requirement.
    StaleObject
        If the draft is another one than the person looked at.
    DomainError
        ``SECTIONS_EMPTY`` while a section is not written.
    """
    lock_project(actor, document.project, WORK)
    newest = _newest(document)
    if not document.requirement:
        raise Conflict(
            _("The document belongs to no requirement, so nobody has to approve it."), code="NO_REQUIREMENT"
        )
    if newest.state != DocumentState.DRAFT:
        raise Conflict(_("There is no draft to submit."), code="NO_DRAFT")
    if newest.revision != expected_revision:
        raise StaleObject(_("Somebody else saved this document meanwhile. Look at it, then submit it."))
    missing = open_sections(newest.parts)
    if missing:
        raise DomainError(
            _("Not written yet: %(titles)s.") % {"titles": ", ".join(part.title for part in missing)},
            code="SECTIONS_EMPTY",
        )
    record_step(
        actor=actor,
        project=document.project,
        requirement=document.requirement,
        state=ArtefactState.SUBMITTED,
        today=today,
        note=f"{document.title} {newest.number}, SHA-256 {newest.checksum}",
    )
    newest.state, newest.submitted_by = DocumentState.SUBMITTED, actor
    newest.full_clean()
    newest.save()
    _record(actor, actions.DOCUMENT_SUBMITTED, newest, after={"checksum": newest.checksum})
    return newest


@transaction.atomic
def decide_document(
    *, actor: User, document: ProjectDocument, checksum: str, is_approved: bool, today: date, note: str = ""
) -> DocumentVersion:
    """
    Approve the submitted version, or give it back; who may is said by its requirement (ORG-8).

    Raises
    ------
    Conflict
        If nothing waits, or another version than the one the person read.
    NotAllowed, DomainError
        As `record_step` says.
    """
    lock_project(actor, document.project, "project.view")
    waiting = _newest(document)
    if waiting.state != DocumentState.SUBMITTED or waiting.checksum != checksum:
        raise Conflict(_("Another version waits by now. Read it, then decide."), code="OTHER_VERSION")
    record_step(
        actor=actor,
        project=document.project,
        requirement=document.requirement,
        state=ArtefactState.APPROVED if is_approved else ArtefactState.RETURNED,
        today=today,
        note=note,
    )
    waiting.refresh_from_db()
    return waiting


def suggested_text(*, actor: User, document: ProjectDocument, section: str, today: date) -> str:
    """Return the text a section would begin with today, for this person; empty without one. Reads only."""
    return suggestion(
        document.template.content,
        section,
        document.project,
        today=today,
        language=document.language,
        sees_money=_sees_money(actor, document.project),
    )


def _newest(document: ProjectDocument) -> DocumentVersion:
    versions = DocumentVersion.objects.select_for_update(of=("self",)).select_related(
        "document__project__node"
    )
    return versions.filter(document=document).order_by("-number")[:1].get()


def _sees_money(actor: User, project: Project) -> bool:
    return bool(permissions_on(actor, project.node) & MONEY_RIGHTS)


def _keep(
    version: DocumentVersion, sections: tuple[Section, ...], actor: User, today: date
) -> DocumentVersion:
    """Write the words of a version with their seal."""
    document = version.document
    version.sections = [to_plain(section) for section in sections]
    version.checksum = seal(
        project=document.project.code,
        title=document.title,
        language=document.language,
        number=version.number,
        sections=sections,
    )
    version.written_on, version.written_by = today, actor
    version.full_clean()
    version.save()
    return version


def _record(actor: User, action: str, version: DocumentVersion, *, after: Mapping[str, object]) -> None:
    node = version.document.project.node
    audit.record(actor=actor, action=action, target=version, node=node, after=after)
