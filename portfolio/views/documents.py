"""The tab Documents of a project, its documents, and the guided start."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.common.errors import DomainError
from pmo_portal.common.export import download
from portfolio.access import document_for
from portfolio.forms.documents import BeginForm, DecisionForm, SectionForm, SubmitForm
from portfolio.models import DocumentTemplate, ProjectDocument
from portfolio.selectors.documents import (
    DocumentPage,
    ShownSection,
    document_page,
    document_rows,
    documents_address,
    offers,
    start_page,
    version_of,
)
from portfolio.services import document_files
from portfolio.services import documents as services
from projects.forms.saving import saves
from projects.views.page import FormPage, ProjectPage, page_for, signed_in

TAB, WORK = "portfolio:documents", services.WORK
LONGEST_NUMBER = 5
STEPS = ("METHOD", "BEGIN", "WRITE", "SUBMIT", "SIGN", "SIGNED")
STEP_TITLES = (
    _("Methodology"),
    _("Begin"),
    _("Write"),
    _("Submit"),
    _("Sign"),
    _("Signed"),
)
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """All documents of a project, and what it still has to write."""
    page = page_for(request, code, "project.view")
    shown = offers(page.project, today=page.today)
    required = [offer for offer in shown if offer.requirement]
    rows = document_rows(page.project)
    return page.show(
        "portfolio/documents/list.html", TAB, rows=rows, required=required, has_offers=bool(shown)
    )


@signed_in
@GET_POST
def document_new(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a document, filled with what the portal knows today."""
    page = page_for(request, code, WORK)
    form = BeginForm(
        page.posted, offers=offers(page.project, today=page.today), asked=request.GET.get("offer", "")
    )
    made: list[Any] = []
    if request.method == "POST" and saves(form, lambda: made.append(_begin(page, form))):
        messages.success(request, str(_("Begun, with what the portal knows today.")))
        return redirect(made[0].document)
    words = FormPage(_("New document"), _("Begin"), documents_address(code), TAB)
    response = page.show("projects/form.html", TAB, form=form, words=words)
    response.status_code = 422 if form.is_bound else 200
    return response


def _begin(page: ProjectPage, form: BeginForm) -> Any:
    template, requirement = form.wanted
    return services.begin_document(
        actor=page.request.user,
        project=page.project,
        template=DocumentTemplate.objects.get(code=template, is_current=True),
        language=form.cleaned_data["language"],
        title=form.cleaned_data["title"],
        requirement=requirement,
        today=page.today,
    )


