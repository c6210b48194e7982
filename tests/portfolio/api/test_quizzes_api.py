"""Courses taken over the API: modules, quizzes, results, certificates; written, and kept by the PMO."""

import pytest
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from portfolio.models import Attempt, Certificate, Course, Enrolment, KnowledgeVersion
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.courses import QUESTIONS, course, right_answers
from tests.portfolio.libraries import paula

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/api/v1/courses/"
QUIZ = f"{URL}basics/attempts/"
SECRETS = ('is_right":true', 'is_right":false', *(each.why for each in QUESTIONS))


def bob() -> APIClient:
    return client_of(paula(Role.TEAM_MEMBER, "Bob"))


def test_questions_come_without_answers() -> None:
    """KNO-4: neither what is right nor why leaves the server before the attempt is handed in."""
    course()
    client = bob()

    begun = client.post(QUIZ, {"language": "en"})
    again = client.post(QUIZ)
    shown = client.get(f"{QUIZ}1/")

    questions = shown.json()["questions"]
    assert (begun.status_code, again.json()["attempt"]["number"], Attempt.objects.count()) == (201, 1, 1)
    assert {each["kind"]: len(each["options"]) for each in questions} == {
        "SINGLE": 2,
        "MULTIPLE": 3,
        "TRUE_FALSE": 2,
        "NUMERIC": 0,
    }
    for answer in (begun, again, shown):
        assert not [each for each in SECRETS if each in answer.content.decode()]
    assert {each["answer"] for each in questions} == {None}
    assert {each["tolerance"] for each in questions} == {None}


def test_quiz_is_handed_in_and_passed() -> None:
    """KNO-4: points, score, certificate; afterwards each answer is explained."""
    course()
    client = bob()
    client.post(QUIZ)
    answers = right_answers(Attempt.objects.get())

    result = client.post(f"{QUIZ}1/hand-in/", {"answers": answers}, format="json")
    twice = client.post(f"{QUIZ}1/hand-in/", {"answers": answers}, format="json")

    shown = result.json()
    attempt = shown["attempt"]
    assert (attempt["points"], attempt["score"], attempt["is_passed"]) == (4, "100.0000", True)
    assert attempt["certificate"] == Certificate.objects.get().number
    assert {each["is_right"] for each in shown["questions"]} == {True}
    assert "80/100." in [each["why"] for each in shown["questions"]]
    assert twice.status_code == 409
    assert client.post(QUIZ).status_code == 409


def test_right_answers_are_kept_while_attempts_are_left() -> None:
    """KNO-4: a failed attempt says what was wrong and where to read; the last one says what is right."""
    course(max_attempts=2)
    client = bob()
    shown = []
    for number in (1, 2):
        client.post(QUIZ)
        answers = right_answers(Attempt.objects.get(number=number)) | {"cpi": ["1.25"]}
        shown.append(client.post(f"{QUIZ}{number}/hand-in/", {"answers": answers}, format="json"))
        shown.append(client.get(f"{QUIZ}1/"))

    failed, again, last, first = (each.json() for each in shown)
    wrong = [
        next(each for each in page["questions"] if each["code"] == "cpi")
        for page in (failed, again, last, first)
    ]
    attempt = failed["attempt"]
    assert (attempt["score"], attempt["is_passed"], attempt["certificate"]) == ("75.0000", False, None)
    assert [page["attempts_left"] for page in (failed, last)] == [1, 0]
    assert [page["shows_answers"] for page in (failed, again, last, first)] == [False, False, True, True]
    assert {(each["given"], each["is_right"], each["module"]["title"]) for each in wrong} == {
        ("1.25", False, "And that")
    }
    assert [(each["answer"], each["tolerance"], each["why"]) for each in wrong] == [
        *[(None, None, "")] * 2,
        *[("0.8", "0.005", "80/100.")] * 2,
    ]
    options = [option["is_right"] for each in failed["questions"] for option in each["options"]]
    assert (set(options), {each["why"] for each in failed["questions"]}) == ({None}, {""})


@pytest.mark.parametrize(
    ("answers", "status"),
    [({"zeppelin": ["0"]}, 400), ({"pick": "0"}, 400), ({"pick": ["0" * 41]}, 400), ("0", 400), (None, 400)],
)
def test_answers_that_make_no_sense_hand_nothing_in(answers: object, status: int) -> None:
    course()
    client = bob()
    client.post(QUIZ)

    refused = client.post(f"{QUIZ}1/hand-in/", {"answers": answers}, format="json")

    assert (refused.status_code, "answers" in str(refused.json())) == (status, True)
    assert Attempt.objects.get().handed_in_on is None


def test_attempt_of_somebody_else_is_not_there() -> None:
    course()
    bob().post(QUIZ)
    eve = client_of(paula(Role.PMO_HEAD, "Eve"))

    codes = [
        eve.get(f"{QUIZ}1/").status_code,
        eve.post(f"{QUIZ}1/hand-in/", {"answers": {}}, format="json").status_code,
    ]

    assert codes == [404, 404]
    assert Attempt.objects.get().handed_in_on is None


