"""
What has to be done before a project is closed for good.

Apps above name their checks when they start (lessons are one, KNO-7): projects do not know them.
"""

from collections.abc import Callable

from projects.models import Project

ClosingCheck = Callable[[Project], None]

_checks: list[ClosingCheck] = []


def add_closing_check(check: ClosingCheck) -> None:
    """Name a function that raises a `DomainError` while a project may not be closed."""
    if check not in _checks:
        _checks.append(check)


def require_closable(project: Project) -> None:
    """Go on if no check objects."""
    for check in _checks:
        check(project)
