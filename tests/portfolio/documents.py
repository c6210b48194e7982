"""Documents for tests: a project under the stage-gate method, its people, its charter."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from portfolio.interchange.document_file import SHIPPED, read_document
from portfolio.models import DocumentTemplate, DocumentVersion, ProjectDocument
from portfolio.services import documents
from portfolio.services.document_templates import load_document
from portfolio.services.governance import bind_methodology
from projects.models import BudgetLine, Project
from tests.factories import grant, manager_of, money, project, user
from tests.portfolio.methods import stage_gate

DAY = date(2026, 3, 2)
KNOWN_TEXT = "Known."


@dataclass(frozen=True)
class Stage:
    """Alice manages, Sam sponsors, Bob is a member without a right to money."""

    project: Project
    alice: User
    sam: User
    bob: User
    template: DocumentTemplate


def template(code: str = "charter") -> DocumentTemplate:
    """A shipped template, in force."""
    made = load_document(actor=None, file=read_document(SHIPPED / f"{code}.toml"), today=DAY)
    return made or DocumentTemplate.objects.get(code=code, is_current=True)


def stage(*, today: date = DAY) -> Stage:
    """A project that follows SG 1.0.2 at tier T2, with a budget of 1000 EUR."""
    made = project("P-1", name="Pump", tier="T2", planned_start=DAY, planned_finish=date(2026, 9, 30))
    alice, sam, bob = manager_of(made), user("Sam"), user("Bob")
    grant(sam, Role.SPONSOR, made.node)
    grant(bob, Role.TEAM_MEMBER, made.node)
    BudgetLine.objects.create(
        project=made, category="LABOUR", amount=money("1000"), currency="EUR", effective_from=DAY
    )
    bind_methodology(actor=None, project=made, version=stage_gate(), today=today)
    return Stage(made, alice, sam, bob, template())


def charter(on: Stage, *, actor: User | None = None, today: date = DAY) -> ProjectDocument:
    """The charter, begun."""
    made = documents.begin_document(
        actor=actor or on.alice,
        project=on.project,
        template=on.template,
        language="en",
        requirement="SG-06",
        today=today,
    )
    return made.document


def newest(document: ProjectDocument) -> DocumentVersion:
    """The newest version, read again."""
    return document.versions.order_by("-number")[0]


def write_all(on: Stage, document: ProjectDocument, *, today: date = DAY) -> DocumentVersion:
    """Write below every heading that is open."""
    for part in newest(document).parts:
        if not part.is_written:
            write(on, document, part.code, KNOWN_TEXT, today=today)
    return newest(document)


def write(
    on: Stage,
    document: ProjectDocument,
    section: str,
    text: str,
    *,
    actor: User | None = None,
    today: date = DAY,
) -> DocumentVersion:
    """Write below a heading of the newest version."""
    return documents.write_section(
        actor=actor or on.alice,
        document=document,
        section=section,
        text=text,
        expected_revision=newest(document).revision,
        today=today,
    )


def submitted(on: Stage, *, today: date = DAY) -> ProjectDocument:
    """The charter, written and submitted by Alice."""
    document = charter(on, today=today)
    revision = write_all(on, document, today=today).revision
    documents.submit_document(actor=on.alice, document=document, expected_revision=revision, today=today)
    return document


def decide(document: ProjectDocument, actor: Any, *, is_approved: bool = True, note: str = "") -> Any:
    """The decision on the newest words."""
    checksum = newest(document).checksum
    return documents.decide_document(
        actor=actor, document=document, checksum=checksum, is_approved=is_approved, note=note, today=DAY
    )
