"""The library: items, their versions, and what people make of them (domain section 3)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portfolio.choices import KnowledgeKind, KnowledgeLanguage, KnowledgeState, LabelKind, UsageKind
from projects.models import Project

LIVE = (KnowledgeState.PUBLISHED, KnowledgeState.REVIEW_DUE)
OPEN = (KnowledgeState.DRAFT, KnowledgeState.IN_REVIEW)


def in_sight_of(user: Any, project: str) -> Q:
    """
    Return the condition "the row's project is none, not confidential, or one the person sees" (ORG-9).

    Parameters
    ----------
    project : str
        Lookup path from the row to its project.
    """
    seen = Project.objects.visible_to(user).values("pk")
    is_open = Q(**{f"{project}__isnull": True}) | Q(**{f"{project}__node__is_confidential": False})
    return is_open | Q(**{f"{project}__in": seen})


class KnowledgeItem(models.Model):
    """
    One thing the library offers, in one language; the same ``code`` in another language is its translation.

    ``project`` is where a lesson comes from: who may not see a confidential project does not see its lesson.
    The sum and number of ratings are kept by the service that takes them.
    """

    code = models.SlugField(_("code"), max_length=80)
    language = models.CharField(_("language"), max_length=5, choices=KnowledgeLanguage.choices)
    kind = models.CharField(_("kind"), max_length=15, choices=KnowledgeKind.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="knowledge_items",
    )
    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="knowledge_items"
    )
    review_by = models.DateField(_("review by"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    rating_sum = models.PositiveIntegerField(default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "language"],
                name="knowledge_code_language_unique",
                violation_error_message=_("There is an item with this code in this language already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=KnowledgeKind.values), name="knowledge_kind_known"),
            models.CheckConstraint(
                condition=Q(rating_sum__gte=F("rating_count"), rating_sum__lte=5 * F("rating_count")),
                name="knowledge_rating_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"

    def get_absolute_url(self) -> str:
        """Address of the published version."""
        return reverse("portfolio:library_item", args=[self.code, self.language])


class KnowledgeVersionQuerySet(models.QuerySet["KnowledgeVersion"]):
    """Adjectives of versions."""

    def live(self) -> "KnowledgeVersionQuerySet":
        """Published, review due or not."""
        return self.filter(state__in=LIVE)

    def within_sight(self, user: Any) -> "KnowledgeVersionQuerySet":
        """Not from a confidential project the person may not see (ORG-9)."""
        return self.filter(in_sight_of(user, "item__project"))


class KnowledgeVersion(models.Model):
    """
    The content of an item at one time; a published one is never edited (CON-9).

    ``title_key`` is the title as exact matches compare it; ``revision`` guards drafts against lost updates.
    """

    item = models.ForeignKey(KnowledgeItem, on_delete=models.CASCADE, related_name="versions")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    state = models.CharField(
        _("state"), max_length=10, choices=KnowledgeState.choices, default=KnowledgeState.DRAFT
    )
    title = models.CharField(_("title"), max_length=160)
    title_key = models.CharField(max_length=200, editable=False)
    summary = models.CharField(_("summary"), max_length=400)
    body = models.TextField(_("text"), blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    file = models.ForeignKey(
        "documents.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    change_note = models.CharField(_("what is new"), max_length=400, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    published_on = models.DateField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = KnowledgeVersionQuerySet.as_manager()
    # Modules and questions, of a course only; the row points here.
    course_text: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "major", "minor"], name="knowledge_version_unique"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=["PUBLISHED", "REVIEW_DUE"]),
                name="knowledge_one_published",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=["DRAFT", "IN_REVIEW"]), name="knowledge_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state__in=KnowledgeState.values), name="knowledge_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "title_key"], name="knowledge_state_title")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def get_absolute_url(self) -> str:
        """Address of this very version."""
        address = reverse("portfolio:library_item", args=[self.item.code, self.item.language])
        return f"{address}?version={self.number}"

    @property
    def number(self) -> str:
        """The version as people read it."""
        return f"{self.major}.{self.minor}"


class KnowledgeLabel(models.Model):
    """A tag, a role the version is for, a methodology it belongs to, or a place of the portal it helps at."""

    version = models.ForeignKey(KnowledgeVersion, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=12, choices=LabelKind.choices)
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "value"], name="knowledge_label_unique")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="knowledge_label_value")]

    def __str__(self) -> str:
        return self.value


class KnowledgeTerm(models.Model):
    """A stemmed word of a version with the weight of the fields it stands in (KNO-9)."""

    version = models.ForeignKey(KnowledgeVersion, on_delete=models.CASCADE, related_name="terms")
    stem = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "stem"], name="knowledge_term_unique")]

    def __str__(self) -> str:
        return self.stem


class KnowledgeRating(models.Model):
    """What somebody thinks of an item: one to five stars, once for each person."""

    item = models.ForeignKey(KnowledgeItem, on_delete=models.CASCADE, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stars = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="knowledge_rating_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="knowledge_stars_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.stars}"


class UsageEventQuerySet(models.QuerySet["UsageEvent"]):
    """Adjectives of events."""

    def within_sight(self, user: Any) -> "UsageEventQuerySet":
        """Not in a confidential project the person may not see (ORG-9)."""
        return self.filter(in_sight_of(user, "project"))


class UsageEvent(models.Model):
    """
    Somebody viewed, fetched, reused a version or found it helpful; once a day for each kind.

    With a ``project`` it is a reuse: the project keeps the version it used (KNO-1).
    """

    item = models.ForeignKey(KnowledgeItem, on_delete=models.CASCADE, related_name="usage")
    version = models.ForeignKey(KnowledgeVersion, on_delete=models.CASCADE, related_name="usage")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.CASCADE, related_name="knowledge_use"
    )
    kind = models.CharField(max_length=8, choices=UsageKind.choices)
    day = models.DateField()

    objects = UsageEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "user", "kind", "day"],
                condition=Q(project__isnull=True),
                name="usage_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["version", "project"],
                condition=Q(project__isnull=False),
                name="usage_once_per_project",
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=True) | Q(kind="REUSE"), name="usage_project_is_reuse"
            ),
        ]
        indexes = [models.Index(fields=["item", "kind"], name="usage_of_item")]

    def __str__(self) -> str:
        return self.kind


class SearchGap(models.Model):
    """A question the library had no answer to; nobody's name stands beside it (KNO-9)."""

    words = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    count = models.PositiveIntegerField(default=1)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "language"], name="search_gap_unique")]

    def __str__(self) -> str:
        return self.words
