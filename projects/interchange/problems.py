"""
What the reader of an import has to know: a code with its place and values, for programs and for people.

This room has the sentences in English; the rooms above say them in the language of the reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from projects.interchange.vocabulary import Severity


class Place(StrEnum):
    """What of the file a problem is about."""

    FILE = "FILE"
    PROJECT = "PROJECT"
    TASKS = "TASKS"
    TASK = "TASK"
    LINKS = "LINKS"
    LINK = "LINK"
    ASSIGNMENTS = "ASSIGNMENTS"
    BASELINE = "BASELINE"
    CALENDAR = "CALENDAR"


PLACES: Final[Mapping[str, str]] = {
    "FILE": "File",
    "PROJECT": "Project",
    "TASKS": "Tasks",
    "TASK": "Task",
    "LINKS": "Links",
    "LINK": "Link",
    "ASSIGNMENTS": "Assignments",
    "BASELINE": "Baseline",
    "CALENDAR": "Calendar",
}
SENTENCES: Final[Mapping[str, str]] = {
    "IGNORED_PART": "Parts of the file could not be read and are missing (%(count)s: %(kinds)s).",
    "SUBPROJECT": "It stands for another project file, whose tasks are not taken over.",
    "NO_TASKS": "The schedule has no tasks.",
    "SCHEDULE_FROM_FINISH": (
        "The file is scheduled back from its finish; the portal schedules from the start. "
        "Stored dates are kept."
    ),
    "START_MOVED": (
        "The start of the project was changed after the export: the one of the file counts, not %(day)s."
    ),
    "BLANK_ROWS": "Blank rows are left out (%(count)s).",
    "NO_CALENDAR": "The file has no calendar; the standard calendar is used.",
    "EXTERNAL_TASK": "Stands for a task of another project and is not taken over as work (%(tasks)s).",
    "RECURRING_TASK": "Recurring: its occurrences come as single tasks (%(tasks)s).",
    "MANUAL_TASK": "Scheduled by hand: keeps its stored dates (%(tasks)s).",
    "INACTIVE_TASK": "Inactive: comes in and is ignored by the schedule (%(tasks)s).",
    "SPLIT_TASK": "Interrupted: its rests move along with the task (%(tasks)s).",
    "SPLIT_PIECES": (
        "Interrupted too often or outside the years 1900 to 2199: comes in as one piece (%(tasks)s)."
    ),
    "LEVELING_DELAY": "Has a leveling delay, which is kept as information (%(tasks)s).",
    "ELAPSED_DURATION": "Has a duration on the clock (elapsed) (%(tasks)s).",
    "SECOND_CONSTRAINT": "Has a second constraint, which is kept as information (%(tasks)s).",
    "START_ON": (
        "Has the constraint Start On or Finish On, taken as Must Start or Must Finish On (%(tasks)s)."
    ),
    "SUMMARY_CONSTRAINT": "A summary with a constraint, which a summary does not take (%(tasks)s).",
    "DATES_REVERSED": "Finishes before it starts (%(tasks)s).",
    "NO_NAME": "Has no name (%(tasks)s).",
    "ASSIGNMENT_NOBODY": "Naming no resource, left out; the work stays with the task (%(assignments)s).",
    "ASSIGNMENT_NO_TASK": "Belonging to no task of the file, left out (%(assignments)s).",
    "ASSIGNMENT_UNFIT": "On a summary or milestone, which takes none, left out (%(assignments)s).",
    "CALENDAR_MISSING": "Names a calendar that is not in the file; the project's is used (%(tasks)s).",
    "LINK_OUTSIDE": "A link to a task outside this project is left out.",
    "LINK_ANCESTOR": "A link from a task to itself or to its own summary is left out.",
    "LINK_SUMMARY": "A link on a summary becomes %(count)s links between its tasks.",
    "LINK_DUPLICATE": "The same link exists already; this one is left out.",
    "LINKS_TOO_MANY": "Only the first %(most)s links are taken over.",
    "LINK_CYCLE": "These tasks wait for each other; the last link is left out: %(ring)s",
    "CALENDAR_RECURRENCE": "The recurrence of exception “%(exception)s” is not understood; it is left out.",
    "CALENDAR_EXCEPTION": "Exception “%(exception)s” has no valid dates and is left out.",
    "CALENDAR_EXCEPTIONS": "Only the first %(most)s exceptions are taken over.",
    "CALENDAR_WEEK": "Work week “%(week)s” has no period and is left out.",
    "CALENDAR_MIDNIGHT": "Working time over midnight is cut at midnight.",
    "CALENDAR_TIMES": "Overlapping or reversed times are put in order.",
    "CALENDAR_BASE": "The calendar it is based on is missing or leads back to it; it stands alone.",
    "DEFAULT_CALENDAR": "The calendar of the project is not in the file; the standard calendar is used.",
    "DEFAULT_CALENDAR_EMPTY": (
        "The calendar of the project has no working time; the standard calendar is used."
    ),
    "ACTUAL_DATES": "The file schedules progress by actual dates; the portal takes retained logic.",
    "NO_CURRENCY": "The file has costs and names no currency; EUR is assumed.",
    "BASELINE_WITHOUT_COST": "The baseline has no costs; the planned costs count as its budget.",
    "BASELINE_RESTS": (
        "Interrupted work that the baseline has with other dates: its interruptions count where they make the"
        " baseline's duration, else its value is planned evenly from start to finish (%(tasks)s)."
    ),
    "CONTOUR": "Work contours and delays of assignments are not kept (%(assignments)s).",
    "ASSIGNMENT_REPEATED": "The same resource more than once on a task is added up (%(assignments)s).",
    "ASSIGNMENT_STRANGER": "Naming a resource that is not in the file, left out (%(assignments)s).",
    "NO_STATUS_DATE": "The file has progress and no status date; its last day of progress counts: %(day)s.",
    "FUTURE_ACTUAL": "Actual dates after the status date %(day)s are kept (%(tasks)s).",
    "PROJECT_ROW": "The row of the project itself is not a task here; the project takes its place.",
    "TOO_DEEP": ("Plans are at most %(most)s levels deep; deeper summaries are dissolved, their rows kept."),
    "TASK_RING": "Rows whose summaries lead back to themselves are left out (%(count)s).",
    "MILESTONE_WITH_DURATION": ("Marked as a milestone and has a duration: comes in as a task (%(tasks)s)."),
    "MILESTONE_DURATION": ("A milestone has no duration here; the one of the file is left out (%(tasks)s)."),
    "ACTUAL_START_MISSING": "Finished without an actual start: the planned start is taken (%(tasks)s).",
    "ACTUALS_REVERSED": ("Actually finished before it started: the actual finish is left out (%(tasks)s)."),
}
COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "tasks": ("task", "tasks"),
    "assignments": ("assignment", "assignments"),
}
MORE: Final = "%(number)s more like: %(sentence)s"


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something the reader of an import has to know: what, where, and how much it matters.

    Attributes
    ----------
    code : str
        Key of `SENTENCES`.
    names : str
        Which task, link or calendar, as people know it.
    values : dict of str
        What the sentence names; values that count things have their number, days are in ISO 8601.
    more : int
        Above 0 the problem stands for that many more of its code, of which ``values`` are the first one's.
    """

    severity: Severity
    code: str
    place: Place
    names: str = ""
    values: dict[str, str] = field(default_factory=dict)
    more: int = 0

    @property
    def where(self) -> str:
        """Return what it is about, in English."""
        return f"{PLACES[self.place]} {self.names}".strip()

    @property
    def message(self) -> str:
        """Return the sentence in English."""
        sentence = SENTENCES[self.code] % {name: _said(name, value) for name, value in self.values.items()}
        return MORE % {"number": self.more, "sentence": sentence} if self.more else sentence


def problem(severity: Severity, code: str, place: Place, names: str = "", **values: object) -> Problem:
    """Return a problem with its values as text."""
    return Problem(severity, code, place, names, {name: str(value) for name, value in values.items()})


def _said(name: str, value: str) -> str:
    """Return a value as the sentence has it; numbers of things with their noun."""
    if name not in COUNTED:
        return value
    one, many = COUNTED[name]
    return f"{value} {one if value == '1' else many}"
