"""
Reviews of gates: forum, answers, votes, decision, conditions (domain 2.5).

The day a review is planned for stands in `GateDate`; the review itself begins with the first thing somebody
does for it. What it was decided on is frozen when it is requested (STD-15).
"""

import json
from datetime import UTC, date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portfolio.choices import (
    ConditionState,
    GateAnswer,
    GateDecision,
    GatePart,
    GateState,
    GateVote,
)
from projects.models import Task
from projects.models.money import MONEY

PASSED = (GateDecision.GO, GateDecision.CONDITIONAL_GO)
RUNNING = (GateState.REQUESTED, GateState.IN_REVIEW)


class GateReviewQuerySet(models.QuerySet["GateReview"]):
    """Adjectives of reviews."""

    def with_use(self) -> "GateReviewQuerySet":
        """
        With ``is_used``: work went on after the decision while it held, so it does not lapse (STD-17).

        Work that was begun by the last day of the decision and not finished before it counts.
        """
        work = Task.objects.annotate(
            begun_on=TruncDate("actual_start", tzinfo=UTC), done_on=TruncDate("actual_finish", tzinfo=UTC)
        )
        held = Q(done_on=None) | Q(done_on__gt=OuterRef("decided_on"))
        begun = work.filter(held, project_id=OuterRef("project_id"), begun_on__lte=OuterRef("valid_until"))
        return self.annotate(is_used=Exists(begun))

    def undecided(self) -> "GateReviewQuerySet":
        """Reviews that were requested and are not finished: to be decided, or with an open condition."""
        return self.filter(state__in=[*RUNNING, GateState.DECIDED])


class GateReview(models.Model):
    """
    One review of a gate; ``occurrence`` counts those of the same gate.

    ``evidence`` is what the review was requested on, ``checksum`` its SHA-256: neither changes again.
    ``was_before`` marks a gate that was decided before the project was kept here. ``released_amount`` is what
    a go releases for the phase after it, in project currency; ``cost_hold`` is what a hold did to its costs.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="gate_reviews")
    gate = models.CharField(_("gate"), max_length=20)
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=1)
    version_followed = models.ForeignKey(
        "portfolio.MethodologyVersion", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=9, choices=GateState.choices, default=GateState.PLANNED)
    was_before = models.BooleanField(default=False)
    readiness_percent = models.DecimalField(
        _("readiness"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    evidence = models.JSONField(default=dict, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    requested_on = models.DateField(null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(
        _("decision"), max_length=14, choices=GateDecision.choices, blank=True, default=""
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    rework = models.TextField(_("rework"), blank=True)
    released_amount = models.DecimalField(_("released"), null=True, blank=True, **MONEY)
    cost_hold = models.OneToOneField(
        "projects.CostHold", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    dissent = models.JSONField(default=list, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GateReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "gate", "occurrence"], name="gate_review_once"),
            models.CheckConstraint(condition=Q(state__in=GateState.values), name="gate_review_state_known"),
            models.CheckConstraint(
                condition=Q(decision__in=["", *GateDecision.values]), name="gate_review_decision_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DECIDED", "CLOSED"])
                | (~Q(decision="") & Q(decided_on__isnull=False)),
                name="gate_review_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REQUESTED", "IN_REVIEW"])
                | (Q(requested_on__isnull=False) & ~Q(checksum="")),
                name="gate_review_requested_on_evidence",
            ),
            models.CheckConstraint(
                condition=Q(released_amount__isnull=True)
                | Q(released_amount__gt=0, decision__in=["GO", "CONDITIONAL_GO"]),
                name="gate_review_releases_with_a_go",
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="gate_review_state_until")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Address of the page; reads the project."""
        return reverse("portfolio:gate", args=[self.project.code, self.gate, self.occurrence])

    @property
    def label(self) -> str:
        """The gate as people call it: with a number from its second review on."""
        return label_of(self.gate, self.occurrence)

    @property
    def is_running(self) -> bool:
        """Whether it was requested and is not decided."""
        return self.state in RUNNING

    @property
    def is_passed(self) -> bool:
        """Whether the next phase may go on, conditions aside."""
        return self.decision in PASSED

    @property
    def is_intact(self) -> bool:
        """Whether the evidence is what it was when the review was requested (STD-15)."""
        return self.checksum == checksum_of(self.evidence)

    def has_lapsed(self, today: date, *, is_used: bool) -> bool:
        """Whether a GO has to be renewed: nothing was begun on it while it held (STD-17)."""
        return self.is_passed and not is_used and self.valid_until is not None and self.valid_until < today


class GateMember(models.Model):
    """Somebody in the forum of a review; deciders, the chair among them, have one vote each (STD-16)."""

    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=7, choices=GatePart.choices)
    vote = models.CharField(_("vote"), max_length=14, choices=GateVote.choices, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True)
    voted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="gate_member_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(part="CHAIR"), name="gate_member_one_chair"
            ),
            models.CheckConstraint(condition=Q(part__in=GatePart.values), name="gate_member_part_known"),
            models.CheckConstraint(
                condition=Q(vote="") | (Q(voted_on__isnull=False) & ~Q(part="ADVISER") & ~Q(reason="")),
                name="gate_member_votes_with_reason",
            ),
            models.CheckConstraint(condition=Q(vote__in=["", *GateVote.values]), name="gate_vote_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class GateCheck(models.Model):
    """The answer of a project to a question of the checklist; changed until the review is requested."""

    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="answers")
    check_code = models.CharField(max_length=20)
    answer = models.CharField(_("answer"), max_length=14, choices=GateAnswer.choices)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    link = models.URLField(_("link"), max_length=500, blank=True)
    made_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "check_code"], name="gate_check_once"),
            models.CheckConstraint(condition=Q(answer__in=GateAnswer.values), name="gate_answer_known"),
            models.CheckConstraint(
                condition=~Q(answer="NOT_APPLICABLE") | ~Q(note=""), name="gate_answer_left_out_with_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.answer}"


class GateConditionQuerySet(models.QuerySet["GateCondition"]):
    """Adjectives of conditions."""

    def open_on(self, day: date) -> "GateConditionQuerySet":
        """Conditions that stood open at the end of a day, past or present (HG2)."""
        begun = self.filter(review__decided_on__lte=day)
        return begun.filter(Q(ended_on=None) | Q(ended_on__gt=day))


class GateCondition(models.Model):
    """
    Something a conditional GO asks for: an action with owner and day.

    Its text and day never change, so that what was overdue on a past day can be told again. With ``evidence``
    its owner says that it is done; it is open until the forum agrees.
    """

    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("condition"), max_length=400)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateField(_("due"))
    evidence = models.TextField(_("evidence"), blank=True, max_length=2000)
    evidence_on = models.DateField(null=True, blank=True)
    evidence_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=6, choices=ConditionState.choices, default=ConditionState.OPEN
    )
    note = models.TextField(_("note"), blank=True, max_length=2000)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = GateConditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="gate_condition_number"),
            models.CheckConstraint(
                condition=Q(state__in=ConditionState.values), name="gate_condition_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_on__isnull=True)
                | (~Q(state="OPEN") & Q(ended_on__isnull=False)),
                name="gate_condition_ended_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="gate_condition_state_due")]

    def __str__(self) -> str:
        return self.text


def label_of(gate: str, occurrence: int) -> str:
    """Return a gate as people call it: with a number from its second review on."""
    return gate if occurrence == 1 else f"{gate}.{occurrence}"


def checksum_of(evidence: Any) -> str:
    """Return the SHA-256 of evidence, whatever the order of its keys."""
    text = json.dumps(evidence, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
