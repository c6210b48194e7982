"""Health policies."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class HealthPolicy(models.Model):
    """
    One version of the rules that make colors out of facts; never edited (HLT-11).

    ``portfolio`` is null for the organization's policy; a portfolio without its own follows the
    nearest one above it.
    """

    portfolio = models.ForeignKey(
        "portfolio.Portfolio", null=True, blank=True, on_delete=models.PROTECT, related_name="policies"
    )
    version = models.PositiveIntegerField(_("version"))
    document = models.JSONField()
    reason = models.TextField(_("reason"))
    effective_from = models.DateField(_("effective from"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "version"], name="policy_version_unique"),
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(portfolio__isnull=True),
                name="policy_organization_version_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"
