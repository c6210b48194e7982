"""The job: queue of record of all background work (SEC-33 to SEC-40)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.labels import label_text


class JobState(models.TextChoices):
    """States of a job."""

    QUEUED = "QUEUED", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")
    CANCELED = "CANCELED", _("Canceled")


class JobQuerySet(models.QuerySet["Job"]):
    """Adjectives of jobs."""

    def due(self) -> "JobQuerySet":
        """
        Jobs a worker may take now: waiting ones that are due, and running ones whose lease ended.

        While a job with the same name and key runs, the next one waits: an older result must never
        overwrite a newer one (SEC-35).
        """
        twin = Job.objects.filter(name=OuterRef("name"), key=OuterRef("key"), state=JobState.RUNNING)
        waiting = Q(state=JobState.QUEUED, run_after__lte=Now()) & (Q(key="") | ~Exists(twin))
        return self.filter(waiting | Q(state=JobState.RUNNING, lease_until__lt=Now()))

    def unfinished(self) -> "JobQuerySet":
        """Jobs that still have to end."""
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def owned_by(self, user: Any) -> "JobQuerySet":
        """Jobs this person started."""
        return self.filter(owner=user)


class Job(models.Model):
    """
    One piece of background work.

    ``attempt`` is the fencing token: a worker may finish the job only with the attempt it was given.
    """

    name = models.CharField(max_length=100)
    key = models.CharField(max_length=200, blank=True)
    period_key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    group = models.CharField(max_length=100, blank=True, db_index=True)
    label = models.CharField(max_length=200, blank=True)
    label_template = models.CharField(max_length=200, blank=True, db_default="")
    label_values = models.JSONField(null=True, blank=True)
    arguments = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs"
    )
    priority = models.SmallIntegerField(default=5)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(db_default=Now())
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=Q(state="QUEUED") & ~Q(key=""),
                name="job_one_waiting_per_key",
                violation_error_message=_("This work is already waiting."),
            ),
            models.CheckConstraint(
                condition=Q(progress_total=0) | Q(progress_done__lte=F("progress_total")),
                name="job_progress_within_total",
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "priority", "id"], name="job_state_priority"),
            models.Index(fields=["name", "-id"], name="job_name_recent"),
            models.Index(fields=["owner", "-id"], name="job_owner_recent"),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    def get_absolute_url(self) -> str:
        """Address of the job's page."""
        return reverse("jobs:detail", args=[self.pk])

    @property
    def text(self) -> str:
        """What the job is about, in the language of the moment; rows of old know one language only."""
        return label_text(self.label_template, self.label_values or {}, self.label)

    @property
    def is_finished(self) -> bool:
        """Whether the job has ended, well or not."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELED}

    @property
    def percent_done(self) -> int | None:
        """Progress in whole percent; None while the total is unknown."""
        if self.state == JobState.DONE:
            return 100
        return 100 * self.progress_done // self.progress_total if self.progress_total else None
