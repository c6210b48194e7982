"""Resources and their assignments."""

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.choices import ResourceKind


class Resource(models.Model):
    """Who or what does the work; ``project`` is set for resources that came with one plan."""

    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.CASCADE, related_name="own_resources"
    )
    uid = models.CharField(max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=9, choices=ResourceKind.choices, default=ResourceKind.ROLE)
    name = models.CharField(_("name"), max_length=150)
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )
    calendar = models.ForeignKey(
        "projects.Calendar", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    max_units_percent = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(100))
    extra = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(max_units_percent__gte=0), name="resource_units_not_negative")
        ]

    def __str__(self) -> str:
        return self.name


class ResourceRate(models.Model):
    """Cost of one hour (or unit) from a day on."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="rates")
    valid_from = models.DateField(default=date(1900, 1, 1))
    currency = models.CharField(max_length=3)
    cost_per_hour = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "valid_from"], name="rate_once_per_day"),
            models.CheckConstraint(condition=Q(cost_per_hour__gte=0), name="rate_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_per_hour} {self.currency}"


class Assignment(models.Model):
    """A resource works on a task; ``delay`` is in working minutes after the task's start."""

    task = models.ForeignKey("projects.Task", on_delete=models.CASCADE, related_name="assignments")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="assignments")
    units_percent = models.DecimalField(
        _("units"), max_digits=10, decimal_places=4, default=Decimal(100), validators=[MinValueValidator(0)]
    )
    work_hours = models.DecimalField(_("work"), max_digits=14, decimal_places=4, default=0)
    actual_work_hours = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    remaining_work_hours = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    delay = models.PositiveIntegerField(default=0, editable=False)
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    start = models.DateTimeField(null=True, blank=True)
    finish = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "resource"],
                name="assignment_unique",
                violation_error_message=_("This resource works on the task already."),
            ),
            models.CheckConstraint(condition=Q(units_percent__gte=0), name="assignment_units_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.task_id}"
