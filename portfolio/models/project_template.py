"""Project templates, their versions, and the projects made from them (STD-8 to STD-11)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portfolio.choices import TemplateState
from portfolio.rollup.project_template import TemplateContent


class ProjectTemplate(models.Model):
    """A kind of project that can be begun in one step; what it holds stands in its versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Address of the published version."""
        return reverse("portfolio:project_template", args=[self.code])


class TemplateVersionQuerySet(models.QuerySet["TemplateVersion"]):
    """Adjectives of versions."""

    def lasting(self) -> "TemplateVersionQuerySet":
        """Versions that were published: everybody may read them."""
        return self.filter(state__in=[TemplateState.PUBLISHED, TemplateState.SUPERSEDED])


class TemplateVersion(models.Model):
    """
    One version of a template; its content is a document that only a draft may change.

    ``rank`` orders versions by their three numbers; ``edition`` counts the changes of a draft, so that a
    stale one is refused.
    """

    template = models.ForeignKey(ProjectTemplate, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(_("version"), max_length=20)
    rank = models.BigIntegerField(editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=TemplateState.choices, default=TemplateState.DRAFT
    )
    changelog = models.TextField(_("what changed"), blank=True)
    document = models.JSONField(editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "version"], name="template_version_unique"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="PUBLISHED"), name="template_one_published"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TemplateState.values), name="template_version_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template.code} {self.version}"

    def get_absolute_url(self) -> str:
        """Address of the page of the version."""
        return reverse("portfolio:template_version", args=[self.template.code, self.version])

    @property
    def content(self) -> TemplateContent:
        """What the version says."""
        return TemplateContent.from_dict(self.document)

    @property
    def name(self) -> str:
        """Name in the language of the moment."""
        words: dict[str, Any] = self.document.get("name") or {}
        german = words.get("de", "") if (get_language() or "en").startswith("de") else ""
        return str(german or words.get("en", ""))


class TemplateUse(models.Model):
    """
    How a project was made from a version: with what, and which row of the plan came from which row there.

    ``rows`` maps keys of the template to numbers of tasks; ``request_key`` lets a repeated request find the
    project it made (STD-10).
    """

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="template_use")
    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="uses")
    start = models.DateField()
    duration_factor = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    cost_factor = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    language = models.CharField(max_length=10)
    rows = models.JSONField()
    request_key = models.CharField(max_length=80, null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["used_by", "request_key"], name="template_used_once_a_key"),
            models.CheckConstraint(
                condition=Q(duration_factor__gt=0) & Q(cost_factor__gt=0), name="template_factors_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.project_id}"
