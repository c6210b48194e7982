"""Help of the library beside the fields and steps it belongs to."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.common.guidance import BY_CODE, places_on
from portfolio.choices import UsageKind
from portfolio.selectors.guidance import guidance_for
from portfolio.services.library_use import record_usage


@login_required
@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """The help of a page, to be put beside the fields it shows; nothing for who does not read the library."""
    fields = request.GET.get("fields", "").split(",")
    places = [
        place for place in places_on(request.GET.get("at", "")) if not place.field or place.field in fields
    ]
    found = guidance_for(request.user, places) if places and holds(request.user, "library.view") else []
    return render(request, "portfolio/guidance/slots.html", {"found": found})


@require_permission("library.view")
@require_safe
def guidance_place(request: HttpRequest, place: str) -> HttpResponse:
    """The items that help at a place; reading them counts as a view."""
    known = BY_CODE.get(place)
    found = guidance_for(request.user, [known]) if known else []
    if not found:
        raise Http404
    for version in found[0].versions:
        record_usage(actor=request.user, version=version, kind=UsageKind.VIEW, day=timezone.localdate())
    part = "#items" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"portfolio/guidance/place.html{part}", {"guidance": found[0]})
