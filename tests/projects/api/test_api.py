"""The API of projects: rights, versions, scoped ids, amounts (SEC-9 to SEC-14, SEC-29, SEC-47)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from projects.models import BudgetLine, Link, Project, Task
from projects.services import baselines, budgets, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)
API = "/api/v1/projects/"
LISTS = [
    "tasks/",
    "links/",
    "baselines/",
    "budget-lines/",
    "commitments/",
    "actual-costs/",
    "members/",
    "calendars/",
]


def client_of(user: Any) -> APIClient:
    """Return an API client of a person."""
    client = APIClient()
    client.force_authenticate(user)
    return client


def filled(code: str = "NW-1", count: int = 1) -> Project:
    """Return a project with tasks, a budget and a baseline."""
    project = factories.project(code, name=f"Name of {code}")
    for number in range(count):
        factories.task(project, f"Task {number}", planned_start=moment(2), duration=480)
    factories.task(project, "Stone", kind="FINISH_MILESTONE", planned_finish=moment(6, 17))
    budgets.add_budget_line(actor=None, project=project, amount=Decimal("70707.50"), effective_from=DAY)
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    return project


def test_list_holds_visible_projects_only() -> None:
    """SEC-9, SEC-13: filters do not reach others."""
    alice = factories.manager_of(filled("NW-1"))
    filled("NW-2")

    answer = client_of(alice).get(API, {"q": "Name of"}).json()

    assert [row["code"] for row in answer["results"]] == ["NW-1"]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_a_fixed_number_of_queries(count: int, django_assert_max_num_queries: Any) -> None:
    project = filled(count=count)
    client = client_of(factories.manager_of(project))

    for path in LISTS:
        with django_assert_max_num_queries(7):
            assert client.get(f"{API}NW-1/{path}").status_code == 200


@pytest.mark.parametrize("path", ["", "money/", *LISTS])
def test_outsider_gets_404(path: str) -> None:
    """SEC-10: as for a project that does not exist."""
    filled()
    charlie = factories.manager_of(factories.project("OWN"), "Charlie")
    client = client_of(charlie)

    foreign, missing = client.get(f"{API}NW-1/{path}"), client.get(f"{API}NONE/{path}")

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("role", "totals", "lines", "tasks"),
    [
        (Role.PROJECT_MANAGER, 200, 200, 2),
        (Role.EXECUTIVE, 200, 403, 1),
        (Role.TEAM_MEMBER, 403, 403, 2),
    ],
)
def test_amounts_and_rows_by_role(role: str, totals: int, lines: int, tasks: int) -> None:
    """Matrix rows 5, 7 and 8, on every path that returns the object."""
    project = filled()
    person = factories.user()
    factories.grant(person, role, project.node)
    client = client_of(person)

    baseline = client.get(f"{API}NW-1/baselines/").json()["results"][0]

    assert client.get(f"{API}NW-1/money/").status_code == totals
    assert client.get(f"{API}NW-1/budget-lines/").status_code == lines
    assert client.get(f"{API}NW-1/tasks/").json()["count"] == tasks
    assert ("bac" in baseline) == (totals == 200)


def test_money_is_text() -> None:
    """SEC-47."""
    project = filled()

    answer = client_of(factories.manager_of(project)).get(f"{API}NW-1/money/").json()

    assert (answer["budget"], answer["available"], answer["currency"]) == ("70707.50", "70707.50", "EUR")


def test_change_needs_the_version() -> None:
    """SEC-29: 428 without, 412 with an older one, 200 and a new tag with the present one."""
    project = filled()
    client = client_of(factories.manager_of(project))
    entries = AuditEntry.objects.count()

    missing = client.patch(f"{API}NW-1/", {"name": "X"})
    stale = client.patch(f"{API}NW-1/", {"name": "X"}, headers={"If-Match": '"9"'})
    unchanged = (Project.objects.get().name, AuditEntry.objects.count())
    good = client.patch(f"{API}NW-1/", {"name": "X"}, headers={"If-Match": '"1"'})

    assert (missing.status_code, stale.status_code, good.status_code) == (428, 412, 200)
    assert unchanged == ("Name of NW-1", entries)
    assert (good.headers["ETag"], good.json()["name"]) == ('"2"', "X")


def test_undeclared_fields_are_ignored() -> None:
    """SEC-14: state, code and version cannot be written through the header."""
    project = filled()
    client = client_of(factories.manager_of(project))

    client.patch(
        f"{API}NW-1/",
        {"state": "CLOSED", "code": "HACK", "version": 99, "node": 1, "name": "X"},
        headers={"If-Match": '"1"'},
    )

    project.refresh_from_db()
    assert (project.state, project.code, project.version, project.name) == ("PROPOSED", "NW-1", 2, "X")


def test_create_below_a_node_in_reach_only() -> None:
    """SEC-11: the home of others is as unknown as one that does not exist."""
    home, foreign = factories.portfolio_node("Home"), factories.portfolio_node("Foreign")
    manager = factories.user()
    factories.grant(manager, Role.PORTFOLIO_MANAGER, home)
    client = client_of(manager)

    refused = client.post(API, {"name": "New", "parent": foreign.pk})
    unknown = client.post(API, {"name": "New", "parent": 999_999})
    made = client.post(API, {"name": "New", "parent": home.pk})

    assert (refused.status_code, unknown.status_code, made.status_code) == (400, 400, 201)
    assert list(refused.json()["error"]["fields"]) == list(unknown.json()["error"]["fields"]) == ["parent"]
    assert (made.json()["code"], made.json()["home"]) == ("PRJ-0001", "Home")


def test_task_is_created_changed_moved_and_deleted() -> None:
    project = factories.project("NW-1")
    client = client_of(factories.manager_of(project))

    top = client.post(f"{API}NW-1/tasks/", {"name": "Top"}).json()
    made = client.post(
        f"{API}NW-1/tasks/",
        {"name": "A", "planned_start": "2026-03-02T08:00:00", "duration": 960},
    ).json()
    edited = client.patch(f"{API}NW-1/tasks/2/", {"duration": 480}, headers={"If-Match": '"1"'}).json()
    moved = client.post(
        f"{API}NW-1/tasks/2/move/", {"parent": top["uid"]}, headers={"If-Match": '"2"'}
    ).json()
    gone = client.delete(f"{API}NW-1/tasks/1/", headers={"If-Match": '"1"'})

    assert made["planned_finish"] == "2026-03-03T17:00:00"
    assert edited["planned_finish"] == "2026-03-02T17:00:00"
    assert (moved["wbs"], moved["parent"]) == ("1.1", 1)
    assert (gone.status_code, Task.objects.count()) == (204, 0)


def test_completion_milestone_is_marked_by_a_change() -> None:
    """SCH-38: for a milestone that is there; a new row cannot take the mark, a task is refused."""
    project = factories.project("NW-1")
    client = client_of(factories.manager_of(project))
    client.post(f"{API}NW-1/tasks/", {"name": "End", "kind": "FINISH_MILESTONE"})
    client.post(f"{API}NW-1/tasks/", {"name": "Work"})

    marked = client.patch(f"{API}NW-1/tasks/1/", {"is_completion": True}, headers={"If-Match": '"1"'})
    refused = client.patch(f"{API}NW-1/tasks/2/", {"is_completion": True}, headers={"If-Match": '"1"'})

    assert marked.json()["is_completion"] is True
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["is_completion"])


def test_task_is_created_with_the_details_of_its_technique() -> None:
    """CST-7: they are checked as on the task's own page; nothing is kept of a row that is refused."""
    project = factories.project("NW-1")
    client = client_of(factories.manager_of(project))
    address = f"{API}NW-1/tasks/"
    units = {"ev_technique": "UNITS", "ev_details": {"planned_units": 120, "unit": "m"}}

    made = client.post(address, {"name": "Cable", **units}).json()
    unknown = client.post(address, {"name": "X", "ev_technique": "UNITS", "ev_details": {"start_share": 1}})
    by_kind = client.post(address, {"name": "Done", "kind": "FINISH_MILESTONE", **units})

    assert made["ev_details"] == {"planned_units": "120.00", "unit": "m"}
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "UNKNOWN_DETAIL")
    assert (by_kind.status_code, by_kind.json()["error"]["code"]) == (400, "KIND_DECIDES")
    assert Task.objects.count() == 1


