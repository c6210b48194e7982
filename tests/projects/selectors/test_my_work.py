"""Own tasks across projects: groups, what keeps them waiting, sight (SEC-12, SEC-13)."""

from datetime import date
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from projects.choices import ProjectState
from projects.models import Project, Task
from projects.selectors.my_work import MyWork, WaitsFor, WorkQuestion, my_work
from projects.services import baselines, links
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 3, 11)
DAY = 480


def bob_in(*projects: Project) -> Any:
    """Return Bob, a member of the projects, as the person who owns tasks."""
    bob = factories.user("Bob")
    for project in projects:
        factories.grant(bob, Role.TEAM_MEMBER, project.node)
    return factories.person("Bob", of=bob)


def own(project: Project, owner: Any, name: str, start: int, finish: int, **facts: Any) -> Task:
    """Return a task of the person from a morning to an evening of March 2026."""
    task = factories.task(project, name, owner=owner)
    dates = {"planned_start": moment(start), "planned_finish": moment(finish, 17)}
    Task.objects.filter(pk=task.pk).update(**{**dates, **facts})
    task.refresh_from_db()
    return task


def groups_of(found: MyWork) -> list[tuple[str, str]]:
    """Return name and group of the rows."""
    return [(row.name, str(row.group)) for row in found.rows]


def ask(person: Any, show: str = "", **said: str) -> MyWork:
    """Return the work of a person on that Wednesday."""
    return my_work(person.user, WorkQuestion(show, **said), today=WEDNESDAY)


def test_each_task_stands_in_the_first_group_that_fits() -> None:
    """Wed 11 March 2026: due yesterday, due today, running, to begin on Sunday, on Monday, done."""
    project = factories.project("P-1")
    bob = bob_in(project)
    own(project, bob, "Due yesterday", 9, 10)
    own(project, bob, "Due today", 11, 11)
    own(project, bob, "Running", 10, 27, actual_start=moment(10))
    own(project, bob, "Not begun", 10, 27)
    own(project, bob, "On Sunday", 15, 20)
    own(project, bob, "On Monday", 16, 20)
    own(project, bob, "Done", 2, 3, actual_start=moment(2), actual_finish=moment(3, 17))
    own(project, bob, "Long done", 2, 3, actual_start=moment(2, month=2), actual_finish=moment(3, month=2))

    found = ask(bob)

    assert groups_of(found) == [
        ("Due yesterday", "late"),
        ("Not begun", "late"),
        ("Due today", "today"),
        ("Running", "today"),
        ("On Sunday", "week"),
    ]
    assert found.counts == {"late": 2, "today": 2, "week": 1, "waiting": 0, "later": 1, "done": 1}
    assert groups_of(ask(bob, "later")) == [("On Monday", "later")]
    assert groups_of(ask(bob, "done")) == [("Done", "done")]


def test_waiting_names_what_holds_the_start_and_whose_it_is() -> None:
    """A finish-to-start predecessor of Carla holds the task; a late one stays late and says so too."""
    project = factories.project("P-1")
    bob, carla = bob_in(project), factories.person("Carla")
    design = own(project, carla, "Design", 2, 18, actual_start=moment(2))
    build, test = own(project, bob, "Build", 10, 20), own(project, bob, "Test", 9, 10)
    for task in (build, test):
        links.add_link(actor=None, project=project, predecessor=design, successor=task)

    found = ask(bob)

    wait = (WaitsFor(Task.objects.get(pk=design.pk).wbs, "Design", "Carla", is_own=False),)
    assert [(row.name, str(row.group), row.waits_for) for row in found.rows] == [
        ("Test", "late", wait),
        ("Build", "waiting", wait),
    ]


