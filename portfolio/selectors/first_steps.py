"""The first steps of an organization that has no project yet."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person, RoleGrant
from portfolio.access import assessments_seen_by, portfolios_seen_by


@dataclass(frozen=True)
class FirstStep:
    """One step: what to do, where, and whether it is done."""

    title: str
    text: str
    icon: str
    url: str
    is_done: bool


def first_steps(user: Any, may: dict[str, bool]) -> list[FirstStep]:
    """
    Return what makes the portal useful to somebody who sees no project, in the order in which it is done.

    Only what the person may do; nothing once all of it is done. One query for each step at most.
    """
    steps = [
        *([_people()] if may.get("user_edit") else []),
        *([_roles()] if may.get("role_grant") else []),
        *(_portfolios(user) if may.get("portfolio_edit") and may.get("portfolio_import") else []),
        *([_need(user)] if may.get("assessment_edit") else []),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _people() -> FirstStep:
    return FirstStep(
        title=gettext("Add the people"),
        text=gettext("Whoever plans, reports or decides. Each gets an invitation and chooses a password."),
        icon="users",
        url=reverse("administration:person_new"),
        is_done=Person.objects.order_by("pk")[1:2].exists(),
    )


def _roles() -> FirstStep:
    business = RoleGrant.objects.exclude(role__in=[Role.ADMINISTRATOR, Role.PMO_HEAD])
    return FirstStep(
        title=gettext("Give them roles"),
        text=gettext("A role holds for the organization, a portfolio or a project, and for all below it."),
        icon="shield-check",
        url=reverse("administration:grant_new"),
        is_done=business.exists(),
    )


def _portfolios(user: Any) -> list[FirstStep]:
    """Return the home of the projects, and the projects: a table can be read once they have a home."""
    has_home = portfolios_seen_by(user).exists()
    home = FirstStep(
        title=gettext("Create a portfolio"),
        text=gettext("The home of your projects. Money and health add up in it."),
        icon="folders",
        url=reverse("portfolio:portfolio_new"),
        is_done=has_home,
    )
    projects = FirstStep(
        title=gettext("Bring in the projects"),
        text=gettext("A table with one row for each. Schedules and templates work as well."),
        icon="table-import",
        url=reverse("portfolio:import_new"),
        is_done=False,
    )
    return [home, projects]


def _need(user: Any) -> FirstStep:
    return FirstStep(
        title=gettext("Ask which PMO you need"),
        text=gettext("Twenty questions to a few people. The answer says what to begin with."),
        icon="scale",
        url=reverse("portfolio:need"),
        is_done=assessments_seen_by(user).exists(),
    )
