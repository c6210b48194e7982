"""What the page shell shows on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pmo_portal import __version__


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return navigation, counts and version."""
    return {"navigation": [], "product_version": __version__, "is_demo": settings.IS_DEMO_ALLOWED}
