"""The inbox by API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo_portal.notifications import selectors, services
from pmo_portal.notifications.models import Notification, NotificationQuerySet


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """One message."""

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "body", "url", "created_at", "read_at", "settled_at")
        read_only_fields = fields


@extend_schema(tags=["notifications"])
class NotificationViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Notification]):
    """The person's own messages, newest first."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filter_backends = ()

    def get_queryset(self) -> NotificationQuerySet:
        """Return the inbox."""
        if getattr(self, "swagger_fake_view", False):
            return Notification.objects.none()
        only_unread = self.request.query_params.get("unread", "").lower() in {"1", "true"}
        return selectors.inbox(self.request.user, only_unread=only_unread)

    @extend_schema(parameters=[OpenApiParameter("unread", bool)])
    def list(self, request: Request) -> Response:
        """List messages."""
        return super().list(request)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark one message as read."""
        services.mark_read(actor=request.user, notification=self.get_object())
        return self.retrieve(request, pk=pk)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark all messages as read."""
        services.mark_all_read(actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
