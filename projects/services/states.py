"""The life of a project (ORG-4, ORG-5)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import grants_in_force
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from projects import actions
from projects.choices import ProjectState
from projects.models import Project
from projects.selectors.members import leads_of
from projects.selectors.states import next_states
from projects.services.changes import lock_project, require_version, save_version, touch_project
from projects.services.closing import follow_cancel, require_closable
from projects.services.cost_holds import end_cost_hold
from projects.services.former_values import remember_project

S = ProjectState
LED = frozenset({S.PLANNING, S.EXECUTING, S.CLOSING, S.CLOSED})
MIN_REASON = 10


def permission_for(target: str) -> str:
    """Return the right that is needed to bring a project into a state."""
    if target in {S.CANCELED, S.CLOSED}:
        return "project.delete"
    return "project.create" if target == S.APPROVED else "project.edit"


@transaction.atomic
def change_state(
    *,
    actor: User | None,
    project: Project,
    state: str,
    today: date,
    reason: str = "",
    sponsor_agrees: bool = False,
    expected_version: int | None = None,
) -> Project:
    """
    Bring the project into another state.

    Parameters
    ----------
    today : date
        Day of the change; the sponsor and project manager of that day count.
    reason : str
        Needed to hold, cancel and reopen.
    sponsor_agrees : bool
        The sponsor agreed; needed to reopen (ORG-5), and kept in the trail.

    Raises
    ------
    Conflict
        If the state cannot follow the present one, or sponsor or project manager are missing (ORG-4), or
        something has to be done before it is closed (`projects.services.closing`).
    NotAllowed
        If the right for this state is missing; closed projects are reopened by the PMO head only.
    """
    locked = lock_project(project)
    require_version(locked.version, expected=expected_version)
    if state not in next_states(locked):
        raise Conflict(
            _("A project that is “%(now)s” cannot become “%(then)s”.")
            % {"now": locked.get_state_display(), "then": S(state).label},
            code="STATE_ORDER",
            field="state",
        )
    _require_right(actor, locked, state)
    _require_reason(locked, state, reason)
    _require_agreement(locked, sponsor_agrees=sponsor_agrees)
    if state in LED and locked.state != S.CLOSED:
        _require_leads(locked, today)
    if state == S.CLOSED:
        require_closable(locked)
    remember_project(locked)
    former = locked.state
    locked.state_before_hold = former if state == S.ON_HOLD else ""
    locked.reopen_count += former == S.CLOSED
    locked.state, locked.state_since = state, today
    save_version(locked)
    _record(actor, locked, former=former, reason=reason)
    if former == S.ON_HOLD:
        end_cost_hold(actor=actor, project=locked, today=today)
    if state == S.CANCELED:
        follow_cancel(actor=actor, project=locked, today=today)
    touch_project(locked)
    return locked


def _record(actor: User | None, project: Project, *, former: str, reason: str) -> None:
    """Leave the trail of a new state; of a project that was closed, that its sponsor agreed."""
    is_reopened = former == S.CLOSED
    agreed = {"sponsor_agrees": True} if is_reopened else {}
    audit.record(
        actor=actor,
        action=actions.PROJECT_REOPENED if is_reopened else actions.PROJECT_STATE_CHANGED,
        target=project,
        node=project.node,
        before={"state": former},
        after={"state": project.state, "since": project.state_since, **agreed},
        reason=reason,
    )


def _require_right(actor: User | None, project: Project, target: str) -> None:
    """Refuse a person who may not bring the project into this state; the system may."""
    if actor is None:
        return
    if project.state == S.CLOSED:
        heads = grants_in_force(actor).filter(role=Role.PMO_HEAD)
        if not any(str(project.node.path).startswith(grant.node.path or "-") for grant in heads):
            raise NotAllowed(_("Only the PMO head can reopen a closed project."), field="state")
    elif not may(actor, permission_for(target), project.node):
        raise NotAllowed(
            _("You may not bring this project into the state “%(state)s”. Ask the portfolio manager.")
            % {"state": S(target).label},
            field="state",
        )


def _require_reason(project: Project, target: str, reason: str) -> None:
    needs_reason = target in {S.ON_HOLD, S.CANCELED} or project.state == S.CLOSED
    if needs_reason and len(reason.strip()) < MIN_REASON:
        raise DomainError(
            _("Say why, in at least %(count)s characters.") % {"count": MIN_REASON},
            code="REASON_NEEDED",
            field="reason",
        )


def _require_agreement(project: Project, *, sponsor_agrees: bool) -> None:
    """Refuse to reopen a project its sponsor has not agreed to reopen (ORG-5)."""
    if project.state == S.CLOSED and not sponsor_agrees:
        raise DomainError(
            _("A closed project is reopened only with the agreement of its sponsor. Ask, then say so here."),
            code="AGREEMENT_NEEDED",
            field="sponsor_agrees",
        )


def _require_leads(project: Project, today: date) -> None:
    """Refuse without exactly one sponsor and one project manager, two different people (ORG-4)."""
    leads = leads_of(project, today=today)
    wrong = []
    if len(leads.sponsors) != 1:
        wrong.append(_("exactly one sponsor (there are %(count)s)") % {"count": len(leads.sponsors)})
    if len(leads.managers) != 1:
        wrong.append(_("exactly one project manager (there are %(count)s)") % {"count": len(leads.managers)})
    if wrong:
        raise Conflict(
            _("From planning on a project needs %(what)s. Add them on the Team page first.")
            % {"what": str(_(" and ")).join(str(part) for part in wrong)},
            code="LEADS_MISSING",
            field="state",
        )
    if leads.sponsors[0].pk == leads.managers[0].pk:
        raise Conflict(
            _("Sponsor and project manager must be two different people."), code="SAME_LEADS", field="state"
        )
