"""The trail by API: reading only."""

from dataclasses import fields

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.viewsets import GenericViewSet

from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.models.entry import AuditEntryQuerySet
from pmo_portal.audit.selectors.entries import EntryQuery, entries_found

READS = ("audit.view_business", "audit.view_technical")


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One entry."""

    scope = serializers.CharField(source="node.title", default=None, allow_null=True, read_only=True)

    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "sequence",
            "at",
            "actor_label",
            "action",
            "object_type",
            "object_id",
            "object_label",
            "scope",
            "before",
            "after",
            "reason",
            "request_id",
            "mac",
        )
        read_only_fields = fields


@extend_schema(tags=["audit"], parameters=[OpenApiParameter(field.name, str) for field in fields(EntryQuery)])
class AuditViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[AuditEntry]):
    """Entries in the scopes where the person may read the trail, newest first."""

    queryset = AuditEntry.objects.none()
    serializer_class = AuditEntrySerializer
    lookup_value_regex = "[0-9]{1,18}"
    filter_backends = ()

    def get_queryset(self) -> AuditEntryQuerySet:
        """Return what the person may read and asked for."""
        if getattr(self, "swagger_fake_view", False):
            return AuditEntry.objects.none()
        if not held_permissions(self.request.user, READS):
            raise PermissionDenied
        asked = {name: value.replace("\x00", "") for name, value in self.request.query_params.items()}
        return entries_found(self.request.user, EntryQuery.read(asked))
