"""Each kind of job, taken over by other workers, has the effect of one run (SEC-35)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common import jobs
from pmo_portal.common.builders import BUILDERS, Built
from pmo_portal.common.models import Job, JobState
from pmo_portal.common.queue import enqueue
from pmo_portal.documents.models import StoredFile
from pmo_portal.notifications.models import Notification
from tests import factories

pytestmark = pytest.mark.django_db
SHARED = ("accounts", "api", "audit", "common", "documents", "notifications", "operations")


@dataclass(frozen=True)
class Sample:
    """Arguments of a job, and how many files and messages one run leaves."""

    arguments: Callable[[User], Mapping[str, Any]] = lambda _user: {}
    files: int = 0
    messages: int = 0


def _message(user: User) -> dict[str, Any]:
    made = Notification.objects.create(user=user, kind="test", title="Hello", dedupe_key="k")
    return {"notification_id": made.pk}


def _ended_job(user: User) -> dict[str, Any]:
    ended = Job.objects.create(name="tests.ended", owner=user, state=JobState.FAILED, error="No.")
    return {"job_id": ended.pk}


def _person(user: User) -> dict[str, Any]:
    return {"user_id": user.pk, "message": {"kind": "test", "title": "Hello", "dedupe_key": "k"}}


def _page(_user: User) -> dict[str, Any]:
    return {"builder": "tests.page", "title": "Page"}


SAMPLES: dict[str, Sample] = {
    "accounts.forget_old_sign_ins": Sample(),
    "accounts.send_password_link": Sample(lambda user: {"email": user.email, "origin": "http://localhost"}),
    "api.forget_repeated_requests": Sample(),
    "audit.verify_trail": Sample(),
    "audit.write_anchor": Sample(),
    "documents.delete_expired": Sample(),
    "documents.make_document": Sample(
        lambda _user: {"builder": "tests.page", "title": "Page"}, files=1, messages=1
    ),
    "notifications.mail_message": Sample(_message, messages=1),
    "notifications.tell_job_ended": Sample(_ended_job, messages=1),
    "notifications.tell_person": Sample(_person, messages=1),
    "operations.forget_old_jobs": Sample(),
}


@pytest.fixture(autouse=True)
def surroundings(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path

    def build(*, user: User, arguments: Any, told: Any) -> Built:
        return Built(file_name="a.csv", media_type="text/csv", content=b"x")

    monkeypatch.setitem(BUILDERS, "tests.page", build)


def test_every_shared_job_has_a_sample() -> None:
    """A new kind of job is not forgotten here."""
    shared = {name for name in jobs.REGISTRY if name.split(".")[0] in SHARED}

    assert shared == set(SAMPLES)


@pytest.mark.parametrize("runs", [1, 2, 3])
@pytest.mark.parametrize("name", SAMPLES)
def test_job_taken_over_has_the_effect_of_one(name: str, runs: int) -> None:
    """SEC-35, SEC-36: run twice, three times, the oldest worker last."""
    alice = factories.user("Alice")
    audit.record(actor=alice, action="project.changed", target=alice)
    job = enqueue(name, arguments=SAMPLES[name].arguments(alice), owner=alice)
    taken = []
    for number in range(runs):
        taken.append(jobs.claim_next(worker=f"w{number}"))
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))

    for running in reversed(taken):
        jobs.run(running)
    jobs.drain()

    job.refresh_from_db()
    assert (job.state, job.attempt, job.error) == (JobState.DONE, runs, "")
    assert StoredFile.objects.count() == SAMPLES[name].files
    assert Notification.objects.count() == SAMPLES[name].messages
