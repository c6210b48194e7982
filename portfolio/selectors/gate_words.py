"""Sentences of gates: why an answer is what it is, and what a decision does."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.choices import ArtefactState, GateDecision
from portfolio.rollup.readiness import Decision, Readiness

REASONS = {
    "UNANSWERED": gettext_lazy("Nobody has answered this yet."),
    "ANSWERED": gettext_lazy("Answered by %(name)s on %(day)s."),
    "NO_BASELINE": gettext_lazy("The project has no approved baseline."),
    "BASELINE_APPROVED": gettext_lazy("Baseline %(number)s is approved, in force from %(day)s."),
    "NO_BUDGET": gettext_lazy("The project has no budget."),
    "RATE_MISSING": gettext_lazy("An exchange rate is missing, so not all amounts are counted."),
    "WITHIN_BUDGET": gettext_lazy("The forecast lies within the budget."),
    "ABOVE_BUDGET": gettext_lazy("The forecast lies above the budget."),
    "CHECKS_NOT_MADE": gettext_lazy("The plan was not checked, or these checks cannot be made."),
    "CHECKS_FAILED": gettext_lazy("Failed on %(day)s: %(checks)s."),
    "CHECKS_PASSED": gettext_lazy("Passed on %(day)s."),
    "FORECAST_NOT_RATED": gettext_lazy("Finish and cost are not rated yet."),
    "FORECAST_WITHIN": gettext_lazy("Finish and cost lie within the limits (%(day)s)."),
    "FORECAST_CLOSE": gettext_lazy("Beyond the first limit: %(codes)s (%(day)s)."),
    "FORECAST_OUTSIDE": gettext_lazy("Beyond the last limit: %(codes)s (%(day)s)."),
    "ARTEFACT_MET": gettext_lazy("Approved by %(name)s on %(day)s."),
    "ARTEFACT_PARTLY": gettext_lazy("%(state)s by %(name)s on %(day)s; not approved for this gate."),
    "ARTEFACT_NOT_MET": gettext_lazy("Not approved."),
    "ARTEFACT_WAIVED": gettext_lazy("An approved waiver covers it; it leaves the sum."),
}
EFFECTS = {
    GateDecision.GO: gettext_lazy("The phase is closed and the next one begins."),
    GateDecision.CONDITIONAL_GO: gettext_lazy(
        "As go, but the next gate cannot be requested before every condition is met or waived."
    ),
    GateDecision.HOLD: gettext_lazy(
        "The project is put on hold and no cost is booked on it but on the lines you leave open; the gate is "
        "planned again for its last day."
    ),
    GateDecision.RECYCLE: gettext_lazy(
        "The phase stays open; the gate is planned again for after the rework."
    ),
    GateDecision.KILL: gettext_lazy(
        "The project is canceled and its closing checklist opens; sponsor and owner of the portfolio must "
        "both have voted so."
    ),
}


def reason_sentence(code: str, values: Mapping[str, str]) -> str:
    """Return why an answer is what it is, in the language of the moment."""
    if code not in REASONS:
        return ""
    said = str(REASONS[code])
    sentence = said % _shown(values) if "%(" in said else said
    if values.get("document"):
        seal = {"number": values["document"], "checksum": values["checksum"][:12]}
        sealed = _("Document version %(number)s, seal %(checksum)s…") % seal
        sentence = f"{sentence} {sealed}"
    return sentence


def limits_sentence(found: Readiness, decisions: Iterable[Decision]) -> str:
    """Return what the readiness keeps from being decided; nothing while it keeps nothing."""
    if found.failed:
        values = {
            "codes": ", ".join(found.failed),
            "decisions": ", ".join(decision_title(each.value) for each in decisions) or "–",
        }
        sentence = _(
            "Knock-outs are not met: %(codes)s. Unless a waiver lifts them, this is left to decide: "
            "%(decisions)s."
        )
        return sentence % values
    return "" if found.is_enough else _("The readiness is below the threshold, so a go needs conditions.")


def decision_title(decision: str) -> str:
    """Return a decision in a word or two; nothing for none."""
    return str(GateDecision(decision).label) if decision else ""


def held_again(occurrence: int) -> str:
    """Return in words which review of a gate it is; nothing for the first."""
    return _("review %(number)s") % {"number": occurrence} if occurrence > 1 else ""


def _shown(values: Mapping[str, str]) -> dict[str, Any]:
    """Return values as people read them: days in their form, states by their name."""
    shown: dict[str, Any] = {"name": "–", "day": "–", "state": "–", **values}
    if values.get("day"):
        shown["day"] = date_format(date.fromisoformat(values["day"]), "SHORT_DATE_FORMAT")
    if values.get("state"):
        shown["state"] = ArtefactState(values["state"]).label
    return shown
