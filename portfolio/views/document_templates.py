"""Document templates: what is in force, its headings and guidance, its versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import require_permission
from portfolio.models import DocumentTemplate
from portfolio.selectors.documents import template_cards

VIEW = "template.view"


@require_permission(VIEW)
@require_safe
def document_templates(request: HttpRequest) -> HttpResponse:
    """All templates in force."""
    return render(request, "portfolio/documents/templates.html", {"cards": template_cards(request.user)})


@require_permission(VIEW)
@require_safe
def document_template(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A version: every heading with its guidance and the text it begins with."""
    versions = list(DocumentTemplate.objects.filter(code=code).order_by("-rank"))
    found = next((row for row in versions if row.version == version), None)
    if found is None:
        raise Http404
    language = get_language() or "en"
    sections = [
        {
            "title": rule.title.text(language),
            "guidance": rule.guidance.text(language),
            "text": rule.text.text(language),
            "is_money": rule.is_money,
        }
        for rule in found.content.sections
    ]
    about = {"title": found.content.title.text(language), "summary": found.content.summary.text(language)}
    context = {"version": found, "versions": versions, "sections": sections, **about}
    return render(request, "portfolio/documents/template.html", context)
