"""A kept file as an answer, for pages and API."""

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from pmo_portal.common.export import attachment
from pmo_portal.documents.selectors import files_of
from pmo_portal.documents.services.files import file_path


def handed_out(user: Any, pk: int) -> FileResponse:
    """
    Return a file of this person, to save and never to show (SEC-24). One query.

    Raises
    ------
    Http404
        If there is none, or it is somebody else's, or its time is over.
    """
    stored = get_object_or_404(files_of(user), pk=pk)
    try:
        content = file_path(stored).open("rb")
    except FileNotFoundError as fault:
        raise Http404 from fault
    response = FileResponse(content, content_type=stored.media_type)
    response.headers["Content-Disposition"] = attachment(stored.file_name)
    response.headers["Content-Length"] = str(stored.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
