"""Error pages; they need neither database nor session."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from pmo_portal.common.middleware import RETRY_AFTER_SECONDS, SAFE_HEADERS
from pmo_portal.common.refusals import refusal

LIMIT_SECONDS = "60"


def _answer(request: HttpRequest, status: int, code: str) -> HttpResponse:
    response = refusal(request, status=status, code=code)
    for name, value in SAFE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _answer(request, 400, "BAD_REQUEST")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, 403, "FORBIDDEN")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _answer(request, 404, "NOT_FOUND")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429 for whoever asks an open page too often."""
    response = _answer(request, 429, "TOO_MANY_REQUESTS")
    response.headers["Retry-After"] = LIMIT_SECONDS
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database does not answer (SEC-55)."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _answer(request, 503, "UNAVAILABLE")
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    return _answer(request, 500, "SERVER_ERROR")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token."""
    return _answer(request, 403, "CSRF")
