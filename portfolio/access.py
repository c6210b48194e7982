"""Who may see and do what with portfolios."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import acting_on, held_permissions, holds, reach_of_roles
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.choices import GatePart, KnowledgeKind
from portfolio.models import (
    Assessment,
    Attempt,
    Certificate,
    ClosingItem,
    Course,
    DocumentTemplate,
    GapAction,
    GateCondition,
    GateMember,
    GateReview,
    HelpRequest,
    KnowledgeItem,
    KnowledgeVersion,
    Lesson,
    Methodology,
    MethodologyVersion,
    Pmo,
    PmoMember,
    Portfolio,
    PortfolioComponent,
    Program,
    ProjectDocument,
    ResponsibilityRow,
    StandardChange,
    TemplateVersion,
    Waiver,
)
from portfolio.models.knowledge import OPEN
from projects.models import Project

M = TypeVar("M", bound=Model)

BARRED = (Role.PROJECT_MANAGER, Role.TEAM_MEMBER)


def portfolios_seen_by(user: Any) -> Any:
    """Return portfolios in the person's scope, and those that contain one of the person's projects."""
    own = PortfolioComponent.objects.filter(
        project__in=Project.objects.visible_to(user, "rollup.view"),
        portfolio__node__path__startswith=OuterRef("node__path"),
    )
    in_scope = Portfolio.objects.visible_to(user).values("pk")
    return Portfolio.objects.filter(Q(pk__in=in_scope) | Q(Exists(own)))


def portfolio_for(user: Any, code: str, permission: str = "portfolio.view") -> Portfolio:
    """
    Return the portfolio with this code.

    Raises
    ------
    Http404
        If there is none, or the person may not even see it.
    PermissionDenied
        If the person may see it but lacks ``permission``.
    """
    portfolio = portfolios_seen_by(user).select_related("node", "manager", "owner").filter(code=code).first()
    if portfolio is None:
        raise Http404
    if permission != "portfolio.view" and not may(user, permission, portfolio.node):
        raise PermissionDenied
    return portfolio


def portfolios_where(user: Any, permission: str) -> Any:
    """Return the portfolios on which the person holds a permission."""
    return Portfolio.objects.visible_to(user, permission).select_related("node").order_by("name", "pk")


def programs_where(user: Any, permission: str) -> Any:
    """Return the programs on which the person holds a permission."""
    held = Program.objects.visible_to(user, permission).select_related("node", "portfolio")
    return held.order_by("portfolio__name", "name", "pk")


def program_for(user: Any, code: str, permission: str = "portfolio.view") -> Program:
    """
    Return the program with this code.

    Raises
    ------
    Http404
        If there is none, or the person may not even see it.
    PermissionDenied
        If the person may see it but lacks ``permission``.
    """
    program = Program.objects.visible_to(user).select_related("node", "portfolio").filter(code=code).first()
    if program is None:
        raise Http404
    if permission != "portfolio.view" and not may(user, permission, program.node):
        raise PermissionDenied
    return program


def methodology_for(user: Any, code: str) -> Methodology:
    """
    Return the methodology with this code.

    Raises
    ------
    Http404
        If there is none, or the person reads no methodologies.
    """
    found = Methodology.objects.filter(code=code).first() if holds(user, "methodology.view") else None
    if found is None:
        raise Http404
    return found


def methodology_version_for(
    user: Any, code: str, version: str, permission: str = "methodology.view"
) -> MethodologyVersion:
    """
    Return a version of a methodology; one that was never published only to people who edit them.

    Raises
    ------
    Http404
        If there is none, or the person may not even see it.
    PermissionDenied
        If the person may see it but lacks ``permission`` for the whole organization.
    """
    root = organization_node()
    rows = MethodologyVersion.objects.select_related(
        "methodology", "based_on", "owner", "submitted_by", "approved_by"
    )
    if not may(user, "methodology.edit", root):
        rows = rows.lasting()
    seen = rows if holds(user, "methodology.view") else rows.none()
    found = seen.filter(methodology__code=code, version=version).first()
    if found is None:
        raise Http404
    if permission != "methodology.view" and not may(user, permission, root):
        raise PermissionDenied
    return found


def knowledge_item_for(
    user: Any, permission: str = "library.view", *, code: str = "", language: str = "", pk: int | None = None
) -> KnowledgeItem:
    """
    Return an item of the library, by code and language or by number. Two queries.

    Raises
    ------
    Http404
        If there is none, or it is a draft, or a lesson of a project, the person may not see.
    PermissionDenied
        If the person sees no library, or may see the item but lacks ``permission``.
    """
    held = held_permissions(user, ("library.view", "library.edit"))
    if "library.view" not in held:
        raise PermissionDenied
    seen = KnowledgeVersion.objects.within_sight(user)
    if "library.edit" not in held:
        seen = seen.exclude(state__in=OPEN)
    items = KnowledgeItem.objects.filter(pk__in=seen.values("item")).select_related("owner")
    wanted = {"pk": pk} if pk is not None else {"code": code, "language": language}
    found = items.filter(**wanted).first()
    if found is None:
        raise Http404
    if permission not in held:
        raise PermissionDenied
    return found


def course_for(user: Any, code: str, permission: str = "library.view") -> Course:
    """
    Return the course with this code; one that is not published only to people who write. Two queries.

    Raises
    ------
    Http404
        If there is none, or it is not published and the person does not write in the library.
    PermissionDenied
        If the person sees no library, or may see the course but lacks ``permission``.
    """
    held = held_permissions(user, ("library.view", "library.edit"))
    if "library.view" not in held:
        raise PermissionDenied
    found = Course.objects.filter(code=code)
    if "library.edit" not in held:
        live = KnowledgeVersion.objects.live().filter(item__kind=KnowledgeKind.COURSE)
        found = found.filter(code__in=live.values("item__code"))
    course = found.first()
    if course is None:
        raise Http404
    if permission not in held:
        raise PermissionDenied
    return course


def attempt_for(user: Any, code: str, number: int) -> Attempt:
    """Return the person's own attempt at a quiz; 404 without one. One query."""
    rows = Attempt.objects.select_related("enrolment__course", "version__course_text", "version__item")
    return _first(rows.filter(enrolment__user=user, enrolment__course__code=code, number=number))


