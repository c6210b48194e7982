"""Edit a draft of a document template, heading by heading, and bring it into force."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.errors import DomainError
from portfolio.access import document_template_for
from portfolio.forms.document_templates import TemplateHeadForm, TemplateSectionForm
from portfolio.forms.methodologies import NewVersionForm, ReasonForm
from portfolio.models import DocumentTemplate
from portfolio.rollup.document import SectionRule
from portfolio.services import document_template_drafts as services
from portfolio.services.document_template_drafts import APPROVE, EDIT
from portfolio.services.version_numbers import next_version
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_permission(EDIT)
@GET_POST
def document_template_draft(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Begin the next version from this one."""
    base = _found(request, code, version)
    form = NewVersionForm(posted(request), initial={"version": next_version(base.version)})
    intro = _("The draft begins with everything version %(version)s says. That one stays as it is.") % {
        "version": base.version
    }
    title = _("New version of %(name)s") % {"name": base.content.title.text(get_language() or "en")}
    words = Words(title, _("Begin the draft"), base.get_absolute_url(), intro)
    given = {"actor": request.user, "base": base, "today": timezone.localdate()}
    act = lambda: services.begin_draft(version=form.cleaned_data["version"], **given)  # noqa: E731 - run below
    return run_form(request, words, form, act)


@require_permission(EDIT)
@GET_POST
def document_template_head(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Title, summary, and what is new."""
    draft = _found(request, code, version)
    form = TemplateHeadForm(posted(request), template=draft)
    title = _("Texts of version %(version)s") % {"version": version}
    words = Words(title, _("Save"), draft.get_absolute_url())

    def save() -> DocumentTemplate:
        about = {"template": draft, "edition": form.cleaned_data["version"]}
        return services.edit_head(actor=request.user, **about, **form.values)

    def fresh() -> dict[str, Any]:
        now = DocumentTemplate.objects.filter(pk=draft.pk).first()
        return form.initial_of(now) if now else {"version": form.cleaned_data["version"]}

    return run_form(request, words, form, save, fresh=fresh)


@require_permission(EDIT)
@GET_POST
def document_template_section_new(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Add a heading."""
    return _section_form(request, _found(request, code, version), "")


@require_permission(EDIT)
@GET_POST
def document_template_section(request: HttpRequest, code: str, version: str, section: str) -> HttpResponse:
    """Change a heading, its guidance, and the text it begins with."""
    draft = _found(request, code, version)
    if request.method != "POST":
        _rule(draft, section)
    return _section_form(request, draft, section)


@require_permission(EDIT)
@require_POST
def document_template_section_act(
    request: HttpRequest, code: str, version: str, section: str
) -> HttpResponse:
    """Move a heading up or down, or take it out."""
    draft = _found(request, code, version)
    _rule(draft, section)
    way = request.POST.get("way", "")
    given = {"edition": _posted_edition(request)}
    if way == "remove":
        return _act(request, draft, services.remove_section, code=section, **given)
    return _act(request, draft, services.move_section, code=section, step=-1 if way == "up" else 1, **given)


@require_permission(EDIT)
@require_POST
def document_template_submit(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Hand a draft to the PMO head."""
    done = _("Submitted. Somebody else publishes it.")
    return _act(
        request, _found(request, code, version), services.submit_draft, done, edition=_posted_edition(request)
    )


@require_permission(EDIT)
@GET_POST
def document_template_return(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Give a version back to its authors."""
    found = _found(request, code, version)
    form = ReasonForm(posted(request))
    title = _("Give back version %(version)s") % {"version": version}
    words = Words(title, _("Give back"), found.get_absolute_url())
    about = {"actor": request.user, "template": found}
    act = lambda: services.return_draft(reason=form.cleaned_data["reason"], **about)  # noqa: E731 - run below
    return run_form(request, words, form, act)


@require_permission(APPROVE)
@require_POST
def document_template_publish(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Bring a submitted version into force."""
    found = _found(request, code, version, APPROVE)
    done = _("In force. Documents that were made keep their version.")
    given = {"edition": _posted_edition(request), "today": timezone.localdate()}
    return _act(request, found, services.publish_draft, done, **given)


@require_permission(EDIT)
@require_POST
def document_template_discard(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Delete a draft."""
    found = _found(request, code, version)
    try:
        services.discard_draft(actor=request.user, template=found)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    messages.success(request, str(_("The draft is discarded.")))
    return redirect("portfolio:document_templates")


def _found(request: HttpRequest, code: str, version: str, right: str = EDIT) -> DocumentTemplate:
    return document_template_for(request.user, right, code=code, version=version)


def _posted_edition(request: HttpRequest) -> int:
    """Return the edition the page was drawn from; 0, which none has, without one."""
    edition = request.POST.get("version", "")
    return int(edition) if edition.isdecimal() and len(edition) < 10 else 0


def _rule(draft: DocumentTemplate, section: str) -> SectionRule:
    found = draft.content.section(section)
    if found is None:
        raise Http404
    return found


def _section_form(request: HttpRequest, draft: DocumentTemplate, section: str) -> HttpResponse:
    """Show or save a heading; what was written stays on the page when the heading is gone."""
    form = TemplateSectionForm(posted(request), template=draft, rule=draft.content.section(section))
    title = _("Heading %(code)s") % {"code": section} if section else _("New heading")
    words = Words(title, _("Save"), draft.get_absolute_url())

    def save() -> DocumentTemplate:
        about = {"template": draft, "edition": form.cleaned_data["version"], "rule": form.rule}
        return services.save_section(actor=request.user, code=section, **about)

    def fresh() -> dict[str, Any]:
        now = DocumentTemplate.objects.filter(pk=draft.pk).first()
        rule = now.content.section(section) if now else None
        if now is None or (section and rule is None):
            return {"version": form.cleaned_data["version"]}
        return form.initial_of(now, rule)

    return run_form(request, words, form, save, fresh=fresh)


def _act(
    request: HttpRequest, found: DocumentTemplate, act: Callable[..., Any], done: Any = "", **given: Any
) -> HttpResponse:
    """Run one act on a version, say how it ended, and show it."""
    try:
        act(actor=request.user, template=found, **given)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, str(done))
    return redirect(found)
