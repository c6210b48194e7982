"""Why a project is red or amber, in a few words, from the steps its stored judgement keeps."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from portfolio.rollup.codec import from_plain
from portfolio.rollup.health import Step, StepCode
from portfolio.selectors.wording import color_word, dimension_name, indicator_figure, report_age_sentence
from projects.choices import Rag

ADVERSE = (Rag.RED, Rag.AMBER)


def main_reason(color: str, stored: Iterable[Mapping[str, Any]]) -> str:
    """
    Return the first figure that set the color, as ``Finish slip: 15.3 %``; nothing while none is adverse.

    Parameters
    ----------
    color : str
        Color of the project.
    stored : iterable of mapping
        Steps of its explanation, in their order.
    """
    steps = [from_plain(Step, step) for step in stored] if color in ADVERSE else []
    if not steps:
        return ""
    stale = next((step for step in steps if step.code == StepCode.GUARD_STALE), None)
    if stale is not None:
        return report_age_sentence(stale.params)
    named = steps[0].params.get("dimensions", "").split(",")[0]
    of_dimension = [step for step in steps if step.dimension == named]
    return _of_dimension(of_dimension)


def _of_dimension(steps: list[Step]) -> str:
    """Return the figure that has the color of the dimension, else that the color was declared."""
    worst = next((step.color for step in steps if step.code == StepCode.DIMENSION), None)
    for step in steps:
        if step.code == StepCode.INDICATOR and step.color == worst:
            return indicator_figure(step)
    if worst is None:
        return ""
    return gettext("%(dimension)s: declared %(color)s") % {
        "dimension": dimension_name(steps[0].dimension),
        "color": color_word(worst),
    }
