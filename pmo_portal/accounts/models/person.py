"""People, with or without a sign-in."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Discipline


class Person(models.Model):
    """Somebody who works in projects or in the PMO."""

    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="person"
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        verbose_name=_("organization unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    employee_no = models.CharField(_("employee number"), max_length=30, blank=True)
    disciplines = models.JSONField(_("disciplines"), default=list, blank=True)
    fte = models.DecimalField(_("full-time equivalent"), max_digits=3, decimal_places=2, default=Decimal(1))
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active to"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fte__gte=0) & Q(fte__lte=1),
                name="person_fte_0_to_1",
                violation_error_message=_("The full-time equivalent lies between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True)
                | Q(active_from__isnull=True)
                | Q(active_to__gte=F("active_from")),
                name="person_active_to_after_from",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Accept known disciplines only."""
        if not isinstance(self.disciplines, list) or set(self.disciplines) - set(Discipline.values):
            raise ValidationError({"disciplines": _("Choose disciplines from the list.")})

    @property
    def discipline_names(self) -> list[str]:
        """The disciplines in the words of the reader."""
        names = dict(Discipline.choices)
        return [str(names.get(code, code)) for code in self.disciplines]
