"""Keep files under generated names, and hand them out again (SEC-24)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import DomainError
from pmo_portal.common.models import Job
from pmo_portal.documents.models import StoredFile

FOLDER_CHARACTERS = 2


class UploadTooLarge(DomainError):
    """The file is larger than what the portal takes."""

    code = "TOO_LARGE"
    status = 413


def file_path(stored: StoredFile) -> Path:
    """Return where the bytes of a stored file lie."""
    return Path(settings.MEDIA_ROOT) / stored.stored_name[:FOLDER_CHARACTERS] / stored.stored_name


@transaction.atomic
def store_upload(*, owner: User, name: str, chunks: Iterable[bytes]) -> StoredFile:
    """
    Keep an uploaded file.

    Parameters
    ----------
    name : str
        What the person's file is called; shown again, never used as a path.
    chunks : iterable of bytes
        Its content.

    Raises
    ------
    UploadTooLarge
        As soon as the content passes the limit; nothing is kept.
    """
    shown = clean_name(name)
    stored_name, size, digest = _write(chunks, limit=settings.UPLOAD_MAX_BYTES)
    return StoredFile.objects.create(
        kind=StoredFile.Kind.UPLOAD,
        owner=owner,
        title=shown,
        file_name=shown,
        stored_name=stored_name,
        size=size,
        sha256=digest,
    )


@transaction.atomic
def store_generated(
    *,
    owner: User,
    title: str,
    file_name: str,
    content: bytes,
    media_type: str,
    job: Job | None = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Keep a file the portal made for somebody."""
    stored_name, size, digest = _write([content], limit=None)
    return StoredFile.objects.create(
        kind=StoredFile.Kind.GENERATED,
        owner=owner,
        job=job,
        title=title[:200],
        file_name=clean_name(file_name),
        stored_name=stored_name,
        media_type=media_type,
        size=size,
        sha256=digest,
        expires_at=expires_at,
    )


def delete_file(stored: StoredFile) -> None:
    """Forget a file; its bytes go once the transaction is committed."""
    path = file_path(stored)
    stored.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def discard_bytes(stored: StoredFile) -> None:
    """Delete the bytes of a file whose row was rolled back."""
    file_path(stored).unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """
    Return a file name that is safe to show and to offer for saving.

    Examples
    --------
    >>> clean_name("../../etc/pass\\nwd"), clean_name("")
    ('pass wd', 'file')
    """
    last = PurePath(name.replace("\\", "/")).name
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in last).split())
    return shown[-150:].strip(". ") or "file"


def _write(chunks: Iterable[bytes], *, limit: int | None) -> tuple[str, int, str]:
    """Write the bytes under a random name; return name, size and SHA-256."""
    stored_name = secrets.token_hex(20)
    path = Path(settings.MEDIA_ROOT) / stored_name[:FOLDER_CHARACTERS] / stored_name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as target:
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise UploadTooLarge(
                        _("The file is larger than %(limit)s MB. Split it or leave out what is not needed.")
                        % {"limit": limit // (1024 * 1024)},
                        field="file",
                    )
                digest.update(chunk)
                target.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return stored_name, size, digest.hexdigest()
