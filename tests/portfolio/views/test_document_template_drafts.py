"""Document templates edited in the browser and over the API."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import DocumentTemplate
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.documents import template
from tests.portfolio.libraries import paula
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OLD, NEW = "/standards/documents/charter/1.0.0/", "/standards/documents/charter/1.1.0/"
GIVEN = {
    "code": "triggers", "title_en": "Triggers", "title_de": "Auslöser",
    "guidance_en": "What to watch.", "guidance_de": "Worauf zu achten ist.",
    "text_en": "{{ project.name }}", "text_de": "{{ project.name }}",
}  # fmt: skip
API = "/api/v1/document-templates/"


def test_pmo_writes_a_version_and_the_head_publishes_it(client: Client) -> None:
    template("charter")
    client.force_login(paula(Role.PMO_ANALYST, "Anna"))

    assert "New version" in words(client.get(OLD))
    client.post(f"{OLD}draft/", {"version": "1.1.0"})
    bad = client.post(f"{NEW}headings/new/", {**GIVEN, "version": "1", "text_en": "{{ project.nam }}"})
    client.post(f"{NEW}headings/new/", {**GIVEN, "version": "1"})
    client.post(f"{NEW}headings/triggers/act/", {"way": "up", "version": "2"})
    head = client.get(f"{NEW}texts/").context["form"].initial
    client.post(f"{NEW}texts/", {**head, "change_note": "Asks for triggers."})
    shown = words(client.get(f"{NEW}changes/"))
    client.post(f"{NEW}submit/")
    own = client.post(f"{NEW}publish/")

    assert (bad.status_code, "There is no placeholder {{ project.nam }}" in words(bad)) == (422, True)
    assert 'value="triggers"' in bad.content.decode()
    assert "Asks for triggers." in shown
    assert "Heading triggers “Triggers” is new." in shown
    assert own.status_code == 403
    client.force_login(paula())
    assert "In the making" in words(client.get("/standards/documents/"))
    done = client.post(f"{NEW}publish/", follow=True)
    assert "In force. Documents that were made keep their version." in words(done)
    assert DocumentTemplate.objects.get(is_current=True).version == "1.1.0"


def test_draft_is_seen_by_who_edits_only(client: Client) -> None:
    template("charter")
    anna = client_of(paula(Role.PMO_ANALYST, "Anna"))
    old = DocumentTemplate.objects.get()
    made = anna.post(f"{API}{old.pk}/draft/", {"version": "1.1.0"}).json()
    bob = paula(Role.TEAM_MEMBER, "Bob")
    client.force_login(bob)

    assert client.get(NEW).status_code == 404
    assert client_of(bob).get(f"{API}{made['id']}/").status_code == 404
    assert client_of(bob).get(API).json()["count"] == 1
    assert client_of(bob).post(f"{API}{old.pk}/draft/", {"version": "1.2.0"}).status_code == 403
    assert "In the making" not in words(client.get("/standards/documents/"))


def test_version_is_made_over_the_api() -> None:
    template("charter")
    anna, head = client_of(paula(Role.PMO_ANALYST, "Anna")), client_of(paula())
    made = anna.post(f"{API}{DocumentTemplate.objects.get().pk}/draft/", {"version": "1.1.0"}).json()
    address = f"{API}{made['id']}/"
    heading = {
        "edition": 1, "code": "triggers", "title": {"en": "Triggers", "de": "Auslöser"},
        "guidance": {"en": "What to watch.", "de": "Worauf zu achten ist."},
    }  # fmt: skip
    bad = {**heading, "text": {"en": "{{ x }}", "de": "{{ x }}"}}

    refused = anna.post(f"{address}headings/", bad, format="json")
    put = anna.post(f"{address}headings/", heading, format="json")
    stale = anna.post(f"{address}headings/remove/", {"edition": 1, "code": "purpose"})
    texts = {"edition": 2, "title": made["title"], "summary": {"en": "Why.", "de": "Warum."}}
    anna.post(f"{address}texts/", texts, format="json")
    changes = anna.get(f"{address}changes/").json()
    sent, back = anna.post(f"{address}submit/"), head.post(f"{address}return/", {"reason": "Who?"})
    anna.post(f"{address}submit/")
    done = head.post(f"{address}publish/").json()

    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["text_en"])
    assert (put.status_code, stale.status_code, sent.status_code, back.status_code) == (200, 409, 200, 200)
    assert [each["code"] for each in changes] == ["", "triggers"]
    assert (done["is_current"], done["state"]) == (True, "PUBLISHED")
