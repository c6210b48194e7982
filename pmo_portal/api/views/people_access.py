"""Sign-in of people over the API: invited, ended, given back (SEC-7)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.services import people
from pmo_portal.api.concurrency import VersionedMixin


class AccessEndIn(serializers.Serializer[Any]):
    """Why, for the trail."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PersonAccess(VersionedMixin):
    """What administrators do about the sign-in of a person."""

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Give a sign-in where there is none, and mail a link to set a password."""
        person = self.get_object()
        people.invite_person(
            actor=request.user, person=person, origin=f"{request.scheme}://{request.get_host()}"
        )
        return self._again()

    @extend_schema(request=AccessEndIn)
    @action(detail=True, methods=["post"], url_path="end-access")
    def end_access(self, request: Request, pk: str) -> Response:
        """End it at once; sessions and tokens end too, what the person did stays. Needs If-Match."""
        person = self.get_object()
        version = self.expected_version(person)
        body = AccessEndIn(data=request.data)
        body.is_valid(raise_exception=True)
        today = timezone.localdate()
        people.end_access(
            actor=request.user, person=person, version=version, today=today, **body.validated_data
        )
        return self._again()

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="restore-access")
    def restore_access(self, request: Request, pk: str) -> Response:
        """Let somebody who came back sign in again. Needs If-Match."""
        person = self.get_object()
        people.restore_access(actor=request.user, person=person, version=self.expected_version(person))
        return self._again()

    def _again(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
