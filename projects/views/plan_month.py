"""The calendar of a project: a month of its plan."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.selectors import plan_month as months
from projects.views.page import page_for, signed_in

MAY_SEE = ("task.view", "milestone.view")


@signed_in
@require_safe
def plan_month(request: HttpRequest, code: str) -> HttpResponse:
    """Show the month of the address, else that of today."""
    page = page_for(request, code, *MAY_SEE)
    first = _day(f"{request.GET.get('month', '')}-01") or page.today.replace(day=1)
    return page.show(
        "projects/board/month.html",
        "board",
        month=months.plan_month(
            page.project,
            user=request.user,
            first=first,
            today=page.today,
            chosen=_day(request.GET.get("day", "")),
        ),
    )


def _day(text: str) -> date | None:
    """Return a day of an address; years the calendar cannot show around are none."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if date.min.year + 1 < found.year < date.max.year else None
