"""Assessments: does the organization need a PMO, and how mature is it (domain 14)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portfolio.choices import AssessmentKind, AssessmentState, Effort, GapState, MaturityScope


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Adjectives of assessments."""

    def asking(self, user: Any) -> "AssessmentQuerySet":
        """Those the person is asked to answer."""
        return self.filter(respondents__person__user_id=user.pk)

    def closed(self) -> "AssessmentQuerySet":
        """With a result that stays."""
        return self.filter(state=AssessmentState.CLOSED)

    def newest_first(self) -> "AssessmentQuerySet":
        """In order of the day they are about."""
        return self.order_by("-held_on", "-pk")


class Assessment(models.Model):
    """
    One round of questions to several respondents; a closed one is never changed (NEED-3).

    ``scope`` is the level of a maturity assessment, empty for the need of a PMO. ``result`` keeps the
    figures of the day it was closed.
    """

    kind = models.CharField(max_length=8, choices=AssessmentKind.choices)
    scope = models.CharField(_("level"), max_length=9, choices=MaturityScope.choices, blank=True, default="")
    title = models.CharField(_("title"), max_length=150)
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        verbose_name=_("about the unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assessments",
    )
    held_on = models.DateField(_("as of"))
    answer_by = models.DateField(_("answers wanted by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=AssessmentState.choices, default=AssessmentState.OPEN
    )
    result = models.JSONField(default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AssessmentKind.NEED, scope="")
                | Q(kind=AssessmentKind.MATURITY, scope__in=MaturityScope.values),
                name="assessment_scope_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssessmentState.values), name="assessment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.CLOSED) | Q(closed_at__isnull=False),
                name="assessment_closed_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["kind", "scope", "-held_on"], name="assessment_history")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the result."""
        return reverse("portfolio:assessment", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether answers may still be given."""
        return self.state == AssessmentState.OPEN

    @property
    def is_need(self) -> bool:
        """Whether it asks for the need of a PMO."""
        return self.kind == AssessmentKind.NEED


class Respondent(models.Model):
    """Somebody who is asked; ``answers`` by code of the question, ``evidence`` by code of the statement."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="respondents")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="assessments_asked")
    answers = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person"], name="respondent_once_per_assessment")
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.person_id}"


class MaturityAim(models.Model):
    """The level a perspective shall reach, and its weight in the order of the actions (MAT-5)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="aims")
    perspective = models.CharField(max_length=12)
    target = models.PositiveSmallIntegerField(_("target level"))
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "perspective"], name="maturity_aim_once"),
            models.CheckConstraint(condition=Q(target__gte=1, target__lte=5), name="maturity_aim_level"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=3), name="maturity_aim_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.perspective} {self.target}"


class GapActionQuerySet(models.QuerySet["GapAction"]):
    """Adjectives of actions."""

    def open(self) -> "GapActionQuerySet":
        """Neither done nor dropped."""
        return self.filter(state=GapState.OPEN)

    def in_order(self) -> "GapActionQuerySet":
        """The most urgent first (MAT-5)."""
        return self.order_by("-priority", "level", "statement", "pk")


class GapAction(models.Model):
    """What is done about a statement below 2 on the way to a target level (MAT-5)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="actions")
    statement = models.CharField(max_length=20)
    perspective = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    action = models.CharField(_("action"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gap_actions",
    )
    due = models.DateField(_("due"), null=True, blank=True)
    effort = models.CharField(_("effort"), max_length=1, choices=Effort.choices, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=GapState.choices, default=GapState.OPEN)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GapActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "statement"], name="gap_action_once_per_statement"),
            models.CheckConstraint(condition=Q(state__in=GapState.values), name="gap_action_state_known"),
        ]

    def __str__(self) -> str:
        return self.action or self.statement

    def get_absolute_url(self) -> str:
        """Address of the action."""
        return reverse("portfolio:gap_action", args=[self.pk])
