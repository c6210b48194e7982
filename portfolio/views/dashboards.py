"""The dashboard of a portfolio, and of everything a person may see."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.accounts.access import require_permission
from portfolio.access import portfolio_for
from portfolio.forms.filters import asked_code
from portfolio.selectors.board import board_of
from portfolio.selectors.board_charts import (
    bubble_chart,
    color_history,
    confidence_lines,
    overruns_of,
    score_history,
    score_sparkline,
    treemap_chart,
)
from portfolio.selectors.dashboard_page import Dashboard
from portfolio.selectors.dashboards import dashboard as read_dashboard
from portfolio.selectors.dashboards import has_projects
from portfolio.selectors.runs import run_progress
from portfolio.services.rollups import start_rollup
from portfolio.views.page import Scope, scope_for, trail_of


@require_permission("rollup.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything the person may see."""
    return _show(scope_for(request))


@login_required
@require_safe
def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    """One portfolio with everything below it."""
    return _show(scope_for(request, code))


def _show(scope: Scope) -> HttpResponse:
    page = read_dashboard(scope.request.user, scope.portfolio, scope.day)
    names = {group.code: group.name for group in page.groups}
    context = scope.context(
        page=page,
        board=board_of(page, scope.links, names),
        trail=trail_of(scope.request.user, scope.portfolio),
        run=run_progress(scope.day),
        sees_rates=scope.sees_rates(page.missing_rates),
        has_projects=page.has_figures or has_projects(scope.request.user, scope.portfolio),
        **(_charts(scope, page) if page.has_figures else {}),
    )
    return render(scope.request, "portfolio/dashboard.html", context)


def _charts(scope: Scope, page: Dashboard) -> dict[str, Any]:
    user, links = scope.request.user, scope.links
    codes = [item.project.code for item in page.bubbles]
    path = str(scope.portfolio.node.path) if scope.portfolio else ""
    return {
        "bubble": bubble_chart(page, overruns_of(user, scope.day, codes), links),
        "treemap": treemap_chart(page, links),
        "spark": score_sparkline(page),
        "scores": score_history(page.history, links),
        "colors": color_history(page.history, links),
        "reported": confidence_lines(user, path, scope.day, links),
    }


@require_permission("rollup.run")
@require_POST
def rollup_run(request: HttpRequest) -> HttpResponse:
    """Order the roll-up of today; the dashboard shows how far it is."""
    scope = scope_for(request)
    code = asked_code(request.POST)
    start_rollup(actor=request.user, as_of=scope.today)
    messages.success(request, _("The roll-up has started. You can leave this page."))
    if code:
        return redirect(portfolio_for(request.user, code))
    return redirect("portfolio:index")
