"""Compliance and waivers over the API: what the pages show, and what is done there (STD-5 to STD-7)."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from portfolio.access import waiver_for
from portfolio.api.dates import query_of, today
from portfolio.choices import WaiverState
from portfolio.models import Waiver
from portfolio.rollup.compliance import ItemStatus
from portfolio.selectors.compliance_page import compliance_page
from portfolio.selectors.governance import governance_of
from portfolio.selectors.waiver_list import waiver_list
from portfolio.services import waivers
from projects.api.base import OfProject

PERCENT: Any = {"max_digits": 32, "decimal_places": 4, "allow_null": True, "rounding": "ROUND_HALF_UP"}


class ComplianceSumOut(serializers.Serializer[Any]):
    """The sum over requirements; percentages are null while nothing is due (``NOT_APPLICABLE``)."""

    percent = serializers.DecimalField(**PERCENT)
    waiver_rate = serializers.DecimalField(**PERCENT)
    due = serializers.IntegerField()
    waived = serializers.IntegerField()
    late = serializers.IntegerField()
    is_waived_too_often = serializers.BooleanField()


class ProjectComplianceOut(serializers.Serializer[Any]):
    """A project with its version and compliance; ``own`` is what it asks of itself, counted apart."""

    project = serializers.CharField(source="code")
    project_name = serializers.CharField(source="name")
    methodology = serializers.CharField(source="method")
    version = serializers.CharField()
    is_behind = serializers.BooleanField()
    tier = serializers.CharField()
    compliance = ComplianceSumOut()
    own = ComplianceSumOut()


class RequirementComplianceOut(serializers.Serializer[Any]):
    """A requirement across projects: in how many it is due, how it stands, and which lack it."""

    methodology = serializers.CharField(source="method")
    code = serializers.CharField()
    title = serializers.CharField()
    due = serializers.IntegerField()
    met = serializers.IntegerField()
    partly = serializers.IntegerField()
    not_met = serializers.IntegerField()
    waived = serializers.IntegerField()
    lacking = serializers.SerializerMethodField()

    def get_lacking(self, row: Any) -> list[str]:
        """Return the codes of the projects that lack it."""
        return [project.code for project in row.lacking]


class ComplianceMonthOut(serializers.Serializer[Any]):
    """The mean of the projects where anything was due on a day."""

    as_of = serializers.DateField(source="day")
    percent = serializers.DecimalField(**PERCENT)
    projects = serializers.IntegerField()


class RequirementStandingOut(serializers.Serializer[Any]):
    """A requirement of the project, and how it counts today."""

    code = serializers.CharField()
    weight = serializers.IntegerField()
    status = serializers.ChoiceField(choices=[status.value for status in ItemStatus])
    due_on = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField()
    is_own = serializers.BooleanField()


class ProjectStandingOut(ComplianceSumOut):
    """Compliance of a project with every requirement that applies; ``own`` sums the project's own apart."""

    methodology = serializers.CharField()
    version = serializers.CharField()
    tier = serializers.CharField()
    own = ComplianceSumOut()
    requirements = RequirementStandingOut(many=True)


class WaiverOut(serializers.ModelSerializer[Waiver]):
    """Leave to do without a requirement for a time."""

    project = serializers.CharField(source="project.code")
    requested_by = serializers.CharField(source="requested_by.name", allow_null=True, default=None)
    approver = serializers.ChoiceField(Role.choices, help_text="The role that decides.")
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)

    class Meta:
        model = Waiver
        fields = (
            "id", "project", "requirement", "state", "reason", "risk", "compensating_control", "approver",
            "expires_on", "requested_on", "requested_by", "approved_on", "decided_by", "decision_note",
            "revoked_on",
        )  # fmt: skip
        read_only_fields = fields


class WaiverIn(serializers.Serializer[Any]):
    """What is asked for."""

    requirement = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=4000)
    risk = serializers.CharField(max_length=4000)
    compensating_control = serializers.CharField(max_length=4000)
    expires_on = serializers.DateField()


class WaiverDecisionIn(serializers.Serializer[Any]):
    """Approve or reject; a rejection needs a note."""

    is_approved = serializers.BooleanField()
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class WaiverEndIn(serializers.Serializer[Any]):
    """Why it ends."""

    reason = serializers.CharField(max_length=4000)


class PortfolioFilter(serializers.Serializer[Any]):
    """Filter of all lists here."""

    portfolio = serializers.SlugField(max_length=40, required=False)


class WaiverFilter(PortfolioFilter):
    """Filters of the list."""

    state = serializers.ChoiceField(choices=WaiverState.choices, required=False)


