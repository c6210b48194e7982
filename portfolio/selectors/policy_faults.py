"""Faults of a health policy in the reader's language (HLT-11)."""

from django.utils.translation import gettext_lazy as _

from portfolio.rollup.policy_check import PolicyFault

SENTENCES = {
    "WEIGHTS_NOT_100": _("The weights of %(where)s sum to %(total)s, not 100."),
    "WEIGHT_NOT_POSITIVE": _("Every weight of %(where)s must be above 0."),
    "NO_LEAD_DIMENSION": _("At least one dimension must be a lead one."),
    "VERSION": _("A version is a whole number from 1."),
    "DUPLICATE": _("%(name)s is listed twice."),
    "UNKNOWN_DIMENSION": _("%(where)s belongs to no listed dimension."),
    "UNKNOWN_INDICATOR": _("%(where)s has no formula."),
    "NO_INDICATOR": _("%(where)s has no indicator."),
    "LIMITS_NOT_ORDERED": _("The green limit of %(where)s must be stricter than the amber one."),
    "NOT_ORDERED": _("The values of %(where)s must rise from 0 to 100."),
    "COUNT_TOO_SMALL": _("At least one dimension is needed for a color."),
    "TREND_LIMITS": _("Improving must lie above 0 and declining below 0."),
    "CYCLE_DAYS": _("The days of the report cycle %(where)s must be at least 1."),
    "GRACE_DAYS": _("The days of grace must not be below 0."),
}
PLACES = {
    "dimensions": _("the dimensions"),
    "data_quality": _("the data quality checks"),
    "data_quality.bands": _("the data quality bands"),
    "group.red_share": _("the red share of a group"),
    "group.red_amber_share": _("the red and amber share of a group"),
    "group.min_rated_share": _("the smallest rated share of a group"),
    "project.min_coverage": _("the smallest coverage of a project"),
    "project.points": _("the points of the colors"),
}


def fault_text(fault: PolicyFault) -> str:
    """Return the sentence of a fault; one without a translation speaks for itself."""
    sentence = SENTENCES.get(fault.code)
    if sentence is None:
        return fault.message
    return str(sentence) % {"where": PLACES.get(fault.where, fault.where), **fault.values}
