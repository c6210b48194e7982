"""Assessments of PMO need and maturity."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import OrgUnit, Person
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.concurrency import VersionedMixin
from pmo_portal.api.idempotency import idempotent
from pmo_portal.common.export import download
from pmo_portal.documents.services.pdf import PDF_TYPE
from portfolio.access import assessment_for, assessments_seen_by, gap_action_for
from portfolio.api.dates import today
from portfolio.choices import AssessmentKind, Effort, GapState, MaturityScope
from portfolio.interchange.assessment_file import maturity_perspectives, need_questions
from portfolio.models import Assessment, GapAction
from portfolio.rollup.maturity import HIGHEST, Aim, Perspective
from portfolio.selectors.assessment_words import STATEMENT_ANSWERS, read_text
from portfolio.selectors.assessments import assessment_counts, may_see_result, result_of
from portfolio.services import assessments, gap_plans
from portfolio.services.assessment_reports import assessment_pdf

PEOPLE = Person.objects.filter(user__is_active=True)


class AssessmentOut(serializers.ModelSerializer[Assessment]):
    """A round; ``result`` is empty until it is closed."""

    scope = serializers.ChoiceField(choices=MaturityScope.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Assessment
        fields = (
            "id", "kind", "scope", "title", "org_unit", "held_on", "answer_by", "state", "closed_at",
            "result", "version",
        )  # fmt: skip
        read_only_fields = fields


class AssessmentIn(serializers.Serializer[Any]):
    """A new round with its respondents."""

    kind = serializers.ChoiceField(choices=AssessmentKind.choices)
    scope = serializers.ChoiceField(
        choices=MaturityScope.choices, required=False, allow_blank=True, default=""
    )
    title = serializers.CharField(max_length=150)
    held_on = serializers.DateField()
    answer_by = serializers.DateField(required=False, allow_null=True, default=None)
    org_unit = serializers.PrimaryKeyRelatedField(
        queryset=OrgUnit.objects.all(), required=False, allow_null=True, default=None
    )
    people = serializers.PrimaryKeyRelatedField(queryset=PEOPLE, many=True, help_text="Respondents.")


class AssessmentCounts(serializers.Serializer[Any]):
    """How many rounds there are by state and by kind."""

    state = serializers.DictField(child=serializers.IntegerField())
    kind = serializers.DictField(child=serializers.IntegerField())


class PeopleIn(serializers.Serializer[Any]):
    """More respondents."""

    people = serializers.PrimaryKeyRelatedField(queryset=PEOPLE, many=True)


class AnswersIn(serializers.Serializer[Any]):
    """One's own answers by code; what is left out is unanswered."""

    answers = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=4))
    evidence = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True), required=False, default=dict
    )


class AnswersOut(serializers.Serializer[Any]):
    """What is kept of one's own answers."""

    answers = serializers.DictField(child=serializers.IntegerField())
    evidence = serializers.DictField(child=serializers.CharField())
    answered_at = serializers.DateTimeField()


class QuestionOut(serializers.Serializer[Any]):
    """A question or statement with its answers, 0 first."""

    code = serializers.CharField()
    text = serializers.CharField()
    answers = serializers.ListField(child=serializers.CharField())


class AimIn(serializers.Serializer[Any]):
    """The target of a perspective."""

    perspective = serializers.ChoiceField(choices=[each.value for each in Perspective])
    target = serializers.IntegerField(min_value=1, max_value=HIGHEST)
    weight = serializers.IntegerField(min_value=1, max_value=3, default=1)


class AimsIn(serializers.Serializer[Any]):
    """All targets; perspectives that are left out have none."""

    aims = AimIn(many=True)


class GapActionOut(serializers.ModelSerializer[GapAction]):
    """An action of the gap plan."""

    effort = serializers.ChoiceField(choices=Effort.choices, allow_blank=True, read_only=True)

    class Meta:
        model = GapAction
        fields = (
            "id", "assessment", "statement", "perspective", "level", "priority", "action", "owner", "due",
            "effort", "state", "note", "ended_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class GapActionChange(serializers.Serializer[Any]):
    """What may be changed; owners change state and note."""

    action = serializers.CharField(max_length=300, allow_blank=True)
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all(), allow_null=True)
    due = serializers.DateField(allow_null=True)
    effort = serializers.ChoiceField(choices=Effort.choices, allow_blank=True)
    state = serializers.ChoiceField(choices=GapState.choices)
    note = serializers.CharField(max_length=2000, allow_blank=True)


class AssessmentFilter(django_filters.FilterSet):
    """Filters of the list."""

    class Meta:
        model = Assessment
        fields = ("kind", "scope", "state")


class WithdrawIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2000)


