"""Hold the gates of the demo: some decided, one with conditions, one in review, one overdue."""

from collections.abc import Sequence
from datetime import date, timedelta

from pmo_portal.accounts.models import User
from portfolio.models import GateReview, MethodologyBinding
from portfolio.rollup.methodology import CheckRule
from portfolio.selectors.gate_forum import forum_choices, owner_of
from portfolio.selectors.gates import GateStand, gate_stands, reviews_of
from portfolio.selectors.governance import Governance, governance_of
from portfolio.services.demo.releases import amount_at
from portfolio.services.gate_conditions import ConditionGiven, show_evidence
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_forums import set_forum
from portfolio.services.gate_preparation import Given, answer_checks, record_former_decision
from portfolio.services.gate_reviews import NotReadyError, cast_vote, request_review
from projects.choices import ProjectState
from projects.models import Project
from projects.selectors.members import leads_of

DAY = timedelta(days=1)
IN_REVIEW, WITH_CONDITIONS, OVERDUE, HELD = range(4)


def hold_gates(*, as_of: date) -> None:
    """Hold the gates of the projects that follow a methodology, each story another one."""
    bound = MethodologyBinding.objects.filter(project__code__startswith="NWU-").values("project_id")
    going = Project.objects.exclude(state__in=[ProjectState.ON_HOLD, ProjectState.CANCELED])
    projects = going.filter(pk__in=bound).select_related("node").order_by("code")
    for number, project in enumerate(projects):
        known = governance_of(project, as_of)
        if known is not None:
            _hold(project, known, number % 4, as_of)


def _hold(project: Project, known: Governance, story: int, as_of: date) -> None:
    stands = gate_stands(known, reviews_of(project), as_of)
    past = [row for row in stands if row.day is not None and row.day <= as_of]
    coming = [row for row in stands if row.day is None or row.day > as_of]
    newest = past[-1] if past else None
    for stand in past[:-1]:
        pass_before(project, known, stand, as_of)
    if newest is None:
        return
    if story == OVERDUE:
        prepare(project, known, newest, as_of, share=2)
        return
    if newest.occurrence > 2:
        return
    _decide(project, known, newest, story, as_of)
    if coming and coming[0].occurrence == 1:
        prepare(project, known, coming[0], as_of, share=2)
    if story == IN_REVIEW and coming:
        _bring_in(project, known, coming[0], as_of)


def pass_before(project: Project, known: Governance, stand: GateStand, as_of: date) -> None:
    """Record that a gate was passed before the project was kept here."""
    if stand.occurrence == 1 and stand.day is not None:
        record_former_decision(
            actor=None,
            project=project,
            gate=stand.gate.code,
            decided_on=stand.day,
            note="Decided by the steering committee; the minutes are in the project file.",
            today=as_of,
            released_amount=amount_at(project, known, stand.gate.code, as_of),
        )


def prepare(
    project: Project,
    known: Governance,
    stand: GateStand,
    day: date,
    *,
    share: int,
    people: Sequence[User] = (),
) -> Sequence[User]:
    """Name the forum, chaired by a visitor if possible; answer each ``share``-th question, or all."""
    found = forum_choices(project, stand.gate, known.content).deciders
    owner, sponsors = owner_of(project), leads_of(project, today=day).sponsors
    others = [person for person in found if person != owner or person in sponsors]
    ranked = sorted(others, key=lambda person: not person.has_usable_password())
    people = people or ranked[: max(stand.gate.quorum, 3)]
    if len(people) < stand.gate.quorum:
        return []
    given = {"project": project, "gate": stand.gate.code, "occurrence": stand.occurrence, "today": day}
    set_forum(actor=None, chair=people[0], deciders=people, **given)  # type: ignore[arg-type]
    asked = [row for row in _questions(known, stand) if row.answered_by is None]
    answers = {
        row.code: Given("YES", "Shown in the review of the team.")
        for place, row in enumerate(asked)
        if not share or place % share == 0
    }
    answer_checks(actor=None, answers=answers, **given)  # type: ignore[arg-type]
    return people


def _questions(known: Governance, stand: GateStand) -> Sequence[CheckRule]:
    checks = known.content.checks_of(stand.gate.code)
    return [row for row in checks if row.is_asked_of(known.records.tier)]


def _decide(project: Project, known: Governance, stand: GateStand, story: int, as_of: date) -> None:
    """Hold the newest gate of the past: go, go with conditions, or rework where a knock-out fails."""
    day = stand.day or as_of
    people = prepare(project, known, stand, day, share=0)
    review = _request(project, stand, day)
    if review is None:
        return
    wanted = "CONDITIONAL_GO" if story == WITH_CONDITIONS or not _is_enough(review) else "GO"
    decision = "RECYCLE" if review.evidence["failed"] else wanted
    for place, person in enumerate(people):
        vote = "HOLD" if place == 2 else decision
        reason = "The forecast should be looked at first." if place == 2 else "The papers hold."
        cast_vote(actor=person, review=review, vote=vote, reason=reason, today=day)
    owner = next(iter(leads_of(project, today=as_of).managers), people[0])
    conditions = [
        ConditionGiven("Let operations sign the hand-over plan.", owner, max(day, as_of - 9 * DAY)),
        ConditionGiven("Bring the risk reserve to the P80.", owner, as_of + 20 * DAY),
    ]
    is_go = decision in ("GO", "CONDITIONAL_GO")
    done = decide_review(
        actor=None,
        review=review,
        decision=decision,
        reason="The case still holds, and the team has shown what it promised.",
        today=day,
        conditions=conditions if decision == "CONDITIONAL_GO" else (),
        rework="Meet the knock-outs and bring the artefacts up to date." if decision == "RECYCLE" else "",
        next_on=as_of + 15 * DAY if decision == "RECYCLE" else None,
        released_amount=amount_at(project, known, stand.gate.code, as_of, covers_spending=True)
        if is_go
        else None,
    )
    _show(done, as_of)


def _request(project: Project, stand: GateStand, day: date) -> GateReview | None:
    """Return the requested review; None where something still keeps it, as on the pages."""
    given = {"project": project, "gate": stand.gate.code, "occurrence": stand.occurrence}
    try:
        return request_review(actor=None, today=day, **given)  # type: ignore[arg-type]
    except NotReadyError:
        return None


def _is_enough(review: GateReview) -> bool:
    percent = review.readiness_percent
    return percent is None or percent >= 80


def _show(review: GateReview, as_of: date) -> None:
    last = review.conditions.select_related("owner").order_by("number").last()
    if last is not None:
        show_evidence(
            actor=last.owner,
            condition=last,
            evidence="The reserve was raised; the budget page shows it.",
            today=as_of,
        )


def _bring_in(project: Project, known: Governance, stand: GateStand, as_of: date) -> None:
    """Request the gate that comes next, if nothing keeps it, and let one decider vote."""
    if stand.day is None or stand.occurrence > 1:
        return
    people = prepare(project, known, stand, as_of, share=0)
    review = _request(project, stand, as_of)
    if review is None:
        return
    cast_vote(actor=people[-1], review=review, vote="GO", reason="The team is ready for it.", today=as_of)
