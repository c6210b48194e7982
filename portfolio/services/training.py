"""Take courses: read modules, attempt quizzes, pass; new attempts and exemptions (KNO-4)."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.choices import EnrolmentState
from portfolio.models import (
    Attempt,
    Certificate,
    Course,
    Enrolment,
    Exemption,
    KnowledgeVersion,
    ModuleRead,
)
from portfolio.models.training import live_course_versions
from portfolio.rollup.quiz import Asked, draw, mark
from portfolio.selectors.required_training import RENEWAL
from portfolio.services.library import months_after

S = EnrolmentState
LARGEST_SEED = 2**48
NUMBER_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST_ANSWER = 40
MOST_ANSWERS = 20
LONGEST_REASON = 400


@transaction.atomic
def enrol(*, actor: User, course: Course) -> Enrolment:
    """Return the person's enrolment, locked; begun when there was none."""
    made, _is_new = Enrolment.objects.get_or_create(user=actor, course=course)
    return Enrolment.objects.select_for_update().get(pk=made.pk)


@transaction.atomic
def read_module(*, actor: User, version: KnowledgeVersion, course: Course, module: str, day: date) -> None:
    """
    Note that the person has read a module; once.

    Raises
    ------
    DomainError
        ``UNKNOWN_MODULE`` when the version has no such module.
    """
    if module not in {each.code for each in version.course_text.text.modules}:
        raise DomainError(_("The course has no such module any more."), code="UNKNOWN_MODULE")
    enrolment = enrol(actor=actor, course=course)
    ModuleRead.objects.bulk_create(
        [ModuleRead(enrolment=enrolment, module=module, read_on=day)], ignore_conflicts=True
    )
    if enrolment.state == S.ASSIGNED:
        enrolment.state = S.IN_PROGRESS
        enrolment.save(update_fields=["state"])


@transaction.atomic
def start_attempt(
    *, actor: User, course: Course, language: str, today: date, seed: int | None = None
) -> Attempt:
    """
    Begin an attempt, or go on with the open one; the questions follow from version, number and seed.

    An attempt counts from its start on, so that nobody looks at questions for nothing.

    Parameters
    ----------
    seed : int, optional
        A random one without it.

    Raises
    ------
    Conflict
        ``NOT_PUBLISHED`` without a published version, ``NO_ATTEMPTS`` when all are used, ``HOLDS`` while a
        pass holds for more than 60 days.
    """
    enrolment = enrol(actor=actor, course=course)
    present = enrolment.attempts.filter(handed_in_on__isnull=True).first()
    if present is not None:
        present.enrolment = enrolment
        return present
    _require_free(enrolment, course, today)
    version = _version(course, language)
    made = Attempt.objects.create(
        enrolment=enrolment,
        number=enrolment.attempts.count() + 1,
        version=version,
        seed=secrets.randbelow(LARGEST_SEED) if seed is None else seed,
        asked=course.asked,
        pass_mark=course.pass_mark,
    )
    enrolment.used += 1
    if enrolment.state == S.ASSIGNED:
        enrolment.state = S.IN_PROGRESS
    enrolment.save(update_fields=["used", "state"])
    _tell_trail(actor, course, actions.QUIZ_STARTED, after={"attempt": made.number})
    return made


def asked_in(attempt: Attempt) -> tuple[Asked, ...]:
    """Return the questions of an attempt in their order; its version and text are loaded."""
    return draw(attempt.version.course_text.text.questions, number=attempt.asked, seed=attempt.seed)


