"""Imports of schedules."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from pmo_portal.accounts.choices import ScopeKind
from projects.choices import ImportState


class ScheduleImportQuerySet(models.QuerySet["ScheduleImport"]):
    """Adjectives of imports."""

    def visible_to(self, user: Any) -> "ScheduleImportQuerySet":
        """The person's own imports."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


class ScheduleImport(models.Model):
    """
    A dropped schedule file on its way to become projects: read, previewed, confirmed.

    ``file`` is gone once the file was refused or discarded; its name and hash stay. ``choices`` says for
    each project of the file what the person confirmed: name, code, secrecy, whether it comes in; for an
    import into a project (``target_node`` is that of the project) which one, and what becomes of rows that
    are not in the file.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(
        "documents.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    target_node = models.ForeignKey(
        "accounts.ScopeNode", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    preview = models.JSONField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True)
    refusal = models.TextField(blank=True)
    job = models.ForeignKey("common.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    projects = models.ManyToManyField("projects.Project", blank=True, related_name="imports")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScheduleImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Address of the preview."""
        return reverse("projects:import_detail", args=[self.pk])

    @property
    def is_update(self) -> bool:
        """Whether the file brings the plan of a project up to date; ``target_node`` must be loaded."""
        return self.target_node is not None and self.target_node.kind == ScopeKind.PROJECT
