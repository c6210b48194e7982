"""
What has to be done before a project is closed for good, and what follows when it is canceled.

Apps above name both when they start (lessons, KNO-7; the closing checklist): projects do not know them.
"""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from pmo_portal.accounts.models import User
from projects.models import Project

ClosingCheck = Callable[[Project], None]


class CancelEffect(Protocol):
    """Something that follows when a project is canceled; the project is locked."""

    def __call__(self, *, actor: User | None, project: Project, today: date) -> object:
        """Do it."""


_checks: list[ClosingCheck] = []
_effects: list[CancelEffect] = []


def add_closing_check(check: ClosingCheck) -> None:
    """Name a function that raises a `DomainError` while a project may not be closed."""
    if check not in _checks:
        _checks.append(check)


def require_closable(project: Project) -> None:
    """Go on if no check objects."""
    for check in _checks:
        check(project)


def add_cancel_effect(effect: CancelEffect) -> None:
    """Name a function that runs when a project is canceled."""
    if effect not in _effects:
        _effects.append(effect)


def follow_cancel(*, actor: User | None, project: Project, today: date) -> None:
    """Run all that follows when a project is canceled."""
    for effect in _effects:
        effect(actor=actor, project=project, today=today)
