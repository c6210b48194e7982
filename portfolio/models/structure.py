"""Portfolios, programs and what is in them."""

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that own a node of the tree of scopes."""

    def visible_to(self, user: Any, permission: str = "portfolio.view") -> "ScopedQuerySet[M]":
        """Rows in scopes where the person holds the permission."""
        return self.filter(within_reach(user, permission))


class Portfolio(models.Model):
    """A collection of projects that is steered together; a tree (ORG-1)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    node = models.OneToOneField("accounts.ScopeNode", on_delete=models.PROTECT, related_name="portfolio")
    owner = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_portfolios",
    )
    manager = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_portfolios",
    )
    reporting_currency = models.CharField(_("reporting currency"), max_length=3, default="EUR")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="portfolio_not_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the dashboard."""
        return reverse("portfolio:dashboard", args=[self.code])


class Program(models.Model):
    """Projects of one portfolio that are led to common outcomes."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=150)
    outcomes = models.TextField(_("outcomes"), blank=True)
    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("portfolio"), on_delete=models.PROTECT, related_name="programs"
    )
    node = models.OneToOneField("accounts.ScopeNode", on_delete=models.PROTECT, related_name="program")
    manager = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_programs",
    )
    sponsor = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("sponsor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sponsored_programs",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class PortfolioComponentQuerySet(models.QuerySet["PortfolioComponent"]):
    """Adjectives of components."""

    def known_on(self, as_of: date) -> "PortfolioComponentQuerySet":
        """Components that had joined by a day, or were in the portal by then, and had not left (HLT-8)."""
        return self.present_on(as_of).filter(
            Q(joined_on__isnull=True) | Q(joined_on__lte=as_of) | Q(project__created_at__date__lte=as_of)
        )

    def present_on(self, as_of: date) -> "PortfolioComponentQuerySet":
        """Components that were not away on a day."""
        return self.exclude(pk__in=ComponentAbsence.objects.covering(as_of).values("component_id"))


class PortfolioComponent(models.Model):
    """
    The one home of a project; money and health roll up along this path only (ORG-2).

    ``table_series`` names the series of tables that reported the project last; "" when none did.
    """

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="component")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="components")
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.PROTECT, related_name="components"
    )
    joined_on = models.DateField(null=True, blank=True)
    table_series = models.CharField(max_length=60, blank=True, editable=False)
    value_score = models.DecimalField(_("value score"), max_digits=5, decimal_places=2, null=True, blank=True)

    objects = PortfolioComponentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.portfolio_id} {self.project_id}"


class ComponentAbsenceQuerySet(models.QuerySet["ComponentAbsence"]):
    """Adjectives of absences."""

    def covering(self, as_of: date) -> "ComponentAbsenceQuerySet":
        """Absences that hold on a day: the day of leaving belongs to them, the day of return does not."""
        return self.filter(left_on__lte=as_of).filter(Q(returned_on__isnull=True) | Q(returned_on__gt=as_of))

    def open(self) -> "ComponentAbsenceQuerySet":
        """Absences of projects that have not come back."""
        return self.filter(returned_on__isnull=True)


class ComponentAbsence(models.Model):
    """
    A time in which a project was out of its portfolio (HLT-8).

    The project, its statuses and the figures of earlier days stay; from ``left_on`` on it counts in no sum
    until ``returned_on``. ``source`` is the table that left it out.
    """

    component = models.ForeignKey(PortfolioComponent, on_delete=models.CASCADE, related_name="absences")
    left_on = models.DateField(_("left on"))
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ComponentAbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | Q(returned_on__gt=F("left_on")),
                name="absence_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["component"], condition=Q(returned_on__isnull=True), name="absence_one_open"
            ),
            models.UniqueConstraint(fields=["component", "left_on"], name="absence_once_per_day"),
        ]
        indexes = [models.Index(fields=["left_on"], name="absence_left_on")]

    def __str__(self) -> str:
        return f"{self.component_id} {self.left_on}"

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.left_on <= day and (self.returned_on is None or self.returned_on > day)
