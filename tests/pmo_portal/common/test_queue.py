"""The queue of record: order, claim, end, retry, poison (SEC-33 to SEC-36, SEC-40, SEC-56)."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.models.functions import Now

from pmo_portal.accounts.models import User
from pmo_portal.common import jobs, queue
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.common.models import Job, JobState, WorkerPulse
from pmo_portal.common.queue import Order, enqueue, enqueue_many
from pmo_portal.common.wakeup import sweep, tick
from tests import factories

pytestmark = pytest.mark.django_db
NAME = "tests.make_person"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a job whose effect can be counted."""

    def make_person(*, job: jobs.RunningJob, name: str = "Someone", **_kept: Any) -> None:
        with job.effect(name=name):
            factories.user(name)

    _replace(monkeypatch, make_person)


def _replace(monkeypatch: pytest.MonkeyPatch, function: Callable[..., None]) -> None:
    monkeypatch.setitem(jobs.REGISTRY, NAME, jobs.JobType(name=NAME, function=function, title=NAME))


def _state(job: Job | None) -> tuple[str, int]:
    assert job is not None
    job.refresh_from_db()
    return job.state, job.attempt


def _let_lease_end(job: Job | None) -> None:
    assert job is not None
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_job_runs_once_with_effect_and_end() -> None:
    job = enqueue(NAME, arguments={"name": "Ada"})

    assert (jobs.drain(), jobs.drain()) == (1, 0)
    assert _state(job) == (JobState.DONE, 1)
    assert job.result == {"name": "Ada"}
    assert User.objects.filter(name="Ada").count() == 1


def test_order_that_is_rolled_back_never_was() -> None:
    """SEC-33: the order and the change are one transaction."""
    with transaction.atomic():
        enqueue(NAME)
        transaction.set_rollback(True)

    assert Job.objects.count() == 0


def test_same_key_waits_once() -> None:
    first, second = enqueue(NAME, key="a"), enqueue(NAME, key="a", arguments={"name": "Other"})

    assert first == second
    assert Job.objects.count() == 1


def test_same_key_is_ordered_again_while_the_first_runs() -> None:
    enqueue(NAME, key="a")
    jobs.claim_next(worker="w")

    enqueue(NAME, key="a")

    assert Job.objects.count() == 2


def test_newer_job_of_a_key_waits_until_the_running_one_has_ended() -> None:
    """SEC-35: out of order has the effect of one; an old result never overwrites a newer one."""
    enqueue(NAME, key="a")
    running = jobs.claim_next(worker="w")
    enqueue(NAME, key="a")

    second_worker = jobs.claim_next(worker="v")
    jobs.run(running)

    assert second_worker is None
    assert jobs.drain() == 1


def test_many_orders_leave_out_keys_that_wait() -> None:
    enqueue(NAME, key="a")

    enqueue_many([Order(NAME, key="a"), Order(NAME, key="b"), Order(NAME, key="b"), Order(NAME), Order(NAME)])

    assert sorted(Job.objects.values_list("key", flat=True)) == ["", "", "a", "b"]


def test_period_is_made_once_for_ever() -> None:
    first = enqueue(NAME, period_key="x@2026-03-02")
    jobs.drain()

    assert first is not None
    assert enqueue(NAME, period_key="x@2026-03-02") is None


def test_claim_takes_priority_then_age() -> None:
    late, early, urgent = enqueue(NAME, priority=9), enqueue(NAME), enqueue(NAME, priority=1)

    taken = [jobs.claim_next(worker="w").id for _number in range(3)]

    assert taken == [urgent.pk, early.pk, late.pk]


