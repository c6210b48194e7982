"""Checks of a plan that need not be passed for a while."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CheckWaiver(models.Model):
    """
    A check of schedule quality that a baseline may fail, why, and until when (both days included).

    The score of the plan stays what it is. ``ended_on`` is the first day it does not hold any more when it
    was taken back or replaced before ``valid_until``.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="check_waivers")
    check_code = models.CharField(_("check"), max_length=20)
    reason = models.TextField(_("reason"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    ended_on = models.DateField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "check_code"],
                condition=Q(ended_on__isnull=True),
                name="check_waived_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="check_waiver_until_after_from"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.valid_until}"
