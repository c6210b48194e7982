"""Error pages come even when the database does not."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.common.middleware import DomainErrors, request_guard
from pmo_portal.common.views import errors

ErrorView = Callable[[HttpRequest, Exception], HttpResponse]


def _unreachable() -> object:
    raise AssertionError("an error page must not ask for the person")


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.permission_denied, 403), (errors.page_not_found, 404)],
)
def test_error_page_asks_for_nobody(
    view: Callable[[HttpRequest, Exception], HttpResponse], status: int
) -> None:
    """SEC-27: refused requests get a page with safe headers, without a query."""
    request = RequestFactory().get("/nowhere/")
    request.user = SimpleLazyObject(_unreachable)

    response = view(request, Exception("secret detail"))

    assert response.status_code == status
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"secret detail" not in response.content


def test_server_error_keeps_the_nonce() -> None:
    """SEC-27: the scripts of the page carry the nonce of its policy."""
    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(_unreachable)
    request.csp_nonce = "n0nce"

    response = errors.server_error(request)

    assert response.status_code == 500
    assert response.content.count(b'nonce="n0nce"') == 2


def _limit(request: HttpRequest) -> HttpResponse:
    return errors.too_many_requests(request)


def _fault(request: HttpRequest) -> HttpResponse:
    return errors.server_error(request)


def _forbidden(request: HttpRequest) -> HttpResponse:
    return errors.permission_denied(request, Exception())


def _nothing(request: HttpRequest) -> HttpResponse:
    return errors.page_not_found(request, Exception())


def _bad(request: HttpRequest) -> HttpResponse:
    return errors.bad_request(request, Exception())


def _raised(fault: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = DomainErrors(lambda _request: HttpResponse()).process_exception(request, fault)
        assert response is not None
        return response

    return answer


ANSWERS = {
    "malformed": (_bad, 400, "This request could not be understood", "Go back and try again."),
    "forbidden": (_forbidden, 403, "You may not see or do this", "Ask the project manager or the PMO"),
    "nothing": (_nothing, 404, "There is nothing at this address", "Search by name or project code"),
    "conflict": (_raised(Conflict("Reopen it first.")), 409, "This was not done", "load the page again"),
    "rule": (_raised(DomainError("Choose a date.")), 400, "This was not done", "load the page again"),
    "limit": (_limit, 429, "Too many requests", "Wait a minute, then try again."),
    "fault": (_fault, 500, "Something went wrong here", "tell your administrator what you did"),
    "database": (_raised(OperationalError("secret")), 503, "Back in a moment", "Wait a minute and load"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_error_page_says_what_happened_what_to_do_and_its_reference(kind: str) -> None:
    """SEC-60: without a database; the reference is the one of the logs and of the header."""
    view, status, title, advice = ANSWERS[kind]
    request = RequestFactory().get("/somewhere/")
    request.user = SimpleLazyObject(_unreachable)

    response = request_guard(lambda _request: view(request))(request)

    page = response.content.decode()
    assert response.status_code == status
    assert f'<h1 class="plain-title">{title}</h1>' in page
    assert advice in page
    assert f"Error {status}" in page
    assert f"<code>{response['X-Request-ID']}</code>" in page
    assert len(response["X-Request-ID"]) == 36


def test_error_page_speaks_the_language_the_browser_asks_for() -> None:
    """Also where the request fell before a language was chosen."""
    request = RequestFactory().get("/%00/", headers={"Accept-Language": "de"})

    response = request_guard(lambda _request: HttpResponse())(request)

    assert response.status_code == 400
    assert '<html lang="de"' in response.content.decode()
    assert "Diese Anfrage" in response.content.decode()


@pytest.mark.parametrize(
    ("referer", "is_offered"),
    [("http://testserver/projects/", True), ("http://testserver/x/", False), ("https://evil.test/", False)],
)
def test_error_page_leads_back_inside_the_portal_only(referer: str, *, is_offered: bool) -> None:
    """Not to another place, and not to the page that has just failed."""
    request = RequestFactory().get("/x/", headers={"Referer": referer, "Host": "testserver"})

    page = errors.page_not_found(request, Exception()).content.decode()

    assert (f'href="{referer}"' in page) is is_offered


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [
        (1, "edge-0123456789", True),
        (0, "edge-0123456789", False),
        (1, "a b\x1b[31m", False),
        (1, "x" * 65, False),
    ],
)
def test_request_id_of_a_trusted_proxy_is_kept(
    settings: LazySettings, proxies: int, given: str, *, is_kept: bool
) -> None:
    """SEC-2, SEC-60: nobody else chooses what logs and audit trail say, and never what no id looks like."""
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Request-ID": given})

    response = request_guard(lambda _request: HttpResponse())(request)

    assert (response["X-Request-ID"] == given) is is_kept
    assert request.META["HTTP_X_REQUEST_ID"] == response["X-Request-ID"]
