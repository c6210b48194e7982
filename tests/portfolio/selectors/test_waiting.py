"""What waits for a person's decision: who is asked, until when, and who is not."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import EmergencyAccess, RoleGrant, User
from pmo_portal.accounts.services.emergency import confirm_access
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.notifications.models import Notification
from portfolio.choices import WaitingKind
from portfolio.models import GateCondition, Waiver
from portfolio.selectors.waiting import waiting_for
from portfolio.services import help_requests, library, methodologies
from portfolio.services.artefacts import record_step
from portfolio.services.gate_reviews import cast_vote
from portfolio.services.governance import bind_methodology
from portfolio.services.methodology_drafts import remove_row
from portfolio.services.waivers import decide_waiver, request_waiver
from projects.models import Project
from projects.services import dependencies
from projects.services.baseline_requests import ask_for_baseline
from projects.services.baselines import set_baseline
from tests.factories import grant, moment, person, portfolio_node, project, task, user
from tests.portfolio import lessons, libraries, methods, offices
from tests.portfolio.gates import G0_DAY, G1_DAY, requested, scene
from tests.portfolio.methods import DAY
from tests.projects.dependencies import dependency_scene, hide

pytestmark = pytest.mark.django_db
KINDS = WaitingKind


def lines(person: Any, today: date = DAY) -> list[tuple[str, str, str, date | None]]:
    """Return kind, title, project and last day of what waits for somebody."""
    return [(row.kind, row.title, row.project, row.due) for row in waiting_for(person, today=today)]


def test_vote_waits_until_cast_then_the_chair_decides() -> None:
    """Stella and Petra are asked; once both voted, Petra as the chair decides. Alice requested it (ORG-8)."""
    found = scene()
    review = requested(found)
    vote = [(KINDS.GATE_VOTE, "Gate G0: cast your vote", "P-1", G0_DAY)]

    before = [lines(each) for each in (found.stella, found.petra, found.alice)]
    for each in (found.stella, found.petra):
        cast_vote(actor=each, review=review, vote="GO", reason="Ready", today=DAY)
    after = [lines(each) for each in (found.stella, found.petra)]

    assert before == [vote, vote, []]
    assert after == [[], [(KINDS.GATE_DECISION, "Gate G0: the votes are in, decide", "P-1", G0_DAY)]]


def test_who_works_in_the_project_neither_votes_nor_counts() -> None:
    """STD-16: Stella joins the team after the request: not asked, and her vote makes no quorum."""
    found = scene()
    review = requested(found)
    cast_vote(actor=found.stella, review=review, vote="GO", reason="Ready", today=DAY)
    grant(found.stella, Role.TEAM_MEMBER, found.project.node)

    assert lines(found.stella) == []
    assert [row[0] for row in lines(found.petra)] == [KINDS.GATE_VOTE]


def test_condition_said_to_be_met_waits_for_deciders() -> None:
    """Before, it waits for its owner to meet it; not for deciders while nobody says how it was met."""
    found = scene()
    review = requested(found)
    for each in (found.stella, found.petra):
        cast_vote(actor=each, review=review, vote="GO", reason="Ready", today=DAY)
    type(review).objects.update(state="DECIDED", decision="CONDITIONAL_GO", decided_on=DAY)
    asked = GateCondition.objects.create(
        review=review, number=1, text="Name a deputy", owner=found.petra, due=G0_DAY
    )
    quiet, own = lines(found.stella), waiting_for(found.petra, today=DAY)
    GateCondition.objects.filter(pk=asked.pk).update(evidence="Named", evidence_on=DAY)
    said = waiting_for(found.stella, today=DAY)[0]
    GateCondition.objects.filter(pk=asked.pk).update(evidence_by=found.alice)

    assert quiet == []
    expected = (KINDS.GATE_CONDITION, "Condition of gate G0: Name a deputy", "P-1", G0_DAY)
    assert lines(found.stella) == [expected]
    assert lines(found.petra) == []
    assert [(row.kind, row.title, row.due, row.since) for row in own] == [
        (KINDS.OWN_CONDITION, "Condition of gate G0: Name a deputy", G0_DAY, DAY)
    ]
    assert (said.asked_by, waiting_for(found.stella, today=DAY)[0].asked_by) == ("", found.alice.name)
    assert own[0].url == reverse("portfolio:condition_show", args=["P-1", asked.pk])


def _submit(found: Any) -> None:
    record_step(actor=found.alice, project=found.project, requirement="SG-06", state="SUBMITTED", today=DAY)


def test_artefact_waits_for_the_role_of_the_day_it_was_submitted() -> None:
    """The line names the artefact in words, and goes with the decision."""
    found = scene()
    _submit(found)
    (line,) = waiting_for(found.stella, today=DAY)
    told = Notification.objects.get(user=found.stella)

    record_step(actor=found.stella, project=found.project, requirement="SG-06", state="APPROVED", today=DAY)

    assert (line.kind, line.project, line.asked_by) == (KINDS.ARTEFACT, "P-1", found.alice.name)
    assert line.title.endswith(" (SG-06)")
    assert (line.since, line.due) == (DAY, G1_DAY)
    assert line.url == reverse("portfolio:governance_step", args=["P-1", "SG-06"])
    assert lines(found.stella) == [] == lines(found.alice)
    told.refresh_from_db()
    assert told.settled_at is not None
    assert told.read_at is not None


def test_work_begun_again_asks_for_nothing() -> None:
    """What was put in the place of a submission is not decided."""
    found = scene()
    _submit(found)
    record_step(actor=found.alice, project=found.project, requirement="SG-06", state="IN_WORK", today=DAY)

    assert lines(found.stella) == []


class Asking(NamedTuple):
    """A project and who asks in it."""

    project: Project
    alice: User


def _waiver(found: Any, code: str, expires_on: date = G0_DAY) -> Waiver:
    return request_waiver(
        actor=found.alice,
        project=found.project,
        requirement=code,
        reason="No time",
        risk="Late",
        compensating_control="Weekly call",
        expires_on=expires_on,
        today=DAY,
    )


@pytest.mark.parametrize(("tier", "role"), [("T1", Role.SPONSOR), ("T3", Role.PMO_HEAD)])
def test_waiver_waits_for_the_approver_of_the_tier(tier: str, role: str) -> None:
    """STD-7: the sponsor of T1 and T2, the PMO head of T3 and T4; a tier that changes later moves nothing."""
    found = scene(tier)
    head = user("Paula")
    grant(head, Role.PMO_HEAD, organization_node())
    waiver = _waiver(found, "SG-04")
    Project.objects.update(tier="T4" if tier == "T1" else "T1")
    asked, other = (found.stella, head) if role == Role.SPONSOR else (head, found.stella)

    assert waiver.approver == role
    assert [(row[0], row[3]) for row in lines(asked)] == [(KINDS.WAIVER, G0_DAY)]
    assert lines(other) == [] == lines(found.alice)
    decide_waiver(actor=asked, waiver=waiver, is_approved=True, note="", today=DAY)
    assert lines(asked) == []


def test_nothing_of_a_confidential_project() -> None:
    """SEC-13: seats and roles above lead nowhere into a confidential project."""
    found = scene()
    requested(found)
    sponsor = user("Sven")
    grant(sponsor, Role.SPONSOR, found.project.node.parent)
    record_step(actor=found.alice, project=found.project, requirement="SG-06", state="SUBMITTED", today=DAY)
    before = lines(sponsor)
    node = found.project.node
    node.is_confidential = True
    node.save(update_fields=["is_confidential"])

    assert before
    assert lines(sponsor) == [] == lines(found.petra)
    assert lines(found.stella)


def test_help_waits_for_the_discipline_then_for_who_took_it() -> None:
    """Not for an expert of another discipline, nor for who asked; without an expert for the head."""
    home = offices.office(head=person("Hana", of=user("Hana")))
    head = home.head.user  # type: ignore[union-attr]
    offices.member(home, home.head, discipline="QUALITY")
    asking = user("Alice")
    grant(asking, Role.PROJECT_MANAGER, project("P-1").node)
    question = help_requests.ask_for_help(
        actor=asking, office=home, discipline="RISK", title="Which scale?", today=offices.TODAY
    )
    alone = lines(head, offices.TODAY)
    rita, other = offices.member_user(home), offices.member_user(home, "Otto", discipline="CHANGE")
    with_expert = [lines(each, offices.TODAY) for each in (head, rita, other, asking)]
    help_requests.take_request(actor=other, request=question, today=offices.TODAY, expected_version=1)
    taken = [lines(each, offices.TODAY) for each in (rita, other)]

    line = (KINDS.HELP_REQUEST, "Which scale?", "", question.due_on)
    assert alone == [line]
    assert with_expert == [[], [line], [], []]
    assert taken == [[], [line]]


def test_dependency_waits_for_the_side_that_has_to_answer() -> None:
    """Asked of the giver's manager; declined, it waits for the receiver's; hidden names stay out."""
    scene = dependency_scene()
    made = scene.add()
    asked = [lines(each) for each in (scene.gina, scene.rita)]
    hide(scene.receiver)
    RoleGrant.objects.filter(user=scene.gina, role=Role.TEAM_MEMBER).delete()
    hidden = lines(scene.gina)
    dependencies.decline(actor=scene.gina, dependency=made, note="We deliver in May.", expected_version=1)

    need = made.need_by
    kind = KINDS.DEPENDENCY
    assert asked == [[(kind, "Get waits for “Delivered”: do you agree?", "GIVE-1", need)], []]
    assert hidden == [(kind, "Another project waits for “Delivered”: do you agree?", "GIVE-1", need)]
    assert lines(scene.gina) == []
    assert lines(scene.rita) == [(kind, "Give does not agree that “Arrived” waits for it", "GET-1", need)]
    assert not Notification.objects.filter(user=scene.gina, settled_at=None).exists()


def test_moved_date_waits_for_the_receiver() -> None:
    """Until its manager takes the new date over."""
    scene = dependency_scene()
    made = scene.add(is_agreed_by_giver=True)
    scene.slip(2)
    moved = lines(scene.rita)
    made.refresh_from_db()
    dependencies.accept_date(
        actor=scene.rita, dependency=made, now=timezone.now(), expected_version=made.version
    )

    assert [row[1] for row in moved] == ["Give moved the date that “Arrived” waits for"]
    assert lines(scene.rita) == []


def test_standards_wait_for_the_other_person() -> None:
    """ORG-8: what Anna submitted waits for Paula; once approved, for the day it holds from."""
    author, head = methods.anna(), methods.paula()
    draft = methods.draft_of(methods.stage_gate(), author)
    remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-34")
    methodologies.submit_version(actor=author, version=draft)
    submitted = [[row[:2] for row in lines(each)] for each in (head, author)]
    methodologies.approve_version(actor=head, version=draft, now=methods.NOW)

    assert submitted[0] == [(KINDS.METHODOLOGY, f"{draft.name} 1.1.0")]
    assert waiting_for(head, today=DAY)[0].since is not None
    assert submitted[1] == []
    assert "from which day on" in lines(head)[0][1]


def test_library_and_lessons_wait_for_the_pmo() -> None:
    """A draft of somebody else in review, and one line for all captured lessons (ORG-8, ORG-9)."""
    anna, zoe = lessons.curator(), lessons.curator(name="Zoe")
    item = libraries.draft(actor=anna, title="Risk register")
    library.send_for_review(actor=anna, item=item.item)
    open_one, hidden = project("P-1"), project("P-2")
    for place in (open_one, open_one, hidden):
        lessons.captured(place, actor=anna)
    lessons.hide(hidden)

    assert [row[:2] for row in lines(zoe)] == [
        (KINDS.LESSONS, "2 lessons to read"),
        (KINDS.LIBRARY, "Risk register"),
    ]
    assert lines(anna) == []


def test_emergency_access_waits_for_a_head_who_did_not_open_it() -> None:
    """Confirmed once, it waits for nobody."""
    head, other, opener = methods.paula(), methods.anna(), user("Ada")
    access = EmergencyAccess.objects.create(
        user=opener, project_code="P-1", reason="Fire", ends_at=timezone.now() + timedelta(hours=1)
    )
    waiting = [lines(each) for each in (head, other, opener)]
    confirm_access(actor=head, access=access)

    assert waiting == [[(KINDS.EMERGENCY, "Emergency access to P-1: was it in order?", "", None)], [], []]
    assert lines(head) == []


def test_due_first_then_what_waits_longest() -> None:
    """What has no last day comes last."""
    found = scene()
    requested(found)
    record_step(actor=found.alice, project=found.project, requirement="SG-06", state="SUBMITTED", today=DAY)
    _waiver(found, "SG-04", expires_on=DAY)

    kinds = [row.kind for row in waiting_for(found.stella, today=DAY)]

    assert kinds[0] == KINDS.WAIVER
    assert waiting_for(found.stella, today=DAY)[0].is_late(DAY) is False
    assert waiting_for(found.stella, today=DAY)[0].is_late(DAY + timedelta(days=1)) is True


def test_asked_baseline_waits_until_it_is_set() -> None:
    """SCH-36: it waits for who may set it, with the form filled in; never for who asked."""
    node, greta, alice = portfolio_node(), user("Greta"), user("Alice")
    grant(greta, Role.PORTFOLIO_MANAGER, node)
    made = project("P-1", parent=node, name="Substations")
    grant(alice, Role.PROJECT_MANAGER, made.node)
    task(made, "Trench", planned_start=moment(2), planned_finish=moment(6, 17))
    ask_for_baseline(actor=alice, project=made, effective_from=DAY, name="Start")

    before = [lines(each) for each in (greta, alice)]
    (line,) = waiting_for(greta, today=DAY)
    set_baseline(actor=greta, project=made, effective_from=DAY)

    assert before == [[(KINDS.BASELINE, "Alice asks for a baseline of P-1 Substations.", "", None)], []]
    assert line.url.startswith(reverse("projects:baseline_set", args=["P-1"]))
    assert lines(greta) == []


@pytest.mark.parametrize("number", [1, 3])
def test_waiting_asks_the_same_for_one_and_three(number: int, django_assert_num_queries: Any) -> None:
    """Papers of one project or of three."""
    above, sponsor, alice = portfolio_node(), user("Sven"), user("Alice")
    grant(sponsor, Role.SPONSOR, above)
    version = methods.stage_gate()
    for count in range(number):
        made = project(f"P-{count}", parent=above, tier="T1")
        grant(alice, Role.PROJECT_MANAGER, made.node)
        bind_methodology(actor=None, project=made, version=version, today=DAY)
        record_step(actor=alice, project=made, requirement="SG-06", state="SUBMITTED", today=DAY)
        _waiver(Asking(made, alice), "SG-04")

    with django_assert_num_queries(21):
        found = waiting_for(sponsor, today=DAY)

    assert len(found) == 2 * number


def test_page_and_api_say_the_same(client: Client) -> None:
    """Home shows the line with its day and link; a message opened there counts as read."""
    found = scene()
    requested(found)
    client.force_login(found.stella)
    message = Notification.objects.get(user=found.stella, kind="gate_requested")

    page = client.get("/").content.decode()
    api = client.get("/api/v1/waiting/").json()
    client.post(reverse("notifications:read", args=[message.pk]))

    (line,) = api["results"]
    assert (line["kind"], line["title"], line["due"]) == (
        "GATE_VOTE",
        "Gate G0: cast your vote",
        G0_DAY.isoformat(),
    )
    assert f'<a href="{line["url"]}">Gate G0: cast your vote</a>' in page
    assert f'action="{reverse("notifications:read", args=[message.pk])}"' in page
    message.refresh_from_db()
    assert message.read_at is not None
    assert message.settled_at is None
