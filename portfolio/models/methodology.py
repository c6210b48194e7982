"""Methodologies and their versions (STD-1)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portfolio.choices import MethodologyFamily, MethodologyState
from portfolio.rollup.methodology import Content, Words


class Methodology(models.Model):
    """A way to run projects; what it says stands in its versions."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    family = models.CharField(_("family"), max_length=10, choices=MethodologyFamily.choices)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(family__in=MethodologyFamily.values), name="methodology_family_known"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Address of the version in force."""
        return reverse("portfolio:methodology", args=[self.code])


class MethodologyVersionQuerySet(models.QuerySet["MethodologyVersion"]):
    """Adjectives of versions."""

    def open(self) -> "MethodologyVersionQuerySet":
        """Versions somebody still works on."""
        return self.filter(state__in=[MethodologyState.DRAFT, MethodologyState.IN_REVIEW])

    def lasting(self) -> "MethodologyVersionQuerySet":
        """Versions that were published: everybody may read them."""
        return self.filter(state__in=[MethodologyState.EFFECTIVE, MethodologyState.SUPERSEDED])

    def due(self, today: date) -> "MethodologyVersionQuerySet":
        """Approved versions whose day has come."""
        return self.filter(state=MethodologyState.APPROVED, effective_from__lte=today)


class MethodologyVersion(models.Model):
    """
    One version of a methodology; its content is a document (ADR 22) that only a draft may change.

    ``rank`` orders versions by their three numbers; ``edition`` counts the changes of a draft, so that
    a stale one is refused.
    """

    methodology = models.ForeignKey(Methodology, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("version"), max_length=20)
    rank = models.BigIntegerField(editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=MethodologyState.choices, default=MethodologyState.DRAFT
    )
    effective_from = models.DateField(_("effective from"), null=True, blank=True)
    superseded_on = models.DateField(null=True, blank=True, editable=False)
    changelog = models.JSONField(_("what changed"), default=dict, blank=True)
    document = models.JSONField(editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors", editable=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MethodologyVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["methodology", "version"], name="methodology_version_unique"),
            models.UniqueConstraint(
                fields=["methodology"], condition=Q(state="EFFECTIVE"), name="methodology_one_effective"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MethodologyState.values), name="methodology_version_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="EFFECTIVE") | Q(effective_from__isnull=False),
                name="methodology_effective_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.methodology.code} {self.version}"

    def get_absolute_url(self) -> str:
        """Address of the page of the version."""
        return reverse("portfolio:methodology_version", args=[self.methodology.code, self.version])

    @property
    def content(self) -> Content:
        """What the version says."""
        return Content.from_dict(self.document)

    @property
    def name(self) -> str:
        """Name of the methodology in the language of the moment."""
        return words_of(self.document.get("name")).text(get_language() or "en")

    @property
    def changes(self) -> str:
        """What changed with this version, as its author says, in the language of the moment."""
        return words_of(self.changelog).text(get_language() or "en")

    @property
    def says_what_changes(self) -> bool:
        """Whether its author wrote what changes and why."""
        return bool(words_of(self.changelog).en.strip())


def words_of(data: Any) -> Words:
    """Return the text in both languages that a JSON column keeps."""
    return Words(**{name: data.get(name, "") for name in ("en", "de")}) if data else Words()
