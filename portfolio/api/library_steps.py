"""The way of an item of the library: reviewed, published, confirmed, archived (KNO-1, KNO-2)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.access import knowledge_item_for
from portfolio.api.library_shapes import LibraryPublishIn, LibraryReasonIn, LibraryVersionOut
from portfolio.models import KnowledgeItem
from portfolio.services import library as writing


class LibrarySteps(viewsets.GenericViewSet[KnowledgeItem]):
    """What people who write in the library do with a version."""

    @extend_schema(request=None, responses=LibraryVersionOut)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        """Send the draft to be read by somebody else."""
        return self._step(writing.send_for_review)

    @extend_schema(request=LibraryReasonIn, responses=LibraryVersionOut)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """Give the draft back to its author, with what has to change."""
        return self._step(writing.return_draft, LibraryReasonIn)

    @extend_schema(request=LibraryPublishIn, responses=LibraryVersionOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Publish the draft and archive the version before it."""
        return self._step(writing.publish, LibraryPublishIn, today=timezone.localdate())

    @extend_schema(request=None, responses=LibraryVersionOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say that the published version still holds; it is looked at again in twelve months."""
        return self._step(writing.confirm_review, today=timezone.localdate())

    @extend_schema(request=LibraryReasonIn, responses=LibraryVersionOut)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """Take the published version out of the library."""
        return self._step(writing.archive, LibraryReasonIn)

    def _step(self, step: Any, kind: Any = None, **known: Any) -> Response:
        item = knowledge_item_for(self.request.user, "library.edit", pk=int(self.kwargs["pk"]))
        if kind is not None:
            body = kind(data=self.request.data)
            body.is_valid(raise_exception=True)
            known |= body.validated_data
        return Response(LibraryVersionOut(step(actor=self.request.user, item=item, **known)).data)
