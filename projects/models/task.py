"""Rows of the plan."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach
from projects.choices import (
    MILESTONES,
    ConstraintType,
    EvTechnique,
    StartDriver,
    TaskKind,
    TaskType,
    TimeKind,
)

PERCENT = {
    "max_digits": 5,
    "decimal_places": 2,
    "validators": [MinValueValidator(0), MaxValueValidator(100)],
}


class TaskQuerySet(models.QuerySet["Task"]):
    """Adjectives of tasks."""

    def visible_to(self, user: Any, permission: str = "task.view") -> "TaskQuerySet":
        """All tasks where the person may see tasks, the milestones where they may see milestones only."""
        if permission != "task.view":
            return self.filter(within_reach(user, permission, node="project__node"))
        return self.filter(
            within_reach(user, "task.view", node="project__node")
            | (Q(kind__in=MILESTONES) & Q(within_reach(user, "milestone.view", node="project__node")))
        )

    def leaves(self) -> "TaskQuerySet":
        """Everything but summaries."""
        return self.exclude(kind=TaskKind.SUMMARY)

    def called(self, words: str) -> "TaskQuerySet":
        """With these words in the name, or this WBS number; empty words leave all."""
        return self.filter(Q(name__icontains=words) | Q(wbs=words)) if words else self

    def in_order(self) -> "TaskQuerySet":
        """In the order of the outline."""
        return self.order_by("sort_path", "pk")


class Task(models.Model):
    """
        A row of the work breakdown structure.

        ``parent`` is the truth of the tree; ``wbs``, ``sort_path`` and ``outline_level`` are derived from
        it and ``position``. Durations are working minutes; dates are local to the project, a finish is the
        instant work ends. ``entered_on`` is the day the row became known, None when the project came with it.
        ``source_uid`` and ``source_guid`` are the numbers of the row in the file it came from.
    ``interruptions`` are pairs of minutes: work done before a rest, and working time of the calendar without
    work (None: worked in one piece).
    ``start_driver`` and ``start_link`` say what set the start when the dates were last computed.
    ``external_start`` is the moment before which milestones of other projects do not let it start (RAI-17).
    ``ev_details`` is what the earned value technique needs to know (None: nothing), ``ev_progress`` what
    was said of it last.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="tasks")
    uid = models.PositiveIntegerField(editable=False)
    source_uid = models.BigIntegerField(null=True, blank=True, editable=False)
    source_guid = models.CharField(max_length=40, blank=True, editable=False)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    wbs = models.CharField(_("WBS"), max_length=100, blank=True)
    sort_path = models.CharField(max_length=255, blank=True, editable=False)
    outline_level = models.PositiveSmallIntegerField(default=1, editable=False)
    name = models.CharField(_("name"), max_length=250)
    notes = models.TextField(_("notes"), blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=TaskKind.choices, default=TaskKind.TASK)
    is_active = models.BooleanField(_("active"), default=True)
    is_manual = models.BooleanField(_("scheduled by hand"), default=False)
    duration = models.PositiveIntegerField(_("duration"), default=480)
    duration_kind = models.CharField(max_length=7, choices=TimeKind.choices, default=TimeKind.WORK)
    remaining_duration = models.PositiveIntegerField(_("remaining duration"), null=True, blank=True)
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_finish = models.DateTimeField(_("planned finish"), null=True, blank=True)
    actual_start = models.DateTimeField(_("actual start"), null=True, blank=True)
    actual_finish = models.DateTimeField(_("actual finish"), null=True, blank=True)
    suspend_on = models.DateTimeField(null=True, blank=True)
    resume_on = models.DateTimeField(null=True, blank=True)
    percent_complete = models.DecimalField(_("% complete"), default=0, **PERCENT)
    percent_physical = models.DecimalField(_("% physical"), default=0, **PERCENT)
    work_hours = models.DecimalField(_("work"), max_digits=12, decimal_places=2, default=0)
    actual_work_hours = models.DecimalField(_("actual work"), max_digits=12, decimal_places=2, default=0)
    remaining_work_hours = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    task_type = models.CharField(max_length=14, choices=TaskType.choices, default=TaskType.FIXED_UNITS)
    is_effort_driven = models.BooleanField(default=False)
    ignores_resource_calendars = models.BooleanField(default=False, editable=False)
    leveling_delay = models.PositiveIntegerField(default=0, editable=False)
    interruptions = models.JSONField(null=True, blank=True)
    calendar = models.ForeignKey(
        "projects.Calendar", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    constraint_type = models.CharField(
        _("constraint"), max_length=4, choices=ConstraintType.choices, default=ConstraintType.ASAP
    )
    constraint_date = models.DateTimeField(_("constraint date"), null=True, blank=True)
    second_constraint_type = models.CharField(max_length=4, choices=ConstraintType.choices, blank=True)
    second_constraint_date = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=500)
    is_key_milestone = models.BooleanField(_("key milestone"), default=False)
    is_completion = models.BooleanField(_("completion milestone"), default=False)
    owner = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    ev_technique = models.CharField(
        _("earned value technique"),
        max_length=20,
        choices=EvTechnique.choices,
        default=EvTechnique.PERCENT_COMPLETE,
    )
    ev_details = models.JSONField(null=True, blank=True)
    ev_progress = models.JSONField(null=True, blank=True, editable=False)
    fixed_cost = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    early_start = models.DateTimeField(null=True, blank=True, editable=False)
    early_finish = models.DateTimeField(null=True, blank=True, editable=False)
    late_start = models.DateTimeField(null=True, blank=True, editable=False)
    late_finish = models.DateTimeField(null=True, blank=True, editable=False)
    total_float = models.IntegerField(null=True, blank=True, editable=False)
    free_float = models.IntegerField(null=True, blank=True, editable=False)
    is_critical = models.BooleanField(null=True, blank=True, editable=False)
    is_near_critical = models.BooleanField(null=True, blank=True, editable=False)
    is_on_longest_path = models.BooleanField(null=True, blank=True, editable=False)
    is_deadline_missed = models.BooleanField(null=True, blank=True, editable=False)
    external_start = models.DateTimeField(null=True, blank=True, editable=False)
    start_driver = models.CharField(max_length=13, choices=StartDriver.choices, blank=True, editable=False)
    start_link = models.ForeignKey(
        "projects.Link", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    extra = models.JSONField(default=dict, blank=True)
    entered_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "uid"], name="task_uid_unique"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_completion=True), name="task_completion_once_per_project"
            ),
            models.CheckConstraint(
                condition=Q(percent_complete__gte=0) & Q(percent_complete__lte=100),
                name="task_percent_complete_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(percent_physical__gte=0) & Q(percent_physical__lte=100),
                name="task_percent_physical_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(planned_finish__isnull=True)
                | Q(planned_start__isnull=True)
                | Q(planned_finish__gte=F("planned_start")),
                name="task_planned_finish_after_start",
                violation_error_message=_("The planned finish must not be before the planned start."),
            ),
            models.CheckConstraint(
                condition=Q(actual_finish__isnull=True)
                | (Q(actual_start__isnull=False) & Q(actual_finish__gte=F("actual_start"))),
                name="task_actual_finish_after_start",
                violation_error_message=_("An actual finish needs an actual start before it."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="task_not_own_parent"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=MILESTONES) | Q(duration=0),
                name="task_milestone_without_duration",
                violation_error_message=_("A milestone has no duration."),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "sort_path"], name="task_project_order"),
            models.Index(fields=["owner"], name="task_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.wbs} {self.name}".strip()

    def get_absolute_url(self) -> str:
        """Address of the task."""
        return reverse("projects:task_detail", args=[self.project.code, self.uid])

    @property
    def is_milestone(self) -> bool:
        """Whether the row marks a moment."""
        return self.kind in MILESTONES
