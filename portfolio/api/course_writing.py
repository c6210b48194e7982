"""Write courses over the API: the texts of the page, with its checks; publishing is that of the library."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.permissions import GIVEN_ROLES
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.concurrency import VersionedMixin
from portfolio.access import knowledge_item_for
from portfolio.api.dates import today
from portfolio.choices import KnowledgeLanguage
from portfolio.forms.courses import LONG, CourseForm, course_values
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.models.knowledge import OPEN
from portfolio.selectors.courses import newest_course_version
from portfolio.services import courses as services

RIGHT = "library.edit"
LANGUAGE = OpenApiParameter("language", str, enum=KnowledgeLanguage.values, description="en without it.")


class CourseRulesIn(serializers.Serializer[Any]):
    """A course in one language; modules and questions are the text of the page."""

    title = serializers.CharField(max_length=160)
    summary = serializers.CharField(max_length=400)
    modules = serializers.CharField(
        max_length=LONG, help_text="Markdown; # Title {#code, 20 min} begins a module."
    )
    questions = serializers.CharField(
        max_length=LONG,
        help_text="? {#code} question; (x) and ( ) options of one right answer, [x] and [ ] of several, "
        "= true, = 0.8 +- 0.01; ! explanation.",
    )
    pass_mark = serializers.IntegerField(min_value=1, max_value=100, default=80)
    asked = serializers.IntegerField(min_value=1, max_value=100, default=10)
    max_attempts = serializers.IntegerField(min_value=1, max_value=20, default=3)
    validity_months = serializers.IntegerField(min_value=1, max_value=120, allow_null=True, default=None)
    required_for = serializers.ListField(child=serializers.ChoiceField(choices=GIVEN_ROLES), default=list)
    tags = serializers.CharField(max_length=400, allow_blank=True, default="", help_text="With commas.")


class CourseIn(CourseRulesIn):
    """A new course, or one more language of it: the same code."""

    code = serializers.SlugField(max_length=80, required=False)
    language = serializers.ChoiceField(choices=KnowledgeLanguage.choices)


class CourseEditIn(CourseRulesIn):
    """The draft of a course."""

    change_note = serializers.CharField(max_length=400, allow_blank=True, default="")
    is_major = serializers.BooleanField(default=False)


class CourseDraftOut(CourseRulesIn):
    """The texts of a course with the right answers, for people who write it."""

    item = serializers.IntegerField(help_text="Number in the library, where it is published.")
    code = serializers.CharField()
    language = serializers.CharField()
    number = serializers.CharField(help_text="Version as people read it, such as 1.2.")
    state = serializers.CharField()
    change_note = serializers.CharField()
    version = serializers.IntegerField()


def draft_out(version: KnowledgeVersion, status: int = 200) -> Response:
    """Return the texts of a version."""
    item = version.item
    shown = {
        **course_values(version),
        "item": item.pk,
        "code": item.code,
        "language": item.language,
        "number": version.number,
        "state": version.state,
    }
    return Response(CourseDraftOut(shown).data, status=status)


def checked_form(given: dict[str, Any], version: KnowledgeVersion | None = None) -> CourseForm:
    """Return the form of the page, filled; refuse with its errors by field."""
    form = CourseForm({**given, "version": version.revision if version else ""}, version=version)
    if not form.is_valid():
        raise serializers.ValidationError({name: list(said) for name, said in form.errors.items()})
    return form


class CourseDraftViewSet(VersionedMixin, viewsets.GenericViewSet[KnowledgeItem]):
    """The texts of courses, for people who edit the library."""

    queryset = KnowledgeItem.objects.none()
    serializer_class = CourseDraftOut
    filter_backends = ()
    pagination_class = None

    def _version(self, code: str) -> KnowledgeVersion:
        language = self.request.query_params.get("language", "en")
        item = knowledge_item_for(self.request.user, RIGHT, code=code, language=language)
        found = newest_course_version(item)
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=CourseDraftOut, parameters=[LANGUAGE])
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the draft of a course, else its newest version, with the right answers."""
        return draft_out(self._version(code))

    @extend_schema(request=CourseEditIn, responses=CourseDraftOut, parameters=[LANGUAGE])
    def update(self, request: Request, code: str) -> Response:
        """Save the draft; a published course gets a new one. ``If-Match`` says which version was read."""
        version = self._version(code)
        expected = self.expected_version(_Numbered(version.revision))
        body = CourseEditIn(data=request.data)
        body.is_valid(raise_exception=True)
        form = checked_form(body.validated_data, version)
        made = services.edit_course(
            actor=request.user,
            item=version.item,
            content=form.content,
            text=form.text,
            rules=form.rules,
            is_major=form.cleaned_data["is_major"],
            expected_revision=expected if version.state in OPEN else None,
            today=today(),
        )
        return draft_out(made)


class _Numbered:
    """What ``If-Match`` is compared with."""

    def __init__(self, version: int) -> None:
        self.version = version


def create_course(request: Request) -> Response:
    """Write a new course as a draft, with the checks of the page."""
    if not may(request.user, RIGHT, organization_node()):
        raise PermissionDenied
    body = CourseIn(data=request.data)
    body.is_valid(raise_exception=True)
    form = checked_form(body.validated_data)
    given = form.cleaned_data
    made = services.create_course(
        actor=request.user,
        code=given["code"],
        language=given["language"],
        content=form.content,
        text=form.text,
        rules=form.rules,
        today=today(),
    )
    return draft_out(made, 201)
