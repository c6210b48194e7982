"""The PMO itself: offices with charter and members, and what they are asked for help with (domain 1.1)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Discipline
from portfolio.choices import HelpState, PmoMandate, PmoRole


class Pmo(models.Model):
    """An office with what it may do; offices are a tree (ORG-1)."""

    name = models.CharField(_("name"), max_length=150)
    scope_unit = models.ForeignKey(
        "accounts.OrgUnit",
        verbose_name=_("works for the unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offices",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    mandate = models.CharField(_("mandate"), max_length=13, choices=PmoMandate.choices[1:])
    head = models.ForeignKey(
        "accounts.Person",
        verbose_name=_("head"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="headed_offices",
    )
    answer_days = models.PositiveSmallIntegerField(_("answer within (working days)"), default=3)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="pmo_not_own_parent"
            ),
            models.CheckConstraint(condition=Q(mandate__in=PmoMandate.values[1:]), name="pmo_mandate_known"),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=60),
                name="pmo_answers_within_60_days",
                violation_error_message=_("The answer time lies between 1 and 60 working days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the page of the offices, at this one."""
        return f"{reverse('portfolio:office')}#office-{self.pk}"


class PmoCharter(models.Model):
    """The charter of an office as it was adopted; a newer one is added, an old one is never edited."""

    pmo = models.ForeignKey(Pmo, on_delete=models.CASCADE, related_name="charters")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("charter"), max_length=20_000)
    change_note = models.CharField(_("what is new"), max_length=400, blank=True)
    adopted_on = models.DateField(_("adopted on"))
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pmo", "number"], name="pmo_charter_number_unique")]

    def __str__(self) -> str:
        return f"{self.pmo} {self.number}"


class PmoMemberQuerySet(models.QuerySet["PmoMember"]):
    """Adjectives of members."""

    def active_on(self, day: date) -> "PmoMemberQuerySet":
        """Members whose time covers a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class PmoMember(models.Model):
    """Somebody who works in an office for a discipline; nobody is deleted, a time ends (ORG-7)."""

    pmo = models.ForeignKey(Pmo, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        "accounts.Person", verbose_name=_("person"), on_delete=models.PROTECT, related_name="offices"
    )
    discipline = models.CharField(_("discipline"), max_length=12, choices=Discipline.choices)
    role = models.CharField(_("role"), max_length=7, choices=PmoRole.choices, default=PmoRole.ANALYST)
    topics = models.CharField(
        _("can help with"), max_length=300, blank=True, help_text=_("Topics, separated by commas.")
    )
    allocation_percent = models.PositiveSmallIntegerField(_("allocation (%)"), default=100)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PmoMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pmo", "person", "discipline", "valid_from"], name="pmo_member_once_per_start"
            ),
            models.CheckConstraint(
                condition=Q(allocation_percent__gte=1, allocation_percent__lte=100),
                name="pmo_member_allocation_1_to_100",
                violation_error_message=_("The allocation lies between 1 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="pmo_member_until_after_from",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}"


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """Adjectives of requests for help."""

    def waiting(self) -> "HelpRequestQuerySet":
        """Requests without an answer that somebody still wants."""
        return self.filter(state__in=[HelpState.OPEN, HelpState.TAKEN])


class HelpRequest(models.Model):
    """A question to an office, promised an answer by ``due_on``, which stays whatever is promised later."""

    pmo = models.ForeignKey(
        Pmo, verbose_name=_("office"), on_delete=models.PROTECT, related_name="help_requests"
    )
    discipline = models.CharField(_("discipline"), max_length=12, choices=Discipline.choices)
    title = models.CharField(_("question"), max_length=150)
    text = models.TextField(_("details"), blank=True, max_length=5_000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("answer promised by"))
    state = models.CharField(_("state"), max_length=9, choices=HelpState.choices, default=HelpState.OPEN)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField(_("answer"), blank=True, max_length=10_000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HelpState.values), name="help_state_known"),
            models.CheckConstraint(
                condition=Q(state="ANSWERED", answered_on__isnull=False)
                | (~Q(state="ANSWERED") & Q(answered_on__isnull=True)),
                name="help_answered_on_a_day",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("asked_on")), name="help_due_after_asked"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="help_state_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the request."""
        return reverse("portfolio:help_request", args=[self.pk])
