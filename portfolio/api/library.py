"""The library over the API."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.api.concurrency import PreconditionFailed, expected_version
from pmo_portal.api.idempotency import idempotent
from pmo_portal.api.pagination import PagePagination
from portfolio.access import knowledge_item_for
from portfolio.api.library_shapes import (
    LibraryContentIn,
    LibraryCounts,
    LibraryGapOut,
    LibraryItemIn,
    LibraryItemOut,
    LibraryVersionOut,
    ReuseIn,
    StarsIn,
    content_of,
)
from portfolio.api.library_steps import LibrarySteps
from portfolio.choices import KnowledgeKind
from portfolio.models import KnowledgeItem, KnowledgeVersion, SearchGap
from portfolio.models.knowledge import OPEN
from portfolio.selectors.library import (
    FoundItems,
    LibraryQuery,
    find_items,
    gap_rows,
    may_edit_library,
    rows_of,
)
from portfolio.selectors.library_item import version_to_show
from portfolio.services import library as writing
from portfolio.services import library_use
from projects.access import project_for

FILTERS = {
    "q": "Words; every one has to be found, an exact title comes first.",
    "kind": f"One of {', '.join(KnowledgeKind.values)}.",
    "role": "Code of a role the item is for.",
    "tag": "A tag.",
    "methodology": "Code of a methodology.",
    "language": "en or de; both without it.",
    "state": "For people who write in the library: also DRAFT, IN_REVIEW, ARCHIVED.",
}


class LibraryViewSet(LibrarySteps):
    """Items of the library."""

    queryset = KnowledgeItem.objects.none()
    serializer_class = LibraryItemOut
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"

    def _item(self, permission: str = "library.view") -> KnowledgeItem:
        return knowledge_item_for(self.request.user, permission, pk=int(self.kwargs["pk"]))

    def _require(self, permission: str) -> None:
        if permission not in held_permissions(self.request.user, (permission,)):
            raise PermissionDenied

    def _shown(self, version: KnowledgeVersion, *, status: int = 200) -> Response:
        return Response(LibraryVersionOut(version).data, status=status)

    def _version(self, item: KnowledgeItem) -> KnowledgeVersion:
        asked = self.request.query_params.get("number", "")
        editor = may_edit_library(self.request.user)
        found = version_to_show(self.request.user, item, asked=asked, is_editor=editor)
        if found is None:
            raise Http404
        return found

    def _find(self, request: Request, page: int, page_size: int) -> FoundItems:
        self._require("library.view")
        names = {"q": "words"} | {name: name for name in FILTERS if name != "q"}
        values = {
            field: request.query_params.get(name, "").replace("\x00", "")[:120]
            for name, field in names.items()
        }
        editor = may_edit_library(request.user)
        values["state"] = values["state"] if editor else ""
        return find_items(
            request.user, LibraryQuery(**values), page=page, page_size=page_size, is_editor=editor
        )

    @extend_schema(
        responses=LibraryItemOut(many=True),
        parameters=[OpenApiParameter(name, str, description=text) for name, text in FILTERS.items()],
    )
    def list(self, request: Request) -> Response:
        """Search the library; the best answer comes first."""
        paging = PagePagination()
        size = paging.get_page_size(request) or 50
        asked = request.query_params.get("page", "1")
        page = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
        found = self._find(request, page, size)
        rows: list[Any] = [None] * found.total
        start = (max(page, 1) - 1) * size
        rows[start : start + len(found.rows)] = found.rows
        shown = paging.paginate_queryset(rows, request, view=self)  # type: ignore[arg-type]
        return paging.get_paginated_response(LibraryItemOut(shown, many=True).data)

    @extend_schema(request=LibraryItemIn, responses={201: LibraryVersionOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Write a new item, as a draft."""
        self._require("library.edit")
        body = LibraryItemIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        about = {name: given.pop(name) for name in ("code", "language", "kind")}
        made = writing.create_item(actor=request.user, content=content_of(given), **about)
        return self._shown(made, status=201)

    @extend_schema(
        responses=LibraryVersionOut, parameters=[OpenApiParameter("number", str, description="Such as 1.0.")]
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return the published version, or the one asked for by number."""
        return self._shown(self._version(self._item()))

    @extend_schema(request=LibraryContentIn, responses=LibraryVersionOut)
    def update(self, request: Request, pk: str) -> Response:
        """Save the draft; a published item gets a new one. ``If-Match`` says which revision was read."""
        item = self._item("library.edit")
        body = LibraryContentIn(data=request.data)
        body.is_valid(raise_exception=True)
        present = item.versions.select_related("file").filter(state__in=OPEN).first()
        read = present or self._version(item)
        expected = expected_version(request)
        if expected != read.revision:
            raise PreconditionFailed(current_version=read.revision)
        content = content_of(dict(body.validated_data), file=read.file)
        edited = writing.edit_item(actor=request.user, item=item, content=content, expected_revision=expected)
        return self._shown(edited)

    @extend_schema(request=StarsIn, responses=LibraryItemOut)
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, pk: str) -> Response:
        """Give stars, or change the stars one gave."""
        item = self._item()
        body = StarsIn(data=request.data)
        body.is_valid(raise_exception=True)
        version = self._version(item)
        library_use.rate(actor=request.user, item=item, stars=body.validated_data["stars"])
        version.item.refresh_from_db()
        return Response(LibraryItemOut(rows_of(request.user, [version])[0]).data)

    @extend_schema(request=ReuseIn, responses=LibraryVersionOut)
    @action(detail=True, methods=["post"])
    def reuse(self, request: Request, pk: str) -> Response:
        """Note that a project one edits uses the published version."""
        item = self._item()
        body = ReuseIn(data=request.data)
        body.is_valid(raise_exception=True)
        version = self._version(item)
        project = project_for(request.user, body.validated_data["project"], "project.edit")
        library_use.use_in_project(
            actor=request.user, version=version, project=project, day=timezone.localdate()
        )
        return self._shown(version)

    @extend_schema(
        responses=LibraryCounts,
        parameters=[OpenApiParameter(name, str, description=text) for name, text in FILTERS.items()],
    )
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request) -> Response:
        """Return how many items fit, in all and of each kind; takes the filters of the search."""
        found = self._find(request, 1, 1)
        kinds = {kind: found.kinds.get(kind, 0) for kind in KnowledgeKind.values}
        return Response({"total": found.total, "kinds": kinds})


class SearchGapViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[SearchGap]):
    """Questions the library had no answer to."""

    serializer_class = LibraryGapOut
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Return them, the most asked first; for people who write in the library."""
        if getattr(self, "swagger_fake_view", False):
            return SearchGap.objects.none()
        if not may_edit_library(self.request.user):
            raise PermissionDenied
        return gap_rows()
