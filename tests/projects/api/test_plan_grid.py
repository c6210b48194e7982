"""Reading the whole plan through the API: entity tag, baselines, own fields."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from projects.models import Task
from projects.services import baselines, tasks
from tests import factories

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/projects/P-1/plan/"


def plan() -> APIClient:
    """Return Alice's client and her plan of one task."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    factories.task(project, "Design", duration=2400, extra={"Text1": "north"})
    client = APIClient()
    client.force_authenticate(factories.manager_of(project))
    return client


def test_plan_is_answered_once_for_each_state() -> None:
    """304 for who holds it already; a change of anything in it gives it another tag."""
    client = plan()
    first = client.get(ROOT)

    same = client.get(ROOT, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    tasks.edit_task(actor=None, task=Task.objects.get(), changes={"name": "New"}, expected_version=None)
    other = client.get(ROOT, HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert (first.status_code, same.status_code, other.status_code) == (200, 304, 200)
    assert same.content == b""
    assert other.json()["rows"][0][4] == "New"
    assert other.json()["revision"] != first.json()["revision"]


def test_tag_of_one_person_is_none_of_another() -> None:
    """Two people may see different rows of the same state."""
    client = plan()
    tag = client.get(ROOT).headers["ETag"]
    client.force_authenticate(factories.manager_of(Task.objects.get().project, "Carol"))

    assert client.get(ROOT, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_baseline_and_own_fields_have_addresses_of_their_own() -> None:
    """A number nobody set is 404."""
    client = plan()
    project = Task.objects.get().project
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))

    frozen = client.get(f"{ROOT}baselines/0/")

    assert frozen.json()["columns"] == [
        *("uid", "start", "finish", "start_day", "finish_day", "minutes", "cost")
    ]
    assert frozen.json()["rows"] == [
        [1, "2026-03-02T08:00", "2026-03-06T17:00", "2026-03-02", "2026-03-06", 2400, "0.00"]
    ]
    assert client.get(f"{ROOT}baselines/1/").status_code == 404
    assert client.get(f"{ROOT}own-fields/").json() == {"fields": ["Text1"], "rows": [[1, {"Text1": "north"}]]}
