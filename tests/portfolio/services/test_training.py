"""Attempts, passes, certificates, expiry, exemptions (KNO-4, KNO-5)."""

from datetime import date, timedelta

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import Attempt, Certificate, Enrolment, ModuleRead
from portfolio.models.training import live_course_versions
from portfolio.selectors.required_training import standings, sums_of
from portfolio.services import training
from portfolio.services.training_upkeep import TrainingDay, keep_training
from tests.factories import grant, user
from tests.portfolio.courses import TODAY, course, right_answers
from tests.portfolio.libraries import paula

pytestmark = pytest.mark.django_db


def test_pass_gives_a_certificate_with_an_end() -> None:
    bob, basics = user("Bob"), course()
    attempt = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY, seed=7)

    done = training.hand_in(actor=bob, attempt=attempt, answers=right_answers(attempt), today=TODAY)

    enrolment, certificate = Enrolment.objects.get(), Certificate.objects.get()
    assert (done.points, done.max_points, done.score, done.is_passed) == (4, 4, 100, True)
    assert (enrolment.state, enrolment.expires_on, enrolment.used) == ("PASSED", date(2027, 4, 10), 0)
    assert (certificate.holder, certificate.title, certificate.expires_on) == (
        "Bob",
        "Project basics",
        date(2027, 4, 10),
    )
    assert AuditEntry.objects.filter(action="training.quiz_passed").count() == 1


def test_three_of_four_is_75_percent_and_not_passed() -> None:
    """EX-KNO: 75 % < 80 % is not passed; multiple choice is all or nothing."""
    bob, basics = user("Bob"), course()
    attempt = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY, seed=7)
    answers = right_answers(attempt)
    answers["many"] = answers["many"][:1]

    done = training.hand_in(actor=bob, attempt=attempt, answers=answers, today=TODAY)

    assert (done.score, done.is_passed, Certificate.objects.count()) == (75, False, 0)


def test_last_attempt_fails_until_reset() -> None:
    """KNO-4: after the last attempt failed until reset, by somebody else and with a reason."""
    bob, basics, head = user("Bob"), course(max_attempts=2), paula()
    for _each in range(2):
        attempt = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY)
        training.hand_in(actor=bob, attempt=attempt, answers={}, today=TODAY)
    enrolment = Enrolment.objects.get()

    with pytest.raises(Conflict) as refused:
        training.start_attempt(actor=bob, course=basics, language="en", today=TODAY)
    with pytest.raises(DomainError) as silent:
        training.reset_attempts(actor=head, enrolment=enrolment, reason=" ", today=TODAY)
    with pytest.raises(NotAllowed):
        training.reset_attempts(actor=bob, enrolment=enrolment, reason="Please", today=TODAY)
    training.reset_attempts(actor=head, enrolment=enrolment, reason="Read it again", today=TODAY)

    assert (enrolment.state, refused.value.code, silent.value.code) == (
        "FAILED",
        "NO_ATTEMPTS",
        "REASON_NEEDED",
    )
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.used) == ("IN_PROGRESS", 0)


def test_open_attempt_goes_on_and_is_handed_in_once() -> None:
    bob, basics = user("Bob"), course()
    first = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY)
    again = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY)
    training.hand_in(actor=bob, attempt=first, answers={}, today=TODAY)

    with pytest.raises(Conflict) as twice:
        training.hand_in(actor=bob, attempt=first, answers=right_answers(first), today=TODAY)
    with pytest.raises(NotAllowed):
        training.hand_in(actor=user("Charlie"), attempt=first, answers={}, today=TODAY)

    assert (again.pk, twice.value.code, Attempt.objects.get().is_passed) == (first.pk, "HANDED_IN", False)


def test_a_pass_that_holds_is_not_taken_again_before_60_days() -> None:
    bob, basics = user("Bob"), course()
    attempt = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY)
    training.hand_in(actor=bob, attempt=attempt, answers=right_answers(attempt), today=TODAY)

    with pytest.raises(Conflict) as early:
        training.start_attempt(actor=bob, course=basics, language="en", today=date(2027, 2, 8))

    assert early.value.code == "HOLDS"
    assert training.start_attempt(actor=bob, course=basics, language="en", today=date(2027, 2, 9)).number == 2


def test_module_is_read_once() -> None:
    bob, basics = user("Bob"), course()
    version = live_course_versions().get()

    for _each in range(2):
        training.read_module(actor=bob, version=version, course=basics, module="one", day=TODAY)
    with pytest.raises(DomainError) as unknown:
        training.read_module(actor=bob, version=version, course=basics, module="none", day=TODAY)

    assert (ModuleRead.objects.count(), unknown.value.code) == (1, "UNKNOWN_MODULE")


def test_the_day_assigns_expires_and_reminds_once() -> None:
    bob = user("Bob")
    basics = course(required_for=("PROJECT_MANAGER",))
    held = grant(bob, Role.PROJECT_MANAGER, organization_node())
    held.valid_from = date(2026, 1, 1)
    held.save(update_fields=["valid_from"])

    first, second = keep_training(today=TODAY), keep_training(today=TODAY)
    attempt = training.start_attempt(actor=bob, course=basics, language="en", today=TODAY)
    training.hand_in(actor=bob, attempt=attempt, answers=right_answers(attempt), today=TODAY)
    expiry = date(2027, 4, 11)
    later = keep_training(today=expiry)
    again = [keep_training(today=expiry + timedelta(days=days)).reminded for days in (1, 13, 14, 27, 28)]

    enrolment = Enrolment.objects.get()
    assert (first, second) == (TrainingDay(1, 0, 0), TrainingDay(0, 0, 0))
    assert later == TrainingDay(0, 1, 1)
    assert (enrolment.state, enrolment.due) == ("EXPIRED", date(2027, 4, 10))
    assert list(Notification.objects.order_by("pk").values_list("title", flat=True)) == [
        "Course to take: Project basics",
        *["Course overdue: Project basics"] * 3,
    ]
    assert again == [0, 0, 1, 0, 1], "every 14 days"


def test_compliance_counts_what_is_due() -> None:
    """KNO-5: passed and unexpired ÷ due; nothing due is null; who is exempt leaves the sum."""
    bob = user("Bob")
    course(required_for=("PROJECT_MANAGER",))
    other = course("other", title="Other", required_for=("PROJECT_MANAGER",))
    held = grant(bob, Role.PROJECT_MANAGER, organization_node())
    held.valid_from = date(2026, 1, 1)
    held.save(update_fields=["valid_from"])
    attempt = training.start_attempt(actor=bob, course=other, language="en", today=TODAY)
    training.hand_in(actor=bob, attempt=attempt, answers=right_answers(attempt), today=TODAY)

    due = TODAY + timedelta(days=30)
    early = sums_of(standings(today=due - timedelta(days=1)), due - timedelta(days=1))
    on_day = sums_of(standings(today=due), due)
    training.exempt(
        actor=paula(), user=bob, course=standings(today=due)[1].course, reason="Taught it", today=due
    )
    exempted = sums_of(standings(today=due), due)

    assert (early.percent, on_day.percent, exempted.percent) == (None, 50, 100)
