"""Courses over the API: to read, with one's own standing."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from pmo_portal.api.pagination import PagePagination
from portfolio.access import course_for
from portfolio.api.course_writing import CourseDraftOut, CourseIn, create_course
from portfolio.api.dates import today
from portfolio.choices import KnowledgeLanguage
from portfolio.models import Attempt, Course
from portfolio.selectors.courses import CoursePage, course_page, course_rows, module_page
from portfolio.services import training

LANGUAGE = OpenApiParameter("language", str, description="en or de; the person's own without it.")


class CourseOut(serializers.Serializer[Any]):
    """A course with one's own standing; ``state`` is empty and ``due`` null where there is none."""

    code = serializers.CharField()
    language = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    number = serializers.CharField(help_text="Version as people read it, such as 1.2.")
    hours = serializers.DecimalField(
        max_digits=6, decimal_places=1, help_text="Sum of the minutes of its modules, in hours."
    )
    pass_mark = serializers.IntegerField(source="course.pass_mark")
    max_attempts = serializers.IntegerField(source="course.max_attempts")
    validity_months = serializers.IntegerField(source="course.validity_months", allow_null=True)
    modules = serializers.IntegerField(help_text="Number of modules.")
    questions = serializers.IntegerField(help_text="Questions of an attempt.")
    is_required = serializers.BooleanField()
    state = serializers.CharField(source="standing.state", default="")
    due = serializers.DateField(source="standing.due", allow_null=True, default=None)
    url = serializers.CharField()


class CourseModuleOut(serializers.Serializer[Any]):
    """A module with its text in Markdown."""

    code = serializers.CharField(source="module.code")
    title = serializers.CharField(source="module.title")
    minutes = serializers.IntegerField(source="module.minutes")
    body = serializers.CharField(source="module.body")
    is_read = serializers.BooleanField()


class CourseAttemptOut(serializers.ModelSerializer[Attempt]):
    """The result of an attempt of one's own."""

    class Meta:
        model = Attempt
        fields = ("number", "handed_in_on", "points", "max_points", "score", "pass_mark", "is_passed")
        read_only_fields = fields


class CourseDetailOut(serializers.Serializer[Any]):
    """A course with its modules, and how far one is."""

    course = CourseOut(source="row")
    modules = CourseModuleOut(many=True)
    read = serializers.IntegerField(help_text="Modules read.")
    attempts_left = serializers.IntegerField()
    open_attempt = serializers.IntegerField(
        source="open_attempt.number", allow_null=True, default=None, help_text="Number of the attempt begun."
    )
    attempts = CourseAttemptOut(many=True, help_text="Those handed in, the newest first.")
    certificates = serializers.ListField(child=serializers.CharField(), help_text="Their numbers.")


class CourseCounts(serializers.Serializer[Any]):
    """How many courses there are, and where one stands."""

    total = serializers.IntegerField()
    required = serializers.IntegerField()
    passed = serializers.IntegerField(help_text="Passed and unexpired.")
    overdue = serializers.IntegerField()


class CourseViewSet(viewsets.GenericViewSet[Course]):
    """Courses."""

    queryset = Course.objects.none()
    serializer_class = CourseOut
    filter_backends = ()
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,80}"

    def _language(self) -> str:
        asked = self.request.query_params.get("language", "")
        return asked if asked in KnowledgeLanguage.values else ""

    def _rows(self) -> list[Any]:
        if not holds(self.request.user, "library.view"):
            raise PermissionDenied
        return course_rows(self.request.user, today=today(), language=self._language())

    @extend_schema(responses=CourseOut(many=True), parameters=[LANGUAGE])
    def list(self, request: Request) -> Response:
        """Return the published courses, those one's roles require first."""
        paging = PagePagination()
        shown = paging.paginate_queryset(self._rows(), request, view=self)  # type: ignore[arg-type]
        return paging.get_paginated_response(CourseOut(shown, many=True).data)

    @extend_schema(request=CourseIn, responses={201: CourseDraftOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Write a course, or a course in one more language, as a draft."""
        return create_course(request)

    def _page(self, code: str) -> CoursePage:
        course = course_for(self.request.user, code)
        page = course_page(self.request.user, course, today=today(), language=self._language())
        if page is None:
            raise Http404
        return page

    @extend_schema(responses=CourseDetailOut, parameters=[LANGUAGE])
    def retrieve(self, request: Request, code: str) -> Response:
        """Return a course with its modules, and how far one is."""
        return Response(CourseDetailOut(self._page(code)).data)

    @extend_schema(request=None, responses=CourseDetailOut, parameters=[LANGUAGE])
    @action(detail=True, methods=["post"], url_path="modules/(?P<module>[-a-zA-Z0-9]{1,20})/read")
    def read(self, request: Request, code: str, module: str) -> Response:
        """Say that one has read a module; once."""
        page = self._page(code)
        if module_page(page, module) is None:
            raise Http404
        training.read_module(
            actor=request.user, version=page.version, course=page.row.course, module=module, day=today()
        )
        return Response(CourseDetailOut(self._page(code)).data)

    @extend_schema(responses=CourseCounts)
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request) -> Response:
        """Return how many courses there are, are required of one, hold and are overdue."""
        rows = self._rows()
        standings = [row.standing for row in rows if row.standing is not None]
        return Response(
            {
                "total": len(rows),
                "required": sum(row.is_required for row in rows),
                "passed": sum(each.holds for each in standings),
                "overdue": sum(each.is_overdue for each in standings),
            }
        )