def test_what_waits_stands_where_its_dates_are_until_its_day_has_come() -> None:
    """Of Carla's Design: Friday is this week, Monday later. Work behind own work waits for nobody."""
    project = factories.project("P-1")
    bob, carla = bob_in(project), factories.person("Carla")
    design, draft = own(project, carla, "Design", 2, 18), own(project, bob, "Draft", 11, 12)
    held = [own(project, bob, "Due", 11, 20), own(project, bob, "Friday", 13, 20)]
    for task in (*held, own(project, bob, "Monday", 16, 20)):
        links.add_link(actor=None, project=project, predecessor=design, successor=task)
    mine = own(project, bob, "Mine", 11, 20)
    links.add_link(actor=None, project=project, predecessor=draft, successor=mine)

    found = ask(bob)

    assert groups_of(found) == [
        ("Draft", "today"),
        ("Mine", "today"),
        ("Friday", "week"),
        ("Due", "waiting"),
    ]
    assert [each.is_own for row in found.rows for each in row.waits_for] == [True, False, False]
    assert groups_of(ask(bob, "later")) == [("Monday", "later")]


def test_late_counts_baseline_and_deadline() -> None:
    """A plan that slipped to next week does not make the promise of the baseline come true."""
    project = factories.project("P-1")
    bob = bob_in(project)
    slipped = own(project, bob, "Slipped", 9, 10)
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    Task.objects.filter(pk=slipped.pk).update(planned_start=moment(16), planned_finish=moment(17, 17))
    own(project, bob, "Promised", 16, 20, deadline=moment(6, 17))

    found = ask(bob)

    assert [(row.name, row.late_since) for row in found.rows] == [
        ("Promised", date(2026, 3, 6)),
        ("Slipped", date(2026, 3, 10)),
    ]


def test_only_own_tasks_of_open_projects_the_person_sees() -> None:
    """SEC-12: no task of others, of closed projects, of projects the person left, no inactive one."""
    seen, closed, left = (factories.project(code) for code in ("P-1", "P-2", "P-3"))
    bob = bob_in(seen, closed)
    own(seen, bob, "Mine", 11, 11)
    own(seen, factories.person("Carla"), "Of Carla", 11, 11)
    own(seen, bob, "Inactive", 11, 11, is_active=False)
    own(closed, bob, "Closed", 11, 11)
    own(left, bob, "Left", 11, 11)
    Project.objects.filter(pk=closed.pk).update(state=ProjectState.CLOSED)

    found = ask(bob)

    assert [(row.name, row.may_record) for row in found.rows] == [("Mine", True)]


def test_who_may_not_record_sees_the_task_without_buttons() -> None:
    """An auditor who owns a task may look at it only (SEC-12)."""
    project = factories.project("P-1")
    auditor = factories.user("Audrey")
    factories.grant(auditor, Role.AUDITOR, project.node)
    person = factories.person("Audrey", of=auditor)
    own(project, person, "Mine", 11, 11)

    assert [(row.name, row.may_record) for row in ask(person).rows] == [("Mine", False)]


def test_filters_leave_project_and_words() -> None:
    """Counts follow the filters; the list of projects does not."""
    first, second = factories.project("P-1"), factories.project("P-2")
    bob = bob_in(first, second)
    own(first, bob, "Write the report", 11, 11)
    own(second, bob, "Read the report", 10, 10)
    own(second, bob, "Other", 10, 10)

    by_project, by_word = ask(bob, project="P-2"), ask(bob, search="REPORT")

    assert groups_of(by_project) == [("Read the report", "late"), ("Other", "late")]
    assert groups_of(by_word) == [("Read the report", "late"), ("Write the report", "today")]
    assert (by_word.counts["late"], [code for code, _name in by_word.projects]) == (1, ["P-1", "P-2"])


@pytest.mark.parametrize("number", [1, 3])
def test_work_takes_three_queries(number: int, django_assert_num_queries: Any) -> None:
    """However many projects and tasks."""
    projects = [factories.project(f"P-{index}") for index in range(number)]
    bob = bob_in(*projects)
    for project in projects:
        own(project, bob, "Task", 11, 11)

    with django_assert_num_queries(3):
        found = ask(bob)

    assert len(found.rows) == number
