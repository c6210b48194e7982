"""The formats a plan can be taken away in, and what each of them cannot carry, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ExportFormat:
    """A format: ``losses`` are what does not come along, ``is_slow`` that it is made in the background.

    ``needs_java`` says that a server without a Java runtime cannot write it.
    """

    kind: str
    title: Any
    text: Any
    losses: tuple[Any, ...]
    is_slow: bool = False
    needs_java: bool = False


_EVERYWHERE = (
    _("Owners of tasks, key milestones and techniques of earned value"),
    _("Dated progress and the postings of the ledger; only their sums come along"),
    _("Own fields beyond the thirty that most rows fill, and what of a text is longer than 255 letters"),
    _("Earlier rates of a resource: the last one counts for all time"),
)
_BOUND = _("Which project promised a date; the date itself comes along as “not earlier than”")
_TO_P6 = (
    *_EVERYWHERE,
    _BOUND,
    _("The convention of this portal, and that hard dates win over links: P6 schedules by its own"),
    _("That the plan starts with a day: P6 keeps the hour its calendar begins"),
    _("The currency: P6 counts in the one of its database"),
    _("The stretches of an interrupted task"),
    _("Priorities beside the five levels of P6, and what of notes is not plain text"),
    _("Lags in percent: they come along as working time"),
    _("Names of days off; weeks that hold for a time and bases of calendars come along as single days"),
    _("Roles, which become persons; fixed costs; rows that are set inactive or planned by hand"),
)
_NO_DEADLINES = _("Deadlines; notes come back below the heading of a notebook")
_NO_BASELINES = _("Baselines: P6 reads them as projects of their own")

EXPORT_FORMATS = (
    ExportFormat(
        "mspdi",
        _("MS Project XML"),
        _("For Microsoft Project. Plans that came from it come back with the same network and dates."),
        (
            _("Whether a milestone marks a start or a finish; late dates may move to the next working day"),
            _("Percentages are rounded to whole ones"),
            _("Level of effort: such rows become tasks"),
            _("Equipment becomes a work resource, a comma in the name of a resource a semicolon"),
            _("The calendar of a lag"),
            _("Baselines with a number above 10"),
            *_EVERYWHERE,
            _BOUND,
        ),
        is_slow=True,
        needs_java=True,
    ),
    ExportFormat(
        "xer",
        _("Primavera XER"),
        _("The exchange file of Primavera P6."),
        (
            _("Letters outside of Western European alphabets"),
            _("The name of the project: its code stands for it"),
            _("Several rows at the top: they come back below a common one"),
            _("Durations and percentages of tasks with progress: P6 derives them from the actual dates"),
            _("The order of rows: P6 shows the activities of a summary before the summaries below it"),
            _NO_DEADLINES,
            _NO_BASELINES,
            *_TO_P6,
        ),
        is_slow=True,
        needs_java=True,
    ),
    ExportFormat(
        "pmxml",
        _("Primavera PMXML"),
        _("The XML file of Primavera P6, with letters of all alphabets."),
        (
            _("The order of rows: P6 shows the activities of a summary before the summaries below it"),
            _("Whether a task ignores the calendars of its resources"),
            _NO_DEADLINES,
            _NO_BASELINES,
            *_TO_P6,
        ),
        is_slow=True,
        needs_java=True,
    ),
    ExportFormat(
        "pdf",
        _("PDF"),
        _("The Gantt chart on paper: pages in A4 with the time above, a legend, progress and baseline."),
        (
            _("The lines of links: predecessors stand as text"),
            _("Float, resources and amounts; rows that are set inactive"),
            _("Dates promised by other projects; what they move is drawn"),
        ),
        is_slow=True,
    ),
    ExportFormat(
        "xlsx",
        _("Excel"),
        _("A line for each row of the plan, with predecessors as text."),
        (_("Calendars, resources and baselines"), _("Which project promised a date")),
    ),
    ExportFormat(
        "csv",
        _("CSV"),
        _("The same table for every other program."),
        (_("Calendars, resources and baselines"), _("Which project promised a date")),
    ),
    ExportFormat(
        "ics",
        _("iCalendar"),
        _("The milestones as whole days for a calendar."),
        (_("Everything but the milestones"),),
    ),
)
AT_ONCE = tuple(item.kind for item in EXPORT_FORMATS if not item.is_slow)
IN_BACKGROUND = tuple(item.kind for item in EXPORT_FORMATS if item.is_slow)
