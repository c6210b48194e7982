"""Links between tasks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.choices import LagCalendar, LinkType, TimeKind


class Link(models.Model):
    """
    ``successor`` waits for ``predecessor``.

    ``lag`` is in minutes (negative: a lead), or ``lag_percent`` of the predecessor's duration.
    ``is_driving`` (SCH-19) and ``is_out_of_sequence`` (SCH-26) are computed.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(
        "projects.Task",
        verbose_name=_("predecessor"),
        on_delete=models.CASCADE,
        related_name="successor_links",
    )
    successor = models.ForeignKey(
        "projects.Task",
        verbose_name=_("successor"),
        on_delete=models.CASCADE,
        related_name="predecessor_links",
    )
    type = models.CharField(_("type"), max_length=2, choices=LinkType.choices, default=LinkType.FS)
    lag = models.IntegerField(_("lag"), default=0)
    lag_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    lag_kind = models.CharField(max_length=7, choices=TimeKind.choices, default=TimeKind.WORK)
    lag_calendar = models.CharField(max_length=15, choices=LagCalendar.choices, blank=True)
    is_driving = models.BooleanField(null=True, blank=True, editable=False)
    is_out_of_sequence = models.BooleanField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "type"],
                name="link_unique",
                violation_error_message=_("These two tasks are linked in this way already."),
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="link_not_to_itself",
                violation_error_message=_("A task cannot wait for itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.type} {self.successor_id}"

    @property
    def wording(self) -> str:
        """What planners call the link (``1.2 FS 1.3``). Its tasks should be at hand."""
        return f"{self.predecessor.wbs} {self.type} {self.successor.wbs}"
