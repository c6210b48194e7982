"""A portfolio at two dates."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import require_permission
from portfolio.forms.filters import asked_day
from portfolio.selectors.compare_page import (
    compare_view,
    compared_export,
    confidence_moves,
    dates_offered,
    default_dates,
    export_columns,
)
from portfolio.selectors.comparisons import compare as read_comparison
from portfolio.selectors.list_choices import portfolio_choices
from portfolio.views.page import Scope, scope_for
from portfolio.views.projects import EXPORTS


@require_permission("rollup.view")
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Joined, left, moved, who changed color, and why the score changed."""
    scope = scope_for(request)
    first, second = _dates(scope)
    page = read_comparison(request.user, scope.portfolio, first, second)
    context = scope.context(
        page=page,
        view=compare_view(page, scope.links.on(second if second < scope.today else None)) if page else None,
        confidence=confidence_moves(request.user, _path(scope), first, second),
        sees_rates=scope.sees_rates(page.missing_rates if page else ()),
        offered=dates_offered(request.user),
        portfolios=portfolio_choices(request.user),
        before=first,
        after=second,
    )
    return render(request, "portfolio/compare.html", context)


def _dates(scope: Scope) -> tuple[date, date]:
    """Return the two days asked for, the earlier first; the former close and today without."""
    query = scope.request.GET
    after = asked_day(query, "after", today=scope.today) or scope.day
    before = asked_day(query, "before", today=scope.today) or default_dates(after)[0]
    return min(before, after), max(before, after)


def _path(scope: Scope) -> str:
    return str(scope.portfolio.node.path) if scope.portfolio else ""


@require_permission("export.run")
@require_safe
def compare_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Both dates, one line a project (SEC-28)."""
    if kind not in EXPORTS:
        raise Http404
    scope = scope_for(request)
    first, second = _dates(scope)
    rows = compared_export(request.user, _path(scope), first, second)
    return EXPORTS[kind](f"compare-{first}-{second}.{kind}", export_columns(), rows)
