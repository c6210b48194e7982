"""The closing checklist of a project over the API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.access import closing_item_for
from portfolio.models import ClosingItem
from portfolio.selectors.closing_lists import EDIT, closing_list
from portfolio.services.closing_lists import reopen_closing_item, tick_closing_item
from projects.api.base import OfProject


class ClosingItemOut(serializers.ModelSerializer[ClosingItem]):
    """A line of the checklist; ``done_on`` is null while it is open."""

    text = serializers.CharField(source="said")
    role = serializers.CharField(source="role_title")
    owner_name = serializers.CharField(source="owner.name", default=None, allow_null=True)
    done_by_name = serializers.CharField(source="done_by.name", default=None, allow_null=True)

    class Meta:
        model = ClosingItem
        fields = (
            "id", "number", "text", "role", "owner", "owner_name", "done_on", "done_by_name", "note",
        )  # fmt: skip
        read_only_fields = fields


class ClosingListOut(serializers.Serializer[Any]):
    """What is left to do since the project was canceled; ``gate`` is empty when no gate killed it."""

    gate = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    open_commitments = serializers.IntegerField(
        source="commitments",
        help_text="How many commitments are open: the last line waits until they are settled or canceled.",
    )
    commitment_numbers = serializers.ListField(
        child=serializers.CharField(), help_text="Their numbers; empty without sight of the budget."
    )
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    items = serializers.SerializerMethodField()

    @extend_schema_field(ClosingItemOut(many=True))
    def get_items(self, found: Any) -> Any:
        """Return the lines in their order."""
        return ClosingItemOut([row.item for row in found.rows], many=True).data


class TickIn(serializers.Serializer[Any]):
    """What there is to say about a line that is done."""

    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class ClosingListViewSet(OfProject):
    """What is left to do for a canceled project."""

    serializer_class = ClosingListOut
    queryset = ClosingItem.objects.none()
    write_permission = "project.view"
    pagination_class = None

    @extend_schema(responses=ClosingListOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the closing checklist; 404 while the project is not canceled."""
        found = closing_list(self.project, user=request.user, rights=self.rights)
        if found is None:
            raise Http404
        return Response(ClosingListOut(found).data)

    @extend_schema(request=TickIn, responses=ClosingItemOut)
    def done(self, request: Request, code: str, pk: int) -> Response:
        """Tick a line off, as its owner or who keeps the governance; the last one makes the costs final."""
        item = self._item(pk)
        given = self.given(request, kind=TickIn)
        done = tick_closing_item(actor=self._person, item=item, today=self.today, **given)
        return Response(ClosingItemOut(done).data)

    @extend_schema(request=None, responses=ClosingItemOut)
    def reopen(self, request: Request, code: str, pk: int) -> Response:
        """Open a line again that was ticked off; costs are booked again."""
        again = reopen_closing_item(actor=self._person, item=self._item(pk), today=self.today)
        return Response(ClosingItemOut(again).data)

    @property
    def _person(self) -> Any:
        return self.request.user

    def _item(self, pk: int) -> ClosingItem:
        """Return a line the person may tick; 403 for others."""
        found = closing_item_for(self.project, pk)
        if found.owner_id != self.request.user.pk and EDIT not in self.rights:
            raise PermissionDenied
        return found
