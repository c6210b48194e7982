"""What a project adds to its methodology, in the browser (STD-3, STD-20)."""

import pytest
from django.test import Client
from django.utils import timezone

from portfolio.models import OwnRequirement, PhasePlacement
from tests.factories import manager_of
from tests.portfolio.services.test_tailoring import hybrid
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.views.test_governance import URL, signed_in

pytestmark = pytest.mark.django_db


def test_increments_are_placed_seen_and_taken_out(client: Client) -> None:
    """STD-20: one form; then the phase says so and the controls say why."""
    signed_in(client)
    source = hybrid()
    given = {"increments": f"{source.pk}:AH2", "inside": "SG4", "cadence": "MONTHLY", "note": ""}

    form = words(client.get(f"{URL}increments/"))
    answer = client.post(f"{URL}increments/", given)
    shown = words(client.get(URL))
    client.post(f"{URL}increments/end/", {"reason": "One release only"})

    assert "AH2 Increments – AH 1.0.2" in form
    assert answer.headers["Location"] == URL
    assert "Increments AH2 of AH 1.0.2 inside phase SG4, reviewed monthly: controls, no gates." in shown
    assert "With each increment (AH2 inside SG4), monthly; a control, no gate." in shown
    assert "A2 Increment review: Continue, change or stop the funding?" in shown
    assert "Place increments inside a phase" in words(client.get(URL))
    assert PhasePlacement.objects.count() == 2


def test_own_requirement_is_added_changed_and_ended(client: Client) -> None:
    """STD-3: owner and reason are asked for and shown."""
    made = signed_in(client)
    owner = manager_of(made)
    client.force_login(owner)
    given = {
        "title": "Noise plan",
        "owner": owner.pk,
        "reason": "A school is near",
        "gate": "G0",
        "weight": 2,
    }

    refused = client.post(f"{URL}own/", given)
    client.post(f"{URL}own/", {**given, "approver": "SPONSOR"})
    shown = words(client.get(URL))
    client.post(f"{URL}own/OWN-1/", {**given, "approver": "SPONSOR", "title": "Noise and dust"})
    changed = words(client.get(URL))
    client.post(f"{URL}own/OWN-1/end/", {"reason": "School moved"})

    assert refused.status_code == 422
    assert "Say which role approves it." in words(refused)
    assert (
        f"OWN-1 Noise plan Added by the project, owner {owner.name}: “A school is near” Due at: G0." in shown
    )
    assert "OWN-1 Noise and dust" in changed
    assert "OWN-1" not in words(client.get(URL))
    assert OwnRequirement.objects.count() == 3


def test_somebody_else_changed_it_meanwhile(client: Client) -> None:
    made = signed_in(client)
    owner = manager_of(made)
    given = {
        "title": "Noise",
        "owner": owner.pk,
        "reason": "School",
        "gate": "",
        "cadence": "MONTHLY",
        "weight": 1,
    }
    client.force_login(owner)
    client.post(f"{URL}own/", given)
    seen = OwnRequirement.objects.get().pk
    client.post(f"{URL}own/OWN-1/", {**given, "title": "Dust", "expected": seen})

    late = client.post(f"{URL}own/OWN-1/", {**given, "title": "Light", "expected": seen})

    assert late.status_code == 422
    assert "changed or ended meanwhile" in words(late)
    assert OwnRequirement.objects.latest("pk").title == "Dust"
    assert OwnRequirement.objects.latest("pk").made_on == timezone.localdate()