@transaction.atomic
def hand_in(*, actor: User, attempt: Attempt, answers: Mapping[str, Sequence[str]], today: date) -> Attempt:
    """
    Mark an attempt; passed with the pass mark or more, and then there is a certificate (KNO-4).

    Parameters
    ----------
    answers : mapping
        Code of a question to positions as shown, or the number as typed; what is left out is wrong.

    Raises
    ------
    NotAllowed
        For the attempt of somebody else.
    Conflict
        ``HANDED_IN`` when it was handed in before.
    DomainError
        ``UNKNOWN_QUESTION`` for an answer to what was not asked; nothing is handed in then.
    """
    locked = Enrolment.objects.select_for_update().select_related("course").get(pk=attempt.enrolment_id)
    row = Attempt.objects.select_related("version__course_text").get(pk=attempt.pk)
    row.enrolment = locked
    if locked.user_id != actor.pk:
        raise NotAllowed(_("Only the person who began an attempt hands it in."))
    if row.handed_in_on is not None:
        raise Conflict(_("This attempt was handed in already."), code="HANDED_IN")
    questions = asked_in(row)
    unknown = sorted(set(answers) - {each.question.code for each in questions})
    if unknown:
        raise DomainError(
            _("These questions were not asked: %(codes)s.") % {"codes": ", ".join(unknown)[:400]},
            code="UNKNOWN_QUESTION",
            field="answers",
        )
    row.answers = _kept(questions, answers)
    result = mark(questions, row.answers)
    row.points, row.max_points = result.points, result.max_points
    row.score = result.score.quantize(Decimal("0.0001"))
    row.is_passed = result.score >= row.pass_mark
    row.handed_in_on = today
    row.save()
    if row.is_passed:
        _pass(actor, row, today)
    else:
        _fail(actor, row, today)
    return row


@transaction.atomic
def reset_attempts(*, actor: User, enrolment: Enrolment, reason: str, today: date) -> Enrolment:
    """
    Give somebody new attempts, or end an exemption: then the course counts again from today on.

    Raises
    ------
    NotAllowed
        If the person does not look after training, or asks for themselves.
    DomainError
        ``REASON_NEEDED``; `Conflict` ``NOT_FAILED`` when there is nothing to give back.
    """
    locked = _locked_by_keeper(actor, enrolment, reason)
    if locked.state != S.EXEMPT and locked.used < locked.course.max_attempts:
        raise Conflict(_("There are attempts left, and no exemption."), code="NOT_FAILED")
    before = {"state": locked.state, "used": locked.used}
    locked.used, locked.exempt_reason = 0, ""
    if locked.state == S.EXEMPT:
        locked.exemptions.filter(ended_on__isnull=True).update(ended_on=today)
    if locked.state in {S.FAILED, S.EXEMPT}:
        locked.state = S.IN_PROGRESS
    locked.save(update_fields=["used", "state", "exempt_reason"])
    _tell_trail(
        actor,
        locked.course,
        actions.TRAINING_RESET,
        before=before,
        after={"state": locked.state, "used": 0, "person": locked.user.name},
        reason=reason,
    )
    return locked


@transaction.atomic
def exempt(*, actor: User, user: User, course: Course, reason: str, today: date) -> Enrolment:
    """
    Say that somebody need not take a course from today on, with the reason.

    Raises
    ------
    NotAllowed
        If the person does not look after training, or asks for themselves.
    DomainError
        ``REASON_NEEDED``; `Conflict` ``EXEMPT`` when it was said before.
    """
    made, _is_new = Enrolment.objects.get_or_create(user=user, course=course, defaults={"state": S.ASSIGNED})
    locked = _locked_by_keeper(actor, made, reason)
    if locked.state == S.EXEMPT:
        raise Conflict(_("The person is exempt already."), code="EXEMPT")
    before = locked.state
    locked.state, locked.exempt_reason = S.EXEMPT, reason.strip()
    locked.save(update_fields=["state", "exempt_reason"])
    Exemption.objects.create(enrolment=locked, since=today)
    _tell_trail(
        actor,
        course,
        actions.TRAINING_EXEMPTED,
        before={"state": before},
        after={"state": S.EXEMPT.value, "person": user.name},
        reason=reason,
    )
    return locked


