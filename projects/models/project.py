"""Projects."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach
from projects.choices import (
    EacMethod,
    FloatKind,
    LagCalendar,
    ProgressMode,
    ProjectState,
    ReportCycle,
    ScheduleConvention,
    ScheduleGrade,
    Tier,
)


class ProjectQuerySet(models.QuerySet["Project"]):
    """Adjectives of projects."""

    def visible_to(self, user: Any, permission: str = "project.view") -> "ProjectQuerySet":
        """Projects on which the person holds the permission; confidential ones need more."""
        return self.filter(within_reach(user, permission))

    def active(self) -> "ProjectQuerySet":
        """Not closed and not canceled."""
        return self.exclude(state__in=[ProjectState.CLOSED, ProjectState.CANCELED])


class Project(models.Model):
    """
    One project. Its place in a portfolio is the place of its ``node`` in the tree of scopes.

    While ``is_auto_scheduled``, the engine computes the dates of its tasks after every change; before,
    they are those people or a file gave. ``schedule_start`` is the moment a file says work may start,
    where it is another one than the first of ``planned_start``. ``board_limits`` holds by axis and column of
    the board how much work may be in progress there.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    node = models.OneToOneField("accounts.ScopeNode", on_delete=models.PROTECT, related_name="project")
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        verbose_name=_("organization unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    category = models.CharField(_("category"), max_length=80, blank=True)
    tier = models.CharField(_("tier"), max_length=2, choices=Tier.choices, default=Tier.T2)
    is_flagship = models.BooleanField(_("flagship"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=ProjectState.choices, default=ProjectState.PROPOSED
    )
    state_before_hold = models.CharField(
        max_length=12, choices=ProjectState.choices, blank=True, editable=False
    )
    state_since = models.DateField(null=True, blank=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField(default=0, editable=False)
    report_cycle = models.CharField(
        _("report cycle"), max_length=10, choices=ReportCycle.choices, default=ReportCycle.MONTHLY
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    calendar = models.ForeignKey(
        "projects.Calendar", verbose_name=_("calendar"), on_delete=models.PROTECT, related_name="projects"
    )
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_finish = models.DateField(_("planned finish"), null=True, blank=True)
    data_date = models.DateField(_("data date"), null=True, blank=True)
    is_auto_scheduled = models.BooleanField(_("dates are computed"), default=False)
    schedule_start = models.DateTimeField(null=True, blank=True, editable=False)
    must_finish_by = models.DateField(_("must finish by"), null=True, blank=True)
    convention = models.CharField(
        _("schedule convention"),
        max_length=10,
        choices=ScheduleConvention.choices,
        default=ScheduleConvention.PORTAL,
    )
    progress_mode = models.CharField(
        _("progress out of sequence"),
        max_length=17,
        choices=ProgressMode.choices,
        default=ProgressMode.RETAINED_LOGIC,
    )
    honor_hard_dates = models.BooleanField(_("hard dates win over links"), default=False)
    deadline_bounds_float = models.BooleanField(_("deadlines bound float"), default=True)
    critical_threshold = models.IntegerField(_("critical up to (minutes of float)"), default=0)
    near_critical_threshold = models.IntegerField(_("near critical up to (minutes of float)"), default=4800)
    default_lag_calendar = models.CharField(
        _("calendar of lags"), max_length=15, choices=LagCalendar.choices, default=LagCalendar.PREDECESSOR
    )
    float_kind = models.CharField(
        _("total float is"), max_length=8, choices=FloatKind.choices, default=FloatKind.SMALLEST
    )
    eac_method = models.CharField(
        _("estimate at completion"), max_length=5, choices=EacMethod.choices, default=EacMethod.EAC_1
    )
    board_limits = models.JSONField(default=dict, blank=True, editable=False)
    baseline_grade = models.CharField(
        _("a baseline needs a plan that is"), max_length=4, choices=ScheduleGrade.choices, blank=True
    )
    source_reference = models.CharField(max_length=200, blank=True, db_index=True)
    extra = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_finish__isnull=True)
                | Q(planned_start__isnull=True)
                | Q(planned_finish__gte=F("planned_start")),
                name="project_finish_after_start",
                violation_error_message=_("The planned finish must not be before the planned start."),
            ),
            models.CheckConstraint(condition=Q(state__in=ProjectState.values), name="project_state_known"),
            models.CheckConstraint(
                condition=~Q(state="ON_HOLD") | ~Q(state_before_hold=""), name="project_hold_remembers_state"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="project_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """Address of the overview."""
        return reverse("projects:overview", args=[self.code])
