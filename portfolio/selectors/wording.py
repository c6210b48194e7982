"""The sentences of the health roll-up in the reader's language: codes become words here and nowhere else."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.templatetags.common import (
    index2,
    money,
    number0,
    number1,
    percent1,
    ratio_percent1,
    reason_text,
)
from portfolio.rollup.group import GroupRule, RuleSentence
from portfolio.rollup.health import IndicatorResult, Step, StepCode
from portfolio.rollup.vocabulary import Unit
from portfolio.selectors.indicator_words import DIMENSIONS, INDICATORS, OF_PROJECT_BUDGET, PHRASES
from projects.choices import Rag
from projects.engine.measure import Reason

DASH = "—"

STEPS = {
    StepCode.LEAD_DIMENSION_RED: _("Red because of %(listed)s; red in schedule or cost alone is enough."),
    StepCode.SEVERAL_DIMENSIONS_RED: _("Red because several dimensions are red: %(listed)s."),
    StepCode.LEAD_DIMENSION_AMBER: _("Amber because of %(listed)s."),
    StepCode.ONE_DIMENSION_RED: _("Amber because one dimension is red: %(listed)s."),
    StepCode.SEVERAL_DIMENSIONS_AMBER: _("Amber because several dimensions are amber: %(listed)s."),
    StepCode.NOTHING_ADVERSE: _("Green because no rule for amber or red applies."),
    StepCode.PROJECT_ON_HOLD: _("Not rated: the project is on hold."),
    StepCode.PROJECT_COMPLETE: _("The project is closed."),
    StepCode.PROJECT_LEFT_OUT: _("Left out: the project is not running."),
    StepCode.CALCULATION_FAILED: _("Not rated: the calculation failed (%(message)s)."),
    StepCode.GUARD_COVERAGE: _(
        "Not rated: only %(value)s of the weight has data, at least %(limit)s is needed."
    ),
    StepCode.GUARD_STALE: _("Amber instead of green: the last report is %(age_days)s days old."),
    StepCode.GUARD_VERY_STALE: _("Not rated: the last report is far too old, or there was never one."),
    StepCode.REPORT_DROPPED: _("Declared colors do not count, because the last report is far too old."),
    StepCode.DIMENSION: _("%(named)s is %(color)s."),
    StepCode.DIMENSION_DECLARED: _("%(named)s: declared %(declared)s, computed %(computed)s."),
    StepCode.DIMENSION_NOT_RATED: _("%(named)s is not rated."),
    StepCode.OVERRIDE_IN_FORCE: _("%(named)s: declared %(declared)s, accepted by the PMO until %(until)s."),
    StepCode.OVERRIDE_NOT_IN_FORCE: _(
        "%(named)s: the declared %(declared)s does not count; it computes %(computed)s and the PMO "
        "did not accept the declaration."
    ),
    StepCode.SCORE: _("Score %(value)s = %(points)s points / %(coverage)s weight."),
    StepCode.NO_SCORE: _("No score, because no dimension is rated."),
}

GROUP_RULES = {
    GroupRule.FLAGSHIP_RED: _("Red, because a flagship project is red: %(keys)s."),
    GroupRule.RED_SHARE_RED: _("Red, because %(value)s of the rated budget is red; %(limit)s is enough."),
    GroupRule.RED_SHARE_AMBER: _("Amber, because %(value)s of the rated budget is red; %(limit)s is enough."),
    GroupRule.RED_AMBER_SHARE: _(
        "Amber, because %(value)s of the rated budget is red or amber; %(limit)s is enough."
    ),
    GroupRule.PROGRAM_RED: _("Amber, because a program is red: %(keys)s."),
    GroupRule.WITHIN_LIMITS: _(
        "Green, because only %(value)s of the rated budget is red or amber; amber starts at %(limit)s."
    ),
    GroupRule.TOO_LITTLE_RATED: _(
        "Not rated, because only %(value)s of the active budget is rated; at least %(limit)s is needed."
    ),
    GroupRule.NOTHING_RATED: _("Not rated, because no project here is rated."),
}

EXCEPTIONS = {
    "E1": _("Newly red"),
    "E2": _("Red for a long time"),
    "E3": _("Report late"),
    "E4": _("Declared better than computed"),
    "E5": _("Forecast above budget"),
    "E6": _("Gate condition overdue"),
    "E7": _("Dependency red"),
    "E8": _("Data quality low"),
    "E9": _("Hard to finish in budget"),
    "E10": _("Escalation unanswered"),
    "E11": _("No baseline"),
    "E12": _("Declared estimate too low"),
}
EXCEPTION_SENTENCES = {
    "E1": _("Turned red since the last close."),
    "E2": _("Red at %(closes)s closes in a row, without an approved recovery plan."),
    "E4": _("%(dimensions)s: the report says better than the figures."),
    "E5": _("The forecast is %(percent)s of the budget."),
    "E6": _("The oldest gate condition is %(days)s days overdue."),
    "E7": _("%(count)s projects this one depends on are red."),
    "E8": _("Only %(value)s of the data quality checks pass."),
    "E10": _("An escalation waits for %(days)s working days."),
    "E11": _("Executing for %(days)s days without a baseline."),
    "E12": _("The declared estimate %(declared)s lies far below the trend %(trend)s."),
}


def color_word(code: str | None) -> str:
    """Return a color in the middle of a sentence."""
    return str(Rag(code).label).lower() if code else DASH


def shown(value: Any, unit: Unit | None) -> str:
    """
    Return a value as people read it: rounded half up for its unit, with the unit (CON-1).

    A ratio is written in percent, as everywhere on pages; the policy keeps it plain (CON-3).

    Parameters
    ----------
    value : Decimal, str or None
        Unrounded value.
    unit : Unit or None
        Unit of the indicator.
    """
    if value is None or value == "":
        return DASH
    if unit == Unit.PERCENT:
        return percent1(value)
    if unit == Unit.RATIO:
        return ratio_percent1(value)
    if unit == Unit.INDEX:
        return index2(value)
    if unit == Unit.MONEY:
        return money(value)
    return number1(value) if unit == Unit.HOURS else number0(value)


def limit_text(value: Any, unit: Unit | None) -> str:
    """Return a limit as the policy has it, without needless zeros."""
    if value is None or value == "":
        return DASH
    number = Decimal(str(value)).normalize()
    if unit == Unit.RATIO:
        return limit_text(number * 100, Unit.PERCENT)
    places = max(0, -int(number.as_tuple().exponent))
    text = formats.number_format(number, decimal_pos=places, use_l10n=True)
    return f"{text.replace('-', '−')}\u00a0%" if unit == Unit.PERCENT else text.replace("-", "−")


def missing_sentence(indicator: str | None, reason: Reason | None) -> str:
    """Return why an indicator has no value; some measure against the project's budget, not the work's."""
    if reason == Reason.NO_BUDGET and indicator in OF_PROJECT_BUDGET:
        return gettext("No budget has been approved.")
    return reason_text(reason)


def dimension_name(code: Any) -> str:
    """Return the name of a dimension."""
    return str(DIMENSIONS.get(str(code), code))


def step_sentence(step: Step) -> str:
    """Return one step of the explanation as a sentence."""
    if step.code == StepCode.INDICATOR:
        return _indicator_sentence(step)
    if step.code == StepCode.INDICATOR_NULL:
        return f"{step.indicator}: {missing_sentence(step.indicator, step.reason)}"
    params: Mapping[str, str] = step.params
    listed = [dimension_name(code) for code in params.get("dimensions", "").split(",") if code]
    return str(STEPS[step.code]) % {
        "named": dimension_name(step.dimension) if step.dimension else "",
        "color": color_word(step.color),
        "listed": ", ".join(listed),
        "declared": color_word(params.get("declared")),
        "computed": color_word(params.get("computed")),
        "until": day_text(params.get("until")),
        "age_days": params.get("age_days", "?"),
        "message": params.get("message", ""),
        "value": number1(step.value) if step.code == StepCode.SCORE else shown(step.value, step.unit),
        "limit": limit_text(step.limit, step.unit),
        "points": number0(params.get("points")),
        "coverage": number0(params.get("coverage")),
    }


def indicator_figure(step: Step) -> str:
    """Return the indicator of a step with its value, as a few words."""
    words = INDICATORS.get(step.indicator or "")
    return gettext("%(indicator)s: %(value)s") % {
        "indicator": words.name if words else step.indicator,
        "value": " ".join(filter(None, (shown(step.value, step.unit), unit_word(step.value, step.unit)))),
    }


def unit_word(value: Any, unit: Unit | None) -> str:
    """Return the word behind a value that does not carry its unit itself."""
    return ngettext("day", "days", int(value)) if unit == Unit.DAYS and value is not None else ""


def _indicator_sentence(step: Step) -> str:
    phrase = str(PHRASES.get(step.indicator or "", "%(value)s (%(limit)s)"))
    value = step.value
    if step.indicator == "HS1" and value is not None and value < 0:
        phrase, value = gettext("forecast finish %(value)s earlier than baseline (limit %(limit)s)"), -value
    said = phrase % {"value": shown(value, step.unit), "limit": limit_text(step.limit, step.unit)}
    sentence = gettext("%(dimension)s %(color)s: %(said)s") % {
        "dimension": dimension_name(step.dimension),
        "color": color_word(step.color),
        "said": said,
    }
    original = step.params.get("against_original")
    if not original:
        return sentence
    return gettext("%(sentence)s; %(original)s against the original baseline") % {
        "sentence": sentence,
        "original": percent1(original),
    }


def distance_sentence(item: IndicatorResult, currency: str) -> str:
    """Return how far the next worse color is, or an empty text when there is none."""
    distance = item.distance
    if distance is None:
        return ""
    color = color_word(distance.to_color)
    if distance.steps is None or distance.step_unit is None:
        words = gettext("Worse by more than %(amount)s turns this %(color)s")
        return words % {"amount": shown(distance.amount, item.unit), "color": color}
    unit, steps = distance.step_unit, distance.steps
    if unit == Unit.MONEY:
        return gettext("More than %(amount)s of further cost turns this %(color)s") % {
            "amount": money(steps, currency),
            "color": color,
        }
    if unit == Unit.HOURS:
        return gettext("More than %(amount)s further unfilled hours turns this %(color)s") % {
            "amount": number1(steps),
            "color": color,
        }
    return _whole_steps(unit, int(steps)) % {"count": number0(steps), "color": color}


def _whole_steps(unit: Unit, count: int) -> str:
    if unit == Unit.WORKING_DAYS:
        return ngettext(
            "%(count)s more working day of slip turns this %(color)s",
            "%(count)s more working days of slip turn this %(color)s",
            count,
        )
    if unit == Unit.DAYS:
        return ngettext(
            "%(count)s more day turns this %(color)s", "%(count)s more days turn this %(color)s", count
        )
    if unit == Unit.PEOPLE:
        return ngettext(
            "%(count)s more overloaded person turns this %(color)s",
            "%(count)s more overloaded people turn this %(color)s",
            count,
        )
    return ngettext("%(count)s more turns this %(color)s", "%(count)s more turn this %(color)s", count)


def group_sentence(rule: RuleSentence, names: Mapping[str, str] | None = None) -> str:
    """
    Return the clause that set a group's color as one sentence.

    Parameters
    ----------
    rule : RuleSentence
        The deciding clause.
    names : mapping, optional
        Names of projects and programs by key.
    """
    known = names or {}
    if rule.code == GroupRule.TOO_LITTLE_RATED and rule.value is None:
        return gettext("Not rated, because no budget of the active projects is known.")
    return str(GROUP_RULES[rule.code]) % {
        "value": percent1(rule.value),
        "limit": limit_text(rule.limit, Unit.PERCENT),
        "keys": ", ".join(known.get(key, key) for key in rule.keys),
    }


def exception_sentence(item: Mapping[str, Any]) -> str:
    """Return what an exception of the list says about its project."""
    code, params = item["code"], dict(item.get("params") or {})
    if code == "E3":
        return report_age_sentence(params)
    if code == "E9":
        return _tcpi_sentence(params)
    shown_params = {
        **params,
        "percent": percent1(params.get("percent")),
        "value": percent1(params.get("value")),
        "declared": money(params.get("declared")),
        "trend": money(params.get("trend")),
        "dimensions": ", ".join(
            dimension_name(part) for part in params.get("dimensions", "").split(",") if part
        ),
    }
    for name in ("closes", "days", "count"):
        shown_params.setdefault(name, DASH)
    return str(EXCEPTION_SENTENCES.get(code, code)) % shown_params


def report_age_sentence(params: Mapping[str, str]) -> str:
    """Return how old the last report is."""
    if not params.get("age_days"):
        return gettext("No report was ever published.")
    return gettext("The last report is %(days)s days old.") % {"days": params["age_days"]}


def _tcpi_sentence(params: Mapping[str, str]) -> str:
    if not params.get("tcpi"):
        return gettext("The budget is used up and work is left.")
    return gettext("The rest must be done at an efficiency of %(tcpi)s to stay in budget.") % {
        "tcpi": index2(params["tcpi"])
    }


def day_text(day: date | str | None) -> str:
    """Return a day in the reader's short form."""
    if not day:
        return DASH
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
