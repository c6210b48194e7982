"""Steps of a plan: what a person did to it in one go, so that it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from projects.choices import ChangeSource


class PlanChange(models.Model):
    """
    One step: rows, links and what hangs on them, before and after.

    ``key`` is given by the page, so that a step sent twice is taken once. ``counts`` says how often each
    act was done, ``effect`` what moved. ``touched`` holds the facts that changed, by table and key, as
    `projects.services.plan_changes` writes them; ``last_uid`` is the highest number a row had, so that no
    number is given to another row. ``undoes`` is the step this one took back.
    ``source`` and ``file_name`` say which import it was.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="plan_changes")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())
    counts = models.JSONField(default=dict)
    effect = models.JSONField(default=dict)
    touched = models.JSONField(default=dict)
    last_uid = models.PositiveIntegerField(default=0)
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="undone_by"
    )
    is_undone = models.BooleanField(default=False)
    source = models.CharField(max_length=14, choices=ChangeSource.choices, blank=True)
    file_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="plan_change_number_unique"),
            models.UniqueConstraint(fields=["project", "actor", "key"], name="plan_change_key_once"),
        ]
        indexes = [models.Index(fields=["at"], name="plan_change_at")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number}"
