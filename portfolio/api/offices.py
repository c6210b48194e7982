"""Offices, experts and requests for help over the API."""

from typing import Any

import django_filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.models import OrgUnit, Person
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.concurrency import VersionedMixin
from portfolio.access import help_request_for, office_for, requests_seen_by
from portfolio.api.dates import today
from portfolio.choices import PmoMandate, PmoRole
from portfolio.models import HelpRequest, Pmo, PmoCharter, PmoMember
from portfolio.selectors.experts import find_experts
from portfolio.selectors.offices import gaps_of, offices
from portfolio.services import help_requests
from portfolio.services import offices as writing


class OfficeOut(serializers.ModelSerializer[Pmo]):
    """An office."""

    class Meta:
        model = Pmo
        fields = ("id", "name", "mandate", "scope_unit", "parent", "head", "answer_days", "version")
        read_only_fields = fields


class OfficeMemberOut(serializers.ModelSerializer[PmoMember]):
    """A member with the time of the membership."""

    person_name = serializers.CharField(source="person.name")

    class Meta:
        model = PmoMember
        fields = (
            "id", "person", "person_name", "discipline", "role", "topics", "allocation_percent", "valid_from",
            "valid_to", "version",
        )  # fmt: skip
        read_only_fields = fields


class OfficeCharterOut(serializers.ModelSerializer[PmoCharter]):
    """A version of the charter."""

    class Meta:
        model = PmoCharter
        fields = ("number", "text", "change_note", "adopted_on")
        read_only_fields = fields


class OfficeDetailOut(OfficeOut):
    """An office with members, charters and gaps."""

    members = OfficeMemberOut(many=True)
    charters = OfficeCharterOut(many=True)
    gaps = serializers.SerializerMethodField()

    class Meta(OfficeOut.Meta):
        fields = (*OfficeOut.Meta.fields, "members", "charters", "gaps")  # type: ignore[assignment]
        read_only_fields = fields

    def get_gaps(self, office: Pmo) -> list[str]:
        """Return the disciplines nobody covers today (``DISCIPLINE_GAP``)."""
        active = PmoMember.objects.active_on(today()).filter(pmo=office)
        return gaps_of(set(active.order_by("pk").values_list("discipline", flat=True)))


class OfficeIn(serializers.Serializer[Any]):
    """What an office is."""

    name = serializers.CharField(max_length=150)
    mandate = serializers.ChoiceField(choices=PmoMandate.choices[1:])
    scope_unit = serializers.PrimaryKeyRelatedField(
        queryset=OrgUnit.objects.all(), required=False, allow_null=True
    )
    parent = serializers.PrimaryKeyRelatedField(queryset=Pmo.objects.all(), required=False, allow_null=True)
    head = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all(), required=False, allow_null=True)
    answer_days = serializers.IntegerField(min_value=1, max_value=60, required=False)


class OfficeMemberIn(serializers.Serializer[Any]):
    """A new member."""

    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all())
    discipline = serializers.ChoiceField(choices=Discipline.choices)
    role = serializers.ChoiceField(choices=PmoRole.choices, required=False)
    topics = serializers.CharField(max_length=300, required=False, allow_blank=True)
    allocation_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True)


class OfficeCharterIn(serializers.Serializer[Any]):
    """The next version of the charter."""

    text = serializers.CharField(max_length=20_000)
    change_note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class ExpertOut(serializers.Serializer[Any]):
    """Somebody who can help, and why."""

    person = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.name")
    office = serializers.CharField()
    points = serializers.IntegerField()
    topics = serializers.ListField(child=serializers.CharField())
    disciplines = serializers.ListField(child=serializers.CharField())
    written = serializers.ListField(child=serializers.CharField())


class HelpRequestOut(serializers.ModelSerializer[HelpRequest]):
    """A request for help."""

    asked_by = serializers.CharField(source="asked_by.name")
    taken_by = serializers.CharField(source="taken_by.name", allow_null=True, default=None)
    answered_by = serializers.CharField(source="answered_by.name", allow_null=True, default=None)

    class Meta:
        model = HelpRequest
        fields = (
            "id", "pmo", "discipline", "title", "text", "state", "asked_by", "asked_on", "due_on", "taken_by",
            "answer", "answered_by", "answered_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class HelpRequestIn(serializers.Serializer[Any]):
    """A question to an office."""

    pmo = serializers.PrimaryKeyRelatedField(queryset=Pmo.objects.all())
    discipline = serializers.ChoiceField(choices=Discipline.choices)
    title = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=5_000, required=False, allow_blank=True, default="")


class HelpAnswerIn(serializers.Serializer[Any]):
    """The answer."""

    answer = serializers.CharField(max_length=10_000)


