"""Hold assessments of PMO need and of maturity (NEED-1 to NEED-3, MAT-1 to MAT-6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import OrgUnit, Person, User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.services import notify, settle
from portfolio import actions
from portfolio.choices import AssessmentKind, AssessmentState, MaturityScope
from portfolio.models import Assessment, Respondent
from portfolio.rollup import maturity, need
from portfolio.selectors.assessments import kept_result, result_of
from projects.services.changes import require_version, save_version

RIGHT = "assessment.edit"
MOST_RESPONDENTS = 50
LONGEST_EVIDENCE = 1000
SHORTEST_REASON = 10


class NotRespondent(NotAllowed):
    """The person is not asked to answer this assessment."""

    code = "NOT_RESPONDENT"


@dataclass(frozen=True)
class AssessmentDraft:
    """What a new assessment asks, and by when."""

    kind: str
    title: str
    held_on: date
    scope: str = ""
    answer_by: date | None = None
    org_unit: OrgUnit | None = None


@transaction.atomic
def start_assessment(*, actor: User | None, draft: AssessmentDraft, people: Iterable[Person]) -> Assessment:
    """
    Return a new open assessment, with its respondents invited.

    Raises
    ------
    NotAllowed
        If the person does not lead assessments.
    DomainError
        If the level does not fit the kind, a date is wrong or nobody is asked.
    """
    _require_right(actor)
    if (draft.kind == AssessmentKind.MATURITY) != (draft.scope in MaturityScope.values):
        raise DomainError(_("Choose whether portfolio, program or project is assessed."), field="scope")
    if draft.answer_by is not None and draft.answer_by < draft.held_on:
        raise DomainError(_("Answers cannot be wanted before the day of the assessment."), field="answer_by")
    made = Assessment(**vars(draft), created_by=actor)
    made.full_clean(exclude=["created_at"])
    made.save()
    audit.record(
        actor=actor,
        action=actions.ASSESSMENT_STARTED,
        target=made,
        node=organization_node(),
        after={"title": made.title, "kind": made.kind, "scope": made.scope, "held_on": made.held_on},
    )
    invite_respondents(actor=actor, assessment=made, people=people)
    return made


@transaction.atomic
def invite_respondents(
    *, actor: User | None, assessment: Assessment, people: Iterable[Person]
) -> list[Respondent]:
    """
    Ask more people; who is asked already is not asked twice.

    Raises
    ------
    DomainError
        If nobody new is named, somebody cannot sign in, or there are more than 50 respondents.
    """
    _require_right(actor)
    locked = _lock_open(assessment)
    asked = set(locked.respondents.values_list("person_id", flat=True))
    fresh = {person.pk: person for person in people if person.pk not in asked}
    if not fresh:
        raise DomainError(_("Choose at least one person who is not asked yet."), field="people")
    if len(fresh) + len(asked) > MOST_RESPONDENTS:
        raise DomainError(_("An assessment has at most 50 respondents."), field="people")
    found = Person.objects.filter(pk__in=fresh, user__is_active=True).select_related("user")
    able = list(found.order_by("name", "pk"))
    if len(able) < len(fresh):
        names = sorted({str(fresh[pk]) for pk in fresh} - {str(person) for person in able})
        raise DomainError(
            _("Only people who can sign in can answer: %(names)s cannot.") % {"names": ", ".join(names)},
            field="people",
        )
    made = [Respondent.objects.create(assessment=locked, person=person) for person in able]
    for person in able:
        _tell(person, locked)
    audit.record(
        actor=actor,
        action=actions.ASSESSMENT_INVITED,
        target=locked,
        node=organization_node(),
        after={"people": [str(person) for person in able]},
    )
    return made


def _tell(person: Person, assessment: Assessment) -> None:
    """Put the invitation into the inbox of the person, in the person's language."""
    user = person.user
    if user is None:
        return
    with override(user.spoken_language):
        notify(
            users=[user],
            kind="assessment_invited",
            title=_("Please answer: %(title)s") % {"title": assessment.title},
            body=_("Your answers are averaged with those of the others. It takes about ten minutes."),
            url=f"{assessment.get_absolute_url()}answer/",
            dedupe_key=_invitation_key(assessment),
        )


def _invitation_key(assessment: Assessment) -> str:
    return f"assessment-invited:{assessment.pk}"


def _asking(assessment: Assessment) -> tuple[str, ...]:
    """Return the keys of the messages that ask for answers."""
    return _invitation_key(assessment), f"assessment-late:{assessment.pk}"


