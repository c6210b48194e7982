"""Counters of failed sign-ins."""

from django.db import models
from django.db.models.functions import Now


class LoginFailure(models.Model):
    """Guesses of one key (account with address, or address) in one window (SEC-1)."""

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "window_start"], name="login_failure_key_window")
        ]

    def __str__(self) -> str:
        return self.key
