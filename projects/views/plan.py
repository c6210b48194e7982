"""The plan: the page of grid and drawing, and its rows as a plain list."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects.selectors.plan import FILTERS, READ, plan_page, plan_query
from projects.selectors.plan_grid import plan_grid
from projects.views.page import page_for, signed_in
from projects.views.plan_sentences import plan_sentences

PAGE_SIZE = 200
TITLES = {"mine": _("Mine"), "late": _("Late"), "milestones": _("Milestones"), "open": _("Open")}


@signed_in
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Grid and drawing; what the API answers stands in the page, so it opens without a second request."""
    page = page_for(request, code, "task.view", "milestone.view")
    return page.show(
        "projects/plan.html",
        "plan",
        model=plan_grid(page.project, user=request.user, today=page.today),
        sentences=plan_sentences(),
    )


@signed_in
@require_safe
def plan_list(request: HttpRequest, code: str) -> HttpResponse:
    """The same rows as a plain table, with filters in the address; executives see milestones only."""
    page = page_for(request, code, "task.view", "milestone.view")
    chosen = request.GET.get("show", "") if request.GET.get("show") in FILTERS else ""
    search = request.GET.get("q", "")[:100]
    query = plan_query(page.project, user=request.user, chosen=chosen, search=search, today=page.today)
    rows = Paginator(query.values(*READ), PAGE_SIZE).get_page(request.GET.get("page"))
    return page.show(
        "projects/plan_list.html",
        "plan",
        rows=rows,
        plan=plan_page(page.project, rows=list(rows.object_list), today=page.today),
        search=search,
        filters=[{"name": "show", "label": _("Show"), "choices": list(TITLES.items()), "value": chosen}],
        is_filtered=bool(chosen or search),
        is_auto=page.project.is_auto_scheduled,
    )
