"""Document templates: what is in force, its headings and guidance, its versions and what differs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import permissions_on, require_permission
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.access import document_templates_seen_by
from portfolio.choices import DocumentTemplateState
from portfolio.models import DocumentTemplate
from portfolio.selectors.documents import template_cards
from portfolio.selectors.methodology_words import document_change_lines
from portfolio.services.document_template_drafts import APPROVE, EDIT
from portfolio.services.standard_messages import deciders_besides

VIEW = "template.view"


@require_permission(VIEW)
@require_safe
def document_templates(request: HttpRequest) -> HttpResponse:
    """All templates in force, and the versions in the making for who edits them."""
    drafts = document_templates_seen_by(request.user).open().order_by("code")
    context = {"cards": template_cards(request.user), "drafts": list(drafts)}
    return render(request, "portfolio/documents/templates.html", context)


@require_permission(VIEW)
@require_safe
def document_template(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A version: every heading with its guidance and the text it begins with."""
    found, versions = _found(request, code, version)
    language, held = get_language() or "en", permissions_on(request.user, organization_node())
    may_edit = EDIT in held
    context = {
        "version": found,
        "versions": versions,
        "title": found.content.title.text(language),
        "summary": found.content.summary.text(language),
        "sections": [_section(rule, language) for rule in found.content.sections],
        "former": _former_of(found, versions),
        "may_edit": may_edit,
        "may_approve": APPROVE in held,
        "is_draft": may_edit and found.state == DocumentTemplateState.DRAFT,
        "is_own_request": found.submitted_by_id == request.user.pk,
        "deciders": deciders_besides(request.user, found),
        "has_open": any(row.state != DocumentTemplateState.PUBLISHED for row in versions),
    }
    return render(request, "portfolio/documents/template.html", context)


@require_permission(VIEW)
@require_safe
def document_template_changes(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """What changed against another version, in words."""
    found, versions = _found(request, code, version)
    asked = request.GET.get("from", "")
    former = next((row for row in versions if row.version == asked), None) or _former_of(found, versions)
    context = {
        "version": found,
        "title": found.content.title.text(get_language() or "en"),
        "former": former,
        "lines": document_change_lines(former.content, found.content) if former else [],
        "others": [row for row in versions if row.pk != found.pk],
    }
    return render(request, "portfolio/documents/template_changes.html", context)


def _found(request: HttpRequest, code: str, version: str) -> tuple[DocumentTemplate, list[DocumentTemplate]]:
    """Return a version, and all of its template the person may read, the newest first."""
    versions = list(document_templates_seen_by(request.user).filter(code=code).order_by("-rank"))
    found = next((row for row in versions if row.version == version), None)
    if found is None:
        raise Http404
    return found, versions


def _former_of(found: DocumentTemplate, versions: list[DocumentTemplate]) -> DocumentTemplate | None:
    """Return the version this one is compared with: its base, or the one before it."""
    below = [row for row in versions if row.rank < found.rank]
    return next((row for row in versions if row.pk == found.based_on_id), below[0] if below else None)


def _section(rule: Any, language: str) -> dict[str, Any]:
    words = {name: getattr(rule, name).text(language) for name in ("title", "guidance", "text")}
    return {"code": rule.code, "is_money": rule.is_money, **words}
