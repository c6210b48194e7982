"""Document templates, and the documents projects made of them (domain 2.1, 2.10)."""

from datetime import date
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portfolio.choices import DocumentState, DocumentTemplateState, KnowledgeLanguage
from portfolio.rollup.codec import from_plain
from portfolio.rollup.document import DocumentContent, Section


class DocumentTemplateQuerySet(models.QuerySet["DocumentTemplate"]):
    """Adjectives of versions."""

    def lasting(self) -> "DocumentTemplateQuerySet":
        """Versions that were published; they stay for good."""
        return self.filter(state=DocumentTemplateState.PUBLISHED)

    def open(self) -> "DocumentTemplateQuerySet":
        """Versions in the making."""
        return self.exclude(state=DocumentTemplateState.PUBLISHED)


class DocumentTemplate(models.Model):
    """
    A version of a document template in both languages; documents keep the version they were made of.

    ``rank`` orders versions as numbers; ``document`` is a `DocumentContent`; ``edition`` guards a draft
    against lost updates. A published version is never changed (CON-9).
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.CharField(_("version"), max_length=20)
    rank = models.PositiveBigIntegerField(editable=False)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=DocumentTemplateState.choices,
        default=DocumentTemplateState.PUBLISHED,
    )
    is_current = models.BooleanField(_("in force"), default=True)
    document = models.JSONField()
    change_note = models.CharField(_("what is new"), max_length=400, blank=True)
    loaded_on = models.DateField(_("loaded on"))
    edition = models.PositiveIntegerField(default=1, editable=False)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DocumentTemplateState.values), name="document_template_state_known"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state="PUBLISHED"),
                name="document_template_current_published",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["DRAFT", "IN_REVIEW"]),
                name="document_template_one_open",
            ),
            models.UniqueConstraint(fields=["code", "version"], name="document_template_version_unique"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="document_template_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def get_absolute_url(self) -> str:
        """Address of this version."""
        return reverse("portfolio:document_template", args=[self.code, self.version])

    @cached_property
    def content(self) -> DocumentContent:
        """What the version says."""
        return DocumentContent.from_dict(self.document)


class ProjectDocument(models.Model):
    """
    A document of a project; what it says stands in its versions.

    With a ``requirement`` it is the artefact of that code, decided by the approver's role.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="documents")
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, related_name="documents")
    requirement = models.CharField(_("requirement"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(_("language"), max_length=5, choices=KnowledgeLanguage.choices)
    made_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "requirement"],
                condition=~Q(requirement=""),
                name="project_document_once_per_requirement",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the newest version."""
        return reverse("portfolio:document", args=[self.project.code, self.pk])


class DocumentVersion(models.Model):
    """
    What a document said at one time; once submitted it is changed no more, once decided it stays for good.

    ``checksum`` is the seal of the words; ``revision`` guards drafts against lost updates.
    """

    document = models.ForeignKey(ProjectDocument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=9, choices=DocumentState.choices, default=DocumentState.DRAFT
    )
    sections = models.JSONField()
    checksum = models.CharField(max_length=64, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    written_on = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_unique"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=["DRAFT", "SUBMITTED"]), name="document_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="document_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "RETURNED"]) | Q(decided_on__isnull=False),
                name="document_decided_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.title} {self.number}"

    @property
    def parts(self) -> tuple[Section, ...]:
        """The sections in their order."""
        return tuple(from_plain(Section, row) for row in self.sections)

    @property
    def shown_day(self) -> date:
        """The day of the decision, else the day it was last written."""
        return self.decided_on or self.written_on
