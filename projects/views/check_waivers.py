"""Waive checks of a plan, and say how good it must be for a baseline."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.common.errors import DomainError
from projects.forms.check_waivers import BaselineGradeForm, CheckWaiverForm, grade_values, waiver_values
from projects.models import CheckWaiver, Project
from projects.services import check_waivers as services
from projects.views.page import FormPage, page_for, run_form, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def waiver_new(request: HttpRequest, code: str) -> HttpResponse:
    """Waive a check for a while."""
    page = page_for(request, code, "baseline.set")
    initial = waiver_values(request.GET.get("check", ""), today=page.today)
    form = CheckWaiverForm(page.posted, initial=initial)
    words = FormPage(
        heading=gettext_lazy("Waive a check"),
        submit=gettext_lazy("Waive"),
        back=page.url("quality"),
        tab="plan",
        done=gettext_lazy("The check is waived."),
        intro=gettext_lazy("The score stays what it is; a baseline may be set although the check is failed."),
    )

    def save() -> None:
        services.waive_check(actor=request.user, project=page.project, today=page.today, **form.cleaned_data)

    return run_form(page, words, form, save)


@signed_in
@require_POST
def waiver_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Let the check count again."""
    page = page_for(request, code, "baseline.set")
    waiver = get_object_or_404(CheckWaiver, project=page.project, pk=pk)
    try:
        services.end_waiver(actor=request.user, waiver=waiver, today=page.today)
        messages.success(request, _("The waiver is taken back; the check counts again."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return page.go("quality")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def baseline_grade(request: HttpRequest, code: str) -> HttpResponse:
    """Say how good the plan must be for a baseline."""
    page = page_for(request, code, "baseline.set")
    form = BaselineGradeForm(page.posted, initial=grade_values(page.project))
    words = FormPage(gettext_lazy("What a baseline needs"), gettext_lazy("Save"), page.url("quality"), "plan")

    def save() -> None:
        services.set_baseline_grade(
            actor=request.user,
            project=page.project,
            grade=form.cleaned_data["grade"],
            expected_version=form.cleaned_data["version"],
        )

    return run_form(
        page, words, form, save, fresh=lambda: grade_values(Project.objects.get(pk=page.project.pk))
    )
