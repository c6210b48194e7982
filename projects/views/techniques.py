"""How a task earns its value."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from projects.access import task_for
from projects.choices import EvTechnique
from projects.forms.techniques import TechniqueForm, technique_values
from projects.models import Task
from projects.selectors.techniques import technique_choices
from projects.services import techniques
from projects.views.page import FormPage, page_for, run_form, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def task_technique(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Choose a technique, then say what it needs to know."""
    task = task_for(request.user, code, uid, "task.edit")
    page = page_for(request, code)
    asked = request.GET.get("technique", "")
    chosen = asked if asked in EvTechnique.values else task.ev_technique
    form = TechniqueForm(page.posted, task=task, technique=chosen, initial=technique_values(task, chosen))
    words = FormPage(
        _("Earned value technique"), _("Save"), page.url("task_detail", uid), "plan", intro=str(task)
    )

    return run_form(
        page,
        words,
        form,
        lambda: _save(request, task, chosen, form),
        fresh=lambda: technique_values(Task.objects.select_related("project").get(pk=task.pk), chosen),
        template="projects/tasks/technique.html",
        choices=technique_choices(task, chosen=chosen),
        task=task,
    )


def _save(request: HttpRequest, task: Task, chosen: str, form: TechniqueForm) -> None:
    techniques.set_technique(
        actor=request.user,  # type: ignore[arg-type]
        task=task,
        technique=chosen,
        details=form.details,
        reason=form.cleaned_data.get("reason", ""),
        expected_version=form.cleaned_data["version"],
    )
