"""The waivers of a project as its page shows them: what the person may do, and who decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pmo_portal.accounts.scopes import acting_on
from portfolio.choices import WaiverState
from portfolio.models import Waiver
from projects.models import Project


@dataclass(frozen=True)
class WaiverRow:
    """
    A waiver; ``deciders`` names who decides on one that waits: never who asked for it (ORG-8).

    ``is_stuck`` says that nobody else holds the role, so that it can only be withdrawn.
    """

    waiver: Waiver
    may_decide: bool = False
    may_withdraw: bool = False
    deciders: str = ""
    is_stuck: bool = False


def waiver_rows(project: Project, waivers: Iterable[Waiver], *, user: Any) -> list[WaiverRow]:
    """Return the rows in their order. One query if any waits."""
    found = list(waivers)
    roles = {row.approver for row in found if row.state == WaiverState.SUBMITTED}
    grants = list(acting_on(roles, project.node).select_related("user")) if roles else []
    holders = {
        role: {grant.user_id: grant.user.name for grant in grants if grant.role == role} for role in roles
    }
    return [_row(row, holders.get(row.approver, {}), user) for row in found]


def _row(waiver: Waiver, holders: dict[int, str], user: Any) -> WaiverRow:
    if waiver.state != WaiverState.SUBMITTED:
        return WaiverRow(waiver)
    others = {pk: name for pk, name in holders.items() if pk != waiver.requested_by_id}
    return WaiverRow(
        waiver=waiver,
        may_decide=user.pk in others,
        may_withdraw=user.pk == waiver.requested_by_id,
        deciders=", ".join(sorted(others.values())),
        is_stuck=not others,
    )
