"""Emergency access: opened by administrators, watched by PMO heads and auditors."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import require_any_permission, require_permission
from pmo_portal.accounts.forms.emergency import EmergencyForm
from pmo_portal.accounts.forms.refusals import save_or_refuse
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.selectors.emergency import accesses_visible_to
from pmo_portal.accounts.services import emergency
from pmo_portal.accounts.views.paging import page_number, refused

PER_PAGE = 50
RIGHTS = ("emergency.open", "emergency.view", "emergency.end")


@require_safe
@require_any_permission("emergency.open", "emergency.view")
def access_list(request: HttpRequest) -> HttpResponse:
    """Show who opened what, why, from when until when, and who ended it. Fixed number of queries."""
    held = held_permissions(request.user, RIGHTS)
    sees_all = "emergency.view" in held
    found = accesses_visible_to(request.user, sees_all=sees_all)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(page_number(request)),
        "sees_all": sees_all,
        "may_open": "emergency.open" in held,
        "may_end": "emergency.end" in held,
    }
    return render(request, "administration/emergency/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("emergency.open")
def access_new(request: HttpRequest) -> HttpResponse:
    """Open emergency access; the answer is the same whatever the code leads to."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        access = save_or_refuse(form, lambda: emergency.open_access(actor=request.user, **values))
        if access is not None:
            # More rights, another key (SEC-3): whatever the code leads to, so that it tells nothing.
            request.session.cycle_key()
            messages.success(request, _("Written down, and every PMO head is told."))
            return redirect("administration:emergency")
    return render(request, "administration/emergency/form.html", {"form": form}, status=refused(request))


@require_POST
@require_any_permission("emergency.open", "emergency.end")
def access_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an access at once."""
    access = get_object_or_404(accesses_visible_to(request.user), pk=pk)
    emergency.end_access_now(actor=request.user, access=access)
    messages.success(request, _("The emergency access has ended."))
    return redirect("administration:emergency")


@require_POST
@require_permission("emergency.end")
def access_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an access was in order."""
    access = get_object_or_404(accesses_visible_to(request.user), pk=pk)
    emergency.confirm_access(actor=request.user, access=access)
    messages.success(request, _("The emergency access is confirmed."))
    return redirect("administration:emergency")
