"""Lessons of projects: captured, curated, offered to others, and what they change (KNO-6 to KNO-8)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import holds
from portfolio.choices import (
    ChangeState,
    KnowledgeLanguage,
    LessonKind,
    LessonPhase,
    LessonState,
    OfferMark,
    OfferOccasion,
)
from projects.choices import Tier
from projects.models import Project

TO_CURATE = (LessonState.CAPTURED, LessonState.VALIDATED)
IN_USE = (LessonState.PUBLISHED, LessonState.ACTIONED)


def tags_of(text: str) -> tuple[str, ...]:
    """
    Return tags separated by commas, in small letters, each once.

    Examples
    --------
    >>> tags_of("Permit, offshore  wind,,permit")
    ('permit', 'offshore wind')
    """
    tags = (" ".join(each.lower().split()) for each in text.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


class LessonQuerySet(models.QuerySet["Lesson"]):
    """Adjectives of lessons."""

    def shown(self, user: Any) -> "LessonQuerySet":
        """
        Lessons the person may read.

        Those of projects the person sees; for readers of the library also published ones of projects that
        are not confidential (ORG-9).
        """
        own = Q(project__in=Project.objects.visible_to(user).values("pk"))
        if holds(user, "library.view"):
            own |= Q(item__isnull=False, project__node__is_confidential=False) & ~Q(state__in=TO_CURATE)
        return self.filter(own)

    def waiting(self) -> "LessonQuerySet":
        """Lessons the PMO has to look at."""
        return self.filter(state__in=TO_CURATE)

    def in_use(self) -> "LessonQuerySet":
        """Published lessons."""
        return self.filter(state__in=IN_USE)

    def counted(self) -> "LessonQuerySet":
        """Lessons a project has to its name: not those that were rejected (KNO-7)."""
        return self.filter(~Q(state=LessonState.RETIRED) | Q(merged_into__isnull=False))


class Lesson(models.Model):
    """
    Something a project learned.

    ``methodology`` and ``tier`` are those of the project on the day it was captured, to match others.
    ``item`` shows a published lesson in the library. ``standard`` names what has a fault, as
    ``item:CODE:LANGUAGE``, ``methodology:CODE``, ``template:CODE`` or ``document:CODE``; publishing asks for
    its change (KNO-8).
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="lessons")
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("keep or avoid"), max_length=5, choices=LessonKind.choices)
    language = models.CharField(
        _("language"), max_length=5, choices=KnowledgeLanguage.choices, default=KnowledgeLanguage.EN
    )
    phase = models.CharField(_("phase"), max_length=10, choices=LessonPhase.choices)
    category = models.CharField(_("category"), max_length=80, blank=True)
    methodology = models.CharField(_("methodology"), max_length=20, blank=True, editable=False)
    tier = models.CharField(_("tier"), max_length=2, choices=Tier.choices, blank=True, editable=False)
    tags = models.CharField(_("tags"), max_length=300, blank=True)
    what_happened = models.TextField(_("what happened"), max_length=4000)
    cause = models.TextField(_("cause"), max_length=4000, blank=True)
    recommendation = models.TextField(_("recommendation"), max_length=4000)
    effect_cost = models.DecimalField(
        _("effect on cost"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    effect_days = models.IntegerField(_("effect in working days"), null=True, blank=True)
    standard = models.CharField(_("standard with a fault"), max_length=120, blank=True)
    fault = models.CharField(_("what is wrong with it"), max_length=400, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=LessonState.choices, default=LessonState.CAPTURED
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    closing_note = models.CharField(_("reason"), max_length=400, blank=True)
    item = models.OneToOneField(
        "portfolio.KnowledgeItem", null=True, blank=True, on_delete=models.PROTECT, related_name="lesson"
    )
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    captured_on = models.DateField(_("captured on"))
    published_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LessonQuerySet.as_manager()
    # The request to change a standard, if it names one; the row points here.
    standard_change: Any

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LessonKind.values), name="lesson_kind_known"),
            models.CheckConstraint(condition=Q(phase__in=LessonPhase.values), name="lesson_phase_known"),
            models.CheckConstraint(condition=Q(state__in=LessonState.values), name="lesson_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["PUBLISHED", "ACTIONED"])
                | Q(item__isnull=False, published_on__isnull=False),
                name="lesson_published_has_item",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state="RETIRED"), name="lesson_merged_is_retired"
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="lesson_state_recent")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("portfolio:lesson", args=[self.pk])

    @property
    def days_moved(self) -> int:
        """Working days lost or gained, without the sign."""
        return abs(self.effect_days or 0)

    @property
    def money_moved(self) -> Decimal:
        """Money lost or saved, without the sign."""
        return abs(self.effect_cost or Decimal(0))

    @property
    def tag_list(self) -> tuple[str, ...]:
        """The tags as words."""
        return tags_of(self.tags)


