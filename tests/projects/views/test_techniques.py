"""The page of a task's earned value technique, and progress that is counted, by page and API."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from projects.models import Project, Task, TaskProgress
from projects.services import progress, techniques
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)
ADDRESS = "/projects/NW-1/plan/1/technique/"
API = "/api/v1/projects/NW-1/tasks/1/"


@pytest.fixture
def project() -> Project:
    made = factories.project("NW-1")
    for name in ("Cable", "Check"):
        factories.task(made, name, planned_start=moment(2), duration=4800)
    return progress.set_data_date(actor=None, project=made, data_date=DAY)


@pytest.fixture
def browser(project: Project) -> Client:
    client = Client()
    client.force_login(factories.manager_of(project))
    return client


def task() -> Task:
    return Task.objects.select_related("project").get(uid=1)


def choose(technique: str, **details: Any) -> None:
    techniques.set_technique(actor=None, task=task(), technique=technique, details=details)


def test_page_explains_all_techniques_and_marks_the_suggested_one(browser: Client) -> None:
    """CST-10: two weeks are within one period."""
    shown = browser.get(ADDRESS)

    choices = {choice.code: choice for choice in shown.context["choices"]}
    assert len(choices) == 8
    assert [code for code, choice in choices.items() if choice.is_suggested] == ["FIXED_0_100"]
    assert [code for code, choice in choices.items() if choice.is_current] == ["PERCENT_COMPLETE"]


@pytest.mark.parametrize(
    ("technique", "given", "stored"),
    [
        ("FIXED_50_50", {"start_share": "20"}, {"start_share": "20.00"}),
        (
            "WEIGHTED_MILESTONES",
            {"milestones": "60; 2026-03-05; Design\r\n40\t2026-03-13\tBuild; test\r\n"},
            {
                "milestones": [
                    {"name": "Design", "weight": "60.00", "on": "2026-03-05"},
                    {"name": "Build;test", "weight": "40.00", "on": "2026-03-13"},
                ]
            },
        ),
        (
            "UNITS",
            {"planned_units": "12", "unit": "poles", "curve": "FRONT", "manual": ""},
            {"planned_units": "12.00", "unit": "poles", "curve": "FRONT"},
        ),
        (
            "AGILE_POINTS",
            {"increments": "40; 2026-03-06\n60; 2026-03-13", "curve": "LINEAR"},
            {
                "baseline_points": "100.00",
                "increments": [
                    {"points": "40.00", "on": "2026-03-06"},
                    {"points": "60.00", "on": "2026-03-13"},
                ],
            },
        ),
        (
            "PERCENT_COMPLETE",
            {"curve": "MANUAL", "manual": "25; 2026-03-06"},
            {"curve": "MANUAL", "manual": [{"on": "2026-03-06", "percent": "25.00"}]},
        ),
    ],
)
def test_form_saves_what_the_technique_needs(
    browser: Client, technique: str, given: dict[str, str], stored: dict[str, Any]
) -> None:
    answer = browser.post(
        f"{ADDRESS}?technique={technique}",
        {**given, "version": task().version},
    )

    assert answer.status_code == 302, answer.context["form"].errors
    assert (task().ev_technique, task().ev_details) == (technique, stored)


def test_base_is_chosen_from_the_other_tasks(browser: Client) -> None:
    other = Task.objects.get(uid=2)

    answer = browser.post(f"{ADDRESS}?technique=APPORTIONED", {"base": other.pk, "version": task().version})

    assert answer.status_code == 302
    assert task().ev_details == {"base": 2}
    assert list(answer.wsgi_request.resolver_match.kwargs.values()) == ["NW-1", 1]


@pytest.mark.parametrize(
    ("technique", "given", "field"),
    [
        ("WEIGHTED_MILESTONES", {"milestones": "60; 2026-03-05; Design"}, "milestones"),
        ("WEIGHTED_MILESTONES", {"milestones": "much; 2026-03-05"}, "milestones"),
        ("UNITS", {"planned_units": "", "curve": "LINEAR"}, "planned_units"),
        ("APPORTIONED", {"base": ""}, "base"),
        ("FIXED_50_50", {"start_share": "200"}, "start_share"),
    ],
)
def test_what_is_wrong_stands_on_its_field(
    browser: Client, technique: str, given: dict[str, str], field: str
) -> None:
    answer = browser.post(f"{ADDRESS}?technique={technique}", {**given, "version": task().version})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert task().ev_technique == "PERCENT_COMPLETE"


def test_stored_details_come_back_as_lines(browser: Client) -> None:
    choose("WEIGHTED_MILESTONES", milestones=[{"name": "All", "weight": 100, "on": "2026-03-13"}])

    page = browser.get(ADDRESS)

    assert b"100; 2026-03-13; All" in page.content


@pytest.mark.parametrize(
    ("technique", "details", "posted", "facts", "percent"),
    [
        ("UNITS", {"planned_units": 8, "unit": "poles"}, {"quantity_done": "6"}, {"done": "6"}, 75),
        (
            "WEIGHTED_MILESTONES",
            {"milestones": [{"weight": 30, "on": "2026-03-03"}, {"weight": 70, "on": "2026-03-13"}]},
            {"steps_reached": ["1"]},
            {"reached": [1]},
            30,
        ),
    ],
)
def test_progress_form_asks_for_the_count(
    browser: Client,
    technique: str,
    details: dict[str, Any],
    posted: dict[str, Any],
    facts: dict[str, Any],
    percent: int,
) -> None:
    """Units done and steps reached take the place of the percentage, as dated facts."""
    choose(technique, **details)
    form = browser.get("/projects/NW-1/plan/1/progress/").context["form"]

    answer = browser.post(
        "/projects/NW-1/plan/1/progress/",
        {"actual_start": "2026-03-02", "days_left": "5", "version": task().version, **posted},
    )

    assert "percent_physical" not in form.fields
    assert answer.status_code == 302
    entry = TaskProgress.objects.get(task=task(), data_date=DAY)
    assert (entry.ev_progress, entry.percent_physical) == (facts, percent)
    shown = browser.get("/projects/NW-1/plan/1/").context["task"]
    assert shown.counted in {"6 of 8 poles", "1 of 2 steps"}


def test_member_may_not_choose_and_outsider_finds_nothing(project: Project) -> None:
    """SEC-9, SEC-10."""
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    charlie = factories.manager_of(factories.project("OWN"), "Charlie")
    answers = []
    for user in (bob, charlie):
        client = Client()
        client.force_login(user)
        answers.append(client.get(ADDRESS).status_code)

    assert answers == [403, 404]


def test_api_chooses_and_counts(browser: Client) -> None:
    """One way in: the endpoint calls the same service and names the field that is wrong."""
    put = {"content_type": "application/json"}

    def etag() -> dict[str, str]:
        return {"If-Match": f'"{task().version}"'}

    details = {"ev_technique": "UNITS", "ev_details": {"planned_units": 0}}
    wrong = browser.put(f"{API}technique/", details, headers=etag(), **put)
    details["ev_details"] = {"planned_units": 10}
    right = browser.put(f"{API}technique/", details, headers=etag(), **put)
    counted = browser.post(
        f"{API}progress/",
        {"actual_start": "2026-03-02T08:00:00", "percent_complete": "50", "quantity_done": "7"},
        headers=etag(),
        **put,
    )

    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["planned_units"])
    assert (right.status_code, right.json()["ev_details"]) == (200, {"planned_units": "10.00"})
    assert (counted.status_code, counted.json()["percent_physical"]) == (201, "70.00")
    assert counted.json()["ev_progress"] == {"done": "7.00"}
