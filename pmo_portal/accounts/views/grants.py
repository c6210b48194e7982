"""Administration of roles, and the matrix of what they may do."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import require_any_permission
from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.forms.grants import GrantForm
from pmo_portal.accounts.forms.refusals import save_or_refuse
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.selectors import grants as questions
from pmo_portal.accounts.selectors.matrix import matrix_columns, matrix_rows
from pmo_portal.accounts.services import grants
from pmo_portal.accounts.views.paging import page_number, refused

PER_PAGE = 50


@require_safe
@require_any_permission("role.view", "member.edit")
def grant_list(request: HttpRequest) -> HttpResponse:
    """Show who holds what where. Fixed number of queries."""
    asked = {name: request.GET.get(name, "") for name in ("role", "kind", "state")}
    found = questions.grants_found(request.user, search=request.GET.get("q", "").strip(), **asked)
    page = Paginator(found, PER_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "filters": _filters(asked),
        "endable": questions.endable(request.user, list(page)),
        "may_grant": bool(questions.roles_to_grant(request.user)),
        "is_filtered": any([request.GET.get("q"), *asked.values()]),
    }
    return render(request, "administration/grants/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_any_permission("role.view", "member.edit")
def grant_new(request: HttpRequest) -> HttpResponse:
    """Give somebody a role; only what the person may give is offered."""
    form = _grant_form(request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        grant = save_or_refuse(form, lambda: grants.grant_role(actor=request.user, **values))
        if grant is not None:
            message = _("%(name)s is now %(role)s of %(scope)s.")
            names = {"name": grant.user, "role": grant.get_role_display(), "scope": grant.node}
            messages.success(request, message % names)
            return redirect("administration:grants")
    return render(request, "administration/grants/form.html", {"form": form}, status=refused(request))


@require_POST
@require_any_permission("role.view", "member.edit")
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away at once."""
    grant = get_object_or_404(questions.grants_visible_to(request.user), pk=pk)
    grants.end_grant(actor=request.user, grant=grant, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(name)s does not hold the role any more.") % {"name": grant.user})
    return redirect("administration:grants")


@require_safe
@require_any_permission("user.view", "role.view", "member.edit")
def permission_matrix(request: HttpRequest) -> HttpResponse:
    """Show what each role may do, from the file the code reads too."""
    context = {"columns": matrix_columns(), "rows": matrix_rows()}
    return render(request, "administration/permissions.html", context)


def _grant_form(request: HttpRequest) -> GrantForm:
    """Return the form with the scopes and roles of the person; the scope may stand in the address."""
    nodes = questions.nodes_to_grant_on(request.user)
    asked = request.GET.get("node", "")
    node = nodes.filter(pk=int(asked)).first() if re.match(r"^[0-9]{1,18}$", asked) else None
    roles = (
        grants.grantable_roles(request.user, node)
        if isinstance(node, ScopeNode)
        else questions.roles_to_grant(request.user)
    )
    if not roles:
        raise PermissionDenied
    return GrantForm(
        request.POST or None,
        people=questions.people_to_grant_to(request.user),
        nodes=nodes,
        roles=roles,
        initial={"node": node},
    )


def _filters(asked: dict[str, str]) -> list[dict[str, object]]:
    states = [("now", _("In force or to come")), ("ended", _("Ended"))]
    return [
        {"name": "role", "label": _("Role"), "choices": Role.choices, "value": asked["role"]},
        {"name": "kind", "label": _("Where"), "choices": ScopeKind.choices, "value": asked["kind"]},
        {"name": "state", "label": _("State"), "choices": states, "value": asked["state"]},
    ]
