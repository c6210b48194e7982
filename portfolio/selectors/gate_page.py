"""The pages of a project's gates: the row of all, and one review with everything it is decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from portfolio.access import barred_from
from portfolio.choices import (
    ConditionState,
    GateAnswer,
    GateDecision,
    GatePart,
    GateState,
    GateVote,
    WaiverState,
)
from portfolio.models import GateCondition, GateMember, GateReview
from portfolio.rollup.readiness import Answer, Decision, Readiness
from portfolio.selectors.gate_facts import (
    ARTEFACT,
    PERSON,
    Asked,
    asked_at,
    frozen_lines,
    frozen_readiness,
    readiness_at,
)
from portfolio.selectors.gate_forum import Blocker
from portfolio.selectors.gate_words import EFFECTS, limits_sentence, reason_sentence
from portfolio.selectors.gates import (
    GateStand,
    decisions_for,
    gate_stands,
    next_stand,
    request_blockers,
    reviews_of,
    score_request,
    stand_of,
)
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from portfolio.selectors.methodology_words import role_names
from projects.choices import ProjectState
from projects.models import Project
from projects.selectors.cost_holds import open_lines as open_cost_lines

ANSWER_LOOKS = {
    Answer.YES: ("check", "green"),
    Answer.PARTLY: ("clock", "amber"),
    Answer.NO: ("x", "red"),
    Answer.NOT_APPLICABLE: ("minus", ""),
}


@dataclass(frozen=True)
class GateLine:
    """A line of the readiness as the page shows it."""

    code: str
    text: str
    by: str
    weight: int
    is_knock_out: bool
    is_failed: bool
    is_waived: bool
    can_waive: bool
    answer: str
    answer_title: str
    icon: str
    tone: str
    reason: str
    note: str
    link: str
    url: str
    since: str


@dataclass(frozen=True)
class GateRow:
    """A gate on the page of all gates."""

    stand: GateStand
    phase: str
    question: str
    deciders: str
    url: str
    readiness: Decimal | None
    is_next: bool
    open_conditions: int


@dataclass(frozen=True)
class DecisionChoice:
    """A decision that is open, with what it does."""

    code: str
    title: str
    effect: str


@dataclass(frozen=True)
class Dissent:
    """A vote for something else than what was decided."""

    name: str
    vote: str
    reason: str


@dataclass(frozen=True)
class GatePage:
    """All of the page of one review."""

    stand: GateStand
    review: GateReview | None
    currency: str
    question: str
    deciders: str
    quorum: int
    threshold: Decimal
    readiness: Readiness
    lines: tuple[GateLine, ...]
    artefacts: tuple[GateLine, ...]
    blockers: tuple[Blocker, ...]
    members: tuple[GateMember, ...]
    barred: frozenset[int]
    voted: int
    conditions: tuple[GateCondition, ...]
    open_conditions: int
    closing_lines: tuple[str, ...]
    closing_done: int
    closing_total: int
    limits: str
    score_request: str
    decisions: tuple[DecisionChoice, ...]
    is_stuck: bool
    dissent: tuple[Dissent, ...]
    is_frozen: bool
    is_intact: bool
    changed: int
    former: tuple[GateStand, ...]
    own_part: str
    own_vote: str
    may_vote: bool
    may_decide: bool
    may_settle: bool


def gate_rows(known: Governance, project: Project, *, today: date) -> list[GateRow]:
    """Return all gates of a project with their reviews; after a kill none comes next. Four queries."""
    stands = gate_stands(known, reviews_of(project), today)
    coming = None if project.state == ProjectState.CANCELED else next_stand(stands)
    return [_row(known, project, stand, is_next=stand is coming) for stand in stands]


def gate_page(
    known: Governance, project: Project, gate: str, occurrence: int, *, user: Any, today: date
) -> GatePage | None:
    """Return the page of a review; None where there is no such gate. At most sixteen queries."""
    stands = gate_stands(known, reviews_of(project), today)
    stand = stand_of(stands, gate, occurrence)
    if stand is None:
        return None
    review = stand.review
    live, now = _now(known, project, stand, today)
    is_frozen = bool(review and review.checksum)
    lines = frozen_lines(review.evidence) if review and is_frozen else live
    found = frozen_readiness(review, known, today) if review and is_frozen else now
    members, barred = _members(review), barred_from(project)
    own = next((row for row in members if row.user_id == user.pk), None)
    is_requester = bool(review and review.requested_by_id == user.pk)
    is_decider = bool(own and own.part != GatePart.ADVISER and user.pk not in barred)
    votes = is_decider and not is_requester
    is_running = bool(review and review.is_running)
    possible = decisions_for(found, project)
    shown = [_line(known, asked, found, live if is_frozen else ()) for asked in lines]
    is_kill = review is not None and review.decision == GateDecision.KILL
    closing = list(project.closing_items.all()) if is_kill else []
    conditions = tuple(sorted(review.conditions.all(), key=lambda row: row.number)) if review else ()
    return GatePage(
        stand=stand,
        review=review,
        currency=project.currency,
        question=said(stand.gate.question),
        deciders=role_names(known.content, stand.gate.deciders),
        quorum=int(review.evidence["quorum"]) if review and is_frozen else stand.gate.quorum,
        threshold=found.threshold,
        readiness=found,
        lines=tuple(line for line in shown if line.by != ARTEFACT),
        artefacts=tuple(line for line in shown if line.by == ARTEFACT),
        blockers=_blockers(stand, stands, lines, project, barred, user),
        members=members,
        barred=barred,
        voted=sum(bool(row.vote) and row.user_id not in barred for row in members),
        conditions=conditions,
        open_conditions=_open(conditions),
        closing_lines=_lines_left_open(review),
        closing_done=sum(item.done_on is not None for item in closing),
        closing_total=len(closing),
        limits=limits_sentence(found, possible),
        score_request=score_request(stand, stands, known, project),
        decisions=_decisions(possible) if is_running else (),
        is_stuck=is_running and not possible,
        dissent=dissent_of(review),
        is_frozen=is_frozen,
        is_intact=bool(review and is_frozen and review.is_intact),
        changed=sum(bool(line.since) for line in shown),
        former=tuple(row for row in stands if row.gate.code == gate and row.occurrence != occurrence),
        own_part=own.get_part_display() if own else "",
        own_vote=own.vote if own else "",
        may_vote=is_running and votes,
        may_decide=bool(is_running and possible) and votes and bool(own and own.part == GatePart.CHAIR),
        may_settle=is_decider,
    )


def gate_url(code: str, gate: str, occurrence: int, name: str = "gate") -> str:
    """Return the address of a page of a review."""
    return reverse(f"portfolio:{name}", args=[code, gate, occurrence])


def dissent_of(review: GateReview | None) -> tuple[Dissent, ...]:
    """Return who voted for something else than what was decided, and why."""
    rows = review.dissent if review else []
    return tuple(Dissent(row["name"], str(GateVote(row["vote"]).label), row["reason"]) for row in rows)


def _lines_left_open(review: GateReview | None) -> tuple[str, ...]:
    """Return the lines of the budget a hold left open, by name; two queries for one that stopped costs."""
    if review is None or review.cost_hold is None:
        return ()
    return tuple(str(line) for line in open_cost_lines(review.cost_hold))


def open_lines(lines: Sequence[Asked]) -> list[Asked]:
    """Return the questions people answer."""
    return [asked for asked in lines if asked.by == PERSON]


def _now(
    known: Governance, project: Project, stand: GateStand, today: date
) -> tuple[tuple[Asked, ...], Readiness]:
    """Return what the gate asks as it stands today; nothing once the review has ended."""
    if stand.is_ended:
        return (), readiness_at(stand.gate, ())
    answers = list(stand.review.answers.all()) if stand.review else []
    lines = asked_at(known, stand.gate, stand.occurrence, project=project, answers=answers, today=today)
    return lines, readiness_at(stand.gate, lines)


def _blockers(
    stand: GateStand,
    stands: Sequence[GateStand],
    lines: Sequence[Asked],
    project: Project,
    barred: frozenset[int],
    user: Any,
) -> tuple[Blocker, ...]:
    if stand.state != GateState.PLANNED:
        return ()
    return tuple(request_blockers(stand, stands, lines, project=project, barred=barred, requester_id=user.pk))


def _members(review: GateReview | None) -> tuple[GateMember, ...]:
    order = list(GatePart.values)
    rows = list(review.members.all()) if review else []
    return tuple(sorted(rows, key=lambda row: (order.index(row.part), row.user.name, row.pk)))


def _decisions(possible: Sequence[Decision]) -> tuple[DecisionChoice, ...]:
    return tuple(
        DecisionChoice(
            each.value, str(GateDecision(each.value).label), str(EFFECTS[GateDecision(each.value)])
        )
        for each in possible
    )


def _line(known: Governance, asked: Asked, found: Readiness, live: Sequence[Asked]) -> GateLine:
    icon, tone = ANSWER_LOOKS[asked.answer] if asked.answer else ("help-circle", "amber")
    waiting = any(
        row.requirement == asked.code and row.state in (WaiverState.SUBMITTED, WaiverState.APPROVED)
        for row in known.waivers
    )
    present = next((row for row in live if row.code == asked.code), None)
    return GateLine(
        code=asked.code,
        text=said(asked.text),
        by=asked.by,
        weight=asked.weight,
        is_knock_out=asked.is_knock_out,
        is_failed=asked.code in found.failed,
        is_waived=asked.is_waived or (asked.is_knock_out and _is_lifted(asked, found)),
        can_waive=asked.code in found.failed and not waiting,
        answer=asked.answer.value if asked.answer else "",
        answer_title=_title(asked.answer),
        icon=icon,
        tone=tone,
        reason=reason_sentence(asked.reason, asked.values),
        note=asked.note,
        link=asked.link,
        url=asked.url,
        since=_title(present.answer) if present and present.answer != asked.answer else "",
    )


def _is_lifted(asked: Asked, found: Readiness) -> bool:
    is_failing = asked.answer in (Answer.NO, Answer.PARTLY)
    return is_failing and asked.code not in found.failed


def _title(answer: Answer | None) -> str:
    return str(GateAnswer(answer.value).label) if answer else "—"


def _row(known: Governance, project: Project, stand: GateStand, *, is_next: bool) -> GateRow:
    review = stand.review
    phase = next((row for row in known.content.phases if row.code == stand.gate.closes_phase), None)
    return GateRow(
        stand=stand,
        phase=f"{phase.code} {said(phase.title)}" if phase else "",
        question=said(stand.gate.question),
        deciders=role_names(known.content, stand.gate.deciders),
        url=gate_url(project.code, stand.gate.code, stand.occurrence),
        readiness=review.readiness_percent if review else None,
        is_next=is_next,
        open_conditions=_open(review.conditions.all()) if review else 0,
    )


def _open(conditions: Any) -> int:
    return sum(row.state == ConditionState.OPEN for row in conditions)
