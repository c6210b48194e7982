"""Dated progress: what was known at a data date."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class TaskProgress(models.Model):
    """
    State of a task at the end of ``data_date``; a later entry for the same date replaces it.

    The newest entry up to a date answers "what did we know then", so figures of past dates can be
    made again. ``ev_progress`` holds units done, points accepted or milestones reached, where the earned
    value technique counts them; ``percent_physical`` is what follows from them.
    """

    task = models.ForeignKey("projects.Task", on_delete=models.CASCADE, related_name="progress_entries")
    data_date = models.DateField()
    actual_start = models.DateTimeField(null=True, blank=True)
    actual_finish = models.DateTimeField(null=True, blank=True)
    remaining_duration = models.PositiveIntegerField(null=True, blank=True)
    percent_complete = models.DecimalField(max_digits=5, decimal_places=2)
    percent_physical = models.DecimalField(max_digits=5, decimal_places=2)
    ev_progress = models.JSONField(null=True, blank=True)
    actual_work_hours = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    forecast_start = models.DateTimeField(null=True, blank=True)
    forecast_finish = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "data_date"], name="progress_once_per_date"),
            models.CheckConstraint(
                condition=Q(percent_complete__gte=0)
                & Q(percent_complete__lte=100)
                & Q(percent_physical__gte=0)
                & Q(percent_physical__lte=100),
                name="progress_percent_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(actual_finish__isnull=True)
                | (Q(actual_start__isnull=False) & Q(actual_finish__gte=F("actual_start"))),
                name="progress_actual_finish_after_start",
            ),
        ]
        indexes = [models.Index(fields=["task", "-data_date"], name="progress_task_recent")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.data_date}"
