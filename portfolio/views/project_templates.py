"""Project templates: list, version, a project from one, one from a project, drift."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may, require_permission
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.common.errors import DomainError
from portfolio.access import template_version_for
from portfolio.forms.project_templates import (
    DraftForm,
    TemplateFromProjectForm,
    TemplateProjectForm,
    WithdrawForm,
    draft_values,
)
from portfolio.models import ProjectTemplate, TemplateUse, TemplateVersion
from portfolio.rollup.project_template import TemplateContent
from portfolio.selectors.project_templates import (
    current_of,
    published_of,
    template_cards,
    template_page,
    versions_of,
)
from portfolio.selectors.template_content import project_as_template
from portfolio.selectors.template_drift import project_drift, template_experience
from portfolio.selectors.template_words import difference_lines, omission_lines
from portfolio.services import project_templates as services
from portfolio.services.template_projects import Forecast, create_from_template, try_template
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form
from projects.access import project_for
from projects.forms.saving import saves
from projects.models import Project

VIEW, PROPOSE, EDIT = "template.view", "template.propose", "template.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_permission(VIEW)
@require_safe
def project_templates(request: HttpRequest) -> HttpResponse:
    """All templates with their published version."""
    context = {"cards": template_cards(request.user), "may": _rights(request)}
    return render(request, "portfolio/project_templates/list.html", context)


@require_permission(VIEW)
@require_safe
def project_template(request: HttpRequest, code: str) -> HttpResponse:
    """The published version, or the newest without one."""
    template = get_object_or_404(ProjectTemplate, code=code)
    versions = versions_of(template, user=request.user)
    if not versions:
        raise Http404
    return redirect(current_of(reversed(versions)))


@require_permission(VIEW)
@require_safe
def template_version(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A version: its plan, money and risks, and what its users changed."""
    found = template_version_for(request.user, code, version)
    language = get_language() or "en"
    context = {
        "version": found,
        "page": template_page(found),
        "versions": versions_of(found.template, user=request.user),
        "experience": template_experience(found.template, user=request.user, language=language),
        "is_own": found.proposed_by_id == request.user.pk,
        "may": _rights(request),
    }
    return render(request, "portfolio/project_templates/detail.html", context)


@require_permission("project.create")
@GET_POST
def template_use(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A new project from a version; first its dates, then the project."""
    found = template_version_for(request.user, code, version)
    form = TemplateProjectForm(posted(request), user=request.user, version=found)
    act = try_template if "try" in request.POST else create_from_template
    made: list[Any] = []

    def run() -> None:
        made.append(act(actor=request.user, version=found, order=form.order, today=timezone.localdate()))

    if request.method == "POST" and saves(form, run) and not isinstance(made[0], Forecast):
        messages.success(request, str(_made_words(made[0])))
        return redirect("portfolio:project_start", made[0].code)
    forecast = made[0] if made else None
    context = {"form": form, "version": found, "page": template_page(found), "forecast": forecast}
    context["published"] = published_of(found)
    return render(
        request, "portfolio/project_templates/use.html", context, status=422 if form.errors else 200
    )


@require_permission(PROPOSE)
@GET_POST
def template_edit(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """The head of a draft."""
    found = template_version_for(request.user, code, version, PROPOSE)
    form = DraftForm(posted(request), initial=draft_values(found))
    intro = _(
        "The plan of a draft is edited as a project: make one from it, then keep that as the next version."
    )
    words = Words(_("Edit draft"), _("Save"), found.get_absolute_url(), intro)

    def save() -> TemplateVersion:
        return services.edit_draft(
            actor=request.user,
            version=found,
            content=form.content(found.content),
            changelog=form.cleaned_data["changelog"],
            expected_edition=form.cleaned_data["version"] or 0,
        )

    return run_form(request, words, form, save, fresh=lambda: draft_values(_again(found)))


def _again(version: TemplateVersion) -> TemplateVersion:
    return TemplateVersion.objects.select_related("template").get(pk=version.pk)


@require_permission(EDIT)
@require_POST
def template_publish(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Let a draft make projects."""
    found = template_version_for(request.user, code, version, EDIT)
    try:
        services.publish_version(actor=request.user, version=found, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(_("Published. New projects are made from it.")))
    return redirect(found)


@require_permission(PROPOSE)
@GET_POST
def template_withdraw(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Take a version back."""
    found = template_version_for(request.user, code, version, PROPOSE)
    form = WithdrawForm(posted(request))
    words = Words(
        _("Withdraw version %(version)s") % {"version": version},
        _("Withdraw"),
        found.get_absolute_url(),
        _("No more projects are made from it. Those that were made stay as they are."),
        is_danger=True,
    )

    def act() -> str:
        services.withdraw_version(actor=request.user, version=found, reason=form.cleaned_data["reason"])
        return "portfolio:project_templates"

    return run_form(request, words, form, act)


@login_required
@GET_POST
def template_from_project(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the plan of a project as a draft of a template."""
    project = project_for(request.user, code, PROPOSE)
    sees_money = may(request.user, "budget.view", project.node)
    use = TemplateUse.objects.filter(project=project).select_related("version__template").first()
    former = project_as_template(project, with_money=sees_money, today=timezone.localdate())
    initial = {
        "code": use.version.template.code if use else project.code,
        "name": former.content.name.text(get_language() or "en"),
        "summary": former.content.summary.text(get_language() or "en"),
    }
    form = TemplateFromProjectForm(posted(request), sees_money=sees_money, initial=initial)
    words = Words(_("Save as template"), _("Keep as draft"), f"{project.get_absolute_url()}plan/")
    act = partial(_propose, request, former.content, form)
    omissions = omission_lines(former.omissions)
    return _propose_page(
        request, words, form, act, former=former, omissions=omissions, project=project, use=use
    )


def _propose(
    request: HttpRequest, content: TemplateContent, form: TemplateFromProjectForm
) -> TemplateVersion:
    given = form.cleaned_data
    return services.propose_version(
        actor=request.user, code=given["code"], content=form.content(content), changelog=given["changelog"]
    )


def _propose_page(
    request: HttpRequest, words: Words, form: Any, act: Callable[[], TemplateVersion], **values: Any
) -> HttpResponse:
    made: list[TemplateVersion] = []
    if request.method == "POST" and saves(form, lambda: made.append(act())):
        messages.success(request, str(_("Kept as a draft. The PMO publishes it.")))
        return redirect(made[0])
    context = {"form": form, "words": words, **values}
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/project_templates/from_project.html", context, status=status)


@login_required
@require_safe
def template_drift(request: HttpRequest, code: str) -> HttpResponse:
    """How a project differs from the template it was made from (STD-11)."""
    project = project_for(request.user, code, "task.view")
    uses = TemplateUse.objects.select_related("version__template", "project__calendar")
    use = uses.filter(project=project).first()
    drift = project_drift(use, language=get_language() or "en") if use else None
    context = {
        "project": project,
        "use": use,
        "drift": drift,
        "differences": difference_lines(drift) if drift else [],
        "may_propose": may(request.user, PROPOSE, project.node),
    }
    return render(request, "portfolio/project_templates/drift.html", context)


def _rights(request: HttpRequest) -> dict[str, bool]:
    held = held_permissions(request.user, (PROPOSE, EDIT, "project.create"))
    return {"propose": PROPOSE in held, "edit": EDIT in held, "create": "project.create" in held}


def _made_words(project: Project) -> Any:
    if project.budget_lines.exists():
        return _("The project is there, with its plan and budget.")
    return _("The project is there, with its plan.")
