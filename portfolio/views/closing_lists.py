"""The closing checklist of a project: part of its overview, or a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.common.errors import DomainError
from portfolio.access import closing_item_for
from portfolio.selectors.closing_lists import EDIT, closing_list, closing_url
from portfolio.services.closing_lists import reopen_closing_item, tick_closing_item
from projects.views.page import page_for, signed_in

LONGEST = 400


@signed_in
@require_safe
def closing_list_page(request: HttpRequest, code: str) -> HttpResponse:
    """What is left to do after a kill, and who does it."""
    page = page_for(request, code, "project.view")
    found = closing_list(page.project, user=request.user, rights=page.rights)
    is_part = bool(request.htmx) and not request.htmx.boosted
    template = "portfolio/closing/list.html#closing" if is_part else "portfolio/closing/list.html"
    return page.show(template, "overview", closing=found, is_part=is_part)


@signed_in
@require_POST
def closing_item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Tick a line off, or open it again."""
    page = page_for(request, code, "project.view")
    item = closing_item_for(page.project, pk)
    if item.owner_id != request.user.pk:
        page.require(EDIT)
    user: Any = request.user
    note = request.POST.get("note", "")
    try:
        if request.POST.get("act") == "reopen":
            reopen_closing_item(actor=user, item=item, today=page.today)
        elif len(note) > LONGEST:
            raise DomainError(_("A note has at most %(count)s characters.") % {"count": LONGEST})
        else:
            tick_closing_item(actor=user, item=item, note=note, today=page.today)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect(closing_url(code))
