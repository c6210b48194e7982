"""Who sees a project, and who would after a move or a change of secrecy (ORG-9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pmo_portal.accounts.models import RoleGrant, ScopeNode
from pmo_portal.accounts.permissions import roles_with
from projects.selectors.members import in_force_on

SEEING = "project.view"
SEEING_SECRETS = "project.see_confidential"


@dataclass(frozen=True)
class SightChange:
    """The people who see the project now and will not, and the other way round; names in order."""

    losing: tuple[str, ...]
    gaining: tuple[str, ...]
    staying: int


def people_seeing(
    node: ScopeNode, *, today: date, parent: ScopeNode | None = None, is_confidential: bool | None = None
) -> dict[int, str]:
    """
    Return the names of the people who see a project, by id. One query.

    Parameters
    ----------
    node : ScopeNode
        The node of the project.
    parent : ScopeNode, optional
        Another home to ask about; its own when not given.
    is_confidential : bool, optional
        Another secrecy to ask about; its own when not given.
    """
    path = f"{parent.path}{node.pk}/" if parent else str(node.path)
    hidden = node.is_confidential if is_confidential is None else is_confidential
    above = [int(part) for part in path.split("/") if part]
    grants = RoleGrant.objects.filter(
        in_force_on(today), node_id__in=above, user__is_active=True, role__in=roles_with(SEEING)
    )
    secret_roles = roles_with(SEEING_SECRETS)
    return {
        user_id: name
        for user_id, name, role, node_id in grants.values_list("user_id", "user__name", "role", "node_id")
        if not hidden or node_id == node.pk or role in secret_roles
    }


def sight_change(before: Mapping[int, str], after: Mapping[int, str]) -> SightChange:
    """
    Compare two answers of `people_seeing`.

    Examples
    --------
    >>> sight_change({1: "Alice", 2: "Bob"}, {2: "Bob", 3: "Carol"})
    SightChange(losing=('Alice',), gaining=('Carol',), staying=1)
    """
    return SightChange(
        losing=tuple(sorted(before[pk] for pk in before.keys() - after.keys())),
        gaining=tuple(sorted(after[pk] for pk in after.keys() - before.keys())),
        staying=len(before.keys() & after.keys()),
    )
