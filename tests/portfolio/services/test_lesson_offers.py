"""KNO-6: lessons are offered to the projects they fit, and their managers mark them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import LessonOffer, UsageEvent
from portfolio.selectors.lessons import project_lessons, review_rates
from portfolio.services import lesson_offers as service
from portfolio.services.governance import bind_methodology, plan_gates
from portfolio.services.lesson_offers import Offered
from portfolio.services.lessons import retire_lesson
from projects.models import Project
from tests import factories
from tests.portfolio.lessons import TODAY, captured, published
from tests.portfolio.methods import stage_gate

pytestmark = pytest.mark.django_db


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
    assert project_lessons(project).offers[0].why == (
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
    retire_lesson(actor=None, lesson=published(old_project("GONE")), reason="It is out of date by now.")

    assert look(project) == 0


def test_ten_in_all_are_offered_at_intake_and_start() -> None:
    old, project = old_project(), new_project(state="PROPOSED")
    for _each in range(12):
        published(old)

    assert (look(project, "INTAKE"), look(project, "START"), look(project, "INTAKE")) == (10, 0, 0)
    assert look(project, "RISK") == 2


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

    assert len(asked) == 9


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

    assert review_rates([project.pk, none.pk]) == {project.pk: Decimal("0.25")}
    shown = project_lessons(project)
    assert (shown.rate, shown.marked, shown.waiting) == (Decimal("0.25"), 1, 3)
    assert project_lessons(none).rate is None
