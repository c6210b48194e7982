"""Dependencies between projects: one waits for a milestone of another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ProjectDependency(models.Model):
    """
    A milestone of ``receiver`` waits for a milestone of ``giver`` (RAI-16).

    Milestones are named by their number in the plan, which is never given to another row: a milestone that
    was deleted can come back. ``promised_at`` is the moment of the giver's milestone that the receiver plans
    with; the giver's own forecast may have moved since. With ``drives_schedule`` that moment bounds the
    start of the receiver's milestone (RAI-17). ``told_at`` is the forecast the receiver was last told.
    """

    giver = models.ForeignKey(
        "projects.Project",
        on_delete=models.CASCADE,
        related_name="given_dependencies",
        verbose_name=_("giver"),
    )
    giver_uid = models.PositiveIntegerField()
    receiver = models.ForeignKey(
        "projects.Project",
        on_delete=models.CASCADE,
        related_name="received_dependencies",
        verbose_name=_("receiver"),
    )
    receiver_uid = models.PositiveIntegerField()
    need_by = models.DateField(_("needed by"))
    drives_schedule = models.BooleanField(_("bounds the schedule"), default=True)
    promised_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    giver_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    giver_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    receiver_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "giver_uid", "receiver", "receiver_uid"],
                name="project_dependency_once",
                violation_error_message=_("These two milestones depend on each other already."),
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")),
                name="project_dependency_of_two_projects",
                violation_error_message=_("Within one project, link the tasks instead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id}.{self.giver_uid} {self.receiver_id}.{self.receiver_uid}"