def may_take_in(lesson: Lesson) -> Q:
    """
    Return the condition "a lesson that this one may be merged into".

    Lessons of a confidential project stay among themselves: neither its words nor its name leave it (ORG-9).
    """
    same = Q(project=lesson.project_id)
    return same if lesson.project.node.is_confidential else same | Q(project__node__is_confidential=False)


class LessonProfile(models.Model):
    """What a project is about, in tags, so that lessons of others find it (KNO-6)."""

    project = models.OneToOneField(
        "projects.Project", on_delete=models.CASCADE, related_name="lesson_profile"
    )
    tags = models.CharField(_("tags"), max_length=300, blank=True)

    def __str__(self) -> str:
        return self.tags

    @property
    def tag_list(self) -> tuple[str, ...]:
        """The tags as words."""
        return tags_of(self.tags)


class LessonOfferQuerySet(models.QuerySet["LessonOffer"]):
    """Adjectives of offers."""

    def standing(self) -> "LessonOfferQuerySet":
        """
        Offers that count: of lessons in use, or marked; none of a project that became confidential.

        Nobody is asked to mark what was taken out of use, nor what they may not read (KNO-6, ORG-9).
        """
        asked = Q(lesson__state__in=IN_USE) | ~Q(mark=OfferMark.PROPOSED)
        return self.filter(asked, lesson__project__node__is_confidential=False)

    def shown(self, user: Any) -> "LessonOfferQuerySet":
        """Standing offers to projects the person sees, of lessons the person may read."""
        seen, read = Project.objects.visible_to(user), Lesson.objects.shown(user)
        return self.standing().filter(project__in=seen.values("pk"), lesson__in=read.values("pk"))


class LessonOffer(models.Model):
    """
    A published lesson offered to a project, and what its manager made of it (KNO-6).

    ``reasons`` holds what was the same on the day of the offer: category, methodology, tags, tier.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="lesson_offers")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="offers")
    occasion = models.CharField(_("occasion"), max_length=6, choices=OfferOccasion.choices)
    points = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=dict)
    mark = models.CharField(_("mark"), max_length=12, choices=OfferMark.choices, default=OfferMark.PROPOSED)
    note = models.CharField(_("where or why"), max_length=400, blank=True)
    offered_on = models.DateField()
    marked_on = models.DateField(null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LessonOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "lesson"], name="lesson_offered_once"),
            models.CheckConstraint(
                condition=Q(occasion__in=OfferOccasion.values), name="lesson_occasion_known"
            ),
            models.CheckConstraint(condition=Q(mark__in=OfferMark.values), name="lesson_mark_known"),
            models.CheckConstraint(
                condition=Q(mark="PROPOSED") | Q(marked_on__isnull=False), name="lesson_marked_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.mark}"


class NoLessons(models.Model):
    """A project manager says that a project taught nothing, and why (KNO-7)."""

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="no_lessons")
    reason = models.CharField(_("reason"), max_length=2000)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given_on = models.DateField()

    def __str__(self) -> str:
        return self.reason[:60]


class StandardChangeQuerySet(models.QuerySet["StandardChange"]):
    """Adjectives of change requests."""

    def waiting(self) -> "StandardChangeQuerySet":
        """Requests nobody has decided on."""
        return self.filter(state=ChangeState.OPEN)

    def shown(self, user: Any) -> "StandardChangeQuerySet":
        """Requests of lessons the person may read (ORG-9)."""
        return self.filter(lesson__in=Lesson.objects.shown(user).values("pk"))


class StandardChange(models.Model):
    """
    A request to change a standard, opened by a lesson; done with the version that has the change (KNO-8).

    ``standard`` is as in the lesson; ``found_in`` the version in force when it was opened.
    """

    lesson = models.OneToOneField(Lesson, on_delete=models.PROTECT, related_name="standard_change")
    standard = models.CharField(_("standard"), max_length=120)
    found_in = models.CharField(_("found in version"), max_length=20)
    wish = models.TextField(_("what has to change"), max_length=4000)
    state = models.CharField(_("state"), max_length=8, choices=ChangeState.choices, default=ChangeState.OPEN)
    item_version = models.ForeignKey(
        "portfolio.KnowledgeVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    methodology_version = models.ForeignKey(
        "portfolio.MethodologyVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    template_version = models.ForeignKey(
        "portfolio.TemplateVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    document_version = models.ForeignKey(
        "portfolio.DocumentTemplate", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    objects = StandardChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="standard_change_known"),
            models.CheckConstraint(
                condition=~Q(state="DONE")
                | Q(item_version__isnull=False)
                | Q(methodology_version__isnull=False)
                | Q(template_version__isnull=False)
                | Q(document_version__isnull=False),
                name="standard_change_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.standard

    @property
    def new_version(self) -> Any:
        """The version that has the change; None until then."""
        return self.item_version or self.methodology_version or self.template_version or self.document_version
