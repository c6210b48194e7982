"""Names and definitions of dimensions, indicators and data quality checks, in the field's words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class IndicatorWords:
    """What an indicator is called and what it means."""

    name: Text
    definition: Text


DIMENSIONS: dict[str, Text] = {
    "SCHEDULE": _("Schedule"),
    "COST": _("Cost"),
    "SCOPE": _("Scope"),
    "RISK": _("Risk"),
    "RESOURCES": _("Resources"),
    "QUALITY": _("Quality"),
    "BENEFITS": _("Benefits"),
    "GOVERNANCE": _("Governance"),
}

INDICATORS: dict[str, IndicatorWords] = {
    "HS1": IndicatorWords(
        _("Finish slip"),
        _("Forecast finish against the baseline, in percent of the baseline's working days."),
    ),
    "HS2": IndicatorWords(
        _("SPI(t)"), _("Schedule performance index in time: earned schedule divided by elapsed time.")
    ),
    "HS3": IndicatorWords(
        _("Key milestones overdue"), _("Key milestones whose baseline date has passed without being reached.")
    ),
    "HC1": IndicatorWords(
        _("Variance at completion"), _("Budget at completion minus estimate at completion, in percent.")
    ),
    "HC2": IndicatorWords(_("CPI"), _("Cost performance index: earned value divided by actual cost.")),
    "HC3": IndicatorWords(
        _("Budget used"), _("Actual cost and open commitments divided by the project budget.")
    ),
    "HP1": IndicatorWords(
        _("Scope growth"), _("Cost of approved scope changes in percent of the original budget.")
    ),
    "HP2": IndicatorWords(
        _("Changes undecided"), _("Change requests that have waited for a decision for too long.")
    ),
    "HR1": IndicatorWords(
        _("Risk exposure"), _("Expected cost of open risks divided by the contingency left.")
    ),
    "HR2": IndicatorWords(_("Very high risks"), _("Very high risks without an active response.")),
    "HR3": IndicatorWords(_("Critical issues"), _("Issues of severity 1 that have been open for too long.")),
    "HU1": IndicatorWords(
        _("Unfilled demand"), _("Work of the next eight weeks that nobody is assigned to.")
    ),
    "HU2": IndicatorWords(
        _("Team overloaded"), _("Part of the team with more work than time, next four weeks.")
    ),
    "HQ1": IndicatorWords(_("Findings overdue"), _("Critical or major review findings past their date.")),
    "HQ2": IndicatorWords(_("First-time acceptance"), _("Deliverables accepted at the first decision.")),
    "HB1": IndicatorWords(
        _("Benefit forecast"), _("Forecast benefits divided by those of the business case.")
    ),
    "HB2": IndicatorWords(_("Benefits to date"), _("Benefits so far divided by those planned by now.")),
    "HG1": IndicatorWords(_("Compliance"), _("Part of the due standards that are fulfilled.")),
    "HG2": IndicatorWords(_("Gate condition overdue"), _("Days the oldest condition of a gate is overdue.")),
}

#: Indicators that have a value as soon as the project has a budget; others need work that carries one.
OF_PROJECT_BUDGET = frozenset({"HC1", "HC3"})

PHRASES: dict[str, Text] = {
    "HS1": _("forecast finish %(value)s later than baseline (limit %(limit)s)"),
    "HS2": _("SPI(t) %(value)s (limit %(limit)s)"),
    "HS3": _("key milestones overdue: %(value)s (limit %(limit)s)"),
    "HC1": _("variance at completion %(value)s (limit %(limit)s)"),
    "HC2": _("CPI %(value)s (limit %(limit)s)"),
    "HC3": _("spent and committed %(value)s of the budget (limit %(limit)s)"),
    "HP1": _("approved scope changes cost %(value)s of the original budget (limit %(limit)s)"),
    "HP2": _("%(value)s change requests undecided for too long (limit %(limit)s)"),
    "HR1": _("exposure %(value)s of the contingency left (limit %(limit)s)"),
    "HR2": _("%(value)s very high risks without active response (limit %(limit)s)"),
    "HR3": _("%(value)s critical issues open for too long (limit %(limit)s)"),
    "HU1": _("%(value)s of the demand unfilled (limit %(limit)s)"),
    "HU2": _("%(value)s of the team overloaded (limit %(limit)s)"),
    "HQ1": _("%(value)s critical or major findings overdue (limit %(limit)s)"),
    "HQ2": _("%(value)s accepted at first decision (limit %(limit)s)"),
    "HB1": _("benefit forecast %(value)s of the business case (limit %(limit)s)"),
    "HB2": _("benefit to date %(value)s of plan (limit %(limit)s)"),
    "HG1": _("compliance %(value)s (limit %(limit)s)"),
    "HG2": _("oldest gate condition %(value)s days overdue (limit %(limit)s)"),
}

QUALITY_CHECKS: dict[str, Text] = {
    "REPORT_FRESH": _("Report is fresh"),
    "DATA_DATE_RECENT": _("Data date is recent"),
    "BASELINE_APPROVED": _("Baseline is set"),
    "COSTS_POSTED": _("Costs of the last closed period are posted"),
    "SCHEDULE_QUALITY": _("Schedule is well built"),
    "RISKS_REVIEWED": _("Risks are reviewed in time"),
    "TASKS_OWNED": _("Tasks have owners"),
    "TIMESHEETS_APPROVED": _("Timesheets are approved"),
    "LEADERS_SET": _("Sponsor and project manager are set"),
    "BENEFITS_OWNED": _("Benefits have owner and measure"),
}
