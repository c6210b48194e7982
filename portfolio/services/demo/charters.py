"""Charters of the demo: written by the project manager, signed by whom the methodology names."""

from datetime import date

from pmo_portal.accounts.scopes import nearest_holders
from portfolio.models import DocumentTemplate
from portfolio.rollup.methodology import RequirementRule
from portfolio.selectors.governance import Governance
from portfolio.services.documents import begin_document, decide_document, submit_document, write_section
from projects.models import Project
from projects.selectors.members import leads_of

WORDS = {
    "goals": (
        "| Goal | Measure | Today | Target | Measured on |\n| --- | --- | --- | --- | --- |\n"
        "| Fewer interruptions | minutes a customer and year | 74 | 55 | a year after hand-over |\n"
        "| Less work by hand | hours a month | 320 | 200 | three months after hand-over |"
    ),
    "scope": (
        "**In:**\n\n- everything needed until operations take over\n- training of those who run it\n\n"
        "**Out:**\n\n- contracts that end after hand-over\n- changes to neighboring systems"
    ),
    "deliverables": (
        "| Deliverable | For | Accepted by |\n| --- | --- | --- |\n"
        "| Approved design | Operations | Head of operations |\n"
        "| Working result, tested | Operations | Sponsor |\n"
        "| Manuals and trained people | Operations | Head of operations |"
    ),
    "constraints": "- Customers are switched off between 22:00 and 5:00 only.\n- Rules of the operator hold.",
    "assumptions": (
        "- Permits arrive within eight weeks (checked monthly by the project manager).\n"
        "- The two planners named stay on the project until the design is approved."
    ),
    "risks": (
        "| Risk | Effect | Response | Owner |\n| --- | --- | --- | --- |\n"
        "| A permit is late | four weeks | ask early, plan work that needs none | Project manager |\n"
        "| Prices rise | up to 5 % of the budget | order long items first | Sponsor |"
    ),
}


def sign_charter(project: Project, known: Governance, row: RequirementRule, *, day: date) -> bool:
    """Write and sign the charter of a project on a day; False where nobody leads it or may sign."""
    managers = leads_of(project, today=day).managers
    role = known.content.role(row.approver)
    signers = nearest_holders(project.node, role.held_by, besides=managers[0]) if managers and role else []
    if not signers:
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
    for code, text in WORDS.items():
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
