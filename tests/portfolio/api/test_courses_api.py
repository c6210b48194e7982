"""Courses over the API: to read with one's own standing; answers stay on the server."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from portfolio.services.training import hand_in, start_attempt
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.courses import TODAY, course, right_answers
from tests.portfolio.libraries import paula

pytestmark = pytest.mark.django_db
URL = "/api/v1/courses/"


def test_list_and_counts_tell_ones_own_standing() -> None:
    """KNO-4: a pass is seen, and whose it is."""
    taught = course()
    course("finance", title="Finance for projects")
    bob = paula(Role.TEAM_MEMBER, "Bob")
    attempt = start_attempt(actor=bob, course=taught, language="en", today=TODAY)
    hand_in(actor=bob, attempt=attempt, answers=right_answers(attempt), today=TODAY)
    client, other = client_of(bob), client_of(paula(Role.TEAM_MEMBER, "Eve"))

    rows = {row["code"]: row for row in client.get(URL).json()["results"]}

    assert sorted(rows) == ["basics", "finance"]
    assert (rows["basics"]["title"], rows["basics"]["modules"], rows["basics"]["questions"]) == (
        "Project basics",
        2,
        4,
    )
    assert (rows["basics"]["state"], rows["finance"]["state"]) == ("PASSED", "")
    assert client.get(f"{URL}counts/").json()["total"] == 2
    assert [row["state"] for row in other.get(URL).json()["results"]] == ["", ""]


def test_course_has_its_modules_and_no_answers() -> None:
    """What is right never leaves the server before an attempt is handed in."""
    course()
    client = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    answer = client.get(f"{URL}basics/")

    assert [module["code"] for module in answer.json()["modules"]] == ["one", "two"]
    assert "Pick one?" not in answer.content.decode()
    assert "Since it is so." not in answer.content.decode()
    assert client.get(f"{URL}none/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(count: int) -> None:
    for number in range(count):
        course(f"course-{number}", title=f"Course {number}")
    client = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(URL)

    assert answer.json()["count"] == count
    assert len(queries) == 9
