"""Milestones and baselines."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.organizing import BaselineForm
from projects.selectors.baselines import baseline_rows, variance_rows
from projects.services import baselines as services
from projects.views.page import FormPage, page_for, run_form, signed_in


@signed_in
@require_safe
def baselines(request: HttpRequest, code: str) -> HttpResponse:
    """Milestones, and all tasks on demand, against the current and the original baseline."""
    page = page_for(request, code, "baseline.view")
    shows_all = request.GET.get("rows") == "all" and page.allows("task.view")
    return page.show(
        "projects/baselines.html",
        "baselines",
        baselines=baseline_rows(page.project),
        rows=variance_rows(page.project, user=request.user, milestones_only=not shows_all),
        shows_all=shows_all,
        currency=page.project.currency,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def baseline_set(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the plan."""
    page = page_for(request, code, "baseline.set")
    initial = {"effective_from": page.project.data_date or page.today}
    form = BaselineForm(page.posted, initial=initial)
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
    return run_form(
        page,
        words,
        form,
        lambda: services.set_baseline(actor=request.user, project=page.project, **form.cleaned_data),
    )
