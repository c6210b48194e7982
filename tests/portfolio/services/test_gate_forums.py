"""Who sits in the forum of a gate: never the project itself, and only people who see it (STD-16, ORG-9)."""

from datetime import timedelta
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant, User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import GateMember, GateReview
from portfolio.selectors.gate_forum import forum_choices
from portfolio.selectors.gate_page import gate_page
from portfolio.selectors.governance import governance_of
from portfolio.services.gate_conditions import ConditionGiven, end_condition, show_evidence
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_forums import set_forum
from portfolio.services.gate_reviews import NotReadyError, cast_vote, request_review, withdraw_review
from tests.factories import grant, user
from tests.portfolio.gates import G0_DAY, Scene, decided, prepare, requested, scene, voted
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db


def name_forum(found: Scene, chair: User, deciders: tuple[User, ...] = (), **given: Any) -> GateReview:
    return set_forum(
        actor=found.alice,
        project=found.project,
        gate="G0",
        occurrence=1,
        chair=chair,
        deciders=deciders,
        today=DAY,
        **given,
    )


def refusal(act: Any) -> tuple[str, str | None, str]:
    """Return code, field and sentence of a refusal that leaves no line in the trail."""
    before = AuditEntry.objects.count()
    with pytest.raises(DomainError) as fault:
        act()
    assert AuditEntry.objects.count() == before
    return fault.value.code, fault.value.field, str(fault.value)


def administrator() -> User:
    adam = user("Adam")
    grant(adam, Role.ADMINISTRATOR, organization_node())
    return adam


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.PROJECT_MANAGER])
def test_who_came_into_the_project_later_neither_votes_nor_decides(role: str) -> None:
    """STD-16: named to the forum first, then working in the project; the vote cast before does not count."""
    found = scene()
    review = voted(requested(found), "GO", found.petra)
    grant(found.petra, role, found.project.node)

    vote = refusal(lambda: cast_vote(actor=found.petra, review=review, vote="GO", reason="Yes", today=DAY))
    decision = refusal(
        lambda: decide_review(actor=found.petra, review=review, decision="GO", reason="Yes", today=DAY)
    )
    quorum = refusal(lambda: decide_review(actor=None, review=review, decision="GO", reason="Yes", today=DAY))

    assert [row[0] for row in (vote, decision, quorum)] == ["BARRED", "BARRED", "QUORUM"]
    assert "0 of 1 deciders have voted" in quorum[2]


def test_page_shows_them_without_a_vote() -> None:
    found = scene()
    voted(requested(found), "GO", found.petra, found.stella)
    grant(found.petra, Role.TEAM_MEMBER, found.project.node)
    known = governance_of(found.project, DAY)
    assert known is not None

    page = gate_page(known, found.project, "G0", 1, user=found.petra, today=DAY)

    assert page is not None
    assert (page.voted, page.may_vote, page.may_decide, page.may_settle) == (1, False, False, False)
    assert page.barred == {found.alice.pk, found.petra.pk}


def test_a_barred_chair_keeps_the_review_from_being_requested() -> None:
    found = scene()
    prepare(found)
    grant(found.petra, Role.TEAM_MEMBER, found.project.node)

    with pytest.raises(NotReadyError, match="Who chairs the forum works in the project now") as fault:
        request_review(actor=found.alice, project=found.project, gate="G0", occurrence=1, today=DAY)

    assert fault.value.code == "BARRED"


def test_next_review_has_the_forum_without_them() -> None:
    """The same people look again, but for who works in the project now."""
    found = scene()
    review = requested(found)
    grant(found.stella, Role.TEAM_MEMBER, found.project.node)

    withdraw_review(actor=found.alice, review=review, reason="The case changed", today=DAY)

    again = GateReview.objects.get(occurrence=2)
    assert list(again.members.values_list("user__name", "part")) == [("Petra", "CHAIR")]


def test_barred_deciders_settle_no_condition() -> None:
    found = scene()
    row = decided(
        found, "CONDITIONAL_GO", conditions=[ConditionGiven("Show the fit", found.alice, G0_DAY)]
    ).conditions.get()
    show_evidence(actor=found.alice, condition=row, evidence="See the note", today=DAY)
    grant(found.petra, Role.TEAM_MEMBER, found.project.node)

    with pytest.raises(NotAllowed, match="You work in this project"):
        end_condition(actor=found.petra, condition=row, state="MET", note="", today=DAY)


