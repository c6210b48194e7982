"""Emergency access: the administrator reads one project for a few hours ("break glass")."""

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    """Adjectives of emergency accesses."""

    def open(self) -> "EmergencyAccessQuerySet":
        """Those that hold now, by the clock of the database."""
        return self.filter(ended_at__isnull=True, ends_at__gt=Now())

    def lapsed(self) -> "EmergencyAccessQuerySet":
        """Those whose time is over and that nobody has ended."""
        return self.filter(ended_at__isnull=True, ends_at__lte=Now())

    def with_state(self) -> "EmergencyAccessQuerySet":
        """Add ``is_open``, by the clock of the database."""
        holds = Q(ended_at__isnull=True) & Q(ends_at__gt=Now())
        return self.annotate(is_open=ExpressionWrapper(holds, output_field=models.BooleanField()))


class EmergencyAccess(models.Model):
    """
    One use of the break-glass rule: who, which project, why, from when until when.

    ``node`` is empty when the code led to no project the access may reach; the person who opened it
    is never told, so that codes cannot be tried out (SEC-10).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergency_accesses"
    )
    project_code = models.CharField(_("code of the project"), max_length=60)
    node = models.ForeignKey(
        "accounts.ScopeNode", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    includes_confidential = models.BooleanField(_("confidential project"), default=False)
    reason = models.TextField(_("reason"), max_length=1000)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="emergency_one_open_per_person"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("opened_at")), name="emergency_ends_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="emergency_confirmed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["user", "-opened_at"], name="emergency_of_person")]

    def __str__(self) -> str:
        return self.project_code
