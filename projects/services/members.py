"""Who works in a project (ORG-4, SEC-15)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant, User
from pmo_portal.accounts.services.grants import end_grant, grant_role
from pmo_portal.common.errors import Conflict, DomainError
from projects.models import Project
from projects.selectors.members import LEAD_ROLES, in_force_on, memberships
from projects.services.changes import lock_project, touch_project
from projects.services.states import LED


@transaction.atomic
def add_member(
    *,
    actor: User | None,
    project: Project,
    user: User,
    role: str,
    today: date,
    valid_from: date | None = None,
    valid_to: date | None = None,
    is_deputy: bool = False,
    takes_over: bool = False,
) -> RoleGrant:
    """
    Give a person a role in the project; the grants service decides who may give which role.

    Parameters
    ----------
    takes_over : bool
        A new sponsor or project manager ends the membership of the present one.

    Raises
    ------
    NotAllowed
        If the actor may not give this role here (SEC-15).
    Conflict
        ``ROLE_TAKEN`` if there is a sponsor or project manager already, ``SAME_PERSON`` if one person
        would be both (ORG-4).
    """
    locked = lock_project(project)
    if role in LEAD_ROLES and not is_deputy:
        holders = _holders(locked, role, today)
        if holders and not takes_over:
            raise Conflict(
                _("%(name)s is %(role)s already. Tick “takes over” to change that.")
                % {"name": holders[0].user.name, "role": Role(role).label},
                code="ROLE_TAKEN",
                field="takes_over",
            )
        for holder in holders:
            end_grant(actor=actor, grant=holder, reason=str(_("Somebody else takes over.")))
    grant = grant_role(
        actor=actor,
        user=user,
        role=role,
        node=locked.node,
        valid_from=valid_from,
        valid_to=valid_to,
        is_deputy=is_deputy,
    )
    touch_project(locked)
    return grant


@transaction.atomic
def remove_member(
    *, actor: User | None, project: Project, grant: RoleGrant, today: date, reason: str = ""
) -> None:
    """
    End a membership.

    Raises
    ------
    Conflict
        ``LEAD_NEEDED`` if a project in planning or later would be left without sponsor or manager (ORG-4).
    """
    locked = lock_project(project)
    held = memberships(locked).filter(pk=grant.pk).first()
    if held is None:
        raise DomainError(_("This membership belongs to another project."), code="NO_MEMBER")
    is_lead = held.role in LEAD_ROLES and not held.is_deputy
    if (
        is_lead
        and locked.state in LED
        and [row.pk for row in _holders(locked, held.role, today)] == [held.pk]
    ):
        raise Conflict(
            _("The project needs a %(role)s. Add the successor with “takes over” instead.")
            % {"role": Role(held.role).label},
            code="LEAD_NEEDED",
        )
    end_grant(actor=actor, grant=held, reason=reason)
    touch_project(locked)


def _holders(project: Project, role: str, today: date) -> list[RoleGrant]:
    return list(
        memberships(project)
        .filter(in_force_on(today), role=role, is_deputy=False, user__is_active=True)
        .select_related("user", "node")
        .order_by("pk")
    )
