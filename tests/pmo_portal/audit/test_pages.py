"""Audit pages and API: search, read, export, check; only what one may read (SEC-9 to SEC-13, SEC-28)."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.services import exports
from pmo_portal.common import jobs
from pmo_portal.common.models import Job, JobState
from pmo_portal.documents.models import StoredFile
from pmo_portal.notifications.models import Notification
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "Nightingale canary"


@pytest.fixture
def ours() -> ScopeNode:
    return factories.portfolio_node("Ours")


@pytest.fixture
def theirs() -> ScopeNode:
    return factories.portfolio_node("Theirs")


@pytest.fixture
def alice(ours: ScopeNode) -> User:
    made = factories.user("Alice")
    factories.grant(made, Role.PORTFOLIO_MANAGER, ours)
    return made


@pytest.fixture
def auditor() -> User:
    made = factories.user("Otto")
    factories.grant(made, Role.AUDITOR, organization_node())
    return made


def _entry(node: ScopeNode | None, *, actor: User | None = None, **values: Any) -> AuditEntry:
    columns = {"action": "project.changed", "after": {"name": "New"}, "before": {"name": "Old"}} | values
    return audit.record(actor=actor, target=node or organization_node(), node=node, **columns)


def _as(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_who_it_was_is_told_as_the_trail_kept_it(alice: User, ours: ScopeNode) -> None:
    """A name with an angle in it stays whole; what the portal did of itself has no address."""
    alice.name = "Alice <the first>"

    told = [(entry.actor_name, entry.actor_address) for entry in (_entry(ours, actor=alice), _entry(ours))]

    assert told == [("Alice <the first>", alice.email), ("System", "")]


def test_person_without_right_is_refused(client: Client) -> None:
    response = _as(client, factories.user("Bob")).get(reverse("audit:list"))

    assert response.status_code == 403


def test_list_shows_own_scope_only(client: Client, alice: User, ours: ScopeNode, theirs: ScopeNode) -> None:
    """SEC-13: foreign scopes and technical entries stay out, their words too."""
    mine = _entry(ours)
    _entry(theirs, reason=CANARY, action="canary.action", after={"name": CANARY})
    _entry(None, reason=CANARY)

    response = _as(client, alice).get(reverse("audit:list"))

    assert list(response.context["entries"]) == [mine]
    assert "anary" not in response.content.decode()
    assert "Theirs" not in response.content.decode()


@pytest.mark.parametrize("address", ["audit:detail", "/api/v1/audit/{}/"])
def test_foreign_entry_does_not_exist(client: Client, alice: User, theirs: ScopeNode, address: str) -> None:
    """SEC-10."""
    entry = _entry(theirs)
    _as(client, alice)
    urls = [
        address.format(pk) if "{}" in address else reverse(address, args=[pk])
        for pk in (entry.pk, entry.pk + 99)
    ]

    assert [client.get(url).status_code for url in urls] == [404, 404]


def test_filter_by_a_foreign_scope_equals_an_unknown_one(
    client: Client, alice: User, ours: ScopeNode, theirs: ScopeNode
) -> None:
    """Advisory 1: an id in a filter tells nothing."""
    _entry(ours)
    _entry(theirs)
    _as(client, alice)

    foreign = client.get(reverse("audit:list"), {"scope": theirs.pk})
    unknown = client.get(reverse("audit:list"), {"scope": 999_999})

    assert (list(foreign.context["entries"]), list(unknown.context["entries"])) == ([], [])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "because of rain"}, 1),
        ({"q": "project.moved"}, 1),
        ({"action": "project.moved"}, 1),
        ({"actor": "alice"}, 1),
        ({"type": "accounts.scopenode"}, 3),
        ({"object": "0"}, 0),
        ({"since": date.today().isoformat()}, 3),
        ({"until": (date.today() - timedelta(days=1)).isoformat()}, 0),
        ({"since": "2026-02-31"}, 0),
        ({"scope": "abc"}, 0),
        ({"before": "9" * 40}, 3),
        ({"before": "0"}, 0),
    ],
)
def test_search(client: Client, alice: User, ours: ScopeNode, filters: dict[str, str], found: int) -> None:
    _entry(ours, reason="because of rain")
    _entry(ours, action="project.moved")
    _entry(ours, actor=alice)

    response = _as(client, alice).get(reverse("audit:list"), filters)

    assert response.status_code == 200
    assert len(response.context["entries"]) == found


def test_long_lists_have_older_pages(client: Client, alice: User, ours: ScopeNode) -> None:
    changes = [audit.Change(action="project.changed", target=ours, node=ours) for _number in range(60)]
    audit.record_many(actor=None, changes=changes)

    first = _as(client, alice).get(reverse("audit:list"))
    second = client.get(reverse("audit:list"), {"before": first.context["next_before"]})

    assert [len(page.context["entries"]) for page in (first, second)] == [50, 10]
    assert second.context["next_before"] is None
    assert not set(first.context["entries"]) & set(second.context["entries"])


def test_detail_compares_before_and_after(client: Client, alice: User, ours: ScopeNode) -> None:
    entry = _entry(
        ours, before={"name": "Old", "gone": 1, "kept": 2}, after={"name": "New", "come": 3, "kept": 2}
    )

    response = _as(client, alice).get(reverse("audit:detail", args=[entry.pk]))

    rows = [(row.name, row.kind, row.before, row.after) for row in response.context["changes"]]
    assert rows == [
        ("come", "added", None, "3"),
        ("gone", "removed", "1", None),
        ("name", "changed", "Old", "New"),
        ("kept", "same", "2", "2"),
    ]


def test_export_neutralizes_formulas_and_is_logged(client: Client, alice: User, ours: ScopeNode) -> None:
    """SEC-28; matrix row 23: exports are logged."""
    _entry(ours, reason="=cmd|' /C calc'!A0")

    response = _as(client, alice).get(reverse("audit:export"))

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][10] == "'=cmd|' /C calc'!A0"
    assert response.headers["Content-Disposition"].startswith("attachment")
    written = AuditEntry.objects.get(action="audit.exported")
    assert (written.actor, written.after) == (alice, {"entries": 1, "filters": {}})


def test_long_export_is_made_in_the_background(
    client: Client, alice: User, ours: ScopeNode, theirs: ScopeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    for _number in range(3):
        _entry(ours)
    _entry(theirs, reason=CANARY)

    response = _as(client, alice).get(reverse("audit:export"), {"type": "accounts.scopenode"})
    jobs.drain()
    stored = StoredFile.objects.get()
    fetched = client.get(reverse("documents:download", args=[stored.pk]))
    content = b"".join(fetched.streaming_content).decode("utf-8-sig")

    assert response.url == reverse("documents:list")
    assert len(list(csv.reader(io.StringIO(content)))) == 4
    assert CANARY not in content
    assert Notification.objects.get(user=alice).title == "Ready: Audit trail"


def test_check_runs_as_a_job_and_its_result_is_shown(
    client: Client, auditor: User, ours: ScopeNode, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    _entry(ours)

    ordered = _as(client, auditor).post(reverse("audit:verify"))
    jobs.drain()
    page = client.get(reverse("audit:list"))

    job = Job.objects.get(name="audit.verify_trail")
    assert ordered.url == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.result["entries"], job.result["faults"]) == (JobState.DONE, 1, [])
    assert "The trail was whole" in page.content.decode()


def test_check_is_for_auditors(client: Client, alice: User) -> None:
    response = _as(client, alice).post(reverse("audit:verify"))

    assert response.status_code == 403
    assert Job.objects.count() == 0


def test_api_lists_what_one_may_read(client: Client, alice: User, ours: ScopeNode, theirs: ScopeNode) -> None:
    mine = _entry(ours)
    _entry(theirs)

    body = _as(client, alice).get("/api/v1/audit/").json()

    assert [row["id"] for row in body["results"]] == [mine.pk]
    assert client.post("/api/v1/audit/", {}).status_code == 405


def test_api_refuses_people_without_the_right(client: Client) -> None:
    assert client.get("/api/v1/audit/").status_code == 401
    assert _as(client, factories.user("Bob")).get("/api/v1/audit/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    client: Client, alice: User, ours: ScopeNode, django_assert_num_queries: Any, count: int
) -> None:
    """SEC-58b."""
    for _number in range(count):
        _entry(ours)
    _as(client, alice).get(reverse("audit:list"))

    with django_assert_num_queries(11):
        client.get(reverse("audit:list"))
