"""Sentences of templates: faults, what is left out, what changed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.percentages import with_percent
from portfolio.rollup.project_template import Rhythm, RowKind, TemplateFault
from portfolio.selectors.template_content import Omission
from portfolio.selectors.template_drift import Drift, RowChange

FAULTS: dict[str, Any] = {
    "NO_NAME": _("The template has no name."),
    "NO_ROWS": _("There is no work in it."),
    "KEY_TWICE": _("Two rows have the key %(place)s."),
    "NO_PARENT": _("Row %(place)s is part of %(value)s, which is no summary above it."),
    "EMPTY_SUMMARY": _("Nothing is part of the summary %(place)s."),
    "NO_DURATION": _("Row %(place)s is shorter than half a day."),
    "DURATION": _("Row %(place)s has a duration and is no task."),
    "NO_ROLE": _("Row %(place)s names the role %(value)s, which is not there."),
    "WEIGHTS": _("The weights of the steps of row %(place)s do not add up to 100."),
    "NO_END": _("The link %(place)s names a row that is not there."),
    "SUMMARY_LINK": _("The link %(place)s names a summary."),
    "RING": _("These rows wait for each other in a ring: %(place)s."),
    "LINE_AMOUNT": _("Budget line %(place)s has neither share nor amount, or both."),
    "DUTY_METHOD": _("Responsibilities name roles of a methodology, and the template names none."),
    "DUTY_ROW": _("The responsibilities name the row %(place)s, which is not there."),
    "DUTY_LETTERS": _("Who is responsible for %(place)s is not said."),
    "DUTY_TWICE": _("The responsibilities for %(place)s stand there twice."),
    "SHARES": _("The shares of the budget add up to %(value)s, more than 100."),
}
OMISSIONS: dict[str, Any] = {
    "INACTIVE": _("Inactive rows"),
    "CONSTRAINTS": _("Date constraints: a template has no dates"),
    "DEADLINES": _("Deadlines: a template has no dates"),
    "CALENDARS": _("Calendars of single tasks: they follow the calendar of the project"),
    "TECHNIQUES": _("Earned value techniques that need figures: percent complete takes their place"),
    "ELAPSED": _("Lags in elapsed time: they count in working days"),
    "NAMED_PEOPLE": _("Letters of people by name: a template knows roles only"),
    "SUMMARY_LINKS": _("Links of summaries: link the tasks below"),
}
CHANGES: dict[str, Any] = {
    "REMOVED": _("Removed"),
    "ADDED": _("Added"),
    "RENAMED": _("Renamed"),
    "LONGER": _("Longer"),
    "SHORTER": _("Shorter"),
    "LINKS": _("Other predecessors"),
    "MOVED": _("Moved in the outline"),
    "DIVIDED": _("Divided into tasks"),
    "KIND": _("Another kind of row"),
}
RHYTHMS: dict[Rhythm, Any] = {
    Rhythm.WEEKLY: _("weekly"),
    Rhythm.TWO_WEEKLY: _("every two weeks"),
    Rhythm.MONTHLY: _("monthly"),
    Rhythm.QUARTERLY: _("quarterly"),
}
KINDS: dict[RowKind, Any] = {
    RowKind.TASK: _("Task"),
    RowKind.MILESTONE: _("Milestone"),
    RowKind.START_MILESTONE: _("Milestone"),
    RowKind.SUMMARY: _("Summary"),
    RowKind.LEVEL_OF_EFFORT: _("Level of effort"),
}


@dataclass(frozen=True)
class DifferenceLine:
    """A difference between plan and template, in words."""

    change: RowChange
    word: str
    before: str
    after: str


@dataclass(frozen=True)
class OmissionLine:
    """What a template does not hold, in words."""

    sentence: str
    count: int


def difference_lines(drift: Drift) -> list[DifferenceLine]:
    """Return the differences in the order people look for them: gone, new, changed."""
    return [_difference(change) for change in (*drift.removed, *drift.added, *drift.changed)]


def omission_lines(omissions: tuple[Omission, ...]) -> list[OmissionLine]:
    """Return what is left out, in the language of the moment."""
    return [OmissionLine(str(OMISSIONS[item.code]), item.count) for item in omissions]


def _difference(change: RowChange) -> DifferenceLine:
    before, after = change.before, change.after
    if change.what == "KIND":
        before, after = (str(KINDS[RowKind(value)]) for value in (before, after))
    elif change.what in {"LONGER", "SHORTER"}:
        before, after = (str(_("%(days)s d") % {"days": value}) for value in (before, after))
    return DifferenceLine(change, str(CHANGES[change.what]), before, after)


def fault_sentence(fault: TemplateFault) -> str:
    """Return a fault in the language of the moment."""
    value = with_percent(fault.value) if fault.code == "SHARES" else fault.value
    return str(FAULTS[fault.code]) % {"place": fault.place, "value": value}