def _require_free(enrolment: Enrolment, course: Course, today: date) -> None:
    if enrolment.state == S.EXEMPT:
        raise Conflict(_("You are exempt from this course."), code="EXEMPT")
    holds_long = enrolment.expires_on is None or enrolment.expires_on - RENEWAL > today
    if enrolment.state == S.PASSED and holds_long:
        raise Conflict(
            _("You have passed this course. It can be taken again 60 days before it expires."), code="HOLDS"
        )
    if enrolment.used >= course.max_attempts:
        raise Conflict(_("All attempts are used. The PMO can give you new ones."), code="NO_ATTEMPTS")


def _version(course: Course, language: str) -> KnowledgeVersion:
    """Return the published version in a language, else in another one."""
    live = {each.item.language: each for each in live_course_versions().filter(item__code=course.code)}
    found = live.get(language) or next((live[key] for key in sorted(live)), None)
    if found is None:
        raise Conflict(_("This course is not published at the moment."), code="NOT_PUBLISHED")
    return found


def _kept(questions: Sequence[Asked], answers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the answers to the questions that were asked, cut to a sane size."""
    return {
        code: [str(each)[:LONGEST_ANSWER] for each in list(answers[code])[:MOST_ANSWERS]]
        for code in (asked.question.code for asked in questions)
        if answers.get(code)
    }


def _pass(actor: User, attempt: Attempt, today: date) -> None:
    enrolment, course = attempt.enrolment, attempt.enrolment.course
    months = course.validity_months
    enrolment.state, enrolment.used, enrolment.score = S.PASSED, 0, attempt.score
    enrolment.passed_on, enrolment.reminded_on = today, None
    enrolment.expires_on = months_after(today, months) if months else None
    enrolment.save()
    made = Certificate.objects.create(
        number=certificate_number(today),
        attempt=attempt,
        holder=actor.name,
        title=attempt.version.title,
        language=attempt.version.item.language,
        hours=attempt.version.course_text.text.hours,
        score=attempt.score or Decimal(0),
        issued_on=today,
        expires_on=enrolment.expires_on,
    )
    _tell_trail(
        actor, course, actions.QUIZ_PASSED, after={"score": attempt.score, "certificate": made.number}
    )


def _fail(actor: User, attempt: Attempt, today: date) -> None:
    enrolment = attempt.enrolment
    held = enrolment.state == S.PASSED and (enrolment.expires_on is None or enrolment.expires_on >= today)
    if enrolment.used >= enrolment.course.max_attempts and not held:
        enrolment.state = S.FAILED
    enrolment.save()
    _tell_trail(
        actor,
        enrolment.course,
        actions.QUIZ_FAILED,
        after={"score": attempt.score, "attempt": attempt.number},
    )


def certificate_number(day: date) -> str:
    """Return a number nobody guesses, such as 2026-7KQ4-M2XW."""
    signs = "".join(secrets.choice(NUMBER_SIGNS) for _each in range(8))
    return f"{day.year}-{signs[:4]}-{signs[4:]}"


def _locked_by_keeper(actor: User, enrolment: Enrolment, reason: str) -> Enrolment:
    if not may(actor, "training.edit", organization_node()):
        raise NotAllowed(_("Only the PMO gives new attempts and exempts people."))
    if enrolment.user_id == actor.pk:
        raise NotAllowed(_("Somebody else has to decide about your own training."))
    if len(reason.strip()) < 3:
        raise DomainError(_("Say why."), code="REASON_NEEDED", field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        sentence = _("Use at most %(value)s characters.") % {"value": LONGEST_REASON}
        raise DomainError(sentence, code="TOO_LONG", field="reason")
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "user")
    return rows.get(pk=enrolment.pk)


def _tell_trail(
    actor: User,
    course: Course,
    action: str,
    *,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=course,
        node=organization_node(),
        before=before,
        after={key: str(value) for key, value in after.items()},
        reason=reason,
    )
