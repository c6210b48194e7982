"""Periods of the organization's calendar of accounts (CON-8)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Period(models.Model):
    """
    A stretch of days that is reported and closed together; both days belong to it.

    Periods follow each other without gaps and are closed in order, so everything up to the last day of
    the newest closed one is closed (CST-6). A day no row covers lies in its calendar month, open.
    """

    code = models.SlugField(_("code"), max_length=10, unique=True)
    start = models.DateField(_("first day"), unique=True)
    end = models.DateField(_("last day"), unique=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="period_order",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(closed_by__isnull=True),
                name="period_closed_by_close",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_closed(self) -> bool:
        """Whether no posting may be dated in it any more."""
        return self.closed_at is not None
