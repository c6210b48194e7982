"""Help: a short page of first steps for each role, and the words of the portal."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pmo_portal.common.glossary import terms_found
from pmo_portal.common.navigation import entries_for

GUIDES = ("analyst", "pmo", "project_manager", "plan", "executive", "administrator")


@require_safe
@login_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Show what to do first, role by role."""
    sections = [f"help/_{name}.html" for name in GUIDES]
    reachable = {entry.url for entry in entries_for(request)}
    return render(request, "help/index.html", {"sections": sections, "reachable": reachable})


@require_safe
@login_required
def glossary(request: HttpRequest) -> HttpResponse:
    """Show all terms, or those that contain what is searched for."""
    search = request.GET.get("q", "").strip()[:100]
    return render(request, "help/glossary.html", {"terms": terms_found(search), "search": search})
