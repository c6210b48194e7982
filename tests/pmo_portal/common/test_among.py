"""The condition "one of many keys", handed over as one value."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.common.among import Among
from projects.models import Project, Task
from tests.factories import moment, project, task

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_a_list_with_one_parameter() -> None:
    made = [project(f"P-{number}") for number in range(4)]
    wanted = [made[2].pk, made[0].pk, 987_654_321]

    with CaptureQueriesContext(connection) as queries:
        found = Project.objects.filter(Among("pk", wanted)).order_by("pk").values_list("pk", flat=True)

        assert list(found) == [made[0].pk, made[2].pk]
    assert len(queries) == 1


def test_column_may_be_reached_through_relations() -> None:
    made = task(project("P-1"), "Mine", planned_start=moment(2))
    task(project("P-2"), "Other", planned_start=moment(2))

    found = Task.objects.filter(Among("project__calendar", [made.project.calendar_id]), name="Mine")

    assert list(found) == [made]


def test_no_keys_are_no_rows_and_no_query() -> None:
    project("P-1")

    with CaptureQueriesContext(connection) as queries:
        assert list(Project.objects.filter(Among("pk", []))) == []
    assert len(queries) == 0
    assert Project.objects.exclude(Among("pk", [])).count() == 1
