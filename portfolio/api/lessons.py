"""Lessons, the lessons offered to projects, and the changes they ask of standards, over the API."""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.concurrency import VersionedMixin
from pmo_portal.api.idempotency import idempotent
from portfolio.access import lesson_for, standard_change_for
from portfolio.api.dates import today
from portfolio.choices import (
    GIVEN_MARKS,
    KnowledgeLanguage,
    LessonKind,
    LessonPhase,
    LessonState,
    OfferOccasion,
)
from portfolio.models import Lesson, LessonOffer, StandardChange
from portfolio.selectors.lessons import lesson_counts, lesson_rows, project_lessons, why_it_fits
from portfolio.services import lesson_offers, standard_changes
from portfolio.services import lessons as services
from projects.access import project_for
from projects.choices import Tier
from projects.models import Project


class LessonOut(serializers.ModelSerializer[Lesson]):
    """A lesson."""

    project = serializers.CharField(source="project.code")
    tier = serializers.ChoiceField(choices=Tier.choices, allow_blank=True, read_only=True)
    tags = serializers.SerializerMethodField()
    merged_into = serializers.IntegerField(
        source="shown_target", allow_null=True, help_text="If the person may read it."
    )
    captured_by = serializers.CharField(source="captured_by.name", allow_null=True, default=None)
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Lesson
        fields = (
            "id", "project", "title", "kind", "phase", "category", "methodology", "tier", "tags", "language",
            "what_happened", "cause", "recommendation", "effect_days", "effect_cost", "standard", "fault",
            "state", "merged_into", "closing_note", "item", "captured_by", "captured_on", "published_on",
            "url", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_tags(self, lesson: Lesson) -> tuple[str, ...]:
        """Return the tags as words."""
        return lesson.tag_list


class LessonDetailOut(LessonOut):
    """A lesson with how often it was met and used."""

    seen_in = serializers.IntegerField(read_only=True, help_text="Projects that met it.")
    uses = serializers.IntegerField(read_only=True, help_text="Projects that used it.")

    class Meta(LessonOut.Meta):
        fields = (*LessonOut.Meta.fields, "seen_in", "uses")  # type: ignore[assignment]
        read_only_fields = fields


class LessonIn(serializers.Serializer[Any]):
    """What a project learned."""

    title = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=LessonKind.choices)
    phase = serializers.ChoiceField(choices=LessonPhase.choices)
    what_happened = serializers.CharField(max_length=4000)
    cause = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    recommendation = serializers.CharField(max_length=4000)
    category = serializers.CharField(max_length=80, required=False, allow_blank=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=12, help_text="Words."
    )
    effect_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=-9999, max_value=9999, help_text="Lost; negative: gained."
    )
    effect_cost = serializers.DecimalField(
        max_digits=18, decimal_places=2, required=False, allow_null=True, help_text="Lost; negative: saved."
    )
    language = serializers.ChoiceField(choices=KnowledgeLanguage.choices, required=False)
    standard = serializers.CharField(
        max_length=120,
        required=False,
        allow_blank=True,
        help_text="A standard in force with a fault: item:CODE:LANGUAGE, methodology:CODE, template:CODE or "
        "document:CODE.",
    )
    fault = serializers.CharField(max_length=400, required=False, allow_blank=True)


class NewLessonIn(LessonIn):
    """A new lesson of a project."""

    project = serializers.SlugField(max_length=40)


class LessonReasonIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=400)


class LessonMergeIn(serializers.Serializer[Any]):
    """The lesson that says the same."""

    into = serializers.IntegerField(min_value=1)


class LessonCounts(serializers.Serializer[Any]):
    """How many lessons there are by state and by kind."""

    state = serializers.DictField(child=serializers.IntegerField())
    kind = serializers.DictField(child=serializers.IntegerField())


