"""Answers made for one request, compressed where nobody else can learn from their length."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

KINDS = frozenset({"text/html", "application/json"})
LEAST_BYTES = 1_400
ASKED_BY = "Sec-Fetch-Site"
OWN = frozenset({"same-origin", "none"})
# Pages that show what is worth guessing letter by letter: keys of second factors, tokens, invitations.
WITH_SECRETS = ("/accounts/", "/administration/")


class Compression(GZipMiddleware):
    """
    Compress pages and data, but not for requests that another site may have caused.

    Who can make a browser ask again and again, with words of their own in the answer, and sees how long it
    is, guesses what else stands in it (BREACH). Browsers say who caused a request, and no page can change
    that; where they do not say it, nothing is compressed. Requests with a token of the API carry no cookie,
    so nobody else can cause them. Some random bytes in every compressed answer hide small differences.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Compress the answer, or leave it as it is."""
        if not is_worthwhile(response):
            return response
        patch_vary_headers(response, (ASKED_BY,))
        return super().process_response(request, response) if is_own(request) else response


def is_worthwhile(response: HttpResponse) -> bool:
    """Whether an answer is text of some length; files and streams stay as they are."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return kind in KINDS and not response.streaming and len(response.content) >= LEAST_BYTES


def is_own(request: HttpRequest) -> bool:
    """Whether the person, a page of this portal, or a program with its own token asked."""
    if request.path.startswith(WITH_SECRETS):
        return False
    if "Authorization" in request.headers and not request.COOKIES:
        return True
    return request.headers.get(ASKED_BY, "") in OWN
