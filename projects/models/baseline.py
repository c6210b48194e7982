"""Baselines: frozen plans."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Baseline(models.Model):
    """
    The plan as approved; number 0 is the original and written once (SCH-36).

    ``effective_from`` is the first date whose figures use this baseline (CST-12).
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="baselines")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_current = models.BooleanField(_("current"), default=True)
    effective_from = models.DateField(_("effective from"))
    start = models.DateTimeField(_("start"), null=True, blank=True)
    finish = models.DateTimeField(_("finish"), null=True, blank=True)
    bac = models.DecimalField(_("BAC"), max_digits=18, decimal_places=2, default=0)
    reason = models.TextField(_("reason"), blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="baseline_number_unique"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_current=True), name="baseline_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class BaselineTask(models.Model):
    """
    A task as it stood in the baseline; kept when the task is deleted ("removed", SCH-37).

    ``pv_profile`` holds how its planned value is shaped once that no longer follows the task, which it does
    until the day before ``frozen_on``; None there: since ever. ``stretches`` are pairs of a start and an
    exclusive finish, local wall time like the dates; None for work in one piece.
    """

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="rows")
    task = models.ForeignKey(
        "projects.Task", null=True, on_delete=models.SET_NULL, related_name="baseline_rows"
    )
    task_uid = models.PositiveIntegerField()
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=16)
    is_key_milestone = models.BooleanField(default=False)
    start = models.DateTimeField(null=True, blank=True)
    finish = models.DateTimeField(null=True, blank=True)
    duration = models.PositiveIntegerField(default=0)
    stretches = models.JSONField(null=True, blank=True, editable=False)
    total_float = models.IntegerField(null=True, blank=True)
    work_hours = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    budget = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    pv_profile = models.JSONField(null=True, blank=True)
    frozen_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["baseline", "task_uid"], name="baseline_task_unique")]

    def __str__(self) -> str:
        return self.name
