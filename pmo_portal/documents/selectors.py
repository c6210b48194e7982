"""Questions about files."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from pmo_portal.common.models import Job
from pmo_portal.common.models.job import JobQuerySet
from pmo_portal.documents.models import StoredFile, StoredFileQuerySet

MAKE_DOCUMENT = "documents.make_document"


def files_of(user: Any) -> StoredFileQuerySet:
    """Return the generated files the person may fetch now, newest first."""
    return (
        StoredFile.objects.visible_to(user)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), kind=StoredFile.Kind.GENERATED)
        .exclude(stored_name="")
        .order_by("-id")
    )


def documents_in_making(user: Any) -> JobQuerySet:
    """Return the person's unfinished documents, oldest first."""
    return Job.objects.owned_by(user).unfinished().filter(name=MAKE_DOCUMENT).order_by("id")
