"""API tokens and the memory of repeated requests."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class TokenScopeChoice(models.TextChoices):
    """What a token may do at most; the person's rights are the other limit."""

    READ = "READ", _("Read")
    WRITE = "WRITE", _("Read and write")


class ApiToken(AbstractAuthToken):
    """A hashed, expiring token; only its first characters can be shown again (SEC-8)."""

    name = models.CharField(_("name"), max_length=80, blank=True)
    scope = models.CharField(
        _("scope"), max_length=5, choices=TokenScopeChoice.choices, default=TokenScopeChoice.READ
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=TokenScopeChoice.values), name="api_token_scope_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.token_key}…"


class IdempotencyKey(models.Model):
    """A posted request and its answer, kept for a day so that a repeat gets the same answer (SEC-32)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]

    def __str__(self) -> str:
        return self.key
