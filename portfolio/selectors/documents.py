"""Documents of projects and their templates, as pages and the API show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse

from pmo_portal.accounts.scopes import nearest_holders
from portfolio.access import acts_in_role
from portfolio.choices import ArtefactState, DocumentState
from portfolio.models import DocumentTemplate, DocumentVersion, ProjectDocument
from portfolio.rollup.document import Section, seal
from portfolio.rollup.methodology import RequirementRule
from portfolio.selectors.governance import Governance, approver_roles, governance_of
from portfolio.selectors.methodologies import said
from portfolio.selectors.methodology_words import role_names
from projects.models import Project

MONEY_RIGHTS = frozenset({"budget.view", "budget.view_totals"})
CHARTER = "charter"
TONES = {"DRAFT": "", "SUBMITTED": "amber", "RETURNED": "red", "APPROVED": "green"}
ICONS = {"DRAFT": "pencil", "SUBMITTED": "clock", "RETURNED": "arrow-left", "APPROVED": "shield-check"}


@dataclass(frozen=True)
class TemplateCard:
    """A document template in force, with its headings and how often it is used."""

    code: str
    version: str
    title: str
    summary: str
    headings: tuple[str, ...]
    uses: int
    url: str


@dataclass(frozen=True)
class DocumentRow:
    """A document in the list of a project."""

    pk: int
    title: str
    requirement: str
    template: str
    language: str
    number: int
    state: str
    state_title: str
    tone: str
    icon: str
    written: int
    sections: int
    approved: int | None
    day: date
    by: str
    url: str


@dataclass(frozen=True)
class Offer:
    """A template a person may begin with, for a requirement or without one."""

    template: str
    title: str
    summary: str
    requirement: str
    requirement_title: str

    @property
    def key(self) -> str:
        """Template and requirement in one value of a form."""
        return f"{self.template}:{self.requirement}"


@dataclass(frozen=True)
class ShownSection:
    """A section as one person sees it; ``is_hidden`` when it is money they may not see."""

    code: str
    title: str
    guidance: str
    text: str
    is_money: bool
    is_hidden: bool
    is_written: bool


@dataclass(frozen=True)
class DocumentPage:
    """A version of a document for one person."""

    document: ProjectDocument
    version: DocumentVersion
    state_title: str
    tone: str
    icon: str
    versions: tuple[DocumentVersion, ...]
    sections: tuple[ShownSection, ...]
    requirement_title: str
    approver: str
    signers: tuple[str, ...]
    is_newest: bool
    is_intact: bool
    can_write: bool
    can_submit: bool
    is_approver: bool
    can_decide: bool

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be decided on."""
        return self.version.state in {DocumentState.DRAFT, DocumentState.SUBMITTED}

    @property
    def lacks_signer(self) -> bool:
        """Whether it is still to be decided on, and nobody may."""
        return self.is_waiting and bool(self.approver) and not self.signers

    @property
    def missing(self) -> tuple[str, ...]:
        """Headings nobody wrote below yet."""
        return tuple(section.title for section in self.sections if not section.is_written)

    @property
    def next_section(self) -> str:
        """Code of the first section this person can write and nobody wrote; the first of all without one."""
        mine = [section for section in self.sections if not section.is_hidden]
        empty = next((section for section in mine if not section.is_written), None)
        return (empty or mine[0]).code if mine else ""


@dataclass(frozen=True)
class StartPage:
    """How far a project is on the way to a signed charter."""

    governance: Governance | None
    requirement: str
    approver: str
    page: DocumentPage | None
    step: str
    is_approved_elsewhere: bool = False


def template_cards(user: Any) -> list[TemplateCard]:
    """Return the templates in force, used by the projects a person sees. Two queries."""
    seen = ProjectDocument.objects.filter(project__in=Project.objects.visible_to(user).values("pk"))
    made = seen.values("template__code").annotate(number=Count("pk")).order_by()
    uses = {row["template__code"]: row["number"] for row in made}
    rows = DocumentTemplate.objects.filter(is_current=True).order_by("code")
    return [
        TemplateCard(
            code=row.code,
            version=row.version,
            title=said(row.content.title),
            summary=said(row.content.summary),
            headings=tuple(said(rule.title) for rule in row.content.sections),
            uses=uses.get(row.code, 0),
            url=row.get_absolute_url(),
        )
        for row in rows
    ]


def document_rows(project: Project) -> list[DocumentRow]:
    """Return the documents of a project by title. Two queries."""
    documents = ProjectDocument.objects.filter(project=project).select_related("template", "project")
    return [
        _document_row(each)
        for each in documents.prefetch_related("versions__written_by").order_by("title", "pk")
    ]


def _document_row(document: ProjectDocument) -> DocumentRow:
    versions = sorted(document.versions.all(), key=lambda row: row.number)
    newest = versions[-1]
    approved = [row.number for row in versions if row.state == DocumentState.APPROVED]
    return DocumentRow(
        pk=document.pk,
        title=document.title,
        requirement=document.requirement,
        template=str(document.template),
        language=document.get_language_display(),
        number=newest.number,
        state=newest.state,
        state_title=str(newest.get_state_display()),
        tone=TONES[newest.state],
        icon=ICONS[newest.state],
        written=sum(part.is_written for part in newest.parts),
        sections=len(newest.parts),
        approved=approved[-1] if approved else None,
        day=newest.shown_day,
        by=newest.written_by.name if newest.written_by else "",
        url=document.get_absolute_url(),
    )


def requirements_for(project: Project, template: str, *, today: date) -> dict[str, RequirementRule]:
    """Return the requirements of the project's methodology that ask for a template. At most six queries."""
    known = governance_of(project, today)
    return _asking(known, template)