class AssessmentViewSet(VersionedMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Assessment]):
    """Assessments the person may read or is asked to answer, newest first."""

    serializer_class = AssessmentOut
    filterset_class = AssessmentFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return what the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return Assessment.objects.none()
        return assessments_seen_by(self.request.user).newest_first()

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one round with its version as ETag."""
        return Response(AssessmentOut(assessment_for(request.user, int(pk))).data)

    @extend_schema(request=AssessmentIn, responses={201: AssessmentOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Start a round and invite its respondents."""
        if not may(request.user, "assessment.edit", organization_node()):
            raise PermissionDenied
        body = AssessmentIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        people = given.pop("people")
        draft = assessments.AssessmentDraft(**given)
        made = assessments.start_assessment(actor=request.user, draft=draft, people=people)
        return Response(AssessmentOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=AssessmentCounts, filters=True)
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request) -> Response:
        """Return how many rounds the person sees, by state and by kind; takes the filters of the list."""
        return Response(assessment_counts(self.filter_queryset(self.get_queryset())))

    @extend_schema(request=PeopleIn, responses=AssessmentOut)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Ask more people."""
        found = assessment_for(request.user, int(pk), "assessment.edit")
        body = PeopleIn(data=request.data)
        body.is_valid(raise_exception=True)
        assessments.invite_respondents(
            actor=request.user, assessment=found, people=body.validated_data["people"]
        )
        return Response(AssessmentOut(found).data)

    @extend_schema(request=AnswersIn, responses=AnswersOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Keep one's own answers; they replace those given before."""
        found = assessment_for(request.user, int(pk))
        body = AnswersIn(data=request.data)
        body.is_valid(raise_exception=True)
        own = assessments.answer_assessment(
            actor=request.user, assessment=found, now=timezone.now(), **body.validated_data
        )
        return Response(AnswersOut(own).data)

    @extend_schema(request=None, responses=AssessmentOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close the round and keep its result."""
        found = assessment_for(request.user, int(pk), "assessment.edit")
        closed = assessments.close_assessment(
            actor=request.user, assessment=found, expected_version=None, now=timezone.now()
        )
        return Response(AssessmentOut(closed).data)

    @extend_schema(request=WithdrawIn, responses=AssessmentOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Give up an open round, such as one started by mistake; its answers count nowhere."""
        found = assessment_for(request.user, int(pk), "assessment.edit")
        body = WithdrawIn(data=request.data)
        body.is_valid(raise_exception=True)
        ended = assessments.withdraw_assessment(
            actor=request.user, assessment=found, expected_version=None, **body.validated_data
        )
        return Response(AssessmentOut(ended).data)

    @extend_schema(responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def pdf(self, request: Request, pk: str) -> Any:
        """Return the result on paper, with gap plan and comparison over the years."""
        found = result_of(assessment_for(request.user, int(pk)))
        if not may_see_result(request.user, found):
            raise Http404
        address = request.build_absolute_uri(found.assessment.get_absolute_url())
        content = assessment_pdf(found, address=address, now=timezone.now(), today=timezone.localdate())
        return download(f"{slugify(found.assessment.title) or pk}.pdf", content, PDF_TYPE)

    @extend_schema(request=AimsIn, responses=GapActionOut(many=True))
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def plan(self, request: Request, pk: str) -> Response:
        """Set targets; every statement below 2 up to its target becomes an action."""
        found = assessment_for(request.user, int(pk), "assessment.edit")
        body = AimsIn(data=request.data)
        body.is_valid(raise_exception=True)
        aims = {
            each["perspective"]: Aim(each["target"], each["weight"]) for each in body.validated_data["aims"]
        }
        rows = gap_plans.plan_gaps(actor=request.user, assessment=found, aims=aims)
        return Response(GapActionOut(rows, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("kind", str, enum=AssessmentKind.values)],
        responses=QuestionOut(many=True),
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def questions(self, request: Request) -> Response:
        """Return the questions, or with ``kind=MATURITY`` the statements, in the language of the request."""
        if request.query_params.get("kind") == AssessmentKind.MATURITY:
            words = [str(word) for _value, word in STATEMENT_ANSWERS]
            statements = [each for part in maturity_perspectives() for each in part.statements]
            rows = [
                {"code": each.code, "text": read_text(each.text), "answers": words} for each in statements
            ]
        else:
            rows = [
                {
                    "code": each.code,
                    "text": read_text(each.text),
                    "answers": [read_text(answer) for answer in each.answers],
                }
                for each in need_questions()
            ]
        return Response(QuestionOut(rows, many=True).data)


class GapActionFilter(django_filters.FilterSet):
    """Filters of the list."""

    class Meta:
        model = GapAction
        fields = ("assessment", "perspective", "state", "owner")


class GapActionViewSet(
    VersionedMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[GapAction]
):
    """Actions of gap plans: all for people who read assessments, else one's own."""

    serializer_class = GapActionOut
    filterset_class = GapActionFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return what the person may see, the most urgent first."""
        if getattr(self, "swagger_fake_view", False):
            return GapAction.objects.none()
        rows = GapAction.objects.in_order()
        if holds(self.request.user, "assessment.view"):
            return rows
        return rows.filter(owner__user=self.request.user)

    @extend_schema(request=GapActionChange, responses=GapActionOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change an action; ``If-Match`` says which version."""
        found = gap_action_for(request.user, int(pk))
        version = self.expected_version(found)
        body = GapActionChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        saved = gap_plans.edit_gap_action(
            actor=request.user,
            gap_action=found,
            changes=body.validated_data,
            today=today(),
            expected_version=version,
        )
        return Response(GapActionOut(saved).data)
