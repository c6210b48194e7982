"""Working calendars."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def standard_week() -> dict[str, list[list[int]]]:
    """Return Monday to Friday, 8–12 and 13–17, as minutes of the day per weekday (0 = Monday)."""
    return {str(day): ([[480, 720], [780, 1020]] if day < 5 else []) for day in range(7)}


class Calendar(models.Model):
    """
    When work happens.

    ``week_pattern`` maps the weekday ("0" Monday … "6" Sunday) to half-open intervals of minutes of
    the day; null inherits the day from ``base``. ``project`` is set for calendars that came with one
    plan; the others belong to the organization.
    """

    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.CASCADE, related_name="own_calendars"
    )
    uid = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=150)
    base = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="derived",
        verbose_name=_("based on"),
    )
    week_pattern = models.JSONField(_("working week"), default=standard_week)
    hours_per_day = models.DecimalField(
        _("hours per day"), max_digits=4, decimal_places=2, default=Decimal(8)
    )
    days_per_week = models.DecimalField(
        _("days per week"), max_digits=3, decimal_places=1, default=Decimal(5)
    )
    days_per_month = models.DecimalField(
        _("days per month"), max_digits=4, decimal_places=1, default=Decimal(20)
    )
    is_default = models.BooleanField(_("default of the organization"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="calendar_one_default"
            ),
            models.CheckConstraint(
                condition=Q(hours_per_day__gt=0) & Q(hours_per_day__lte=24), name="calendar_hours_per_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarException(models.Model):
    """Days that differ from the week: holidays (no intervals) or extra work."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="exceptions")
    name = models.CharField(_("name"), max_length=150, blank=True)
    start = models.DateField(_("first day"))
    finish = models.DateField(_("last day"))
    intervals = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finish__gte=F("start")),
                name="calendar_exception_order",
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]
        indexes = [models.Index(fields=["calendar", "start"], name="calendar_exception_start")]

    def __str__(self) -> str:
        return f"{self.name} {self.start}"


class CalendarWorkWeek(models.Model):
    """A working week that holds for a time only."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="work_weeks")
    name = models.CharField(_("name"), max_length=150, blank=True)
    start = models.DateField(_("first day"))
    finish = models.DateField(_("last day"))
    week_pattern = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(finish__gte=F("start")), name="calendar_work_week_order")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start}"
