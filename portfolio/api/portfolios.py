"""Portfolios and programs."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.concurrency import VersionedMixin
from pmo_portal.api.idempotency import idempotent
from portfolio.access import portfolio_for, portfolios_seen_by, program_for
from portfolio.api.dates import day_of, query_of
from portfolio.api.serializers import (
    AsOfQuery,
    ComparisonOut,
    ComparisonQuery,
    GroupHealthOut,
    PortfolioChange,
    PortfolioIn,
    PortfolioOut,
    ProgramChange,
    ProgramIn,
    ProgramOut,
)
from portfolio.models import Portfolio, Program
from portfolio.selectors.comparisons import compare
from portfolio.selectors.dashboards import dashboard
from portfolio.services import structure


def _parent(request: Request, code: str | None, *, field: str = "parent") -> Portfolio | None:
    """Return the portfolio a new one goes below; without one the right on the organization is needed."""
    if code is None:
        if not may(request.user, "portfolio.edit", organization_node()):
            raise PermissionDenied
        return None
    try:
        return portfolio_for(request.user, code, "portfolio.edit")
    except Http404 as fault:
        raise ValidationError({field: ["There is no such portfolio."]}) from fault


class PortfolioViewSet(VersionedMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Portfolio]):
    """Portfolios the person sees."""

    serializer_class = PortfolioOut
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,40}"

    def get_queryset(self) -> Any:
        """Return what the person sees, in order of code."""
        return portfolios_seen_by(self.request.user).select_related("parent").order_by("code")

    def retrieve(self, request: Request, code: str) -> Response:
        """Return one portfolio with its version as ETag."""
        found = portfolio_for(request.user, code)
        return Response(PortfolioOut(found).data)

    @extend_schema(request=PortfolioIn, responses={201: PortfolioOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Create a portfolio."""
        if not holds(request.user, "portfolio.edit"):
            raise PermissionDenied
        body = PortfolioIn(data=request.data)
        body.is_valid(raise_exception=True)
        facts = dict(body.validated_data)
        parent = _parent(request, facts.pop("parent", None))
        made = structure.create_portfolio(actor=request.user, parent=parent, **facts)
        return Response(PortfolioOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PortfolioChange, responses=PortfolioOut)
    def partial_update(self, request: Request, code: str) -> Response:
        """Change a portfolio; ``If-Match`` says which version."""
        found = portfolio_for(request.user, code, "portfolio.edit")
        version = self.expected_version(found)
        body = PortfolioChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changes = dict(body.validated_data)
        if "parent" in changes:
            changes["parent"] = _parent(request, changes["parent"])
        saved = structure.edit_portfolio(
            actor=request.user, portfolio=found, changes=changes, expected_version=version
        )
        return Response(PortfolioOut(saved).data)

    @extend_schema(parameters=[AsOfQuery], responses=GroupHealthOut)
    @action(detail=True)
    def health(self, request: Request, code: str) -> Response:
        """Return the health of everything below the portfolio that the person may see."""
        found = portfolio_for(request.user, code)
        page = dashboard(request.user, found, day_of(request))
        return Response(GroupHealthOut(page).data)

    @extend_schema(parameters=[ComparisonQuery], responses=ComparisonOut)
    @action(detail=True)
    def compare(self, request: Request, code: str) -> Response:
        """Compare the portfolio at two dates."""
        found = portfolio_for(request.user, code)
        dates = query_of(request, ComparisonQuery)
        page = compare(request.user, found, dates["date_a"], dates["date_b"])
        return Response(ComparisonOut(page).data)


class ProgramViewSet(
    VersionedMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Program]
):
    """Programs the person sees."""

    serializer_class = ProgramOut
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,40}"

    def get_queryset(self) -> Any:
        """Return what the person sees, in order of code."""
        return Program.objects.visible_to(self.request.user).select_related("portfolio").order_by("code")

    @extend_schema(request=ProgramIn, responses={201: ProgramOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Create a program in a portfolio."""
        if not holds(request.user, "portfolio.edit"):
            raise PermissionDenied
        body = ProgramIn(data=request.data)
        body.is_valid(raise_exception=True)
        facts = dict(body.validated_data)
        home = _parent(request, facts.pop("portfolio"), field="portfolio")
        made = structure.create_program(actor=request.user, portfolio=home, **facts)
        return Response(ProgramOut(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProgramChange, responses=ProgramOut)
    def partial_update(self, request: Request, code: str) -> Response:
        """Change a program; a new portfolio takes its projects with it. ``If-Match`` says which version."""
        found = program_for(request.user, code, "portfolio.edit")
        version = self.expected_version(found)
        body = ProgramChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changes = dict(body.validated_data)
        if "portfolio" in changes:
            changes["portfolio"] = _parent(request, changes["portfolio"], field="portfolio")
        saved = structure.edit_program(
            actor=request.user, program=found, changes=changes, expected_version=version
        )
        return Response(ProgramOut(saved).data)
