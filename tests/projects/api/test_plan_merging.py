"""Steps of two people at once, of people with fewer rights, sent twice, tried, or sent in a hostile form."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person
from pmo_portal.audit.models import AuditEntry
from projects.models import PlanChange, Project, Task
from projects.services import progress
from tests import factories
from tests.projects.api.test_plan_changes import DAY, ROOT, plan, post

pytestmark = pytest.mark.django_db


def of(project: Project, name: str, role: str) -> APIClient:
    """Return the client of somebody with a role in the project."""
    person = factories.user(name)
    factories.person(name, of=person)
    factories.grant(person, role, project.node)
    client = APIClient()
    client.force_authenticate(person)
    return client


def code(answer: Any) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


def test_other_fields_merge_and_the_same_field_shows_both_values() -> None:
    """Nobody overwrites silently; sending their value along insists."""
    alice, project = plan()
    carol = of(project, "Carol", Role.PROJECT_MANAGER)
    change = {"act": "set", "uid": 1, "fields": {"name": "Mine"}, "was": {"name": "Design"}}
    post(carol, {"act": "set", "uid": 1, "fields": {"name": "Theirs"}, "was": {"name": "Design"}})

    clash = post(alice, change, key="k2")
    other = post(alice, {"act": "set", "uid": 1, "fields": {"notes": "N"}, "was": {"notes": ""}}, key="k3")
    insisted = post(alice, {**change, "was": {"name": "Theirs"}}, key="k4")

    assert code(clash) == (409, "MERGE")
    (told,) = clash.json()["conflicts"]
    assert [told[name] for name in ("index", "uid", "field", "was", "mine", "theirs", "by")] == [
        *(0, 1, "name", "Design", "Mine", "Theirs", "Carol")
    ]
    assert (other.status_code, insisted.status_code) == (200, 200)
    assert Task.objects.values_list("name", "notes").get(uid=1) == ("Mine", "N")


def test_remaining_of_work_nobody_began_is_seen_as_its_duration() -> None:
    """What the grid shows counts as seen; a duration somebody else changed meanwhile is shown."""
    alice, project = plan()
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 3))
    seen = {"remaining": f"{5 * DAY}m"}
    change = {
        "act": "set",
        "uid": 1,
        "fields": {"actual_start": "2026-03-02", "remaining": "3d"},
        "was": seen,
    }
    longer = {"act": "set", "uid": 1, "fields": {"duration": "6d"}, "was": {"duration": "5d"}}
    post(of(project, "Carol", Role.PROJECT_MANAGER), longer)

    clash = post(alice, change, key="k2")
    again = post(alice, {**change, "was": {"remaining": f"{6 * DAY}m"}}, key="k3")

    assert code(clash) == (409, "MERGE")
    assert [(told["field"], told["theirs"]) for told in clash.json()["conflicts"]] == [("remaining", 6 * DAY)]
    assert again.status_code == 200
    assert Task.objects.get(uid=1).remaining_duration == 3 * DAY


def test_row_that_somebody_deleted_is_gone() -> None:
    """The step is refused as a whole and names the row."""
    alice, project = plan()
    post(of(project, "Carol", Role.PROJECT_MANAGER), {"act": "delete", "uids": [2]})

    answer = post(
        alice,
        {"act": "set", "uid": 1, "fields": {"name": "New"}},
        {"act": "set", "uid": 2, "fields": {"name": "New"}},
    )

    assert (code(answer), answer.json()["gone"]) == ((409, "GONE"), [2])
    assert Task.objects.get(uid=1).name == "Design"


def test_step_sent_again_is_done_once() -> None:
    """Its answer has the number of the first, and tells the page to read the plan again."""
    alice, _project = plan()
    change = {"act": "add", "key": "n", "fields": {"name": "New"}}
    first = post(alice, change).json()

    again = post(alice, change).json()

    assert (again["change"], again["keys"], again["base"]) == (first["change"], {"n": 4}, "")
    assert Task.objects.count() == 4
    assert PlanChange.objects.count() == 1


def test_trial_answers_the_same_and_keeps_nothing() -> None:
    """No row, no step, no line in the trail."""
    alice, _project = plan()
    change = {"act": "set", "uid": 1, "fields": {"duration": "7d"}}
    lines = AuditEntry.objects.count()

    tried = post(alice, change, trial=True).json()

    assert (tried["change"], tried["effect"]["moved"]) == (None, 2)
    assert Task.objects.get(uid=1).duration == 5 * DAY
    assert (PlanChange.objects.count(), AuditEntry.objects.count()) == (0, lines)


def test_every_fault_is_told_with_its_change_row_and_field() -> None:
    """Nothing is saved."""
    alice, _project = plan()

    answer = post(
        alice,
        {"act": "set", "uid": 1, "fields": {"duration": "long", "name": "New"}},
        {"act": "set", "uid": 2, "fields": {"deadline": "soon"}},
        {"act": "fly", "uids": [1]},
    )

    assert answer.status_code == 400
    names = ("index", "uid", "field", "code")
    assert [tuple(fault[name] for name in names) for fault in answer.json()["faults"]] == [
        (0, 1, "duration", "LENGTH"),
        (1, 2, "deadline", "NOT_A_DAY"),
        (2, None, "act", "NO_ACT"),
    ]
    assert Task.objects.get(uid=1).name == "Design"


def test_ring_is_refused_with_its_tasks() -> None:
    """SCH-10."""
    alice, _project = plan()

    answer = post(alice, {"act": "link", "from": 2, "to": 1})

    assert code(answer) == (400, "CYCLE")
    assert "2 Build → 1 Design → 2 Build" in answer.json()["error"]["message"]


def test_member_reports_progress_of_own_rows_and_nothing_else() -> None:
    """Neither another field nor another row nor another act."""
    _alice, project = plan()
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 3))
    bob = of(project, "Bob", Role.TEAM_MEMBER)
    Task.objects.filter(uid=1).update(owner=Person.objects.get(name="Bob"))
    said = {"actual_start": "2026-03-02", "remaining": "3d"}

    own = post(bob, {"act": "set", "uid": 1, "fields": said})
    refused = [
        post(bob, {"act": "set", "uid": 2, "fields": said}, key="k2"),
        post(bob, {"act": "set", "uid": 1, "fields": {"name": "Mine"}}, key="k3"),
        post(bob, {"act": "delete", "uids": [1]}, key="k4"),
        post(bob, {"act": "add", "key": "n", "fields": {}}, key="k5"),
        post(bob, {"act": "link", "from": 2, "to": 3}, key="k6"),
    ]

    assert own.status_code == 200
    assert Task.objects.get(uid=1).remaining_duration == 3 * DAY
    assert {code(answer) for answer in refused} == {(403, "FORBIDDEN")}
    assert PlanChange.objects.count() == 1


HOSTILE: list[dict[str, Any]] = [
    {"act": "set", "uid": 1, "fields": {"version": 7}},
    {"act": "set", "uid": 1, "fields": {"project": 2}},
    {"act": "set", "uid": 1, "fields": {"own:Nobody": "x"}},
    {"act": "set", "uid": 1, "fields": {"name": {"a": 1}}},
    {"act": "set", "uid": 1, "fields": {"name": "x" * 251}},
    {"act": "set", "uid": 1, "fields": {"percent": "NaN"}},
    {"act": "set", "uid": 1, "fields": {"cost": "1e99"}},
    {"act": "set", "uid": 1, "fields": {"notes": "a\x00b"}},
    {"act": "set", "uid": 1, "fields": []},
    {"act": "set", "uid": True, "fields": {"name": "x"}},
    {"act": "set", "uid": 1, "fields": {"name": "x"}, "actor": 1},
    {"act": "set", "uid": 2**31, "fields": {"name": "x"}},
    {"act": "delete", "uids": "1"},
    {"act": "delete", "uids": []},
    {"act": "move", "uids": [1], "parent": [2]},
    {"act": "unlink", "pk": "1"},
    {"act": "unlink", "pk": 2**70},
    {"act": ["set"]},
    {},
]


@pytest.mark.parametrize("change", HOSTILE)
def test_hostile_changes_are_refused_and_change_nothing(change: dict[str, Any]) -> None:
    """SEC-14: only the fields of the page; no server error for any form of body."""
    alice, _project = plan()

    answer = post(alice, change)

    assert answer.status_code == 400
    assert PlanChange.objects.count() == 0
    assert list(Task.objects.order_by("uid").values_list("name", flat=True)) == ["Design", "Build", "Done"]


def test_step_costs_the_same_queries_whatever_it_changes() -> None:
    """With one row and with three."""
    alice, _project = plan()

    counts = [_queries_of(alice, rows) for rows in (1, 3)]

    assert counts[0] == counts[1] < 60


def _queries_of(client: APIClient, rows: int) -> int:
    changes = [
        {"act": "set", "uid": uid, "fields": {"name": f"New {rows} {uid}", "deadline": f"2026-05-0{rows}"}}
        for uid in range(1, rows + 1)
    ]
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(f"{ROOT}changes/", {"key": f"q{rows}", "changes": changes}, format="json")
    assert answer.status_code == 200
    return len(queries)
