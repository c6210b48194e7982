"""Rounds of assessments, gap plans and reminders (NEED-3, MAT-4 to MAT-6)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person, User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from pmo_portal.notifications.models import Notification
from portfolio.models import Assessment, GapAction
from portfolio.rollup.maturity import CODES as STATEMENTS
from portfolio.rollup.maturity import Aim
from portfolio.rollup.need import CODES
from portfolio.services import assessments, gap_plans
from portfolio.services.assessment_reminders import remind_of_assessments
from tests.factories import grant, person, user

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
EX_NEED = dict(zip(CODES, (3, 2, 4, 3, 2, 3, 2, 1, 2, 3, 2, 2, 1, 2, 1, 1, 2, 1, 0, 1), strict=True))


def paula() -> User:
    made = user("Paula")
    grant(made, Role.PMO_HEAD, organization_node())
    return made


def bob() -> Person:
    return person("Bob", of=user("Bob"))


def start(actor: User | None, *people: Person, **facts: Any) -> Assessment:
    draft = assessments.AssessmentDraft(**{"kind": "NEED", "title": "Need 2026", "held_on": DAY, **facts})
    return assessments.start_assessment(actor=actor, draft=draft, people=people)


def answer(who: Person, held: Assessment, answers: dict[str, int], **facts: Any) -> Any:
    assert who.user is not None
    return assessments.answer_assessment(actor=who.user, assessment=held, answers=answers, now=NOW, **facts)


def close(held: Assessment, actor: User | None = None) -> Assessment:
    return assessments.close_assessment(actor=actor, assessment=held, expected_version=None, now=NOW)


def closed_maturity(who: Person, answers: dict[str, int], **facts: Any) -> Assessment:
    held = start(None, who, kind="MATURITY", scope="PROJECT", title="Maturity 2026", **facts)
    answer(who, held, answers, evidence=dict.fromkeys(answers, "Seen in the register"))
    return close(held)


def risk(*values: int) -> dict[str, int]:
    return dict(zip([code for code in STATEMENTS if code.startswith("RISK")], values, strict=True))


def test_round_from_invitation_to_kept_result() -> None:
    """EX-NEED, NEED-3: each step is audited, the respondent is told, the result stays."""
    head, asked = paula(), bob()

    held = start(head, asked)
    answer(asked, held, EX_NEED)
    closed = close(held, head)

    assert closed.state == "CLOSED"
    assert closed.result == {
        "C": "62.5000", "Z": "50.0000", "M": "25.0000", "index": "60.6250", "mandate": "CONTROLLING",
    }  # fmt: skip
    told = Notification.objects.get(user=asked.user)
    assert (told.kind, told.url) == ("assessment_invited", f"/pmo/assessments/{held.pk}/answer/")
    assert told.settled_at is not None
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "assessment.started", "assessment.invited", "assessment.answered", "assessment.closed",
    ]  # fmt: skip


def test_only_the_pmo_starts_invites_and_closes() -> None:
    """Domain 1.3: nothing changes and nothing is audited."""
    outsider, asked = user("Charlie"), bob()
    held = start(None, asked)
    entries = AuditEntry.objects.count()

    for act in (
        lambda: start(outsider, asked),
        lambda: assessments.invite_respondents(actor=outsider, assessment=held, people=[person("C")]),
        lambda: close(held, outsider),
        lambda: assessments.withdraw_assessment(
            actor=outsider, assessment=held, reason="No reason at all", expected_version=None
        ),
        lambda: gap_plans.plan_gaps(actor=outsider, assessment=held, aims={}),
    ):
        with pytest.raises(NotAllowed):
            act()

    held.refresh_from_db()
    assert (Assessment.objects.count(), held.state, AuditEntry.objects.count()) == (1, "OPEN", entries)


def test_who_is_not_asked_cannot_answer() -> None:
    held, other = start(None, bob()), person("Charlie", of=user("Charlie"))

    with pytest.raises(assessments.NotRespondent):
        answer(other, held, EX_NEED)

    assert held.respondents.filter(answered_at__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("answers", "field"), [({"C1": 5}, "C1"), ({"X9": 1}, "X9"), ({"C1": True}, "C1"), ({}, None)]
)
def test_unknown_answers_are_refused(answers: dict[str, int], field: str | None) -> None:
    asked = bob()
    held = start(None, asked)

    with pytest.raises(DomainError) as refused:
        answer(asked, held, answers)

    assert refused.value.field == field


def test_largely_needs_evidence() -> None:
    """Domain 14.2: evidence for 2 and more, none for less."""
    asked = bob()
    held = start(None, asked, kind="MATURITY", scope="PROJECT")

    with pytest.raises(ValidationError) as refused:
        answer(asked, held, {"RISK-2a": 2, "RISK-2b": 1, "RISK-3a": 3}, evidence={"RISK-2a": "  "})
    kept = answer(asked, held, {"RISK-2a": 2, "RISK-2b": 1}, evidence={"RISK-2a": "The register"})

    sentence = ["Say what shows this: largely and fully need evidence."]
    assert refused.value.message_dict == {"RISK-2a": sentence, "RISK-3a": sentence}
    assert kept.evidence == {"RISK-2a": "The register"}


def test_people_without_a_sign_in_cannot_be_asked() -> None:
    with pytest.raises(DomainError) as refused:
        start(None, person("Dora"))

    assert refused.value.field == "people"
    assert "Dora" in str(refused.value)
    assert Assessment.objects.count() == 0


def test_round_without_a_result_cannot_be_closed() -> None:
    """CON-4: no answers, and too few of them."""
    asked = bob()
    held = start(None, asked)

    with pytest.raises(Conflict) as nobody:
        close(held)
    answer(asked, held, {"C1": 1})
    with pytest.raises(Conflict) as too_few:
        close(held)

    assert (nobody.value.code, too_few.value.code) == ("NO_ANSWERS", "INSUFFICIENT_DATA")


def test_closed_round_never_changes() -> None:
    """NEED-3: history is kept."""
    asked = bob()
    held = start(None, asked)
    answer(asked, held, EX_NEED)
    close(held)

    with pytest.raises(Conflict):
        answer(asked, held, {"C1": 0})
    with pytest.raises(Conflict):
        close(held)

    assert held.respondents.get().answers == EX_NEED


def test_gap_plan_keeps_what_people_planned() -> None:
    """MAT-5: a new plan keeps owners; what no target asks for any more goes, or is not pursued."""
    asked = bob()
    held = closed_maturity(asked, risk(2, 2, 1, 2, 0, 0, 0, 0))

    first = gap_plans.plan_gaps(actor=None, assessment=held, aims={"RISK": Aim(4, 2)})
    gap_plans.edit_gap_action(
        actor=None, gap_action=first[1], changes={"action": "Quantify", "owner": asked, "effort": "M"},
        today=DAY, expected_version=1,
    )  # fmt: skip
    second = gap_plans.plan_gaps(actor=None, assessment=held, aims={"RISK": Aim(3, 3)})

    assert [(each.statement, each.priority) for each in first] == [
        ("RISK-3a", 4), ("RISK-4a", 4), ("RISK-4b", 4),
    ]  # fmt: skip
    assert sorted((each.statement, each.priority, each.state) for each in second) == [
        ("RISK-3a", 3, "OPEN"), ("RISK-4a", 4, "DROPPED"),
    ]  # fmt: skip


def test_gap_plan_needs_a_closed_maturity_assessment() -> None:
    asked = bob()
    held = start(None, asked, kind="MATURITY", scope="PROJECT")

    with pytest.raises(Conflict):
        gap_plans.plan_gaps(actor=None, assessment=held, aims={"RISK": Aim(3)})

    assert GapAction.objects.count() == 0


def test_owner_ends_an_action_with_a_note_and_changes_nothing_else() -> None:
    """MAT-5: tracked to done; the owner is told when the action becomes theirs."""
    asked = bob()
    held = closed_maturity(asked, risk(2, 2, 1, 2, 0, 0, 0, 0))
    action = gap_plans.plan_gaps(actor=None, assessment=held, aims={"RISK": Aim(3)})[0]
    edit = gap_plans.edit_gap_action
    edit(actor=None, gap_action=action, changes={"owner": asked}, today=DAY, expected_version=1)

    with pytest.raises(NotAllowed):
        edit(actor=asked.user, gap_action=action, changes={"due": DAY}, today=DAY, expected_version=2)
    with pytest.raises(DomainError) as without_note:
        edit(actor=asked.user, gap_action=action, changes={"state": "DONE"}, today=DAY, expected_version=2)
    with pytest.raises(StaleObject):
        edit(actor=asked.user, gap_action=action, changes={"note": "x"}, today=DAY, expected_version=1)
    done = edit(
        actor=asked.user, gap_action=action, changes={"state": "DONE", "note": "One scale in use"},
        today=DAY, expected_version=2,
    )  # fmt: skip

    assert without_note.value.field == "note"
    assert (done.state, done.ended_on, done.version) == ("DONE", DAY, 3)
    assert Notification.objects.filter(user=asked.user, kind="gap_action").count() == 1


def test_reminders_come_once() -> None:
    """NEED-3: late respondents, and PMO heads a year later; running again sends nothing more."""
    head, asked = paula(), bob()
    late = start(None, asked, answer_by=DAY)
    closed_maturity(asked, risk(2, 2, 0, 0, 0, 0, 0, 0))
    year_later = DAY + timedelta(days=365)

    before = remind_of_assessments(today=DAY)
    next_day = remind_of_assessments(today=DAY + timedelta(days=1))
    almost = remind_of_assessments(today=year_later - timedelta(days=1))
    after = remind_of_assessments(today=year_later)
    remind_of_assessments(today=year_later + timedelta(days=1))

    assert (before.late, before.yearly) == (0, 0)
    assert (next_day.late, almost.yearly) == (1, 0)
    assert after.yearly == 1
    told = Notification.objects.filter(kind="assessment_reminder").order_by("pk")
    assert [(each.user, each.url) for each in told] == [
        (asked.user, f"/pmo/assessments/{late.pk}/answer/"),
        (head, "/pmo/assessments/new/?kind=MATURITY"),
    ]
