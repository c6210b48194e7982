"""Status reports: what people say about a project at a date."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach
from projects.choices import DeliveryConfidence, Dimension, OverrideState, Rag, ReportState


class StatusReportQuerySet(models.QuerySet["StatusReport"]):
    """Adjectives of status reports."""

    def visible_to(self, user: Any, permission: str = "status.view") -> "StatusReportQuerySet":
        """Reports of projects where the person may read them."""
        return self.filter(within_reach(user, permission, node="project__node"))

    def published(self) -> "StatusReportQuerySet":
        """In force."""
        return self.filter(state=ReportState.PUBLISHED)


class StatusReport(models.Model):
    """
    A dated status. Published ones are never edited; a correction supersedes (REP-10).

    ``reported_*`` are figures as the reporter gave them (imports of portfolios); they are never mixed
    with computed ones.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="reports")
    period_end = models.DateField(_("period end"))
    data_date = models.DateField(_("data date"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    confidence = models.CharField(
        _("delivery confidence"), max_length=11, choices=DeliveryConfidence.choices, blank=True
    )
    confidence_note = models.TextField(_("why"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    achievements = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    top_issues = models.TextField(blank=True)
    decisions_needed = models.TextField(blank=True)
    path_to_green = models.TextField(blank=True)
    reported_start = models.DateField(null=True, blank=True)
    reported_finish = models.DateField(null=True, blank=True)
    reported_budget = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reported_forecast = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reported_year_budget = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reported_year_forecast = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "period_end"],
                condition=Q(state="PUBLISHED"),
                name="report_one_published_per_period",
            ),
            models.CheckConstraint(
                condition=Q(confidence="") | Q(confidence__in=DeliveryConfidence.values),
                name="report_confidence_known",
            ),
        ]
        indexes = [models.Index(fields=["project", "-period_end"], name="report_project_recent")]

    def __str__(self) -> str:
        return f"{self.period_end}"


class DeclaredRating(models.Model):
    """The color a report declares for one dimension, and what the PMO said of it (REP-3, REP-4)."""

    report = models.ForeignKey(StatusReport, on_delete=models.CASCADE, related_name="ratings")
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    computed = models.CharField(max_length=5, choices=Rag.choices, default=Rag.GREY)
    declared = models.CharField(max_length=5, choices=Rag.choices)
    override_reason = models.TextField(blank=True)
    override_state = models.CharField(max_length=8, choices=OverrideState.choices, default=OverrideState.NONE)
    override_until = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "dimension"], name="rating_once_per_dimension"),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="rating_dimension_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.declared}"
