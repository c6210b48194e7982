"""Milestones and baselines."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.common.export import csv_response, xlsx_response
from projects.forms.organizing import BaselineForm, DeclineForm, asked_baseline
from projects.forms.plan_versions import asked_versions
from projects.selectors.baselines import baseline_rows
from projects.selectors.milestone_trends import trend_page
from projects.selectors.plan_change_words import change_lines, growth_percent
from projects.selectors.plan_versions import ComparedRow, Comparison, Version, compare_versions, plan_versions
from projects.selectors.trend_charts import milestone_chart, slip_chart, trend_lines
from projects.selectors.version_tables import compared_cells, compared_headings
from projects.services import baselines as services
from projects.services.baseline_requests import (
    ask_for_baseline,
    baseline_setters,
    decline_baseline,
    is_baseline_asked,
)
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

PAGE_SIZE = 100
FORM = "projects/baselines/form.html"
EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
SHOWN = {"": _("Milestones"), "all": _("All tasks"), "changed": _("What changed")}


@signed_in
@require_safe
def baselines(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions of the plan beside each other, how milestones moved, and the baselines."""
    page = page_for(request, code, "baseline.view")
    versions = plan_versions(page.project)
    comparison = _asked(page, versions)
    return page.show(
        "projects/baselines.html",
        "baselines",
        versions=versions,
        baselines=baseline_rows(page.project),
        setters=_setters(page),
        currency=page.project.currency,
        exports=_export_links(page) if comparison else [],
        **_compared(page, comparison),
        **_moved(page),
    )


def _setters(page: ProjectPage) -> list[str]:
    """Return who sets baselines here, for those who may not."""
    return [] if page.allows("baseline.set") else [person.name for person in baseline_setters(page.project)]


def _compared(page: ProjectPage, comparison: Comparison | None) -> dict[str, Any]:
    """Return the comparison in words and the rows to list."""
    if comparison is None:
        return {"comparison": None}
    shown = _shown(page)
    rows = [row for row in comparison.rows if _is_shown(shown, row)]
    if shown == "changed":
        rows.sort(key=lambda row: -(row.change.finish_wd or 0))
    return {
        "comparison": comparison,
        "lines": change_lines(comparison),
        "growth": growth_percent(comparison),
        "rows": Paginator(rows, PAGE_SIZE).get_page(page.request.GET.get("page")),
        "shown": shown,
        "choices": SHOWN if page.allows("task.view") else {"": SHOWN[""]},
    }


def _moved(page: ProjectPage) -> dict[str, Any]:
    """Return how milestones and the finish moved from report to report."""
    trend = trend_page(page.project, user=page.request.user)
    return {
        "trend": trend,
        "trend_lines": trend_lines(trend),
        "milestone_chart": milestone_chart(trend),
        "slip_chart": slip_chart(trend),
    }


def _asked(page: ProjectPage, versions: list[Version]) -> Comparison | None:
    asked = asked_versions(page.request.GET, versions)
    if asked is None:
        return None
    hides_tasks = not page.allows("task.view")
    return compare_versions(page.project, *asked, user=page.request.user, milestones_only=hides_tasks)


def _shown(page: ProjectPage) -> str:
    asked = page.request.GET.get("rows", "")
    return asked if asked in SHOWN and page.allows("task.view") else ""


def _is_shown(shown: str, row: ComparedRow) -> bool:
    change = row.change
    item = change.after or change.before
    return change.is_changed if shown == "changed" else shown == "all" or bool(item and item.is_milestone)


def _export_links(page: ProjectPage) -> list[dict[str, str]]:
    if not page.allows("export.run"):
        return []
    query = page.request.GET.urlencode()
    titles = {"csv": "CSV", "xlsx": "Excel"}
    return [
        {"title": title, "url": page.url("baselines_export", kind) + (f"?{query}" if query else "")}
        for kind, title in titles.items()
    ]


@signed_in
@require_safe
def baselines_export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """All leaves of both versions as a file (SEC-28)."""
    page = page_for(request, code, "baseline.view")
    page.require("export.run")
    comparison = _asked(page, plan_versions(page.project))
    if kind not in EXPORTS or comparison is None:
        raise Http404
    with_cost = page.allows("budget.view")
    name = f"{code}-{comparison.before.key}-{comparison.after.key}-{page.today.isoformat()}.{kind}"
    headings = compared_headings(comparison, with_cost=with_cost)
    return EXPORTS[kind](name, headings, compared_cells(comparison, with_cost=with_cost))


def _frozen(page: ProjectPage, words: FormPage, form: BaselineForm, act: Callable[[], Any]) -> HttpResponse:
    """Run a form about a baseline; it leads to the checks the project wants passed, and to the refusal."""
    is_asked = page.allows("baseline.set") and is_baseline_asked(page.project)
    return run_form(
        page, words, form, act, template=FORM, grade=page.project.baseline_grade, is_asked=is_asked
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def baseline_set(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the plan."""
    page = page_for(request, code, "baseline.set")
    initial = {"effective_from": page.project.data_date or page.today}
    form = BaselineForm(page.posted, initial=initial | asked_baseline(request.GET))
    words = FormPage(
        heading=_("Set baseline"),
        submit=_("Freeze the plan"),
        back=page.url("baselines"),
        tab="baselines",
        done=_("The plan is frozen as the new baseline."),
        intro=_(
            "All tasks are frozen with their dates and budgets. A baseline cannot be changed afterwards."
        ),
    )
    return _frozen(
        page,
        words,
        form,
        lambda: services.set_baseline(actor=request.user, project=page.project, **form.cleaned_data),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def baseline_decline(request: HttpRequest, code: str) -> HttpResponse:
    """Tell those who asked for a baseline that none is set, and why."""
    page = page_for(request, code, "baseline.set")
    form = DeclineForm(page.posted)
    words = FormPage(
        heading=_("Set no baseline"),
        submit=_("Tell them"),
        back=page.url("baselines"),
        tab="baselines",
        done=_("Who asked has been told."),
        intro=_("The project managers are told why the plan is not frozen; they can ask again."),
    )
    asked = {"actor": request.user, "project": page.project}
    return run_form(page, words, form, lambda: decline_baseline(**asked, **form.cleaned_data))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def baseline_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask those who may set a baseline for one."""
    page = page_for(request, code, "task.edit")
    form = BaselineForm(page.posted, initial={"effective_from": page.project.data_date or page.today})
    people = ", ".join(person.name for person in baseline_setters(page.project, besides=request.user))
    words = FormPage(
        heading=_("Ask for a baseline"),
        submit=_("Send the request"),
        back=page.url("baselines"),
        tab="baselines",
        done=_("Asked: %(people)s.") % {"people": people},
        intro=_("It goes to %(people)s, who sets the baseline or says why not.") % {"people": people or "—"},
    )
    asked = {"actor": request.user, "project": page.project}
    return _frozen(
        page,
        words,
        form,
        lambda: ask_for_baseline(**asked, **form.cleaned_data),
    )
