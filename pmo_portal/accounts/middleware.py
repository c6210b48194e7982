"""Limits of a session held on the server (SEC-4), the list of open ones, language, emergency access."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.selectors.emergency import open_access_of
from pmo_portal.accounts.services.emergency import PAGE, close_lapsed, note_use
from pmo_portal.accounts.services.people import note_language
from pmo_portal.accounts.services.sessions import is_over, note_session
from pmo_portal.common.middleware import client_address

STARTED = "session_started_at"
SEEN = "session_seen_at"
NOTED = "session_noted_as"
WRITE_EVERY_SECONDS = 60
# Pages that show nothing of projects; all others count as a use of an open emergency access.
WITHOUT_PROJECTS = (PAGE, "/accounts/", "/notifications/", "/health/", "/help/")


def session_limits(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Sign out whoever was idle too long or signed in too long ago."""
    unknown = sorted(set(settings.SESSION_IDLE_BY_ROLE) - set(Role.values))
    if unknown:
        raise ImproperlyConfigured(f"SESSION_IDLE_BY_ROLE names no role: {', '.join(unknown)}.")

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if request.user.language:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = translation.get_language()
            now = int(timezone.now().timestamp())
            started = request.session.get(STARTED)
            seen = request.session.get(SEEN, now)
            if started is None:
                request.session[STARTED], request.session[SEEN] = now, now
                _note(request)
                if request.user.spoken_language != translation.get_language():
                    note_language(user=request.user, language=translation.get_language())
            elif is_over(user=request.user, idle=now - seen, age=now - started):
                logout(request)
            elif (
                now - seen > WRITE_EVERY_SECONDS or request.session.get(NOTED) != request.session.session_key
            ):
                request.session[SEEN] = now
                _note(request)
        return get_response(request)

    return middleware


def emergency_trail(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """
    Write down every page and answer somebody got while an emergency access of theirs was open.

    Asked after the view, so that a person who came with an API token is known. Nothing for people
    without such an access; for the others the answer leaves only when the line is written.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not getattr(request.user, "has_emergency_access", False):
            return response
        access = open_access_of(request.user)
        if access is None:
            close_lapsed(user=request.user)
        elif 200 <= response.status_code < 300 and not request.path.startswith(WITHOUT_PROJECTS):
            note_use(actor=request.user, access=access, request=f"{request.method} {request.path}")
        return response

    return middleware


def _note(request: HttpRequest) -> None:
    """Write the session down for the person's list. One query, once a minute and when its key is new."""
    if request.session.session_key:
        request.session[NOTED] = request.session.session_key
        note_session(
            user=request.user,
            session_key=request.session.session_key,
            address=client_address(request),
            agent=request.headers.get("User-Agent", ""),
        )
