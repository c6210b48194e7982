"""
What projects do about their methodology: versions they follow, tiers, choices, artefacts, gates, waivers.

Rows are added, not changed: the newest one up to a day is what was known on that day, so that compliance of
a past date can be computed again (HLT-8). A waiver is the exception; its days say when it held.
"""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from portfolio.choices import ArtefactState, Cadence, TailoringKind, WaiverState
from projects.choices import Tier
from projects.models import Project

BAR = "|"


def between_bars(roles: Collection[str]) -> str:
    """Return roles as one text in which each is found by itself, between bars; "" without any."""
    return BAR + "".join(f"{role}{BAR}" for role in roles) if roles else ""


class ProjectRecord(models.Model):
    """A dated line about a project."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    made_on = models.DateField(db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class MethodologyBinding(ProjectRecord):
    """From ``made_on`` on the project follows a version (STD-2), at a tier until a score says another one."""

    version = models.ForeignKey(
        "portfolio.MethodologyVersion",
        on_delete=models.PROTECT,
        related_name="bindings",
        verbose_name=_("version"),
    )
    tier = models.CharField(_("tier"), max_length=2, choices=Tier.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tier__in=Tier.values), name="binding_tier_known")]

    def __str__(self) -> str:
        return f"{self.version} {self.tier}"


class ComplexityScore(ProjectRecord):
    """The ten answers of a day with score and tier (STD-4); the tier counts from ``applies_from`` on."""

    answers = models.JSONField()
    score = models.DecimalField(_("score"), max_digits=3, decimal_places=2)
    tier = models.CharField(_("tier"), max_length=2, choices=Tier.choices)
    floors = models.JSONField(default=list, blank=True)
    applies_from = models.DateField(_("applies from"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="complexity_tier_known")
        ]

    def __str__(self) -> str:
        return f"{self.score} {self.tier}"


class TailoringChoice(ProjectRecord):
    """What a project chose about a requirement (STD-3); "" takes the former choice back."""

    requirement = models.CharField(_("requirement"), max_length=20)
    choice = models.CharField(_("choice"), max_length=4, choices=TailoringKind.choices, blank=True)
    note = models.TextField(_("note"), blank=True)

    def __str__(self) -> str:
        return f"{self.requirement} {self.choice}"


class OwnRequirement(ProjectRecord):
    """
    What a project asks of itself beside its methodology, with an owner and a reason (STD-3).

    Due at a ``gate``, or done again and again at a ``cadence``. The newest line of a ``code`` counts.
    """

    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    reason = models.TextField(_("reason"))
    gate = models.CharField(_("gate"), max_length=20, blank=True)
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence.choices, blank=True)
    approver = models.CharField(_("approver"), max_length=20, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    is_ended = models.BooleanField(default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(gate="") & Q(cadence__in=Cadence.values)) | (~Q(gate="") & Q(cadence="")),
                name="own_requirement_one_due",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=3), name="own_requirement_weight_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PhasePlacement(ProjectRecord):
    """
    The repeated phase of a hybrid methodology inside a phase of the project's own (STD-20).

    An empty ``inside`` takes it back; the newest line counts.
    """

    version = models.ForeignKey(
        "portfolio.MethodologyVersion",
        on_delete=models.PROTECT,
        related_name="placements",
        verbose_name=_("version"),
    )
    phase = models.CharField(_("increments"), max_length=20)
    inside = models.CharField(_("inside the phase"), max_length=20, blank=True)
    cadence = models.CharField(_("length of an increment"), max_length=10, choices=Cadence.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="placement_cadence_known")
        ]

    def __str__(self) -> str:
        return f"{self.phase} in {self.inside}" if self.inside else f"{self.phase} taken out"


class ArtefactStepQuerySet(models.QuerySet["ArtefactStep"]):
    """Adjectives of steps."""

    def waiting(self) -> "ArtefactStepQuerySet":
        """Submissions nobody has decided on, nor put something else in the place of."""
        later = self.model.objects.filter(project=OuterRef("project"), requirement=OuterRef("requirement"))
        is_later = Q(made_on__gt=OuterRef("made_on")) | Q(made_on=OuterRef("made_on"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later.filter(is_later)), state=ArtefactState.SUBMITTED)


class ArtefactStep(ProjectRecord):
    """
    Something that happened to an artefact: begun, submitted, approved, given back; a control done.

    ``approvers`` of something submitted are the roles of the portal that decide on it, each between bars:
    those of the day it was submitted.
    """

    requirement = models.CharField(_("requirement"), max_length=20)
    state = models.CharField(_("state"), max_length=9, choices=ArtefactState.choices)
    link = models.URLField(_("link"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    approvers = models.CharField(max_length=300, blank=True, editable=False)

    objects = ArtefactStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ArtefactState.values), name="artefact_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.requirement} {self.state}"

    @property
    def approver_roles(self) -> tuple[str, ...]:
        """The roles of the portal that decide on what was submitted."""
        return tuple(role for role in self.approvers.split(BAR) if role)


class GateDate(ProjectRecord):
    """The day a gate is planned for; without one the former date is taken back."""

    gate = models.CharField(_("gate"), max_length=20)
    occurrence = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(_("planned for"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.gate}.{self.occurrence} {self.due_on}"


class WaiverQuerySet(models.QuerySet["Waiver"]):
    """Adjectives of waivers."""

    def waiting(self) -> "WaiverQuerySet":
        """Waivers somebody has to decide on."""
        return self.filter(state=WaiverState.SUBMITTED)

    def expired_on(self, today: date) -> "WaiverQuerySet":
        """Approved waivers whose last day is over."""
        return self.filter(state=WaiverState.APPROVED, expires_on__lt=today)

    def ending(self, today: date, last: date) -> "WaiverQuerySet":
        """Approved waivers of live projects whose last day is near, and none that would renew them waits."""
        renewals = Waiver.objects.waiting().filter(
            project_id=OuterRef("project_id"), requirement=OuterRef("requirement")
        )
        near = self.filter(state=WaiverState.APPROVED, expires_on__range=(today, last))
        return near.filter(~Exists(renewals), project__in=Project.objects.active()).order_by("pk")


class Waiver(models.Model):
    """
    Leave to do without a mandatory requirement for a time (STD-7).

    ``approver`` is the role that decides, by the tier of the day it was asked for. It holds from
    ``approved_on`` to the day before ``revoked_on``, or to ``expires_on``. A renewed one gave way to another
    on ``revoked_on``.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="waivers")
    requirement = models.CharField(_("requirement"), max_length=20)
    reason = models.TextField(_("reason"))
    risk = models.TextField(_("risk"))
    compensating_control = models.TextField(_("compensating control"))
    approver = models.CharField(
        _("decided by"), max_length=20, choices=Role.choices, default=Role.PMO_HEAD, editable=False
    )
    state = models.CharField(
        _("state"), max_length=9, choices=WaiverState.choices, default=WaiverState.SUBMITTED
    )
    expires_on = models.DateField(_("expires on"))
    requested_on = models.DateField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField(blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WaiverState.values), name="waiver_state_known"),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(approved_on__isnull=False), name="waiver_approved_on_a_day"
            ),
            models.UniqueConstraint(
                fields=["project", "requirement"],
                condition=Q(state="SUBMITTED"),
                name="waiver_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} {self.state}"