@transaction.atomic
def answer_assessment(
    *,
    actor: User,
    assessment: Assessment,
    answers: Mapping[str, int],
    evidence: Mapping[str, str] | None = None,
    now: datetime,
) -> Respondent:
    """
    Keep the answers of the person; they may be changed until the assessment is closed.

    Parameters
    ----------
    answers : mapping
        By code of the question; what is left out is unanswered (MAT-4).
    evidence : mapping, optional
        By code of the statement; needed for answers of 2 and more (domain 14.2).

    Raises
    ------
    NotRespondent
        If the person is not asked.
    DomainError
        If an answer is unknown; ``field`` is the code.
    ValidationError
        If answers lack their evidence; by the code of each.
    """
    locked = _lock_open(assessment)
    own = locked.respondents.select_for_update().filter(person__user=actor).first()
    if own is None:
        raise NotRespondent(_("You are not asked to answer this assessment."))
    told = {code: text.strip() for code, text in (evidence or {}).items() if text.strip()}
    _check_answers(locked, answers, told)
    own.answers, own.evidence, own.answered_at = dict(answers), told, now
    own.save(update_fields=["answers", "evidence", "answered_at"])
    settle(keys=_asking(locked), users=[actor])
    audit.record(
        actor=actor,
        action=actions.ASSESSMENT_ANSWERED,
        target=locked,
        node=organization_node(),
        after={"answered": len(answers)},
    )
    return own


def _check_answers(assessment: Assessment, answers: Mapping[str, Any], evidence: Mapping[str, str]) -> None:
    codes, highest = (
        (need.CODES, need.MOST_POINTS) if assessment.is_need else (maturity.CODES, maturity.MOST_POINTS)
    )
    for code, value in answers.items():
        if code not in codes:
            raise DomainError(_("There is no question %(code)s.") % {"code": code}, field=code)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
            raise DomainError(
                _("The answer is a whole number from 0 to %(highest)s.") % {"highest": highest}, field=code
            )
    for code, text in evidence.items():
        if code not in answers or assessment.is_need:
            raise DomainError(_("Evidence belongs to a statement that is answered."), field=code)
        if len(text) > LONGEST_EVIDENCE:
            raise DomainError(_("Keep the evidence within 1,000 characters."), field=code)
    if not answers:
        raise DomainError(_("Answer at least one question."), code="NO_ANSWERS")
    if not assessment.is_need:
        _require_evidence(answers, evidence)


def _require_evidence(answers: Mapping[str, int], evidence: Mapping[str, str]) -> None:
    """Name every statement at once that lacks its evidence."""
    sentence = _("Say what shows this: largely and fully need evidence.")
    missing = [
        code for code, value in answers.items() if value >= maturity.EVIDENCE_FROM and code not in evidence
    ]
    if missing:
        raise ValidationError({code: ValidationError(sentence, code="NO_EVIDENCE") for code in missing})


@transaction.atomic
def close_assessment(
    *, actor: User | None, assessment: Assessment, expected_version: int | None, now: datetime
) -> Assessment:
    """
    Close the round; its result is kept and never changes again.

    Raises
    ------
    Conflict
        If nobody has answered, or too little for a result.
    """
    _require_right(actor)
    locked = _lock_open(assessment)
    require_version(locked.version, expected=expected_version)
    found = result_of(locked)
    if not found.answered:
        raise Conflict(_("Nobody has answered yet, so there is no result to keep."), code="NO_ANSWERS")
    if found.need is not None and found.need.mandate is None:
        raise Conflict(
            _("Too few questions are answered: each factor needs three quarters of its questions."),
            code="INSUFFICIENT_DATA",
        )
    locked.result = kept_result(found)
    locked.state, locked.closed_at, locked.closed_by = AssessmentState.CLOSED, now, actor
    save_version(locked, names=("result", "state", "closed_at", "closed_by"))
    settle(keys=_asking(locked))
    audit.record(
        actor=actor,
        action=actions.ASSESSMENT_CLOSED,
        target=locked,
        node=organization_node(),
        before={"state": AssessmentState.OPEN},
        after={"state": locked.state, **locked.result},
    )
    return locked


@transaction.atomic
def withdraw_assessment(
    *, actor: User | None, assessment: Assessment, reason: str, expected_version: int | None
) -> Assessment:
    """Give up an open assessment, such as one started by mistake; its answers count nowhere."""
    _require_right(actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise DomainError(_("Give the reason, in 10 characters or more."), field="reason")
    locked = _lock_open(assessment)
    require_version(locked.version, expected=expected_version)
    locked.state = AssessmentState.WITHDRAWN
    save_version(locked, names=("state",))
    settle(keys=_asking(locked))
    audit.record(
        actor=actor,
        action=actions.ASSESSMENT_WITHDRAWN,
        target=locked,
        node=organization_node(),
        before={"state": AssessmentState.OPEN},
        after={"state": locked.state},
        reason=reason.strip(),
    )
    return locked


def _lock_open(assessment: Assessment) -> Assessment:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if not locked.is_open:
        raise Conflict(_("This assessment is not open any more."), code="NOT_OPEN")
    return locked


def _require_right(actor: Any) -> None:
    if actor is not None and not may(actor, RIGHT, organization_node()):
        raise NotAllowed(_("Only the PMO leads assessments."))
