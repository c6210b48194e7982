"""Uploaded and generated files."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Adjectives of files."""

    def visible_to(self, user: Any) -> "StoredFileQuerySet":
        """The person's own; nobody else may fetch what was made with somebody's rights."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


class StoredFile(models.Model):
    """
    A file kept under a generated name (SEC-24).

    ``job`` is the work that makes the file; while it runs ``stored_name`` is empty.
    """

    class Kind(models.TextChoices):
        """Where the file comes from."""

        UPLOAD = "UPLOAD", _("Uploaded")
        GENERATED = "GENERATED", _("Generated")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files")
    job = models.ForeignKey(
        "common.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    title = models.CharField(_("title"), max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    stored_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, default="application/octet-stream")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="file_owner_recent")]

    def __str__(self) -> str:
        return self.title
