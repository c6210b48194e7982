"""Standards and knowledge that wait for the PMO: submitted, proposed, captured, asked to change."""

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import within_reach
from pmo_portal.audit.models import AuditEntry
from portfolio import actions
from portfolio.choices import (
    DocumentTemplateState,
    KnowledgeState,
    LessonState,
    MethodologyState,
    TemplateState,
    WaitingKind,
)
from portfolio.models import (
    DocumentTemplate,
    KnowledgeVersion,
    Lesson,
    MethodologyVersion,
    StandardChange,
    TemplateVersion,
)
from portfolio.selectors.methodologies import said
from portfolio.selectors.named_standards import standards_named
from portfolio.selectors.waiting.line import Waiting, day_of


def methodologies(user: Any, duties: Collection[str]) -> list[Waiting]:
    """Return the versions others submitted, and those approved that have no day yet. One query."""
    if "methodology.approve" not in duties:
        return []
    asked = Q(state=MethodologyState.IN_REVIEW) & ~Q(submitted_by=user)
    rows = _with_day(MethodologyVersion, actions.METHODOLOGY_SUBMITTED).filter(
        asked | Q(state=MethodologyState.APPROVED)
    )
    return [
        Waiting(
            kind=WaitingKind.METHODOLOGY,
            title=_methodology(row),
            url=row.get_absolute_url(),
            asked_by=row.submitted_by.name if row.submitted_by else "",
            since=day_of(row.asked_at),
        )
        for row in rows.select_related("methodology", "submitted_by").order_by("pk")
    ]


def _methodology(row: Any) -> str:
    name = f"{row.name} {row.version}"
    if row.state == MethodologyState.APPROVED:
        return _("%(name)s is approved: from which day on does it hold?") % {"name": name}
    return name


def document_templates(user: Any, duties: Collection[str]) -> list[Waiting]:
    """Return the versions of document templates others submitted. One query."""
    if "methodology.approve" not in duties:
        return []
    rows = _with_day(DocumentTemplate, actions.DOCUMENT_TEMPLATE_SUBMITTED).filter(
        state=DocumentTemplateState.IN_REVIEW
    )
    found = rows.exclude(submitted_by=user).select_related("submitted_by").order_by("pk")
    return [
        Waiting(
            kind=WaitingKind.DOCUMENT_TEMPLATE,
            title=f"{said(row.content.title)} {row.version}",
            url=row.get_absolute_url(),
            asked_by=row.submitted_by.name if row.submitted_by else "",
            since=day_of(row.asked_at),
        )
        for row in found
    ]


def project_templates(user: Any, duties: Collection[str]) -> list[Waiting]:
    """Return the templates others proposed. One query."""
    if "template.edit" not in duties:
        return []
    rows = TemplateVersion.objects.filter(state=TemplateState.DRAFT).exclude(proposed_by=user)
    return [
        Waiting(
            kind=WaitingKind.PROJECT_TEMPLATE,
            title=f"{row.name} {row.version}",
            url=row.get_absolute_url(),
            asked_by=row.proposed_by.name if row.proposed_by else "",
            since=day_of(row.created_at),
        )
        for row in rows.select_related("template", "proposed_by").order_by("pk")
    ]


def library_items(user: Any, duties: Collection[str]) -> list[Waiting]:
    """Return the items sent for review that others wrote. One query."""
    if "library.edit" not in duties:
        return []
    rows = _with_day(KnowledgeVersion, actions.KNOWLEDGE_SENT).filter(state=KnowledgeState.IN_REVIEW)
    found = rows.within_sight(user).exclude(author=user).select_related("item", "author").defer("body")
    return [
        Waiting(
            kind=WaitingKind.LIBRARY,
            title=row.title,
            url=reverse("portfolio:library_item", args=[row.item.code, row.item.language]),
            asked_by=row.author.name if row.author else "",
            since=day_of(row.asked_at),
        )
        for row in found.order_by("pk")
    ]


def lessons(user: Any, roles: Collection[str]) -> list[Waiting]:
    """Return one line for all lessons that wait to be accepted or published. One query."""
    if not set(roles_with("lesson.curate")) & set(roles):
        return []
    mine = Q(state=LessonState.CAPTURED, captured_by=user)
    rows = Lesson.objects.waiting().filter(within_reach(user, "lesson.curate", node="project__node"))
    found = rows.exclude(pk__in=Lesson.objects.filter(mine).values("pk"))
    sums = found.aggregate(number=Count("pk"), since=Min("captured_on"))
    if not sums["number"]:
        return []
    title = ngettext("%(number)s lesson to read", "%(number)s lessons to read", sums["number"]) % sums
    return [Waiting(WaitingKind.LESSONS, title, reverse("portfolio:lessons"), since=sums["since"])]


def changes(user: Any, duties: Collection[str]) -> list[Waiting]:
    """Return the changes of standards lessons ask for. At most five queries."""
    if "lesson.curate" not in duties:
        return []
    rows = StandardChange.objects.shown(user).waiting().select_related("lesson__captured_by")
    found = list(rows.order_by("opened_on", "pk"))
    names = standards_named([row.standard for row in found])
    return [
        Waiting(
            kind=WaitingKind.STANDARD_CHANGE,
            title=names[row.standard].title if row.standard in names else row.standard,
            url=row.lesson.get_absolute_url(),
            asked_by=row.lesson.captured_by.name if row.lesson.captured_by else "",
            since=row.opened_on,
        )
        for row in found
    ]


def _with_day(model: Any, action: str) -> Any:
    """Return rows with ``asked_at``, the moment the trail says they were last submitted."""
    entries = AuditEntry.objects.filter(
        action=action,
        object_type=model._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return model.objects.annotate(asked_at=Subquery(entries.order_by("-pk").values("at")[:1]))
