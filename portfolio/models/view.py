"""Saved views of lists."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Adjectives of saved views."""

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """Own views and those others share."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(owner_id=user.pk) | Q(is_shared=True))


class SavedView(models.Model):
    """A list with its filters, order and columns; the address is all of it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40, default="projects")
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared with all"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="saved_view_name_unique",
                violation_error_message=_("You have a view with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
