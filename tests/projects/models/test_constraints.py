"""What must never be is refused by the database, whoever writes (SEC-43)."""

import pytest
from django.db import IntegrityError, connection, transaction

from projects.models import Link, Project, Task
from tests import factories

pytestmark = pytest.mark.django_db

TASK, PROJECT = "projects_task", "projects_project"
IMPOSSIBLE = {
    "more than all done": (TASK, "percent_complete = 150"),
    "less than nothing done": (TASK, "percent_complete = -1"),
    "physically more than all": (TASK, "percent_physical = 100.5"),
    "a plan that ends before it begins": (TASK, "planned_finish = '2020-01-01 08:00:00+00:00'"),
    "an actual finish before the start": (
        TASK,
        "actual_start = '2026-03-02 08:00:00+00:00', actual_finish = '2026-03-01 08:00:00+00:00'",
    ),
    "a task above itself": (TASK, "parent_id = id"),
    "a milestone with a duration": (TASK, "kind = 'FINISH_MILESTONE', duration = 480"),
    "a project that ends before it begins": (
        PROJECT,
        "planned_start = '2026-03-02', planned_finish = '2026-03-01'",
    ),
    "a state nobody knows": (PROJECT, "state = 'DREAMING'"),
    "on hold from nowhere": (PROJECT, "state = 'ON_HOLD', state_before_hold = ''"),
}


@pytest.fixture
def plan() -> Task:
    project = factories.project("CON-1")
    task = factories.task(project, "Dig")
    Task.objects.filter(pk=task.pk).update(
        planned_start=factories.moment(2), planned_finish=factories.moment(3, 17)
    )
    return task


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_database_refuses(name: str, plan: Task) -> None:
    """SEC-43: raw SQL, past models and forms."""
    table, change = IMPOSSIBLE[name]
    before = list(Task.objects.values()), list(Project.objects.values())

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")

    assert (list(Task.objects.values()), list(Project.objects.values())) == before


def test_database_refuses_a_link_of_a_task_to_itself(plan: Task) -> None:
    """SEC-43."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.bulk_create([Link(project=plan.project, predecessor=plan, successor=plan)])

    assert Link.objects.count() == 0
