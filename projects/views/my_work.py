"""My work: a person's own tasks across projects, and their progress in two taps."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.common.errors import DomainError
from projects.access import task_for
from projects.forms.progress_lists import QuickForm, answered, refuse_rows
from projects.forms.tasks import progress_values
from projects.models import Task
from projects.selectors.moves import moves_page
from projects.selectors.my_work import WorkGroup, WorkQuestion, my_work
from projects.selectors.progress_list import progress_rows, with_plan
from projects.services.progress import RowsRefused, record_progress_of_many
from projects.services.progress_answers import done_at_data_date, started_at_data_date
from projects.services.progress_lists import ProgressTrial, try_progress_of_many
from projects.services.progress_rules import NO_FINISH, ProgressDraft
from projects.views.moves import telling_moves
from projects.views.page import ProjectPage, page_for, signed_in
from projects.views.progress_lists import shown_foreseen

PAGE_SIZE = 50
WRITES = ["GET", "HEAD", "POST"]
QUICK = {"done": done_at_data_date, "started": started_at_data_date}


@dataclass(frozen=True)
class Choice:
    """A group that may be chosen, with its number."""

    key: str
    title: str
    count: int


@signed_in
@require_safe
def my_work_page(request: HttpRequest) -> HttpResponse:
    """The person's own tasks, as the address asks for them."""
    question = _question(request)
    found = my_work(request.user, question, today=timezone.localdate())
    choices = [Choice(str(group), str(group.label), found.counts[group]) for group in WorkGroup]
    context = {
        "work": found,
        "rows": Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "question": question,
        "choices": choices,
        "asked": _asked(question),
        "asked_all": _asked(WorkQuestion("", question.project, question.search)),
    }
    return render(request, "projects/my_work/list.html", context)


def _question(request: HttpRequest) -> WorkQuestion:
    """Return what the address asks for; unknown words are left aside."""
    asked = request.GET
    show = asked.get("show", "")
    return WorkQuestion(
        show=show if show in WorkGroup.values else "",
        project=asked.get("project", "")[:40],
        search=asked.get("q", "").strip()[:100],
    )


def _asked(question: WorkQuestion) -> str:
    """Return the question as it stands in an address."""
    said = {"show": question.show, "project": question.project, "q": question.search}
    return urlencode({name: value for name, value in said.items() if value})


@signed_in
@require_http_methods(WRITES)
def my_work_task(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Report one task: a first tap says what saving would do, the second one saves."""
    task = task_for(request.user, code, uid, "task.progress")
    page = page_for(request, code)
    form = _form(page, task)
    is_trial = "trial" in request.POST or "quick" in request.POST
    trial = _tried(page, form) if is_trial else None
    if page.posted is not None and not is_trial and _saved(page, form):
        return redirect(_back(request))
    return _show(page, form, trial)


def _back(request: HttpRequest) -> str:
    asked = _asked(_question(request))
    return reverse("my_work") + (f"?{asked}" if asked else "")


def _form(page: ProjectPage, task: Task) -> QuickForm:
    """Return the form; one tap fills it in as if somebody had typed the answer."""
    initial = progress_values(task)
    quick = QUICK.get(page.request.POST.get("quick", ""))
    if quick is None:
        return QuickForm(page.posted, task=task, initial=initial)
    blank = QuickForm(task=task, initial=initial)
    try:
        draft, refusal = quick(task, project=page.project), None
    except DomainError as fault:
        draft, refusal = ProgressDraft(task, task.actual_start), fault
    sent = answered(blank, draft) | {blank.add_prefix("version"): page.request.POST.get("version", "")}
    form = QuickForm(sent, task=task, initial=initial)
    if refusal is not None and form.is_valid():
        form.add_error(None, str(refusal))
    return form


def _entry(page: ProjectPage, form: QuickForm) -> dict[str, Any]:
    return {
        "actor": page.request.user,
        "project": page.project,
        "data_date": page.project.data_date,
        "drafts": [form.draft()],
        "expected_versions": {form.task.uid: form.cleaned_data["version"]},
    }


def _tried(page: ProjectPage, form: QuickForm) -> ProgressTrial | None:
    if not form.is_valid():
        return None
    try:
        return try_progress_of_many(**_entry(page, form))
    except DomainError as refusal:
        _refuse(form, refusal)
        return None


def _saved(page: ProjectPage, form: QuickForm) -> bool:
    """Whether the entry was saved; what was refused stands on its field."""
    if not form.is_valid():
        return False
    try:
        with telling_moves(page):
            made = record_progress_of_many(**_entry(page, form))[0]
    except DomainError as refusal:
        _refuse(form, refusal)
        return False
    messages.success(page.request, _("“%(task)s” is reported.") % {"task": form.task.name})
    if made.remaining_duration == 0 and made.actual_finish is None:
        messages.warning(page.request, str(NO_FINISH))
    return True


def _refuse(form: QuickForm, refusal: DomainError) -> None:
    if isinstance(refusal, RowsRefused):
        refuse_rows([form], refusal)
    else:
        form.add_error(None, str(refusal))


def _show(page: ProjectPage, form: QuickForm, trial: ProgressTrial | None) -> HttpResponse:
    rows = with_plan(Task.objects.filter(pk=form.task.pk).select_related("parent", "owner"), page.project)
    response = page.show(
        "projects/my_work/task.html",
        "plan",
        row=progress_rows(list(rows), project=page.project)[0],
        form=form,
        back=_back(page.request),
        asked=_asked(_question(page.request)),
        foreseen=shown_foreseen(page, trial.rows[0]) if trial else None,
        moves=moves_page(page.project, trial.effect) if trial else None,
        is_finished=form.task.actual_finish is not None,
    )
    response.status_code = 422 if form.is_bound and form.errors else 200
    return response
