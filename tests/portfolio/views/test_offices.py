"""The office, experts and requests for help in the browser."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import HelpRequest, Pmo
from tests.factories import person
from tests.portfolio.libraries import paula
from tests.portfolio.offices import member, office
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_office_is_set_up_with_charter_and_member(client: Client) -> None:
    client.force_login(paula())
    who = person("Rita")

    made = client.post("/pmo/offices/new/", {"name": "PMO", "mandate": "CONTROLLING", "answer_days": 2})
    pk = Pmo.objects.get().pk
    client.post(f"/pmo/offices/{pk}/charter/", {"text": "We help projects."})
    given = {"person": who.pk, "discipline": "RISK", "role": "LEAD", "topics": "risk workshops"}
    client.post(
        f"/pmo/offices/{pk}/members/new/", {**given, "allocation_percent": 50, "valid_from": "2026-01-01"}
    )

    shown = words(client.get("/pmo/"))
    assert made.headers["Location"] == f"/pmo/#office-{pk}"
    assert "Nobody covers: IT, Planning, Finance." in shown
    assert "risk workshops 50 %" in shown
    assert "We help projects." in shown
    assert "within 2 working days" in shown


def test_wrong_allocation_stands_at_its_field(client: Client) -> None:
    client.force_login(paula())
    pk = office().pk

    refused = client.post(f"/pmo/offices/{pk}/members/new/", {"allocation_percent": 150})

    assert refused.status_code == 422
    assert "Ensure this value is less than or equal to 100." in words(refused)


def test_empty_office_says_what_to_do(client: Client) -> None:
    client.force_login(paula())

    assert "Write down what the PMO may do" in words(client.get("/pmo/"))
    assert "none is set up yet" in words(client.get("/pmo/help/"))


def test_who_answers_for_what_is_told_on_the_page_and_over_the_api(client: Client) -> None:
    """Domain 1.3, without an office too; who is responsible and accountable stands in both columns."""
    client.force_login(paula())

    page = words(client.get("/pmo/"))
    rows = {row["code"]: row for row in client.get("/api/v1/offices/duties/").json()}

    assert "Gate review Chair of the gate Project manager PMO analyst Team member" in page
    assert "Status report Project manager Project manager Team member Sponsor" in page
    assert rows["HEALTH_POLICY"] == {
        "code": "HEALTH_POLICY",
        "title": "Health policy",
        "accountable": ["PMO head"],
        "responsible": ["PMO analyst"],
        "consulted": ["Finance controller", "Risk manager"],
        "informed": [],
    }
    assert list(rows) == [
        *("METHODOLOGY", "INTAKE", "GATE_REVIEW", "HEALTH_POLICY"),
        *("STATUS_REPORT", "CHANGE", "BENEFITS", "LESSONS"),
    ]


def test_expert_is_found(client: Client) -> None:
    client.force_login(paula(Role.TEAM_MEMBER, "Bob"))
    member(office(), person("Eve"), topics="earned value")

    assert "Eve PMO earned value" in words(client.get("/pmo/experts/", {"q": "earned value"}))
    assert "Nobody found" in words(client.get("/pmo/experts/", {"q": "zeppelin"}))


def test_question_is_asked_and_answered(client: Client) -> None:
    pmo, bob = office(), paula(Role.TEAM_MEMBER, "Bob")
    rita = paula(Role.QUALITY_REVIEWER, "Rita")
    member(pmo, person("Rita", of=rita))
    client.force_login(bob)
    asked = client.post("/pmo/help/new/", {"pmo": pmo.pk, "discipline": "RISK", "title": "Which scale?"})
    url = f"/pmo/help/{HelpRequest.objects.get().pk}/"
    client.force_login(rita)

    taken = client.post(f"{url}take/")
    refused = client.post(url, {"answer": "", "version": 2})
    stale = client.post(url, {"answer": "Five", "version": 1})
    answered = client.post(url, {"answer": "Five steps", "version": 2})

    codes = [each.status_code for each in (asked, taken, refused, stale, answered)]
    assert codes == [302, 302, 422, 422, 302]
    client.force_login(bob)
    assert "Five steps" in words(client.get(url))
    assert "Which scale?" in words(client.get("/pmo/help/", {"state": "ANSWERED"}))


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_for_many(client: Client, count: int, django_assert_num_queries: object) -> None:
    bob = paula(Role.TEAM_MEMBER, "Bob")
    pmo = office()
    client.force_login(bob)
    for number in range(count):
        client.post("/pmo/help/new/", {"pmo": pmo.pk, "discipline": "RISK", "title": f"Question {number}"})
    client.get("/pmo/help/")

    with django_assert_num_queries(14):  # type: ignore[operator]
        shown = client.get("/pmo/help/")

    assert words(shown).count("Question 0") == 1


def lines_of(answer: object) -> list[str]:
    """Return the lines of a CSV file."""
    return answer.content.decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_lists_are_taken_along_as_files(client: Client) -> None:
    """Members with those who left, coverage with its gaps (ORG-3), experts by the topic asked."""
    pmo = office()
    member(pmo, person("Eve"), topics="earned value", valid_to="2026-02-01")
    member(pmo, person("Rita"), topics="risk workshops")
    client.force_login(paula())
    url = "/pmo/export/"

    members, coverage = (
        lines_of(client.get(f"{url}members/csv/")),
        lines_of(client.get(f"{url}coverage/csv/")),
    )
    experts = lines_of(client.get(f"{url}experts/csv/", {"q": "risk"}))

    assert [line.split(",")[2] for line in members] == ["Person", "Rita", "Eve"]
    assert members[2].endswith("2026-01-01,2026-02-01,FALSE")
    assert coverage[1:] == [
        "PMO,IT,0,,DISCIPLINE_GAP",
        "PMO,Planning,0,,DISCIPLINE_GAP",
        "PMO,Finance,0,,DISCIPLINE_GAP",
        "PMO,Risk,1,,",
    ]
    assert experts[1:] == ["Rita,PMO,risk workshops,Risk,,5"]
    assert client.get(f"{url}members/xlsx/").content[:2] == b"PK"
    assert [client.get(f"{url}{end}").status_code for end in ("members/pdf/", "secrets/csv/")] == [404, 404]


def test_file_of_requests_holds_what_the_page_shows(client: Client) -> None:
    """ORG-9: one's own questions and those of offices one works in, nothing of anybody else."""
    pmo, bob, eve = office(), paula(Role.TEAM_MEMBER, "Bob"), paula(Role.TEAM_MEMBER, "Eve")
    for who, title in ((bob, "Bob asks"), (eve, "Eve asks")):
        client.force_login(who)
        client.post("/pmo/help/new/", {"pmo": pmo.pk, "discipline": "RISK", "title": title})
    client.force_login(bob)

    own = lines_of(client.get("/pmo/export/help/csv/"))
    answered = lines_of(client.get("/pmo/export/help/csv/", {"state": "ANSWERED"}))
    client.force_login(paula())
    everything = lines_of(client.get("/pmo/export/help/csv/"))

    assert [line.split(",")[0] for line in own] == ["Question", "Bob asks"]
    assert (len(answered), len(everything)) == (1, 3)


@pytest.mark.parametrize("count", [1, 3])
def test_file_asks_the_same_for_many(client: Client, count: int, django_assert_num_queries: object) -> None:
    for number in range(count):
        member(office(f"PMO {number}"), person(f"P{number}"))
    client.force_login(paula())
    client.get("/pmo/export/members/csv/")

    with django_assert_num_queries(8):  # type: ignore[operator]
        answer = client.get("/pmo/export/members/csv/")

    assert len(lines_of(answer)) == count + 1