def offers(project: Project, *, today: date) -> list[Offer]:
    """Return what may be begun: each requirement without its document first. At most eight queries."""
    known = governance_of(project, today)
    taken = set(
        ProjectDocument.objects.filter(project=project)
        .exclude(requirement="")
        .values_list("requirement", flat=True)
    )
    required, free = [], []
    for row in DocumentTemplate.objects.filter(is_current=True).order_by("code"):
        title, summary = said(row.content.title), said(row.content.summary)
        asking = _asking(known, row.code)
        for rule in asking.values():
            if rule.code not in taken:
                required.append(Offer(row.code, title, summary, rule.code, said(rule.title)))
        if not asking:
            free.append(Offer(row.code, title, summary, "", ""))
    return [*sorted(required, key=lambda offer: offer.requirement), *free]


def version_of(document: ProjectDocument, number: int | None = None) -> DocumentVersion | None:
    """Return a version of a document, the newest without a number; None if there is none. One query."""
    rows = document.versions.select_related("written_by", "submitted_by", "decided_by")
    wanted = rows if number is None else rows.filter(number=number)
    return wanted.order_by("-number").first()


def document_page(
    user: Any, document: ProjectDocument, version: DocumentVersion, *, rights: frozenset[str], today: date
) -> DocumentPage:
    """Return a version as the person sees it; ``signers`` are who may decide on it. At most ten queries."""
    known = governance_of(document.project, today)
    rule = known.content.requirement(document.requirement) if known else None
    versions = tuple(document.versions.defer("sections").order_by("-number"))
    is_newest = version.number == versions[0].number
    works = "artefact.submit" in rights
    deciders = approver_roles(known, rule) if known and rule else ()
    is_approver = acts_in_role(user, deciders, document.project.node)
    signers = nearest_holders(document.project.node, deciders, besides=version.submitted_by)
    return DocumentPage(
        document=document,
        version=version,
        state_title=str(version.get_state_display()),
        tone=TONES[version.state],
        icon=ICONS[version.state],
        versions=versions,
        sections=shown_sections(document, version, rights),
        requirement_title=f"{rule.code} {said(rule.title)}" if rule else document.requirement,
        approver=role_names(known.content, (rule.approver,)) if known and rule and rule.approver else "",
        signers=tuple(person.name for person in signers),
        is_newest=is_newest,
        is_intact=is_intact(document, version),
        can_write=works and is_newest and version.state != DocumentState.SUBMITTED,
        can_submit=works and is_newest and bool(rule) and version.state == DocumentState.DRAFT,
        is_approver=is_approver,
        can_decide=is_approver
        and version.state == DocumentState.SUBMITTED
        and version.submitted_by_id != user.pk,
    )


def shown_sections(
    document: ProjectDocument, version: DocumentVersion, rights: frozenset[str]
) -> tuple[ShownSection, ...]:
    """Return the sections; those of money without their text for who may not see money. No query."""
    sees_money = bool(rights & MONEY_RIGHTS)
    content = document.template.content
    return tuple(_shown(part, content, document.language, sees_money) for part in version.parts)


def _shown(part: Section, content: Any, language: str, sees_money: bool) -> ShownSection:
    rule = content.section(part.code)
    is_hidden = part.is_money and not sees_money
    return ShownSection(
        code=part.code,
        title=part.title,
        guidance=rule.guidance.text(language) if rule else "",
        text="" if is_hidden else part.text,
        is_money=part.is_money,
        is_hidden=is_hidden,
        is_written=part.is_written,
    )


def is_intact(document: ProjectDocument, version: DocumentVersion) -> bool:
    """Whether the words of a version still have the seal they were given. No query."""
    made = seal(
        project=document.project.code,
        title=document.title,
        language=document.language,
        number=version.number,
        sections=version.parts,
    )
    return made == version.checksum


def start_page(user: Any, project: Project, *, rights: frozenset[str], today: date) -> StartPage:
    """
    Return the way of a project to its signed charter. At most 19 queries.

    Steps: METHOD, BEGIN, WRITE, SUBMIT, SIGN, SIGNED; NO_CHARTER when the methodology asks for none.
    """
    known = governance_of(project, today)
    asking = _asking(known, CHARTER)
    rule = next(iter(asking.values()), None)
    approver = role_names(known.content, (rule.approver,)) if known and rule and rule.approver else ""
    if known is None or rule is None:
        step = "METHOD" if known is None else "NO_CHARTER"
        return StartPage(governance=known, requirement="", approver="", page=None, step=step)
    rows = ProjectDocument.objects.select_related("template", "project__node")
    document = rows.filter(project=project, requirement=rule.code).first()
    version = version_of(document) if document else None
    if document is None or version is None:
        last = known.last_steps.get(rule.code)
        is_elsewhere = last is not None and last.state == ArtefactState.APPROVED
        return StartPage(known, rule.code, approver, None, "BEGIN", is_elsewhere)
    page = document_page(user, document, version, rights=rights, today=today)
    return StartPage(known, rule.code, approver, page, _step(page))


def _step(page: DocumentPage) -> str:
    if page.version.state == DocumentState.APPROVED:
        return "SIGNED"
    if page.version.state == DocumentState.SUBMITTED:
        return "SIGN"
    is_ready = page.version.state == DocumentState.DRAFT and not page.missing
    return "SUBMIT" if is_ready else "WRITE"


def _asking(known: Governance | None, template: str) -> dict[str, RequirementRule]:
    if known is None:
        return {}
    return {rule.code: rule for rule in known.content.requirements if rule.template == template}


def documents_address(code: str) -> str:
    """Return the address of the documents of a project."""
    return reverse("portfolio:documents", args=[code])