def test_lost_lease_rolls_the_effect_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC-36: whoever lost the lease cannot write."""
    job = enqueue(NAME)
    slow = jobs.claim_next(worker="slow")
    _let_lease_end(job)
    quick = jobs.claim_next(worker="quick")

    jobs.run(quick)
    jobs.run(slow)

    assert _state(job) == (JobState.DONE, 2)
    assert User.objects.count() == 1


@pytest.mark.parametrize("point", ["before", "inside", "after_effect", "at_the_end"])
def test_fault_at_any_point_leaves_no_half_done_work(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """SEC-36: 0 partial at each injected point; the next attempt completes."""
    faults = [RuntimeError(point)]

    def fail_at(place: str) -> None:
        if place == point and faults:
            raise faults.pop()

    def breaking(*, job: jobs.RunningJob, **_kept: Any) -> None:
        fail_at("before")
        with job.effect():
            fail_at("inside")
            factories.user("Effect")
            fail_at("after_effect")
        fail_at("at_the_end")

    _replace(monkeypatch, breaking)
    job = enqueue(NAME)
    jobs.drain()
    after_fault = User.objects.count()
    Job.objects.update(run_after=Now())
    jobs.drain()

    assert after_fault == (1 if point == "at_the_end" else 0)
    assert _state(job)[0] == JobState.DONE
    assert User.objects.count() == 1


def test_poison_job_starts_five_times_then_fails() -> None:
    """SEC-40: a worker that dies leaves the job RUNNING; others go on meanwhile."""
    poison, other = enqueue(NAME, priority=1), enqueue(NAME, arguments={"name": "Other"})
    starts = []
    while (running := jobs.claim_next(worker="dying")) is not None:
        if running.id == other.pk:
            jobs.run(running)
            continue
        starts.append(running.attempt)
        _let_lease_end(poison)

    assert starts == [1, 2, 3, 4, 5]
    assert _state(poison) == (JobState.FAILED, 5)
    assert "five times" in poison.error
    assert _state(other)[0] == JobState.DONE


def test_failing_job_waits_longer_each_time_then_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*, job: jobs.RunningJob, **_kept: Any) -> None:
        raise RuntimeError("secret path /etc/passwd")

    _replace(monkeypatch, failing)
    job = enqueue(NAME)
    states = []
    for _number in range(5):
        jobs.drain()
        states.append(_state(job))
        Job.objects.update(run_after=Now())

    assert states == [(JobState.QUEUED, n) for n in range(1, 5)] + [(JobState.FAILED, 5)]
    assert "passwd" not in job.error


def test_refusal_of_the_domain_is_final_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*, job: jobs.RunningJob, **_kept: Any) -> None:
        raise DomainError("The file is empty.")

    _replace(monkeypatch, refusing)
    job = enqueue(NAME)
    jobs.drain()

    assert _state(job) == (JobState.FAILED, 1)
    assert job.error == "The file is empty."


def test_failed_attempt_gives_way_to_a_newer_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*, job: jobs.RunningJob, **_kept: Any) -> None:
        enqueue(NAME, key="a")
        raise RuntimeError

    _replace(monkeypatch, failing)
    first = enqueue(NAME, key="a")
    jobs.run(jobs.claim_next(worker="w"))

    assert _state(first)[0] == JobState.CANCELED
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1


def test_unknown_job_fails_and_says_so() -> None:
    """SEC-53."""
    job = enqueue("tests.of_the_future")
    jobs.drain()

    assert _state(job)[0] == JobState.FAILED
    assert "tests.of_the_future" in job.error


def test_retry_and_cancel() -> None:
    job = enqueue(NAME, key="a")

    assert (queue.retry(job.pk), queue.cancel(job.pk), queue.cancel(job.pk)) == (False, True, False)
    assert queue.retry(job.pk) is True
    assert _state(job) == (JobState.QUEUED, 0)


def test_retry_beside_a_newer_order_is_refused() -> None:
    old = enqueue(NAME, key="a")
    queue.cancel(old.pk)
    enqueue(NAME, key="a")

    with pytest.raises(Conflict):
        queue.retry(old.pk)


@pytest.mark.servers
def test_lease_is_renewed_while_the_job_runs(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """SEC-56: by the database clock; the in-memory database of the other run has one connection."""
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.4))
    leases = []
    waiting = threading.Event()

    def long_job(*, job: jobs.RunningJob, **_kept: Any) -> None:
        for _number in range(3):
            leases.append(Job.objects.values_list("lease_until", flat=True).get(pk=job.id))
            waiting.wait(0.3)

    _replace(monkeypatch, long_job)
    job = enqueue(NAME)
    running = jobs.claim_next(worker="w")
    jobs.run(running)

    assert leases == sorted(set(leases))
    assert _state(job) == (JobState.DONE, 1)


def test_sweeper_wakes_for_jobs_nobody_took(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr("pmo_portal.common.wakeup.wake_now", rung.append)
    fresh = enqueue(NAME)

    sweep()
    Job.objects.filter(pk=fresh.pk).update(run_after=Now() - timedelta(seconds=5))
    sweep()

    assert rung == [1]


def test_tick_is_remembered() -> None:
    """SEC-42."""
    tick()

    assert WorkerPulse.objects.tick().count() == 1
    assert WorkerPulse.objects.alive().count() == 0


@pytest.mark.servers
def test_order_that_joins_a_waiting_job_keeps_workers_from_it(transactional_db: None) -> None:
    """SEC-33: a worker must not run the joined job before the change that ordered it again is committed."""
    waiting = enqueue(NAME, key="a")
    taken: list[Any] = []

    def take() -> None:
        try:
            taken.append(jobs.claim_next(worker="eager"))
        finally:
            connections.close_all()

    with transaction.atomic():
        joined = enqueue(NAME, key="a")
        enqueue_many([Order(NAME, key="a")])
        worker = threading.Thread(target=take)
        worker.start()
        worker.join()

    assert joined == waiting
    assert taken == [None]
    assert jobs.drain() == 1


@pytest.mark.servers
def test_parallel_workers_share_the_jobs(transactional_db: None) -> None:
    """SEC-35: each job runs once, whoever is quicker."""
    enqueue_many([Order(NAME, key=str(number), arguments={"name": f"P{number}"}) for number in range(40)])

    def work(name: str) -> None:
        try:
            jobs.drain(worker=name)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert User.objects.count() == 40
    assert set(Job.objects.values_list("state", "attempt")) == {(JobState.DONE, 1)}