def attempts_seen_by(user: Any) -> Any:
    """Return one's own attempts at quizzes; those of everybody for people who see all training."""
    rows = Attempt.objects.all()
    return rows if holds(user, "training.view") else rows.filter(enrolment__user=user)


def certificate_for(user: Any, number: str, *, own: bool = False) -> Certificate:
    """
    Return the certificate with this number: whoever has the number may check it.

    Raises
    ------
    Http404
        If there is none; with ``own`` also for somebody else's, unless the person sees all training.
    """
    rows = Certificate.objects.select_related("attempt__enrolment__course", "attempt__enrolment__user")
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    if own and found.attempt.enrolment.user_id != user.pk and not holds(user, "training.view"):
        raise Http404
    return found


def template_version_for(
    user: Any, code: str, version: str, permission: str = "template.view"
) -> TemplateVersion:
    """
    Return a version of a project template; a draft only to people who propose or keep templates.

    Raises
    ------
    Http404
        If there is none, or the person may not even see it.
    PermissionDenied
        If the person may see it but lacks ``permission``.
    """
    rows = TemplateVersion.objects.select_related("template", "proposed_by", "published_by")
    held = held_permissions(user, ("template.view", "template.propose", "template.edit"))
    if "template.propose" not in held:
        rows = rows.lasting()
    found = rows.filter(template__code=code, version=version).first() if "template.view" in held else None
    if found is None:
        raise Http404
    if permission not in held:
        raise PermissionDenied
    return found


