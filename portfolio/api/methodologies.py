"""Methodologies and their versions."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.idempotency import idempotent
from portfolio.access import methodology_version_for
from portfolio.api.dates import today
from portfolio.choices import MethodologyState
from portfolio.models import MethodologyVersion
from portfolio.rollup.methodology import Words
from portfolio.selectors.methodologies import methodology_versions, version_changes
from portfolio.services import methodologies as services
from portfolio.services.methodology_drafts import begin_draft, discard_draft, write_content


class VersionOut(serializers.ModelSerializer[MethodologyVersion]):
    """A version with its counts."""

    methodology = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    family = serializers.CharField(source="methodology.family", read_only=True)
    name = serializers.SerializerMethodField()
    changelog = serializers.SerializerMethodField()
    based_on = serializers.SlugRelatedField[Any](slug_field="version", read_only=True, allow_null=True)
    counts = serializers.SerializerMethodField()

    class Meta:
        model = MethodologyVersion
        fields = (
            "id",
            "methodology",
            "family",
            "version",
            "state",
            "effective_from",
            "superseded_on",
            "based_on",
            "name",
            "changelog",
            "counts",
            "edition",
        )
        read_only_fields = fields

    def get_name(self, row: MethodologyVersion) -> dict[str, str]:
        """Return the name in both languages."""
        return dict(row.document["name"])

    def get_changelog(self, row: MethodologyVersion) -> dict[str, str]:
        """Return what changed, as its author says, in both languages."""
        return {"en": row.changelog.get("en", ""), "de": row.changelog.get("de", "")}

    def get_counts(self, row: MethodologyVersion) -> dict[str, int]:
        """Return how many rows each part has."""
        parts = ("phases", "gates", "requirements", "checks", "closing", "roles")
        return {part: len(row.document.get(part, ())) for part in parts}


class VersionDetail(VersionOut):
    """A version with everything it says."""

    class Meta(VersionOut.Meta):
        fields = (*VersionOut.Meta.fields, "document")
        read_only_fields = fields


class ChangeOut(serializers.Serializer[Any]):
    """What differs in a row, in words."""

    kind = serializers.CharField()
    part = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())


class VersionFilter(serializers.Serializer[Any]):
    """Filters of the list."""

    methodology = serializers.SlugField(required=False, max_length=20)
    state = serializers.ChoiceField(choices=MethodologyState.choices, required=False)


class VersionIn(serializers.Serializer[Any]):
    """The number of the next version."""

    version = serializers.CharField(max_length=20)


class WordsIn(serializers.Serializer[Any]):
    """A text in both languages."""

    en = serializers.CharField(max_length=2000, allow_blank=True)
    de = serializers.CharField(max_length=2000, allow_blank=True, required=False, default="")


class ContentIn(serializers.Serializer[Any]):
    """What a draft says: a ``document`` as versions have it, what changes with it, and the edition read."""

    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    document = serializers.DictField(required=False, allow_null=True, default=None)
    changelog = WordsIn(required=False, allow_null=True, default=None)


class ReasonIn(serializers.Serializer[Any]):
    """Why something is given back or withdrawn."""

    reason = serializers.CharField(max_length=2000)


class PublishIn(serializers.Serializer[Any]):
    """The day from which a version is in force."""

    effective_from = serializers.DateField()


class MethodologyViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[MethodologyVersion]
):
    """Versions of methodologies: those published, and for the PMO those in the making."""

    serializer_class = VersionOut
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the versions the person may read, by methodology and number."""
        if getattr(self, "swagger_fake_view", False):
            return MethodologyVersion.objects.none()
        if not holds(self.request.user, "methodology.view"):
            raise PermissionDenied
        may_edit = may(self.request.user, "methodology.edit", organization_node())
        return methodology_versions(may_edit=may_edit).select_related("based_on")

    @extend_schema(parameters=[VersionFilter], responses=VersionOut(many=True))
    def list(self, request: Request) -> Response:
        """Return versions with their counts; filter by methodology and state."""
        query = VersionFilter(data=request.query_params)
        query.is_valid(raise_exception=True)
        names = {"methodology": "methodology__code", "state": "state"}
        rows = self.get_queryset().filter(
            **{names[key]: value for key, value in query.validated_data.items()}
        )
        return self.get_paginated_response(VersionOut(self.paginate_queryset(rows), many=True).data)

    @extend_schema(responses=VersionDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one version with everything it says."""
        return Response(VersionDetail(self.get_object()).data)

    @extend_schema(responses=ChangeOut(many=True))
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, pk: str) -> Response:
        """Return what changed against the version it is based on, or the one before it, in words."""
        row = self.get_object()
        before = row.based_on
        if before is None:
            siblings = self.get_queryset().filter(methodology_id=row.methodology_id, rank__lt=row.rank)
            before = siblings.order_by("-rank").first()
        lines = version_changes(before, row) if before else []
        return Response(ChangeOut(lines, many=True).data)

    @extend_schema(request=VersionIn, responses={201: VersionOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def draft(self, request: Request, pk: str) -> Response:
        """Begin the next version from this one."""
        row = self._own(request, "methodology.edit")
        body = VersionIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = begin_draft(actor=request.user, base=row, version=body.validated_data["version"])
        return Response(VersionOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ContentIn, responses=VersionDetail)
    @action(detail=True, methods=["post"])
    def content(self, request: Request, pk: str) -> Response:
        """Write the content of a draft, what changes with it, or both; what is left out stays."""
        row = self._own(request, "methodology.edit")
        body = ContentIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        words = given.pop("changelog")
        changelog = Words(**words) if words else None
        done = write_content(actor=request.user, version=row, changelog=changelog, **given)
        return Response(VersionDetail(done).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Discard a draft."""
        discard_draft(actor=request.user, version=self._own(request, "methodology.edit"))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=VersionOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand a draft to the PMO head."""
        row = self._own(request, "methodology.edit")
        return Response(VersionOut(services.submit_version(actor=request.user, version=row)).data)

    @extend_schema(request=ReasonIn, responses=VersionOut)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Give a version back to its authors, with the reason."""
        row = self._own(request, "methodology.edit")
        reason = self._reason(request)
        return Response(
            VersionOut(services.return_version(actor=request.user, version=row, reason=reason)).data
        )

    @extend_schema(request=None, responses=VersionOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a version somebody else submitted."""
        row = self._own(request, "methodology.approve")
        done = services.approve_version(actor=request.user, version=row, now=timezone.now())
        return Response(VersionOut(done).data)

    @extend_schema(request=PublishIn, responses=VersionOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Publish an approved version from a day on."""
        row = self._own(request, "methodology.approve")
        body = PublishIn(data=request.data)
        body.is_valid(raise_exception=True)
        done = services.publish_version(actor=request.user, version=row, today=today(), **body.validated_data)
        return Response(VersionOut(done).data)

    @extend_schema(request=ReasonIn, responses=VersionOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw an approved version that is not in force."""
        row = self._own(request, "methodology.approve")
        reason = self._reason(request)
        done = services.withdraw_version(actor=request.user, version=row, reason=reason)
        return Response(VersionOut(done).data)

    def _own(self, request: Request, permission: str) -> MethodologyVersion:
        row = self.get_object()
        return methodology_version_for(request.user, row.methodology.code, row.version, permission)

    def _reason(self, request: Request) -> str:
        body = ReasonIn(data=request.data)
        body.is_valid(raise_exception=True)
        return str(body.validated_data["reason"])
