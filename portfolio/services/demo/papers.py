"""Documents of the demo: written by the project manager, signed by whom the methodology names."""

from datetime import date

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import nearest_holders
from portfolio.models import DocumentTemplate, ProjectDocument
from portfolio.rollup.methodology import RequirementRule
from portfolio.selectors.governance import Governance
from portfolio.services.demo.paper_texts import WORDS
from portfolio.services.documents import WORK, begin_document, decide_document, submit_document, write_section
from projects.models import Project
from projects.selectors.members import leads_of


def sign_paper(project: Project, known: Governance, row: RequirementRule, *, day: date) -> bool:
    """
    Write and sign what a requirement asks for on a day.

    False where nobody leads the project or may sign, and where the document is there from an earlier gate.
    """
    if ProjectDocument.objects.filter(project=project, requirement=row.code).exists():
        return False
    managers = leads_of(project, today=day).managers
    role = known.content.role(row.approver)
    signers = nearest_holders(project.node, role.held_by, besides=managers[0]) if managers and role else []
    if not signers or not may(managers[0], WORK, project.node):
        return False
    manager, signer = managers[0], signers[0]
    made = begin_document(
        actor=manager,
        project=project,
        template=DocumentTemplate.objects.get(code=row.template, is_current=True),
        language="en",
        requirement=row.code,
        today=day,
    )
    for code, text in WORDS[row.template].items():
        made = write_section(
            actor=manager,
            document=made.document,
            section=code,
            text=text,
            expected_revision=made.revision,
            today=day,
        )
    sent = submit_document(actor=manager, document=made.document, expected_revision=made.revision, today=day)
    decide_document(
        actor=signer, document=sent.document, checksum=sent.checksum, is_approved=True, today=day, note="Go."
    )
    return True
