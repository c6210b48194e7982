"""Words of the assessments in the language of the reader."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portfolio.interchange.assessment_file import Text, maturity_perspectives, need_questions
from portfolio.rollup.need import Factor, Mandate, Rule

FACTORS: dict[Factor, str | Promise] = {
    Factor.COMPLEXITY: _("Complexity"),
    Factor.SIZE: _("Size"),
    Factor.MATURITY: _("Maturity"),
}
MEANINGS: dict[Mandate, str | Promise] = {
    Mandate.NO_PMO: _("A named practice lead, shared templates and a yearly check are enough."),
    Mandate.LIGHT_SUPPORT: _("Library, coaching and one-page reporting; no control."),
    Mandate.CONTROLLING: _("Standards are binding; gates, assurance and roll-ups are the PMO's work."),
    Mandate.DIRECTIVE: _("The PMO also assigns and leads project managers and runs the portfolio."),
}
RULES: dict[Rule, str | Promise] = {
    Rule.FLOOR_COMPLEX: _("Complexity is 60 or more while maturity is below 40: at least a controlling PMO."),
    Rule.FLOOR_STATUTE: _("A statute with sanctions applies: at least a light support PMO."),
    Rule.CAP_SMALL: _("Size is below 15: at most a light support PMO."),
    Rule.CAP_MATURE: _(
        "Maturity is 75 or more, and mature managers need less direction: at most a controlling PMO."
    ),
}
LEVELS: dict[int, str | Promise] = {
    1: _("Awareness"),
    2: _("Repeatable"),
    3: _("Defined"),
    4: _("Managed"),
    5: _("Optimized"),
}
STATEMENT_ANSWERS: tuple[tuple[int, str | Promise], ...] = (
    (0, _("no")),
    (1, _("partly")),
    (2, _("largely")),
    (3, _("fully")),
)


def read_text(text: Text) -> str:
    """Return a text of a data file in the language of the reader."""
    return text.read_in(get_language() or "en")


def perspective_names() -> dict[str, str]:
    """Return the names of the perspectives by their codes."""
    return {each.code: read_text(each.name) for each in maturity_perspectives()}


def statement_texts() -> dict[str, str]:
    """Return the statements by their codes."""
    return {
        statement.code: read_text(statement.text)
        for each in maturity_perspectives()
        for statement in each.statements
    }


def question_texts() -> dict[str, str]:
    """Return the questions of the need assessment by their codes."""
    return {each.code: read_text(each.text) for each in need_questions()}
