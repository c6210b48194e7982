"""Which sums a person may be shown (SEC-13)."""

from dataclasses import dataclass
from typing import Any

from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import grants_in_force
from portfolio.choices import Audience

PERSONAL = "OWN"


@dataclass(frozen=True)
class Viewer:
    """
    What a person may see of a node.

    ``audience`` is FULL or OPEN when one of the stored sums is exactly what the person may see, and OWN
    when the sum has to be made from the person's own projects. ``sees_money`` says whether totals of
    money of everything shown may be shown too.
    """

    audience: str
    sees_money: bool


class Grants:
    """The grants of a person, read once."""

    def __init__(self, user: Any) -> None:
        """Read them. One query."""
        self._rows = [
            (role, str(path), secret)
            for role, path, secret in grants_in_force(user).values_list(
                "role", "node__path", "node__is_confidential"
            )
        ]

    def viewer_of(self, path: str) -> Viewer:
        """
        Return what the person may see of the node with this path.

        Somebody with a role on one confidential project below, but not on all, sees more than OPEN and
        less than FULL: that sum is made for the person alone.
        """
        covering = {role for role, place, _secret in self._rows if path.startswith(place)}
        seeing = set(roles_with("rollup.view"))
        seeing_all = seeing & set(roles_with("project.see_confidential"))
        sees_money = bool(covering & set(roles_with("budget.view_totals")))
        if covering & seeing_all:
            return Viewer(Audience.FULL, sees_money)
        has_secret_below = any(
            secret and role in seeing and place.startswith(path) for role, place, secret in self._rows
        )
        if covering & seeing and not has_secret_below:
            return Viewer(Audience.OPEN, sees_money)
        return Viewer(PERSONAL, sees_money)


def viewer_of(user: Any, node: ScopeNode) -> Viewer:
    """Return what the person may see of a node. One query."""
    return Grants(user).viewer_of(str(node.path))
