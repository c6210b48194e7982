"""Methodologies by the API: lists with counts, content, changes, acts (STD-1)."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from pmo_portal.audit.models import AuditEntry
from portfolio.models import MethodologyVersion
from portfolio.services.methodologies import load_shipped_methodologies
from portfolio.services.methodology_drafts import remove_row
from tests.portfolio.methods import DAY, anna, draft_of, paula, stage_gate

pytestmark = pytest.mark.django_db
URL = "/api/v1/methodologies/"


def client_of(person: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_list_has_counts_and_a_fixed_number_of_queries(count: int, django_assert_num_queries: Any) -> None:
    stage_gate() if count == 1 else load_shipped_methodologies(actor=None, today=DAY)
    client = client_of(anna())

    with django_assert_num_queries(7):
        answer = client.get(URL).json()

    rows = {row["methodology"]: row["counts"] for row in answer["results"]}
    assert len(rows) == count
    assert rows["SG"] == {
        "phases": 7,
        "gates": 7,
        "requirements": 38,
        "checks": 33,
        "closing": 9,
        "roles": 14,
    }


def test_detail_says_everything() -> None:
    version = stage_gate()

    answer = client_of(anna()).get(f"{URL}{version.pk}/").json()

    assert answer["document"] == version.document
    assert answer["name"] == {"de": "Stage-Gate", "en": "Stage-gate"}


def test_acts_lead_into_force() -> None:
    author, head = anna(), paula()
    base = stage_gate()
    mine, hers = client_of(author), client_of(head)
    made = mine.post(f"{URL}{base.pk}/draft/", {"version": "1.1.0"}, format="json")
    address = f"{URL}{made.json()['id']}/"
    shorter = mine.get(address).json()["document"]
    shorter["requirements"] = [row for row in shorter["requirements"] if row["code"] != "SG-34"]
    written = mine.post(f"{address}content/", {"edition": 1, "document": shorter}, format="json")

    changes = mine.get(f"{address}changes/").json()
    silent = mine.post(f"{address}submit/").json()["error"]
    texts = {"edition": 2, "changelog": {"en": "Less paper"}}
    steps = [
        mine.post(f"{address}content/", texts, format="json"),
        mine.post(f"{address}submit/"),
        hers.post(f"{address}approve/"),
        hers.post(f"{address}publish/", {"effective_from": "2099-01-01"}, format="json"),
    ]

    assert made.status_code == 201
    assert (silent["code"], list(silent["fields"])) == ("CHANGELOG_NEEDED", ["changelog"])
    assert [(line["kind"], line["sentence"]) for line in changes] == [
        ("REMOVED", "Requirement SG-34 “Benefits review report” is gone.")
    ]
    assert (written.status_code, written.json()["edition"], written.json()["document"]) == (200, 2, shorter)
    assert [(step.status_code, step.json()["state"]) for step in steps] == [
        (200, "DRAFT"),
        (200, "IN_REVIEW"),
        (200, "APPROVED"),
        (200, "APPROVED"),
    ]


def test_own_version_is_not_approved() -> None:
    """ORG-8."""
    head = paula()
    draft = draft_of(stage_gate(), head)
    remove_row(actor=head, version=draft, edition=1, part="requirements", code="SG-34")
    client = client_of(head)
    client.post(f"{URL}{draft.pk}/submit/")

    answer = client.post(f"{URL}{draft.pk}/approve/")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "OWN_REQUEST")


def draft_in(answer: Any) -> Any:
    return MethodologyVersion.objects.get(pk=answer.json()["id"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"gates": [{"code": "G0"}]}, "UNREADABLE"),
        ({"phases": "none"}, "UNREADABLE"),
        ({"roles": [{"code": "a b", "title": {"en": "X"}}]}, "UNREADABLE"),
        ({"summary": {"en": "x" * 2001}}, "UNREADABLE"),
        ({"edition": 7}, "STALE"),
    ],
)
def test_content_that_cannot_be_read_changes_nothing(change: dict[str, Any], code: str) -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    edition = change.pop("edition", 1)
    before = AuditEntry.objects.count()

    answer = client_of(author).post(
        f"{URL}{draft.pk}/content/",
        {"edition": edition, "document": {**draft.document, **change}},
        format="json",
    )

    error = answer.json()["error"]
    assert (error["code"], list(error["fields"])) == (code, ["document"] if code == "UNREADABLE" else [])
    assert MethodologyVersion.objects.get(pk=draft.pk).document == draft.document
    assert AuditEntry.objects.count() == before
