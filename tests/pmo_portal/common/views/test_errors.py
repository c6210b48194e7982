"""Error pages come even when the database does not."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

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
