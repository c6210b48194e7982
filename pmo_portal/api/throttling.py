"""Rate limits."""

from rest_framework.throttling import UserRateThrottle


class PerUserThrottle(UserRateThrottle):
    """Requests per signed-in person, or per address for strangers."""

    scope = "user"