@signed_in
@require_safe
def document(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A version of a document, the newest one by default."""
    page, shown = _shown(request, code, pk)
    return page.show("portfolio/documents/detail.html", TAB, page=shown)


def _shown(request: HttpRequest, code: str, pk: int) -> tuple[ProjectPage, DocumentPage]:
    """Return the page of the project and the version the address asks for; 404 without one."""
    page = page_for(request, code, "project.view")
    found = document_for(page.project, pk)
    asked = request.GET.get("version", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < LONGEST_NUMBER
    version = version_of(found, int(asked) if is_number else None)
    if version is None:
        raise Http404
    return page, document_page(request.user, found, version, rights=page.rights, today=page.today)


@signed_in
@require_safe
def document_file(request: HttpRequest, code: str, pk: int, kind: str) -> HttpResponse:
    """A version as PDF, DOCX or Markdown, to save."""
    _page, shown = _shown(request, code, pk)
    if kind not in document_files.KINDS:
        raise Http404
    file = document_files.document_file(shown, kind)
    return download(file.name, file.content, file.content_type)


@signed_in
@GET_POST
def document_section(request: HttpRequest, code: str, pk: int, section: str) -> HttpResponse:
    """Write below a heading; the headings stand beside it, with what is written and what is not."""
    page = page_for(request, code, WORK)
    found = document_for(page.project, pk)
    shown = _newest(page, found)
    part = next((each for each in shown.sections if each.code == section), None)
    if part is None or part.is_hidden or not shown.can_write:
        raise Http404
    form = SectionForm(
        page.posted, initial={"text": _text(page, found, part), "version": shown.version.revision}
    )
    if request.method == "POST" and saves(
        form, lambda: _write(page, found, part, form), fresh=_fresh(page, found, part)
    ):
        messages.success(request, str(_("Saved.")))
        return redirect(_after(request, shown, part))
    response = page.show("portfolio/documents/section.html", TAB, page=shown, part=part, form=form)
    response.status_code = 422 if form.is_bound else 200
    return response


def _newest(page: ProjectPage, found: ProjectDocument) -> DocumentPage:
    version = version_of(found)
    assert version is not None  # a document is made with its first version
    return document_page(page.request.user, found, version, rights=page.rights, today=page.today)


def _text(page: ProjectPage, found: ProjectDocument, part: ShownSection) -> str:
    """Return what was written, else what the portal can say today to this person."""
    if part.text:
        return part.text
    return services.suggested_text(
        actor=page.request.user, document=found, section=part.code, today=page.today
    )


def _write(page: ProjectPage, found: ProjectDocument, part: ShownSection, form: SectionForm) -> Any:
    return services.write_section(
        actor=page.request.user,
        document=found,
        section=part.code,
        text=form.cleaned_data["text"],
        expected_revision=form.cleaned_data["version"] or 0,
        today=page.today,
    )


def _fresh(page: ProjectPage, found: ProjectDocument, part: ShownSection) -> Any:
    def fresh() -> dict[str, Any]:
        version = version_of(found)
        assert version is not None
        text = next(each.text for each in version.parts if each.code == part.code)
        return {"text": text, "version": version.revision}

    return fresh


def _after(request: HttpRequest, shown: DocumentPage, part: ShownSection) -> str:
    """Return where saving leads: to the next heading, or back to the document after the last one."""
    mine = [each.code for each in shown.sections if not each.is_hidden]
    place = mine.index(part.code) + 1
    if "next" in request.POST and place < len(mine):
        arguments = [shown.document.project.code, shown.document.pk, mine[place]]
        return reverse("portfolio:document_section", args=arguments)
    return shown.document.get_absolute_url()


@signed_in
@require_POST
def document_submit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Hand the draft over for approval."""
    page = page_for(request, code, WORK)
    found = document_for(page.project, pk)
    form = SubmitForm(request.POST)
    try:
        revision = form.cleaned_data["version"] if form.is_valid() else 0
        services.submit_document(
            actor=request.user, document=found, expected_revision=revision, today=page.today
        )
        messages.success(request, str(_("Submitted. From now on the words stay as they are.")))
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(found)


@signed_in
@require_POST
def document_decide(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Approve the submitted version, or give it back; a refusal stands beside what was typed."""
    page, shown = _shown(request, code, pk)
    if not shown.is_approver:
        raise PermissionDenied
    if not shown.can_decide:
        messages.error(request, str(_("There is nothing here for you to decide.")))
        return redirect(shown.document)
    form = DecisionForm(request.POST)
    if saves(form, lambda: _decide(page, shown, form)):
        is_approved = form.cleaned_data["decision"] == "APPROVED"
        messages.success(request, str(_("Approved.") if is_approved else _("Given back.")))
        return redirect(shown.document)
    response = page.show("portfolio/documents/detail.html", TAB, page=shown, decision=form)
    response.status_code = 422
    return response


def _decide(page: ProjectPage, shown: DocumentPage, form: DecisionForm) -> Any:
    given = form.cleaned_data
    return services.decide_document(
        actor=page.request.user,
        document=shown.document,
        checksum=given["checksum"],
        note=given["note"],
        is_approved=given["decision"] == "APPROVED",
        today=page.today,
    )


@signed_in
@require_safe
def project_start(request: HttpRequest, code: str) -> HttpResponse:
    """The way to a signed charter: methodology, writing, submitting, signing."""
    page = page_for(request, code, "project.view")
    start = start_page(request.user, page.project, rights=page.rights, today=page.today)
    place = STEPS.index({"NO_CHARTER": "METHOD"}.get(start.step, start.step))
    steps = [
        {"title": title, "is_current": number == place, "is_done": number < place or start.step == "SIGNED"}
        for number, title in enumerate(STEP_TITLES)
    ]
    return page.show("portfolio/documents/start.html", TAB, start=start, steps=steps)


@signed_in
@require_POST
def project_start_charter(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the charter and go to its first heading."""
    page = page_for(request, code, WORK)
    template = get_object_or_404(DocumentTemplate, code="charter", is_current=True)
    start = start_page(request.user, page.project, rights=page.rights, today=page.today)
    if start.step != "BEGIN":
        return redirect("portfolio:project_start", code)
    made = services.begin_document(
        actor=request.user,
        project=page.project,
        template=template,
        language=(request.LANGUAGE_CODE or "en")[:2],
        requirement=start.requirement,
        today=page.today,
    )
    return redirect("portfolio:document_section", code, made.document_id, made.parts[0].code)
