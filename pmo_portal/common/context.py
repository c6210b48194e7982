"""What the page shell shows on every page; asked for only by templates that show it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pmo_portal import __version__
from pmo_portal.common.models import Job
from pmo_portal.common.navigation import entries_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """
    Return navigation, counts and version.

    One query each for the sidebar, the unread notifications and the person's unfinished jobs; none
    for partials and for strangers.
    """
    context: dict[str, Any] = {"product_version": __version__}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context | {"navigation": [], "is_demo": False}
    return context | {
        "is_demo": settings.IS_DEMO_ALLOWED and user.email.endswith(f"@{settings.DEMO_DOMAIN}"),
        "navigation": SimpleLazyObject(lambda: entries_for(request)),
        "unread_count": SimpleLazyObject(lambda: user.notifications.filter(read_at__isnull=True).count()),
        "job_count": SimpleLazyObject(lambda: Job.objects.owned_by(user).unfinished().count()),
    }
