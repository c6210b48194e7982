"""The calendar of a project: a month of its plan."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.selectors import plan_month as months
from projects.selectors.plan_filters import FILTERS
from projects.views.page import ProjectPage, page_for, signed_in

MAY_SEE = ("task.view", "milestone.view")


@signed_in
@require_safe
def plan_month(request: HttpRequest, code: str) -> HttpResponse:
    """Show the month of the address, else that of today."""
    page = page_for(request, code, *MAY_SEE)
    question = _question(page)
    return page.show(
        "projects/board/month.html",
        "board",
        month=months.plan_month(page.project, user=request.user, question=question, today=page.today),
        question=question,
        shown_choices=FILTERS.items(),
    )


def _question(page: ProjectPage) -> months.MonthQuestion:
    """Return what the address asks for; unknown words are left aside."""
    asked = page.request.GET
    return months.MonthQuestion(
        first=_day(f"{asked.get('month', '')}-01") or page.today.replace(day=1),
        chosen=_day(asked.get("day", "")),
        show=asked.get("show", "") if asked.get("show") in FILTERS else "",
        search=asked.get("q", "").strip()[:100],
    )


def _day(text: str) -> date | None:
    """Return a day of an address; years the calendar cannot show around are none."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if date.min.year + 1 < found.year < date.max.year else None
