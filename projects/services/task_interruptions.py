"""What may interrupt a task, checked."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import TaskKind
from projects.models import Task
from projects.services.efforts import LONGEST

MOST = 100


def checked_interruptions(task: Task) -> list[list[int]] | None:
    """
    Return the rests of a row in the form they are stored; None where it is worked on in one piece.

    Raises
    ------
    DomainError
        ``NOT_INTERRUPTED`` for other rows than tasks, ``TOO_MANY``, ``INTERRUPTION_ORDER`` unless each rest
        takes time, after more work than the one before and before all work is done.
    """
    given: list[Any] = list(task.interruptions or [])
    if not given:
        return None
    if task.kind != TaskKind.TASK:
        raise _refused(
            "NOT_INTERRUPTED", _("Only tasks are interrupted: this row takes its dates otherwise.")
        )
    if len(given) > MOST:
        raise _refused("TOO_MANY", _("At most 100 interruptions are possible."))
    found: list[list[int]] = []
    done = 0
    for pair in given:
        is_pair = len(pair) == 2 and all(type(minutes) is int for minutes in pair)
        if not is_pair or not done < pair[0] < task.duration or not 0 < pair[1] <= LONGEST:
            raise _refused(
                "INTERRUPTION_ORDER",
                _("Each interruption comes after more work than the one before, and before all is done."),
            )
        done = pair[0]
        found.append([pair[0], pair[1]])
    return found


def _refused(code: str, message: Any) -> DomainError:
    return DomainError(message, code=code, field="interruptions")
