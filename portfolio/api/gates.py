"""Gates of a project over the API: readiness, forum, votes, decisions, conditions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.models import User
from pmo_portal.api.idempotency import idempotent
from portfolio.access import gate_condition_for, gate_review_for, gate_seat_of
from portfolio.choices import ConditionState, GateAnswer, GateDecision, GateVote
from portfolio.models import GateCondition, GateMember, GateReview
from portfolio.selectors.gate_page import GatePage, gate_page, gate_rows
from portfolio.selectors.gates import NEW
from portfolio.selectors.governance import governance_of
from portfolio.services import gate_conditions, gate_decisions, gate_forums, gate_preparation, gate_reviews
from portfolio.services.gate_conditions import ConditionGiven
from portfolio.services.gate_preparation import Given
from portfolio.services.governance import bound
from projects.api.base import LineField, OfProject

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
RELEASED_OUT = serializers.DecimalField(**AMOUNT, allow_null=True)
PEOPLE = User.objects.filter(is_active=True)


class GateOut(serializers.Serializer[Any]):
    """A review of a gate in the list of the project."""

    gate = serializers.CharField(source="stand.gate.code")
    occurrence = serializers.IntegerField(source="stand.occurrence")
    question = serializers.CharField()
    planned_on = serializers.DateField(source="stand.day", allow_null=True)
    state = serializers.CharField(source="stand.state")
    is_next = serializers.BooleanField()
    is_overdue = serializers.BooleanField(source="stand.is_overdue")
    is_lapsed = serializers.BooleanField(source="stand.is_lapsed")
    readiness_percent = serializers.DecimalField(
        source="readiness", max_digits=7, decimal_places=4, allow_null=True
    )
    decision = serializers.CharField(source="stand.review.decision", default="")
    decided_on = serializers.DateField(source="stand.review.decided_on", default=None, allow_null=True)
    open_conditions = serializers.IntegerField()


class GateLineOut(serializers.Serializer[Any]):
    """Something a gate asks; ``by`` says who answers: PORTAL, PERSON or ARTEFACT."""

    code = serializers.CharField()
    text = serializers.CharField()
    by = serializers.CharField()
    weight = serializers.IntegerField()
    is_knock_out = serializers.BooleanField()
    is_failed = serializers.BooleanField()
    is_waived = serializers.BooleanField()
    answer = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()
    link = serializers.CharField()
    url = serializers.CharField()


class GateMemberOut(serializers.ModelSerializer[GateMember]):
    """Somebody in the forum, with the vote."""

    name = serializers.CharField(source="user.name")
    vote = serializers.ChoiceField(choices=GateVote.choices, allow_blank=True, read_only=True)

    class Meta:
        model = GateMember
        fields = ("user", "name", "part", "vote", "reason", "voted_on")
        read_only_fields = fields


class GateConditionOut(serializers.ModelSerializer[GateCondition]):
    """A condition; it is open until the forum agrees."""

    owner_name = serializers.CharField(source="owner.name")

    class Meta:
        model = GateCondition
        fields = (
            "id", "number", "text", "owner", "owner_name", "due", "state", "evidence", "evidence_on",
            "evidence_by", "note",
            "ended_on",
        )  # fmt: skip
        read_only_fields = fields


class BlockerOut(serializers.Serializer[Any]):
    """What keeps a review from being requested."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class DissentOut(serializers.Serializer[Any]):
    """A vote for something else than what was decided."""

    name = serializers.CharField()
    vote = serializers.CharField()
    reason = serializers.CharField()


class GateDetailOut(serializers.Serializer[Any]):
    """A review with everything it is decided on; frozen once it is requested."""

    gate = serializers.CharField(source="stand.gate.code")
    occurrence = serializers.IntegerField(source="stand.occurrence")
    question = serializers.CharField()
    planned_on = serializers.DateField(source="stand.day", allow_null=True)
    state = serializers.CharField(source="stand.state")
    version = serializers.IntegerField(source="stand.version")
    readiness_percent = serializers.DecimalField(
        source="readiness.percent", max_digits=7, decimal_places=4, allow_null=True
    )
    threshold = serializers.DecimalField(max_digits=5, decimal_places=2)
    is_ready = serializers.BooleanField(source="readiness.is_ready")
    score_request = serializers.CharField(
        help_text="Why the complexity is to be scored again for this gate; empty if it need not be."
    )
    failed_knock_outs = serializers.ListField(child=serializers.CharField(), source="readiness.failed")
    quorum = serializers.IntegerField()
    voted = serializers.IntegerField()
    checksum = serializers.CharField(source="review.checksum", default="")
    is_intact = serializers.BooleanField()
    decision = serializers.CharField(source="review.decision", default="")
    decided_on = serializers.DateField(source="review.decided_on", default=None, allow_null=True)
    decided_by = serializers.CharField(source="review.decided_by.name", default=None, allow_null=True)
    reason = serializers.CharField(source="review.reason", default="")
    rework = serializers.CharField(source="review.rework", default="")
    valid_until = serializers.DateField(source="review.valid_until", default=None, allow_null=True)
    released_amount = serializers.SerializerMethodField(help_text="Null without sight of money.")
    closing_lines = serializers.SerializerMethodField(
        help_text="Lines of the budget a hold left open, by name; empty without sight of money."
    )
    dissent = DissentOut(many=True)
    artefacts = GateLineOut(many=True)
    checklist = GateLineOut(many=True, source="lines")
    blockers = BlockerOut(many=True)
    members = GateMemberOut(many=True)
    conditions = GateConditionOut(many=True)

    @extend_schema_field(RELEASED_OUT)
    def get_released_amount(self, shown: GatePage) -> str | None:
        """Return what the decision released for the next phase, to those who see money."""
        amount = shown.review.released_amount if shown.review else None
        if amount is None or "budget.view_totals" not in self.context.get("rights", ()):
            return None
        return str(amount)

    def get_closing_lines(self, shown: GatePage) -> list[str]:
        """Return the lines a hold left open, to those who see money."""
        sees = {"budget.view_totals", "budget.view"} & set(self.context.get("rights", ()))
        return list(shown.closing_lines) if sees else []


