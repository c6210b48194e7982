"""Projects of which every part of adoption can be counted."""

from datetime import date, timedelta

from pmo_portal.accounts.choices import Role
from portfolio.choices import OfferMark
from portfolio.models import CourseRole, Lesson, LessonOffer, Portfolio, ProjectDocument
from portfolio.services import documents, training
from portfolio.services.artefacts import record_step
from portfolio.services.governance import bind_methodology, plan_gates
from portfolio.services.lesson_offers import mark_offer
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.courses import course, right_answers
from tests.portfolio.documents import template
from tests.portfolio.lessons import published
from tests.portfolio.methods import stage_gate
from tests.portfolio.worlds import make_project

DAY = date(2026, 4, 20)
BEGIN = date(2026, 3, 2)


def counted_project(code: str, home: Portfolio) -> Project:
    """
    A project with 1 of 2 documents from a template, 1 of 2 lessons marked, 1 of 2 courses passed, and
    1 of 2 mandatory artefacts of weight 3 shown: 50 % each.
    """
    made = make_project(code, home, tier="T2")
    bind_methodology(actor=None, project=made, version=stage_gate(), today=BEGIN)
    plan_gates(actor=None, project=made, dates={("G0", 1): BEGIN + timedelta(days=20)}, today=BEGIN)
    for state in ("SUBMITTED", "APPROVED"):
        record_step(actor=None, project=made, requirement="SG-01", state=state, today=BEGIN)
    begin_charter(made)
    record_step(actor=None, project=made, requirement="SG-04", state="SUBMITTED", today=BEGIN)
    _offer(made)
    _teach(made)
    return made


def begin_charter(project: Project, *, day: date = BEGIN) -> ProjectDocument:
    """A document made from the template in force."""
    template("business-case")
    return documents.begin_document(
        actor=None,
        project=project,
        template=template(),
        language="en",
        requirement="SG-06",
        today=day,
    ).document


def _offer(project: Project) -> None:
    for title in ("One", "Two"):
        lesson = Lesson.objects.filter(title=title).first()
        lesson = lesson or published(make_project(f"{project.code}-{title}", _home(project)), title=title)
        LessonOffer.objects.create(
            project=project, lesson=lesson, occasion="START", points=1, offered_on=date(2026, 4, 11)
        )
    offer = LessonOffer.objects.filter(project=project).order_by("pk")[0]
    mark_offer(actor=None, offer=offer, mark=OfferMark.APPLIED, note="", today=date(2026, 4, 12))


def _home(project: Project) -> Portfolio:
    return project.component.portfolio


def _teach(project: Project) -> None:
    """The manager passed the course both roles have to take, the sponsor did not."""
    from portfolio.models import Course

    basics = Course.objects.filter(code="basics").first() or course()
    for role in (Role.PROJECT_MANAGER, Role.SPONSOR):
        CourseRole.objects.get_or_create(
            course=basics, role=role, defaults={"due_days": 0, "since": date(2026, 4, 10)}
        )
    alice, sam = user(f"Alice {project.code}"), user(f"Sam {project.code}")
    for person, role in ((alice, Role.PROJECT_MANAGER), (sam, Role.SPONSOR)):
        held = grant(person, role, project.node)
        held.valid_from = date(2026, 4, 10)
        held.save(update_fields=["valid_from"])
    attempt = training.start_attempt(actor=alice, course=basics, language="en", today=date(2026, 4, 10))
    training.hand_in(actor=alice, attempt=attempt, answers=right_answers(attempt), today=date(2026, 4, 15))
