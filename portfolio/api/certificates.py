"""Certificates over the API: whether one holds, and the paper."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from pmo_portal.common.export import download
from pmo_portal.documents.services.pdf import PDF_TYPE
from portfolio.access import certificate_for
from portfolio.api.dates import today
from portfolio.models import Certificate
from portfolio.services import certificates


class CertificateOut(serializers.ModelSerializer[Certificate]):
    """A certificate; name and title are those of the day it was issued."""

    course = serializers.CharField(source="attempt.enrolment.course.code")
    is_valid = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = (
            "number", "holder", "course", "title", "language", "hours", "score", "issued_on", "expires_on",
            "is_valid",
        )  # fmt: skip
        read_only_fields = fields

    def get_is_valid(self, row: Certificate) -> bool:
        """Return whether it holds today."""
        return row.expires_on is None or row.expires_on >= today()


class CertificateViewSet(viewsets.GenericViewSet[Certificate]):
    """Certificates, for whoever has their number."""

    queryset = Certificate.objects.none()
    serializer_class = CertificateOut
    filter_backends = ()
    lookup_field = "number"
    lookup_value_regex = "[-A-Z0-9]{1,20}"

    def _found(self, number: str, *, own: bool = False) -> Certificate:
        if not holds(self.request.user, "library.view"):
            raise PermissionDenied
        return certificate_for(self.request.user, number, own=own)

    @extend_schema(responses=CertificateOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """Return whether a certificate holds."""
        return Response(CertificateOut(self._found(number)).data)

    @extend_schema(responses={(200, PDF_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, pagination_class=None)
    def pdf(self, request: Request, number: str) -> Any:
        """Return the certificate on paper: for its holder, and for people who see all training."""
        found = self._found(number, own=True)
        address = request.build_absolute_uri(found.get_absolute_url())
        name = "-".join((_("certificate"), found.number))
        return download(f"{name}.pdf", certificates.certificate_pdf(found, address=address), PDF_TYPE)