class LessonOfferOut(serializers.ModelSerializer[LessonOffer]):
    """A lesson offered to a project, and why it fits."""

    project = serializers.CharField(source="project.code")
    title = serializers.CharField(source="lesson.title")
    why = serializers.SerializerMethodField()

    class Meta:
        model = LessonOffer
        fields = (
            "id", "project", "lesson", "title", "occasion", "points", "why", "mark", "note", "offered_on",
            "marked_on",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_why(self, offer: LessonOffer) -> tuple[str, ...]:
        """Return in words what gave the points."""
        return why_it_fits(offer.reasons)


class LookIn(serializers.Serializer[Any]):
    """The project and the occasion lessons are looked for."""

    project = serializers.SlugField(max_length=40)
    occasion = serializers.ChoiceField(choices=OfferOccasion.choices)


class LookOut(serializers.Serializer[Any]):
    """How many lessons are new."""

    offered = serializers.IntegerField()


class LessonMarkIn(serializers.Serializer[Any]):
    """What becomes of an offered lesson."""

    mark = serializers.ChoiceField(choices=GIVEN_MARKS)
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class StandardChangeOut(serializers.ModelSerializer[StandardChange]):
    """A request to change a standard."""

    new_version = serializers.SerializerMethodField()

    class Meta:
        model = StandardChange
        fields = (
            "id", "lesson", "standard", "found_in", "wish", "state", "new_version", "opened_on", "decided_on",
            "reason",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_new_version(self, change: StandardChange) -> str | None:
        """Return the address of the version that has the change."""
        return change.new_version.get_absolute_url() if change.new_version else None


class StandardChangeDoneIn(serializers.Serializer[Any]):
    """The version in force that has the change."""

    number = serializers.CharField(max_length=20)


class ProjectLessonsOut(serializers.Serializer[Any]):
    """Where a project stands with lessons; ``review_rate`` is null while nothing was offered."""

    captured = serializers.IntegerField()
    offered = serializers.IntegerField()
    marked = serializers.IntegerField()
    review_rate = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    none_reason = serializers.CharField(allow_null=True)


class ProjectLessonsIn(serializers.Serializer[Any]):
    """Tags of the project, or the reason why it has no lessons; at least one."""

    tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=12)
    none_reason = serializers.CharField(max_length=2000, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse a request that changes nothing."""
        if not given:
            raise serializers.ValidationError(_("Give tags, or the reason why there are no lessons."))
        return given


class LessonFilter(django_filters.FilterSet):
    """Filters of the list."""

    project = django_filters.CharFilter(field_name="project__code")
    state = django_filters.ChoiceFilter(choices=LessonState.choices)
    kind = django_filters.ChoiceFilter(choices=LessonKind.choices)
    phase = django_filters.ChoiceFilter(choices=LessonPhase.choices)

    class Meta:
        model = Lesson
        fields = ("project", "state", "kind", "phase", "category")


class LessonViewSet(VersionedMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Lesson]):
    """Lessons of projects."""

    serializer_class = LessonOut
    filterset_class = LessonFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return what the person may read, the newest first."""
        if getattr(self, "swagger_fake_view", False):
            return Lesson.objects.none()
        shown = Lesson.objects.shown(self.request.user)
        target = shown.filter(pk=OuterRef("merged_into")).values("pk")
        rows = shown.annotate(shown_target=Subquery(target))
        return rows.select_related("project", "captured_by").order_by("-pk")

    def _shown(self, lesson: Lesson, *, status: int = 200) -> Response:
        return Response(LessonOut(self.get_queryset().get(pk=lesson.pk)).data, status=status)

    def _found(self, pk: str, permission: str = "project.view") -> Lesson:
        return lesson_for(self.request.user, int(pk), permission)

    def _given(self, kind: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
        body = kind(data=self.request.data, **options)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        if "tags" in given:
            given["tags"] = ", ".join(given["tags"])
        return given

    @extend_schema(request=NewLessonIn, responses={201: LessonOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Capture a lesson."""
        if not holds(request.user, "lesson.capture"):
            raise PermissionDenied
        given = self._given(NewLessonIn)
        project = project_for(request.user, given.pop("project"), "lesson.capture")
        made = services.capture_lesson(actor=request.user, project=project, values=given, today=today())
        return self._shown(made, status=201)

    @extend_schema(responses=LessonDetailOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return a lesson with how often it was met and used."""
        found = self._found(pk)
        row = lesson_rows(request.user, Lesson.objects.filter(pk=found.pk))[0]
        return Response({**self._shown(found).data, "seen_in": row.seen_in, "uses": row.uses})

    @extend_schema(request=LessonIn, responses=LessonOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Improve the words of a lesson that is not published; ``If-Match`` says which version."""
        found = self._found(pk)
        found = self._found(pk, services.right_to_edit(request.user, found))
        version = self.expected_version(found)
        given = self._given(LessonIn, partial=True)
        saved = services.edit_lesson(actor=request.user, lesson=found, values=given, expected_version=version)
        return self._shown(saved)

    @extend_schema(request=None, responses=LessonOut)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Say that a lesson is true; not by who captured it. ``If-Match`` says which version was read."""
        found = self._found(pk, "lesson.curate")
        version = self.expected_version(found)
        saved = services.accept_lesson(actor=request.user, lesson=found, expected_version=version)
        return self._shown(saved)

    @extend_schema(request=None, responses=LessonOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Publish an accepted lesson in the library; ``If-Match`` says which version was read."""
        found = self._found(pk, "lesson.curate")
        version = self.expected_version(found)
        saved = services.publish_lesson(
            actor=request.user, lesson=found, today=today(), expected_version=version
        )
        return self._shown(saved)

    @extend_schema(request=LessonReasonIn, responses=LessonOut)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Put aside what was not published; its author gets the reason. ``If-Match`` says which version."""
        found = self._found(pk, "lesson.curate")
        given = self._given(LessonReasonIn)
        given["expected_version"] = self.expected_version(found)
        return self._shown(services.reject_lesson(actor=request.user, lesson=found, **given))

    @extend_schema(request=LessonReasonIn, responses=LessonOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take a published lesson out of use; ``If-Match`` says which version was read."""
        found = self._found(pk, "lesson.curate")
        given = self._given(LessonReasonIn)
        given |= {"today": today(), "expected_version": self.expected_version(found)}
        return self._shown(services.retire_lesson(actor=request.user, lesson=found, **given))

    @extend_schema(request=LessonMergeIn, responses=LessonOut)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Put a lesson into another that says the same; ``If-Match`` says which version was read."""
        found = self._found(pk, "lesson.curate")
        into = self._found(str(self._given(LessonMergeIn)["into"]), "lesson.curate")
        version = self.expected_version(found)
        saved = services.merge_lesson(actor=request.user, lesson=found, into=into, expected_version=version)
        return self._shown(saved)

    @extend_schema(responses=LessonCounts, filters=True)
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request) -> Response:
        """Return how many lessons the person sees, by state and by kind; takes the filters of the list."""
        return Response(lesson_counts(self.filter_queryset(self.get_queryset())))


class LessonOfferFilter(django_filters.FilterSet):
    """Filters of the list."""

    project = django_filters.CharFilter(field_name="project__code")

    class Meta:
        model = LessonOffer
        fields = ("project", "mark", "occasion")


class LessonOfferViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[LessonOffer]):
    """Lessons offered to projects (KNO-6)."""

    serializer_class = LessonOfferOut
    filterset_class = LessonOfferFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the offers of projects the person sees, the newest first."""
        if getattr(self, "swagger_fake_view", False):
            return LessonOffer.objects.none()
        rows = LessonOffer.objects.shown(self.request.user).select_related("project__node", "lesson")
        return rows.order_by("-offered_on", "-points", "-pk")

    @extend_schema(request=LookIn, responses={200: LookOut})
    def create(self, request: Request) -> Response:
        """Look for lessons of others that fit a project on an occasion."""
        if not holds(request.user, "project.edit"):
            raise PermissionDenied
        body = LookIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        project = project_for(request.user, given["project"], "project.edit")
        offered = lesson_offers.look_for_lessons(
            actor=request.user, project=project, occasion=given["occasion"], today=today()
        )
        return Response({"offered": offered})

    @extend_schema(request=LessonMarkIn, responses=LessonOfferOut)
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, pk: str) -> Response:
        """Say what becomes of an offered lesson: applied (and where), not relevant, or later."""
        offer = self.get_object()
        project_for(request.user, offer.project.code, "project.edit")
        body = LessonMarkIn(data=request.data)
        body.is_valid(raise_exception=True)
        done = lesson_offers.mark_offer(actor=request.user, offer=offer, today=today(), **body.validated_data)
        return Response(LessonOfferOut(done).data)


class StandardChangeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[StandardChange]):
    """Changes that lessons ask of standards (KNO-8)."""

    serializer_class = StandardChangeOut
    filterset_fields = ("state",)
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the requests of lessons one may read, the newest first; for people who decide on them."""
        if getattr(self, "swagger_fake_view", False):
            return StandardChange.objects.none()
        if not may(self.request.user, "lesson.curate", organization_node()):
            raise PermissionDenied
        rows = StandardChange.objects.shown(self.request.user).select_related(
            "item_version__item",
            "methodology_version__methodology",
            "template_version__template",
            "document_version",
        )
        return rows.order_by("-opened_on", "-pk")

    @extend_schema(request=StandardChangeDoneIn, responses=StandardChangeOut)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Say that the version in force has the change; the lesson keeps the link."""
        change = standard_change_for(request.user, int(pk))
        body = StandardChangeDoneIn(data=request.data)
        body.is_valid(raise_exception=True)
        done = standard_changes.complete_change(
            actor=request.user, change=change, today=today(), **body.validated_data
        )
        return Response(StandardChangeOut(done).data)

    @extend_schema(request=LessonReasonIn, responses=StandardChangeOut)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Leave the standard as it is, and say why."""
        change = standard_change_for(request.user, int(pk))
        body = LessonReasonIn(data=request.data)
        body.is_valid(raise_exception=True)
        done = standard_changes.decline_change(
            actor=request.user, change=change, today=today(), **body.validated_data
        )
        return Response(StandardChangeOut(done).data)


class ProjectLessonsViewSet(viewsets.GenericViewSet[Project]):
    """Where a project stands with lessons."""

    serializer_class = ProjectLessonsOut
    filter_backends = ()
    pagination_class = None

    def _shown(self, project: Project) -> Response:
        found = project_lessons(self.request.user, project)
        values = {
            "captured": len(found.own),
            "offered": len(found.offers),
            "marked": found.marked,
            "review_rate": found.rate,
            "tags": found.tags,
            "none_reason": found.none.reason if found.none else None,
        }
        return Response(ProjectLessonsOut(values).data)

    @extend_schema(responses=ProjectLessonsOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return counts, tags, and the reason why there is none (KNO-6, KNO-7)."""
        return self._shown(project_for(request.user, code))

    @extend_schema(request=ProjectLessonsIn, responses=ProjectLessonsOut)
    def partial_update(self, request: Request, code: str) -> Response:
        """Set the tags, or say why the project has no lessons."""
        project = project_for(request.user, code, "project.edit")
        body = ProjectLessonsIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            if "none_reason" in given:
                services.declare_none(
                    actor=request.user, project=project, reason=given["none_reason"], today=today()
                )
            if "tags" in given:
                tags = ", ".join(given["tags"])
                lesson_offers.set_lesson_tags(actor=request.user, project=project, tags=tags)
        return self._shown(project)
