"""Training of everybody over the API (KNO-5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from portfolio.models import Course, Enrolment
from portfolio.services.training import hand_in, start_attempt
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.courses import course, right_answers
from tests.portfolio.libraries import paula

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/api/v1/training/"


def late(name: str, taken: Course) -> Enrolment:
    """Somebody who should have passed a course ten days ago."""
    due = timezone.localdate() - timedelta(days=10)
    return Enrolment.objects.create(user=paula(Role.TEAM_MEMBER, name), course=taken, due=due)


def passed(name: str, taken: Course) -> None:
    enrolment, today = late(name, taken), timezone.localdate()
    about = {"actor": enrolment.user, "today": today}
    attempt = start_attempt(course=taken, language="en", **about)
    hand_in(attempt=attempt, answers=right_answers(attempt), **about)


def test_compliance_is_that_of_the_page() -> None:
    taken = course(required_for=("TEAM_MEMBER",))
    passed("Bob", taken)
    late("Carla", taken)
    head = client_of(paula())

    shown = head.get(f"{URL}compliance/").json()
    lines = head.get(URL).json()["results"]

    assert (shown["passed"], shown["due"], shown["percent"], shown["overdue"]) == (1, 2, "50.00", 1)
    assert [(each["title"], each["people"]) for each in shown["courses"]] == [("Project basics", 2)]
    assert [(each["name"], each["state"], each["is_overdue"], each["score"]) for each in lines] == [
        ("Carla", "IN_PROGRESS", True, None),
        ("Bob", "PASSED", False, "100.0000"),
    ]


def test_filters_narrow_list_compliance_and_file() -> None:
    taken = course(required_for=("TEAM_MEMBER",))
    passed("Bob", taken)
    late("Carla", taken)
    head = client_of(paula())

    overdue = head.get(URL, {"overdue": "true"}).json()["results"]
    shown = head.get(f"{URL}compliance/", {"state": "PASSED"}).json()
    file = head.get(f"{URL}export/", {"overdue": "true", "kind": "csv"})
    wrong = head.get(f"{URL}export/", {"kind": "exe"})

    assert [each["name"] for each in overdue] == ["Carla"]
    assert (shown["people"], shown["percent"]) == (1, "100.00")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert ("Carla" in file.content.decode(), "Bob" in file.content.decode()) == (True, False)
    assert head.get(URL, {"course": "none"}).json()["count"] == 0
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["kind"])


def test_attempts_are_ones_own_or_those_of_everybody() -> None:
    """SEC-13; and no answer leaves the server (KNO-4)."""
    taken = course()
    passed("Bob", taken)
    passed("Carla", taken)
    bob = Enrolment.objects.get(user__name="Bob").user

    own = client_of(bob).get(f"{URL}attempts/").json()["results"]
    all_of_them = client_of(paula()).get(f"{URL}attempts/", {"course": "basics"}).json()

    assert [(each["name"], each["score"], each["is_passed"]) for each in own] == [("Bob", "100.0000", True)]
    assert own[0]["certificate"]
    assert all_of_them["count"] == 2
    assert not {"answers", "seed", "questions"} & set(own[0])
    assert client_of(bob).get(URL).status_code == 403
    assert client_of(bob).get(f"{URL}attempts/", {"person": paula(name="Eve").pk}).json()["count"] == 0


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_number_of_questions(number: int, django_assert_num_queries: object) -> None:
    taken = course(required_for=("TEAM_MEMBER",))
    for each in range(number):
        passed(f"Bob {each}", taken)
    head = client_of(paula())

    with django_assert_num_queries(8):  # type: ignore[operator]
        assert head.get(URL).json()["count"] == number
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert head.get(f"{URL}attempts/").json()["count"] == number