@pytest.mark.parametrize("field", ["parent", "owner", "calendar"])
def test_foreign_ids_in_a_task_are_unknown(field: str) -> None:
    """SEC-11: second-order ids of another project."""
    own, other = factories.project("OWN"), filled("NW-1")
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, other.node)
    foreign = {
        "parent": 77,
        "owner": factories.person("Bob", of=bob).pk,
        "calendar": other.own_calendars.create(name="Theirs").pk,
    }
    client = client_of(factories.manager_of(own))

    answer = client.post(f"{API}OWN/tasks/", {"name": "X", field: foreign[field]})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert Task.objects.filter(project=own).count() == 0


def test_children_are_fetched_through_their_project() -> None:
    """SEC-12: own project in the address, row of another one behind it."""
    filled("NW-1")
    own = factories.project("OWN")
    client = client_of(factories.manager_of(own))
    line = BudgetLine.objects.get()

    answers = [
        client.get(f"{API}OWN/budget-lines/{line.pk}/"),
        client.patch(f"{API}OWN/budget-lines/{line.pk}/", {"amount": "1"}, headers={"If-Match": '"1"'}),
        client.delete(f"{API}OWN/budget-lines/{line.pk}/", headers={"If-Match": '"1"'}),
        client.get(f"{API}OWN/tasks/1/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert BudgetLine.objects.get().amount == Decimal("70707.50")


def test_ring_is_refused_with_a_code() -> None:
    """SCH-10."""
    project = factories.project("NW-1")
    factories.task(project, "A")
    factories.task(project, "B")
    client = client_of(factories.manager_of(project))
    client.post(f"{API}NW-1/links/", {"predecessor": 1, "successor": 2})

    answer = client.post(f"{API}NW-1/links/", {"predecessor": 2, "successor": 1})

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CYCLE")
    assert Link.objects.count() == 1


def test_progress_is_recorded_at_the_data_date() -> None:
    """SCH-22."""
    project = filled()
    progress.set_data_date(actor=None, project=project, data_date=DAY)
    client = client_of(factories.manager_of(project))

    answer = client.post(
        f"{API}NW-1/tasks/1/progress/",
        {"actual_start": "2026-03-02T08:00:00", "percent_complete": "50"},
        headers={"If-Match": '"1"'},
    )

    assert (answer.status_code, answer.json()["remaining_duration"]) == (201, 2400)


def test_project_manager_adds_members_but_no_managers() -> None:
    """SEC-15."""
    project = filled()
    client = client_of(factories.manager_of(project))
    anna = factories.user("Anna")

    member = client.post(f"{API}NW-1/members/", {"user": anna.pk, "role": "TEAM_MEMBER"})
    sponsor = client.post(f"{API}NW-1/members/", {"user": anna.pk, "role": "SPONSOR"})

    assert (member.status_code, sponsor.status_code) == (201, 403)
    assert list(anna.grants.values_list("role", flat=True)) == ["TEAM_MEMBER"]


def test_repeated_post_makes_one_row() -> None:
    """SEC-32."""
    project = filled()
    client = client_of(factories.manager_of(project))
    body = {"posting_date": "2026-03-06", "amount": "12.50", "text": "Cable"}

    answers = [
        client.post(f"{API}NW-1/actual-costs/", body, headers={"Idempotency-Key": "k1"})
        for _again in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert project.actual_costs.count() == 1


def test_member_may_not_write() -> None:
    project = filled()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    client = client_of(bob)
    entries = AuditEntry.objects.count()

    answers = [
        client.patch(f"{API}NW-1/", {"name": "X"}, headers={"If-Match": '"1"'}),
        client.post(f"{API}NW-1/tasks/", {"name": "X"}),
        client.post(f"{API}NW-1/links/", {"predecessor": 1, "successor": 2}),
        client.post(f"{API}NW-1/baselines/", {"effective_from": "2026-03-06"}),
        client.post(f"{API}NW-1/budget-lines/", {"amount": "1", "effective_from": "2026-03-06"}),
        client.post(f"{API}NW-1/members/", {"user": bob.pk, "role": "TEAM_MEMBER"}),
        client.post(f"{API}NW-1/calendars/", {"name": "X"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    assert AuditEntry.objects.count() == entries
