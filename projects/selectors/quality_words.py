"""What the checks of a plan are called, and what is said about their results."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.engine.schedule_quality.practices import Practice, Quality
from projects.engine.schedule_quality.vocabulary import Check, Finding, Flaw, Verdict

Words = str | Promise

TITLES: Mapping[str, Words] = {
    Check.LOGIC: _("Logic"),
    Check.LEADS: _("Leads"),
    Check.LAGS: _("Lags"),
    Check.LINK_TYPES: _("Link types"),
    Check.HARD_CONSTRAINTS: _("Hard constraints"),
    Check.HIGH_FLOAT: _("High float"),
    Check.NEGATIVE_FLOAT: _("Negative float"),
    Check.HIGH_DURATION: _("Long tasks"),
    Check.INVALID_DATES: _("Invalid dates"),
    Check.RESOURCES: _("Resources"),
    Check.MISSED_TASKS: _("Missed tasks"),
    Check.CRITICAL_PATH_TEST: _("Critical path test"),
    Check.CPLI: _("Critical path length index"),
    Check.BEI: _("Baseline execution index"),
    Finding.OPEN_MILESTONES: _("Milestones with open ends"),
    Finding.DANGLING_ENDS: _("Starts and finishes without a driver"),
    Finding.REDUNDANT_LINKS: _("Redundant links"),
    Finding.NO_OWNER: _("Tasks without owner"),
    Finding.OLD_DATA_DATE: _("Old data date"),
    Finding.CRITICAL_SHARE: _("Share of critical tasks"),
    Finding.NO_DELIVERABLE: _("Tasks without deliverable"),
}

MEANINGS: Mapping[str, Words] = {
    Check.LOGIC: _(
        "Open tasks without a predecessor or a successor. The first and the last of the plan may lack one."
    ),
    Check.LEADS: _("Links with negative lag: the successor begins before the predecessor is done."),
    Check.LAGS: _("Links with positive lag: waiting time that no task explains."),
    Check.LINK_TYPES: _("Share of the links from finish to start, which show best what waits for what."),
    Check.HARD_CONSTRAINTS: _("Open tasks held by a fixed date or a “no later than” against the logic."),
    Check.HIGH_FLOAT: _("Open tasks with more than 44 working days of float: often a link is missing."),
    Check.NEGATIVE_FLOAT: _("Open tasks that cannot keep a date they have to keep."),
    Check.HIGH_DURATION: _("Open tasks longer than 44 working days, by the baseline if there is one."),
    Check.INVALID_DATES: _("Work planned before the data date, or done after it."),
    Check.RESOURCES: _("Open tasks of a day or more to which neither a resource nor a cost belongs."),
    Check.MISSED_TASKS: _("Tasks the baseline had finished by the data date that were late or are open."),
    Check.CRITICAL_PATH_TEST: _(
        "If the first open task whose end the longest path runs through took 600 working days more, the "
        "finish must move as far."
    ),
    Check.CPLI: _("Working days to the forecast finish and to spare, over those to the forecast finish."),
    Check.BEI: _("Tasks finished, over those the baseline had finished by the data date."),
    Finding.OPEN_MILESTONES: _("Milestones not reached that lack a predecessor or a successor."),
    Finding.DANGLING_ENDS: _(
        "Tasks whose start no link holds, or whose finish nothing waits for: a delay would not show."
    ),
    Finding.REDUNDANT_LINKS: _("Links that follow from a chain of others; without them no date moves."),
    Finding.NO_OWNER: _("Open tasks nobody is named for."),
    Finding.OLD_DATA_DATE: _("Days since the data date, against one reporting cycle."),
    Finding.CRITICAL_SHARE: _("When nearly everything is critical, the critical path guides nobody."),
    Finding.NO_DELIVERABLE: _("Open tasks without a deliverable or an acceptance."),
}

FLAWS: Mapping[str, Words] = {
    Flaw.NO_PREDECESSOR: _("no predecessor"),
    Flaw.NO_SUCCESSOR: _("no successor"),
    Flaw.NO_LINKS: _("neither predecessor nor successor"),
    Flaw.NO_START_DRIVER: _("nothing holds its start"),
    Flaw.NO_FINISH_DRIVER: _("nothing waits for its finish"),
    Flaw.NO_DRIVERS: _("nothing holds its start or waits for its finish"),
    Flaw.MUST_START_ON: _("must start on a date"),
    Flaw.MUST_FINISH_ON: _("must finish on a date"),
    Flaw.START_NO_LATER: _("start no later than a date"),
    Flaw.FINISH_NO_LATER: _("finish no later than a date"),
    Flaw.FORECAST_IN_PAST: _("planned before the data date"),
    Flaw.ACTUAL_IN_FUTURE: _("actual date after the data date"),
    Flaw.UNFINISHED: _("not finished"),
    Flaw.FINISHED_LATE: _("finished late"),
    Flaw.FORECAST_LATE: _("sets a finish that is late"),
    Flaw.SS: "SS",
    Flaw.FF: "FF",
    Flaw.SF: "SF",
}

VERDICTS: Mapping[str, Words] = {
    Verdict.PASS: pgettext_lazy("check of a plan", "Passed"),
    Verdict.FAIL: pgettext_lazy("check of a plan", "Failed"),
    Verdict.NOT_APPLICABLE: pgettext_lazy("check of a plan", "Does not apply"),
}
FOUND: Mapping[str, Words] = {
    Verdict.PASS: pgettext_lazy("finding in a plan", "Nothing found"),
    Verdict.FAIL: pgettext_lazy("finding in a plan", "Look at it"),
    Verdict.NOT_APPLICABLE: pgettext_lazy("check of a plan", "Does not apply"),
}

NOT_CHECKED: Words = _("The plan has not been checked yet.")
NO_LINKS: Words = _("No task is linked yet.")
ALL_DONE: Words = _("All tasks are finished.")
NO_TASKS: Words = _("There are no such tasks.")
NO_BASELINE: Words = _("No baseline has been set.")
NO_DATA_DATE: Words = _("No data date has been set.")
NOTHING_DUE: Words = _("Nothing was due by the data date yet.")

REASONS: Mapping[str, Words] = {
    "NO_BASELINE": NO_BASELINE,
    "NO_DATA_DATE": NO_DATA_DATE,
    "FINISHED": ALL_DONE,
    "TOO_EARLY": NOTHING_DUE,
    "INSUFFICIENT_DATA": NO_LINKS,
    "NOT_APPLICABLE": NO_TASKS,
    "NOT_PLANNED_YET": _("The plan has no tasks yet, or nothing says when they begin."),
    "CALC_ERROR": _("The plan could not be computed: a calendar has no working time, or dates leave it."),
}
REASONS_OF: Mapping[tuple[str, str], Words] = {
    (Check.RESOURCES, "INSUFFICIENT_DATA"): _("Nobody is assigned to any task of the project."),
    (Check.RESOURCES, "NOT_APPLICABLE"): _("No open task lasts a day or more."),
    (Check.CRITICAL_PATH_TEST, "NOT_APPLICABLE"): _("The longest path has no open task."),
    (Check.CRITICAL_PATH_TEST, "CALC_ERROR"): _("The delay would leave the calendar."),
    (Check.CPLI, "NO_BASELINE"): _(
        "Neither a baseline nor a deadline says when the project should be finished."
    ),
    (Finding.OPEN_MILESTONES, "NOT_APPLICABLE"): _("There is no open milestone."),
    (Finding.REDUNDANT_LINKS, "NOT_APPLICABLE"): NO_LINKS,
    (Finding.NO_DELIVERABLE, "INSUFFICIENT_DATA"): _("The portal keeps no deliverables of tasks."),
}


def reason_of(code: str, reason: str | None) -> Words:
    """Return why a check does not apply, in words."""
    if not reason:
        return ""
    return REASONS_OF.get((code, reason)) or REASONS.get(reason, reason)


PRACTICES: Mapping[str, Words] = {
    Practice.CAPTURE_ALL: _("Capturing all activities"),
    Practice.SEQUENCE: _("Sequencing all activities"),
    Practice.RESOURCE: _("Assigning resources to all activities"),
    Practice.DURATIONS: _("Establishing durations"),
    Practice.TRACEABILITY: _("Traceable horizontally and vertically"),
    Practice.CRITICAL_PATH: _("A valid critical path"),
    Practice.FLOAT: _("Reasonable float"),
    Practice.RISK_ANALYSIS: _("Schedule risk analysis"),
    Practice.UPDATE: _("Updating with actual progress"),
    Practice.BASELINE: _("Maintaining a baseline"),
}
QUALITIES: Mapping[str, Words] = {
    Quality.COMPLETE: pgettext_lazy("quality of a schedule", "Complete"),
    Quality.TRACEABLE: _("Traceable"),
    Quality.TRANSPARENT: _("Transparent"),
    Quality.STATUSED: _("Statused"),
    Quality.PREDICTIVE: _("Predictive"),
    Quality.USABLE: _("Usable"),
    Quality.RESOURCED: _("Resourced"),
    Quality.CONTROLLED: _("Controlled"),
}
