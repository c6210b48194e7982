"""Sign-ins that are open now."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class UserSession(models.Model):
    """One open session of a person: where it was opened and when it was seen last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.agent[:40]
