"""Assignments of a stored plan: on whose time they work."""

from datetime import date, datetime

import pytest

from projects.engine.calendar import EmptyCalendarError
from projects.engine.scheduling.schedule import compute_schedule
from projects.interchange.document import (
    Assignment,
    Calendar,
    Interval,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Task,
    Weekdays,
)
from projects.interchange.vocabulary import Convention
from projects.models import Project
from projects.selectors.networks import load_network
from projects.selectors.plan_dates import to_instant
from projects.services.document_writing import Incoming, write_projects
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

DAYS = Weekdays(*((Interval(480, 720), Interval(780, 1020)),) * 5, (), ())
NIGHTS = Weekdays(*((Interval(0, 300),),) * 5, (), ())


def plan(*, on_project_time: bool) -> Project:
    """Return a plan by day with a task of somebody who works by night."""
    document = ProjectDocument(
        options=ProjectOptions(
            convention=Convention.MICROSOFT, start=datetime(2026, 3, 2, 8), default_calendar_uid=1
        ),
        calendars=(Calendar(1, "Day", weekdays=DAYS), Calendar(2, "Night", weekdays=NIGHTS)),
        tasks=(Task(1, "Watch", duration=300.0, calendar_uid=1 if on_project_time else None),),
        resources=(Resource(1, "Guard", calendar_uid=2),),
        assignments=(Assignment(1, 1, units=1.0, work=300.0),),
    )
    (project,) = write_projects(
        actor=None,
        incoming=[Incoming(document, name="Watch")],
        parent_node=factories.portfolio_node(),
        today=date(2026, 3, 2),
    )
    return Project.objects.select_related("calendar").get(pk=project.pk)


def test_task_without_calendar_is_done_in_the_time_of_its_resource() -> None:
    """The empty time that project and resource would share is none of the plan."""
    network = load_network(plan(on_project_time=False))

    found = compute_schedule(network.network, network.options)

    assert found.early_finish.tolist() == [to_instant(moment(3, 5))]


def test_task_with_a_calendar_shares_its_time_with_the_resource() -> None:
    """SCH-5: nobody can work where both share nothing."""
    network = load_network(plan(on_project_time=True))

    with pytest.raises(EmptyCalendarError, match="Day ∩ Night"):
        compute_schedule(network.network, network.options)
