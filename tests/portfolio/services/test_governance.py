"""A project and its methodology: version, tier, choices, artefacts, waivers, compliance (STD-2 to STD-7)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import (
    ArtefactStep,
    ComplexityScore,
    GateReview,
    MethodologyBinding,
    TailoringChoice,
    Waiver,
)
from portfolio.rollup.facts import RecordRef
from portfolio.rollup.tier import WEIGHTS
from portfolio.selectors.compliance_records import ComplianceFigure
from portfolio.selectors.facts import load_surroundings
from portfolio.selectors.gate_page import gate_page
from portfolio.selectors.governance import governance_of
from portfolio.services.artefacts import record_step
from portfolio.services.governance import bind_methodology, plan_gates, score_complexity, tailor
from portfolio.services.methodology_drafts import remove_row
from portfolio.services.waivers import decide_waiver, expire_waivers, request_waiver, revoke_waiver
from projects.models import Project
from tests.factories import grant, manager_of, project, user
from tests.portfolio import gates
from tests.portfolio.methods import DAY, draft_of, paula, publish, stage_gate

pytestmark = pytest.mark.django_db
GATE = DAY + timedelta(days=10)


def followed(tier: str = "T2") -> Project:
    """A project that follows SG 1.0.2, G0 and G1 planned."""
    made = project("P-1", tier=tier)
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    dates: dict[tuple[str, int], date | None] = {("G0", 1): GATE, ("G1", 1): GATE + timedelta(days=30)}
    plan_gates(actor=None, project=made, dates=dates, today=DAY)
    return made


def step(made: Project, code: str, state: str, *, day: date = DAY, actor: Any = None) -> ArtefactStep:
    return record_step(actor=actor, project=made, requirement=code, state=state, today=day)


def sponsor_of(made: Project) -> Any:
    sponsor = user("Stella")
    grant(sponsor, Role.SPONSOR, made.node)
    return sponsor


def asked_waiver(
    made: Project, *, actor: Any = None, code: str = "SG-04", until: date | None = None
) -> Waiver:
    return request_waiver(
        actor=actor,
        project=made,
        requirement=code,
        reason="The law demands it",
        risk="Money is spent badly",
        compensating_control="Monthly look by finance",
        expires_on=until or GATE + timedelta(days=60),
        today=DAY,
    )


def percent(made: Project, day: date) -> Decimal | None:
    known = governance_of(made, day)
    return known.compliance(day).percent if known else None


def test_project_keeps_its_version() -> None:
    """STD-2: publishing a newer one changes nothing for it."""
    made, author, head = followed(), paula(), paula()
    draft = draft_of(stage_gate(), author)
    remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-01")
    publish(draft, author=author, head=head)

    known = governance_of(made, DAY + timedelta(days=1))

    assert known is not None
    assert known.version.version == "1.0.2"
    assert known.content.requirement("SG-01") is not None


def test_second_methodology_is_refused() -> None:
    made = followed()

    with pytest.raises(Conflict, match="follows a methodology already"):
        bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)

    assert MethodologyBinding.objects.count() == 1


def test_outsiders_change_nothing() -> None:
    made = followed()
    before = AuditEntry.objects.count()

    for act in (
        lambda charlie: tailor(
            actor=charlie, project=made, requirement="SG-03", choice="KEEP", note="", today=DAY
        ),
        lambda charlie: step(made, "SG-01", "SUBMITTED", actor=charlie),
        lambda charlie: asked_waiver(made, actor=charlie),
    ):
        with pytest.raises(NotAllowed):
            act(user("Charlie"))

    assert (TailoringChoice.objects.count(), ArtefactStep.objects.count(), Waiver.objects.count()) == (
        0,
        0,
        0,
    )
    assert AuditEntry.objects.count() == before


def test_score_keeps_answers_and_sets_the_tier() -> None:
    """EX-STD-1 through the service."""
    made = followed("T1")
    answers = dict(zip(WEIGHTS, (3, 2, 3, 4, 2, 3, 4, 3, 4, 2), strict=True))

    score = score_complexity(actor=None, project=made, answers=answers, today=DAY)

    known = governance_of(made, DAY)
    assert known is not None
    assert (score.score, score.tier, score.answers, score.applies_from) == (
        Decimal("3.05"),
        "T3",
        answers,
        DAY,
    )
    assert known.records.tier == "T3"


def test_higher_tier_applies_from_the_next_gate() -> None:
    """STD-4; a lower one at once."""
    made = followed("T1")
    for number in (2, 3, 1):
        score_complexity(
            actor=None,
            project=made,
            answers=dict.fromkeys(WEIGHTS, number),
            today=DAY + timedelta(days=number),
        )

    found = list(ComplexityScore.objects.order_by("pk").values_list("tier", "applies_from"))

    assert found == [("T2", DAY + timedelta(days=2)), ("T3", GATE), ("T1", DAY + timedelta(days=1))]


def test_missing_answer_is_named() -> None:
    made = followed()

    with pytest.raises(ValidationError) as refused:
        score_complexity(
            actor=None,
            project=made,
            answers={code: 3 for code in WEIGHTS if code not in ("F9", "F10")},
            today=DAY,
        )

    assert (sorted(refused.value.message_dict), ComplexityScore.objects.count()) == (["F10", "F9"], 0)


@pytest.mark.parametrize(
    ("code", "choice", "note", "told"),
    [
        ("SG-01", "DROP", "Why not", "Ask for a waiver instead"),
        ("SG-03", "DROP", " ", "Say in a note why"),
        ("SG-03", "ADD", "", "part of this tier already"),
        ("SG-01", "KEEP", "", "Only what is recommended is kept"),
        ("SG-15", "DROP", "Why not", "Only what is recommended is kept"),
        ("GHOST", "KEEP", "", "no such requirement"),
    ],
)
def test_tailoring_has_rules(code: str, choice: str, note: str, told: str) -> None:
    """STD-3."""
    made = followed()

    with pytest.raises(DomainError, match=told):
        tailor(actor=None, project=made, requirement=code, choice=choice, note=note, today=DAY)

    assert TailoringChoice.objects.count() == 0


def test_choice_can_be_taken_back() -> None:
    made = followed()
    for choice in ("KEEP", ""):
        tailor(actor=None, project=made, requirement="SG-03", choice=choice, note="", today=DAY)

    known = governance_of(made, DAY)

    assert known is not None
    assert known.choices == {}


def test_approver_role_approves_and_nobody_the_own() -> None:
    """STD-5, ORG-8: SG-06 is approved by the sponsor."""
    made = followed()
    alice, sponsor = manager_of(made), sponsor_of(made)
    step(made, "SG-06", "SUBMITTED", actor=alice)

    with pytest.raises(NotAllowed, match="another role"):
        step(made, "SG-06", "APPROVED", actor=alice)
    step(made, "SG-06", "APPROVED", actor=sponsor)
    with pytest.raises(Conflict, match="Nothing is submitted"):
        step(made, "SG-06", "APPROVED", actor=sponsor)

    assert list(ArtefactStep.objects.order_by("pk").values_list("state", flat=True)) == [
        "SUBMITTED",
        "APPROVED",
    ]


def test_manager_does_not_approve_the_own_register() -> None:
    """ORG-8: SG-08 is approved by the project manager, so somebody else submits it."""
    made = followed()
    alice = manager_of(made)
    step(made, "SG-08", "SUBMITTED", actor=alice)

    with pytest.raises(NotAllowed, match="somebody else has to approve"):
        step(made, "SG-08", "APPROVED", actor=alice)

    assert ArtefactStep.objects.count() == 1


def test_each_gate_asks_for_a_fresh_score() -> None:
    """STD-4: for the gate that comes next, until the complexity is scored after the one before."""
    found = gates.scene()

    def asked(gate: str) -> str:
        known = governance_of(found.project, DAY + timedelta(days=2))
        assert known is not None
        shown = gate_page(known, found.project, gate, 1, user=found.alice, today=DAY + timedelta(days=2))
        return shown.score_request if shown else "?"

    first = [asked("G0"), asked("G1")]
    answers = dict.fromkeys(WEIGHTS, 2)
    score_complexity(actor=None, project=found.project, answers=answers, today=DAY)
    scored = asked("G0")
    gates.decided(found, "GO")
    GateReview.objects.update(decided_on=DAY + timedelta(days=1))
    old = asked("G1")
    score_complexity(actor=None, project=found.project, answers=answers, today=DAY + timedelta(days=1))

    assert first == ["The complexity is not scored yet: ten answers give the tier.", ""]
    assert (scored, asked("G1"), asked("G2")) == ("", "", "")
    assert (
        old == "The complexity was scored on 2 Mar 2026, before the last gate. Score it again for this one."
    )


def test_control_is_done_not_approved() -> None:
    made = followed()

    with pytest.raises(DomainError, match="recurring control is done"):
        step(made, "SG-C1", "SUBMITTED")
    with pytest.raises(DomainError, match="recurring control is done"):
        step(made, "SG-01", "DONE")

    assert ArtefactStep.objects.count() == 0


def test_compliance_of_a_past_date_stays() -> None:
    """HG1 is computed again for past dates from what was known then."""
    made = followed()
    for code in ("SG-01", "SG-02"):
        step(made, code, "SUBMITTED")
    step(made, "SG-01", "APPROVED", day=GATE)
    at_gate = percent(made, GATE)
    step(made, "SG-02", "APPROVED", day=GATE + timedelta(days=5))
    plan_gates(
        actor=None, project=made, dates={("G0", 1): GATE + timedelta(days=90)}, today=GATE + timedelta(days=6)
    )

    days = [GATE - timedelta(days=1), GATE, GATE + timedelta(days=5), GATE + timedelta(days=6)]

    assert at_gate == 75
    assert [percent(made, day) for day in days] == [None, 75, 100, None]
    assert load_surroundings([made.pk], GATE).compliance == {
        made.pk: ComplianceFigure(Decimal(75), (RecordRef("requirement", "SG-02", "SG-02 Complexity score"),))
    }


def test_no_methodology_is_no_compliance() -> None:
    made = project("P-1")

    assert governance_of(made, DAY) is None
    assert load_surroundings([made.pk], DAY).compliance == {}


@pytest.mark.parametrize(
    ("tier", "code", "decider"),
    [
        ("T1", "SG-04", "SPONSOR"),
        ("T2", "SG-04", "SPONSOR"),
        ("T3", "SG-04", "PMO"),
        ("T4", "SG-04", "PMO"),
        ("T1", "G0-1", "PMO"),
    ],
)
def test_waiver_is_decided_by_tier(tier: str, code: str, decider: str) -> None:
    """STD-7: the sponsor for T1 and T2, the PMO head for T3, T4 and every knock-out."""
    made = followed(tier)
    people = {"SPONSOR": sponsor_of(made), "PMO": paula()}
    right = people.pop(decider)
    waiver = asked_waiver(made, code=code)

    with pytest.raises(NotAllowed, match="This waiver is decided by"):
        decide_waiver(actor=next(iter(people.values())), waiver=waiver, is_approved=True, note="", today=DAY)
    decided = decide_waiver(actor=right, waiver=waiver, is_approved=True, note="", today=DAY)

    assert (decided.state, decided.approved_on, decided.decided_by) == ("APPROVED", DAY, right)


def test_nobody_decides_the_own_waiver() -> None:
    """ORG-8."""
    made, head = followed("T3"), paula()
    waiver = asked_waiver(made, actor=head)

    with pytest.raises(NotAllowed, match="somebody else has to decide"):
        decide_waiver(actor=head, waiver=waiver, is_approved=True, note="", today=DAY)

    assert Waiver.objects.get().state == "SUBMITTED"


@pytest.mark.parametrize(("days", "is_right"), [(-1, False), (0, True), (365, True), (366, False)])
def test_waiver_ends_within_twelve_months(days: int, is_right: bool) -> None:
    """STD-7: at most to the same day of the next year."""
    made = followed()
    if not is_right:
        with pytest.raises(DomainError, match="at most twelve months ahead"):
            asked_waiver(made, until=DAY + timedelta(days=days))
        return

    assert asked_waiver(made, until=DAY + timedelta(days=days)).pk


def test_recommended_needs_no_waiver() -> None:
    made = followed()

    with pytest.raises(DomainError, match="can be dropped with a note"):
        asked_waiver(made, code="SG-03")


def test_waiver_expires_and_counts_again_the_next_day() -> None:
    """STD-7; the job runs twice and tells once."""
    made = followed()
    alice = manager_of(made)
    last = GATE + timedelta(days=5)
    for code in ("SG-01", "SG-02"):
        waiver = asked_waiver(made, code=code, until=last, actor=alice)
        decide_waiver(actor=None, waiver=waiver, is_approved=True, note="", today=DAY)

    found = [expire_waivers(today=last + timedelta(days=days)) for days in (0, 1, 1)]

    assert found == [0, 2, 0]
    assert [percent(made, last + timedelta(days=days)) for days in (0, 1)] == [None, 0]
    assert Notification.objects.filter(user=alice, kind="waiver_expired").count() == 2


def test_revoked_waiver_counts_from_that_day() -> None:
    made = followed()
    for code in ("SG-01", "SG-02"):
        waiver = asked_waiver(made, code=code)
        decide_waiver(actor=None, waiver=waiver, is_approved=True, note="", today=DAY)
        revoke_waiver(actor=None, waiver=waiver, note="Not needed any more", today=GATE + timedelta(days=2))

    assert [percent(made, GATE + timedelta(days=days)) for days in (1, 2)] == [None, 0]


def test_trail_names_artefacts_and_waivers_in_words() -> None:
    """Nobody knows "SG-06 SUBMITTED" by heart."""
    found = gates.scene("T3")
    step = {"actor": found.alice, "project": found.project, "requirement": "SG-06", "today": DAY}
    record_step(**step, state="SUBMITTED")
    request_waiver(
        actor=found.alice,
        project=found.project,
        requirement="SG-04",
        reason="No time",
        risk="Late",
        compensating_control="Weekly call",
        expires_on=DAY,
        today=DAY,
    )

    rows = AuditEntry.objects.filter(action__in=["governance.artefact_moved", "waiver.requested"])
    assert list(rows.order_by("pk").values_list("object_label", flat=True)) == [
        "Charter (SG-06): Submitted",
        "Business case (SG-04)",
    ]
