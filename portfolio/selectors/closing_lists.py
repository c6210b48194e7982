"""The closing checklist of a project as its page shows it."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from portfolio.choices import GateDecision
from portfolio.models import ClosingItem, GateReview
from projects.models import Project
from projects.selectors.cost_holds import open_commitments

EDIT = "governance.edit"


@dataclass(frozen=True)
class ClosingRow:
    """A line of the checklist, and whether the person may tick it off."""

    item: ClosingItem
    may_tick: bool

    @property
    def key(self) -> str:
        """What the line is known by in the names of its fields."""
        return str(self.item.pk)


@dataclass(frozen=True)
class ClosingList:
    """
    What is left to do since the project was canceled; ``gate`` is the review that killed it, if one did.

    ``commitments`` counts the commitments that are open: while there are any, the last line stays open.
    ``commitment_numbers`` names them to who sees money.
    """

    gate: str
    gate_url: str
    since: date | None
    commitments: int
    commitment_numbers: tuple[str, ...]
    rows: tuple[ClosingRow, ...]

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    @property
    def done(self) -> int:
        """How many are ticked off."""
        return sum(row.item.done_on is not None for row in self.rows)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.total


def closing_list(project: Project, *, user: Any, rights: Container[str]) -> ClosingList | None:
    """Return the closing checklist of a project; None while there is none. Three queries."""
    rows = ClosingItem.objects.filter(project=project).order_by("number")
    items = list(rows.select_related("owner", "done_by"))
    if not items:
        return None
    killers = GateReview.objects.filter(project=project, decision=GateDecision.KILL).defer("evidence")
    killer = killers.select_related("project").first()
    numbers = open_commitments(project)
    return ClosingList(
        gate=killer.label if killer else "",
        gate_url=killer.get_absolute_url() if killer else "",
        since=project.state_since,
        commitments=len(numbers),
        commitment_numbers=tuple(numbers) if "budget.view" in rights else (),
        rows=tuple(ClosingRow(item, EDIT in rights or item.owner_id == user.pk) for item in items),
    )


def closing_url(code: str) -> str:
    """Return the address of the closing checklist of a project."""
    return reverse("portfolio:closing_list", args=[code])
