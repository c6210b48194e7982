"""The words of an import into a project: names of fields, values as people read them, notes."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.choices import (
    ConstraintType,
    LagCalendar,
    LinkType,
    ProgressMode,
    ScheduleConvention,
    TaskKind,
    TaskType,
    TimeKind,
)
from projects.selectors.plan_dates import shown_finish, shown_start

NOTHING = "—"
LONGEST = 120
FIELDS: Mapping[str, str | Promise] = {
    "name": _("Name"),
    "notes": _("Notes"),
    "kind": _("Kind"),
    "is_active": _("Active"),
    "is_manual": _("Scheduled by hand"),
    "planned_start": _("Planned start"),
    "planned_finish": _("Planned finish"),
    "duration": _("Duration (days)"),
    "duration_kind": _("Kind of duration"),
    "constraint_type": _("Constraint"),
    "constraint_date": _("Constraint date"),
    "second_constraint_type": _("Second constraint"),
    "second_constraint_date": _("Second constraint date"),
    "deadline": _("Deadline"),
    "calendar": _("Calendar"),
    "work_hours": _("Work (hours)"),
    "task_type": _("Task type"),
    "is_effort_driven": _("Effort driven"),
    "priority": _("Priority"),
    "fixed_cost": _("Fixed cost"),
    "extra": _("Own fields of the file"),
    "parent": _("Part of"),
    "order": _("Order"),
    "actual_start": _("Actual start"),
    "actual_finish": _("Actual finish"),
    "percent_complete": _("% complete"),
    "percent_physical": _("% physical"),
    "remaining_duration": _("Remaining (days)"),
    "actual_work_hours": _("Actual work (hours)"),
    "lag": _("Lag (minutes)"),
    "lag_percent": _("Lag (%)"),
    "lag_kind": _("Kind of lag"),
    "lag_calendar": _("Calendar of the lag"),
    "data_date": _("Data date"),
    "must_finish_by": _("Must finish by"),
    "convention": _("Schedule convention"),
    "progress_mode": _("Progress out of sequence"),
    "honor_hard_dates": _("Hard dates win over links"),
    "critical_threshold": _("Critical up to (minutes of float)"),
    "default_lag_calendar": _("Calendar of lags"),
}
CHOICES: Mapping[str, Any] = {
    "kind": TaskKind,
    "duration_kind": TimeKind,
    "constraint_type": ConstraintType,
    "second_constraint_type": ConstraintType,
    "task_type": TaskType,
    "lag_kind": TimeKind,
    "lag_calendar": LagCalendar,
    "convention": ScheduleConvention,
    "progress_mode": ProgressMode,
    "default_lag_calendar": LagCalendar,
    "type": LinkType,
}
FINISHES = frozenset({"planned_finish", "actual_finish", "deadline"})
DURATIONS = frozenset({"duration", "remaining_duration"})
FACTS: Mapping[str, str | Promise] = {
    "progress": _("progress"),
    "cost": _("cost or budget"),
    "baseline": _("a baseline"),
}
REFUSALS: Mapping[str, str | Promise] = {
    "FUTURE_ACTUAL": _("an actual date lies after the data date"),
    "FINISH_BEFORE_START": _("the finish lies before the start"),
    "FINISH_WITHOUT_START": _("a finish needs a start"),
    "FINISH_NEEDED": _("100 percent needs the day the task was finished"),
    "PROGRESS_WITHOUT_START": _("progress needs the day the task was started"),
    "MILESTONE_PERCENT": _("a milestone is 0 or 100 percent complete"),
    "NO_DATA_DATE": _("there is no data date"),
}
NOTES: Mapping[str, str | Promise] = {
    "RING": _(
        "With links of rows that are not in the file these tasks would wait for each other, so the import "
        "will be refused. Remove one of those links first: %(where)s."
    ),
    "LINKS_KEPT": _(
        "Your role may not delete links. Links that are not in the file and stay: %(count)s. "
        "First: %(where)s."
    ),
    "OTHER_PLAN": _(
        "The numbers in this file belong to another plan. Rows are recognized by WBS number and name only."
    ),
    "DATA_DATE_OLDER": _(
        "The file is known up to %(theirs)s, the project up to %(ours)s. The data date stays; progress of "
        "the file is kept as that of its own date (SCH-20)."
    ),
    "PROGRESS_REFUSED": _(
        "Progress that is not taken over: %(count)s, because %(why)s (SCH-20). First: %(where)s."
    ),
    "PROGRESS_AHEAD": _(
        "Tasks with progress here that the file does not have: %(count)s. Progress and dates of these tasks "
        "stay. First: %(where)s."
    ),
    "PROGRESS_OLDER": _(
        "Tasks with newer progress here: %(count)s. It stays; that of the file is kept as of its date. "
        "First: %(where)s."
    ),
    "MISSING_LIFTED": _(
        "Rows below a task that is no summary in the file: %(count)s. They move up one level. "
        "First: %(where)s."
    ),
    "SUMMARY_EMPTIED": _(
        "Summaries that lose all their rows: %(count)s. Kept, they become tasks. First: %(where)s."
    ),
    "BASELINE_KEPT": _(
        "The project has a baseline, and a baseline in force is never overwritten (SCH-36). Not taken over "
        "from the file: %(count)s."
    ),
    "BASELINE_RIGHT": _(
        "Baselines are set by the PMO or the portfolio manager. Not taken over from the file: %(count)s."
    ),
    "MONEY_KEPT": _(
        "The project has budget, commitments or postings already. The ledger is not touched; costs of the "
        "file are not taken over."
    ),
    "MONEY_CURRENCY": _(
        "The file counts in %(theirs)s, the project in %(ours)s. Costs of the file are not taken over."
    ),
    "MONEY_HELD": _(
        "A gate put the project on hold, so no cost is booked. Costs of the file are not taken over."
    ),
    "MONEY_RIGHT": _("Budget and costs of the file are not taken over: your role may not change amounts."),
    "RATES_RIGHT": _("Rates are kept by the PMO. Resources whose rate is not taken over: %(count)s."),
}
NOTE_PLACES: Mapping[str, str | Promise] = {
    "RING": _("Links"),
    "LINKS_KEPT": _("Links"),
    "OTHER_PLAN": _("File"),
    "DATA_DATE_OLDER": _("Data date"),
    "PROGRESS_REFUSED": _("Progress"),
    "PROGRESS_AHEAD": _("Progress"),
    "PROGRESS_OLDER": _("Progress"),
    "MISSING_LIFTED": _("No longer in the file"),
    "SUMMARY_EMPTIED": _("No longer in the file"),
    "BASELINE_KEPT": _("Baselines"),
    "BASELINE_RIGHT": _("Baselines"),
    "MONEY_KEPT": _("Money"),
    "MONEY_CURRENCY": _("Money"),
    "MONEY_HELD": _("Money"),
    "MONEY_RIGHT": _("Money"),
    "RATES_RIGHT": _("Resources"),
}


def note_place(note: Mapping[str, Any]) -> str:
    """Return what a stored note is about."""
    return str(NOTE_PLACES[note["code"]])


def note_sentence(note: Mapping[str, Any]) -> str:
    """Return a stored note as a sentence, dates and reasons in the language of the moment."""
    values = {name: _in_words(name, value) for name, value in note["values"].items()}
    return str(NOTES[note["code"]]) % {"where": note["where"], **values}


def _in_words(name: str, value: Any) -> Any:
    if name == "why":
        return REFUSALS.get(value, value)
    if name in {"theirs", "ours"} and "-" in str(value):
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value


def field_label(name: str) -> str:
    """Return the name of a field."""
    return str(FIELDS[name])


def shown_value(name: str, value: Any, *, minutes_per_day: Decimal) -> str:
    """Return a stored value as people read it; finishes as the last day worked."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dict):
        kind = gettext("of this plan") if value["is_own"] else gettext("of the organization")
        return f"{value['calendar']} ({kind})"
    if name == "extra":
        own = ", ".join(f"{field}: {text}" for field, text in json.loads(value).items())
        return _shown_text(name, own) if own else NOTHING
    if name in DURATIONS:
        return str(formats.number_format(Decimal(value) / minutes_per_day, 1, use_l10n=True))
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    return _shown_text(name, value)


def _shown_text(name: str, value: Any) -> str:
    is_moment = name.endswith(("_start", "_finish", "_date", "_by")) or name == "deadline"
    if is_moment and "T" in str(value):
        moment = datetime.fromisoformat(value)
        day = shown_finish(moment) if name in FINISHES else shown_start(moment)
        return str(formats.date_format(day or moment, "SHORT_DATE_FORMAT"))
    if is_moment:
        return str(formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
