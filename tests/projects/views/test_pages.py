"""Pages of a project: who sees what, refusals in place, queries (SEC-9, SEC-10, XC-1)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from projects.models import BudgetLine, Link, Project, Task
from projects.services import baselines, budgets, commitments, costs, links, progress, tasks
from tests import factories
from tests.factories import moment
from tests.portfolio.worlds import make_portfolio, make_program, make_project

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)
PAGES = [
    "",
    "plan/",
    "plan/1/",
    "baselines/",
    "baselines/?rows=all",
    "money/",
    "team/",
    "activity/",
    "calendars/",
]


def signed_in(user: Any) -> Client:
    """Return a browser of a person."""
    client = Client()
    client.force_login(user)
    return client


def filled(count: int = 1) -> Project:
    """Return a project with ``count`` of everything."""
    project = factories.project("NW-1", name="Substations", currency="EUR")
    for number in range(count):
        task = factories.task(project, f"Task {number}", planned_start=moment(2), duration=480)
        factories.task(project, f"Stone {number}", kind="FINISH_MILESTONE", planned_finish=moment(6, 17))
        budgets.add_budget_line(
            actor=None,
            project=project,
            amount=Decimal(70_707),
            effective_from=DAY,
            task=task,
            name=f"Line {number}",
        )
        commitments.add_commitment(
            actor=None, project=project, number=str(number), amount=Decimal(50), date=DAY
        )
        costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(20))
        factories.grant(factories.user(f"Member {number}"), Role.TEAM_MEMBER, project.node)
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)
    return project


def test_stranger_is_sent_to_sign_in() -> None:
    factories.project("NW-1")

    response = Client().get("/projects/NW-1/")

    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
def test_outsider_cannot_tell_a_project_from_none(page: str) -> None:
    """SEC-9, SEC-10: Charlie has a grant elsewhere; both answers are the same 404."""
    filled()
    charlie = factories.manager_of(factories.project("OWN"), "Charlie")
    browser = signed_in(charlie)

    foreign, missing = browser.get(f"/projects/NW-1/{page}"), browser.get(f"/projects/NONE/{page}")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert b"Substations" not in foreign.content


@pytest.mark.parametrize("page", PAGES)
def test_pages_take_the_same_queries_at_one_and_three(page: str, django_assert_max_num_queries: Any) -> None:
    """The same literal bound at 1 and at 3 rows of everything."""
    project = filled(1)
    browser = signed_in(factories.manager_of(project))
    browser.get(f"/projects/NW-1/{page}")
    numbers = []

    for rows in (1, 3):
        if rows == 3:
            for number in range(2):
                factories.task(project, f"More {number}", planned_start=moment(2), duration=480)
                factories.grant(factories.user(), Role.TEAM_MEMBER, project.node)
                costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(20))
        with django_assert_max_num_queries(22) as made:
            assert browser.get(f"/projects/NW-1/{page}").status_code == 200
        numbers.append(len(made))

    assert numbers[0] == numbers[1]


def test_executive_sees_milestones_and_totals_only() -> None:
    """Matrix rows 5 and 8."""
    project = filled()
    eva = factories.user("Eva")
    factories.grant(eva, Role.EXECUTIVE, project.node)
    browser = signed_in(eva)

    plan, money = browser.get("/projects/NW-1/plan/"), browser.get("/projects/NW-1/money/")

    assert b"Stone 0" in plan.content
    assert b"Task 0" not in plan.content
    assert browser.get("/projects/NW-1/plan/1/").status_code == 404
    assert b"70,707" in money.content
    assert b"Line 0" not in money.content
    assert browser.get("/projects/NW-1/activity/").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_member_sees_no_amounts(page: str) -> None:
    """Matrix row 8: not on any page."""
    project = filled()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    response = signed_in(bob).get(f"/projects/NW-1/{page}")

    assert response.status_code == (403 if page in {"money/", "activity/"} else 200)
    for canary in (b"70,707", b"70707", b"70.7"):
        assert canary not in response.content


def test_member_records_progress_of_own_tasks_only() -> None:
    """Matrix row 5."""
    project = filled()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    mine = factories.task(project, "Mine", planned_start=moment(2), owner=factories.person("Bob", of=bob))
    progress.set_data_date(actor=None, project=project, data_date=DAY)
    browser = signed_in(bob)

    own = browser.post(
        f"/projects/NW-1/plan/{mine.uid}/progress/",
        {"actual_start": "2026-03-02", "percent_complete": "50", "note": "", "version": "1"},
    )
    other = browser.get("/projects/NW-1/plan/1/progress/")

    mine.refresh_from_db()
    assert (own.status_code, other.status_code) == (302, 403)
    assert mine.percent_complete == Decimal("50.00")


def test_stale_form_shows_the_other_change() -> None:
    """XC-1: both values; the input is kept; saving again goes on from the newer version."""
    project = filled()
    browser = signed_in(factories.manager_of(project))
    task = Task.objects.get(name="Task 0")
    tasks.edit_task(actor=None, task=task, changes={"name": "Theirs"}, expected_version=None)
    form = {
        "name": "Mine",
        "kind": "TASK",
        "start": "2026-03-02",
        "days": "1",
        "finish": "2026-03-02",
        "constraint_type": "ASAP",
        "ev_technique": "PERCENT_COMPLETE",
        "task_type": "FIXED_UNITS",
        "work_hours": "0",
        "notes": "",
    }
    entries = AuditEntry.objects.count()

    stale = browser.post(f"/projects/NW-1/plan/{task.uid}/edit/", {**form, "version": "1"})
    unchanged = (Task.objects.get(pk=task.pk).name, AuditEntry.objects.count())
    again = browser.post(f"/projects/NW-1/plan/{task.uid}/edit/", {**form, "version": "2"})

    changes = stale.context["form"].other_changes
    assert (stale.status_code, again.status_code) == (422, 302)
    assert [(change.theirs, change.yours) for change in changes] == [("Theirs", "Mine")]
    assert b'name="version" value="2"' in stale.content
    assert unchanged == ("Theirs", entries)
    assert Task.objects.get(pk=task.pk).name == "Mine"


def test_refusal_stands_on_its_field() -> None:
    project = filled()
    browser = signed_in(factories.manager_of(project))

    response = browser.post(
        "/projects/NW-1/money/commitments/new/",
        {"number": "9", "amount": "999999", "currency": "EUR", "date": "2026-03-06", "supplier": "Relais"},
    )

    assert response.status_code == 422
    assert "exceeds the budget" in str(response.context["form"].errors["amount"])
    assert b'value="Relais"' in response.content


def test_task_added_on_the_page() -> None:
    project = factories.project("NW-1")
    browser = signed_in(factories.manager_of(project))

    response = browser.post(
        "/projects/NW-1/plan/new/",
        {"name": "New", "kind": "TASK", "start": "2026-03-02", "days": "3", "constraint_type": "ASAP",
         "ev_technique": "PERCENT_COMPLETE"},
    )  # fmt: skip

    task = Task.objects.get(project=project)
    assert response.status_code == 302
    assert (task.planned_start, task.planned_finish, task.duration) == (moment(2), moment(4, 17), 1440)


def test_ring_is_refused_on_the_page_of_the_task() -> None:
    """SCH-10."""
    project = factories.project("NW-1")
    first, second = factories.task(project, "A"), factories.task(project, "B")
    links.add_link(actor=None, project=project, predecessor=first, successor=second)
    browser = signed_in(factories.manager_of(project))

    response = browser.post(
        f"/projects/NW-1/plan/{first.uid}/links/", {"predecessor": second.pk, "type": "FS", "lag_days": "0"}
    )

    assert response.status_code == 422
    assert "1 A → 2 B → 1 A" in response.content.decode()
    assert Link.objects.count() == 1


def test_foreign_ids_in_addresses_and_forms_are_unknown() -> None:
    """SEC-11, SEC-12: rows and choices of another project do not exist here."""
    filled()
    own = factories.project("OWN")
    charlie = factories.manager_of(own, "Charlie")
    task = factories.task(own, "Own task")
    line, foreign = BudgetLine.objects.get(), Task.objects.get(name="Task 0")
    browser = signed_in(charlie)

    by_address = browser.get(f"/projects/OWN/money/lines/{line.pk}/edit/")
    by_link = browser.post(
        f"/projects/OWN/plan/{task.uid}/links/", {"predecessor": foreign.pk, "type": "FS", "lag_days": "0"}
    )
    by_cost = browser.post(
        "/projects/OWN/money/costs/new/",
        {
            "posting_date": "2026-03-06",
            "amount": "1",
            "currency": "EUR",
            "source": "INVOICE",
            "line": line.pk,
        },
    )

    assert (by_address.status_code, by_link.status_code, by_cost.status_code) == (404, 422, 422)
    assert list(by_cost.context["form"].errors) == ["line"]
    assert (Link.objects.count(), own.actual_costs.count()) == (0, 0)


def test_delete_page_says_what_goes() -> None:
    project = factories.project("NW-1")
    top = factories.task(project, "Top")
    factories.task(project, "Below", parent=top)
    browser = signed_in(factories.manager_of(project))

    asked = browser.get(f"/projects/NW-1/plan/{top.uid}/delete/")
    done = browser.post(f"/projects/NW-1/plan/{top.uid}/delete/")

    assert "2 rows of the plan" in asked.content.decode()
    assert (done.status_code, Task.objects.count()) == (302, 0)


def test_homes_of_a_project_are_links() -> None:
    """The dashboard of the portfolio, and the projects of the program: both open."""
    project = make_project("NW-1", make_program("SMART", make_portfolio("GRID")))
    browser = signed_in(factories.manager_of(project))

    page = browser.get("/projects/NW-1/").content.decode()

    for address, title in (
        ("/portfolio/p/GRID/", "Portfolio GRID"),
        ("/portfolio/projects/?program=SMART", "Program SMART"),
    ):
        assert f'<a href="{address}">{title}</a>' in page
        assert browser.get(address).status_code == 200
    assert "<dd>Portfolio GRID › Program SMART</dd>" in page


@pytest.mark.parametrize(
    ("state", "sentences"),
    [
        ("PROPOSED", ["Approved: the work may begin. Health is not rated yet."]),
        (
            "APPROVED",
            ["Initiating: health is rated from now on.", "On hold: dates stay", "Canceled: the plan"],
        ),
        ("INITIATING", ["From planning on the project needs exactly one sponsor", "On hold:", "Canceled:"]),
        ("PLANNING", ["From planning on", "Executing: status reports become due.", "On hold:", "Canceled:"]),
        ("CLOSING", ["On hold:", "Canceled:", "Closed: nothing in the project", "Before it is closed"]),
    ],
)
def test_change_of_state_says_what_follows(state: str, sentences: list[str]) -> None:
    """ORG-5; 11.2 step 1: health is rated from initiating on; a first report is due from executing on."""
    project = factories.project("NW-1", state=state)
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, project.node.parent)
    page = signed_in(paula).get(f"/projects/{project.code}/state/").content.decode()
    told = page.split('<ul class="consequences">')[1].split("</ul>")[0]
    assert told.count("<li>") == len(sentences)
    assert [sentence for sentence in sentences if sentence not in told] == []


@pytest.mark.parametrize(("days", "is_warned"), [(0, False), (1, True)])
def test_data_date_in_the_future_is_taken_with_a_notice(days: int, is_warned: bool) -> None:
    """CON-6: nobody knows the status of tomorrow; a slip is told, and not refused."""
    project = factories.project("NW-1")
    alice = factories.manager_of(project)
    day = timezone.localdate() + timedelta(days=days)

    answer = signed_in(alice).post(
        "/projects/NW-1/data-date/", {"data_date": day.isoformat(), "version": project.version}, follow=True
    )

    assert Project.objects.get(pk=project.pk).data_date == day
    assert ("The data date lies in the future" in answer.content.decode()) == is_warned


def test_what_is_taken_back_is_named() -> None:
    """The forms that cannot be undone say which posting and which commitment they are about."""
    project = filled()
    fiona = factories.user("Fiona")
    factories.grant(fiona, Role.FINANCE_CONTROLLER, project.node)
    browser, money = signed_in(fiona), f"/projects/{project.code}/money"
    cost, order = project.actual_costs.get(), project.commitments.get()
    posting = browser.get(f"{money}/costs/{cost.pk}/reverse/").content.decode()
    closing = browser.get(f"{money}/commitments/{order.pk}/close/").content.decode()
    assert "6 Mar 2026 · 20.00\u00a0EUR" in posting
    assert "Close commitment 0" in closing
