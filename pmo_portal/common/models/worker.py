"""Sign of life of a worker."""

from django.db import models
from django.db.models.functions import Now


class WorkerPulse(models.Model):
    """One row per worker; ``seen_at`` is written every few seconds by the database clock."""

    name = models.CharField(max_length=200, unique=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = []

    def __str__(self) -> str:
        return self.name
