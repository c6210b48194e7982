"""The closing checklist: what is left to do for a project that is canceled (domain 2.5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portfolio.models.methodology import words_of


class ClosingItem(models.Model):
    """
    Something left to do for a canceled project, as its methodology said on that day.

    ``owner`` held the ``role`` in the project then; both texts are kept in the languages of the portal.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="closing_items")
    number = models.PositiveSmallIntegerField()
    text = models.JSONField()
    role = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="closing_item_number"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(done_by__isnull=True, note=""),
                name="closing_item_done_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """What is to be done, in the language of the moment."""
        return words_of(self.text).text(get_language() or "en")

    @property
    def role_title(self) -> str:
        """The role that does it, in the language of the moment."""
        return words_of(self.role).text(get_language() or "en")
