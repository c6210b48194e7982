"""Make documents in the background, with the rights of the person who asked."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.common.builders import BUILDERS, Built, document_builder, request_document
from pmo_portal.common.errors import DomainError
from pmo_portal.common.jobs import RunningJob
from pmo_portal.common.models import Job
from pmo_portal.common.queue import enqueue
from pmo_portal.common.schedule import database_now
from pmo_portal.documents.models import StoredFile
from pmo_portal.documents.services.files import discard_bytes, store_generated

__all__ = ["Built", "document_builder", "make_document", "request_document"]

KEPT_FOR = timedelta(days=14)


class NotPossible(DomainError):
    """The document cannot be made."""

    code = "NOT_POSSIBLE"


def make_document(*, job: RunningJob, builder: str, title: str, arguments: dict[str, object]) -> None:
    """
    Build the document, then keep it and end the job in one transaction.

    Raises
    ------
    NotPossible
        When the person can no longer sign in (SEC-7), or this version knows no such document.
    """
    owner = User.objects.filter(pk=job.owner_id or 0, is_active=True).first()
    if owner is None:
        raise NotPossible(_("The person who asked for this document can no longer sign in."))
    if builder not in BUILDERS:
        raise NotPossible(_("This version of the portal cannot make such a document."))
    with override(owner.spoken_language):
        built = BUILDERS[builder](user=owner, arguments=arguments, told=job.progress)
        ready = _("Ready: %(title)s") % {"title": title}
    kept: list[StoredFile] = []
    try:
        with job.effect() as result:
            kept.append(_keep(job, owner, title, built))
            result["document"] = kept[0].pk
            result["url"] = reverse("documents:download", args=[kept[0].pk])
            _tell(owner, ready, kept[0])
    except BaseException:
        for stored in kept:
            discard_bytes(stored)
        raise


def _keep(job: RunningJob, owner: User, title: str, built: Built) -> StoredFile:
    return store_generated(
        owner=owner,
        title=title,
        file_name=built.file_name,
        content=built.content,
        media_type=built.media_type,
        job=Job(pk=job.id),
        expires_at=database_now() + KEPT_FOR,
    )


def _tell(owner: User, title: str, stored: StoredFile) -> None:
    enqueue(
        "notifications.tell_person",
        key=f"file:{stored.pk}",
        arguments={
            "user_id": owner.pk,
            "message": {
                "kind": "file_ready",
                "title": title[:200],
                "url": reverse("documents:list"),
                "dedupe_key": f"file-ready:{stored.pk}",
            },
        },
    )
