"""Counters of failed sign-ins."""

from django.db import models
from django.db.models.functions import Now


class LoginFailure(models.Model):
    """
    Guesses of one key (account with address, or address alone) in its window (SEC-1).

    The window starts with the first guess; the next guess after its end starts a new one. Keys are
    keyed digests: neither e-mail nor address can be read from the table.
    """

    key = models.CharField(max_length=64, unique=True)
    window_start = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.key
