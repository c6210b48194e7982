"""Lessons for tests, through the services."""

from datetime import date
from typing import Any

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import Lesson
from portfolio.services.lessons import accept_lesson, capture_lesson, publish_lesson
from projects.models import Project
from tests.factories import grant, user

TODAY = date(2026, 4, 10)
STORY = {
    "title": "Ask for the permit first",
    "kind": "AVOID",
    "phase": "PLANNING",
    "what_happened": "The crane waited for three weeks.",
    "cause": "Nobody owned the permit.",
    "recommendation": "Plan the permit as an activity with an owner.",
}


def curator(role: str = Role.PMO_ANALYST, name: str = "Anna") -> User:
    """Return somebody of the PMO."""
    made = user(name)
    grant(made, role, organization_node())
    return made


def captured(project: Project, *, actor: User | None = None, day: date = TODAY, **values: Any) -> Lesson:
    """Return a lesson that waits for the PMO."""
    return capture_lesson(actor=actor, project=project, values={**STORY, **values}, today=day)


def published(project: Project, *, day: date = TODAY, **values: Any) -> Lesson:
    """Return a lesson in the library."""
    lesson = accept_lesson(actor=None, lesson=captured(project, day=day, **values))
    return publish_lesson(actor=None, lesson=lesson, today=day)


def hide(project: Project) -> None:
    """Make a project confidential."""
    ScopeNode.objects.filter(pk=project.node_id).update(is_confidential=True)
