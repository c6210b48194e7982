"""The person's files."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pmo_portal.accounts.views.paging import page_number
from pmo_portal.documents.downloads import handed_out
from pmo_portal.documents.selectors import documents_in_making, files_of

PER_PAGE = 30
MADE_AT_ONCE_SHOWN = 10


@require_safe
@login_required
def file_list(request: HttpRequest) -> HttpResponse:
    """List the files the portal made for the person, and those in the making."""
    context = {
        "page": Paginator(files_of(request.user), PER_PAGE).get_page(page_number(request)),
        "jobs": list(documents_in_making(request.user)[:MADE_AT_ONCE_SHOWN]),
    }
    return render(request, "documents/list.html", context)


@require_safe
@login_required
def file_download(request: HttpRequest, pk: int) -> FileResponse:
    """Hand a file out to its owner, to save and never to show (SEC-24)."""
    return handed_out(request.user, pk)
