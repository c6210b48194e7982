"""Steps of artefacts: begun, submitted, approved by the approver role, given back; controls done (STD-5)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.services import settle
from portfolio import actions
from portfolio.access import acts_in_role
from portfolio.choices import ArtefactState as State
from portfolio.models import ArtefactStep
from portfolio.models.governance import between_bars
from portfolio.rollup.methodology import RequirementRule
from portfolio.selectors.governance import name_of, roles_asked
from portfolio.services.artefact_notices import step_key, tell_of_step
from portfolio.services.document_states import follow_step
from portfolio.services.governance import bound, lock_project, record, requirement_of
from projects.models import Project

WORK = frozenset({State.IN_WORK, State.SUBMITTED, State.DONE})


@transaction.atomic
def record_step(
    *,
    actor: User | None,
    project: Project,
    requirement: str,
    state: str,
    today: date,
    link: str = "",
    note: str = "",
) -> ArtefactStep:
    """
    Keep a step of an artefact; the document submitted for it goes along.

    Raises
    ------
    NotAllowed
        If somebody approves without the approver role, or what they submitted themselves (ORG-8).
    Conflict
        If there is nothing submitted to approve or give back; ``NOTHING_NEW`` if it says what was said.
    DomainError
        If a control is approved, an artefact is "done", or something is given back without a note.
    """
    project = lock_project(actor, project, "artefact.submit" if state in WORK else "project.view")
    known = bound(project, today)
    row = requirement_of(known, requirement)
    _require_fitting(row, state)
    last = known.last_steps.get(row.code)
    if state in WORK:
        _require_news(last, state, link, note)
    else:
        _require_decision(actor, project, last, state, note)
    made = ArtefactStep(
        project=project,
        requirement=row.code,
        state=state,
        link=link,
        note=note.strip(),
        approvers=between_bars(roles_asked(known, row)) if state == State.SUBMITTED else "",
        made_on=today,
        made_by=actor,
    )
    made.full_clean()
    made.save()
    after = {"requirement": row.code, "state": state, "link": link}
    label = f"{name_of(known, row.code)}: {made.get_state_display()}"
    record(actor, actions.ARTEFACT_MOVED, made, project, after=after, reason=made.note, label=label)
    follow_step(actor=actor, project=project, step=made)
    if last is not None and last.state == State.SUBMITTED:
        settle(keys=[step_key(last)])
    if actor is not None:
        tell_of_step(actor=actor, project=project, known=known, row=row, step=made)
    return made


def _require_fitting(row: RequirementRule, state: str) -> None:
    if bool(row.cadence) != (state == State.DONE):
        raise DomainError(
            _("A recurring control is done; everything else is submitted and approved."),
            field="state",
            code="WRONG_STATE",
        )


def _require_news(last: ArtefactStep | None, state: str, link: str, note: str) -> None:
    """Refuse a step that changes nothing: who sends it would only take the place of who submitted."""
    is_same = last is not None and (last.state, last.link) == (state, link) and not note.strip()
    if is_same and state != State.DONE:
        raise Conflict(
            _("This is its state already. Choose what happened, or add a note or another link."),
            field="state",
            code="NOTHING_NEW",
        )


def _require_decision(
    actor: User | None, project: Project, last: ArtefactStep | None, state: str, note: str
) -> None:
    """Go on if something is submitted, and the person has the approver role and did not submit it."""
    if last is None or last.state != State.SUBMITTED:
        raise Conflict(_("Nothing is submitted, so there is nothing to decide on."), code="NOT_SUBMITTED")
    if state == State.RETURNED and not note.strip():
        raise DomainError(_("Say what should be changed."), field="note", code="NOTE_MISSING")
    if actor is None:
        return
    if not acts_in_role(actor, last.approver_roles, project.node):
        raise NotAllowed(_("This is approved by somebody in another role."), code="NOT_THE_APPROVER")
    if last.made_by_id == actor.pk:
        raise NotAllowed(_("You submitted it, so somebody else has to approve it."), code="OWN_REQUEST")
