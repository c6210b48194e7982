"""Courses, attempts at their quizzes, and certificates (domain section 3)."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from portfolio.choices import EnrolmentState
from portfolio.models.knowledge import LIVE, KnowledgeVersion
from portfolio.rollup.quiz import CourseText as Text
from portfolio.rollup.quiz import text_from_json


class Course(models.Model):
    """The rules of a course; what it says stands in the items of the library with the same code."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark in %"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    asked = models.PositiveSmallIntegerField(
        _("questions of an attempt"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    validity_months = models.PositiveSmallIntegerField(
        _("valid for months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__gte=1, pass_mark__lte=100), name="course_pass_mark_1_to_100"
            ),
            models.CheckConstraint(condition=Q(max_attempts__gte=1), name="course_attempts_at_least_1"),
            models.CheckConstraint(condition=Q(asked__gte=1), name="course_asks_at_least_1"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Address of the course, in the reader's language."""
        return reverse("portfolio:course", args=[self.code])


class CourseRole(models.Model):
    """A role that has to take a course, so many days after somebody got the role or ``since``."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    due_days = models.PositiveSmallIntegerField(default=30)
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "role"], name="course_role_once")]

    def __str__(self) -> str:
        return self.role


class CourseText(models.Model):
    """Modules and questions of a version of a course; of a published one they never change (CON-9)."""

    version = models.OneToOneField(KnowledgeVersion, on_delete=models.CASCADE, related_name="course_text")
    modules = models.JSONField(default=list)
    questions = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.version_id)

    @property
    def text(self) -> Text:
        """Return them as values."""
        return text_from_json(self.modules, self.questions)


class Enrolment(models.Model):
    """
    Somebody in a course.

    ``used`` counts the attempts since the last pass or reset; ``due`` is the day by which a required course
    has to be passed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(
        max_length=11, choices=EnrolmentState.choices, default=EnrolmentState.IN_PROGRESS
    )
    due = models.DateField(null=True, blank=True)
    used = models.PositiveSmallIntegerField(default=0)
    score = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    passed_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    exempt_reason = models.CharField(max_length=400, blank=True)
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(state__in=EnrolmentState.values), name="enrolment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["PASSED", "EXPIRED"]) | Q(passed_on__isnull=False),
                name="enrolment_passed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="EXEMPT") | ~Q(exempt_reason=""), name="enrolment_exempt_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.course_id}"


class Exemption(models.Model):
    """
    From ``since`` on, to the day before ``ended_on``, somebody need not take a course.

    Without ``since`` it is known since ever: it was said before such days were kept.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="exemptions")
    since = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(ended_on__isnull=True), name="exemption_one_open"
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=models.F("since")),
                name="exemption_ends_after_its_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.since} {self.ended_on}"


class ModuleRead(models.Model):
    """A module somebody has read."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="modules_read")
    module = models.CharField(max_length=20)
    read_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "module"], name="module_read_once")]

    def __str__(self) -> str:
        return self.module


class Attempt(models.Model):
    """
    An attempt at a quiz: which questions follows from version, number of questions and seed (KNO-4).

    Answers are kept by code of the question: positions as they were shown, or the number as typed.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(KnowledgeVersion, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    asked = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    handed_in_on = models.DateField(null=True, blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    max_points = models.PositiveSmallIntegerField(null=True, blank=True)
    score = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    is_passed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="attempt_number_unique"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(handed_in_on__isnull=True), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=Q(handed_in_on__isnull=True, score__isnull=True)
                | Q(handed_in_on__isnull=False, score__isnull=False, points__lte=F("max_points")),
                name="attempt_marked_when_handed_in",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def get_absolute_url(self) -> str:
        """Address of the quiz, after it is handed in of the result; the course is loaded."""
        return reverse("portfolio:attempt", args=[self.enrolment.course.code, self.number])


class Certificate(models.Model):
    """Proof of a passed course; name and title stay as they were on the day."""

    number = models.CharField(max_length=20, unique=True)
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="certificate")
    holder = models.CharField(max_length=150)
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=5)
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    score = models.DecimalField(max_digits=7, decimal_places=4)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="certificate_expires_after_issue",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Address of the page that says whether it holds."""
        return reverse("portfolio:certificate", args=[self.number])


def live_course_versions() -> Any:
    """Return the published versions of courses, with item and text."""
    return KnowledgeVersion.objects.filter(state__in=LIVE, item__kind="COURSE").select_related(
        "item", "course_text"
    )
