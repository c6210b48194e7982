"""Requests for help over the API: ask, take, answer, withdraw."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from portfolio.access import help_request_for, requests_seen_by
from portfolio.api.dates import today
from portfolio.models import HelpRequest, Pmo
from portfolio.selectors.help_requests import help_counts
from portfolio.services import help_requests


class HelpRequestOut(serializers.ModelSerializer[HelpRequest]):
    """A request for help."""

    asked_by = serializers.CharField(source="asked_by.name")
    taken_by = serializers.CharField(source="taken_by.name", allow_null=True, default=None)
    answered_by = serializers.CharField(source="answered_by.name", allow_null=True, default=None)

    class Meta:
        model = HelpRequest
        fields = (
            "id", "pmo", "discipline", "title", "text", "state", "asked_by", "asked_on", "due_on", "taken_by",
            "answer", "answered_by", "answered_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class HelpRequestIn(serializers.Serializer[Any]):
    """A question to an office."""

    pmo = serializers.PrimaryKeyRelatedField(queryset=Pmo.objects.all())
    discipline = serializers.ChoiceField(choices=Discipline.choices)
    title = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=5_000, required=False, allow_blank=True, default="")


class HelpAnswerIn(serializers.Serializer[Any]):
    """The answer."""

    answer = serializers.CharField(max_length=10_000)


class HelpCountsOut(serializers.Serializer[Any]):
    """How many requests the person sees."""

    waiting = serializers.IntegerField(help_text="Open or looked after, without an answer.")
    late = serializers.IntegerField(help_text="Waiting, and the promised day is over.")
    mine = serializers.IntegerField(help_text="One's own that wait.")
    answered = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class HelpRequestFilter(django_filters.FilterSet):
    """Filters of the list."""

    waiting = django_filters.BooleanFilter(method="keep_waiting", label="Waiting for an answer, or not.")

    def keep_waiting(self, rows: Any, _name: str, value: bool) -> Any:
        """Keep what waits, or what does not."""
        waiting = HelpRequest.objects.waiting().values("pk")
        return rows.filter(pk__in=waiting) if value else rows.exclude(pk__in=waiting)

    class Meta:
        model = HelpRequest
        fields = ("pmo", "discipline", "state")


class HelpRequestViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[HelpRequest]):
    """Requests for help: one's own, and those one may answer."""

    serializer_class = HelpRequestOut
    filterset_class = HelpRequestFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return what the person may see, the newest first."""
        if getattr(self, "swagger_fake_view", False):
            return HelpRequest.objects.none()
        if not holds(self.request.user, "office.view"):
            raise PermissionDenied
        return requests_seen_by(self.request.user, today()).order_by("-asked_on", "-pk")

    def _found(self, pk: str) -> HelpRequest:
        return help_request_for(self.request.user, int(pk), today=today())

    @extend_schema(request=HelpRequestIn, responses={201: HelpRequestOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask an office for help."""
        if not holds(request.user, "office.view"):
            raise PermissionDenied
        body = HelpRequestIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        made = help_requests.ask_for_help(actor=request.user, office=given.pop("pmo"), today=today(), **given)
        return Response(HelpRequestOut(made).data, status=201)

    @extend_schema(responses=HelpCountsOut)
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request) -> Response:
        """Return how many requests wait, are late, are one's own, and are done."""
        if not holds(request.user, "office.view"):
            raise PermissionDenied
        return Response(HelpCountsOut(help_counts(request.user, today())).data)

    @extend_schema(responses=HelpRequestOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return a request with its answer."""
        return Response(HelpRequestOut(self._found(pk)).data)

    @extend_schema(request=None, responses=HelpRequestOut)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Say that one looks after a request."""
        found = self._found(pk)
        taken = help_requests.take_request(
            actor=request.user, request=found, today=today(), expected_version=None
        )
        return Response(HelpRequestOut(taken).data)

    @extend_schema(request=HelpAnswerIn, responses=HelpRequestOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Answer a request."""
        found = self._found(pk)
        body = HelpAnswerIn(data=request.data)
        body.is_valid(raise_exception=True)
        done = help_requests.answer_request(
            actor=request.user, request=found, today=today(), expected_version=None, **body.validated_data
        )
        return Response(HelpRequestOut(done).data)

    @extend_schema(request=None, responses=HelpRequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own question back."""
        done = help_requests.withdraw_request(
            actor=request.user, request=self._found(pk), expected_version=None
        )
        return Response(HelpRequestOut(done).data)
