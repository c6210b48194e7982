"""KNO-6: lessons are offered to the projects they fit, and their managers mark them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio import actions
from portfolio.models import KnowledgeVersion, LessonOffer, LessonProfile, UsageEvent
from portfolio.selectors.lessons import Reviewed, project_lessons, review_counts
from portfolio.services import lesson_offers as service
from portfolio.services.governance import bind_methodology, plan_gates
from portfolio.services.lesson_offers import Offered
from portfolio.services.lessons import retire_lesson
from portfolio.services.library_use import use_in_project
from projects.models import Project
from tests import factories
from tests.portfolio.lessons import TODAY, captured, curator, hide, published
from tests.portfolio.methods import stage_gate

pytestmark = pytest.mark.django_db
OLD = "It is out of date by now."


def new_project(code: str = "FRESH", **facts: object) -> Project:
    return factories.project(code, **{"category": "Site", "tier": "T1", "state": "PLANNING", **facts})


def old_project(code: str = "OLD", **facts: object) -> Project:
    return new_project(code, **facts)


def look(project: Project, occasion: str = "START") -> int:
    return service.look_for_lessons(actor=None, project=project, occasion=occasion, today=TODAY)


def test_lesson_is_offered_with_what_fits() -> None:
    published(old_project(), tags="permit, crane")
    project = new_project()
    service.set_lesson_tags(actor=None, project=project, tags="Crane, data")

    assert look(project) == 1

    offer = LessonOffer.objects.get()
    assert (offer.points, offer.reasons) == (
        5,
        {"category": "Site", "methodology": "", "tags": ["crane"], "tier": "T1"},
    )
    assert project_lessons(curator(), project).offers[0].why == (
        "same category: Site (3)",
        "shared tag: crane (1)",
        "same tier: T1 (1)",
    )


def test_methodology_of_both_gives_two_points() -> None:
    old, project = old_project(category="A", tier="T2"), new_project(category="B", tier="T3")
    for each in (old, project):
        bind_methodology(actor=None, project=each, version=stage_gate(), today=TODAY)
    published(old)

    look(project)

    assert LessonOffer.objects.get().points == 2


def test_own_confidential_retired_and_waiting_lessons_are_not_offered() -> None:
    """ORG-9."""
    project = new_project()
    published(project)
    published(old_project("SECRET", is_confidential=True))
    captured(old_project("WAITS"))
    retire_lesson(actor=None, lesson=published(old_project("GONE")), reason=OLD, today=TODAY)

    assert look(project) == 0


def test_ten_in_all_are_offered_at_intake_and_start() -> None:
    old, project = old_project(), new_project(state="PROPOSED")
    for _each in range(12):
        published(old)

    assert (look(project, "INTAKE"), look(project, "START"), look(project, "INTAKE")) == (10, 0, 0)
    assert look(project, "RISK") == 2


@pytest.mark.parametrize(("occasion", "kind"), [("RISK", "AVOID"), ("GATE", "KEEP")])
def test_never_more_than_ten_wait_for_a_mark_before_a_gate_or_workshop(occasion: str, kind: str) -> None:
    old, project = old_project(category="Other"), new_project()
    for _each in range(12):
        published(old, kind=kind)
    best = published(old_project("BEST"), kind=kind)

    assert (look(project, occasion), look(project, occasion)) == (10, 0)
    first = LessonOffer.objects.get(lesson=best)
    service.mark_offer(actor=None, offer=first, mark="NOT_RELEVANT", note="We do so already.", today=TODAY)
    assert (look(project, occasion), look(project, occasion)) == (1, 0)


def test_offer_of_a_retired_lesson_asks_nothing_and_counts_no_use() -> None:
    """KNO-6: what nobody can mark is not counted as unmarked."""
    applied, waiting = published(old_project()), published(old_project("OLD-2"))
    project, anna = new_project(), curator()
    look(project)
    alice = factories.manager_of(project)
    first, second = (LessonOffer.objects.get(lesson=each) for each in (applied, waiting))
    service.mark_offer(actor=alice, offer=first, mark="APPLIED", note="", today=TODAY)

    for each in (applied, waiting):
        retire_lesson(actor=None, lesson=each, reason=OLD, today=TODAY)
    for offer, mark in ((first, "LATER"), (second, "APPLIED")):
        with pytest.raises(Conflict) as refused:
            service.mark_offer(actor=alice, offer=offer, mark=mark, note="because", today=TODAY)
        assert refused.value.code == "NOT_IN_USE"

    shown = project_lessons(anna, project)
    assert [(row.lesson, row.is_in_use) for row in shown.offers] == [(applied, False)]
    assert (review_counts([project.pk], TODAY), UsageEvent.objects.count()) == (
        {project.pk: Reviewed(1, 1)},
        1,
    )


def test_offer_of_a_project_that_became_confidential_is_gone() -> None:
    """ORG-9, SEC-13."""
    lesson, kept, project = published(old_project()), published(old_project("KEPT")), new_project()
    look(project)
    hide(lesson.project)
    paula = curator(Role.PMO_HEAD, "Paula")

    assert [row.lesson for row in project_lessons(paula, project).offers] == [kept]
    assert project_lessons(paula, project).rate == 0
    offer = LessonOffer.objects.get(lesson=lesson)
    with pytest.raises(Conflict):
        service.mark_offer(actor=None, offer=offer, mark="APPLIED", note="", today=TODAY)


@pytest.mark.parametrize("tags", ["x" * 61, ", ".join(f"tag-{each}" for each in range(13)), "y" * 400])
def test_tags_that_do_not_fit_are_refused_at_their_field(tags: str) -> None:
    project = new_project()
    service.set_lesson_tags(actor=None, project=project, tags="permit")

    with pytest.raises(DomainError) as refused:
        service.set_lesson_tags(actor=None, project=project, tags=tags)

    assert (refused.value.code, refused.value.field) == ("TAGS", "tags")
    assert LessonProfile.objects.get().tags == "permit"


def test_use_from_the_library_marks_the_offer_and_counts_once() -> None:
    lesson, project = published(old_project()), new_project()
    alice, offer = factories.manager_of(project), offer_to(project)
    version = KnowledgeVersion.objects.get(item=lesson.item)

    use_in_project(actor=alice, version=version, project=project, day=TODAY)
    service.mark_offer(actor=alice, offer=offer, mark="APPLIED", note="in the plan", today=TODAY)

    offer.refresh_from_db()
    assert (offer.mark, UsageEvent.objects.filter(kind="REUSE").count()) == ("APPLIED", 1)


def test_use_from_the_library_replaces_a_former_mark_with_its_trail() -> None:
    lesson, project = published(old_project()), new_project()
    alice, offer = factories.manager_of(project), offer_to(project)
    service.mark_offer(actor=alice, offer=offer, mark="NOT_RELEVANT", note="no work at sea here", today=TODAY)

    version = KnowledgeVersion.objects.get(item=lesson.item)
    use_in_project(actor=alice, version=version, project=project, day=TODAY)

    offer.refresh_from_db()
    assert (offer.mark, offer.note) == ("APPLIED", "")
    trail = AuditEntry.objects.filter(action=actions.LESSON_MARKED).order_by("-pk")[0]
    assert (trail.before, trail.after) == (
        {"mark": "NOT_RELEVANT"},
        {"mark": "APPLIED", "project": project.code},
    )


def test_own_and_confidential_lessons_are_not_used_from_the_library() -> None:
    """ORG-9."""
    own, secret = published(old_project()), published(old_project("SECRET", is_confidential=True))
    paula = curator(Role.PMO_HEAD, "Paula")

    for lesson, project in ((own, own.project), (secret, own.project)):
        version = KnowledgeVersion.objects.get(item=lesson.item)
        with pytest.raises(Conflict) as refused:
            use_in_project(actor=paula, version=version, project=project, day=TODAY)
        assert refused.value.code == "NOT_FOR_OTHERS"

    assert UsageEvent.objects.count() == 0


def test_risk_workshop_gets_what_to_avoid_and_gate_what_fits_the_phase() -> None:
    old, project = old_project(), new_project()
    published(old, kind="KEEP", phase="CLOSING", title="Keep")
    published(old, kind="AVOID", phase="CLOSING", title="Avoid")
    published(old, kind="KEEP", phase="PLANNING", title="Plan")

    look(project, "RISK")
    look(project, "GATE")

    offered = LessonOffer.objects.order_by("pk").values_list("occasion", "lesson__title")
    assert list(offered) == [("RISK", "Avoid"), ("GATE", "Plan")]


def test_unknown_occasion_and_outsiders_are_refused() -> None:
    project = new_project()

    with pytest.raises(DomainError) as refused:
        look(project, "PARTY")
    with pytest.raises(NotAllowed):
        service.look_for_lessons(
            actor=factories.user("Charlie"), project=project, occasion="RISK", today=TODAY
        )

    assert refused.value.code == "UNKNOWN_OCCASION"


def test_daily_offer_reaches_new_projects_once_and_tells_their_managers() -> None:
    published(old_project(state="CLOSED"))
    alice = factories.manager_of(new_project())
    new_project("IDEA", state="PROPOSED")
    new_project("DONE", state="CANCELED")

    first, again = service.offer_daily(today=TODAY), service.offer_daily(today=TODAY)

    assert (first, again) == (Offered(begun=2, gates=0), Offered(begun=0, gates=0))
    assert list(LessonOffer.objects.order_by("project__code").values_list("project__code", "occasion")) == [
        ("FRESH", "START"),
        ("IDEA", "INTAKE"),
    ]
    told = Notification.objects.get()
    assert (told.user, told.title) == (alice, "1 lesson of another project fits FRESH")
    assert told.url == "/portfolio/projects/FRESH/lessons/"


@pytest.mark.parametrize(("days", "gates"), [(14, 1), (15, 0), (0, 0)])
def test_daily_offer_comes_before_a_gate(days: int, gates: int) -> None:
    project = new_project()
    bind_methodology(actor=None, project=project, version=stage_gate(), today=TODAY)
    plan_gates(actor=None, project=project, dates={("G2", 1): TODAY + timedelta(days=days)}, today=TODAY)
    service.offer_daily(today=TODAY)
    published(old_project(state="CLOSED"), phase="PLANNING")
    LessonOffer.objects.create(
        project=project,
        lesson=published(old_project("X", state="CLOSED")),
        occasion="START",
        points=1,
        offered_on=TODAY,
    )

    assert service.offer_daily(today=TODAY).gates == gates
    assert service.offer_daily(today=TODAY).gates == 0


@pytest.mark.parametrize("number", [1, 3])
def test_daily_offer_asks_the_same_number_of_questions(number: int) -> None:
    for each in range(number):
        new_project(f"FRESH-{each}")

    with CaptureQueriesContext(connection) as asked:
        service.offer_daily(today=TODAY)

    assert len(asked) == 10


def offer_to(project: Project) -> LessonOffer:
    look(project)
    return LessonOffer.objects.get(project=project)


def test_applied_lesson_counts_as_a_reuse_with_where() -> None:
    lesson, project = published(old_project()), new_project()
    alice = factories.manager_of(project)
    given = {"actor": alice, "offer": offer_to(project), "today": TODAY}

    service.mark_offer(**given, mark="APPLIED", note="in the procurement plan")

    used = UsageEvent.objects.get()
    assert (used.item, used.project, used.kind, used.user) == (lesson.item, project, "REUSE", alice)
    assert AuditEntry.objects.last().action == "lesson.marked"

    service.mark_offer(**given, mark="LATER", note="after the tender")

    assert UsageEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("mark", "note", "code"), [("LATER", " ", "NOTE_NEEDED"), ("PROPOSED", "why", "UNKNOWN_MARK")]
)
def test_mark_without_reason_is_refused(mark: str, note: str, code: str) -> None:
    published(old_project())
    offer = offer_to(new_project())

    with pytest.raises(DomainError) as refused:
        service.mark_offer(actor=None, offer=offer, mark=mark, note=note, today=TODAY)

    assert refused.value.code == code
    assert LessonOffer.objects.get().mark == "PROPOSED"


def test_member_does_not_mark() -> None:
    published(old_project())
    project = new_project()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    with pytest.raises(NotAllowed):
        service.mark_offer(actor=bob, offer=offer_to(project), mark="APPLIED", note="", today=TODAY)


def test_review_rate_is_marked_by_proposed() -> None:
    """KNO-6, KNO-10."""
    old, project, none = old_project(), new_project(), new_project("NONE", category="X", tier="T4")
    for _each in range(4):
        published(old)
    look(project)
    offer = LessonOffer.objects.order_by("pk")[0]
    service.mark_offer(actor=None, offer=offer, mark="NOT_RELEVANT", note="No crane here.", today=TODAY)

    assert review_counts([project.pk, none.pk], TODAY) == {project.pk: Reviewed(4, 1)}
    shown_to = curator()
    shown = project_lessons(shown_to, project)
    assert (shown.rate, shown.marked, shown.waiting) == (Decimal("0.25"), 1, 3)
    assert project_lessons(shown_to, none).rate is None
