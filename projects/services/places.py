"""Where a project hangs in the tree of scopes, and who may see it there (ORG-2, ORG-9)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services import scopes
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.models import Project
from projects.selectors.sight import people_seeing
from projects.services.changes import (
    lock_open_project,
    lock_project,
    require_version,
    save_version,
    touch_project,
)
from projects.services.members import add_member
from projects.services.projects import require_home
from projects.services.states import MIN_REASON

# What somebody becomes who hides a project and wants to go on seeing it: the role that only reads.
STAYING_ROLE = Role.STAKEHOLDER


class LockedOutError(DomainError):
    """Who sets a project confidential would not see it any more."""

    code = "LOCKED_OUT"


@transaction.atomic
def move_project(
    *,
    actor: User | None,
    project: Project,
    parent_node: ScopeNode,
    reason: str,
    expected_version: int | None,
) -> Project:
    """
    Hang the project under another portfolio or program (ORG-2).

    Rights that come from the home change at once; roles on the project itself stay.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    Conflict
        If the project is closed (``PROJECT_CLOSED``) or there already (``SAME_HOME``).
    DomainError
        ``REASON_NEEDED``, ``NO_HOME``.
    """
    locked = lock_open_project(project)
    require_version(locked.version, expected=expected_version)
    require_home(parent_node)
    former = locked.node.parent
    if former is not None and former.pk == parent_node.pk:
        raise Conflict(_("The project is there already."), code="SAME_HOME", field="home")
    _require_reason(reason)
    scopes.move_node(locked.node, parent=parent_node)
    save_version(locked)
    audit.record(
        actor=actor,
        action=actions.PROJECT_MOVED,
        target=locked,
        node=locked.node,
        before={"home": former.title if former else ""},
        after={"home": parent_node.title},
        reason=reason,
    )
    touch_project(locked)
    return locked


@transaction.atomic
def set_confidential(
    *,
    actor: User | None,
    project: Project,
    is_confidential: bool,
    reason: str,
    expected_version: int | None,
    today: date,
    stays_in_sight: bool = False,
) -> Project:
    """
    Say whether people need a role on the project itself to see it.

    Parameters
    ----------
    stays_in_sight : bool
        Give the actor the role of a stakeholder on the project, if it would be out of sight otherwise.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    LockedOutError
        If the actor would not see the project afterwards.
    Conflict
        ``SAME_SECRECY`` if it is so already.
    DomainError
        ``REASON_NEEDED``.
    """
    locked = lock_project(project)
    require_version(locked.version, expected=expected_version)
    if locked.node.is_confidential == is_confidential:
        raise Conflict(_("The project is like that already."), code="SAME_SECRECY")
    _require_reason(reason)
    if actor is not None and is_confidential:
        _keep_in_sight(actor, locked, today, wanted=stays_in_sight)
    scopes.rename_node(locked.node, title=locked.name, is_confidential=is_confidential)
    save_version(locked)
    audit.record(
        actor=actor,
        action=actions.PROJECT_SECRECY_CHANGED,
        target=locked,
        node=locked.node,
        before={"is_confidential": not is_confidential},
        after={"is_confidential": is_confidential},
        reason=reason,
    )
    touch_project(locked)
    return locked


def _keep_in_sight(actor: User, project: Project, today: date, *, wanted: bool) -> None:
    """Refuse a secret kept from the one who makes it, unless they take a role on the project."""
    if actor.pk in people_seeing(project.node, today=today, is_confidential=True):
        return
    if not wanted:
        raise LockedOutError(
            _("You would not see the project any more. Take a role on it, or ask the PMO head to do this."),
            field="stays_in_sight",
        )
    add_member(actor=actor, project=project, user=actor, role=STAYING_ROLE, today=today)


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON:
        raise DomainError(
            _("Say why, in at least %(count)s characters.") % {"count": MIN_REASON},
            code="REASON_NEEDED",
            field="reason",
        )
