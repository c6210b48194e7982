"""The Jobs pages."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.views.paging import page_number
from pmo_portal.common.errors import DomainError
from pmo_portal.common.models import Job
from pmo_portal.operations.access import job_for, reads_all_contents
from pmo_portal.operations.selectors import jobs as selectors
from pmo_portal.operations.selectors.health import queue_health
from pmo_portal.operations.services import jobs as services

PER_PAGE = 50


@require_safe
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    """List jobs, newest first; the table asks again while one of them is unfinished."""
    held = held_permissions(request.user, ["jobs.view", "jobs.manage"])
    asked = {name: request.GET.get(name, "") for name in ("state", "name", "sort", "whose", "q")}
    context = _table(request, asked, held)
    if request.htmx:
        response = render(request, "jobs/list.html#job-table", context)
    else:
        frame = _frame(asked, sees_all="jobs.view" in held)
        response = render(request, "jobs/list.html", context | frame)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _table(request: HttpRequest, asked: dict[str, str], held: frozenset[str]) -> dict[str, Any]:
    """Return the rows of the table, and the lines that stand for many jobs of one kind."""
    is_filtered = any(value for name, value in asked.items() if name != "sort")
    found = _found(request, asked, held)
    groups = selectors.job_groups(found) if "jobs.view" in held and not is_filtered else []
    page = Paginator(selectors.outside_of(groups, found), PER_PAGE).get_page(page_number(request))
    rows = _rows(request, list(page.object_list), held)
    return {
        "page": page,
        "groups": groups if page.number == 1 else [],
        "rows": rows,
        "is_moving": any(not row.is_finished for row in rows) or any(group.is_moving for group in groups),
        "is_filtered": is_filtered,
    }


def _found(request: HttpRequest, asked: dict[str, str], held: frozenset[str]) -> QuerySet[Job]:
    return selectors.jobs_found(
        request.user,
        sees_all="jobs.view" in held,
        mine=asked["whose"] == "mine",
        state=asked["state"],
        name=asked["name"],
        search=asked["q"].strip()[:100],
        sort=asked["sort"],
    )


def _frame(asked: dict[str, str], *, sees_all: bool) -> dict[str, Any]:
    """Return what stands around the table: filters and, for those who see all jobs, the health strip."""
    names = selectors.name_choices()
    filters = [
        {"name": "state", "label": _("State"), "choices": selectors.STATE_CHOICES, "value": asked["state"]},
        {"name": "name", "label": _("Kind"), "choices": names, "value": asked["name"]},
    ]
    if sees_all:
        mine = {
            "name": "whose",
            "label": _("Whose"),
            "choices": selectors.MINE_CHOICES,
            "value": asked["whose"],
        }
        filters.insert(0, mine)
    return {"filters": filters, "health": queue_health() if sees_all else None}


def _rows(request: HttpRequest, jobs: list[Job], held: frozenset[str]) -> list[selectors.JobRow]:
    reads_all = "jobs.view" in held and reads_all_contents(request.user)
    return [
        selectors.job_row(job, user=request.user, reads_all=reads_all, may_manage="jobs.manage" in held)
        for job in jobs
    ]


def _row(request: HttpRequest, pk: int) -> selectors.JobRow:
    held = held_permissions(request.user, ["jobs.view", "jobs.manage"])
    return _rows(request, [job_for(request.user, pk)], held)[0]


@require_safe
@login_required
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one job."""
    return render(request, "jobs/detail.html", {"row": _row(request, pk)})


@require_safe
@login_required
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the progress of one job; the partial stops asking when the job has ended."""
    row = _row(request, pk)
    response = render(request, "jobs/_progress.html", {"row": row})
    if row.is_finished and request.htmx and request.GET.get("page") == "detail":
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a failed job run again."""
    job = job_for(request.user, pk, for_change=True)
    try:
        services.retry_job(actor=request.user, job=job)
        messages.success(request, _("The job waits for a worker again."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("jobs:detail", pk=pk)


@require_POST
@login_required
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting job off the queue."""
    job = job_for(request.user, pk, for_change=True)
    try:
        services.cancel_job(actor=request.user, job=job)
        messages.success(request, _("The job was canceled."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("jobs:detail", pk=pk)
