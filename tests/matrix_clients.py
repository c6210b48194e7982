"""How the permission matrix asks: as a browser does, and past everything that finds out who asks."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import DomainError

PERSON = "tests.person"
# What views rely on, whoever they are asked by.
AROUND_VIEWS = (
    "tests.matrix_clients.KnownPerson",
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
)


class QuickClient(Client):
    """A test client that keeps no templates and contexts of what it was answered; a fault is a 500."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = _whole_portal()

    def request(self, **request: Any) -> Any:
        response = self.handler(self._base_environ(**request))
        if response.cookies:
            self.cookies.update(response.cookies)
        return response


class Insider(QuickClient):
    """Asks the views themselves as a person, without session, logs and pages of refusal."""

    def __init__(self, person: User | None) -> None:
        super().__init__()
        self.handler = _views_alone()
        self.person = person or AnonymousUser()

    def _base_environ(self, **request: Any) -> dict[str, Any]:
        return {**super()._base_environ(**request), PERSON: self.person}


class KnownPerson:
    """Middleware that takes the person from the one who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = request.META[PERSON]
        request.session = SessionStore()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return HttpResponse(status=fault.status) if isinstance(fault, DomainError) else None


@cache
def _whole_portal() -> ClientHandler:
    """Return the portal with all its middleware, made once."""
    return ClientHandler(enforce_csrf_checks=False)


@cache
def _views_alone() -> ClientHandler:
    handler = ClientHandler(enforce_csrf_checks=False)
    with override_settings(MIDDLEWARE=AROUND_VIEWS):
        handler.load_middleware()
    return handler
