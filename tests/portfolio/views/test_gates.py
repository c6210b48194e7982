"""Gates of a project in the browser: from the forum to the decision and its conditions (STD-13 to STD-17)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portfolio.models import GateCondition, GateReview
from portfolio.services.artefacts import record_step
from portfolio.services.governance import bind_methodology, plan_gates
from projects.models import Project
from tests.factories import manager_of, project
from tests.portfolio.gates import requested, scene, voted
from tests.portfolio.methods import stage_gate
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
URL = "/portfolio/projects/P-1/gates/"
G0 = f"{URL}G0/1/"


def signed_in(client: Client) -> Project:
    made = project("P-1", tier="T1")
    today = timezone.localdate()
    bind_methodology(actor=None, project=made, version=stage_gate(), today=today)
    dates: dict[tuple[str, int], date | None] = {("G0", 1): today, ("G1", 1): today + timedelta(days=30)}
    plan_gates(actor=None, project=made, dates=dates, today=today)
    client.force_login(manager_of(made))
    return made


def test_gates_of_a_project_without_methodology(client: Client) -> None:
    client.force_login(manager_of(project("P-1")))

    shown = words(client.get(URL))

    assert "No methodology yet" in shown
    assert client.get(G0).status_code == 404


def test_all_gates_stand_in_order(client: Client, django_assert_num_queries: Any) -> None:
    signed_in(client)

    with django_assert_num_queries(22):
        shown = words(client.get(URL))

    assert "G0 Is it worth a feasibility study? closes SG0 Idea · comes next" in shown
    assert client.get(f"{URL}G0/2/").status_code == 404


def test_every_line_says_why(client: Client) -> None:
    """STD-13: what the portal knows it answers by itself, with the reason and the way to the record."""
    signed_in(client)

    page = client.get(f"{URL}G2/1/")
    shown = words(page)

    assert "G2-1 The baseline is approved. knock-out No The project has no approved baseline." in shown
    assert "G2-2 The money for the next phase is available. knock-out No The project has no budget." in shown
    assert "The plan was not checked, or these checks cannot be made." in shown
    assert "/projects/P-1/baselines/" in page.content.decode()
    assert "Gate G0 has to be passed first: gates are in order." in shown
    assert "Plan a day for this gate first." in shown


def test_from_the_forum_to_the_decision(client: Client) -> None:
    """Each step by the person who does it; the conditions close the review."""
    found = scene()
    today = timezone.localdate()
    for code in ("SG-01", "SG-02"):
        for state in ("SUBMITTED", "APPROVED"):
            record_step(actor=None, project=found.project, requirement=code, state=state, today=today)
    client.force_login(found.alice)
    steps = [
        client.post(f"{G0}forum/", {"chair": found.petra.pk, "deciders": [found.stella.pk]}),
        client.post(f"{G0}answers/", {"G0-1": "YES", "G0-2": "YES", "G0-3": "PARTLY", "G0-3-note": "Look"}),
        client.post(f"{G0}request/", {}),
    ]
    client.force_login(found.stella)
    steps.append(client.post(f"{G0}vote/", {"vote": "GO", "reason": "Sound"}))
    client.force_login(found.petra)
    steps.append(client.post(f"{G0}vote/", {"vote": "CONDITIONAL_GO", "reason": "Nearly"}))
    decision = {
        "decision": "CONDITIONAL_GO",
        "reason": "One thing is missing",
        "condition_1": "Say who else looked",
        "owner_1": found.alice.pk,
        "due_1": today.isoformat(),
    }
    steps.append(client.post(f"{G0}decision/", decision))
    condition = f"/portfolio/projects/P-1/conditions/{GateCondition.objects.get().pk}/"
    decided = words(client.get(G0))
    early = client.post(f"{condition}end/", {"state": "MET"})
    client.force_login(found.alice)
    steps.append(client.post(condition, {"evidence": "Listed in the note"}))
    client.force_login(found.petra)
    steps.append(client.post(f"{condition}end/", {"state": "MET"}))

    review = GateReview.objects.get()
    assert [answer.status_code for answer in steps] == [302] * 8
    assert (early.status_code, "Nobody has said yet how it was met." in words(early)) == (422, True)
    assert "Dissent of Stella (Go): Sound" in decided
    assert "The evidence is as it was requested." in decided
    assert (review.state, review.decision) == ("CLOSED", "CONDITIONAL_GO")


def test_refusals_stand_on_the_form(client: Client) -> None:
    signed_in(client)

    refused = client.post(f"{G0}request/", {})

    assert refused.status_code == 422
    assert "Not answered yet: G0-1, G0-2, G0-3." in words(refused)
    assert not GateReview.objects.exclude(state="PLANNED").exists()


def test_a_note_without_an_answer_is_not_lost(client: Client) -> None:
    """STD-13: nothing is kept without an answer, so the form says so and keeps what was typed."""
    signed_in(client)
    told = {"G0-1": "", "G0-1-note": "Ask Petra", "G0-2": "YES"}

    refused = client.post(f"{G0}answers/", told)
    kept = client.post(f"{G0}answers/", {**told, "G0-1": "NO"})
    again = client.post(f"{G0}answers/", {"version": 2, "G0-1": "", "G0-2": "YES"})

    assert (refused.status_code, kept.status_code, again.status_code) == (422, 302, 302)
    assert "Choose an answer, or empty note and link" in words(refused)
    assert 'value="Ask Petra"' in refused.content.decode()
    assert list(GateReview.objects.get().answers.values_list("check_code", "answer")) == [("G0-2", "YES")]


def test_stale_answers_are_refused_though_nobody_had_begun(client: Client) -> None:
    """SEC-29: two people open the same new checklist; the second one sees that it changed."""
    signed_in(client)
    seen = client.get(f"{G0}answers/").context["form"].initial["version"]
    client.post(f"{G0}answers/", {"version": seen, "G0-1": "YES"})

    late = client.post(f"{G0}answers/", {"version": seen, "G0-1": "NO"})

    assert (seen, late.status_code) == (1, 422)
    assert "Somebody else changed this" in words(late)
    assert GateReview.objects.get().answers.get().answer == "YES"


def test_refusals_of_a_decision_stand_on_their_field(client: Client) -> None:
    found = scene()
    review = voted(requested(found), "CONDITIONAL_GO", found.petra, found.stella)
    client.force_login(found.petra)
    given = {"version": review.version, "decision": "CONDITIONAL_GO", "reason": "Nearly"}
    third = {"condition_3": "Look", "owner_3": found.stella.pk, "due_3": "2020-01-01"}

    late = client.post(f"{G0}decision/", {**given, **third}).context["form"].errors
    bare = client.post(f"{G0}decision/", {**given, "due_2": "2026-12-01"}).context["form"].errors
    dropped = client.post(f"{G0}decision/", {**given, **third, "decision": "GO"}).context["form"].errors
    none = client.post(f"{G0}decision/", given).context["form"].errors

    assert [list(errors) for errors in (late, bare, dropped, none)] == [
        ["due_3"],
        ["condition_2", "owner_2"],
        ["condition_3"],
        ["condition_1"],
    ]


def test_review_of_a_gate_the_version_does_not_have_is_not_there(client: Client) -> None:
    found = scene()
    review = GateReview.objects.get(pk=requested(found).pk)
    GateReview.objects.filter(pk=review.pk).update(gate="OLD")
    client.force_login(found.petra)

    assert client.get(f"{URL}OLD/1/decision/").status_code == 404
    assert client.get(f"{URL}OLD/1/").status_code == 404
