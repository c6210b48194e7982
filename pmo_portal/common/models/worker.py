"""Signs of life of workers and of the schedule."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

TICK_NAME = "schedule:tick"
SILENCE = timedelta(seconds=45)


class WorkerPulseQuerySet(models.QuerySet["WorkerPulse"]):
    """Adjectives of signs of life."""

    def workers(self) -> "WorkerPulseQuerySet":
        """Workers, without the schedule."""
        return self.exclude(name=TICK_NAME)

    def alive(self) -> "WorkerPulseQuerySet":
        """Workers heard of lately."""
        return self.workers().filter(seen_at__gt=Now() - SILENCE)

    def tick(self) -> "WorkerPulseQuerySet":
        """The last turn of the schedule."""
        return self.filter(name=TICK_NAME)


class WorkerPulse(models.Model):
    """One row per worker; ``seen_at`` is written every few seconds by the database clock."""

    name = models.CharField(max_length=200, unique=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    objects = WorkerPulseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
