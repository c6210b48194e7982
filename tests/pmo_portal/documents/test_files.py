"""Generated files: made in the background, fetched by their owner only, gone in time (SEC-7, SEC-24)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.models import User
from pmo_portal.common import jobs
from pmo_portal.common.builders import BUILDERS, Built, request_document
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.schedule import database_now
from pmo_portal.documents.models import StoredFile
from pmo_portal.documents.services.expiry import delete_expired, delete_orphans
from pmo_portal.documents.services.files import file_path, store_generated
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.user("Alice")


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> str:
    def build(*, user: User, arguments: dict[str, Any], told: Any) -> Built:
        told(1, 2)
        return Built(file_name='../"a"\r\n.html', media_type="text/html", content=b"<script>1</script>")

    monkeypatch.setitem(BUILDERS, "tests.page", build)
    return "tests.page"


def _file(owner: User, **columns: Any) -> StoredFile:
    content = {"title": "A", "file_name": "a.csv", "content": b"x", "media_type": "text/csv"}
    return store_generated(owner=owner, **(content | columns))


def test_document_is_made_once_and_told(client: Client, alice: User, builder: str) -> None:
    first = request_document(actor=alice, builder=builder, title="My page")
    second = request_document(actor=alice, builder=builder, title="My page")
    jobs.drain()
    client.force_login(alice)
    page = client.get(reverse("documents:list"))

    assert first == second
    assert StoredFile.objects.count() == 1
    assert "My page" in page.content.decode()
    assert alice.notifications.get().url == reverse("documents:list")


def test_download_is_an_attachment_and_never_a_page(client: Client, alice: User, builder: str) -> None:
    """SEC-24: generated name on disk, attachment, nosniff."""
    request_document(actor=alice, builder=builder, title="My page")
    jobs.drain()
    stored = StoredFile.objects.get()
    client.force_login(alice)

    response = client.get(reverse("documents:download", args=[stored.pk]))

    assert b"".join(response.streaming_content) == b"<script>1</script>"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "script-src" in response.headers["Content-Security-Policy"]
    assert len(stored.stored_name) == 40
    assert stored.stored_name.isalnum()


def test_download_by_somebody_else_does_not_exist(client: Client, alice: User) -> None:
    """SEC-10, advisory 17."""
    stored = _file(alice)
    client.force_login(factories.user("Charlie"))

    assert client.get(reverse("documents:download", args=[stored.pk])).status_code == 404
    assert client.get(reverse("documents:download", args=[stored.pk + 99])).status_code == 404


def test_download_asks_again_each_time(client: Client, alice: User) -> None:
    """SEC-7: a person whose access has ended fetches nothing."""
    stored = _file(alice)
    client.force_login(alice)
    first = client.get(reverse("documents:download", args=[stored.pk]))
    before = (first.status_code, b"".join(first.streaming_content))
    User.objects.update(is_active=False)

    assert before == (200, b"x")
    assert client.get(reverse("documents:download", args=[stored.pk])).status_code == 302


def test_expired_file_is_not_handed_out_and_goes(
    client: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    stored = _file(alice, expires_at=database_now() - timedelta(seconds=1))
    path = file_path(stored)
    client.force_login(alice)
    status = client.get(reverse("documents:download", args=[stored.pk])).status_code

    with django_capture_on_commit_callbacks(execute=True):
        count = delete_expired(now=database_now())

    assert (status, count, path.exists(), StoredFile.objects.count()) == (404, 1, False, 0)


def test_orphaned_bytes_go_after_a_day(alice: User, settings: Any) -> None:
    kept, orphan = _file(alice), Path(settings.MEDIA_ROOT) / "ab" / ("ab" + "0" * 38)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    young = delete_orphans()
    for path in (orphan, file_path(kept)):
        os.utime(path, (1, 1))

    assert (young, delete_orphans(), orphan.exists(), file_path(kept).exists()) == (0, 1, False, True)


def test_order_of_a_person_who_left_is_refused(alice: User, builder: str) -> None:
    """SEC-7: queued exports end at once."""
    request_document(actor=alice, builder=builder, title="My page")
    User.objects.filter(pk=alice.pk).update(is_active=False)

    jobs.drain()

    assert Job.objects.get(name="documents.make_document").state == JobState.FAILED
    assert StoredFile.objects.count() == 0


def test_lost_lease_leaves_neither_row_nor_bytes(
    alice: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """SEC-36."""

    def slow(*, user: User, arguments: dict[str, Any], told: Any) -> Built:
        Job.objects.update(attempt=9)
        return Built(file_name="a", media_type="text/csv", content=b"x")

    monkeypatch.setitem(BUILDERS, "tests.slow", slow)
    request_document(actor=alice, builder="tests.slow", title="Slow")

    jobs.run(jobs.claim_next(worker="w"))

    assert StoredFile.objects.count() == 0
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client: Client, alice: User, django_assert_num_queries: Any, count: int) -> None:
    """SEC-58b."""
    for _number in range(count):
        _file(alice)
    client.force_login(alice)
    client.get(reverse("documents:list"))

    with django_assert_num_queries(8):
        client.get(reverse("documents:list"))
