"""The person's files by API."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from pmo_portal.common.negotiation import AsItIs
from pmo_portal.documents.downloads import handed_out
from pmo_portal.documents.models import StoredFile, StoredFileQuerySet
from pmo_portal.documents.selectors import files_of


class FileSerializer(serializers.ModelSerializer[StoredFile]):
    """A file the portal made; ``job`` made it."""

    class Meta:
        model = StoredFile
        fields = (
            "id",
            "title",
            "file_name",
            "media_type",
            "size",
            "sha256",
            "job",
            "created_at",
            "expires_at",
        )
        read_only_fields = fields


@extend_schema(tags=["files"])
class FileViewSet(ListModelMixin, GenericViewSet[StoredFile]):
    """The files the portal made for the person, newest first."""

    queryset = StoredFile.objects.none()
    serializer_class = FileSerializer
    filter_backends = ()

    def get_queryset(self) -> StoredFileQuerySet:
        """Return the files that can be fetched now."""
        return files_of(self.request.user)


@extend_schema(tags=["files"])
class FileContentViewSet(GenericViewSet[StoredFile]):
    """What is in a file."""

    queryset = StoredFile.objects.none()
    content_negotiation_class = AsItIs
    filter_backends = ()

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def content(self, request: Request, pk: int) -> FileResponse:
        """Return the bytes of one of the person's files, to save."""
        return handed_out(request.user, pk)
