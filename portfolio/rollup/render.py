"""Plain English sentences for steps, distances and group rules; pages translate the same codes themselves."""

from collections.abc import Callable
from decimal import Decimal

from portfolio.rollup.group import GroupRule, RuleSentence
from portfolio.rollup.health import IndicatorResult, Step, StepCode
from portfolio.rollup.numbers import NBSP_PERCENT, decimal_text, rounded
from portfolio.rollup.policy import HealthPolicy
from portfolio.rollup.vocabulary import Dimension, Unit

_PLACES = {Unit.PERCENT: 1, Unit.INDEX: 2, Unit.RATIO: 2, Unit.MONEY: 0, Unit.HOURS: 1}
_SUFFIX = {Unit.PERCENT: NBSP_PERCENT, Unit.DAYS: " days"}

#: One phrase for each indicator; {value} and {limit} carry their unit.
PHRASES = {
    "HS1": "forecast finish {value} later than baseline (limit {limit})",
    "HS2": "SPI(t) {value} (limit {limit})",
    "HS3": "{value} key milestones overdue (limit {limit})",
    "HC1": "variance at completion {value} (limit {limit})",
    "HC2": "CPI {value} (limit {limit})",
    "HC3": "spent and committed {value} of the budget (limit {limit})",
    "HP1": "approved scope changes cost {value} of the original budget (limit {limit})",
    "HP2": "{value} change requests undecided for too long (limit {limit})",
    "HR1": "exposure {value} of the contingency left (limit {limit})",
    "HR2": "{value} very high risks without active response (limit {limit})",
    "HR3": "{value} critical issues open for too long (limit {limit})",
    "HU1": "{value} of the demand unfilled (limit {limit})",
    "HU2": "{value} of the team overloaded (limit {limit})",
    "HQ1": "{value} critical or major findings overdue (limit {limit})",
    "HQ2": "{value} accepted at first decision (limit {limit})",
    "HB1": "benefit forecast {value} of the business case (limit {limit})",
    "HB2": "benefit to date {value} of plan (limit {limit})",
    "HG1": "compliance {value} (limit {limit})",
    "HG2": "oldest gate condition {value} overdue (limit {limit})",
}

_STEP_WORDS = {
    Unit.COUNT: ("more", "more"),
    Unit.DAYS: ("more day", "more days"),
    Unit.WORKING_DAYS: ("more working day of slip", "more working days of slip"),
    Unit.PEOPLE: ("more overloaded person", "more overloaded people"),
    Unit.MONEY: ("of further cost", "of further cost"),
    Unit.HOURS: ("more unfilled hours", "more unfilled hours"),
}


def shown(value: Decimal, unit: Unit | None) -> str:
    r"""
    Return a value as shown: rounded half up for its unit, with the unit (CON-1).

    Examples
    --------
    >>> shown(Decimal("22"), Unit.PERCENT), shown(Decimal("0.9496"), Unit.INDEX)
    ('22.0\xa0%', '0.95')
    """
    if unit is None:
        return decimal_text(value)
    return f"{rounded(value, _PLACES.get(unit, 0))}{_SUFFIX.get(unit, '')}"


def render_step(step: Step, policy: HealthPolicy) -> str:
    """Return one step of the explanation as an English sentence without a full stop."""
    return _RENDERERS[step.code](step, policy)


def render_distance(item: IndicatorResult) -> str:
    """
    Return how far the next worse color is, or an empty text when there is none.

    For example "2 more working days of slip turn this red".
    """
    distance = item.distance
    if distance is None:
        return ""
    color = distance.to_color.lower()
    if distance.steps is None or distance.step_unit is None:
        return f"Worse by more than {shown(distance.amount, item.unit)} turns this {color}"
    singular, plural = _STEP_WORDS[distance.step_unit]
    count = shown(distance.steps, distance.step_unit).removesuffix(" days")
    if distance.step_unit in (Unit.MONEY, Unit.HOURS):
        return f"Over {count} {plural} turns this {color}"
    if distance.steps == 1:
        return f"1 {singular} turns this {color}"
    return f"{count} {plural} turn this {color}"


def render_rule(rule: RuleSentence) -> str:
    """Return the clause that set a group's color as an English sentence without a full stop."""
    value = "–" if rule.value is None else shown(rule.value, Unit.PERCENT)
    limit = "" if rule.limit is None else f"{decimal_text(rule.limit)}{NBSP_PERCENT}"
    return _GROUP_PHRASES[rule.code].format(value=value, limit=limit, keys=", ".join(rule.keys))


_GROUP_PHRASES = {
    GroupRule.FLAGSHIP_RED: "Flagship red: {keys}",
    GroupRule.RED_SHARE_RED: "{value} of the rated budget is red (limit {limit})",
    GroupRule.RED_SHARE_AMBER: "{value} of the rated budget is red (limit {limit})",
    GroupRule.RED_AMBER_SHARE: "{value} of the rated budget is red or amber (limit {limit})",
    GroupRule.PROGRAM_RED: "Program red: {keys}",
    GroupRule.WITHIN_LIMITS: "{value} of the rated budget is red or amber, within the limit of {limit}",
    GroupRule.TOO_LITTLE_RATED: "Only {value} of the active budget is rated (at least {limit} needed)",
    GroupRule.NOTHING_RATED: "No project is rated",
}