def test_forum_of_a_requested_review_can_still_decide() -> None:
    """ORG-8, STD-16: who requested is not the chair, and the quorum of the evidence is kept."""
    found = scene()
    peter = user("Peter")
    grant(peter, Role.PORTFOLIO_MANAGER, found.project.node.parent)
    prepare(found)
    review = request_review(actor=peter, project=found.project, gate="G0", occurrence=1, today=DAY)
    chaired = refusal(lambda: name_forum(found, peter, (found.petra,)))
    GateReview.objects.update(evidence={**review.evidence, "quorum": 2})

    too_few = refusal(lambda: name_forum(found, found.petra, (peter,)))

    assert (chaired[0], chaired[1]) == ("OWN_REQUEST", "chair")
    assert (too_few[0], too_few[1]) == ("QUORUM", "deciders")
    assert "1 can vote, 2 are needed" in too_few[2]
    assert set(GateMember.objects.values_list("user__name", flat=True)) == {"Petra", "Stella"}


def test_administrators_are_not_asked() -> None:
    """ORG-9: a forum is named among people with a role that lets them see the project."""
    found, adam = scene(), administrator()
    known = governance_of(found.project, DAY)
    assert known is not None
    gate = known.content.gate("G0")
    assert gate is not None

    choices = forum_choices(found.project, gate, known.content)

    assert adam not in choices.everybody
    assert [row.name for row in choices.deciders] == ["Petra", "Stella"]
    assert [row.name for row in choices.advisers] == ["Alice"]


@pytest.mark.parametrize(
    ("part", "field"), [("chair", "chair"), ("deciders", "deciders"), ("advisers", "advisers")]
)
def test_refusals_stand_on_their_field_and_name_no_strangers(part: str, field: str) -> None:
    """ORG-9: a number that was guessed does not tell a name."""
    found, adam = scene(), administrator()
    given: dict[str, Any] = {"chair": found.petra, "deciders": (found.stella,), "advisers": ()}
    given[part] = adam if part == "chair" else (adam,)

    code, named, sentence = refusal(lambda: name_forum(found, **given))

    assert (code, named, "Adam" in sentence) == ("SEES_NOT", field, False)
    assert not GateMember.objects.exists()


def test_conditions_are_owned_by_people_who_see_the_project() -> None:
    """ORG-9: an owner who does not see it could not do it, and would be told of it."""
    found, adam = scene(), administrator()
    review = voted(requested(found), "CONDITIONAL_GO", found.petra)
    conditions = [
        ConditionGiven("Show the fit", found.stella, G0_DAY),
        ConditionGiven("Pay", adam, G0_DAY),
    ]

    code, field, sentence = refusal(
        lambda: decide_review(
            actor=found.petra,
            review=review,
            decision="CONDITIONAL_GO",
            reason="Yes",
            conditions=conditions,
            today=DAY,
        )
    )

    assert (code, field, "Adam" in sentence) == ("SEES_NOT", "owner_2", False)


def test_messages_go_to_people_who_see_the_project() -> None:
    """ORG-9: who lost the role since is not told what goes on."""
    found = scene()
    review = requested(found)
    RoleGrant.objects.filter(user=found.stella).delete()

    withdraw_review(actor=found.alice, review=review, reason="The case changed", today=DAY)

    told = Notification.objects.filter(kind="gate_withdrawn").values_list("user__name", flat=True)
    assert list(told) == ["Petra"]


def test_owner_is_told_once_of_all_conditions() -> None:
    found = scene()
    conditions = [
        ConditionGiven("Show the fit", found.stella, G0_DAY),
        ConditionGiven("Name the owner", found.stella, G0_DAY + timedelta(days=1)),
    ]

    decided(found, "CONDITIONAL_GO", conditions=conditions)

    told = Notification.objects.filter(kind="gate_condition").values_list("user__name", "title", "body")
    assert [(name, title.partition(":")[0], body) for name, title, body in told] == [
        ("Stella", "Conditions of gate G0 are yours", "Show the fit\nName the owner")
    ]


def test_forum_refuses_when_somebody_voted() -> None:
    found = scene()
    voted(requested(found), "GO", found.petra)

    with pytest.raises(Conflict, match="does not allow this"):
        name_forum(found, found.petra)