class OfficeViewSet(VersionedMixin, viewsets.GenericViewSet[Pmo]):
    """Offices of the PMO."""

    serializer_class = OfficeOut
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return all offices for who may see them."""
        if getattr(self, "swagger_fake_view", False):
            return Pmo.objects.none()
        if not holds(self.request.user, "office.view"):
            raise PermissionDenied
        return offices()

    @extend_schema(responses=OfficeOut(many=True))
    def list(self, request: Request) -> Response:
        """Return all offices by name."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(OfficeOut(page, many=True).data)

    @extend_schema(request=OfficeIn, responses={201: OfficeOut})
    def create(self, request: Request) -> Response:
        """Set up an office."""
        if not may(request.user, "office.edit", organization_node()):
            raise PermissionDenied
        body = OfficeIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = writing.create_office(actor=request.user, **body.validated_data)
        return Response(OfficeOut(made).data, status=201)

    @extend_schema(responses=OfficeDetailOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return an office with members, charters and gaps."""
        return Response(OfficeDetailOut(office_for(request.user, int(pk))).data)

    @extend_schema(request=OfficeIn, responses=OfficeOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change an office; ``If-Match`` says which version."""
        found = office_for(request.user, int(pk), "office.edit")
        version = self.expected_version(found)
        body = OfficeIn(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        saved = writing.edit_office(
            actor=request.user, office=found, changes=body.validated_data, expected_version=version
        )
        return Response(OfficeOut(saved).data)

    @extend_schema(request=OfficeMemberIn, responses={201: OfficeMemberOut})
    @action(detail=True, methods=["post"])
    def members(self, request: Request, pk: str) -> Response:
        """Add a member."""
        found = office_for(request.user, int(pk), "office.edit")
        body = OfficeMemberIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = writing.add_member(actor=request.user, office=found, **body.validated_data)
        return Response(OfficeMemberOut(made).data, status=201)

    @extend_schema(request=OfficeCharterIn, responses={201: OfficeCharterOut})
    @action(detail=True, methods=["post"])
    def charter(self, request: Request, pk: str) -> Response:
        """Adopt the next version of the charter."""
        found = office_for(request.user, int(pk), "office.edit")
        body = OfficeCharterIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = writing.adopt_charter(actor=request.user, office=found, today=today(), **body.validated_data)
        return Response(OfficeCharterOut(made).data, status=201)

    @extend_schema(
        responses=ExpertOut(many=True), parameters=[OpenApiParameter("q", str, description="A topic.")]
    )
    @action(detail=False, pagination_class=None)
    def experts(self, request: Request) -> Response:
        """Return who can help with a topic, best first."""
        if not holds(request.user, "office.view"):
            raise PermissionDenied
        question = request.query_params.get("q", "").replace("\x00", "")[:120]
        return Response(ExpertOut(find_experts(request.user, question, today()), many=True).data)


class HelpRequestFilter(django_filters.FilterSet):
    """Filters of the list."""

    class Meta:
        model = HelpRequest
        fields = ("pmo", "discipline", "state")


class HelpRequestViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[HelpRequest]):
    """Requests for help: one's own, and those one may answer."""

    serializer_class = HelpRequestOut
    filterset_class = HelpRequestFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return what the person may see, the newest first."""
        if getattr(self, "swagger_fake_view", False):
            return HelpRequest.objects.none()
        if not holds(self.request.user, "office.view"):
            raise PermissionDenied
        return requests_seen_by(self.request.user, today()).order_by("-asked_on", "-pk")

    def _found(self, pk: str) -> HelpRequest:
        return help_request_for(self.request.user, int(pk), today=today())

    @extend_schema(request=HelpRequestIn, responses={201: HelpRequestOut})
    def create(self, request: Request) -> Response:
        """Ask an office for help."""
        if not holds(request.user, "office.view"):
            raise PermissionDenied
        body = HelpRequestIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        made = help_requests.ask_for_help(actor=request.user, office=given.pop("pmo"), today=today(), **given)
        return Response(HelpRequestOut(made).data, status=201)

    @extend_schema(responses=HelpRequestOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return a request with its answer."""
        return Response(HelpRequestOut(self._found(pk)).data)

    @extend_schema(request=None, responses=HelpRequestOut)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Say that one looks after a request."""
        found = self._found(pk)
        taken = help_requests.take_request(
            actor=request.user, request=found, today=today(), expected_version=None
        )
        return Response(HelpRequestOut(taken).data)

    @extend_schema(request=HelpAnswerIn, responses=HelpRequestOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Answer a request."""
        found = self._found(pk)
        body = HelpAnswerIn(data=request.data)
        body.is_valid(raise_exception=True)
        done = help_requests.answer_request(
            actor=request.user, request=found, today=today(), expected_version=None, **body.validated_data
        )
        return Response(HelpRequestOut(done).data)

    @extend_schema(request=None, responses=HelpRequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own question back."""
        done = help_requests.withdraw_request(
            actor=request.user, request=self._found(pk), expected_version=None
        )
        return Response(HelpRequestOut(done).data)
