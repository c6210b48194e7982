"""The plan: rows of the outline with filters."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from projects.selectors.plan import FILTERS, READ, plan_page, plan_query
from projects.views.page import page_for, signed_in

PAGE_SIZE = 200
TITLES = {"mine": _("Mine"), "late": _("Late"), "milestones": _("Milestones"), "open": _("Open")}


@signed_in
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The rows the person may see; executives see milestones only."""
    page = page_for(request, code, "task.view", "milestone.view")
    chosen = request.GET.get("show", "") if request.GET.get("show") in FILTERS else ""
    search = request.GET.get("q", "")[:100]
    query = plan_query(page.project, user=request.user, chosen=chosen, search=search, today=page.today)
    rows = Paginator(query.values(*READ), PAGE_SIZE).get_page(request.GET.get("page"))
    return page.show(
        "projects/plan.html",
        "plan",
        rows=rows,
        plan=plan_page(page.project, rows=list(rows.object_list), today=page.today),
        search=search,
        filters=[{"name": "show", "label": _("Show"), "choices": list(TITLES.items()), "value": chosen}],
        is_filtered=bool(chosen or search),
        is_auto=page.project.is_auto_scheduled,
    )
