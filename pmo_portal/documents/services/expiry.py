"""Delete files whose time is over, and bytes no file knows."""

import time
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pmo_portal.documents.models import StoredFile
from pmo_portal.documents.services.files import FOLDER_CHARACTERS, delete_file

ORPHAN_SECONDS = 24 * 60 * 60
NAME_LENGTH = 40


@transaction.atomic
def delete_expired(*, now: datetime) -> int:
    """Delete the files that have expired; return how many."""
    expired = list(StoredFile.objects.filter(expires_at__lte=now).order_by("id")[:1000])
    for stored in expired:
        delete_file(stored)
    return len(expired)


def delete_orphans() -> int:
    """
    Delete bytes older than a day that belong to no file; return how many.

    They stay behind when a worker is killed between writing them and committing their row.
    """
    root = Path(settings.MEDIA_ROOT)
    oldest_kept = time.time() - ORPHAN_SECONDS
    deleted = 0
    for folder in sorted(root.glob("?" * FOLDER_CHARACTERS)):
        paths = {path.name: path for path in folder.iterdir() if len(path.name) == NAME_LENGTH}
        known = set(
            StoredFile.objects.filter(stored_name__in=list(paths)).values_list("stored_name", flat=True)
        )
        for name in sorted(set(paths) - known):
            if paths[name].stat().st_mtime < oldest_kept:
                paths[name].unlink(missing_ok=True)
                deleted += 1
    return deleted