def test_modules_are_read_and_progress_is_seen() -> None:
    course()
    client = bob()

    client.post(f"{URL}basics/modules/one/read/")
    shown = client.post(f"{URL}basics/modules/one/read/").json()

    assert [(each["code"], each["is_read"]) for each in shown["modules"]] == [("one", True), ("two", False)]
    assert (shown["read"], shown["attempts_left"], shown["open_attempt"], shown["attempts"]) == (
        1,
        3,
        None,
        [],
    )
    assert client.post(f"{URL}basics/modules/none/read/").status_code == 404
    client.post(QUIZ)
    assert client.get(f"{URL}basics/").json()["open_attempt"] == 1


def test_certificate_is_checked_by_its_number_and_printed_by_its_holder() -> None:
    course()
    client = bob()
    client.post(QUIZ)
    client.post(f"{QUIZ}1/hand-in/", {"answers": right_answers(Attempt.objects.get())}, format="json")
    url = f"/api/v1/certificates/{Certificate.objects.get().number}/"
    eve = client_of(paula(Role.TEAM_MEMBER, "Eve"))

    shown = eve.get(url).json()

    assert (shown["holder"], shown["title"], shown["course"]) == ("Bob", "Project basics", "basics")
    assert client.get(f"{url}pdf/").content[:5] == b"%PDF-"
    assert [eve.get(f"{url}pdf/").status_code, eve.get("/api/v1/certificates/2026-NONE/").status_code] == [
        404,
        404,
    ]


def test_pmo_gives_new_attempts_and_exempts() -> None:
    """KNO-4, KNO-5: with a reason, by who looks after training, never for oneself."""
    course(max_attempts=1)
    rita, head = paula(Role.TEAM_MEMBER, "Bob"), client_of(paula())
    client = client_of(rita)
    client.post(QUIZ)
    client.post(f"{QUIZ}1/hand-in/", {"answers": {}}, format="json")
    url = f"/api/v1/training/{rita.pk}/courses/basics/"

    before = client.post(QUIZ).status_code
    silent = head.post(f"{url}reset/", {"reason": ""})
    given = head.post(f"{url}reset/", {"reason": "The course was changed"})
    after = client.post(QUIZ).status_code
    exempt = head.post(f"{url}exempt/", {"reason": "Teaches it"})
    refused = client.post(f"{url}exempt/", {"reason": "Teaches it"})

    codes = [before, silent.status_code, given.status_code, after, exempt.status_code, refused.status_code]
    assert codes == [409, 400, 200, 201, 200, 403]
    assert (given.json()["state"], given.json()["attempts_left"]) == ("IN_PROGRESS", 1)
    assert Enrolment.objects.get().state == "EXEMPT"


DRAFT = {
    "title": "Closing a project",
    "summary": "How to end well.",
    "modules": "# Why {#why, 20 min}\n\nBecause.",
    "questions": "? {#end} Who accepts?\n(x) The sponsor\n( ) The team\n! The sponsor owns the case.",
    "asked": 1,
    "required_for": ["PROJECT_MANAGER"],
}


def test_course_is_written_edited_and_published() -> None:
    client = client_of(paula())

    made = client.post(URL, {**DRAFT, "code": "closing", "language": "en"}, format="json")
    draft = client.get(f"{URL}closing/draft/")
    stale = client.put(
        f"{URL}closing/draft/", {**DRAFT, "title": "Late"}, format="json", headers={"If-Match": '"99"'}
    )
    saved = client.put(
        f"{URL}closing/draft/", {**DRAFT, "pass_mark": 60}, format="json", headers={"If-Match": draft["ETag"]}
    )
    published = client.post(f"/api/v1/library/{made.json()['item']}/publish/", {}, format="json")

    codes = [each.status_code for each in (made, draft, stale, saved, published)]
    assert codes == [201, 200, 412, 200, 200]
    assert "(x) The sponsor" in draft.json()["questions"]
    assert (saved.json()["pass_mark"], saved.json()["required_for"]) == (60, ["PROJECT_MANAGER"])
    assert client.get(f"{URL}closing/").json()["course"]["hours"] == "0.3"


def test_course_that_cannot_be_taught_is_refused_at_its_field() -> None:
    client = client_of(paula())
    body = {**DRAFT, "code": "closing", "language": "en"}

    wrong = client.post(URL, {**body, "questions": "Who accepts?"}, format="json")
    few = client.post(URL, {**body, "asked": 3}, format="json")

    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["questions"])
    assert (few.status_code, list(few.json()["error"]["fields"])) == (400, ["questions"])
    assert (Course.objects.count(), KnowledgeVersion.objects.count()) == (0, 0)
    assert client_of(paula(Role.TEAM_MEMBER, "Bob")).post(URL, body, format="json").status_code == 403
