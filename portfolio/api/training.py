"""Training over the API: where people stand, compliance, attempts; with the file of the page (KNO-5)."""

from typing import Any

import django_filters
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holds
from pmo_portal.api.pagination import PagePagination
from pmo_portal.common.export import csv_response, xlsx_response
from portfolio.access import attempts_seen_by, course_for
from portfolio.api.attempts import AttemptOut
from portfolio.api.dates import today
from portfolio.choices import EnrolmentState
from portfolio.models import Attempt, Enrolment
from portfolio.selectors.training_page import (
    TrainingPage,
    TrainingQuery,
    export_headings,
    export_rows,
    lines_of,
    training_page,
)
from portfolio.services import training as services

COURSE = "(?P<code>[-a-zA-Z0-9_]{1,80})"
EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
UNIT = OpenApiParameter("unit", str, description="Name of an organization unit.")
FILTERS = [
    UNIT,
    OpenApiParameter("person", int, description="Number of a person."),
    OpenApiParameter("course", str, description="Code of a course."),
    OpenApiParameter("state", str, enum=EnrolmentState.values),
    OpenApiParameter("required", bool, description="Only what a role requires, or only what none does."),
    OpenApiParameter("overdue", bool, description="Only what is overdue, or only what is not."),
]


class TrainingLineOut(serializers.Serializer[Any]):
    """Somebody in a course; ``state`` is empty before the portal assigned it."""

    person = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.name")
    unit = serializers.CharField(source="person.unit")
    course = serializers.CharField(source="row.course.code")
    title = serializers.CharField(source="row.title")
    is_required = serializers.BooleanField(source="row.is_required")
    state = serializers.CharField(source="row.state")
    due = serializers.DateField(source="row.due", allow_null=True)
    is_overdue = serializers.BooleanField(source="row.is_overdue")
    passed_on = serializers.DateField(source="row.enrolment.passed_on", allow_null=True, default=None)
    score = serializers.DecimalField(
        source="row.enrolment.score", max_digits=7, decimal_places=4, allow_null=True, default=None
    )
    expires_on = serializers.DateField(source="row.enrolment.expires_on", allow_null=True, default=None)
    attempts_left = serializers.IntegerField(source="row.attempts_left")


class TrainingSumOut(serializers.Serializer[Any]):
    """What is due and met; ``percent`` is null where nothing is due."""

    passed = serializers.IntegerField()
    due = serializers.IntegerField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)


class TrainingGroupOut(TrainingSumOut):
    """What is due and met in a unit or a course."""

    title = serializers.CharField()
    people = serializers.IntegerField()


class TrainingComplianceOut(TrainingSumOut):
    """Training compliance (KNO-5): of all, by unit and by course, the lowest first."""

    people = serializers.IntegerField()
    overdue = serializers.IntegerField()
    expiring = serializers.IntegerField(help_text="Passes that end within 30 days.")
    units = TrainingGroupOut(many=True)
    courses = TrainingGroupOut(many=True)


class TrainingExportIn(serializers.Serializer[Any]):
    """What the file looks like."""

    kind = serializers.ChoiceField(choices=[*EXPORTS], default="csv")


class TrainingReasonIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(min_length=3, max_length=400)


class TrainingStandingOut(serializers.ModelSerializer[Enrolment]):
    """Where somebody stands in a course after the PMO decided."""

    person = serializers.IntegerField(source="user_id")
    course = serializers.CharField(source="course.code")
    attempts_left = serializers.SerializerMethodField()

    class Meta:
        model = Enrolment
        fields = ("person", "course", "state", "exempt_reason", "attempts_left")
        read_only_fields = fields

    def get_attempts_left(self, row: Enrolment) -> int:
        """Return how many attempts can still be begun."""
        return max(row.course.max_attempts - row.used, 0)


