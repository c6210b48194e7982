"""What becomes of a submitted document when the artefact it belongs to moves on."""

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from portfolio import actions
from portfolio.choices import ArtefactState, DocumentState
from portfolio.models import ArtefactStep, DocumentVersion
from projects.models import Project

DECIDED = {
    ArtefactState.APPROVED: DocumentState.APPROVED,
    ArtefactState.RETURNED: DocumentState.RETURNED,
}
TAKEN_BACK = frozenset({ArtefactState.IN_WORK, ArtefactState.SUBMITTED})
"""Work begun again, or something else submitted: what is decided next is not this document."""


def follow_step(*, actor: User | None, project: Project, step: ArtefactStep) -> DocumentVersion | None:
    """
    Decide on the submitted document of a requirement as its artefact was decided; None without one.

    Work begun again, or something else submitted in its place, takes the document back: it is a draft once
    more. The caller holds the project's lock.
    """
    if step.state not in {*DECIDED, *TAKEN_BACK}:
        return None
    waiting = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document__project")
    version = waiting.filter(
        document__project=project, document__requirement=step.requirement, state=DocumentState.SUBMITTED
    ).first()
    if version is None:
        return None
    is_back = step.state in TAKEN_BACK
    if is_back:
        version.state, version.submitted_by = DocumentState.DRAFT, None
    else:
        version.state = DECIDED[ArtefactState(step.state)]
        version.decided_on, version.decided_by = step.made_on, actor
        version.decision_note = step.note
    version.full_clean()
    version.save()
    audit.record(
        actor=actor,
        action=actions.DOCUMENT_TAKEN_BACK if is_back else actions.DOCUMENT_DECIDED,
        target=version,
        node=project.node,
        before={"state": DocumentState.SUBMITTED.value},
        after={"state": version.state, "checksum": version.checksum},
        reason=step.note,
    )
    return version
