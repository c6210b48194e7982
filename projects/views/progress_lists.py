"""Progress of many tasks: the list, and the assistant that asks one after the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from pmo_portal.common.errors import DomainError
from projects.access import recordable_tasks
from projects.choices import TimeKind
from projects.forms.progress_answers import AnswerForm, answer_values
from projects.forms.progress_lists import (
    ProgressRowForm,
    posted_uids,
    refuse_rows,
    row_forms,
    said_rows,
)
from projects.forms.saving import saves
from projects.models import Task
from projects.selectors.moves import moves_page
from projects.selectors.plan_dates import shown_finish
from projects.selectors.progress_list import (
    CHOICES,
    due_count,
    progress_rows,
    progress_tasks,
    with_plan,
)
from projects.selectors.work_days import in_days
from projects.services.progress import RowsRefused, record_progress_of_many
from projects.services.progress_lists import ProgressTrial, try_progress_of_many
from projects.services.progress_rules import NO_FINISH
from projects.views.moves import telling_moves
from projects.views.page import ProjectPage, page_for, signed_in

PAGE_SIZE = 50
WRITES = ["GET", "HEAD", "POST"]
TITLES = (("due", _("Due now")), ("running", _("In progress")), ("open", _("All open")), ("mine", _("Mine")))


@dataclass(frozen=True)
class Listing:
    """The rows shown with a form for each."""

    chosen: str
    search: str
    page: Any
    forms: list[ProgressRowForm]


@signed_in
@require_http_methods(WRITES)
def progress_list(request: HttpRequest, code: str) -> HttpResponse:
    """Report many tasks at once; a trial says where the entries lead to."""
    page = page_for(request, code, "task.progress")
    listing = _listing(page)
    said = said_rows(listing.forms) if page.posted is not None else []
    trial = None
    if said and "trial" in request.POST:
        trial = _tried(page, listing.forms, said)
    elif page.posted is not None and said is not None and _saved(page, listing.forms, said):
        return redirect(f"{page.url('progress_list')}?{request.GET.urlencode()}")
    return _show_list(page, listing, trial)


def _listing(page: ProjectPage) -> Listing:
    """Return the rows that were sent, else those of the choice."""
    chosen = page.request.GET.get("show", "due")
    chosen = chosen if chosen in CHOICES else "due"
    search = page.request.GET.get("q", "").strip()[:100]
    mine = recordable_tasks(page.request.user, project=page.project)
    if page.posted is not None:
        sent = with_plan(mine.filter(uid__in=posted_uids(page.posted)), page.project)
        tasks = Paginator(sent.select_related("parent", "owner", "calendar").in_order(), 10_000).get_page(1)
    else:
        user = page.request.user
        rows = progress_tasks(mine, project=page.project, user=user, chosen=chosen, search=search)
        tasks = Paginator(rows, PAGE_SIZE).get_page(page.request.GET.get("page"))
    tasks.object_list = list(tasks.object_list)
    forms = row_forms(tasks.object_list, project=page.project, posted=page.posted)
    return Listing(chosen, search, tasks, forms)


def _entries(page: ProjectPage, said: Sequence[ProgressRowForm]) -> dict[str, Any]:
    """Return what the services take."""
    return {
        "actor": page.request.user,
        "project": page.project,
        "data_date": page.project.data_date,
        "drafts": [form.draft() for form in said],
        "expected_versions": {form.task.uid: form.cleaned_data["version"] for form in said},
    }


def _tried(
    page: ProjectPage, forms: Sequence[ProgressRowForm], said: Sequence[ProgressRowForm]
) -> ProgressTrial | None:
    try:
        return try_progress_of_many(**_entries(page, said))
    except DomainError as refusal:
        _refuse(page, forms, refusal)
        return None


def _saved(page: ProjectPage, forms: Sequence[ProgressRowForm], said: Sequence[ProgressRowForm]) -> bool:
    """Whether all entries were saved; what was refused stands on its row."""
    if not said:
        messages.info(page.request, str(_("Nothing was changed.")))
        return True
    try:
        with telling_moves(page):
            made = record_progress_of_many(**_entries(page, said))
    except DomainError as refusal:
        _refuse(page, forms, refusal)
        return False
    text = ngettext("%(count)s task is reported.", "%(count)s tasks are reported.", len(made))
    messages.success(page.request, text % {"count": len(made)})
    if any(entry.remaining_duration == 0 and entry.actual_finish is None for entry in made):
        messages.warning(page.request, str(NO_FINISH))
    return True


def _refuse(page: ProjectPage, forms: Sequence[ProgressRowForm], refusal: DomainError) -> None:
    if isinstance(refusal, RowsRefused):
        refuse_rows(forms, refusal)
    else:
        messages.error(page.request, str(refusal))


def _show_list(page: ProjectPage, listing: Listing, trial: ProgressTrial | None) -> HttpResponse:
    rows = progress_rows(listing.page.object_list, project=page.project)
    foreseen = {row.uid: row for row in trial.rows} if trial else {}
    is_refused = any(form.errors for form in listing.forms if form.is_bound)
    mine = recordable_tasks(page.request.user, project=page.project)
    response = page.show(
        "projects/progress/list.html",
        "plan",
        items=[
            {"row": row, "form": form, "foreseen": shown_foreseen(page, foreseen.get(row.uid))}
            for row, form in zip(rows, listing.forms, strict=True)
        ],
        rows=listing.page,
        chosen=listing.chosen,
        search=listing.search,
        choices=TITLES,
        due=due_count(mine, project=page.project),
        version=page.project.version,
        is_refused=is_refused,
        moves=moves_page(page.project, trial.effect) if trial else None,
    )
    response.status_code = 422 if is_refused else 200
    return response


def shown_foreseen(page: ProjectPage, found: Any) -> dict[str, Any] | None:
    """Return where an entry leads to, in days."""
    if found is None:
        return None
    return {
        "percent": found.percent_complete,
        "is_elapsed": found.duration_kind == TimeKind.ELAPSED,
        "left": in_days(found.remaining_duration, page.project, found.duration_kind),
        "finish": shown_finish(found.finish),
        "before": found.before,
        "warning": str(NO_FINISH) if found.is_open_end else "",
    }


@signed_in
@require_http_methods(WRITES)
def progress_assistant(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what happened with one due task after the other; can be left and taken up at any time."""
    page = page_for(request, code, "task.progress")
    mine = recordable_tasks(request.user, project=page.project)
    due = progress_tasks(mine, project=page.project, user=request.user, chosen="due")
    task = _asked(page, mine, due)
    if task is None:
        return page.show("projects/progress/assistant.html", "plan", task=None, left=due.count())
    task.project = page.project
    row = progress_rows([task], project=page.project)[0]
    form = AnswerForm(page.posted, task=task, row=row, initial=answer_values(task, row))
    is_trial = "trial" in request.POST
    trial = _try_answer(page, form) if is_trial else None
    if page.posted is not None and not is_trial and saves(form, lambda: _answer(page, form)):
        return redirect(f"{page.url('progress_assistant')}?after={task.uid}")
    return _show_question(page, form, due.count(), trial)


