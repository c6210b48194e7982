"""Document templates: versions in force and replaced, and those in the making."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from portfolio.access import document_template_for, document_templates_seen_by
from portfolio.api.dates import today
from portfolio.models import DocumentTemplate
from portfolio.rollup.document import TEXT_MOST, TITLE_MOST, SectionRule
from portfolio.rollup.methodology import Words
from portfolio.selectors.methodology_words import document_change_lines
from portfolio.services import document_template_drafts as services
from portfolio.services.document_template_drafts import APPROVE, EDIT


class DocumentTemplateOut(serializers.ModelSerializer[DocumentTemplate]):
    """A version of a document template, with its headings in both languages."""

    title = serializers.SerializerMethodField()
    sections = serializers.SerializerMethodField()

    class Meta:
        model = DocumentTemplate
        fields = (
            "id", "code", "version", "state", "is_current", "loaded_on", "change_note", "edition", "title",
            "sections",
        )  # fmt: skip
        read_only_fields = fields

    def get_title(self, row: DocumentTemplate) -> dict[str, str]:
        """Return the title in both languages."""
        return dict(row.document["title"])

    def get_sections(self, row: DocumentTemplate) -> list[dict[str, Any]]:
        """Return the headings with guidance and the text they begin with."""
        return list(row.document["sections"])


class TemplateTitleIn(serializers.Serializer[Any]):
    """A title in both languages."""

    en = serializers.CharField(max_length=TITLE_MOST, allow_blank=True)
    de = serializers.CharField(max_length=TITLE_MOST, allow_blank=True)


class TemplateWordsIn(serializers.Serializer[Any]):
    """A text in both languages; blanks at its end stay."""

    en = serializers.CharField(max_length=TEXT_MOST, allow_blank=True, trim_whitespace=False)
    de = serializers.CharField(max_length=TEXT_MOST, allow_blank=True, trim_whitespace=False)


class TemplateHeadIn(serializers.Serializer[Any]):
    """Title, summary and what is new, and the edition that was read."""

    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    title = TemplateTitleIn()
    summary = TemplateWordsIn()
    change_note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    number = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class TemplateSectionIn(serializers.Serializer[Any]):
    """A heading; with ``replaces`` in the place of the heading with that code."""

    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    replaces = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    code = serializers.CharField(max_length=20)
    title = TemplateTitleIn()
    guidance = TemplateWordsIn()
    text = TemplateWordsIn(required=False)
    is_money = serializers.BooleanField(default=False)


class TemplateEditionIn(serializers.Serializer[Any]):
    """The edition that was read."""

    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class TemplateSectionOutIn(TemplateEditionIn):
    """The heading to take out, and the edition that was read."""

    code = serializers.CharField(max_length=20)


class TemplateSectionMoveIn(TemplateSectionOutIn):
    """The heading to move, and which way."""

    way = serializers.ChoiceField(choices=["up", "down"])


class TemplateVersionIn(serializers.Serializer[Any]):
    """The number of the next version."""

    version = serializers.CharField(max_length=20)


class TemplateReasonIn(serializers.Serializer[Any]):
    """Why a version is given back."""

    reason = serializers.CharField(max_length=2000)


class TemplateChangeOut(serializers.Serializer[Any]):
    """What differs in a heading, in words."""

    kind = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())


class DocumentTemplateViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[DocumentTemplate]
):
    """Versions of document templates; those in the making for people who edit methodologies."""

    serializer_class = DocumentTemplateOut
    queryset = DocumentTemplate.objects.none()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the versions the person may read, by template, the newest first."""
        if not holds(self.request.user, "template.view"):
            raise PermissionDenied
        return document_templates_seen_by(self.request.user).order_by("code", "-rank")

    def _found(self, pk: str, right: str = EDIT) -> DocumentTemplate:
        return document_template_for(self.request.user, right, pk=self.get_object().pk)

    def _given(self, kind: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        body = kind(data=self.request.data)
        body.is_valid(raise_exception=True)
        return {
            name: Words(**value) if isinstance(value, dict) else value
            for name, value in body.validated_data.items()
        }

    @extend_schema(responses=TemplateChangeOut(many=True))
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, pk: str) -> Response:
        """Return what changed against the version it is based on, or the one before it, in words."""
        found = self.get_object()
        rows = self.get_queryset().filter(code=found.code, rank__lt=found.rank)
        former = found.based_on or rows.order_by("-rank").first()
        lines = document_change_lines(former.content, found.content) if former else []
        return Response(TemplateChangeOut(lines, many=True).data)

    @extend_schema(request=TemplateVersionIn, responses={201: DocumentTemplateOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def draft(self, request: Request, pk: str) -> Response:
        """Begin the next version from this one."""
        base = self._found(pk)
        given = self._given(TemplateVersionIn)
        made = services.begin_draft(actor=request.user, base=base, today=today(), **given)
        return Response(DocumentTemplateOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Discard a draft."""
        services.discard_draft(actor=request.user, template=self._found(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=TemplateHeadIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"])
    def texts(self, request: Request, pk: str) -> Response:
        """Change title, summary and what is new of a draft."""
        found = self._found(pk)
        done = services.edit_head(actor=request.user, template=found, **self._given(TemplateHeadIn))
        return Response(DocumentTemplateOut(done).data)

    @extend_schema(request=TemplateSectionIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"])
    def headings(self, request: Request, pk: str) -> Response:
        """Put a heading into a draft; placeholders are checked."""
        found = self._found(pk)
        given = self._given(TemplateSectionIn)
        about = {"edition": given.pop("edition"), "code": given.pop("replaces")}
        done = services.save_section(actor=request.user, template=found, rule=SectionRule(**given), **about)
        return Response(DocumentTemplateOut(done).data)

    @extend_schema(request=TemplateSectionOutIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"], url_path="headings/remove")
    def remove_heading(self, request: Request, pk: str) -> Response:
        """Take a heading out of a draft."""
        found = self._found(pk)
        done = services.remove_section(
            actor=request.user, template=found, **self._given(TemplateSectionOutIn)
        )
        return Response(DocumentTemplateOut(done).data)

    @extend_schema(request=TemplateSectionMoveIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"], url_path="headings/move")
    def move_heading(self, request: Request, pk: str) -> Response:
        """Move a heading of a draft up or down."""
        found = self._found(pk)
        given = self._given(TemplateSectionMoveIn)
        step = -1 if given.pop("way") == "up" else 1
        done = services.move_section(actor=request.user, template=found, step=step, **given)
        return Response(DocumentTemplateOut(done).data)

    @extend_schema(request=TemplateEditionIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand a draft to the PMO head."""
        found = self._found(pk)
        done = services.submit_draft(actor=request.user, template=found, **self._given(TemplateEditionIn))
        return Response(DocumentTemplateOut(done).data)

    @extend_schema(request=TemplateReasonIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Give a version back to its authors, with the reason."""
        found = self._found(pk)
        done = services.return_draft(actor=request.user, template=found, **self._given(TemplateReasonIn))
        return Response(DocumentTemplateOut(done).data)

    @extend_schema(request=TemplateEditionIn, responses=DocumentTemplateOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Bring a version somebody else submitted into force; documents that were made keep theirs."""
        found = self._found(pk, APPROVE)
        given = self._given(TemplateEditionIn)
        done = services.publish_draft(actor=request.user, template=found, today=today(), **given)
        return Response(DocumentTemplateOut(done).data)
