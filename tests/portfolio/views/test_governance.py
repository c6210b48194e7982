"""The tab Governance of a project: what it has to show, and what is done there (STD-2 to STD-7)."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from portfolio.models import ArtefactStep, ComplexityScore, GateDate, GateReview, Waiver
from portfolio.rollup.tier import WEIGHTS
from portfolio.services.governance import bind_methodology, plan_gates
from projects.models import Project
from tests.factories import grant, manager_of, project, user
from tests.portfolio.methods import stage_gate
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
URL = "/portfolio/projects/P-1/governance/"


def signed_in(client: Client, *, is_bound: bool = True) -> Project:
    made = project("P-1", tier="T2")
    if is_bound:
        bind_methodology(actor=None, project=made, version=stage_gate(), today=timezone.localdate())
    client.force_login(manager_of(made))
    return made


def test_unbound_project_offers_the_first_step(client: Client) -> None:
    signed_in(client, is_bound=False)

    shown = client.get(URL)

    assert "No methodology yet" in words(shown)
    assert f"{URL}methodology/" in shown.content.decode()


def test_choosing_a_methodology(client: Client) -> None:
    signed_in(client, is_bound=False)
    version = stage_gate()

    answer = client.post(f"{URL}methodology/", {"version": version.pk})

    assert answer.headers["Location"] == URL
    assert "Stage-gate 1.0.2" in words(client.get(URL))


def test_every_requirement_says_why(client: Client, django_assert_num_queries: Any) -> None:
    signed_in(client)

    with django_assert_num_queries(25):
        shown = words(client.get(URL))

    assert "SG-04 Business case Mandatory at tier T2. Due at: G1, refreshed at: G2, G4." in shown
    assert "SG-C1 Status report Mandatory at tier T2. Done monthly." in shown
    assert "nothing is due yet" in shown
    assert "Gate has no date" in shown


def test_only_a_passed_gate_is_ticked(client: Client) -> None:
    """The day of a gate passes by itself, the gate does not; the newest review counts."""
    made, today = signed_in(client), timezone.localdate()
    plan_gates(actor=None, project=made, dates={("G0", 1): today, ("G1", 1): today}, today=today)
    values = {"project": made, "version_followed": stage_gate(), "state": "DECIDED", "decided_on": today}
    GateReview.objects.create(gate="G0", decision="GO", **values)
    GateReview.objects.create(gate="G1", decision="GO", **values)
    GateReview.objects.create(gate="G1", occurrence=2, decision="RECYCLE", **values)

    plan_gates(actor=None, project=made, dates={("G1", 2): today}, today=today)
    stops = client.get(URL).context["governance"].stops

    assert [stop.gate for stop in stops if stop.is_passed] == ["G0"]
    assert [stop.occurrence for stop in stops[:3]] == [1, 2, 1]


def test_only_who_may_record_a_step_is_offered_it(client: Client) -> None:
    """A button that only refuses is no button: a stakeholder is offered what a stakeholder accepts."""
    client.force_login(grant(user(), "STAKEHOLDER", signed_in(client).node).user)

    page = client.get(URL).content.decode()

    offered = re.findall(rf"{URL}artefacts/[^/]+/", page)
    assert {client.get(address).status_code for address in offered} == {200}
    assert f"{URL}artefacts/SG-04/" not in offered
    assert client.get(f"{URL}artefacts/SG-04/").status_code == 403


def test_ten_answers_make_a_tier(client: Client) -> None:
    """EX-STD-1 in the browser; a missing answer stands at its field."""
    signed_in(client)
    given = dict(zip(WEIGHTS, (3, 2, 3, 4, 2, 3, 4, 3, 4, 2), strict=True))

    refused = client.post(f"{URL}complexity/", {code: value for code, value in given.items() if code != "F6"})
    saved = client.post(f"{URL}complexity/", given)

    assert (refused.status_code, saved.status_code) == (422, 302)
    assert list(refused.context["form"].errors) == ["F6"]
    assert [str(row.score) for row in ComplexityScore.objects.all()] == ["3.05"]
    assert "score 3.05" in words(client.get(URL))


def test_artefact_tailoring_and_waiver(client: Client) -> None:
    signed_in(client)
    day = timezone.localdate().isoformat()

    answers = [
        client.post(f"{URL}gates/", {"G0": day, "G1": day}),
        client.post(f"{URL}artefacts/SG-01/", {"state": "SUBMITTED", "link": "https://example.org/idea"}),
        client.post(f"{URL}tailoring/SG-03/", {"choice": "KEEP", "note": "We want it"}),
        client.post(
            f"{URL}waivers/SG-04/new/",
            {"reason": "Law", "risk": "None", "compensating_control": "Look", "expires_on": day},
        ),
    ]
    shown = words(client.get(URL))

    assert [answer.status_code for answer in answers] == [302, 302, 302, 302]
    assert (ArtefactStep.objects.get().link, Waiver.objects.get().requirement) == (
        "https://example.org/idea",
        "SG-04",
    )
    assert "Partly met" in shown
    assert "“We want it”" in shown
    assert "SG-04 Submitted" in shown
    assert "refreshed at: G2, G4. A waiver is asked for." in shown
    Waiver.objects.update(state="APPROVED", approved_on=day)
    until = date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    assert f"refreshed at: G2, G4. Waived until {until}." in words(client.get(URL))


def test_refusal_stands_on_the_form(client: Client) -> None:
    signed_in(client)

    answer = client.post(f"{URL}artefacts/SG-01/", {"state": "APPROVED"})

    assert answer.status_code == 422
    assert "Nothing is submitted, so there is nothing to decide on." in words(answer)
    assert ArtefactStep.objects.count() == 0


def test_record_starts_with_the_present_state(client: Client) -> None:
    """Sending it untouched changes nothing: neither is it taken back, nor does somebody else submit it."""
    signed_in(client)
    at = f"{URL}artefacts/SG-01/"
    given = {"state": "SUBMITTED", "link": "https://example.org/idea"}
    client.post(at, given)

    page = client.get(at).content.decode()
    untouched = client.post(at, given)
    client.post(at, {**given, "note": "Second round"})

    assert '<option value="SUBMITTED" selected>' in page
    assert 'value="https://example.org/idea"' in page
    assert untouched.status_code == 422
    assert "This is its state already." in words(untouched)
    assert list(ArtefactStep.objects.values_list("note", flat=True).order_by("pk")) == ["", "Second round"]


def test_days_of_gates_do_not_overwrite_unseen(client: Client) -> None:
    """XC-1: who saw an older calendar is shown the day somebody else set, beside the own one."""
    made = signed_in(client)
    at = f"{URL}gates/"
    seen = client.get(at).context["form"]["version"].value()
    other = {("G1", 1): date(2027, 1, 4)}
    plan_gates(actor=None, project=made, dates=other, today=timezone.localdate())

    stale = client.post(at, {"G1": "2027-02-01", "version": seen})
    again = client.post(at, {"G1": "2027-02-01", "version": stale.context["form"]["version"].value()})

    assert (stale.status_code, again.status_code) == (422, 302)
    (change,) = stale.context["form"].other_changes
    assert (change.label[:2], change.theirs, change.yours) == ("G1", "4 January 2027", "1 February 2027")
    days = [str(row) for row in GateDate.objects.order_by("pk").values_list("due_on", flat=True)]
    assert days == ["2027-01-04", "2027-02-01"]
