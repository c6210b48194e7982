"""Messages about artefacts: to who may approve what was submitted, and to who submitted what was decided."""

from django.utils.translation import gettext as _

from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import nearest_holders
from pmo_portal.notifications.services.inbox import notify
from portfolio.choices import ArtefactState as State
from portfolio.models import ArtefactStep, ProjectDocument
from portfolio.rollup.methodology import RequirementRule
from portfolio.selectors.governance import Governance, governance_address
from portfolio.selectors.methodologies import said
from projects.models import Project


def tell_of_step(
    *, actor: User, project: Project, known: Governance, row: RequirementRule, step: ArtefactStep
) -> int:
    """
    Tell whom a step concerns, and return how many; nobody about work that was only begun.

    What is submitted waits for the nearest holders of the approver role: those of the project, else those of
    the program or portfolio above it (ORG-8: never the submitter).
    """
    name = f"{row.code} {said(row.title)}"
    if step.state == State.SUBMITTED:
        role = known.content.role(row.approver)
        people = nearest_holders(project.node, role.held_by, besides=actor) if role else []
        title, body = _("Waiting for your approval: %(name)s") % {"name": name}, ""
    elif step.state in {State.APPROVED, State.RETURNED}:
        before = known.last_steps[row.code].made_by
        people = [before] if before else []
        is_approved = step.state == State.APPROVED
        title = (_("Approved: %(name)s") if is_approved else _("Given back: %(name)s")) % {"name": name}
        body = step.note
    else:
        return 0
    if not people:
        return 0
    return notify(
        users=people,
        kind="artefact_step",
        title=f"{title} · {project.code}",
        body=body or project.name,
        url=_address(project, row.code),
        dedupe_key=f"artefact-step:{step.pk}",
    )


def _address(project: Project, requirement: str) -> str:
    document = ProjectDocument.objects.filter(project=project, requirement=requirement).first()
    if document is None:
        return governance_address(project.code)
    document.project = project
    return document.get_absolute_url()
