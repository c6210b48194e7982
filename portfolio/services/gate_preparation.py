"""Prepare a review of a gate: its answers, and the gates that were decided before (STD-13)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.access import acts_in_role
from portfolio.choices import GateAnswer, GateDecision, GateState
from portfolio.models import GateCheck, GateDate, GateReview
from portfolio.rollup.methodology import GateRule
from portfolio.selectors.governance import Governance
from portfolio.services.gate_funds import note_release, require_releasable
from portfolio.services.governance import bound, lock_project, record
from projects.models import Project
from projects.services.changes import require_version, save_version

PMO = (Role.PMO_HEAD, Role.PMO_ANALYST)


class NoSuchGateError(DomainError):
    """The version the project follows has no such gate, or no such review of it is planned."""

    code = "NO_SUCH_GATE"
    status = 404


@dataclass(frozen=True)
class Given:
    """The answer to a question of the checklist."""

    answer: str
    note: str = ""
    link: str = ""


@transaction.atomic
def answer_checks(
    *,
    actor: User | None,
    project: Project,
    gate: str,
    occurrence: int,
    answers: Mapping[str, Given],
    today: date,
    expected_version: int | None = None,
) -> GateReview:
    """
    Answer questions of the checklist; those left out keep their answer, an empty one takes it back.

    Raises
    ------
    DomainError
        If this gate asks no such question at the tier, the portal answers it, or "does not apply" has no
        note.
    Conflict
        If the review was requested: its evidence is frozen (STD-15).
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    rule = gate_rule(known, gate, occurrence, project)
    review = open_review(project, known, rule, occurrence)
    require_version(review.version, expected=expected_version)
    require_state(review, (GateState.PLANNED,))
    present = {row.check_code: row for row in review.answers.all()}
    changed = {}
    for code, given in answers.items():
        _require_question(known, rule, code, given)
        if _keep_answer(review, code, given, present.get(code), actor, today):
            changed[code] = given.answer
    if changed:
        save_version(review)
        record(
            actor, actions.GATE_ANSWERED, review, project, after={"gate": review.label, "answers": changed}
        )
    return review


@transaction.atomic
def record_former_decision(
    *,
    actor: User | None,
    project: Project,
    gate: str,
    decided_on: date,
    note: str,
    today: date,
    released_amount: Decimal | None = None,
) -> GateReview:
    """
    Keep that a gate was passed before the project was kept here, so that the next one can come (STD-17).

    What it released is kept too, if anybody knows it.

    Raises
    ------
    NotAllowed
        If the person is not of the PMO.
    Conflict
        If a review of the gate was begun here.
    DomainError
        If the day lies ahead, or the note is missing.
    """
    project = lock_project(actor, project)
    if actor is not None and not acts_in_role(actor, PMO, project.node):
        raise NotAllowed(_("Only the PMO records gates that were decided elsewhere."))
    known = bound(project, today)
    rule = gate_rule(known, gate, 1, project)
    if GateReview.objects.filter(project=project, gate=gate).exclude(state=GateState.PLANNED).exists():
        raise Conflict(_("This gate is reviewed here already."), code="REVIEWED_HERE")
    if decided_on > today:
        raise DomainError(_("The day lies ahead."), field="decided_on", code="AHEAD")
    if not note.strip():
        raise DomainError(_("Say who decided, and where it is written."), field="note", code="NOTE_MISSING")
    require_releasable(actor, project, known, gate, released_amount, today)
    review = open_review(project, known, rule, 1)
    review.state, review.decision, review.was_before = GateState.CLOSED, GateDecision.GO, True
    review.decided_on, review.closed_on, review.reason = decided_on, decided_on, note.strip()
    review.released_amount = released_amount
    save_version(review)
    after = {"gate": review.label, "decision": review.decision, "on": decided_on}
    record(actor, actions.GATE_DECIDED_BEFORE, review, project, after=after, reason=review.reason)
    note_release(actor, review, project)
    return review


