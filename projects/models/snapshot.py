"""Measured facts of a project at a date."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from pmo_portal.accounts.scopes import within_reach


class ProjectSnapshotQuerySet(models.QuerySet["ProjectSnapshot"]):
    """Adjectives of snapshots."""

    def visible_to(self, user: Any, permission: str = "rollup.view") -> "ProjectSnapshotQuerySet":
        """Snapshots of projects where the person may see health."""
        return self.filter(within_reach(user, permission, node="project__node"))


class ProjectSnapshot(models.Model):
    """
    What the engines measured: facts, no judgement.

    One row per project and ``as_of``; ``revision`` counts how often changed inputs made it anew. A
    figure that cannot be computed is null and its reason stands in ``reasons`` under its name.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="snapshots")
    as_of = models.DateField()
    data_date = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    input_hash = models.CharField(max_length=64)
    code_version = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    bac = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    pv = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    ev = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    ac = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    eac = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    project_budget = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    open_commitments = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    fac = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    spi = models.FloatField(null=True)
    cpi = models.FloatField(null=True)
    spi_t = models.FloatField(null=True)
    slip_wd = models.IntegerField(null=True)
    baseline_finish = models.DateField(null=True)
    forecast_finish = models.DateField(null=True)
    percent_complete = models.FloatField(null=True)
    tasks_total = models.PositiveIntegerField(default=0)
    tasks_complete = models.PositiveIntegerField(default=0)
    measures = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    computed_at = models.DateTimeField(db_default=Now())

    objects = ProjectSnapshotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "as_of"], name="snapshot_once_per_date")]
        indexes = [models.Index(fields=["as_of", "project"], name="snapshot_as_of")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.as_of}"
