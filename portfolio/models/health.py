"""Stored judgement: roll-up runs and health snapshots."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach
from portfolio.choices import Audience, RunState, SnapshotKind, SnapshotScope, Trend
from projects.choices import Rag


class RollupRun(models.Model):
    """One roll-up of everything for one date."""

    as_of = models.DateField()
    kind = models.CharField(max_length=12, choices=SnapshotKind.choices, default=SnapshotKind.DAILY)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.RUNNING)
    projects_total = models.PositiveIntegerField(default=0)
    projects_failed = models.PositiveIntegerField(default=0)
    chunks_total = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of"], condition=Q(state="RUNNING"), name="rollup_one_running_per_date"
            )
        ]
        indexes = [models.Index(fields=["-as_of", "-id"], name="rollup_recent")]

    def __str__(self) -> str:
        return f"{self.as_of}"

    @property
    def job_group(self) -> str:
        """Group of the jobs that belong to this run."""
        return f"rollup:{self.pk}"


class ProjectHealthQuerySet(models.QuerySet["ProjectHealth"]):
    """Adjectives of project health."""

    def visible_to(self, user: Any, permission: str = "rollup.view") -> "ProjectHealthQuerySet":
        """Health of projects where the person may see it."""
        return self.filter(within_reach(user, permission, node="project__node"))


class ProjectHealth(models.Model):
    """
    Color of a project at a date, with everything needed to recompute it by hand (HLT-5).

    One row per project and ``as_of``; changed inputs raise ``revision``; a period close locks it.
    The place in the portfolio tree at that date is kept, so history does not move with the project.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="health")
    portfolio = models.ForeignKey("portfolio.Portfolio", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(
        "portfolio.Program", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    run = models.ForeignKey(RollupRun, on_delete=models.PROTECT, related_name="project_health")
    as_of = models.DateField()
    kind = models.CharField(max_length=12, choices=SnapshotKind.choices, default=SnapshotKind.DAILY)
    revision = models.PositiveIntegerField(default=1)
    policy_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    is_locked = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    color = models.CharField(max_length=5, choices=Rag.choices)
    reason_code = models.CharField(max_length=30, blank=True)
    score = models.FloatField(null=True)
    coverage = models.FloatField(default=0)
    data_quality = models.FloatField(null=True)
    trend = models.CharField(max_length=9, choices=Trend.choices, default=Trend.NEW)
    dimension_colors = models.JSONField(default=dict)
    is_flagship = models.BooleanField(default=False)
    is_stale = models.BooleanField(default=False)
    confidence = models.CharField(max_length=11, blank=True)
    currency = models.CharField(max_length=3)
    weight = models.DecimalField(_("budget weight"), max_digits=18, decimal_places=2, null=True)
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    actual = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    forecast = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    ev = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    pv = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    spi_t = models.FloatField(null=True)
    cpi = models.FloatField(null=True)
    slip_wd = models.IntegerField(null=True)
    forecast_finish = models.DateField(null=True)
    exceptions = models.JSONField(default=list)
    indicators = models.JSONField(default=list)
    explanation = models.JSONField(default=dict)
    computed_at = models.DateTimeField(db_default=Now())

    objects = ProjectHealthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "as_of"], name="project_health_once_per_date"),
            models.CheckConstraint(condition=Q(color__in=Rag.values), name="project_health_color_known"),
        ]
        indexes = [
            models.Index(fields=["as_of", "portfolio"], name="project_health_as_of"),
            models.Index(fields=["project", "-as_of"], name="project_health_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.as_of} {self.color}"


class GroupHealth(models.Model):
    """
    Health of a program, a portfolio or the organization at a date.

    Kept twice, with and without confidential projects, so that a page shows each person exactly the
    sum of what that person may see (SEC-13). ``portfolio`` and ``program`` are null for the
    organization.
    """

    scope = models.CharField(max_length=12, choices=SnapshotScope.choices)
    node = models.ForeignKey("accounts.ScopeNode", on_delete=models.CASCADE, related_name="health")
    run = models.ForeignKey(RollupRun, on_delete=models.PROTECT, related_name="group_health")
    audience = models.CharField(max_length=4, choices=Audience.choices)
    as_of = models.DateField()
    kind = models.CharField(max_length=12, choices=SnapshotKind.choices, default=SnapshotKind.DAILY)
    revision = models.PositiveIntegerField(default=1)
    policy_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    is_locked = models.BooleanField(default=False)
    color = models.CharField(max_length=5, choices=Rag.choices)
    score = models.FloatField(null=True)
    projects_total = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    actual = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    forecast = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    document = models.JSONField(default=dict)
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "as_of", "audience"], name="group_health_once_per_date"),
            models.CheckConstraint(condition=Q(color__in=Rag.values), name="group_health_color_known"),
        ]
        indexes = [models.Index(fields=["node", "-as_of"], name="group_health_recent")]

    def __str__(self) -> str:
        return f"{self.node_id} {self.as_of} {self.color}"
