"""API tokens."""

from django.db import models
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
