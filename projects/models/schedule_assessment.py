"""How well a plan was built, as checked at a date."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach
from projects.choices import ScheduleGrade


class ScheduleAssessmentQuerySet(models.QuerySet["ScheduleAssessment"]):
    """Adjectives of assessments."""

    def visible_to(self, user: Any, permission: str = "task.view") -> "ScheduleAssessmentQuerySet":
        """Assessments of projects whose plan the person may see."""
        return self.filter(within_reach(user, permission, node="project__node"))

    def known_on(self, day: Any) -> "ScheduleAssessmentQuerySet":
        """The newest one of each project up to a day."""
        newer = ScheduleAssessment.objects.filter(
            project_id=models.OuterRef("project_id"), as_of__gt=models.OuterRef("as_of"), as_of__lte=day
        )
        return self.filter(~models.Exists(newer), as_of__lte=day)


class ScheduleAssessment(models.Model):
    """
    The checks of one plan as it stood on ``as_of`` (SQ-2, SQ-3).

    Written when the plan has changed, so the newest row up to a day is what was known on it. Without a score
    ``reason`` says why. ``result`` holds the checks with their offenders; ``assessed_at`` is when the plan
    was last found to be as it was checked.
    """

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="schedule_assessments"
    )
    as_of = models.DateField()
    data_date = models.DateField(null=True, blank=True)
    policy_version = models.PositiveSmallIntegerField()
    passed = models.PositiveSmallIntegerField(default=0)
    applicable = models.PositiveSmallIntegerField(default=0)
    grade = models.CharField(_("grade"), max_length=4, choices=ScheduleGrade.choices, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    result = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64)
    assessed_at = models.DateTimeField()

    objects = ScheduleAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "as_of"], name="schedule_assessed_once_per_date"),
            models.CheckConstraint(
                condition=Q(passed__lte=F("applicable")), name="schedule_passed_within_applicable"
            ),
            models.CheckConstraint(
                condition=Q(reason="") & ~Q(grade="") & Q(applicable__gt=0) | ~Q(reason="") & Q(grade=""),
                name="schedule_score_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.as_of}"

    @property
    def score(self) -> Decimal | None:
        """Passed in percent of the applicable checks, unrounded (SQ-3)."""
        return None if self.reason else Decimal(100 * self.passed) / Decimal(self.applicable)