def _asked(page: ProjectPage, mine: Any, due: Any) -> Task | None:
    """Return the task that was answered, else the next one that is due."""
    sent, after = page.request.GET.get("task", ""), page.request.GET.get("after", "")
    if page.posted is not None and sent.isdecimal() and len(sent) < 10:
        rows = with_plan(mine.filter(uid=int(sent)), page.project)
        return _first(rows.select_related("parent", "owner", "calendar").in_order())
    if after.isdecimal() and len(after) < 10:
        former = mine.filter(uid=int(after)).values_list("sort_path", flat=True).first() or ""
        due = due.filter(sort_path__gt=former)
    return _first(due)


def _first(tasks: Any) -> Task | None:
    found: Task | None = tasks.first()
    return found


def _answer(page: ProjectPage, form: AnswerForm) -> None:
    """Record the answer; what is refused of it belongs to the fields of the answer."""
    with telling_moves(page), _on_fields(form):
        record_progress_of_many(**_answer_entry(page, form))


def _answer_entry(page: ProjectPage, form: AnswerForm) -> dict[str, Any]:
    return {
        "actor": page.request.user,
        "project": page.project,
        "data_date": page.project.data_date,
        "drafts": [form.draft()],
        "expected_versions": {form.task.uid: form.cleaned_data["version"]},
    }


@contextmanager
def _on_fields(form: AnswerForm) -> Iterator[None]:
    """Turn a refusal of the one row into a refusal of a field of the form."""
    try:
        yield
    except RowsRefused as refusal:
        found = refusal.faults[0].fault
        if isinstance(found, ValidationError):
            raise found from refusal
        raise DomainError(found.message, code=found.code, field=form.field_of(found.field)) from refusal


def _try_answer(page: ProjectPage, form: AnswerForm) -> ProgressTrial | None:
    found: list[ProgressTrial] = []

    def act() -> None:
        with _on_fields(form):
            found.append(try_progress_of_many(**_answer_entry(page, form)))

    return found[0] if saves(form, act) else None


def _show_question(
    page: ProjectPage, form: AnswerForm, left: int, trial: ProgressTrial | None
) -> HttpResponse:
    response = page.show(
        "projects/progress/assistant.html",
        "plan",
        task=form.row,
        form=form,
        left=left,
        foreseen=shown_foreseen(page, trial.rows[0]) if trial else None,
        moves=moves_page(page.project, trial.effect) if trial else None,
    )
    response.status_code = 422 if form.is_bound and form.errors else 200
    return response
