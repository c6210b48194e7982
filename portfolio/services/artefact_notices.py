"""Messages about artefacts: to who may approve what was submitted, and to who submitted what was decided."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import nearest_holders
from pmo_portal.notifications.services.inbox import notify
from portfolio.choices import ArtefactState as State
from portfolio.models import ArtefactStep, ProjectDocument
from portfolio.rollup.methodology import RequirementRule
from portfolio.selectors.governance import Governance, governance_address
from portfolio.selectors.methodologies import said
from projects.models import Project

TITLES = {
    State.SUBMITTED: _("Waiting for your approval: %(name)s"),
    State.APPROVED: _("Approved: %(name)s"),
    State.RETURNED: _("Given back: %(name)s"),
}


def tell_of_step(
    *, actor: User, project: Project, known: Governance, row: RequirementRule, step: ArtefactStep
) -> int:
    """
    Tell whom a step concerns, and return how many; nobody about work that was only begun.

    What is submitted waits for the nearest holders of the approver role: those of the project, else those of
    the program or portfolio above it (ORG-8: never the submitter).
    """
    if step.state == State.SUBMITTED:
        people = nearest_holders(project.node, step.approver_roles, besides=actor)
    elif step.state in TITLES:
        before = known.last_steps[row.code].made_by
        people = [before] if before else []
    else:
        return 0
    address = _address(project, row.code) if people else ""
    return sum(_tell(person, project, row, step, address) for person in people)


def _tell(person: User, project: Project, row: RequirementRule, step: ArtefactStep, address: str) -> int:
    """Tell a person in their own language."""
    with override(person.spoken_language):
        title = str(TITLES[State(step.state)]) % {"name": f"{row.code} {said(row.title)}"}
        return notify(
            users=[person],
            kind="artefact_step",
            title=f"{title} · {project.code}",
            body=step.note or project.name,
            url=address,
            dedupe_key=step_key(step),
        )


def step_key(step: ArtefactStep) -> str:
    """Return the key of the messages about a step."""
    return f"artefact-step:{step.pk}"


def _address(project: Project, requirement: str) -> str:
    document = ProjectDocument.objects.filter(project=project, requirement=requirement).first()
    if document is None:
        return governance_address(project.code)
    document.project = project
    return document.get_absolute_url()
