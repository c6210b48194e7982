"""Interruptions of a task as text: a line for each, with days of work before it and days it takes."""

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from projects.models import Project, Task
from projects.selectors.work_days import in_days, in_minutes

NUMBER: Final = r"(\d{1,5}(?:[.,]\d{1,2})?)"
LINE: Final = re.compile(rf"^{NUMBER}\s*:\s*{NUMBER}$")


class InterruptionsField(forms.CharField):
    """A line for each interruption."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Interruptions"),
            required=False,
            max_length=5_000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_(
                "A line for each: working days done before it, a colon, and the working days it takes, as in"
                " 2: 3. The duration stays the work."
            ),
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a line is another one; browsers end lines otherwise."""
        return lines_of(initial) != lines_of(data)


def lines_of(text: Any) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def interruption_lines(task: Task) -> str:
    """Return the interruptions of a task as people write them; project and calendar must be loaded."""
    return "\n".join(_line(pair, task.project) for pair in task.interruptions or ())


def _line(pair: list[int], project: Project) -> str:
    after, rest = (_days(minutes, project) for minutes in pair)
    return f"{after}: {rest}"


def _days(minutes: int, project: Project) -> str:
    """Write days as `NUMBER` reads them: with the decimal separator of the language, in no groups."""
    return f"{in_days(minutes, project):f}".replace(".", str(formats.get_format("DECIMAL_SEPARATOR")))


def read_interruptions(text: str, *, project: Project, former: list[list[int]] | None) -> list[list[int]]:
    """
    Return pairs of minutes; lines that stay as they were keep their exact minutes.

    Raises
    ------
    ValidationError
        With the line that cannot be read.
    """
    known: dict[str, list[list[int]]] = defaultdict(list)
    for pair in former or ():
        known[_line(pair, project)].append(pair)
    found = []
    for number, line in enumerate(lines_of(text), start=1):
        match = LINE.match(line)
        if known[line]:
            # Lines that look alike stand for their pairs in the order of these.
            found.append(known[line].pop(0))
        elif match is None:
            message = _(
                "Line %(line)s cannot be read. Write days of work, a colon and days of rest, as in 2: 3."
            )
            raise ValidationError(message, code="NOT_UNDERSTOOD", params={"line": number})
        else:
            found.append(
                [in_minutes(Decimal(part.replace(",", ".")), project) or 0 for part in match.groups()]
            )
    return found
