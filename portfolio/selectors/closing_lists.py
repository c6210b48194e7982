"""The closing checklist of a project as its page shows it."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portfolio.models import ClosingItem
from projects.models import Project

EDIT = "governance.edit"


@dataclass(frozen=True)
class ClosingRow:
    """A line of the checklist, and whether the person may tick it off."""

    item: ClosingItem
    may_tick: bool


@dataclass(frozen=True)
class ClosingList:
    """The lines a kill opened; ``gate`` is the review that did, ``since`` its day."""

    gate: str
    gate_url: str
    since: Any
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
    """Return the closing checklist of a project; None while no gate opened one. One query."""
    rows = ClosingItem.objects.filter(review__project=project).order_by("review", "number")
    items = list(rows.select_related("review", "owner", "done_by").defer("review__evidence"))
    if not items:
        return None
    review = items[0].review
    review.project = project
    return ClosingList(
        gate=review.label,
        gate_url=review.get_absolute_url(),
        since=review.decided_on,
        rows=tuple(ClosingRow(item, EDIT in rights or item.owner_id == user.pk) for item in items),
    )


def closing_url(code: str) -> str:
    """Return the address of the closing checklist of a project."""
    return reverse("portfolio:closing_list", args=[code])
