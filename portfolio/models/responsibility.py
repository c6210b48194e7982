"""Who does what in a project: rows of its responsibility matrix with a letter for each party (ORG-6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portfolio.choices import RaciItem, RaciShare


class ResponsibilityRow(models.Model):
    """
    An item of the matrix of a project.

    Items the methodology knows have its ``code``; work has a ``task``. ``title`` is what it was called when
    the row was made: shown for rows of one's own, and when the methodology does not know the code any more.
    A row of the methodology that is not wanted is left out, so that it does not come back.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="responsibilities")
    kind = models.CharField(_("kind"), max_length=11, choices=RaciItem.choices)
    code = models.CharField(_("code"), max_length=20, blank=True)
    title = models.CharField(_("what"), max_length=250)
    task = models.ForeignKey(
        "projects.Task", null=True, blank=True, on_delete=models.CASCADE, related_name="responsibilities"
    )
    is_left_out = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RaciItem.values), name="raci_kind_known"),
            models.UniqueConstraint(
                fields=["project", "kind", "code"], condition=~Q(code=""), name="raci_item_once"
            ),
            models.UniqueConstraint(
                fields=["project", "task"], condition=Q(task__isnull=False), name="raci_task_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class ResponsibilityShare(models.Model):
    """The letter of a party in a row: a role of the methodology, or a person by name."""

    row = models.ForeignKey(ResponsibilityRow, on_delete=models.CASCADE, related_name="shares")
    role = models.CharField(_("role"), max_length=20, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    share = models.CharField(_("share"), max_length=2, choices=RaciShare.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__in=RaciShare.values), name="raci_share_known"),
            models.CheckConstraint(
                condition=(Q(role="") & Q(person__isnull=False)) | (~Q(role="") & Q(person__isnull=True)),
                name="raci_one_party",
            ),
            models.UniqueConstraint(fields=["row", "role"], condition=~Q(role=""), name="raci_role_once"),
            models.UniqueConstraint(
                fields=["row", "person"], condition=Q(person__isnull=False), name="raci_person_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role or self.person} {self.share}"
