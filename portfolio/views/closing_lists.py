"""The closing checklist of a project: part of its overview, or a page of its own."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from portfolio.access import closing_item_for
from portfolio.selectors.closing_lists import EDIT, closing_list, closing_url
from portfolio.services.closing_lists import reopen_closing_item, tick_closing_item
from portfolio.views.page import Refusal, act_small, typed
from projects.views.page import ProjectPage, page_for, signed_in


@signed_in
@require_safe
def closing_list_page(request: HttpRequest, code: str) -> HttpResponse:
    """What is left to do for a canceled project, and who does it."""
    return _show(page_for(request, code, "project.view"))


def _show(page: ProjectPage, refusal: Refusal | None = None) -> HttpResponse:
    """Show the checklist; what was refused stands in its line (422)."""
    request = page.request
    found = closing_list(page.project, user=request.user, rights=page.rights)
    is_part = bool(request.htmx) and not request.htmx.boosted and refusal is None
    template = "portfolio/closing/list.html#closing" if is_part else "portfolio/closing/list.html"
    shown = page.show(template, "overview", closing=found, is_part=is_part, refusal=refusal)
    shown.status_code = 422 if refusal else 200
    return shown


@signed_in
@require_POST
def closing_item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Tick a line off, or open it again."""
    page = page_for(request, code, "project.view")
    item = closing_item_for(page.project, pk)
    if item.owner_id != request.user.pk:
        page.require(EDIT)
    about = {"actor": request.user, "item": item, "today": page.today}

    def act() -> Any:
        if request.POST.get("act") == "reopen":
            return reopen_closing_item(**about)
        return tick_closing_item(**about, note=typed(request, "note"))

    back = partial(closing_url, code)
    show = partial(_show, page)
    return act_small(request, act, _("Saved."), back=back, show=show, form=f"note-{pk}", name="note")
