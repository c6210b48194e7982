"""The library over the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from portfolio.models import KnowledgeVersion, SearchGap
from portfolio.services.library import edit_item
from tests.factories import grant, project, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.libraries import TODAY, content, draft, paula, published, republished

pytestmark = pytest.mark.django_db
URL = "/api/v1/library/"


def test_search_with_counts() -> None:
    """KNO-9: filters, and how many there are of each kind."""
    published()
    published("wbs", title="Break the work down", kind="GUIDE", tags=("risk",))
    client = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    found = client.get(URL, {"q": "risks"}).json()
    counts = client.get(f"{URL}counts/", {"q": "risks"}).json()

    assert found["count"] == 2
    assert [row["title"] for row in found["results"]] == ["Risk register", "Break the work down"]
    assert counts["total"] == 2
    assert {kind: number for kind, number in counts["kinds"].items() if number} == {"TEMPLATE": 1, "GUIDE": 1}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(count: int) -> None:
    for number in range(count):
        published(f"item-{number}", title=f"Risk {number}", tags=("risk",))
    client = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(URL, {"q": "risk"})

    assert (answer.json()["count"], len(queries)) == (count, 7)


def test_pages_of_the_search() -> None:
    for number in range(3):
        published(f"item-{number}", title=f"Risk {number}")
    client = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    second = client.get(URL, {"page_size": 2, "page": 2}).json()

    assert (second["count"], [row["title"] for row in second["results"]]) == (3, ["Risk 2"])
    assert client.get(URL, {"page_size": 2, "page": 3}).status_code == 404


def test_version_with_text_and_by_number() -> None:
    item = published(tags=("risk",))
    republished(item, title="Newer")
    client = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    assert client.get(f"{URL}{item.pk}/").json()["title"] == "Newer"
    former = client.get(f"{URL}{item.pk}/", {"number": "1.0"}).json()
    assert (former["title"], former["labels"]["tags"]) == ("Risk register", ["risk"])


def test_write_publish_archive() -> None:
    client = client_of(paula(Role.PMO_ANALYST, "Peter"))
    body = {"code": "wbs", "language": "en", "kind": "GUIDE", "title": "WBS", "summary": "S", "body": "B"}

    made = client.post(URL, body, format="json")
    number = made.json()["id"]
    client.post(f"{URL}{number}/publish/", {}, format="json")
    second = {"title": "WBS 2", "summary": "S", "body": "B"}
    seen = [{"If-Match": '"1"'}, {"If-Match": '"1"'}, {}, {"If-Match": '"7"'}]
    puts = [client.put(f"{URL}{number}/", second, format="json", headers=each) for each in seen]
    client.post(f"{URL}{number}/publish/", {"review_by": "2099-01-01"}, format="json")
    gone = client.post(f"{URL}{number}/archive/", {"reason": "Replaced"}, format="json")

    assert made.status_code == 201
    assert [put.status_code for put in puts] == [200, 200, 428, 412]
    assert puts[-1].headers["ETag"] == '"2"'
    assert gone.json()["state"] == "ARCHIVED"
    assert list(KnowledgeVersion.objects.order_by("minor").values_list("title", "state")) == [
        ("WBS", "ARCHIVED"),
        ("WBS 2", "ARCHIVED"),
    ]


def test_draft_is_read_given_back_and_confirmed() -> None:
    """KNO-1, KNO-2: the way of a draft, and of a version that still holds."""
    item = published()
    republished(item, title="Newer")
    edit_item(actor=None, item=item, content=content("Newest"))
    client = client_of(paula(Role.PMO_ANALYST, "Peter"))

    def step(name: str, **fields: str) -> Any:
        return client.post(f"{URL}{item.pk}/{name}/", fields, format="json")

    steps = [step("send"), step("send"), step("return"), step("return", reason="Too long"), step("confirm")]

    assert [answer.status_code for answer in steps] == [200, 409, 400, 200, 200]
    assert [steps[0].json()["state"], steps[3].json()["state"]] == ["IN_REVIEW", "DRAFT"]
    assert (steps[4].json()["state"], steps[4].json()["title"]) == ("PUBLISHED", "Newer")
    assert AuditEntry.objects.latest("pk").action == "library.confirmed"


def test_readers_write_nothing() -> None:
    item = published()
    client = client_of(paula(Role.PROJECT_MANAGER, "Alice"))
    before = AuditEntry.objects.count()
    body = {"title": "Mine", "summary": "S", "body": "B"}

    answers = [
        client.post(URL, {**body, "code": "m", "language": "en", "kind": "FAQ"}, format="json"),
        client.put(f"{URL}{item.pk}/", body, format="json"),
        client.post(f"{URL}{item.pk}/publish/", {}, format="json"),
        client.post(f"{URL}{item.pk}/archive/", {"reason": "Bad"}, format="json"),
        client.get(f"{URL}gaps/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert AuditEntry.objects.count() == before
    assert client.get(f"{URL}{draft('new').item_id}/").status_code == 404


def test_rate_and_reuse() -> None:
    item = published()
    own = project("OWN")
    alice = user("Alice")
    grant(alice, Role.PROJECT_MANAGER, own.node)
    client = client_of(alice)

    rated = client.post(f"{URL}{item.pk}/rate/", {"stars": 4}, format="json")
    used = client.post(f"{URL}{item.pk}/reuse/", {"project": "OWN"}, format="json")
    again = client.post(f"{URL}{item.pk}/reuse/", {"project": "OWN"}, format="json")

    assert (rated.json()["rating"], rated.json()["rating_count"]) == ("3.1667", 1)
    assert (used.status_code, again.status_code) == (200, 409)


def test_gaps() -> None:
    SearchGap.objects.create(words="offshore", language="en", count=4, first_on=TODAY, last_on=TODAY)

    rows = client_of(paula(Role.PMO_ANALYST, "Peter")).get(f"{URL}gaps/").json()["results"]

    assert [(row["words"], row["count"]) for row in rows] == [("offshore", 4)]
