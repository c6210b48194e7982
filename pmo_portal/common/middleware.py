"""Middleware that every request passes: its id, hard limits, safe headers, domain errors as answers."""

import re
import uuid
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pmo_portal.common.errors import DomainError
from pmo_portal.common.refusals import refusal

GetResponse = Callable[[HttpRequest], HttpResponse]

SAFE_HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
MAX_ADDRESS_LENGTH = 8_000
RETRY_AFTER_SECONDS = "10"
PROXY_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def client_address(request: HttpRequest) -> str:
    """
    Return the address of the client as the trusted proxies saw it (SEC-2).

    With ``TRUSTED_PROXY_COUNT`` proxies the last but so many entry of ``X-Forwarded-For`` was written
    by the outermost of them; whatever stands left of it comes from the client and is not believed.
    """
    nearest = request.META.get("REMOTE_ADDR") or "unknown"
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not count or len(forwarded) < count:
        return nearest
    try:
        return str(ip_address(forwarded[-count].strip()))
    except ValueError:
        return nearest


def request_id(request: HttpRequest) -> str:
    """Return the id a trusted proxy gave the request, else a new one (SEC-60)."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if settings.TRUSTED_PROXY_COUNT and PROXY_REQUEST_ID.fullmatch(given):
        return str(given)
    return str(uuid.uuid4())


def request_guard(get_response: GetResponse) -> GetResponse:
    """Give the request its id, refuse malformed addresses (SEC-18c), put safe headers on answers (SEC-27)."""

    def guard(request: HttpRequest) -> HttpResponse:
        # Read from here by the logs, and from them by the audit trail; on the answer for whoever asks.
        request.META["HTTP_X_REQUEST_ID"] = request_id(request)
        request.request_id = request.META["HTTP_X_REQUEST_ID"]  # type: ignore[attr-defined]
        address = request.get_full_path()
        if "\x00" in request.path or "%00" in address or len(address) > MAX_ADDRESS_LENGTH:
            response = refusal(request, status=400, code="BAD_REQUEST")
        else:
            response = get_response(request)
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-ID"] = request.META["HTTP_X_REQUEST_ID"]
        # Refusals first: who asks may be what could not be read.
        if response.status_code >= 400 or (hasattr(request, "user") and request.user.is_authenticated):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guard


class DomainErrors:
    """Turn a domain error or a missing database into a clear answer, without inner details (SEC-60)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        # Whoever signs in again after a form comes back to the form's address; an empty page is no answer.
        page = refusal(
            request,
            status=405,
            code="METHOD",
            message=str(_("This address only takes a form. Go back to the page and send it once more.")),
        )
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer for errors a view let through."""
        if isinstance(fault, DomainError):
            return refusal(request, status=fault.status, code=fault.code, message=str(fault))
        if isinstance(fault, OperationalError | InterfaceError):
            response = refusal(request, status=503, code="UNAVAILABLE")
            response.headers["Retry-After"] = RETRY_AFTER_SECONDS
            return response
        return None


domain_errors = DomainErrors