def acts_in_role(user: Any, roles: Iterable[str], node: ScopeNode) -> bool:
    """Whether the person has one of the roles of the portal on a node. One query."""
    return ScopeNode.objects.filter(reach_of_roles(user, roles, node=""), pk=node.pk).exists()


def waiver_for(project: Project, pk: int, state: str) -> Waiver:
    """Return a waiver of a project that is in a state; 404 without one."""
    rows = Waiver.objects.select_related("project__node")
    return _first(rows.filter(project=project, pk=pk, state=state))


def document_templates_seen_by(user: Any) -> Any:
    """Return versions of document templates; those in the making to who edits methodologies. One query."""
    held = held_permissions(user, ("template.view", "methodology.edit"))
    if "template.view" not in held:
        return DocumentTemplate.objects.none()
    rows = DocumentTemplate.objects.select_related("based_on", "submitted_by", "published_by")
    return rows if "methodology.edit" in held else rows.lasting()


def document_template_for(
    user: Any, permission: str = "template.view", *, code: str = "", version: str = "", pk: int | None = None
) -> DocumentTemplate:
    """
    Return a version of a document template, by code and version or by number.

    Raises
    ------
    Http404
        If there is none, or the person may not even see it.
    PermissionDenied
        If the person may see it but lacks ``permission`` for the whole organization.
    """
    wanted = {"pk": pk} if pk is not None else {"code": code, "version": version}
    found: DocumentTemplate | None = document_templates_seen_by(user).filter(**wanted).first()
    if found is None:
        raise Http404
    if permission != "template.view" and not may(user, permission, organization_node()):
        raise PermissionDenied
    return found


def document_for(project: Project, pk: int) -> ProjectDocument:
    """Return a document of a project the person may see; 404 without one."""
    rows = ProjectDocument.objects.select_related("template", "project__node", "project__org_unit")
    return _first(rows.filter(project=project, pk=pk))


def gate_review_for(project: Project, gate: str, occurrence: int) -> GateReview:
    """Return the review of a gate of a project; 404 while nobody began it."""
    rows = GateReview.objects.select_related("project__node", "version_followed", "requested_by")
    return _first(rows.filter(project=project, gate=gate, occurrence=occurrence))


def gate_seat_of(user: Any, review: GateReview) -> GateMember:
    """Return the person's seat with a vote in the forum of a review; 403 without one. Two queries."""
    found = review.members.filter(user=user.pk).exclude(part=GatePart.ADVISER).first()
    if found is None or found.user_id in barred_from(review.project):
        raise PermissionDenied
    return found


def barred_from(project: Project) -> frozenset[int]:
    """Return the keys of who manages a project or works in it: they never decide its gates. One query."""
    rows = acting_on(BARRED, project.node).filter(node_id=project.node_id)
    return frozenset(rows.values_list("user_id", flat=True))


def who_sees(project: Project, people: Iterable[User]) -> frozenset[int]:
    """Return the keys of those among some people who may see a project (ORG-9). One query."""
    rows = acting_on(roles_with("project.view"), project.node).filter(user__in=[row.pk for row in people])
    return frozenset(rows.values_list("user_id", flat=True))


def gate_condition_for(project: Project, pk: int) -> GateCondition:
    """Return a condition of a gate of a project; 404 without one."""
    rows = GateCondition.objects.select_related("review__project__node", "owner")
    return _first(rows.filter(review__project=project, pk=pk))


def closing_item_for(project: Project, pk: int) -> ClosingItem:
    """Return a line of the closing checklist of a project; 404 without one."""
    rows = ClosingItem.objects.select_related("project__node")
    return _first(rows.filter(project=project, pk=pk))


def responsibility_for(project: Project, pk: int) -> ResponsibilityRow:
    """Return a row of the responsibility matrix of a project; 404 without one."""
    rows = ResponsibilityRow.objects.select_related("project__node", "task")
    return _first(rows.filter(project=project, pk=pk))


