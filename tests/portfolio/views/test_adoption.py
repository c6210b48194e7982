"""The page of adoption, that of a project, its exports and the API (KNO-10)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from portfolio.models import ProjectAdoption
from projects.models import Project
from tests.factories import grant, manager_of, project, user
from tests.portfolio.adoption import counted_project
from tests.portfolio.methods import anna
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.worlds import make_portfolio

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)
URL, API = "/pmo/adoption/", "/api/v1/adoption/"


def measured(code: str, *, day: date = APRIL, percent: str | None = "74", **counts: Any) -> Project:
    """A project with the figures of EX-KNO."""
    made = Project.objects.filter(code=code).first() or project(code, name=f"Name {code}", state="EXECUTING")
    given = {
        "documents": 4,
        "from_template": 3,
        "lessons_proposed": 2,
        "lessons_marked": 1,
        "courses_due": 10,
        "courses_passed": 9,
        "compliance": Decimal(80),
        **counts,
    }
    ProjectAdoption.objects.create(
        project=made, as_of=day, percent=None if percent is None else Decimal(percent), **given
    )
    return made


def api_of(person: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def manager_somewhere_else() -> User:
    olga = user("Olga")
    grant(olga, Role.PROJECT_MANAGER, project("P-9").node)
    return olga


def test_empty_page_says_when_there_is_something(client: Client) -> None:
    client.force_login(anna())

    assert "Nothing measured yet" in words(client.get(URL))


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_fixed_number_of_queries(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        measured(f"P-{number}")
    client.force_login(anna())

    with django_assert_num_queries(16):
        shown = words(client.get(URL))

    assert shown.count("74.0 %") == count + 2
    assert f"Projects with a figure {count} of {count} active" in shown


def test_mean_median_change_and_order(client: Client) -> None:
    measured("P-1", day=MARCH, percent="50")
    measured("P-1", percent="74")
    measured("P-2", percent="20")
    measured("P-3", percent="80")
    measured("P-4", percent=None, documents=0, from_template=0)
    client.force_login(anna())

    page = client.get(URL).context["page"]

    assert (page.total.mean, page.total.median, page.total.projects) == (Decimal(58), Decimal(74), 3)
    assert page.change == Decimal(8)
    assert [row.project.code for row in page.rows] == ["P-2", "P-1", "P-3", "P-4"]
    assert [row.change for row in page.rows] == [None, Decimal(24), None, None]
    assert [row.project.code for row in client.get(f"{URL}?sort=-percent").context["page"].rows] == [
        *("P-3", "P-1", "P-2", "P-4"),
    ]
    past = client.get(f"{URL}?as_of=2026-04-01").context["page"]
    assert (past.as_of, past.total.mean) == (MARCH, Decimal(50))


def test_projects_of_others_are_in_no_sum(client: Client) -> None:
    """ORG-9: neither in the list, nor in mean and trend, nor in export and API."""
    measured("P-1", percent="20")
    olga = manager_somewhere_else()
    measured("P-9", percent="80")
    client.force_login(olga)

    page = client.get(URL).context["page"]
    summary = api_of(olga).get(f"{API}summary/").json()

    assert [row.project.code for row in page.rows] == ["P-9"]
    assert (page.total.mean, page.trend[-1].total.projects) == (Decimal(80), 1)
    assert (summary["mean"], summary["projects"]) == ("80.0000", 1)
    assert [row["project"] for row in api_of(olga).get(API).json()["results"]] == ["P-9"]
    assert client.get("/portfolio/projects/P-1/adoption/").status_code == 404


def test_export_is_what_the_page_shows(client: Client) -> None:
    measured("P-1")
    client.force_login(anna())

    lines = client.get(f"{URL}export/csv/").content.decode("utf-8-sig").splitlines()

    assert lines[1] == "P-1,Name P-1,2026-04-30,74.0,,75.0,3,4,50.0,1,2,90.0,9,10,80.0"
    assert client.get(f"{URL}export/xlsx/").content[:2] == b"PK"
    assert client.get(f"{URL}export/pdf/").status_code == 404


def test_project_shows_parts_with_their_reasons(client: Client) -> None:
    made = measured("P-1", percent="80", lessons_proposed=0, lessons_marked=0)
    client.force_login(manager_of(made))

    shown = words(client.get("/portfolio/projects/P-1/adoption/"))
    governance = words(client.get("/portfolio/projects/P-1/governance/"))

    assert "3 of 4 documents were made from the template in force." in shown
    assert "No lesson was proposed; leaves the mean." in shown
    assert "counts 50.0 % of the figure" in shown
    assert "80.0 %" in governance or "No methodology yet" in governance


def test_training_leads_to_who_lacks_what_for_those_who_see_it(client: Client) -> None:
    """KNO-10: the figure opens the courses behind it; the training of others is for the PMO (KNO-5)."""
    made = counted_project("P-1", make_portfolio())
    measured("P-1")
    url = "/portfolio/projects/P-1/adoption/"
    client.force_login(anna())
    page = client.get(url)
    cells = {cell.part: cell.url for cell in client.get(URL).context["page"].rows[0].parts}
    client.force_login(manager_of(made))
    own = client.get(url)

    (missing,) = page.context["missing"]
    assert f'<a href="/library/training/people/{missing.user_id}/">{missing.name}</a> {missing.title}' in (
        page.content.decode()
    )
    assert cells["TRAINING"] == url
    assert own.context["missing"] == ()
    assert "adoption-part-missing" not in own.content.decode()


def test_api_tells_parts_and_why_one_is_missing() -> None:
    measured("P-1", percent="80", lessons_proposed=0, lessons_marked=0)

    row = api_of(anna()).get(API).json()["results"][0]

    assert (row["project"], row["percent"], row["reason"], row["documents"]) == ("P-1", "80.0000", "", 4)
    assert row["parts"][1] == {
        "part": "LESSONS", "percent": None, "share": None, "reason": "NOT_APPLICABLE",
    }  # fmt: skip
    assert row["parts"][0] == {
        "part": "TEMPLATES", "percent": "75.0000", "share": "50.0000", "reason": "",
    }  # fmt: skip


def test_api_refuses_what_is_no_day_or_portfolio() -> None:
    client = api_of(anna())

    assert client.get(f"{API}?as_of=yesterday").status_code == 400
    assert client.get(f"{API}?portfolio=NONE").status_code == 404
    assert client.get(f"{API}?sort=name").status_code == 400
