"""Stored adoption of projects (KNO-10)."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from pmo_portal.accounts.scopes import within_reach
from portfolio.rollup.adoption import Facts


class ProjectAdoptionQuerySet(models.QuerySet["ProjectAdoption"]):
    """Adjectives of adoption."""

    def visible_to(self, user: Any, permission: str = "rollup.view") -> "ProjectAdoptionQuerySet":
        """Adoption of projects where the person may see it."""
        return self.filter(within_reach(user, permission, node="project__node"))


class ProjectAdoption(models.Model):
    """
    How far an active project used what the PMO offers on a day: what was counted, and the weighted mean.

    One row per project and ``as_of``, written by the roll-up of that day.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="adoption")
    as_of = models.DateField()
    documents = models.PositiveIntegerField(default=0)
    from_template = models.PositiveIntegerField(default=0)
    lessons_proposed = models.PositiveIntegerField(default=0)
    lessons_marked = models.PositiveIntegerField(default=0)
    courses_due = models.PositiveIntegerField(default=0)
    courses_passed = models.PositiveIntegerField(default=0)
    compliance = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    objects = ProjectAdoptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "as_of"], name="adoption_once_per_date"),
            models.CheckConstraint(
                condition=Q(
                    from_template__lte=F("documents"),
                    lessons_marked__lte=F("lessons_proposed"),
                    courses_passed__lte=F("courses_due"),
                ),
                name="adoption_part_of_whole",
            ),
        ]
        indexes = [models.Index(fields=["as_of"], name="adoption_as_of")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.as_of} {self.percent}"

    @property
    def facts(self) -> Facts:
        """What was counted."""
        return Facts(
            documents=self.documents,
            from_template=self.from_template,
            proposed=self.lessons_proposed,
            marked=self.lessons_marked,
            due=self.courses_due,
            passed=self.courses_passed,
            compliance=None if self.compliance is None else Decimal(self.compliance),
        )