class ForumIn(serializers.Serializer[Any]):
    """Who decides and who advises, by number of the person."""

    chair = serializers.PrimaryKeyRelatedField(queryset=PEOPLE)
    deciders = serializers.PrimaryKeyRelatedField(queryset=PEOPLE, many=True)
    advisers = serializers.PrimaryKeyRelatedField(queryset=PEOPLE, many=True, required=False, default=list)


class CheckIn(serializers.Serializer[Any]):
    """The answer to a question; an empty one takes it back."""

    code = serializers.CharField(max_length=20)
    answer = serializers.ChoiceField(choices=GateAnswer.choices, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")


class ChecksIn(serializers.Serializer[Any]):
    """Answers to questions of the checklist; those left out stay."""

    answers = CheckIn(many=True)


class FormerIn(serializers.Serializer[Any]):
    """A decision that was taken before the project was kept here."""

    decided_on = serializers.DateField()
    note = serializers.CharField(max_length=2000)
    released_amount = serializers.DecimalField(**AMOUNT, required=False, allow_null=True, default=None)


class RenewIn(serializers.Serializer[Any]):
    """The day a lapsed gate is held again."""

    next_on = serializers.DateField()


class TakeBackIn(serializers.Serializer[Any]):
    """Why the request is taken back."""

    reason = serializers.CharField(max_length=2000)


class VoteIn(serializers.Serializer[Any]):
    """A vote with its reason."""

    vote = serializers.ChoiceField(choices=GateVote.choices)
    reason = serializers.CharField(max_length=2000)


class ConditionIn(serializers.Serializer[Any]):
    """A condition with owner and day."""

    text = serializers.CharField(max_length=400)
    owner = serializers.PrimaryKeyRelatedField(queryset=PEOPLE)
    due = serializers.DateField()


class DecisionIn(serializers.Serializer[Any]):
    """The decision of the chair, with what it needs."""

    decision = serializers.ChoiceField(choices=GateDecision.choices)
    reason = serializers.CharField(max_length=2000)
    conditions = ConditionIn(many=True, required=False, default=list)
    rework = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    next_on = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    released_amount = serializers.DecimalField(**AMOUNT, required=False, allow_null=True, default=None)
    closing_lines = LineField(
        many=True,
        required=False,
        default=list,
        help_text="Budget lines costs are still booked on during a hold.",
    )


class EvidenceIn(serializers.Serializer[Any]):
    """What was done for a condition."""

    evidence = serializers.CharField(max_length=2000)


class SettleIn(serializers.Serializer[Any]):
    """Whether a condition is met or waived."""

    state = serializers.ChoiceField(choices=ConditionState.choices[1:])
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class OfGates(OfProject):
    """What the endpoints of gates share."""

    serializer_class = GateDetailOut
    queryset = GateReview.objects.none()
    pagination_class = None

    def page(self, gate: str, occurrence: int) -> GatePage:
        """Return a review with everything it is decided on; 404 without one."""
        known = bound(self.project, self.today)
        found = gate_page(known, self.project, gate, occurrence, user=self.request.user, today=self.today)
        if found is None:
            raise Http404
        return found

    def answer(self, gate: str, occurrence: int, status: int = 200) -> Response:
        """Return the answer with the review as it is now."""
        shown = GateDetailOut(self.page(gate, occurrence), context=self.get_serializer_context())
        return Response(shown.data, status=status)

    def seen(self, gate: str, occurrence: int) -> int:
        """Return the version the request saw; 428 or 412 unless it is that of the review as it stands."""
        rows = GateReview.objects.filter(project=self.project, gate=gate, occurrence=occurrence)
        return self.expected_version(rows.only("version").first() or GateReview(version=NEW))

    def named(self, gate: str, occurrence: int) -> dict[str, Any]:
        """Return what names a review to the services that prepare it."""
        return {
            "actor": self.request.user,
            "project": self.project,
            "gate": gate,
            "occurrence": occurrence,
            "today": self.today,
        }


class ProjectGateViewSet(OfGates):
    """Gates of a project, and what prepares their reviews."""

    write_permission = "governance.edit"

    @extend_schema(responses=GateOut(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return all gates in order; nothing while the project follows no methodology."""
        known = governance_of(self.project, self.today)
        rows = gate_rows(known, self.project, today=self.today) if known else []
        return Response(GateOut(rows, many=True).data)

    @extend_schema(responses=GateDetailOut)
    def retrieve(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Return one review with readiness, forum, votes, decision and conditions."""
        return self.answer(gate, occurrence)

    @extend_schema(request=ForumIn, responses=GateDetailOut)
    def forum(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Name the forum; ``If-Match`` says which version."""
        version = self.seen(gate, occurrence)
        given = self.given(request, kind=ForumIn)
        gate_forums.set_forum(**self.named(gate, occurrence), expected_version=version, **given)
        return self.answer(gate, occurrence)

    @extend_schema(request=ChecksIn, responses=GateDetailOut)
    def answers(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Answer questions of the checklist; ``If-Match`` says which version."""
        version = self.seen(gate, occurrence)
        rows = self.given(request, kind=ChecksIn)["answers"]
        answers = {row["code"]: Given(row["answer"], row["note"], row["link"]) for row in rows}
        gate_preparation.answer_checks(
            **self.named(gate, occurrence), answers=answers, expected_version=version
        )
        return self.answer(gate, occurrence)

    @extend_schema(request=None, responses=GateDetailOut)
    def request_review(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Ask for the decision; the evidence is frozen. ``If-Match`` says which version."""
        version = self.seen(gate, occurrence)
        gate_reviews.request_review(**self.named(gate, occurrence), expected_version=version)
        return self.answer(gate, occurrence)

    @extend_schema(request=TakeBackIn, responses=GateDetailOut)
    def withdraw(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Take the request back; the gate is planned again."""
        review = gate_review_for(self.project, gate, occurrence)
        given = self.given(request, kind=TakeBackIn)
        gate_reviews.withdraw_review(actor=_person(request), review=review, today=self.today, **given)
        return self.answer(gate, occurrence)

    @extend_schema(request=RenewIn, responses={201: GateDetailOut})
    @idempotent
    def renew(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Plan a lapsed gate again."""
        given = self.given(request, kind=RenewIn)
        made = gate_reviews.renew_review(**self.named(gate, occurrence), **given)
        return self.answer(gate, made.occurrence, status=201)

    @extend_schema(request=FormerIn, responses=GateDetailOut)
    def earlier(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Record that the gate was passed before the project was kept here."""
        given = self.given(request, kind=FormerIn)
        named = self.named(gate, occurrence)
        del named["occurrence"]
        gate_preparation.record_former_decision(**named, **given)
        return self.answer(gate, occurrence)


class GateReviewViewSet(OfGates):
    """What the forum does, and the owners of conditions."""

    write_permission = "project.view"

    @extend_schema(request=VoteIn, responses=GateDetailOut)
    def vote(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Vote, or abstain, with the reason."""
        review = gate_review_for(self.project, gate, occurrence)
        gate_seat_of(request.user, review)
        given = self.given(request, kind=VoteIn)
        gate_reviews.cast_vote(actor=_person(request), review=review, today=self.today, **given)
        return self.answer(gate, occurrence)

    @extend_schema(request=DecisionIn, responses=GateDetailOut)
    def decide(self, request: Request, code: str, gate: str, occurrence: int) -> Response:
        """Decide, as the chair; ``If-Match`` says which version."""
        review = gate_review_for(self.project, gate, occurrence)
        gate_seat_of(request.user, review)
        version = self.expected_version(review)
        given = self.given(request, kind=DecisionIn)
        conditions = [ConditionGiven(**row) for row in given.pop("conditions")]
        gate_decisions.decide_review(
            actor=_person(request),
            review=review,
            today=self.today,
            conditions=conditions,
            expected_version=version,
            **given,
        )
        return self.answer(gate, occurrence)

    @extend_schema(request=EvidenceIn, responses=GateConditionOut)
    def evidence(self, request: Request, code: str, pk: int) -> Response:
        """Say that a condition is met, and how."""
        found = gate_condition_for(self.project, pk)
        if found.owner_id != request.user.pk and "governance.edit" not in self.rights:
            raise PermissionDenied
        given = self.given(request, kind=EvidenceIn)
        done = gate_conditions.show_evidence(
            actor=_person(request), condition=found, today=self.today, **given
        )
        return Response(GateConditionOut(done).data)

    @extend_schema(request=SettleIn, responses=GateConditionOut)
    def settle(self, request: Request, code: str, pk: int) -> Response:
        """Agree that a condition is met, or waive it."""
        found = gate_condition_for(self.project, pk)
        gate_seat_of(request.user, found.review)
        given = self.given(request, kind=SettleIn)
        done = gate_conditions.end_condition(
            actor=_person(request), condition=found, today=self.today, **given
        )
        return Response(GateConditionOut(done).data)


def _person(request: Request) -> Any:
    return request.user
