"""What the PMO keeps of a victim: waiver, gate, votes, conditions, document; each text is a canary."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pmo_portal.accounts.models import User
from portfolio.models import ClosingItem, GateCondition
from portfolio.services import documents, waivers
from portfolio.services.artefacts import record_step
from portfolio.services.gate_conditions import ConditionGiven, show_evidence
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_forums import set_forum
from portfolio.services.gate_preparation import Given, answer_checks
from portfolio.services.gate_reviews import cast_vote, request_review
from portfolio.services.governance import bind_methodology, plan_gates
from portfolio.services.own_requirements import OwnWish, add_own_requirement
from projects.models import Project
from tests.portfolio.documents import newest, template
from tests.portfolio.methods import DAY, stage_gate

Text = Callable[[], str]


def govern(project: Project, owner: User, chair: User, *, text: Text) -> dict[str, int]:
    """Let everything happen to a project; return the keys of the rows by noun."""
    bind_methodology(actor=None, project=project, version=stage_gate(), today=DAY)
    wish = OwnWish(title=text(), reason=text(), owner=owner, gate="G1", approver="PM")
    add_own_requirement(actor=None, project=project, wish=wish, today=DAY)
    condition = _conditional_go(project, owner, chair, text)
    ClosingItem.objects.create(
        project=project, number=1, text={"en": text()}, role={"en": text()}, owner=owner, done_on=DAY,
        note=text(),
    )  # fmt: skip
    return {
        "waiver": _waiver(project, text),
        "condition": condition.pk,
        "document": _document(project, owner, text),
    }


def _waiver(project: Project, text: Text) -> int:
    words = {"reason": text(), "risk": text(), "compensating_control": text()}
    made = waivers.request_waiver(
        actor=None, project=project, requirement="SG-04", expires_on=DAY + timedelta(days=90), today=DAY,
        **words,
    )  # fmt: skip
    return waivers.decide_waiver(actor=None, waiver=made, is_approved=True, note=text(), today=DAY).pk


def _conditional_go(project: Project, owner: User, chair: User, text: Text) -> GateCondition:
    """Return a condition of a review that was asked for, voted on and decided."""
    at: dict[str, Any] = {"project": project, "gate": "G0", "occurrence": 1, "today": DAY}
    plan_gates(actor=None, project=project, dates={("G0", 1): DAY, ("G1", 1): DAY}, today=DAY)
    for requirement in ("SG-01", "SG-02"):
        record_step(
            actor=None, project=project, requirement=requirement, state="SUBMITTED", today=DAY, note=text()
        )
    answers = {code: Given("YES", text()) for code in ("G0-1", "G0-2", "G0-3")}
    answer_checks(actor=None, answers=answers, **at)
    set_forum(actor=None, chair=chair, deciders=[], **at)
    review = request_review(actor=None, **at)
    cast_vote(actor=chair, review=review, vote="HOLD", reason=text(), today=DAY)
    wanted = ConditionGiven(text=text(), owner=owner, due=DAY)
    decided = decide_review(
        actor=None, review=review, decision="CONDITIONAL_GO", reason=text(), today=DAY, conditions=[wanted]
    )  # fmt: skip
    made = decided.conditions.get()
    show_evidence(actor=owner, condition=made, evidence=text(), today=DAY)
    return made


def _document(project: Project, owner: User, text: Text) -> int:
    """Return a charter with a canary below its first heading."""
    begun = documents.begin_document(
        actor=owner, project=project, template=template(), language="en", requirement="SG-06", today=DAY
    ).document  # fmt: skip
    documents.write_section(
        actor=owner, document=begun, section="purpose", text=text(), expected_revision=newest(begun).revision,
        today=DAY,
    )  # fmt: skip
    return begun.pk
