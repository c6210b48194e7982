"""Figures and their reasons in words."""

from decimal import Decimal

from portfolio.rollup.group import GroupRule, RuleSentence
from portfolio.rollup.vocabulary import Unit
from portfolio.selectors.wording import group_sentence, limit_text, missing_sentence, shown
from projects.engine.measure import Reason


def test_ratio_is_written_in_percent_like_its_limit() -> None:
    """Pages write a used budget one way; the policy keeps the plain ratio (CON-3)."""
    written = [shown(Decimal("0.6396"), Unit.RATIO), shown(None, Unit.RATIO), shown("0.9496", Unit.INDEX)]

    assert written == ["64.0\xa0%", "—", "0.95"]
    assert [limit_text(limit, Unit.RATIO) for limit in ("1.00", "0.8", "1.125")] == [
        "100\xa0%",
        "80\xa0%",
        "112.5\xa0%",
    ]


def test_no_budget_tells_the_project_from_its_work() -> None:
    """A project with a budget whose plan carries none has no CPI, and nobody says that it has no budget."""
    assert missing_sentence("HC2", Reason.NO_BUDGET) == "The planned work carries no budget."
    assert missing_sentence("HC3", Reason.NO_BUDGET) == "No budget has been approved."
    assert missing_sentence("HC3", Reason.FINISHED).startswith("The work is finished")


def test_group_without_any_budget_says_so() -> None:
    """No share of nothing: the sentence has no gap where the share would stand."""
    rule = RuleSentence(GroupRule.TOO_LITTLE_RATED, limit=Decimal(50))

    assert group_sentence(rule) == "Not rated, because no budget of the active projects is known."
