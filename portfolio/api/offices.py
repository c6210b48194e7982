"""Offices with members, charter and coverage, experts and hand-overs over the API."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
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
from pmo_portal.api.idempotency import idempotent
from pmo_portal.common.export import csv_response, xlsx_response
from portfolio.access import office_for, office_member_for
from portfolio.api.dates import query_of, today
from portfolio.choices import HelpState, PmoMandate, PmoRole
from portfolio.models import Pmo, PmoCharter, PmoMember
from portfolio.selectors.assessments import newest_mandate
from portfolio.selectors.experts import find_experts
from portfolio.selectors.handovers import open_handovers
from portfolio.selectors.office_duties import office_duties
from portfolio.selectors.office_tables import ListAsked, OfficeList, office_table
from portfolio.selectors.offices import GAP, DisciplineRow, OfficeView, office_views, offices
from portfolio.services import offices as writing

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}


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


class CoverageOut(serializers.Serializer[Any]):
    """How a needed discipline of an office is covered today (ORG-3)."""

    discipline = serializers.ChoiceField(source="code", choices=Discipline.choices)
    people = serializers.IntegerField(help_text="Active people.")
    fault = serializers.SerializerMethodField(help_text="DISCIPLINE_GAP while nobody is active.")
    uncovered_since = serializers.DateField(
        allow_null=True, help_text="The day after the last one left; null if nobody ever was there."
    )

    def get_fault(self, row: DisciplineRow) -> str:
        """Return the code of the fault."""
        return GAP if row.is_gap else ""


class OfficeCoverageOut(serializers.Serializer[Any]):
    """Coverage of an office."""

    office = serializers.IntegerField(source="office.pk")
    name = serializers.CharField(source="office.name")
    active = serializers.IntegerField(help_text="Active people.")
    gaps = serializers.SerializerMethodField()
    coverage = CoverageOut(many=True)

    def get_gaps(self, view: OfficeView) -> list[str]:
        """Return the disciplines nobody covers today (``DISCIPLINE_GAP``)."""
        return [row.code for row in view.gaps]


class OfficeDutyOut(serializers.Serializer[Any]):
    """A process of the PMO with the names of those who share in it."""

    code = serializers.CharField()
    title = serializers.CharField()
    accountable = serializers.ListField(child=serializers.CharField())
    responsible = serializers.ListField(child=serializers.CharField())
    consulted = serializers.ListField(child=serializers.CharField())
    informed = serializers.ListField(child=serializers.CharField())


class OfficePromiseOut(serializers.Serializer[Any]):
    """How an office answered in the last 90 days; null when nothing was answered."""

    answered = serializers.IntegerField(source="number")
    median_days = serializers.DecimalField(max_digits=6, decimal_places=1, allow_null=True)
    in_time_percent = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)


class OfficeDetailOut(OfficeOut):
    """An office with members, charters, coverage, and how it kept its promise."""

    members = OfficeMemberOut(many=True)
    charters = OfficeCharterOut(many=True)
    gaps = serializers.ListField(child=serializers.ChoiceField(choices=Discipline.choices))
    coverage = CoverageOut(many=True)
    promise = OfficePromiseOut()
    recommended_mandate = serializers.CharField(
        allow_null=True, help_text="Of the newest need assessment; null without one."
    )

    class Meta(OfficeOut.Meta):
        fields = (  # type: ignore[assignment]
            *OfficeOut.Meta.fields, "members", "charters", "gaps", "coverage", "promise",
            "recommended_mandate",
        )  # fmt: skip
        read_only_fields = fields


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


class HeldOut(serializers.Serializer[Any]):
    """Something to hand over: unfinished tasks or a role in a project, or a place in an office."""

    project = serializers.CharField()
    role = serializers.CharField()
    tasks = serializers.IntegerField()
    office = serializers.CharField()
    url = serializers.CharField()


class HandoverOut(serializers.Serializer[Any]):
    """Somebody who left and still holds something (ORG-7)."""

    person = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.name")
    left_on = serializers.DateField(source="person.active_to", allow_null=True)
    held = HeldOut(many=True)


class OfficeFileIn(serializers.Serializer[Any]):
    """Which list, with the filters of its page, and what the file looks like."""

    which = serializers.ChoiceField(choices=[each.value for each in OfficeList], default="members")
    kind = serializers.ChoiceField(choices=[*EXPORTS], default="csv")
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=120, default="", help_text="A topic, for experts."
    )
    state = serializers.ChoiceField(
        choices=HelpState.choices, required=False, allow_blank=True, default="", help_text="For help."
    )


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
    @idempotent
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
        """Return an office with members, charters, coverage, and how it kept its promise."""
        [view] = office_views(today(), office=office_for(request.user, int(pk)))
        shown: dict[str, Any] = {name: getattr(view.office, name) for name in OfficeOut.Meta.fields}
        shown |= {
            "members": [row.member for each in view.disciplines for row in each.members],
            "charters": view.charters,
            "gaps": [row.code for row in view.gaps],
            "coverage": view.coverage,
            "promise": view.times,
            "recommended_mandate": newest_mandate() or None,
        }
        return Response(OfficeDetailOut(shown).data)

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
    @idempotent
    def members(self, request: Request, pk: str) -> Response:
        """Add a member."""
        found = office_for(request.user, int(pk), "office.edit")
        body = OfficeMemberIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = writing.add_member(actor=request.user, office=found, **body.validated_data)
        return Response(OfficeMemberOut(made).data, status=201)

    @extend_schema(responses=OfficeMemberOut)
    @action(detail=True, url_path="members/(?P<member>[0-9]{1,18})")
    def member(self, request: Request, pk: str, member: str) -> Response:
        """Return a member."""
        return Response(OfficeMemberOut(self._member(pk, member)).data)

    @extend_schema(request=OfficeMemberIn, responses=OfficeMemberOut)
    @member.mapping.patch
    def member_edit(self, request: Request, pk: str, member: str) -> Response:
        """Change a member; who leaves gets a last day (``valid_to``). ``If-Match`` says which version."""
        found = self._member(pk, member, "office.edit")
        version = self.expected_version(found)
        body = OfficeMemberIn(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        saved = writing.edit_member(
            actor=request.user, member=found, changes=body.validated_data, expected_version=version
        )
        return Response(OfficeMemberOut(saved).data)

    def _member(self, office: str, member: str, permission: str = "office.view") -> PmoMember:
        found = office_member_for(self.request.user, int(member), permission)
        if found.pmo_id != int(office):
            raise Http404
        return found

    @extend_schema(request=OfficeCharterIn, responses={201: OfficeCharterOut})
    @action(detail=True, methods=["post"])
    @idempotent
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

    @extend_schema(responses=OfficeCoverageOut(many=True))
    @action(detail=False, pagination_class=None)
    def coverage(self, request: Request) -> Response:
        """Return how each office covers the disciplines it needs (ORG-3)."""
        self.get_queryset()
        return Response(OfficeCoverageOut(office_views(today()), many=True).data)

    @extend_schema(responses=OfficeDutyOut(many=True))
    @action(detail=False, pagination_class=None)
    def duties(self, request: Request) -> Response:
        """Return who answers for each process of the PMO, and who is asked and told."""
        self.get_queryset()
        return Response(OfficeDutyOut(office_duties(), many=True).data)

    @extend_schema(responses=HandoverOut(many=True))
    @action(detail=False, pagination_class=None)
    def handovers(self, request: Request) -> Response:
        """Return who left and still holds something, for people who set up offices (ORG-7)."""
        if not may(request.user, "office.edit", organization_node()):
            raise PermissionDenied
        return Response(HandoverOut(open_handovers(request.user, today()), many=True).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, parameters=[OfficeFileIn])
    @action(detail=False, pagination_class=None)
    def export(self, request: Request) -> Any:
        """Return a list of the office as a file, CSV or Excel: what the person sees on its page."""
        self.get_queryset()
        if not holds(request.user, "export.run"):
            raise PermissionDenied
        asked = query_of(request, OfficeFileIn)
        table = office_table(
            OfficeList(asked["which"]), ListAsked(request.user, today(), asked["q"], asked["state"])
        )
        return EXPORTS[asked["kind"]](f"{table.name}.{asked['kind']}", table.headings, table.rows)