def _title(code: str, policy: HealthPolicy) -> str:
    rule = policy.dimension(Dimension(code))
    return rule.title if rule else code.capitalize()


def _named(step: Step, policy: HealthPolicy) -> str:
    return _title(step.dimension, policy) if step.dimension else ""


def _listed(step: Step, policy: HealthPolicy) -> str:
    codes = step.params.get("dimensions", "")
    return ", ".join(_title(code, policy) for code in codes.split(",") if code)


def _fixed(template: str) -> Callable[[Step, HealthPolicy], str]:
    def render(step: Step, policy: HealthPolicy) -> str:
        return template.format(
            named=_named(step, policy), listed=_listed(step, policy), color=step.color or "", **_texts(step)
        )

    return render


def _texts(step: Step) -> dict[str, str]:
    known = {
        "age_days": "?",
        "computed": "",
        "declared": "",
        "until": "–",
        "message": "",
        "points": "",
        "coverage": "",
        "override_state": "",
    }
    return {**known, **{key: text for key, text in step.params.items() if key in known}}


def _indicator(step: Step, policy: HealthPolicy) -> str:
    phrase = PHRASES.get(step.indicator or "", "{value} (limit {limit})")
    value = shown(step.value, step.unit) if step.value is not None else "–"
    if step.indicator == "HS1" and step.value is not None and step.value < 0:
        value, phrase = shown(-step.value, step.unit), phrase.replace("later", "earlier")
    limit = "–" if step.limit is None else decimal_text(step.limit) + _SUFFIX.get(step.unit or Unit.COUNT, "")
    sentence = f"{_named(step, policy)} {step.color}: {phrase.format(value=value, limit=limit)}"
    original = step.params.get("against_original")
    if original is None:
        return sentence
    return f"{sentence}; {shown(Decimal(original), Unit.PERCENT)} against the original baseline"


def _null_indicator(step: Step, policy: HealthPolicy) -> str:
    rule = policy.indicator(step.indicator or "")
    title = rule.title if rule else step.indicator
    return f"{_named(step, policy)}: {title} has no value ({step.reason})"


def _coverage(step: Step, _policy: HealthPolicy) -> str:
    value = "–" if step.value is None else shown(step.value, Unit.PERCENT)
    limit = "–" if step.limit is None else decimal_text(step.limit)
    return f"GREY: only {value} of the weight is rated (at least {limit}{NBSP_PERCENT} needed)"


def _score(step: Step, _policy: HealthPolicy) -> str:
    value = "–" if step.value is None else rounded(step.value, 1)
    return f"Score {value} = {step.params['points']} / {step.params['coverage']}"


_RENDERERS: dict[StepCode, Callable[[Step, HealthPolicy], str]] = {
    StepCode.LEAD_DIMENSION_RED: _fixed("RED because of {listed}"),
    StepCode.SEVERAL_DIMENSIONS_RED: _fixed("RED because several dimensions are red: {listed}"),
    StepCode.LEAD_DIMENSION_AMBER: _fixed("AMBER because of {listed}"),
    StepCode.ONE_DIMENSION_RED: _fixed("AMBER because one dimension is red: {listed}"),
    StepCode.SEVERAL_DIMENSIONS_AMBER: _fixed("AMBER because several dimensions are amber: {listed}"),
    StepCode.NOTHING_ADVERSE: _fixed("GREEN because no rule for amber or red applies"),
    StepCode.PROJECT_ON_HOLD: _fixed("GREY: the project is on hold"),
    StepCode.PROJECT_COMPLETE: _fixed("BLUE: the project is closed"),
    StepCode.PROJECT_LEFT_OUT: _fixed("Left out: the project is not running"),
    StepCode.CALCULATION_FAILED: _fixed("GREY: the calculation failed ({message})"),
    StepCode.GUARD_COVERAGE: _coverage,
    StepCode.GUARD_STALE: _fixed("AMBER instead of GREEN: the last report is {age_days} days old"),
    StepCode.GUARD_VERY_STALE: _fixed("GREY: the report is far too old or was never made"),
    StepCode.REPORT_DROPPED: _fixed("Declared colors do not count: the report is far too old"),
    StepCode.DIMENSION: _fixed("{named} {color}"),
    StepCode.DIMENSION_DECLARED: _fixed("{named} {color}: declared {declared}, computed {computed}"),
    StepCode.DIMENSION_NOT_RATED: _fixed("{named} is not rated"),
    StepCode.OVERRIDE_IN_FORCE: _fixed("{named} {color}: declared and accepted by the PMO until {until}"),
    StepCode.OVERRIDE_NOT_IN_FORCE: _fixed(
        "{named}: declared {declared} does not count (computed {computed}, PMO: {override_state})"
    ),
    StepCode.INDICATOR: _indicator,
    StepCode.INDICATOR_NULL: _null_indicator,
    StepCode.SCORE: _score,
    StepCode.NO_SCORE: _fixed("No score: no dimension is rated"),
}
