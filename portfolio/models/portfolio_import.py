"""Imports of portfolios from tables."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.choices import ImportState


class ImportMapping(models.Model):
    """Which column means what, remembered by name. ``document`` is a `TableMapping` as JSON."""

    name = models.SlugField(_("name"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=150)
    document = models.JSONField()
    is_shipped = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.title


class PortfolioImportQuerySet(models.QuerySet["PortfolioImport"]):
    """Adjectives of imports."""

    def visible_to(self, user: Any) -> "PortfolioImportQuerySet":
        """The person's own imports."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


class PortfolioImport(models.Model):
    """A table on its way to become projects: mapped, previewed, confirmed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(
        "portfolio.Portfolio", null=True, blank=True, on_delete=models.PROTECT, related_name="imports"
    )
    mapping = models.JSONField(null=True, blank=True)
    mapping_name = models.CharField(max_length=60, blank=True)
    as_of = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    preview = models.JSONField(null=True, blank=True)
    refusal = models.TextField(blank=True)
    job = models.ForeignKey("common.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PortfolioImportQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.file)

    def get_absolute_url(self) -> str:
        """Address of the import."""
        return reverse("portfolio:import_detail", args=[self.pk])
