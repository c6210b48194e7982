"""One line of the audit trail."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import grants_in_force, within_reach


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Adjectives of audit entries."""

    def visible_to(self, user: Any) -> "AuditEntryQuerySet":
        """Entries of scopes where the person may read the trail; technical ones by their own right."""
        technical = grants_in_force(user).filter(role__in=roles_with("audit.view_technical"))
        return self.filter(
            (Q(node__isnull=False) & Q(within_reach(user, "audit.view_business")))
            | (Q(node__isnull=True) & Q(models.Exists(technical)))
        )


class AuditEntry(models.Model):
    """
    What happened, by whom, with the values before and after.

    ``mac`` is an HMAC over all other columns and the former line's ``mac`` (SEC-57). The database
    refuses update and delete.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField(_("who"), max_length=255)
    action = models.CharField(_("what"), max_length=60, db_index=True)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=250)
    node = models.ForeignKey(
        "accounts.ScopeNode", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object_recent"),
            models.Index(fields=["node", "-id"], name="audit_node_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_label}"

    @property
    def actor_name(self) -> str:
        """Who it was, by name, as the trail kept it; without a person the portal itself."""
        return self.actor_label.rpartition(" <")[0] or gettext("System")

    @property
    def actor_address(self) -> str:
        """Mail address of the person at that time, empty for the portal itself."""
        name, _separator, address = self.actor_label.rpartition(" <")
        return address.removesuffix(">") if name else ""
