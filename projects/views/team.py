"""The team of a project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.services.grants import grantable_roles
from projects.forms.organizing import MemberForm
from projects.selectors.members import member_rows, memberships
from projects.services import members
from projects.views.page import FormPage, page_for, run_form, signed_in


@signed_in
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Who works here."""
    page = page_for(request, code, "member.view")
    roles = grantable_roles(request.user, page.project.node) if page.allows("member.edit") else frozenset()
    return page.show(
        "projects/team.html", "team", members=member_rows(page.project, today=page.today), grantable=roles
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: HttpRequest, code: str) -> HttpResponse:
    """Give somebody a role in the project (SEC-15)."""
    page = page_for(request, code, "member.edit")
    roles = grantable_roles(request.user, page.project.node)
    form = MemberForm(page.posted, roles=roles)
    words = FormPage(_("Add member"), _("Add"), page.url("team"), "team", _("The member is added."))
    return run_form(
        page,
        words,
        form,
        lambda: members.add_member(
            actor=request.user, project=page.project, today=page.today, **form.cleaned_data
        ),
    )


@signed_in
@require_POST
def member_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End a membership."""
    page = page_for(request, code, "member.edit")
    grant = get_object_or_404(memberships(page.project), pk=pk)
    members.remove_member(actor=request.user, project=page.project, grant=grant, today=page.today)
    messages.success(request, str(_("The membership has ended.")))
    return page.go("team")
