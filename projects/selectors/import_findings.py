"""What was found in a schedule file, in the language of the person: the reader's sentences by their code."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

PLACES: Mapping[str, str | Promise] = {
    "FILE": _("File"),
    "PROJECT": _("Project"),
    "TASKS": _("Tasks"),
    "TASK": _("Task"),
    "LINKS": _("Links"),
    "LINK": _("Link"),
    "ASSIGNMENTS": _("Assignments"),
    "BASELINE": _("Baseline"),
    "CALENDAR": _("Calendar"),
}
FINDINGS: Mapping[str, str | Promise] = {
    "IGNORED_PART": _("Parts of the file could not be read and are missing (%(count)s: %(kinds)s)."),
    "SUBPROJECT": _("It stands for another project file, whose tasks are not taken over."),
    "NO_TASKS": _("The schedule has no tasks."),
    "SCHEDULE_FROM_FINISH": _(
        "The file is scheduled back from its finish; the portal schedules from the start. Stored dates "
        "are kept."
    ),
    "START_MOVED": _(
        "The start of the project was changed after the export: the one of the file counts, not %(day)s."
    ),
    "BLANK_ROWS": _("Blank rows are left out (%(count)s)."),
    "NO_CALENDAR": _("The file has no calendar; the standard calendar is used."),
    "EXTERNAL_TASK": _("Stands for a task of another project and is not taken over as work (%(tasks)s)."),
    "RECURRING_TASK": _("Recurring: its occurrences come as single tasks (%(tasks)s)."),
    "MANUAL_TASK": _("Scheduled by hand: keeps its stored dates (%(tasks)s)."),
    "INACTIVE_TASK": _("Inactive: comes in and is ignored by the schedule (%(tasks)s)."),
    "SPLIT_TASK": _("Interrupted: its rests move along with the task (%(tasks)s)."),
    "SPLIT_PIECES": _(
        "Interrupted too often or outside the years 1900 to 2199: comes in as one piece (%(tasks)s)."
    ),
    "LEVELING_DELAY": _("Has a leveling delay, which is kept as information (%(tasks)s)."),
    "ELAPSED_DURATION": _("Has a duration on the clock (elapsed) (%(tasks)s)."),
    "SECOND_CONSTRAINT": _("Has a second constraint, which is kept as information (%(tasks)s)."),
    "START_ON": _(
        "Has the constraint Start On or Finish On, taken as Must Start or Must Finish On (%(tasks)s)."
    ),
    "SUMMARY_CONSTRAINT": _("A summary with a constraint, which a summary does not take (%(tasks)s)."),
    "DATES_REVERSED": _("Finishes before it starts (%(tasks)s)."),
    "NO_NAME": _("Has no name (%(tasks)s)."),
    "ASSIGNMENT_NOBODY": _("Naming no resource, left out; the work stays with the task (%(assignments)s)."),
    "ASSIGNMENT_NO_TASK": _("Belonging to no task of the file, left out (%(assignments)s)."),
    "ASSIGNMENT_UNFIT": _("On a summary or milestone, which takes none, left out (%(assignments)s)."),
    "CALENDAR_MISSING": _("Names a calendar that is not in the file; the project's is used (%(tasks)s)."),
    "LINK_OUTSIDE": _("A link to a task outside this project is left out."),
    "LINK_ANCESTOR": _("A link from a task to itself or to its own summary is left out."),
    "LINK_SUMMARY": _("A link on a summary becomes %(count)s links between its tasks."),
    "LINK_DUPLICATE": _("The same link exists already; this one is left out."),
    "LINKS_TOO_MANY": _("Only the first %(most)s links are taken over."),
    "LINK_CYCLE": _("These tasks wait for each other; the last link is left out: %(ring)s"),
    "CALENDAR_RECURRENCE": _(
        "The recurrence of exception “%(exception)s” is not understood; it is left out."
    ),
    "CALENDAR_EXCEPTION": _("Exception “%(exception)s” has no valid dates and is left out."),
    "CALENDAR_EXCEPTIONS": _("Only the first %(most)s exceptions are taken over."),
    "CALENDAR_WEEK": _("Work week “%(week)s” has no period and is left out."),
    "CALENDAR_MIDNIGHT": _("Working time over midnight is cut at midnight."),
    "CALENDAR_TIMES": _("Overlapping or reversed times are put in order."),
    "CALENDAR_BASE": _("The calendar it is based on is missing or leads back to it; it stands alone."),
    "DEFAULT_CALENDAR": _("The calendar of the project is not in the file; the standard calendar is used."),
    "DEFAULT_CALENDAR_EMPTY": _(
        "The calendar of the project has no working time; the standard calendar is used."
    ),
    "ACTUAL_DATES": _("The file schedules progress by actual dates; the portal takes retained logic."),
    "NO_CURRENCY": _("The file has costs and names no currency; EUR is assumed."),
    "BASELINE_WITHOUT_COST": _("The baseline has no costs; the planned costs count as its budget."),
    "BASELINE_RESTS": _(
        "Interrupted work that the baseline has with other dates: its interruptions count where they make the"
        " baseline's duration, else its value is planned evenly from start to finish (%(tasks)s)."
    ),
    "CONTOUR": _("Work contours and delays of assignments are not kept (%(assignments)s)."),
    "ASSIGNMENT_REPEATED": _("The same resource more than once on a task is added up (%(assignments)s)."),
    "ASSIGNMENT_STRANGER": _("Naming a resource that is not in the file, left out (%(assignments)s)."),
    "NO_STATUS_DATE": _(
        "The file has progress and no status date; its last day of progress counts: %(day)s."
    ),
    "FUTURE_ACTUAL": _("Actual dates after the status date %(day)s are kept (%(tasks)s)."),
    "PROJECT_ROW": _("The row of the project itself is not a task here; the project takes its place."),
    "TOO_DEEP": _("Plans are at most %(most)s levels deep; deeper summaries are dissolved, their rows kept."),
    "TASK_RING": _("Rows whose summaries lead back to themselves are left out (%(count)s)."),
    "MILESTONE_WITH_DURATION": _("Marked as a milestone and has a duration: comes in as a task (%(tasks)s)."),
    "MILESTONE_DURATION": _("A milestone has no duration here; the one of the file is left out (%(tasks)s)."),
    "ACTUAL_START_MISSING": _("Finished without an actual start: the planned start is taken (%(tasks)s)."),
    "ACTUALS_REVERSED": _("Actually finished before it started: the actual finish is left out (%(tasks)s)."),
}


def finding_place(problem: Mapping[str, Any]) -> str:
    """Return what a stored problem is about; one stored before there were codes is English."""
    if "code" not in problem:
        return str(problem["where"])
    where = f"{PLACES[problem['place']]} {problem['names']}".strip()
    return f"{problem['project']}: {where}" if problem["project"] else where


def finding_sentence(problem: Mapping[str, Any]) -> str:
    """Return what was found; a problem stored before there were codes is English."""
    if "code" not in problem:
        return str(problem["message"])
    sentence = str(FINDINGS[problem["code"]]) % {
        name: _in_words(name, value) for name, value in problem["values"].items()
    }
    if not problem["more"]:
        return sentence
    return gettext("%(number)s more like: %(sentence)s") % {"number": problem["more"], "sentence": sentence}


def _in_words(name: str, value: str) -> str:
    """Return a value as people read it: numbers with what they count, days in their form."""
    if name == "tasks":
        return ngettext("%(count)s task", "%(count)s tasks", int(value)) % {"count": value}
    if name == "assignments":
        return ngettext("%(count)s assignment", "%(count)s assignments", int(value)) % {"count": value}
    if name == "day":
        return str(formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    return value
