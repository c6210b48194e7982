"""Jobs pages: one's own, all with the right; retry and cancel (SEC-9, SEC-10, SEC-13, SEC-42)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common import jobs as registry
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.queue import enqueue
from pmo_portal.common.schedule import database_now
from pmo_portal.operations.services.jobs import forget_old_jobs
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "Project Nightingale"


@pytest.fixture
def alice() -> User:
    return factories.user("Alice")


@pytest.fixture
def admin() -> User:
    adam = factories.user("Adam")
    factories.grant(adam, Role.ADMINISTRATOR, organization_node())
    return adam


@pytest.fixture
def analyst() -> User:
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_ANALYST, organization_node())
    return paula


def _job(owner: User | None, **columns: Any) -> Job:
    return Job.objects.create(
        **{"name": "accounts.forget_old_sign_ins", "owner": owner, "label": CANARY, **columns}
    )


def _as(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_list_of_a_person_without_jobs_says_what_goes_here(client: Client, alice: User) -> None:
    response = _as(client, alice).get(reverse("jobs:list"))

    assert response.status_code == 200
    assert "No job yet" in response.content.decode()


def test_list_shows_own_jobs_only(client: Client, alice: User) -> None:
    own = _job(alice, label="Mine")
    _job(factories.user("Charlie"))

    response = _as(client, alice).get(reverse("jobs:list"))

    assert [row.id for row in response.context["rows"]] == [own.pk]
    assert CANARY not in response.content.decode()


def test_list_for_holders_of_the_right_shows_all_without_contents(
    client: Client, alice: User, analyst: User
) -> None:
    """SEC-13: a label can name a confidential project."""
    _job(alice, state=JobState.FAILED, error=f"{CANARY} has no calendar.", arguments={"project": CANARY})

    page = _as(client, analyst).get(reverse("jobs:list"))
    detail = client.get(reverse("jobs:detail", args=[Job.objects.get().pk]))

    assert len(page.context["rows"]) == 1
    assert CANARY not in page.content.decode()
    assert CANARY not in detail.content.decode()


def test_head_reads_contents_of_all_jobs(client: Client, alice: User) -> None:
    head = factories.user("Dora")
    factories.grant(head, Role.PMO_HEAD, organization_node())
    job = _job(alice)

    response = _as(client, head).get(reverse("jobs:detail", args=[job.pk]))

    assert CANARY in response.content.decode()


@pytest.mark.parametrize("address", ["jobs:detail", "jobs:progress"])
def test_job_of_somebody_else_does_not_exist(client: Client, alice: User, address: str) -> None:
    """SEC-10."""
    job = _job(factories.user("Charlie"))

    assert _as(client, alice).get(reverse(address, args=[job.pk])).status_code == 404
    assert client.get(reverse(address, args=[job.pk + 1000])).status_code == 404


@pytest.mark.parametrize("act", ["jobs:retry", "jobs:cancel"])
def test_change_of_a_foreign_job_is_refused(client: Client, analyst: User, act: str) -> None:
    failed = _job(factories.user("Charlie"), state=JobState.FAILED)

    response = _as(client, analyst).post(reverse(act, args=[failed.pk]))

    assert response.status_code == 403
    assert Job.objects.get(pk=failed.pk).state == JobState.FAILED
    assert AuditEntry.objects.count() == 0


def test_retry_of_an_own_failed_job_lets_it_wait_again(client: Client, alice: User) -> None:
    job = _job(alice, state=JobState.FAILED, attempt=5, error="No.", progress_done=1, progress_total=2)

    response = _as(client, alice).post(reverse("jobs:retry", args=[job.pk]))

    job.refresh_from_db()
    assert response.status_code == 302
    assert (job.state, job.attempt, job.error, job.progress_total) == (JobState.QUEUED, 0, "", 0)
    assert list(AuditEntry.objects.values_list("action", "actor")) == [("job.retried", alice.pk)]


def test_failed_job_says_who_can_retry_it_where_one_cannot(client: Client, alice: User) -> None:
    """Whoever reads all jobs sees the reason, and no button that would be refused."""
    head = factories.user("Paula")
    factories.grant(head, Role.PMO_HEAD, organization_node())
    address = _job(alice, state=JobState.FAILED, attempt=5, error="No.").get_absolute_url()

    pages = [_as(client, person).get(address).content.decode() for person in (head, alice)]

    assert ["can have it tried again" in page for page in pages] == [True, False]
    assert ["/retry/" in page for page in pages] == [False, True]


def test_retry_while_the_same_work_waits_is_refused(client: Client, alice: User) -> None:
    failed = _job(alice, state=JobState.FAILED, key="one")
    _job(alice, key="one")

    response = _as(client, alice).post(reverse("jobs:retry", args=[failed.pk]), follow=True)

    assert "waits already" in response.content.decode()
    assert Job.objects.get(pk=failed.pk).state == JobState.FAILED
    assert AuditEntry.objects.count() == 0


def test_administrator_cancels_a_waiting_job_of_somebody(client: Client, admin: User, alice: User) -> None:
    job = _job(alice)

    _as(client, admin).post(reverse("jobs:cancel", args=[job.pk]))

    job.refresh_from_db()
    assert job.state == JobState.CANCELED
    assert AuditEntry.objects.get().action == "job.canceled"


def test_running_job_cannot_be_canceled(client: Client, alice: User) -> None:
    job = _job(alice, state=JobState.RUNNING)

    response = _as(client, alice).post(reverse("jobs:cancel", args=[job.pk]), follow=True)

    assert "Only a job that still waits" in response.content.decode()
    assert AuditEntry.objects.count() == 0


def test_progress_asks_again_until_the_job_has_ended(client: Client, alice: User) -> None:
    job = _job(alice, state=JobState.RUNNING, progress_done=1, progress_total=4)
    address = reverse("jobs:progress", args=[job.pk])

    moving = _as(client, alice).get(address).content.decode()
    Job.objects.update(state=JobState.DONE)
    ended = client.get(address).content.decode()

    assert f'hx-get="{address}"' in moving
    assert "25" in moving
    assert "hx-get" not in ended


def test_table_asks_again_only_while_something_moves(client: Client, alice: User) -> None:
    job = _job(alice)
    address = reverse("jobs:list")

    moving = _as(client, alice).get(address, headers={"HX-Request": "true"})
    job.state = JobState.DONE
    job.save()
    still = client.get(address, headers={"HX-Request": "true"})

    assert "every 3s" in moving.content.decode()
    assert "every 3s" not in still.content.decode()
    assert "<html" not in still.content.decode()
    assert "HX-Request" in still.headers["Vary"]


def test_secret_arguments_are_not_shown(client: Client, alice: User) -> None:
    """SEC-8, SEC-60."""
    job = _job(alice, arguments={"password": "hush", "email": "x@example.org", "project_id": 4711})

    text = _as(client, alice).get(reverse("jobs:detail", args=[job.pk])).content.decode()

    assert "4711" in text
    assert "hush" not in text
    assert "x@example.org" not in text


def test_health_strip_says_that_no_worker_is_there(client: Client, analyst: User) -> None:
    """SEC-42."""
    response = _as(client, analyst).get(reverse("jobs:list"))

    assert response.context["health"].alarms == ("NO_WORKER", "TICK_LATE")
    assert "No worker is running" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_queries_do_not_grow(
    client: Client, analyst: User, django_assert_num_queries: Any, count: int
) -> None:
    """SEC-58b."""
    for _number in range(count):
        _job(factories.user())
    _as(client, analyst)
    client.get(reverse("jobs:list"))

    with django_assert_num_queries(19):
        client.get(reverse("jobs:list"))


@pytest.mark.parametrize("count", [4, 12])
def test_what_the_portal_orders_by_the_hundred_is_one_line(
    client: Client, analyst: User, alice: User, django_assert_num_queries: Any, count: int
) -> None:
    """What failed stays a line of its own, and so does what a person ordered."""
    for _number in range(count):
        _job(None, state=JobState.DONE)
    failed = _job(None, state=JobState.FAILED, error="Kept")
    own = _job(alice, state=JobState.DONE)
    _job(None, name="audit.write_anchor")
    _as(client, analyst)
    client.get(reverse("jobs:list"))

    with django_assert_num_queries(19):
        page = client.get(reverse("jobs:list"))

    group = page.context["groups"][0]
    assert (group.name, group.done, group.failed, len(page.context["groups"])) == (
        "accounts.forget_old_sign_ins",
        count,
        1,
        1,
    )
    assert {failed.pk, own.pk} <= {row.id for row in page.context["rows"]}
    assert len(page.context["rows"]) == 3
    each = client.get(reverse("jobs:list"), {"name": group.name})
    assert len(each.context["rows"]) == count + 2
    assert each.context["groups"] == []


def test_filters_combine(client: Client, alice: User) -> None:
    failed = _job(alice, state=JobState.FAILED)
    _job(alice, state=JobState.DONE)

    response = _as(client, alice).get(reverse("jobs:list"), {"state": "FAILED", "q": str(failed.pk)})
    nothing = client.get(reverse("jobs:list"), {"state": "NONSENSE", "page": "9" * 30})

    assert [row.id for row in response.context["rows"]] == [failed.pk]
    assert nothing.status_code == 200
    assert nothing.context["rows"] == []


def test_api_lists_own_jobs_and_retries(client: Client, alice: User) -> None:
    job = _job(alice, state=JobState.FAILED)
    _job(factories.user("Charlie"))
    _as(client, alice)

    listed = client.get("/api/v1/jobs/").json()
    retried = client.post(f"/api/v1/jobs/{job.pk}/retry/")
    again = client.post(f"/api/v1/jobs/{job.pk}/retry/")

    assert [row["id"] for row in listed["results"]] == [job.pk]
    assert (retried.status_code, retried.json()["state"]) == (200, "QUEUED")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "CONFLICT")


def test_api_refuses_strangers(client: Client) -> None:
    assert client.get("/api/v1/jobs/").status_code == 401


def test_every_job_has_a_title() -> None:
    nameless = [kind.name for kind in registry.REGISTRY.values() if str(kind.title) == kind.name]

    assert [name for name in nameless if name.split(".")[0] not in {"projects", "portfolio", "tests"}] == []


def test_unexpected_fault_is_told_in_plain_words(client: Client, alice: User) -> None:
    """SEC-60: neither trace nor SQL nor path."""
    enqueue("documents.make_document", arguments={"nonsense": 1}, owner=alice)
    registry.drain()
    Job.objects.update(attempt=4, run_after="2020-01-01T00:00Z")
    registry.drain()
    job = Job.objects.get(name="documents.make_document")

    text = _as(client, alice).get(reverse("jobs:detail", args=[job.pk])).content.decode()

    assert job.state == JobState.FAILED
    assert "Something unexpected happened" in text
    assert "Traceback" not in text
    assert "nonsense" not in job.error


def test_jobs_that_ended_long_ago_are_forgotten_failed_ones_later(alice: User) -> None:
    now = database_now()
    kept = [_job(alice), _job(alice, state=JobState.FAILED, finished_at=now - timedelta(days=60))]
    kept.append(_job(alice, state=JobState.DONE, finished_at=now - timedelta(days=29)))
    _job(alice, state=JobState.DONE, finished_at=now - timedelta(days=31))
    _job(alice, state=JobState.FAILED, finished_at=now - timedelta(days=91))

    assert forget_old_jobs() == 2
    assert set(Job.objects.all()) == set(kept)
