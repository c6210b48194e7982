"""What of a plan its board and its calendar show."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

FILTERS: Mapping[str, Any] = {
    "mine": _("Mine"),
    "milestones": _("Milestones"),
    "late": _("Late"),
    "critical": _("Critical"),
}


class Shown(Protocol):
    """A task or milestone as a card or a bar."""

    @property
    def wbs(self) -> str:
        """Its place in the outline."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def is_own(self) -> bool:
        """Whether the person looking owns it."""

    @property
    def is_milestone(self) -> bool:
        """Whether it takes no time."""

    @property
    def is_late(self) -> bool:
        """Whether it should be finished and is not."""

    @property
    def is_critical(self) -> bool:
        """Whether it holds the finish of the plan."""


def is_wanted(item: Shown, *, show: str, search: str) -> bool:
    """Whether one of `FILTERS`, or none, and words of the name or the WBS number leave it in sight."""
    if search and search.casefold() not in item.name.casefold() and search != item.wbs:
        return False
    found = {
        "mine": item.is_own,
        "milestones": item.is_milestone,
        "late": item.is_late,
        "critical": item.is_critical,
    }
    return found.get(show, True)