def gate_rule(known: Governance, gate: str, occurrence: int, project: Project) -> GateRule:
    """
    Return the gate of the project's version; its first review always is, later ones when planned. One query.

    Raises
    ------
    NoSuchGateError
        If there is none.
    """
    rule = known.content.gate(gate)
    is_there = occurrence == 1 or (gate, occurrence) in known.gate_days
    if rule is None or not (is_there or _is_begun(project, gate, occurrence)):
        raise NoSuchGateError(_("There is no such gate in this version."))
    return rule


def open_review(project: Project, known: Governance, gate: GateRule, occurrence: int) -> GateReview:
    """Return the review, locked; it begins with the first thing somebody does for it."""
    GateReview.objects.get_or_create(
        project=project,
        gate=gate.code,
        occurrence=occurrence,
        defaults={"version_followed": known.version},
    )
    return GateReview.objects.select_for_update(of=("self",)).get(
        project=project, gate=gate.code, occurrence=occurrence
    )


def lock_review(review: GateReview) -> GateReview:
    """Return the review, fresh and locked until the transaction ends."""
    return GateReview.objects.select_for_update(of=("self",)).get(pk=review.pk)


def plan_next(
    review: GateReview, project: Project, *, day: date | None, actor: User | None, today: date
) -> GateReview:
    """Plan the next review of the same gate; one that is there already keeps its day unless one is given."""
    number = review.occurrence + 1
    made, _is_new = GateReview.objects.get_or_create(
        project=project,
        gate=review.gate,
        occurrence=number,
        defaults={"version_followed": review.version_followed},
    )
    former = {row.check_code: row for row in review.answers.all()}
    GateCheck.objects.bulk_create(
        GateCheck(
            review=made,
            check_code=code,
            answer=row.answer,
            note=row.note,
            link=row.link,
            made_on=row.made_on,
            made_by_id=row.made_by_id,
        )
        for code, row in former.items()
        if not made.answers.filter(check_code=code).exists()
    )
    if day is not None:
        GateDate.objects.create(
            project=project, gate=review.gate, occurrence=number, due_on=day, made_on=today, made_by=actor
        )
    return made


def _is_begun(project: Project, gate: str, occurrence: int) -> bool:
    return GateReview.objects.filter(project=project, gate=gate, occurrence=occurrence).exists()


def require_state(review: GateReview, states: Collection[str]) -> None:
    """Refuse unless the review is in one of the states."""
    if review.state not in states:
        raise Conflict(
            _("The review is in the state “%(state)s”, which does not allow this.")
            % {"state": review.get_state_display()},
            code="WRONG_STATE",
        )


def _require_question(known: Governance, gate: GateRule, code: str, given: Given) -> None:
    check = known.content.check(code)
    if check is None or check.gate != gate.code or not check.is_asked_of(known.records.tier):
        raise DomainError(_("This gate does not ask that."), field=code, code="NO_SUCH_CHECK")
    if check.answered_by is not None:
        raise DomainError(_("The portal answers this by itself."), field=code, code="ANSWERED_BY_PORTAL")
    if not given.answer and (given.note.strip() or given.link):
        raise DomainError(
            _("Choose an answer, or empty note and link: without one they are not kept."),
            field=code,
            code="ANSWER_MISSING",
        )
    if given.answer and given.answer not in GateAnswer.values:
        raise DomainError(_("There is no such answer."), field=code, code="NO_SUCH_ANSWER")
    if given.answer == GateAnswer.NOT_APPLICABLE and not given.note.strip():
        raise DomainError(_("Say in the note why it does not apply."), field=code, code="NOTE_MISSING")


def _keep_answer(
    review: GateReview, code: str, given: Given, present: GateCheck | None, actor: User | None, today: date
) -> bool:
    """Write an answer if it differs; return whether it did."""
    new = (given.answer, given.note.strip(), given.link)
    if not given.answer:
        if present is not None:
            present.delete()
        return present is not None
    if present is not None and (present.answer, present.note, present.link) == new:
        return False
    row = present or GateCheck(review=review, check_code=code)
    row.answer, row.note, row.link = new
    row.made_on, row.made_by = today, actor
    row.full_clean()
    row.save()
    return True
