"""The inbox."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.accounts.views.paging import page_number
from pmo_portal.notifications import selectors, services
from pmo_portal.notifications.models import Notification

PER_PAGE = 30


@require_safe
@login_required
def notification_list(request: HttpRequest) -> HttpResponse:
    """List the person's messages: unread ones, or all with ``?show=all``."""
    shows_all = request.GET.get("show") == "all"
    found = selectors.inbox(request.user, only_unread=not shows_all)
    unread = selectors.unread_count(request.user)
    address = reverse("notifications:list")
    context = {
        "page": Paginator(found, PER_PAGE).get_page(page_number(request)),
        "shows_all": shows_all,
        "unread": unread,
        "by_email": selectors.wants_email(request.user),
        "tabs": [
            {"title": _("Unread"), "url": address, "is_active": not shows_all, "count": unread},
            {"title": _("All"), "url": f"{address}?show=all", "is_active": shows_all},
        ],
    }
    return render(request, "notifications/list.html", context)


@require_POST
@login_required
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read and go where it leads, or back."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    services.mark_read(actor=request.user, notification=found)
    return redirect(found.url if found.url and "stay" not in request.POST else "notifications:list")


@require_POST
@login_required
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    services.mark_all_read(actor=request.user)
    return redirect("notifications:list")


@require_POST
@login_required
def preference(request: HttpRequest) -> HttpResponse:
    """Say whether messages come by mail too."""
    services.set_email_wanted(actor=request.user, by_email=request.POST.get("by_email") == "on")
    messages.success(request, _("Saved."))
    return redirect("notifications:list")
