"""Pages and API of assessments (NEED-2, NEED-3, MAT-3 to MAT-6)."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import Assessment, GapAction
from portfolio.selectors.assessment_evidence import Evidence, maturity_evidence, need_evidence
from portfolio.selectors.assessments import result_of
from portfolio.services.assessment_reports import report_data
from portfolio.services.gap_plans import plan_gaps
from tests.factories import grant, person, project, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.services.test_assessments import (
    DAY,
    EX_NEED,
    Aim,
    answer,
    bob,
    close,
    closed_maturity,
    paula,
    risk,
    start,
)
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db


def client(of: User | None) -> Client:
    made = Client()
    assert of is not None
    made.force_login(of)
    return made


def test_menu_leads_to_the_kind_of_the_round_and_counts_are_those_one_sees() -> None:
    """Addresses of rounds do not tell their kind; Bob is asked in one of them only."""
    one = bob()
    profile, asked = (
        closed_maturity(person("Dora", of=user("Dora")), risk(1, 1, 1, 1, 1, 1, 1, 1)),
        start(None, one),
    )
    head, counts = client(paula()), "/api/v1/assessments/counts/"

    shown = [
        head.get(f"/pmo/assessments/{each}").context["navigation"]
        for each in (f"{asked.pk}/", f"{profile.pk}/", f"{profile.pk}/plan/", "new/?kind=MATURITY")
    ]

    assert [[str(each.title) for each in menu if each.is_active] for menu in shown] == [
        ["PMO need"],
        *[["Maturity"]] * 3,
    ]
    assert head.get(counts).json() == {
        "state": {"OPEN": 1, "CLOSED": 1, "WITHDRAWN": 0},
        "kind": {"NEED": 1, "MATURITY": 1},
    }
    assert head.get(f"{counts}?state=CLOSED").json()["kind"] == {"NEED": 0, "MATURITY": 1}
    assert client(one.user).get(counts).json()["kind"] == {"NEED": 1, "MATURITY": 0}


def test_trial_needs_no_sign_in_and_keeps_nothing(client: Client) -> None:
    """EX-NEED: the page shows 60.6 and what decided; no row is written."""
    cache.clear()

    response = client.post("/need/", EX_NEED)

    text = words(response)
    assert response.status_code == 200
    assert "Controlling PMO" in text
    assert "60.6" in text
    assert "4.4 points below the band Directive PMO" in text
    assert "15.6 points above the band Light support PMO" in text
    assert "Complexity is 60 or more while maturity is below 40" in text
    assert "Spread" not in text, "nobody differs from oneself"
    assert Assessment.objects.count() == 0


def test_result_beside_the_band_of_the_need_says_why(client: Client) -> None:
    """NEED-1, NEED-2: the scale shows where the need lies; a cap that decides otherwise is told beside it."""
    cache.clear()

    small = dict(zip(("Z1", "Z2", "Z3", "Z4", "Z5", "Z6"), "101010", strict=True))
    text = words(client.post("/need/", EX_NEED | small))

    assert "Light support PMO Library, coaching and one-page reporting; no control." in text
    assert "By the need alone: Controlling PMO. A floor or cap decided." in text
    assert "A floor or cap decided." not in words(client.post("/need/", EX_NEED))


def test_trial_is_limited_and_only_on_the_demo(client: Client, settings: Any) -> None:
    cache.clear()
    statuses = [client.post("/need/", {}).status_code for _number in range(31)]
    settings.IS_DEMO_ALLOWED = False

    assert statuses == [200] * 30 + [429]
    assert client.get("/need/").status_code == 404


def test_trial_refuses_unknown_answers(client: Client) -> None:
    cache.clear()

    response = client.post("/need/", {"C1": "7"})

    assert response.status_code == 422
    assert "Select a valid choice" in words(response)


def test_person_asked_answers_on_the_page_and_sees_the_result_after_the_end() -> None:
    """NEED-3: respondents need no other right; the result is theirs once the round is closed."""
    asked = bob()
    held = start(None, asked)
    own = client(asked.user)

    page = own.get(f"{held.get_absolute_url()}answer/")
    sent = own.post(f"{held.get_absolute_url()}answer/", EX_NEED)
    during = words(own.get(held.get_absolute_url()))
    close(held)
    after = words(own.get(held.get_absolute_url()))

    assert page.status_code == 200
    assert (sent.status_code, sent.url) == (302, held.get_absolute_url())
    assert "The result comes with the end of the round" in during
    assert "Controlling PMO" in after
    assert own.get("/pmo/need/").status_code == 403


def test_missing_evidence_stands_beside_its_statement() -> None:
    asked = bob()
    held = start(None, asked, kind="MATURITY", scope="PROJECT")

    response = client(asked.user).post(f"{held.get_absolute_url()}answer/", {"RISK-2a": "3", "RISK-3a": "2"})

    assert response.status_code == 422
    assert words(response).count("Say what shows this") == 2
    assert held.respondents.get().answered_at is None


@pytest.mark.parametrize("rounds", [1, 3])
def test_history_takes_the_same_queries_however_long(rounds: int, django_assert_num_queries: Any) -> None:
    head, asked = paula(), bob()
    for _number in range(rounds):
        held = start(None, asked)
        answer(asked, held, EX_NEED)
        close(held)
    browser = client(head)
    browser.get("/pmo/need/")

    with django_assert_num_queries(13):
        response = browser.get("/pmo/need/")

    assert words(response).count("Need 2026") == rounds + 1


def test_profile_compares_with_the_year_before_and_shows_the_plan() -> None:
    """MAT-3, MAT-5."""
    head, asked = paula(), bob()
    closed_maturity(asked, risk(2, 2, 0, 0, 0, 0, 0, 0))
    newer = closed_maturity(asked, risk(3, 2, 2, 2, 1, 2, 0, 0))
    plan_gaps(actor=None, assessment=newer, aims={"RISK": Aim(4)})

    text = words(client(head).get("/pmo/maturity/?scope=PROJECT"))

    assert "3 Defined 3.00 2 (1.67) 4" in text
    assert "Exposure is quantified, P-values (P50, P80) are used." in text
    assert "Not assessed yet" in words(client(head).get("/pmo/maturity/"))


def test_targets_and_action_by_page() -> None:
    head, asked = paula(), bob()
    held = closed_maturity(asked, risk(2, 2, 1, 2, 0, 0, 0, 0))
    names = [f"{prefix}{code}" for code in PERSPECTIVES for prefix in ("", "weight-")]
    targets = {name: "1" if name.startswith("weight-") else "0" for name in names} | {"RISK": "3"}

    planned = client(head).post(f"{held.get_absolute_url()}plan/", targets)
    action = GapAction.objects.get()
    values = {"action": "One scale", "owner": asked.pk, "state": "OPEN", "version": action.version}
    saved = client(head).post(action.get_absolute_url(), values)
    ended = client(asked.user).post(action.get_absolute_url(), {"state": "DONE", "version": 2})

    action.refresh_from_db()
    assert (planned.status_code, saved.status_code, ended.status_code) == (302, 302, 422)
    assert (action.statement, action.owner, action.state) == ("RISK-3a", asked, "OPEN")
    assert "Say what was done" in words(ended)


PERSPECTIVES = ("GOVERNANCE", "CONTROL", "BENEFITS", "FINANCE", "STAKEHOLDERS", "RISK", "RESOURCES")


def test_evidence_counts_only_what_the_person_sees() -> None:
    """MAT-6, ORG-9: a foreign and a confidential project are in no number."""
    running = project("RUN-1", state="EXECUTING")
    project("RUN-2", state="EXECUTING")
    project("OLD-1", state="CLOSED")
    member = bob().user
    assert member is not None
    grant(member, Role.PROJECT_MANAGER, running.node)

    need = need_evidence(member)
    maturity = maturity_evidence(member, today=timezone.localdate())

    assert need == {"Z1": Evidence("1 project runs.", 0), "Z5": Evidence("1 person manages them.", 0)}
    assert maturity["GOVERNANCE-2a"] == Evidence("0 of 1 running projects have a sponsor.", supports=False)
    assert need_evidence(User.objects.create(email="charlie@example.org", name="Charlie")) == {}


def test_api_from_start_to_close() -> None:
    """Same services as the pages; a foreign person finds nothing."""
    head, asked = paula(), bob()
    api, own = client_of(head), client_of(asked.user)
    body = {"kind": "NEED", "title": "Need", "held_on": "2026-03-02", "people": [asked.pk]}

    made = api.post("/api/v1/assessments/", body, format="json")
    address = f"/api/v1/assessments/{made.json()['id']}/"
    wrong = own.post(f"{address}answer/", {"answers": {"C1": 4, "X": 1}}, format="json")
    kept = own.post(f"{address}answer/", {"answers": EX_NEED}, format="json")
    closed = api.post(f"{address}close/")

    assert (made.status_code, wrong.status_code, kept.status_code) == (201, 400, 200)
    assert closed.json()["result"]["mandate"] == "CONTROLLING"
    assert len(own.get("/api/v1/assessments/questions/?kind=MATURITY").json()) == 56
    assert grant(asked.user, Role.TEAM_MEMBER, organization_node()).role == "TEAM_MEMBER"
    assert own.get("/api/v1/gap-actions/").json()["results"] == []


def test_api_gives_up_a_round_with_a_reason() -> None:
    """An open one only; its answers count nowhere."""
    address = f"/api/v1/assessments/{start(None, bob()).pk}/withdraw/"
    api = client_of(paula())

    answers = [api.post(address, {"reason": why}) for why in ("Mistake", "Started by mistake", "Once again")]

    assert [answer.status_code for answer in answers] == [400, 200, 409]
    assert answers[1].json()["state"] == "WITHDRAWN"


def test_result_on_paper_comes_to_respondents_after_the_end() -> None:
    """NEED-2, NEED-3: index, mandate, factors and what decided, as on the page."""
    asked, head = bob(), client(paula())
    held = start(None, asked)
    url = f"{held.get_absolute_url()}pdf/"
    own = client(asked.user)
    empty = head.get(url).status_code
    answer(asked, held, EX_NEED)

    during = (own.get(url).status_code, head.get(url).status_code)
    held = close(held)
    paper = report_data(result_of(held), address="https://pmo.example", today=DAY)

    assert (empty, during) == (404, (404, 200))
    assert own.get(url).content[:5] == b"%PDF-"
    assert (paper["verdict"], paper["figure"]) == ("Controlling PMO", "Need 60.6 of 100")
    assert "15.6 points above the band Light support PMO" in " ".join(paper["said"])
    assert [table["title"] for table in paper["tables"]] == [
        "How it comes about",
        "What decided",
        "What would change it",
        "Over the years",
    ]
    assert paper["tables"][0]["head"] == ["Factor", "Score", "Answered", "Weight", "Adds to the need"]
    assert [row[:3] for row in paper["tables"][0]["rows"]] == [
        ["Complexity", "62.5", "8 / 8"],
        ["Size", "50.0", "6 / 6"],
        ["Maturity", "25.0", "6 / 6"],
    ]


def test_maturity_on_paper_has_profile_and_gap_plan() -> None:
    """MAT-3, MAT-5: the level, each perspective, and the actions; also over the API."""
    head = paula()
    held = closed_maturity(bob(), risk(2, 2, 0, 0, 0, 0, 0, 0))
    plan_gaps(actor=head, assessment=held, aims={"RISK": Aim(3, 2)})

    paper = report_data(result_of(held), address="https://pmo.example", today=DAY)
    over_api = client_of(head).get(f"/api/v1/assessments/{held.pk}/pdf/")

    assert paper["verdict"] == "Level 1: Awareness"
    titles = {table["title"]: table for table in paper["tables"]}
    assert list(titles) == ["Profile", "Gap plan", "Over the years"]
    assert [row[0] for row in titles["Gap plan"]["rows"]] == ["2", "2"]
    assert {"name": "Risk", "level": 2, "former": None, "target": 3} in paper["profile"]
    assert over_api.content[:5] == b"%PDF-"