class TrainingViewSet(viewsets.GenericViewSet[User]):
    """The training of everybody, for people who may see it."""

    queryset = User.objects.none()
    serializer_class = TrainingLineOut
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"

    def _page(self) -> TrainingPage:
        if not holds(self.request.user, "training.view"):
            raise PermissionDenied
        return training_page(today=today(), asked=TrainingQuery.read(self.request.query_params))

    @extend_schema(responses=TrainingLineOut(many=True), parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Return a line for each person and course, people with the lowest compliance first."""
        paging = PagePagination()
        shown = paging.paginate_queryset(lines_of(self._page()), request, view=self)  # type: ignore[arg-type]
        return paging.get_paginated_response(TrainingLineOut(shown, many=True).data)

    @extend_schema(responses=TrainingComplianceOut, parameters=FILTERS)
    @action(detail=False, pagination_class=None)
    def compliance(self, request: Request) -> Response:
        """Return training compliance of all, by unit and by course; takes the filters of the list."""
        page = self._page()
        groups = {
            name: [
                {"title": each.title, "people": each.people, **_sum(each.total)}
                for each in getattr(page, name)
            ]
            for name in ("units", "courses")
        }
        about = {"people": len(page.people), "overdue": page.overdue, "expiring": page.expiring}
        return Response(TrainingComplianceOut({**_sum(page.total), **about, **groups}).data)

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        parameters=[*FILTERS, OpenApiParameter("kind", str, enum=[*EXPORTS])],
    )
    @action(detail=False, pagination_class=None)
    def export(self, request: Request) -> Any:
        """Return the lines as a file, CSV or Excel; takes the filters of the list."""
        page = self._page()
        if not holds(request.user, "export.run"):
            raise PermissionDenied
        body = TrainingExportIn(data={"kind": request.query_params.get("kind", "csv")})
        body.is_valid(raise_exception=True)
        kind = body.validated_data["kind"]
        name = "-".join((_("training"), today().isoformat()))
        return EXPORTS[kind](f"{name}.{kind}", export_headings(), export_rows(page))

    @extend_schema(request=TrainingReasonIn, responses=TrainingStandingOut)
    @action(detail=True, methods=["post"], url_path=f"courses/{COURSE}/reset")
    def reset(self, request: Request, pk: str, code: str) -> Response:
        """Give somebody new attempts, or end an exemption."""
        found = self._enrolment(pk, code)
        reason = self._reason()
        done = services.reset_attempts(actor=request.user, enrolment=found, reason=reason, today=today())
        return Response(TrainingStandingOut(done).data)

    @extend_schema(request=TrainingReasonIn, responses=TrainingStandingOut)
    @action(detail=True, methods=["post"], url_path=f"courses/{COURSE}/exempt")
    def exempt(self, request: Request, pk: str, code: str) -> Response:
        """Say that somebody need not take a course."""
        self._require_keeper()
        person = get_object_or_404(User, pk=pk, is_active=True)
        course = course_for(request.user, code)
        reason = self._reason()
        done = services.exempt(actor=request.user, user=person, course=course, reason=reason, today=today())
        return Response(TrainingStandingOut(done).data)

    def _require_keeper(self) -> None:
        if not holds(self.request.user, "training.edit"):
            raise PermissionDenied

    def _enrolment(self, person: str, code: str) -> Enrolment:
        self._require_keeper()
        return get_object_or_404(Enrolment, user_id=person, course__code=code)

    def _reason(self) -> str:
        body = TrainingReasonIn(data=self.request.data)
        body.is_valid(raise_exception=True)
        return str(body.validated_data["reason"])


def _sum(total: Any) -> dict[str, Any]:
    return {"passed": total.passed, "due": total.due, "percent": total.percent}


class AttemptFilter(django_filters.FilterSet):
    """Filters of the list."""

    person = django_filters.NumberFilter(field_name="enrolment__user", max_value=2**62)
    course = django_filters.CharFilter(field_name="enrolment__course__code")

    class Meta:
        model = Attempt
        fields = ("person", "course", "is_passed")


class AttemptViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Attempt]):
    """Attempts at quizzes and their results."""

    serializer_class = AttemptOut
    filterset_class = AttemptFilter

    def get_queryset(self) -> Any:
        """Return one's own attempts; those of everybody for people who see all training."""
        if getattr(self, "swagger_fake_view", False):
            return Attempt.objects.none()
        if not holds(self.request.user, "library.view"):
            raise PermissionDenied
        rows = attempts_seen_by(self.request.user).select_related(
            "enrolment__user", "enrolment__course", "version__item", "certificate"
        )
        return rows.order_by("-started_at", "-pk")