def assessments_seen_by(user: Any) -> Any:
    """Return all assessments for people who may read them, else those the person is asked to answer."""
    rows = Assessment.objects.select_related("org_unit", "created_by", "closed_by")
    return rows if holds(user, "assessment.view") else rows.asking(user)


def assessment_for(user: Any, pk: int, permission: str = "assessment.view") -> Assessment:
    """
    Return the assessment with this number.

    Raises
    ------
    Http404
        If there is none, or the person neither reads assessments nor is asked.
    PermissionDenied
        If the person may see it but lacks ``permission`` for the whole organization.
    """
    found: Assessment | None = assessments_seen_by(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    if permission != "assessment.view" and not may(user, permission, organization_node()):
        raise PermissionDenied
    return found


def gap_action_for(user: Any, pk: int) -> GapAction:
    """
    Return an action of a gap plan, for its owner and for people who lead assessments.

    Raises
    ------
    Http404
        If there is none, or the person neither reads assessments nor owns it.
    PermissionDenied
        If the person reads assessments but may not change the action.
    """
    found = GapAction.objects.select_related("assessment", "owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.owner is not None and found.owner.user_id == user.pk:
        return found
    if may(user, "assessment.edit", organization_node()):
        return found
    if holds(user, "assessment.view"):
        raise PermissionDenied
    raise Http404


def office_for(user: Any, pk: int, permission: str = "office.view") -> Pmo:
    """
    Return an office.

    Raises
    ------
    Http404
        If there is none, or the person reads no offices.
    PermissionDenied
        If the person may see it but lacks ``permission`` for the whole organization.
    """
    found = Pmo.objects.filter(pk=pk).first() if holds(user, "office.view") else None
    if found is None:
        raise Http404
    if permission != "office.view" and not may(user, permission, organization_node()):
        raise PermissionDenied
    return found


def office_member_for(user: Any, pk: int, permission: str = "office.view") -> PmoMember:
    """Return a member of an office, or refuse as `office_for` does."""
    found = PmoMember.objects.select_related("pmo", "person").filter(pk=pk).first()
    if found is None:
        raise Http404
    office_for(user, found.pmo_id, permission)
    return found


def requests_seen_by(user: Any, today: date) -> Any:
    """Return one's own questions and those to offices one works in; all for who sets up offices."""
    rows = HelpRequest.objects.select_related("pmo", "asked_by", "taken_by", "answered_by")
    if may(user, "office.edit", organization_node()):
        return rows
    own = PmoMember.objects.active_on(today).filter(person__user=user)
    return rows.filter(Q(asked_by=user) | Q(pmo__in=own.values("pmo")))


def help_request_for(user: Any, pk: int, *, today: date) -> HelpRequest:
    """Return a request one asked or may answer; 404 for any other."""
    rows = requests_seen_by(user, today) if holds(user, "office.view") else HelpRequest.objects.none()
    found: HelpRequest | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def lesson_for(user: Any, pk: int, permission: str = "project.view") -> Lesson:
    """
    Return a lesson.

    Raises
    ------
    Http404
        If there is none the person may read.
    PermissionDenied
        If the person may read it but lacks ``permission`` on its project.
    """
    rows = Lesson.objects.shown(user).select_related("project__node", "captured_by", "item")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    if permission != "project.view" and not may(user, permission, found.project.node):
        raise PermissionDenied
    return found


def standard_change_for(user: Any, pk: int) -> StandardChange:
    """
    Return a request to change a standard, for people who decide on standards.

    Raises
    ------
    PermissionDenied
        If the person does not curate lessons of the whole organization.
    Http404
        If there is none, or its lesson is of a confidential project the person does not see.
    """
    if not may(user, "lesson.curate", organization_node()):
        raise PermissionDenied
    found = StandardChange.objects.shown(user).select_related("lesson").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _first(rows: QuerySet[M]) -> M:
    """Return the only row of a query; 404 without one."""
    found = rows.first()
    if found is None:
        raise Http404
    return found
