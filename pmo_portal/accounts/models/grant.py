"""A role somebody holds on a part of the tree."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role


class RoleGrant(models.Model):
    """
    ``user`` holds ``role`` on ``node`` and everything below it (domain ``RoleAssignment``).

    The members of a project are the grants on the project's node. Grants add up; none takes away.
    Only emergency readers have an hour at which their grant ends, by the clock of the database.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    node = models.ForeignKey(
        "accounts.ScopeNode", verbose_name=_("scope"), on_delete=models.PROTECT, related_name="grants"
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_deputy = models.BooleanField(_("deputy"), default=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "node"],
                name="grant_once_per_role_and_scope",
                violation_error_message=_("This person holds this role here already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="grant_valid_to_after_from",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_known"),
            models.CheckConstraint(
                condition=Q(role=Role.EMERGENCY_READER, ends_at__isnull=False)
                | (~Q(role=Role.EMERGENCY_READER) & Q(ends_at__isnull=True)),
                name="grant_hour_only_in_emergency",
                violation_error_message=_("Emergency access is opened on its own page, for a few hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


class EndedGrant(models.Model):
    """
    A grant that was taken away or begun anew: it counted up to the day before ``ended_on``.

    Read for figures of past days (who led the project then); it gives no right.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ended_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    node = models.ForeignKey("accounts.ScopeNode", on_delete=models.PROTECT, related_name="ended_grants")
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    is_deputy = models.BooleanField(_("deputy"), default=False)
    granted_at = models.DateTimeField()
    ended_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["node", "ended_on"], name="ended_grant_node")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"
