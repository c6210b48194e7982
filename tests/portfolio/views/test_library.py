"""Pages of the library: search, item, writing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from portfolio.models import KnowledgeItem, KnowledgeVersion, SearchGap, UsageEvent
from portfolio.services.library import edit_item, send_for_review
from tests.factories import grant, project, user
from tests.portfolio.libraries import content, draft, paula, published, republished
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.worlds import make_portfolio, make_project

pytestmark = pytest.mark.django_db
ITEM = "/library/items/risk-register/en/"


def signed_in(role: str = Role.TEAM_MEMBER, name: str = "Bob") -> Client:
    client = Client()
    client.force_login(paula(role, name))
    return client


def test_search_shows_answers_and_counts_by_kind() -> None:
    published()
    published("wbs", title="Break the work down", kind="GUIDE")

    page = words(signed_in().get("/library/?q=risk"))

    assert "Risk register" in page
    assert "Break the work down" not in page
    assert "Template 1" in page
    assert "Guide" not in page


def test_typing_brings_the_answers_only() -> None:
    published()

    answer = signed_in().get("/library/?q=risk", headers={"HX-Request": "true"})

    assert answer.content.decode().strip().startswith('<div id="library-answers">')


def test_search_without_an_answer_is_logged() -> None:
    """KNO-9: for the gap report; a filtered search is no gap."""
    published()
    client = signed_in()

    client.get("/library/?q=monte+carlo")
    client.get("/library/?q=risk&kind=FAQ")

    assert list(SearchGap.objects.values_list("words", "language", "count")) == [("monte carlo", "en", 1)]
    assert "monte carlo" in words(signed_in(Role.PMO_ANALYST, "Peter").get("/library/gaps/"))


def test_what_another_language_answers_is_no_gap() -> None:
    """KNO-9: the search leads there instead."""
    published("kurs", language="de", title="Risiken schätzen")

    page = signed_in().get("/library/?q=Risiken&language=en")

    assert "1 item fits in another language." in words(page)
    assert "language=all" in page.content.decode()
    assert not SearchGap.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_search_do_not_grow(count: int) -> None:
    for number in range(count):
        published(f"item-{number}", title=f"Risk {number}", tags=("risk",))
    client = signed_in()
    client.get("/library/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/library/?q=risk")

    assert len(queries) == 14


def test_item_shows_text_as_harmless_html() -> None:
    """SEC-25: Markdown, never HTML of people."""
    published(body="# Aim\n\n<script>alert(1)</script> **bold** [x](javascript:alert(1))")

    html = signed_in().get(ITEM).content.decode()

    assert "<h2>Aim</h2>" in html
    assert "<strong>bold</strong>" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert UsageEvent.objects.get().kind == "VIEW"


def test_former_version_keeps_its_address() -> None:
    """KNO-1: links by item open the published version, those of projects the version used."""
    item = published()
    republished(item, title="Newer register")
    client = signed_in()

    assert "Newer register" in words(client.get(ITEM))
    old = words(client.get(f"{ITEM}?version=1.0"))
    assert "Risk register" in old
    assert "A newer one is published" in old


def test_readers_do_not_see_drafts() -> None:
    draft()

    assert signed_in().get(ITEM).status_code == 404
    assert signed_in(Role.PMO_ANALYST, "Peter").get(ITEM).status_code == 200


def test_use_shows_projects_the_reader_may_see() -> None:
    """ORG-9: not those of others."""
    item = published()
    home = make_portfolio()
    open_one, secret = make_project("OPEN", home), make_project("SECRET", home, is_confidential=True)
    for each in (open_one, secret):
        UsageEvent.objects.create(
            item=item,
            version=item.versions.get(),
            user=user(),
            project=each,
            kind="REUSE",
            day="2026-04-10",
        )
    bob = signed_in()

    page = words(bob.get(ITEM))

    assert "OPEN" in page
    assert "SECRET" not in page


def test_reader_rates_and_uses() -> None:
    item = published()
    alice = paula(Role.PROJECT_MANAGER, "Alice")
    own, foreign = project("OWN"), project("FOREIGN")
    lead = user("Lead")
    grant(lead, Role.PROJECT_MANAGER, own.node)
    client, of_lead = Client(), Client()
    client.force_login(alice)
    of_lead.force_login(lead)

    client.post(f"{ITEM}rate/", {"stars": "4"})
    client.post(f"{ITEM}helpful/")
    of_lead.post(f"{ITEM}use/", {"project": "OWN"})
    refused = of_lead.post(f"{ITEM}use/", {"project": foreign.code})

    item.refresh_from_db()
    assert (item.rating_sum, item.rating_count) == (4, 1)
    assert refused.status_code == 404
    assert sorted(UsageEvent.objects.values_list("kind", "project__code")) == [
        ("HELPFUL", None),
        ("REUSE", "OWN"),
    ]


def test_pmo_writes_and_publishes_in_the_browser() -> None:
    client = signed_in(Role.PMO_ANALYST, "Peter")
    given = {
        "title": "Supplier list",
        "kind": "TOOL",
        "language": "en",
        "summary": "Who delivers.",
        "body": "# Who",
        "tags": "Supplier, contract",
        "roles": ["PROJECT_MANAGER"],
        "file": SimpleUploadedFile("list.txt", b"A,B"),
    }

    made = client.post("/library/new/", given)
    published_at = client.post("/library/items/supplier-list/en/publish/")
    file = signed_in().get("/library/items/supplier-list/en/file/")

    assert made.status_code == published_at.status_code == 302
    version = KnowledgeVersion.objects.get()
    assert (version.state, version.number) == ("PUBLISHED", "1.0")
    assert sorted(version.labels.values_list("kind", "value")) == [
        ("ROLE", "PROJECT_MANAGER"),
        ("TAG", "contract"),
        ("TAG", "supplier"),
    ]
    assert b"".join(file.streaming_content) == b"A,B"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_edit_keeps_the_file_and_makes_a_new_version() -> None:
    published()
    client = signed_in(Role.PMO_ANALYST, "Peter")
    given = {
        "title": "Risk list",
        "summary": "New.",
        "body": "Text",
        "change_note": "Shorter",
        "is_major": "on",
    }

    answer = client.post(f"{ITEM}edit/", {**given, "version": "1"})

    draft_made = KnowledgeVersion.objects.get(state="DRAFT")
    assert answer.url == f"{ITEM}?version=2.0"
    assert (draft_made.number, draft_made.title, draft_made.change_note) == ("2.0", "Risk list", "Shorter")


def test_stale_form_shows_the_other_change() -> None:
    """XC-1: the other change is shown, nothing is overwritten."""
    item = draft().item
    client = signed_in(Role.PMO_ANALYST, "Peter")
    given = {"title": "Theirs", "summary": "New.", "body": "Text"}
    client.post(f"{ITEM}edit/", {**given, "version": "1"})

    answer = client.post(f"{ITEM}edit/", {**given, "title": "Mine", "version": "1"})

    assert answer.status_code == 422
    assert "Theirs" in words(answer)
    assert item.versions.get().title == "Theirs"


def test_taken_code_is_refused_on_the_form() -> None:
    published()
    client = signed_in(Role.PMO_ANALYST, "Peter")
    given = {"title": "Risk register", "kind": "TOOL", "language": "en", "summary": "S", "body": "B"}
    before = AuditEntry.objects.count()

    answer = client.post("/library/new/", given)

    assert answer.status_code == 422
    assert answer.context["form"].errors["code"] == [
        "There is an item with this code in this language already."
    ]
    assert (KnowledgeItem.objects.count(), AuditEntry.objects.count()) == (1, before)


@pytest.mark.parametrize("address", ["/library/new/", "/library/courses/new/"])
def test_code_is_not_asked_for_where_the_title_is_missing(address: str) -> None:
    """The code is made of the title: whoever gave neither reads of the title only."""
    client = signed_in(Role.PMO_HEAD, "Paula")
    empty, signs = client.post(address, {}), client.post(address, {"title": "???"})
    assert "title" in empty.context["form"].errors
    assert "code" not in empty.context["form"].errors
    assert signs.context["form"].errors["code"] == ["Give a code of letters, digits and hyphens."]


@pytest.mark.parametrize(
    ("act", "sent", "why", "kept"),
    [
        (
            "archive",
            {"reason": "no"},
            "Say why it is archived.",
            'id="archive-reason-errors"',
        ),
        ("archive", {"reason": "x" * 2001}, "Use at most 2000 characters.", f'value="{"x" * 2001}"'),
        ("return", {"reason": "no"}, "Say what has to change.", 'value="no"'),
        ("publish", {"review_by": "soon"}, "Enter a valid date.", 'value="soon"'),
        ("publish", {"review_by": "2020-01-01"}, "The review must lie in the future.", 'value="2020-01-01"'),
        ("use", {"project": ""}, "Choose a project.", 'id="id_project_error"'),
    ],
)
def test_small_form_keeps_what_was_typed_with_the_error(
    act: str, sent: dict[str, str], why: str, kept: str
) -> None:
    """The error stands on the field of the page (422); nothing was done."""
    item = published()
    edit_item(actor=None, item=item, content=content())
    send_for_review(actor=None, item=item)
    made = project("P-1")
    client = signed_in(Role.PMO_HEAD, "Paula")

    refused = client.post(f"{ITEM}{act}/", sent)

    page = refused.content.decode()
    states = list(item.versions.order_by("pk").values_list("state", flat=True))
    assert made.code in page
    assert (refused.status_code, states) == (422, ["PUBLISHED", "IN_REVIEW"])
    assert why in page
    assert kept in page
    assert 'class="field-errors"' in page
