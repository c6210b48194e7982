"""A person's first page, its tour, and the search of the palette."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portfolio.selectors.first_steps import first_steps
from portfolio.selectors.home import home_page
from portfolio.selectors.search import find
from portfolio.selectors.tour import tour_stops
from portfolio.services.home import end_tour, note_visit
from portfolio.views.page import rights_of


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is mine, what is due, what changed."""
    now = timezone.now()
    today = timezone.localdate()
    since = note_visit(actor=request.user, now=now)
    page = home_page(request.user, today=today, since=since)
    may = rights_of(request.user)
    steps = [] if page.has_any_project else first_steps(request.user, may)
    is_new = page.has_any_project and request.user.tour_ended_at is None
    stops = tour_stops(may, has_tasks=bool(page.tasks)) if is_new else []
    context = {
        "page": page,
        "may": may,
        "steps": steps,
        "stops": stops,
        "now": now,
        "today": today,
        "clears_demo": may.get("portfolio_edit") and request.user.email.endswith(f"@{settings.DEMO_DOMAIN}"),
    }
    return render(request, "home/home.html", context)


@login_required
@require_POST
def tour_end(request: HttpRequest) -> HttpResponse:
    """Put the tour away for good."""
    end_tour(actor=request.user, now=timezone.now())
    return redirect("home")


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Projects, portfolios, programs and people for the palette."""
    hits = find(request.user, request.GET.get("q", ""))
    return JsonResponse([hit.as_json() for hit in hits], safe=False)
