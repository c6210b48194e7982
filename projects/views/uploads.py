"""What every page that takes a schedule says about files."""

from typing import Any

from django.conf import settings

from projects.interchange.java import java_runtime

MEGABYTE = 1024 * 1024
ACCEPTED = ".mpp,.mpt,.mpx,.mpd,.xml,.xer,.pmxml,.pp,.planner,.gan"


def drop_zone() -> dict[str, Any]:
    """Return limits and formats for the template; whether files can be read at all."""
    return {
        "has_java": java_runtime() is not None,
        "limit_mb": settings.UPLOAD_MAX_BYTES // MEGABYTE,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "accepted": ACCEPTED,
    }
