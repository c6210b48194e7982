"""The tab Documents, the guided start, and the pages of document templates."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portfolio.models import ProjectDocument
from portfolio.services import documents as services
from tests.factories import manager_of, project
from tests.portfolio.documents import charter, newest, stage, submitted, template, write_all
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL, START = "/portfolio/projects/P-1/documents/", "/portfolio/projects/P-1/start/"


def today() -> Any:
    return timezone.localdate()


def test_empty_tab_leads_to_the_guided_start(client: Client) -> None:
    on = stage(today=today())
    client.force_login(on.alice)

    shown = client.get(URL)

    assert "No documents yet" in words(shown)
    assert START in shown.content.decode()
    assert "SG-06 Charter" in words(shown)


def test_guided_start_ends_in_a_signed_charter(client: Client) -> None:
    """Domain 2.10: begin, write heading by heading, submit, sign."""
    on = stage(today=today())
    client.force_login(on.alice)
    begun = client.post(f"{START}charter/")
    document = ProjectDocument.objects.get()
    own = f"{URL}{document.pk}/"

    steps = [begun["Location"]]
    for part in newest(document).parts:
        given = {"text": part.text.replace("(not known yet)", "None.") or "Known.", "next": "1"}
        given["version"] = str(newest(document).revision)
        steps.append(client.post(f"{own}sections/{part.code}/", given)["Location"])
    ready = words(client.get(START))
    client.post(f"{own}submit/", {"version": newest(document).revision})
    named = words(client.get(START))
    held = on.project.node.grants.filter(user=on.sam)
    held.update(valid_from=today() + timedelta(days=1))
    alone = words(client.get(START))
    held.update(valid_from=None)
    client.force_login(on.sam)
    waiting = client.get(START)
    client.post(f"{own}decide/", {"checksum": newest(document).checksum, "decision": "APPROVED"})

    signed = words(client.get(START))
    assert [step.rstrip("/").rsplit("/", 1)[1] for step in steps] == [
        *(part.code for part in newest(document).parts),
        str(document.pk),
    ]
    assert "Read it once more, then submit it" in ready
    assert ("It waits for Sam." in named, "Nobody can sign it yet." in alone) == (True, True)
    assert "Nobody else bears this role: Sponsor." in alone
    assert "Waiting for the signature" in words(waiting)
    assert 'value="APPROVED"' in waiting.content.decode()
    assert "The charter is signed" in signed
    assert newest(document).checksum[:16] in signed


def test_start_without_a_methodology_asks_for_one_first(client: Client) -> None:
    client.force_login(manager_of(project("P-1")))

    assert "How is this project run?" in words(client.get(START))


def test_money_is_not_shown_to_who_may_not_see_it(client: Client) -> None:
    """ORG-9, SEC-16: Bob sees the heading; page and file hold no amount."""
    on = stage(today=today())
    document = charter(on, today=today())
    own = f"{URL}{document.pk}/"
    answers = {}

    for who in (on.alice, on.bob):
        client.force_login(who)
        answers[who.name] = [
            client.get(own),
            client.get(f"{own}file.md"),
            client.get(f"{own}sections/budget/"),
        ]

    assert [b"1,000.00" in each.content for each in answers["Alice"]] == [True, True, True]
    assert [b"1,000.00" in each.content for each in answers["Bob"]] == [False, False, False]
    assert answers["Bob"][2].status_code == 404
    assert "For people who may see the money of the project." in words(answers["Bob"][0])


def test_files(client: Client) -> None:
    on = stage(today=today())
    document = submitted(on, today=today())
    client.force_login(on.alice)
    own = f"{URL}{document.pk}/"

    paper, again, text, docx = (client.get(f"{own}file.{kind}") for kind in ("pdf", "pdf", "md", "docx"))

    assert paper.content[:5] == b"%PDF-"
    assert paper.content == again.content
    assert paper["Content-Disposition"].startswith('attachment; filename="P-1-charter-1.pdf"')
    assert text.content.decode().startswith("# Charter\n\nProject: P-1 Pump  \n")
    assert f"SHA-256: {newest(document).checksum}" in text.content.decode()
    assert [client.get(f"{own}file.{kind}").status_code for kind in ("odt", "exe")] == [404, 404]
    assert docx.content[:2] == b"PK"
    assert docx["Content-Disposition"].startswith('attachment; filename="P-1-charter-1.docx"')


def test_stale_section_shows_the_other_text(client: Client) -> None:
    """XC-1, SEC-29."""
    on = stage(today=today())
    document = charter(on, today=today())
    write_all(on, document, today=today())
    client.force_login(on.alice)

    answer = client.post(f"{URL}{document.pk}/sections/goals/", {"text": "Mine", "version": "1"})

    assert answer.status_code == 422
    assert "Somebody saved a newer version while you were editing." in words(answer)
    assert "Known." in words(answer)


def test_refusal_is_told(client: Client) -> None:
    on = stage(today=today())
    document = charter(on, today=today())
    client.force_login(on.alice)

    answer = client.post(f"{URL}{document.pk}/submit/", {"version": "1"}, follow=True)

    assert "Not written yet: Purpose, Goals and measures," in words(answer)
    assert newest(document).state == "DRAFT"


def test_typed_html_stays_text(client: Client) -> None:
    """SEC-25."""
    on = stage(today=today())
    document = charter(on, today=today())
    services.write_section(
        actor=on.alice, document=document, section="goals", text="<script>alert(1)</script>",
        expected_revision=1, today=today(),
    )  # fmt: skip
    client.force_login(on.alice)

    shown = client.get(f"{URL}{document.pk}/").content.decode()

    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


@pytest.mark.parametrize("number", [1, 3])
def test_list_has_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: Any, number: int
) -> None:
    on = stage(today=today())
    for code in ("charter", "gate-pack", "lessons-report")[:number]:
        services.begin_document(
            actor=on.alice, project=on.project, template=template(code), language="en", today=today()
        )
    client.force_login(on.alice)

    with django_assert_num_queries(26):
        shown = client.get(URL)

    assert shown.content.decode().count("of 11 headings") == 1


def test_pages_of_templates(client: Client, django_assert_num_queries: Any) -> None:
    on = stage(today=today())
    charter(on, today=today())
    client.force_login(on.alice)

    with django_assert_num_queries(14):
        shown = words(client.get("/standards/documents/"))

    assert "Version 1.0.1 1 document" in shown
    one = words(client.get("/standards/documents/charter/1.0.1/"))
    assert "{{ budget.contingency }}" in one
    assert client.get("/standards/documents/charter/9.9.9/").status_code == 404


def test_giving_back_without_a_note_is_refused_beside_the_note(client: Client) -> None:
    on = stage(today=today())
    document = submitted(on, today=today())
    client.force_login(on.sam)
    given = {"checksum": newest(document).checksum, "decision": "RETURNED", "note": ""}

    answer = client.post(f"{URL}{document.pk}/decide/", given)

    assert answer.status_code == 422
    assert 'aria-describedby="decision-note-errors"' in answer.content.decode()
    assert "Say what should be changed." in words(answer)
    assert newest(document).state == "SUBMITTED"


def test_decision_on_other_words_keeps_the_note(client: Client) -> None:
    on = stage(today=today())
    document = submitted(on, today=today())
    client.force_login(on.sam)
    given = {"checksum": "0" * 64, "decision": "APPROVED", "note": "Fine by me"}

    answer = client.post(f"{URL}{document.pk}/decide/", given)

    assert answer.status_code == 422
    assert "Another version waits by now. Read it, then decide." in words(answer)
    assert ">Fine by me</textarea>" in answer.content.decode()
