"""Home, leaders and names of a past day (SEC-37, HLT-5, HLT-8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import EndedGrant, RoleGrant, User
from pmo_portal.accounts.services.grants import end_grant, grant_role
from portfolio.models import FormerComponent
from portfolio.selectors.facts import Home, load_surroundings, load_task_refs
from portfolio.services.components import move_project
from portfolio.services.structure import edit_program
from projects.models import Project
from projects.services.former_values import known_on
from projects.services.tasks import create_task, delete_task, edit_task
from tests import factories
from tests.portfolio.worlds import FIRST_DAY, at, make_portfolio, make_program, make_project, plan

pytestmark = pytest.mark.django_db
BEFORE = date(2026, 4, 9)
DAY = date(2026, 4, 10)
REASON = "The portfolios were cut anew"


def old_project(code: str, home: object) -> Project:
    return make_project(code, home, created_at=at(FIRST_DAY))  # type: ignore[arg-type]


def given(user: User, role: str, project: Project, day: date) -> RoleGrant:
    """A role given at noon of a day, without a first day of its own."""
    grant = grant_role(actor=None, user=user, role=role, node=project.node)
    RoleGrant.objects.filter(pk=grant.pk).update(
        granted_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    )
    return grant


def led(project: Project, *days: date) -> list[bool]:
    return [project.node_id in load_surroundings([project.pk], day).nodes_with_leaders for day in days]


def test_moved_project_was_at_its_former_home() -> None:
    """HLT-8: figures of earlier days stay where they were; a new project leaves nothing."""
    old, new = make_portfolio("OLD"), make_portfolio("NEW")
    project, fresh = old_project("P1", old), make_project("P2", old)
    with known_on(DAY):
        for moved in (project, fresh):
            move_project(
                actor=None, project=moved, parent_node=new.node, reason=REASON, expected_version=None
            )

    homes = [load_surroundings([project.pk], day).homes[project.pk] for day in (BEFORE, DAY)]

    assert homes == [Home(old.pk, None), Home(new.pk, None)]
    assert list(FormerComponent.objects.values_list("project_id", "known_until")) == [(project.pk, BEFORE)]


def test_program_takes_its_projects_along_from_its_day_on() -> None:
    """A program that changes its portfolio does not rewrite the past of its projects."""
    old, new = make_portfolio("OLD"), make_portfolio("NEW")
    program = make_program("PG", old)
    project = old_project("P1", program)
    with known_on(DAY):
        edit_program(actor=None, program=program, changes={"portfolio": new}, expected_version=None)

    homes = [load_surroundings([project.pk], day).homes[project.pk] for day in (BEFORE, DAY)]

    assert homes == [Home(old.pk, program.pk), Home(new.pk, program.pk)]


def test_leaders_of_the_past_are_those_of_the_day() -> None:
    """A manager named in April did not lead in March; one who left today led until yesterday."""
    project = old_project("P1", make_portfolio())
    given(factories.user("Sponsor"), Role.SPONSOR, project, FIRST_DAY)
    manager = given(factories.user("Manager"), Role.PROJECT_MANAGER, project, DAY)
    today = timezone.localdate()

    while_held = led(project, BEFORE, DAY, today)
    end_grant(actor=None, grant=manager)
    after = led(project, BEFORE, DAY, today - timedelta(days=1), today)

    assert while_held == [False, True, True]
    assert after == [False, True, True, False]
    assert EndedGrant.objects.values_list("role", "ended_on").get() == (Role.PROJECT_MANAGER, today)


def test_role_that_begins_anew_keeps_its_former_time() -> None:
    """The dates of the first time are not overwritten for the past."""
    project = old_project("P1", make_portfolio())
    given(factories.user("Sponsor"), Role.SPONSOR, project, FIRST_DAY)
    person = factories.user("Manager")
    first = given(person, Role.PROJECT_MANAGER, project, FIRST_DAY)
    RoleGrant.objects.filter(pk=first.pk).update(valid_to=BEFORE)
    today = timezone.localdate()

    again = grant_role(actor=None, user=person, role=Role.PROJECT_MANAGER, node=project.node)

    assert again.pk == first.pk
    assert led(project, BEFORE, DAY, today - timedelta(days=1), today) == [True, False, False, True]


def test_explanation_names_tasks_as_they_were_called() -> None:
    """HLT-5: names and numbers of the day, also of a task that is deleted now."""
    project = old_project("P1", make_portfolio())
    task = plan(project)
    with known_on(DAY):
        edit_task(actor=None, task=task, changes={"name": "Build all"}, expected_version=None)
        create_task(actor=None, project=project, name="First", position=0)
    with known_on(DAY + timedelta(days=1)):
        task.refresh_from_db()
        delete_task(actor=None, task=task, expected_version=None)

    named = [load_task_refs([task.pk], day)[task.pk].label for day in (BEFORE, DAY)]

    assert named == ["Build", "2 Build all"]
