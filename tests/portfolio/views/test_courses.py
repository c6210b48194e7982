"""Pages of courses, quizzes and training."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from portfolio.models import Attempt, Certificate, Course, KnowledgeVersion
from portfolio.selectors.search import find
from tests.portfolio.courses import course, right_answers
from tests.portfolio.libraries import paula
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
KEPT = ("80/100", "Since it is so", '<li class="is-right', "0.005")


def signed_in(role: str = Role.TEAM_MEMBER, name: str = "Bob") -> Client:
    client = Client()
    client.force_login(paula(role, name))
    return client


def test_read_then_quiz_then_certificate() -> None:
    course(required_for=("TEAM_MEMBER",))
    client = signed_in()

    first = client.post("/library/courses/basics/modules/one/")
    page = words(client.get("/library/courses/basics/"))
    begun = client.post("/library/courses/basics/quiz/", {"language": "en"})
    attempt = Attempt.objects.select_related("version__course_text").get()
    given = {f"answer-{code}": value for code, value in right_answers(attempt).items()}
    result = client.post(begun.url, given, follow=True)
    certificate = Certificate.objects.get()
    check = words(client.get(f"/library/training/certificates/{certificate.number}/"))
    paper = client.get(f"/library/training/certificates/{certificate.number}/pdf/")
    mine = words(client.get("/library/training/"))

    assert first.url == "/library/courses/basics/modules/two/"
    assert "1 of 2 read" in page
    assert "Since it is so." in words(result)
    assert "This certificate holds." in check
    assert paper.content.startswith(b"%PDF")
    assert certificate.number in mine


def test_answers_stay_on_the_server_until_handed_in() -> None:
    """KNO-4: neither explanation nor right answer nor tolerance is in the page of an open attempt."""
    course()
    client = signed_in()
    begun = client.post("/library/courses/basics/quiz/")

    html = client.get(begun.url).content.decode()
    client.cookies["django_language"] = "de"
    german = client.get(begun.url).content.decode()

    assert "Pick one?" in html
    assert ("<span>True</span>" in german, "<span>Wahr</span>" in german) == (True, False)
    assert not any(
        word in html for word in ("Since it is so", "Both of them", "It is not.", "80/100", "0.005")
    )
    assert "is-right" not in html


def test_an_attempt_with_open_questions_is_handed_in_on_purpose_only() -> None:
    """KNO-4: attempts are few; a slip does not cost one, and what was answered stays."""
    course()
    client = signed_in()
    begun = client.post("/library/courses/basics/quiz/")
    given = right_answers(Attempt.objects.select_related("version__course_text").get())
    number = next(code for code, values in given.items() if not all(value.isdigit() for value in values))

    again = client.post(begun.url, {f"answer-{number}": "plenty"})
    handed_in = Attempt.objects.get().handed_in_on
    client.post(begun.url, {"anyway": "yes"})

    assert again.status_code == 422
    assert "This is not a number." in words(again)
    assert 'value="plenty"' in again.content.decode()
    assert handed_in is None
    assert Attempt.objects.get().points == 0


def test_a_failed_attempt_tells_where_to_read_and_keeps_the_right_answers() -> None:
    """KNO-4: verdict and a link to the module; what is right only after a pass, of the one before too."""
    course(max_attempts=3)
    client = signed_in()
    begun = client.post("/library/courses/basics/quiz/")
    right = right_answers(Attempt.objects.select_related("version__course_text").get())
    wrong_pick = {**right, "cpi": ["7"], "pick": ["1" if right["pick"] == ["0"] else "0"]}

    def handed_in(url: str, answers: dict[str, list[str]]) -> str:
        client.post(url, {f"answer-{code}": given for code, given in answers.items()})
        return client.get(url).content.decode()

    failed = handed_in(begun.url, wrong_pick)
    second = client.post("/library/courses/basics/quiz/")
    handed_in(second.url, right_answers(Attempt.objects.select_related("version__course_text").get(number=2)))
    after = client.get(begun.url).content.decode()

    assert [failed.count(word) for word in ("Wrong</span>", "modules/one/", "modules/two/")] == [2, 2, 2]
    assert "right answers are shown once you have passed" in failed
    assert not [word for word in (*KEPT, '<li class="is-wrong') if word in failed]
    assert not [word for word in KEPT if word not in after]
    assert "left." not in after


def test_a_module_that_is_gone_leads_to_the_course() -> None:
    course()

    page = signed_in().get("/library/courses/basics/modules/gone/", follow=True)

    assert page.redirect_chain == [("/library/courses/basics/", 302)]
    assert "has no such module any more" in words(page)


def test_attempt_of_somebody_else_is_not_there() -> None:
    course()
    begun = signed_in().post("/library/courses/basics/quiz/")

    assert signed_in(name="Charlie").get(begun.url).status_code == 404


def test_pmo_writes_a_course_in_the_browser() -> None:
    client = signed_in(Role.PMO_ANALYST, "Peter")
    given = {
        "title": "Handover", "language": "en", "summary": "How.", "pass_mark": "80",
        "asked": "1", "max_attempts": "3", "modules": "# First\n\nText", "tags": "handover",
        "required_for": ["SPONSOR"],
        "questions": "? Why?\n(x) Because\n( ) Never\n! So it is.",
    }  # fmt: skip

    broken = client.post("/library/courses/new/", {**given, "questions": "Why?"})
    made = client.post("/library/courses/new/", given)
    draft = KnowledgeVersion.objects.get()
    hidden = signed_in().get("/library/courses/handover/").status_code
    client.post("/library/items/handover/en/publish/")
    edited = client.get("/library/items/handover/en/edit/")
    form = client.get(edited.url).content.decode()

    assert (broken.status_code, made.status_code, draft.state, hidden) == (422, 302, "DRAFT", 404)
    assert "Line 1 stands above the first question" in words(broken)
    assert "(x) Because" in form
    assert list(Course.objects.values_list("code", "roles__role")) == [("handover", "SPONSOR")]


def test_compliance_exempts_and_exports() -> None:
    course(required_for=("TEAM_MEMBER",))
    bob = paula(Role.TEAM_MEMBER, "Bob")
    client = signed_in(Role.PMO_HEAD, "Paula")

    page = words(client.get("/library/training/compliance/"))
    client.post(f"/library/training/people/{bob.pk}/basics/exempt/", {"reason": "Taught it"})
    person = words(client.get(f"/library/training/people/{bob.pk}/"))
    csv = client.get("/library/training/compliance/export/csv/").content.decode()
    client.post(f"/library/training/people/{bob.pk}/basics/reset/", {"reason": "Again"})

    assert "Bob" in page
    assert "Taught it" in person
    assert "Bob,,Project basics,basics" in csv
    assert "Taught it" not in words(client.get(f"/library/training/people/{bob.pk}/"))
    assert signed_in(name="Charlie").get("/library/training/compliance/").status_code == 403


@pytest.mark.parametrize("act", ["exempt", "reset"])
def test_reason_that_will_not_do_stays_in_its_form(act: str) -> None:
    """The form of the course is open, with what was typed and the error on the field (422)."""
    course(required_for=("TEAM_MEMBER",))
    bob = paula(Role.TEAM_MEMBER, "Bob")
    client = signed_in(Role.PMO_HEAD, "Paula")
    address = f"/library/training/people/{bob.pk}/basics/"
    if act == "reset":
        client.post(f"{address}exempt/", {"reason": "Taught it"})

    refused = [client.post(f"{address}{act}/", {"reason": text}) for text in ("no", "x" * 401)]

    pages = [each.content.decode() for each in refused]
    assert [each.status_code for each in refused] == [422, 422]
    assert ["Say why." in pages[0], "Use at most 400 characters." in pages[1]] == [True, True]
    assert all(f'aria-describedby="{act}-basics-errors"' in page for page in pages)
    assert all('<details class="training-act" open>' in page for page in pages)
    assert f'value="{"x" * 401}"' in pages[1]
    assert ("Taught it" in words(client.get(f"/library/training/people/{bob.pk}/"))) == (act == "reset")


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list_do_not_grow(count: int) -> None:
    for number in range(count):
        course(f"course-{number}", title=f"Course {number}", required_for=("TEAM_MEMBER",))
    client = signed_in()
    client.get("/library/courses/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/library/courses/")

    assert len(queries) == 15


def test_palette_finds_courses_of_the_library() -> None:
    course()
    bob = paula(Role.TEAM_MEMBER, "Bob")

    hits = find(bob, "basics")

    assert [(hit.title, hit.url, hit.group) for hit in hits] == [
        ("Project basics", "/library/courses/basics/", "Library")
    ]
