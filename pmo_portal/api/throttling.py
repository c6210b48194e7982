"""Rate limits."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

from pmo_portal.common.middleware import client_address


class PerUserThrottle(UserRateThrottle):
    """Requests per signed-in person, or per address for strangers."""

    scope = "user"


class FeedThrottle(SimpleRateThrottle):
    """Requests for calendars without a sign-in, per address of the program that asks."""

    scope = "feed"
    rate = "60/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """Return the key under which the requests of an address are counted."""
        return f"throttle_feed_{client_address(request)}"