class ComplianceViewSet(viewsets.GenericViewSet[Waiver]):
    """Compliance of the live projects the person sees."""

    serializer_class = ProjectComplianceOut
    queryset = Waiver.objects.none()
    filter_backends = ()

    def _page(self, request: Request) -> Any:
        if not holds(request.user, "rollup.view"):
            raise PermissionDenied
        asked = query_of(request, PortfolioFilter)
        return compliance_page(request.user, today=today(), **asked)

    @extend_schema(parameters=[PortfolioFilter], responses=ProjectComplianceOut(many=True))
    def list(self, request: Request) -> Response:
        """Return projects that follow a methodology, the lowest compliance first."""
        rows = self.paginate_queryset(self._page(request).projects)
        return self.get_paginated_response(ProjectComplianceOut(rows, many=True).data)

    @extend_schema(parameters=[PortfolioFilter], responses=RequirementComplianceOut(many=True))
    @action(detail=False)
    def requirements(self, request: Request) -> Response:
        """Return the requirements that are due somewhere, the least met first."""
        rows = self.paginate_queryset(self._page(request).requirements)
        return self.get_paginated_response(RequirementComplianceOut(rows, many=True).data)

    @extend_schema(parameters=[PortfolioFilter], responses=ComplianceMonthOut(many=True))
    @action(detail=False, pagination_class=None)
    def trend(self, request: Request) -> Response:
        """Return the mean at the last month ends and today."""
        return Response(ComplianceMonthOut(self._page(request).months, many=True).data)


class WaiverViewSet(viewsets.GenericViewSet[Waiver]):
    """Waivers of all projects the person sees."""

    serializer_class = WaiverOut
    queryset = Waiver.objects.none()
    filter_backends = ()

    @extend_schema(parameters=[WaiverFilter], responses=WaiverOut(many=True))
    def list(self, request: Request) -> Response:
        """Return waivers, those that wait first."""
        if not holds(request.user, "rollup.view"):
            raise PermissionDenied
        asked = query_of(request, WaiverFilter)
        rows: Any = waiver_list(request.user, **asked)
        return self.get_paginated_response(WaiverOut(self.paginate_queryset(rows), many=True).data)


class ProjectComplianceViewSet(OfProject):
    """Compliance and waivers of a project."""

    serializer_class = WaiverOut
    queryset = Waiver.objects.none()
    filter_backends = ()
    write_permission = "governance.edit"

    @extend_schema(responses=ProjectStandingOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return compliance with every requirement; 404 while the project follows no methodology."""
        known = governance_of(self.project, today())
        if known is None:
            raise Http404
        found = known.compliance(today())
        names = ("percent", "waiver_rate", "due", "waived", "late", "is_waived_too_often")
        values: dict[str, Any] = {name: getattr(found, name) for name in names}
        values |= {
            "methodology": known.version.methodology.code,
            "version": known.version.version,
            "tier": known.records.tier,
            "own": known.own_compliance(today()),
            "requirements": known.items(today()),
        }
        return Response(ProjectStandingOut(values).data)

    @extend_schema(responses=WaiverOut(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the waivers of the project, the newest first."""
        rows = Waiver.objects.filter(project=self.project).select_related(
            "project", "requested_by", "decided_by"
        )
        return self.listed(rows.order_by("-requested_on", "-pk"))

    @extend_schema(request=WaiverIn, responses={201: WaiverOut})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Ask for a waiver."""
        given = self.given(request, kind=WaiverIn)
        made = waivers.request_waiver(actor=request.user, project=self.project, today=today(), **given)
        return Response(WaiverOut(made).data, status=201)

    @extend_schema(request=WaiverEndIn, responses=WaiverOut)
    def revoke(self, request: Request, code: str, pk: int) -> Response:
        """End an approved waiver; the requirement counts again from today on."""
        waiver = waiver_for(self.project, pk, WaiverState.APPROVED)
        given = self.given(request, kind=WaiverEndIn)
        ended = waivers.revoke_waiver(actor=request.user, waiver=waiver, note=given["reason"], today=today())
        return Response(WaiverOut(ended).data)


class WaiverDecisionViewSet(ProjectComplianceViewSet):
    """What the approver does."""

    write_permission = "project.view"

    @extend_schema(request=WaiverDecisionIn, responses=WaiverOut)
    def decide(self, request: Request, code: str, pk: int) -> Response:
        """Approve or reject, as the approver for the tier."""
        waiver = waiver_for(self.project, pk, WaiverState.SUBMITTED)
        waivers.require_decider(actor=request.user, waiver=waiver)
        given = self.given(request, kind=WaiverDecisionIn)
        done = waivers.decide_waiver(actor=request.user, waiver=waiver, today=today(), **given)
        return Response(WaiverOut(done).data)

    @extend_schema(request=None, responses=WaiverOut)
    def withdraw(self, request: Request, code: str, pk: int) -> Response:
        """Take back a request nobody has decided on, as who asked for it."""
        waiver = waiver_for(self.project, pk, WaiverState.SUBMITTED)
        if waiver.requested_by_id != request.user.pk:
            raise PermissionDenied
        done = waivers.withdraw_waiver(actor=request.user, waiver=waiver, today=today())
        return Response(WaiverOut(done).data)
