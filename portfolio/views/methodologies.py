"""Methodologies: the list, the page of a version, what changed, and the acts on a version."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may, require_permission
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError
from portfolio.access import methodology_for, methodology_version_for
from portfolio.choices import MethodologyState
from portfolio.forms.methodologies import NewVersionForm, PublishForm, ReasonForm
from portfolio.models import MethodologyVersion
from portfolio.selectors.methodologies import (
    current_of,
    methodology_cards,
    published_difference,
    published_sentence,
    version_changes,
    version_page,
    versions_of,
)
from portfolio.services import methodologies as services
from portfolio.services.methodology_drafts import begin_draft, discard_draft
from portfolio.services.standard_messages import deciders_besides
from portfolio.services.version_numbers import next_version
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form

VIEW, EDIT, APPROVE = "methodology.view", "methodology.edit", "methodology.approve"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_permission(VIEW)
@require_safe
def methodologies(request: HttpRequest) -> HttpResponse:
    """All methodologies with their version in force."""
    rights = _rights(request)
    context = {"cards": methodology_cards(may_edit=rights["may_edit"]), **rights}
    return render(request, "portfolio/methodologies/list.html", context)


@require_permission(VIEW)
@require_safe
def methodology(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force, or the newest without one."""
    found = methodology_for(request.user, code)
    versions = versions_of(found, may_edit=_rights(request)["may_edit"])
    if not versions:
        raise Http404
    return redirect(current_of(reversed(versions)))


@require_permission(VIEW)
@require_safe
def methodology_version(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A version: its path, requirements, checklists and roles."""
    found = methodology_version_for(request.user, code, version)
    rights = _rights(request)
    versions = versions_of(found.methodology, may_edit=rights["may_edit"])
    context = {
        "version": found,
        "page": version_page(found),
        "versions": versions,
        "former": _former(found, versions),
        "is_own_request": found.submitted_by_id == request.user.pk,
        "deciders": deciders_besides(request.user, found),
        "is_draft": found.state == MethodologyState.DRAFT and rights["may_edit"],
        **rights,
    }
    return render(request, "portfolio/methodologies/detail.html", context)


@require_permission(VIEW)
@require_safe
def methodology_changes(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """What changed against another version, in words."""
    found = methodology_version_for(request.user, code, version)
    versions = versions_of(found.methodology, may_edit=_rights(request)["may_edit"])
    asked = request.GET.get("from", "")
    former = next((row for row in versions if row.version == asked), None) or _former(found, versions)
    context = {
        "version": found,
        "former": former,
        "lines": version_changes(former, found) if former else [],
        "others": [row for row in versions if row.pk != found.pk],
    }
    return render(request, "portfolio/methodologies/changes.html", context)


@require_permission(EDIT)
@GET_POST
def methodology_draft(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Begin the next version from this one."""
    base = methodology_version_for(request.user, code, version, EDIT)
    form = NewVersionForm(posted(request), initial={"version": next_version(base.version)})
    intro = _("The draft begins with everything version %(version)s says. That one stays as it is.") % {
        "version": base.version
    }
    title = _("New version of %(name)s") % {"name": base.name}
    words = Words(title, _("Begin the draft"), base.get_absolute_url(), intro)
    return run_form(
        request,
        words,
        form,
        lambda: begin_draft(actor=request.user, base=base, version=form.cleaned_data["version"]),
    )


@require_permission(EDIT)
@require_POST
def methodology_submit(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Hand a draft to the PMO head."""
    return _act(
        request, code, version, EDIT, _("Submitted. Somebody else approves it."), services.submit_version
    )


@require_permission(EDIT)
@GET_POST
def methodology_return(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Give a version back to its authors."""
    title, submit = _("Give back version %(version)s") % {"version": version}, _("Give back")
    return _reasoned(request, code, version, EDIT, (title, submit), services.return_version)


@require_permission(APPROVE)
@require_POST
def methodology_approve(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Approve a version somebody else submitted."""
    done = _("Approved. It comes into force when it is published.")

    def approve(**given: Any) -> MethodologyVersion:
        return services.approve_version(now=timezone.now(), **given)

    return _act(request, code, version, APPROVE, done, approve)


@require_permission(APPROVE)
@GET_POST
def methodology_publish(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Publish an approved version from a day on."""
    found = methodology_version_for(request.user, code, version, APPROVE)
    today = timezone.localdate()
    form = PublishForm(posted(request), initial={"effective_from": found.effective_from or today})
    intro = _("New projects follow it from that day on. Running projects keep the version they have.")
    title = _("Publish version %(version)s") % {"version": version}
    words = Words(title, _("Publish"), found.get_absolute_url(), intro)
    difference = published_difference(found, request.user)
    return run_form(
        request,
        words,
        form,
        lambda: services.publish_version(
            actor=request.user, version=found, effective_from=form.cleaned_data["effective_from"], today=today
        ),
        template="portfolio/methodologies/publish.html",
        told=lambda made: published_sentence(made, difference),
        difference=difference,
    )


@require_permission(APPROVE)
@GET_POST
def methodology_withdraw(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Withdraw an approved version that is not in force."""
    title, submit = _("Withdraw version %(version)s") % {"version": version}, _("Withdraw")
    return _reasoned(request, code, version, APPROVE, (title, submit), services.withdraw_version)


@require_permission(EDIT)
@require_POST
def methodology_discard(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Delete a draft."""
    found = methodology_version_for(request.user, code, version, EDIT)
    try:
        discard_draft(actor=request.user, version=found)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    messages.success(request, str(_("The draft is discarded.")))
    return redirect("portfolio:methodologies")


def _rights(request: HttpRequest) -> dict[str, bool]:
    root = organization_node()
    return {"may_edit": may(request.user, EDIT, root), "may_approve": may(request.user, APPROVE, root)}


def _former(version: MethodologyVersion, versions: list[MethodologyVersion]) -> MethodologyVersion | None:
    """Return the version this one is compared with: its base, or the one before it."""
    below = [row for row in versions if row.rank < version.rank]
    return next((row for row in versions if row.pk == version.based_on_id), below[0] if below else None)


def _act(
    request: HttpRequest, code: str, version: str, right: str, done: Any, act: Callable[..., Any]
) -> HttpResponse:
    """Run one act on a version, say how it ended, and show it."""
    found = methodology_version_for(request.user, code, version, right)
    try:
        act(actor=request.user, version=found)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
    return redirect(found)


def _reasoned(
    request: HttpRequest,
    code: str,
    version: str,
    right: str,
    titles: tuple[Any, Any],
    act: Callable[..., Any],
) -> HttpResponse:
    """Ask for the reason of an act, then run it."""
    found = methodology_version_for(request.user, code, version, right)
    form = ReasonForm(posted(request))
    words = Words(titles[0], titles[1], reverse("portfolio:methodology_version", args=[code, version]))
    return run_form(
        request,
        words,
        form,
        lambda: act(actor=request.user, version=found, reason=form.cleaned_data["reason"]),
    )
