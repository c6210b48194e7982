"""Document templates edited in the browser and over the API."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import DocumentTemplate
from portfolio.services import document_template_drafts as service
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.documents import template
from tests.portfolio.libraries import paula
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OLD, NEW = "/standards/documents/charter/1.0.1/", "/standards/documents/charter/1.1.0/"
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
    unread = client.post(f"{NEW}submit/", {"version": "3"}, follow=True)
    sent = client.get(NEW).content.decode().count('name="version" value="4"')
    client.post(f"{NEW}submit/", {"version": "4"})
    own = client.post(f"{NEW}publish/", {"version": "4"})

    assert (bad.status_code, "There is no placeholder {{ project.nam }}" in words(bad)) == (422, True)
    assert 'value="triggers"' in bad.content.decode()
    assert "Asks for triggers." in shown
    assert "Heading triggers “Triggers” is new." in shown
    assert own.status_code == 403
    assert "Somebody else changed this draft meanwhile" in words(unread)
    assert sent == 1 + len(DocumentTemplate.objects.get(version="1.1.0").content.sections)
    client.force_login(paula())
    assert "In the making" in words(client.get("/standards/documents/"))
    assert 'name="version" value="4"' in client.get(NEW).content.decode()
    done = client.post(f"{NEW}publish/", {"version": "4"}, follow=True)
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
    read = {"edition": 3}
    sent, back = anna.post(f"{address}submit/", read), head.post(f"{address}return/", {"reason": "Who?"})
    anna.post(f"{address}submit/", read)
    unread = [head.post(f"{address}publish/", body) for body in ({}, {"edition": 2})]
    done = head.post(f"{address}publish/", read).json()

    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["text_en"])
    assert (put.status_code, stale.status_code, sent.status_code, back.status_code) == (200, 409, 200, 200)
    assert [answer.status_code for answer in unread] == [400, 409]
    assert [each["code"] for each in changes] == ["", "triggers"]
    assert (done["is_current"], done["state"]) == (True, "PUBLISHED")


def test_heading_is_moved_over_the_api() -> None:
    template("charter")
    anna = client_of(paula(Role.PMO_ANALYST, "Anna"))
    made = anna.post(f"{API}{DocumentTemplate.objects.get().pk}/draft/", {"version": "1.1.0"}).json()
    address = f"{API}{made['id']}/headings/move/"

    down = anna.post(address, {"edition": 1, "code": "purpose", "way": "down"})
    stale = anna.post(address, {"edition": 1, "code": "purpose", "way": "up"})
    top = anna.post(address, {"edition": 2, "code": "goals", "way": "up"})
    other = anna.post(address, {"edition": 2, "code": "goals", "way": "left"})

    assert [row["code"] for row in down.json()["sections"][:2]] == ["goals", "purpose"]
    assert (down.status_code, stale.status_code, top.status_code, other.status_code) == (200, 409, 400, 400)
    assert list(other.json()["error"]["fields"]) == ["way"]


def drafted() -> tuple[Any, DocumentTemplate]:
    base, author = template("charter"), paula(Role.PMO_ANALYST, "Anna")
    return author, service.begin_draft(actor=author, base=base, version="1.1.0", today=base.loaded_on)


def other_saves(draft: DocumentTemplate, edition: int, guidance: str) -> None:
    rule = draft.content.section("purpose")
    assert rule is not None
    changed = replace(rule, guidance=replace(rule.guidance, en=guidance))
    head = paula()
    service.save_section(actor=head, template=draft, edition=edition, rule=changed, code="purpose")


def test_stale_form_shows_what_the_other_wrote_before_it_replaces_it(client: Client) -> None:
    author, draft = drafted()
    client.force_login(author)
    page = client.get(f"{NEW}headings/purpose/").context["form"].initial
    mine = {**page, "guidance_en": "Mine.", "is_money": ""}
    other_saves(draft, 1, "Theirs.")

    stale = client.post(f"{NEW}headings/purpose/", mine)
    shown = stale.context["form"]

    assert stale.status_code == 422
    assert [(each.theirs, each.yours) for each in shown.other_changes] == [("Theirs.", "Mine.")]
    assert "Theirs." in words(stale)
    assert str(shown.data["version"]) == "2"
    draft.refresh_from_db()
    assert (draft.edition, draft.document["sections"][0]["guidance"]["en"]) == (2, "Theirs.")


def test_stale_head_shows_what_the_other_wrote(client: Client) -> None:
    author, draft = drafted()
    client.force_login(author)
    page = client.get(f"{NEW}texts/").context["form"].initial
    head = {"title": draft.content.title, "summary": draft.content.summary}
    service.edit_head(actor=paula(), template=draft, edition=1, change_note="Theirs.", **head)

    stale = client.post(f"{NEW}texts/", {**page, "change_note": "Mine."})

    assert [(e.theirs, e.yours) for e in stale.context["form"].other_changes] == [("Theirs.", "Mine.")]


def test_heading_that_is_gone_keeps_the_words_and_stays_refused(client: Client) -> None:
    author, draft = drafted()
    client.force_login(author)
    page = {**client.get(f"{NEW}headings/purpose/").context["form"].initial, "guidance_en": "Mine."}
    service.remove_section(actor=paula(), template=draft, edition=1, code="purpose")

    answers = [client.post(f"{NEW}headings/purpose/", {**page, "version": at}) for at in ("1", "2")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("This row is not in the draft any more." in words(answer) for answer in answers)
    assert "Mine." in answers[0].content.decode()


@pytest.mark.parametrize(("page", "act"), [("headings/purpose/", "save_section"), ("texts/", "edit_head")])
def test_draft_discarded_while_it_is_saved_is_a_refusal(
    client: Client, monkeypatch: pytest.MonkeyPatch, page: str, act: str
) -> None:
    author, draft = drafted()
    client.force_login(author)
    given = client.get(f"{NEW}{page}").context["form"].initial
    save = getattr(service, act)

    def late(**about: Any) -> Any:
        DocumentTemplate.objects.filter(pk=draft.pk).delete()
        return save(**about)

    monkeypatch.setattr(service, act, late)
    answer = client.post(f"{NEW}{page}", {**given, "is_money": ""})

    assert answer.status_code == 422
    assert "Somebody discarded this draft meanwhile." in words(answer)


def test_browser_saves_an_untouched_heading_without_changing_it(client: Client) -> None:
    author, draft = drafted()
    client.force_login(author)
    for section in draft.content.sections:
        initial = client.get(f"{NEW}headings/{section.code}/").context["form"].initial
        sent = {name: str(value).replace("\n", "\r\n") for name, value in initial.items()}
        if not section.is_money:
            sent.pop("is_money")
        assert client.post(f"{NEW}headings/{section.code}/", sent).status_code == 302

    after = DocumentTemplate.objects.get(pk=draft.pk)
    assert (after.edition, after.document) == (1, draft.document)
