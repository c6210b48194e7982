"""One thing that waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from portfolio.choices import WaitingKind

K = WaitingKind
ICONS = {
    K.GATE_VOTE: "flag-check",
    K.GATE_DECISION: "flag-check",
    K.GATE_CONDITION: "flag",
    K.OWN_CONDITION: "flag",
    K.CLOSING: "list-check",
    K.ARTEFACT: "file-text",
    K.WAIVER: "shield",
    K.BASELINE: "lock",
    K.DEPENDENCY: "link",
    K.EMERGENCY: "lock-open",
    K.ASSESSMENT: "clipboard-check",
    K.HELP_REQUEST: "message-circle",
    K.METHODOLOGY: "route",
    K.DOCUMENT_TEMPLATE: "template",
    K.PROJECT_TEMPLATE: "template",
    K.LIBRARY: "book",
    K.LESSONS: "bulb",
    K.STANDARD_CHANGE: "edit",
}


@dataclass(frozen=True)
class Waiting:
    """
    Something a person is asked to decide or to answer.

    ``url`` opens the page where that is done, ``project`` is the code; both texts of a project are empty for
    what belongs to none. ``since`` is the day it was asked, ``due`` the last day to answer; None where there
    is no such day.
    """

    kind: WaitingKind
    title: str
    url: str
    project: str = ""
    project_name: str = ""
    asked_by: str = ""
    since: date | None = None
    due: date | None = None

    @property
    def kind_title(self) -> str:
        """What is asked, in words."""
        return str(self.kind.label)

    @property
    def icon(self) -> str:
        """The picture beside it."""
        return ICONS[self.kind]

    def is_late(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.due is not None and self.due < today


def day_of(moment: datetime | None) -> date | None:
    """Return the day of a moment where the portal is."""
    return timezone.localtime(moment).date() if moment else None
