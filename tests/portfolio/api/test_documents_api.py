"""Document templates and documents over the API."""

from typing import Any

import pytest
from django.utils import timezone

from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.documents import stage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/api/v1/projects/P-1/documents/"


def test_charter_is_begun_written_submitted_and_signed() -> None:
    on = stage(today=timezone.localdate())
    alice, sam = client_of(on.alice), client_of(on.sam)
    given = {"template": "charter", "language": "en", "requirement": "SG-06"}

    made = alice.post(URL, given).json()
    own = f"{URL}{made['id']}/"
    stale = alice.patch(own, {"section": "goals", "text": "Late", "revision": 9})
    early = alice.post(f"{own}submit/", {"revision": made["revision"]})
    now: dict[str, Any] = made
    for part in made["sections"]:
        if not part["is_written"]:
            body = {"section": part["code"], "text": "Known.", "revision": now["revision"]}
            now = alice.patch(own, body).json()
    sent = alice.post(f"{own}submit/", {"revision": now["revision"]}).json()
    signed = sam.post(f"{own}decide/", {"checksum": sent["checksum"], "is_approved": True}).json()

    assert (stale.status_code, early.status_code) == (409, 400)
    assert early.json()["error"]["code"] == "SECTIONS_EMPTY"
    assert (sent["state"], signed["state"], signed["is_intact"]) == ("SUBMITTED", "APPROVED", True)
    assert [row["approved_version"] for row in alice.get(URL).json()] == [1]


def test_money_is_hidden_from_who_may_not_see_it() -> None:
    on = stage(today=timezone.localdate())
    made = client_of(on.alice).post(URL, {"template": "charter", "language": "en"}).json()

    shown = client_of(on.bob).get(f"{URL}{made['id']}/")

    budget = next(part for part in shown.json()["sections"] if part["code"] == "budget")
    assert (budget["is_hidden"], budget["text"]) == (True, "")
    assert b"1,000.00" not in shown.content


def test_templates() -> None:
    on = stage(today=timezone.localdate())

    found = client_of(on.alice).get("/api/v1/document-templates/").json()

    assert [(row["code"], row["version"], len(row["sections"])) for row in found["results"]] == [
        ("charter", "1.0.1", 11)
    ]
    assert client_of(on.alice).post(URL, {"template": "poem", "language": "en"}).status_code == 400


def test_document_as_a_file() -> None:
    """SEC-24: saved, never shown; an amount only for who may see money."""
    on = stage(today=timezone.localdate())
    made = client_of(on.alice).post(URL, {"template": "charter", "language": "en"}).json()
    own = f"{URL}{made['id']}/file/"

    files = {kind: client_of(on.alice).get(f"{own}{kind}/") for kind in ("pdf", "docx", "md")}

    assert [each.content[:2] for each in files.values()] == [b"%P", b"PK", b"# "]
    assert {each["X-Content-Type-Options"] for each in files.values()} == {"nosniff"}
    assert files["docx"]["Content-Disposition"].startswith('attachment; filename="P-1-charter-1.docx"')
    assert b"1,000.00" in files["md"].content
    assert b"1,000.00" not in client_of(on.bob).get(f"{own}md/").content
    assert client_of(on.alice).get(f"{own}exe/").status_code == 404
