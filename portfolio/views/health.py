"""Why a project has its color."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portfolio.forms.filters import asked_day
from portfolio.selectors.explanations import absence_of, project_health
from portfolio.selectors.links import Links
from portfolio.selectors.panel import explanation_of, sparkline_of
from portfolio.selectors.panel_records import with_visible_records
from portfolio.views.page import Scope
from projects.access import project_for
from projects.choices import DeliveryConfidence


@login_required
@require_safe
def project_health_panel(request: HttpRequest, code: str) -> HttpResponse:
    """The panel alone for htmx, else a page of its own."""
    project = project_for(request.user, code, "rollup.view")
    today = timezone.localdate()
    scope = Scope(request, None, asked_day(request.GET, "as_of", today=today), today)
    panel = project_health(request.user, project, scope.day)
    absence = absence_of(project, scope.day)
    context = scope.context(project=project, panel=panel, absence=absence, links=Links("", scope.as_of))
    if panel is not None:
        may_see_policy = "policy_view" in context["may"]
        explanation = explanation_of(panel, shows_policy=may_see_policy)
        context["explanation"] = with_visible_records(explanation, user=request.user, project=project)
        context["sparkline"] = sparkline_of(panel)
        context["confidence_title"] = dict(DeliveryConfidence.choices).get(panel.confidence, "")
    is_part = bool(request.htmx) and not request.htmx.boosted
    template = "portfolio/health/panel.html#panel" if is_part else "portfolio/health/panel.html"
    return render(request, template, context)
