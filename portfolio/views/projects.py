"""The list of projects, its exports and saved views."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.export import csv_response, xlsx_response
from portfolio.forms.filters import ListQuery, kept_query, read_list_query
from portfolio.forms.structure import SavedViewForm
from portfolio.models import SavedView
from portfolio.selectors.indicator_words import DIMENSIONS
from portfolio.selectors.list_choices import list_filters
from portfolio.selectors.list_columns import COLUMNS, export_headings, export_row
from portfolio.selectors.project_lists import LARGEST_PAGE, PAGE_SIZE, ProjectFilters, project_list
from portfolio.selectors.wording import EXCEPTIONS
from portfolio.services import saved_views
from portfolio.views.page import Scope, posted, scope_for
from projects.choices import DeliveryConfidence, ProjectState

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}


@require_permission("project.view")
@require_http_methods(["GET", "HEAD", "POST"])
def projects(request: HttpRequest) -> HttpResponse:
    """The list; a change of filters brings the table only, posting keeps the present view under a name."""
    form = SavedViewForm(posted(request))
    if form.is_valid():
        return _save_view(request, form)
    scope = scope_for(request)
    asked = read_list_query(request.GET, scope.portfolio)
    found = project_list(
        request.user, asked.filters, as_of=scope.day, sort=asked.sort, page=asked.page, page_size=PAGE_SIZE
    )
    context = scope.context(
        **_words(asked),
        found=found,
        page_of=Paginator(range(found.total), PAGE_SIZE).get_page(found.page),
        sort=asked.sort,
        exports=_export_links(request),
    )
    if request.htmx and not request.htmx.boosted:
        return render(request, "portfolio/projects/list.html#table", context)
    context |= {**_tools(request, asked), "view_form": form}
    return render(request, "portfolio/projects/list.html", context, status=422 if form.is_bound else 200)


def _save_view(request: HttpRequest, form: SavedViewForm) -> HttpResponse:
    """Keep the present filters, order and columns under a name."""
    query = kept_query(request.GET)
    view = saved_views.save_view(actor=request.user, page="projects", query=query, **form.cleaned_data)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{reverse('portfolio:projects')}?{query}")


def _words(asked: ListQuery) -> dict[str, Any]:
    """Return what the cells of the table need to speak."""
    return {
        "shown": dict.fromkeys(asked.columns, True),
        "columns": [COLUMNS[key] for key in COLUMNS if key in asked.columns],
        "states": dict(ProjectState.choices),
        "confidences": dict(DeliveryConfidence.choices),
        "dimension_names": DIMENSIONS,
        "exception_names": EXCEPTIONS,
        "empty_filters": ProjectFilters(portfolio=asked.filters.portfolio),
    }


def _tools(request: HttpRequest, asked: ListQuery) -> dict[str, Any]:
    main, more = list_filters(request.user, asked.values)
    views = SavedView.objects.visible_to(request.user).filter(page="projects").select_related("owner")
    return {
        "asked": asked,
        "filters": main,
        "more_filters": more,
        "more_count": sum(bool(item.value) for item in more),
        "all_columns": list(COLUMNS.values()),
        "saved_views": list(views.order_by(F("is_shared").asc(), "name", "pk")),
        "kept": kept_query(request.GET),
    }


def _export_links(request: HttpRequest) -> list[dict[str, str]]:
    query = request.GET.urlencode()
    titles = {"csv": _("CSV"), "xlsx": _("Excel")}
    return [
        {"title": title, "url": f"{reverse('portfolio:projects_export', args=[kind])}?{query}"}
        for kind, title in titles.items()
    ]


@require_permission("export.run")
@require_safe
def projects_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same projects, order and columns as the page, without pages (SEC-28)."""
    if kind not in EXPORTS:
        raise Http404
    scope = scope_for(request)
    asked = read_list_query(request.GET, scope.portfolio)
    name = f"projects-{scope.day.isoformat()}.{kind}"
    return EXPORTS[kind](name, export_headings(asked.columns), _all_rows(scope, asked))


def _all_rows(scope: Scope, asked: ListQuery) -> Iterator[list[Any]]:
    number = 1
    while True:
        found = project_list(
            scope.request.user,
            asked.filters,
            as_of=scope.day,
            sort=asked.sort,
            page=number,
            page_size=LARGEST_PAGE,
        )
        for row in found.rows:
            yield export_row(row, asked.columns)
        if not found.has_next:
            return
        number += 1


@require_permission("project.view")
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an own view; others' shared ones cannot be removed."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    saved_views.delete_view(actor=request.user, view=view)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect("portfolio:projects")
