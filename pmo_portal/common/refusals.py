"""Answers to requests that are not carried out: JSON or a page, neither of which asks the database."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

PAGES = {400, 403, 404, 429, 500, 503}


def refusal(request: HttpRequest, *, status: int, code: str, message: str = "") -> HttpResponse:
    """
    Return the answer.

    Parameters
    ----------
    message : str
        What refused and what to do, where more is known than the status says.
    """
    if request.path.startswith("/api/"):
        body = {"error": {"code": code, "message": message, "fields": {}}}
        return JsonResponse(body, status=status)
    is_rule = bool(message) and status not in PAGES - {400}
    template = "refused" if is_rule else str(status if status in PAGES else 400)
    with translation.override(_language(request)):
        # Without context processors: those of the shell ask the database, which may be what refused.
        page = render_to_string(f"errors/{template}.html", _context(request, status, message))
    return HttpResponse(page, status=status)


def _context(request: HttpRequest, status: int, message: str) -> dict[str, Any]:
    return {
        "request": request,
        "status": status,
        "message": message,
        "request_id": getattr(request, "request_id", ""),
        "back": _back(request),
    }


def _language(request: HttpRequest) -> str | None:
    """Return the language chosen for the request, or what the browser asks for if none was chosen yet."""
    if hasattr(request, "LANGUAGE_CODE"):
        return translation.get_language()
    return translation.get_language_from_request(request)


def _back(request: HttpRequest) -> str:
    """Return the page of this portal the person came from, if it is another one."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.META.get("HTTP_HOST", "")}, request.is_secure()):
        return ""
    is_same = page.partition("://")[2].partition("/")[2] == request.get_full_path().removeprefix("/")
    return "" if is_same and request.method == "GET" else page
