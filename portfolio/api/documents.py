"""Document templates, and the documents of a project."""

from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import permissions_on
from pmo_portal.api.idempotency import idempotent
from pmo_portal.common.export import download
from pmo_portal.documents.services.pdf import PDF_TYPE
from portfolio.access import document_for
from portfolio.api.dates import today
from portfolio.choices import DocumentState, KnowledgeLanguage
from portfolio.interchange.document_docx import DOCX_TYPE
from portfolio.models import DocumentTemplate, ProjectDocument
from portfolio.selectors.documents import DocumentPage, document_page, document_rows, version_of
from portfolio.services import documents as services
from portfolio.services.document_files import KINDS, document_file
from projects.access import project_for

FILE_TYPES = (PDF_TYPE, DOCX_TYPE, "text/markdown")


class DocumentRowOut(serializers.Serializer[Any]):
    """A document of a project with its newest version."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    template = serializers.CharField()
    requirement = serializers.CharField()
    version = serializers.IntegerField(source="number")
    state = serializers.ChoiceField(choices=DocumentState.choices)
    written = serializers.IntegerField()
    sections = serializers.IntegerField()
    approved_version = serializers.IntegerField(source="approved", allow_null=True)


class SectionOut(serializers.Serializer[Any]):
    """A heading and its text; empty and hidden when it is money the person may not see."""

    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    is_money = serializers.BooleanField()
    is_hidden = serializers.BooleanField()
    is_written = serializers.BooleanField()


class DocumentOut(serializers.Serializer[Any]):
    """The newest version of a document as the person sees it."""

    id = serializers.IntegerField(source="document.pk")
    title = serializers.CharField(source="document.title")
    language = serializers.CharField(source="document.language")
    template = serializers.CharField(source="document.template")
    requirement = serializers.CharField(source="document.requirement")
    version = serializers.IntegerField(source="version.number")
    revision = serializers.IntegerField(source="version.revision")
    state = serializers.CharField(source="version.state")
    checksum = serializers.CharField(source="version.checksum")
    is_intact = serializers.BooleanField()
    decided_on = serializers.DateField(source="version.decided_on", allow_null=True)
    sections = SectionOut(many=True)


class DocumentIn(serializers.Serializer[Any]):
    """Which template, and for which requirement."""

    template = serializers.SlugField(max_length=40)
    language = serializers.ChoiceField(choices=KnowledgeLanguage.choices)
    title = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    requirement = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class SectionIn(serializers.Serializer[Any]):
    """The text below a heading, and the revision it was written on."""

    section = serializers.SlugField(max_length=40)
    text = serializers.CharField(max_length=services.LONGEST_SECTION, allow_blank=True)
    revision = serializers.IntegerField(min_value=1)


class SubmissionIn(serializers.Serializer[Any]):
    """The revision that was read."""

    revision = serializers.IntegerField(min_value=1)


class DocumentDecisionIn(serializers.Serializer[Any]):
    """What is decided on the words with this checksum."""

    checksum = serializers.RegexField(r"^[0-9a-f]{64}$")
    is_approved = serializers.BooleanField()
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class ProjectDocumentViewSet(viewsets.ViewSet):
    """Documents of a project."""

    @extend_schema(responses=DocumentRowOut(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the documents of a project with their newest version."""
        project = project_for(request.user, code)
        return Response(DocumentRowOut(document_rows(project), many=True).data)

    @extend_schema(request=DocumentIn, responses={201: DocumentOut})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Begin a document, filled with the values of the day the person may see."""
        project = project_for(request.user, code, services.WORK)
        given = _valid(DocumentIn, request)
        template = DocumentTemplate.objects.filter(code=given.pop("template"), is_current=True).first()
        if template is None:
            raise ValidationError({"template": ["There is no such template."]})
        made = services.begin_document(
            actor=request.user, project=project, template=template, today=today(), **given
        )
        found = document_for(project, made.document_id)
        return Response(DocumentOut(_page(request, found)).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=DocumentOut)
    def retrieve(self, request: Request, code: str, pk: int) -> Response:
        """Return the newest version of a document."""
        found = document_for(project_for(request.user, code), pk)
        return Response(DocumentOut(_page(request, found)).data)

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in FILE_TYPES})
    def file(self, request: Request, code: str, pk: int, kind: str) -> HttpResponse:
        """Return the newest version as a file: ``pdf``, ``docx`` or ``md``."""
        found = document_for(project_for(request.user, code), pk)
        if kind not in KINDS:
            raise Http404
        file = document_file(_page(request, found), kind)
        return download(file.name, file.content, file.content_type)

    @extend_schema(request=SectionIn, responses=DocumentOut)
    def write(self, request: Request, code: str, pk: int) -> Response:
        """Save the text below a heading; after a decision this begins the next version."""
        found = document_for(project_for(request.user, code, services.WORK), pk)
        given = _valid(SectionIn, request)
        revision = given.pop("revision")
        services.write_section(
            actor=request.user, document=found, expected_revision=revision, today=today(), **given
        )
        return Response(DocumentOut(_page(request, found)).data)

    @extend_schema(request=SubmissionIn, responses=DocumentOut)
    def submit(self, request: Request, code: str, pk: int) -> Response:
        """Hand the draft over for approval."""
        found = document_for(project_for(request.user, code, services.WORK), pk)
        revision = _valid(SubmissionIn, request)["revision"]
        services.submit_document(
            actor=request.user, document=found, expected_revision=revision, today=today()
        )
        return Response(DocumentOut(_page(request, found)).data)

    @extend_schema(request=DocumentDecisionIn, responses=DocumentOut)
    def decide(self, request: Request, code: str, pk: int) -> Response:
        """Approve the submitted version, or give it back."""
        found = document_for(project_for(request.user, code), pk)
        if not _page(request, found).is_approver:
            raise PermissionDenied
        given = _valid(DocumentDecisionIn, request)
        services.decide_document(actor=request.user, document=found, today=today(), **given)
        return Response(DocumentOut(_page(request, found)).data)


def _valid(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _page(request: Request, found: ProjectDocument) -> DocumentPage:
    version = version_of(found)
    assert version is not None  # a document is made with its first version
    rights = permissions_on(request.user, found.project.node)
    return document_page(request.user, found, version, rights=rights, today=today())
