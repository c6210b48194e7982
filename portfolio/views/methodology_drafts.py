"""Edit a draft of a methodology: its head, and the rows of its parts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.errors import DomainError
from portfolio.access import methodology_version_for
from portfolio.forms.methodologies import ROW_FORMS, HeadForm
from portfolio.models import MethodologyVersion
from portfolio.models.methodology import words_of
from portfolio.services import methodology_drafts as services
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form

EDIT = "methodology.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])
TITLES = {
    "roles": (_("New role"), _("Role %(code)s")),
    "phases": (_("New phase"), _("Phase %(code)s")),
    "gates": (_("New gate"), _("Gate %(code)s")),
    "requirements": (_("New requirement"), _("Requirement %(code)s")),
    "checks": (_("New question"), _("Question %(code)s")),
    "closing": (_("New line of the closing checklist"), _("Closing checklist %(code)s")),
}


@require_permission(EDIT)
@GET_POST
def methodology_head(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Name, summary, notice, and what changes."""
    draft = methodology_version_for(request.user, code, version, EDIT)
    form = HeadForm(
        posted(request),
        content=draft.content,
        changelog=words_of(draft.changelog),
        initial={"version": draft.edition},
    )
    words = Words(
        _("Texts of version %(version)s") % {"version": version}, _("Save"), draft.get_absolute_url()
    )
    return run_form(
        request,
        words,
        form,
        lambda: services.edit_head(
            actor=request.user, version=draft, edition=form.cleaned_data["version"], values=form.values
        ),
        fresh=lambda: _fresh_head(draft, form),
    )


@require_permission(EDIT)
@GET_POST
def methodology_row_new(request: HttpRequest, code: str, version: str, part: str) -> HttpResponse:
    """Add a row to a part."""
    return _row_form(request, methodology_version_for(request.user, code, version, EDIT), part, None)


@require_permission(EDIT)
@GET_POST
def methodology_row(request: HttpRequest, code: str, version: str, part: str, row: str) -> HttpResponse:
    """Change a row."""
    draft = methodology_version_for(request.user, code, version, EDIT)
    return _row_form(request, draft, part, _row_of(draft, part, row))


@require_permission(EDIT)
@require_POST
def methodology_row_remove(
    request: HttpRequest, code: str, version: str, part: str, row: str
) -> HttpResponse:
    """Take a row out."""
    draft = methodology_version_for(request.user, code, version, EDIT)
    _row_of(draft, part, row)
    return _act(request, draft, part, services.remove_row, code=row)


@require_permission(EDIT)
@require_POST
def methodology_row_move(request: HttpRequest, code: str, version: str, part: str, row: str) -> HttpResponse:
    """Move a row up or down."""
    draft = methodology_version_for(request.user, code, version, EDIT)
    _row_of(draft, part, row)
    step = -1 if request.POST.get("way") == "up" else 1
    return _act(request, draft, part, services.move_row, code=row, step=step)


def _row_of(draft: MethodologyVersion, part: str, code: str) -> Any:
    rows = getattr(draft.content, part) if part in ROW_FORMS else ()
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise Http404
    return found


def _row_form(request: HttpRequest, draft: MethodologyVersion, part: str, row: Any) -> HttpResponse:
    if part not in ROW_FORMS:
        raise Http404
    initial = {"version": draft.edition, **({"gate": request.GET.get("gate", "")} if row is None else {})}
    form = ROW_FORMS[part](posted(request), content=draft.content, row=row, initial=initial)
    new, known = TITLES[part]
    title = known % {"code": row.code} if row else new
    words = Words(title, _("Save"), f"{draft.get_absolute_url()}#{part}")
    return run_form(
        request,
        words,
        form,
        lambda: services.save_row(
            actor=request.user,
            version=draft,
            edition=form.cleaned_data["version"],
            part=part,
            row=form.row,
            code=row.code if row else "",
        ),
        fresh=lambda: _fresh_row(draft, form, part, row.code if row else ""),
    )


def _fresh_head(draft: MethodologyVersion, form: Any) -> dict[str, Any]:
    """Return the present texts; the edition of the form when the draft is gone, so that it stays refused."""
    now = MethodologyVersion.objects.filter(pk=draft.pk).first()
    if now is None:
        return {"version": form.cleaned_data["version"]}
    return {**form.initial_of(now.content, words_of(now.changelog)), "version": now.edition}


def _fresh_row(draft: MethodologyVersion, form: Any, part: str, code: str) -> dict[str, Any]:
    """Return the present values of a row; the edition of the form when row or draft is gone."""
    now = MethodologyVersion.objects.filter(pk=draft.pk).first()
    if now is None:
        return {"version": form.cleaned_data["version"]}
    if not code:
        return {"version": now.edition}
    row = next((row for row in getattr(now.content, part) if row.code == code), None)
    if row is None:
        return {"version": form.cleaned_data["version"]}
    return {**dict.fromkeys(form.fields, ""), **form.initial_of(row), "version": now.edition}


def _act(request: HttpRequest, draft: MethodologyVersion, part: str, act: Any, **given: Any) -> HttpResponse:
    try:
        edition = int(request.POST.get("version", "0") or 0)
    except ValueError:
        edition = 0
    try:
        act(actor=request.user, version=draft, edition=edition, part=part, **given)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    address = reverse("portfolio:methodology_version", args=[draft.methodology.code, draft.version])
    return redirect(f"{address}#{part}")
