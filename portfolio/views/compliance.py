"""Standards: compliance of all projects, and waivers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import require_permission
from portfolio.choices import WaiverState
from portfolio.selectors.compliance_page import compliance_page, waiver_counts, waiver_list


@require_permission("rollup.view")
@require_safe
def compliance(request: HttpRequest) -> HttpResponse:
    """Compliance by project, by requirement and over time."""
    today = timezone.localdate()
    page = compliance_page(request.user, today=today)
    return render(request, "portfolio/compliance/compliance.html", {"page": page, "today": today})


@require_permission("rollup.view")
@require_safe
def waivers(request: HttpRequest) -> HttpResponse:
    """Waivers of all projects, those that wait first."""
    state = request.GET.get("state", "")
    counts = waiver_counts(request.user)
    context = {
        "waivers": waiver_list(request.user, state=state),
        "states": [(code, title, counts[code]) for code, title in WaiverState.choices],
        "state": state if state in WaiverState.values else "",
        "today": timezone.localdate(),
    }
    return render(request, "portfolio/compliance/waivers.html", context)
