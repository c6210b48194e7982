"""Rate limits."""

from typing import Any

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

from pmo_portal.common.middleware import client_address


class PerUserThrottle(UserRateThrottle):
    """Requests per signed-in person; strangers are refused before anything is counted."""

    scope = "user"


class FeedThrottle(SimpleRateThrottle):
    """Requests for calendars without a sign-in, per address of the program that asks."""

    scope = "feed"
    rate = "60/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """Return the key under which the requests of an address are counted."""
        return f"throttle_feed_{client_address(request)}"

    def seconds_to_wait(self, request: HttpRequest) -> int:
        """Count a request; return after how many seconds it may come again, 0 when it may come now."""
        if self.allow_request(request, None):  # type: ignore[arg-type]
            return 0
        return max(1, int(self.wait() or 1))
